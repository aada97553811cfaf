#!/bin/sh
# Everything that must hold, cheap things first. One command from a fresh clone.
set -eu
cd "$(dirname "$0")/.."

set -- mandoc jq
. Tests/dependencies.sh

echo "== format"
swift format lint --strict --recursive --parallel Package.swift Sources Tests
echo "== build, warnings are errors"
swift build -c release
swift build --build-tests
echo "== unit and process tests"
swift test
echo "== streams of full length"
sh Tests/volume.sh
echo "== memory errors"
sh Tests/sanitize.sh address
