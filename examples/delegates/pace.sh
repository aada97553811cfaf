#!/bin/sh
# How many posts a second remain where a delegate takes its time: pace.sh POSTS [SECONDS [THRESHOLDS]]
# Runs the filter over a file of posts without a delegate and with one, in turns, and tells the ratio of the best of three.
set -eu
posts=$1
seconds=${2:-0.3}
above=${3:-span=0.12,type=0.28}
here=$(dirname "$0")
rate() { gmner-stream --stats --window 64 "$@" "$posts" 2>&1 >/dev/null | tail -n 1; }
without=0 with=0
for _ in 1 2 3; do
    a=$(rate | jq .posts_per_second)
    stats=$(rate --delegate "exec python3 '$here/slow.py' --seconds $seconds" --delegate-above "$above")
    b=$(printf '%s' "$stats" | jq .posts_per_second)
    without=$(printf '%s\n' "$without" "$a" | sort -g | tail -n 1)
    with=$(printf '%s\n' "$with" "$b" | sort -g | tail -n 1)
done
printf '%s' "$stats" | jq -r --argjson a "$without" --argjson b "$with" '
    "questions a post: \(.delegate.asked / .posts * 100 | round / 100)", "posts a second without: \($a)", "posts a second with: \($b)",
    "ratio: \($b / $a * 1000 | round / 1000)"'
