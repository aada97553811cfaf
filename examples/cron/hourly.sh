#!/bin/sh
# Answers what has been added to a file of posts since the last time: hourly.sh POSTS ANSWERS. See README.md.
set -eu
posts=$1
answers=$2
exec 9> "$answers.running"
flock -n 9 || exit 0
exec gmner-stream --checkpoint "$answers.checkpoint" --resume --errors "$answers.errors" "$posts" >> "$answers"
