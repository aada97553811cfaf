#!/bin/sh
# Shows that a change changed no answer, and what it cost: two builds of the filter answer the same feeds.
#
#     examples/benchmarks/same_answers.sh BEFORE AFTER TWITTER_GMNER PHOTOGRAPHS [ROUNDS]
#
# BEFORE and AFTER are folders with gmner-stream and its model, as `swift build -c release --show-bin-path` names them;
# TWITTER_GMNER is that data set's folder (with captions.dev.ndjson), PHOTOGRAPHS one with dev.ndjson and images/. All dev
# posts go in as text, then with their captions as alternative text, then a post for each photograph. Answers have to be
# the same byte for byte; times are of whole processes, in turns, the median of ROUNDS (5).
# shellcheck disable=SC2034,SC2154  # variables that eval reads and sets
set -eu
before=$1 after=$2 posts=$3 photographs=$4 rounds=${5:-5}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# CoNLL to posts: words joined by one space.
awk -F '\t' '
    /^IMGID:/ { id = substr($0, 7); text = ""; next }
    /^$/ { if (id != "") print id "\t" text; id = ""; next }
    { text = text (text == "" ? "" : " ") $1 }
    END { if (id != "") print id "\t" text }' "$posts/txt/dev.txt" |
    jq -Rc 'split("\t") | {id: .[0], text: .[1]}' > "$work/texts"
jq -c --slurpfile captions "$posts/captions.dev.ndjson" -n '
    ($captions | map({key: .id, value: ([del(.id)[]] | join(" . "))}) | from_entries) as $alt
    | inputs | .alt = $alt[.id]' "$work/texts" > "$work/described"
jq -c '{text: ("Barack Obama and NASA in Paris: " + .captions[0]), image}' "$photographs/dev.ndjson" > "$work/pictured"

failed=0
for feed in texts described pictured; do
    for build in before after; do
        eval "programs=\$$build"
        "$programs/gmner-stream" --no-progress --jobs 2 --explain --image-root "$photographs/images" "$work/$feed" \
            > "$work/$feed.$build"
    done
    lines=$(wc -l < "$work/$feed")
    if cmp -s "$work/$feed.before" "$work/$feed.after"; then
        echo "$feed: $lines answers, byte for byte the same"
    else
        echo "$feed: $lines answers, of which $(cmp -l "$work/$feed.before" "$work/$feed.after" | wc -l) bytes differ"
        failed=1
    fi
done

for feed in texts pictured; do
    head -n 600 "$work/$feed" > "$work/feed"
    [ $feed = texts ] || head -n 60 "$work/$feed" > "$work/feed"
    for _ in $(seq "$rounds"); do
        for build in before after; do
            eval "programs=\$$build"
            start=$(date +%s%N)
            "$programs/gmner-stream" --no-progress --jobs 1 --image-root "$photographs/images" "$work/feed" > /dev/null
            echo $(($(date +%s%N) - start)) >> "$work/$feed.$build.times"
        done
    done
    for build in before after; do
        sort -n "$work/$feed.$build.times" | sed -n "$((rounds / 2 + 1))p" > "$work/$build.median"
    done
    awk -v feed=$feed '{ t[NR] = $1 / 1e9 } END { printf "%s: %.3f s before, %.3f s after, ratio %.3f\n", feed, t[1], t[2], t[2] / t[1] }' \
        "$work/before.median" "$work/after.median"
done
exit $failed
