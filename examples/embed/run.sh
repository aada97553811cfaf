#!/bin/sh
# Builds the program and lets it ground a picture; fails unless it finds who is there.
set -eu
cd "$(dirname "$0")"

swift build
answer=$(.build/debug/embed "Eileen Collins before the flight with NASA" ../posts/collins.jpg)
echo "$answer"
echo "$answer" | grep -q "^Eileen Collins	PER	at "
