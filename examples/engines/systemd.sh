#!/bin/sh
# The systemd units: looked through by systemd, and what they promise tried without a manager: posts from a FIFO that nobody
# closes, a stop that answers what was read, a rotation of the answers between two runs.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
. "$here/setup.sh"
packages systemd logrotate
systemctl --version | head -n 1

sed "s|/usr/bin/gmner-stream|$(command -v gmner-stream)|" "$here/gmner.service" > "$work/gmner.service"
cp "$here/gmner.socket" "$work"
said=$(systemd-analyze verify --man=no "$work/gmner.socket" "$work/gmner.service" 2>&1)
[ -z "$said" ] || { echo "$said" >&2; exit 1; }
systemd-analyze security --offline=yes --threshold=20 "$work/gmner.service" | tail -n 1

# What the service does: the FIFO is open for reading and writing, so that its end never comes.
mkfifo "$work/fifo"
exec 3<> "$work/fifo"
serve() {
    gmner-stream --no-progress --metrics "$work/gmner.prom" <&3 >> "$work/answers.ndjson" &
    service=$!
}
# answers COUNT: waits for so many, a minute at most.
answers() {
    for _ in $(seq 600); do
        [ "$(cat "$work"/answers.ndjson* | wc -l)" -ge "$1" ] && return
        sleep 0.1
    done
    echo "$(cat "$work"/answers.ndjson* | wc -l) answers of $1" >&2
    exit 1
}
stop() {
    status=0
    kill -s "$1" $service
    wait $service || status=$?
    [ "$status" -eq "$2" ] || { echo "status $status after $1" >&2; exit 1; }
}

posts 900 > "$work/posts"
gmner-stream "$work/posts" > "$work/expected"
serve
head -n 300 "$work/posts" > "$work/fifo"
answers 300
stop TERM 143
serve
sed -n 301,600p "$work/posts" > "$work/fifo"
answers 600
stop HUP 129

# The rotation, as in gmner.logrotate, but that a file stands for systemctl.
sed "s|/var/lib/gmner|$work|; s|systemctl .*|touch $work/restarted|; s|delaycompress|&\n    su $(id -un) $(id -gn)|" \
    "$here/gmner.logrotate" > "$work/gmner.logrotate"
chmod 644 "$work/gmner.logrotate"
logrotate --force --state "$work/state" "$work/gmner.logrotate"
[ -e "$work/restarted" ] && [ ! -e "$work/answers.ndjson" ]
serve
tail -n 300 "$work/posts" > "$work/fifo"
answers 900
stop TERM 143
cat "$work/answers.ndjson.1" "$work/answers.ndjson" > "$work/all"
same "systemd, stopped twice and rotated" "$work/expected" "$work/all"
