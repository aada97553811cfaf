#!/bin/sh
# Kafka by kcat: posts of one topic, answers to another, each with the key of its post.
#
#     kcat.sh [COUNT]
#
# The broker is the one that librdkafka has for tests, so nothing else has to run. `answer` is what to take from here.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
. "$here/setup.sh"
packages kcat
kcat -V | grep "^Version"

# answer BROKER FROM TO [OPTION…]: keys wait in a FIFO while their posts are answered. It is a line each (`--blank answer`), so
# that they meet again, whatever is in a message. Without -e for ever.
answer() {
    broker=$1 from=$2 to=$3
    shift 3
    keys=$(mktemp -u)
    mkfifo "$keys"
    kcat -b "$broker" -C -q -u -t "$from" -o beginning -f '%k\t%s\n' "$@" |
        sed -u -n -e 'h; s/\t.*//' -e "w $keys" -e 'g; s/^[^\t]*\t//p' |
        gmner-stream --blank answer --line-buffered |
        stdbuf -oL paste "$keys" - |
        kcat -b "$broker" -P -t "$to" -K '\t'
    rm "$keys"
}

# A consumer that waits for ever has the broker in it, and says where.
kcat -b none -X test.mock.num.brokers=1 -d mock -C -t none > /dev/null 2> "$work/broker" &
hosting=$!
trap 'kill $hosting; rm -rf "$work"' EXIT
until server=$(grep -o -m 1 'bootstrap.servers=[0-9.:]*' "$work/broker"); do sleep 0.1; done
server=${server#*=}

# Keys are not ids, and some messages are no posts.
posts "${1:-5000}" > "$work/posts"
awk '{ print "key-" NR * 7 "\t" (NR % 500 ? $0 : "  ") }' "$work/posts" > "$work/keyed"
cut -f 2- "$work/keyed" | gmner-stream --blank answer > "$work/plain"
cut -f 1 "$work/keyed" | paste - "$work/plain" | sort > "$work/expected"

kcat -b "$server" -P -t posts -p 0 -K '\t' < "$work/keyed"
answer "$server" posts answers -e
kcat -b "$server" -C -q -e -t answers -o beginning -f '%k\t%s\n' | sort > "$work/answers"
same "kcat, keys kept" "$work/expected" "$work/answers"

# And while posts go on coming: each twenty are answered before the next, but for what kcat keeps back. Before version 1.8 it
# sends nothing until 1,024 bytes more are there; ten answers are longer.
answer "$server" live live-answers -c 60 &
answering=$!
for round in 1 2 3; do
    posts $((20 * round)) | tail -n 20 | sed 's/^/live\t/' | kcat -b "$server" -P -t live -p 0 -K '\t'
    timeout 60 kcat -b "$server" -C -q -t live-answers -o beginning -c $((20 * round - 10)) -f '%k\t%s\n' | tail -n 1 > "$work/last"
    grep -q "^live	{\"id\":$((20 * round - 10))," "$work/last"
done
wait $answering
[ "$(kcat -b "$server" -C -q -e -t live-answers -o beginning | wc -l)" -eq 60 ]
echo "kcat, as posts come: answered before the next ones came"
