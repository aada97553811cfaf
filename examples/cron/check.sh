#!/bin/sh
# Tries the hourly job: runs over a file that grows, one that is killed, one that finds another one running, and a rotation.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
. "$here/../engines/setup.sh"
packages logrotate
logrotate --version 2>&1 | head -n 1

# A model that takes its time, so that a run is there to be killed.
unset GMNER_MODEL

feed=$work/feed
mkdir "$feed"
hourly() { sh "$here/hourly.sh" "$feed/posts.ndjson" "$feed/answers.ndjson"; }
posts 4000 > "$work/posts"
gmner-stream "$work/posts" > "$work/expected"

head -n 1000 "$work/posts" > "$feed/posts.ndjson"
hourly
sed -n 1001,2000p "$work/posts" >> "$feed/posts.ndjson"
sh "$here/hourly.sh" "$feed/posts.ndjson" "$feed/answers.ndjson" &
sleep 0.3
hourly                      # leaves the one that runs alone
kill -9 $!
wait $! || true
sed -n 2001,3000p "$work/posts" >> "$feed/posts.ndjson"
sh "$here/hourly.sh" "$feed/posts.ndjson" "$feed/answers.ndjson" &
sleep 0.3
kill -s HUP $!
status=0
wait $! || status=$?
[ "$status" -eq 129 ] || [ "$status" -eq 0 ]
hourly

sed "s|/var/lib/feed|$feed|g; s|gmner-hourly|sh $here/hourly.sh|; s|delaycompress|&\n    su $(id -un) $(id -gn)|" \
    "$here/gmner.logrotate" > "$work/gmner.logrotate"
chmod 644 "$work/gmner.logrotate"
logrotate --force --state "$work/state" "$work/gmner.logrotate"
[ ! -e "$feed/posts.ndjson" ]
tail -n 1000 "$work/posts" > "$feed/posts.ndjson"
hourly
cat "$feed/answers.ndjson.1" "$feed/answers.ndjson" > "$work/answers"
same "cron, killed, hung up and rotated" "$work/expected" "$work/answers"
