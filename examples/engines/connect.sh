#!/bin/sh
# Redpanda Connect's `subprocess` processor, with the settings of connect.yaml. Where Redpanda Connect is installed, it checks the
# file and runs its pipeline; connect.py speaks the same protocol in any case.
#
#     connect.sh [COUNT]
set -eu
here=$(cd "$(dirname "$0")" && pwd)
. "$here/setup.sh"
if [ ! -x "$installed/connect/bin/python" ]; then
    packages python3-venv
    python3 -m venv "$installed/connect"
    "$installed/connect/bin/pip" install --quiet pyyaml
fi

# Blank messages and those that are no JSON among them.
posts "${1:-3000}" | awk '{ print } NR % 100 == 0 { print ""; print "no JSON" }' > "$work/posts"
gmner-stream --blank answer "$work/posts" > "$work/expected"
"$installed/connect/bin/python" "$here/connect.py" "$here/connect.yaml" "$work/posts" "$work/answers"
same "Redpanda Connect's protocol" "$work/expected" "$work/answers"

for connect in redpanda-connect rpk; do
    command -v "$connect" > /dev/null || continue
    set -- "$connect"
    [ "$connect" = redpanda-connect ] || set -- rpk connect
    "$@" lint "$here/connect.yaml"
    sed -n '/^pipeline:/,/^output:/p' "$here/connect.yaml" | sed 's/threads: 2/threads: 1/; /^output:/d' > "$work/pipeline.yaml"
    "$@" run "$work/pipeline.yaml" < "$work/posts" > "$work/answers" 2> "$work/log"
    same "Redpanda Connect" "$work/expected" "$work/answers"
    exit
done
echo "Redpanda Connect is not installed: the protocol alone was checked"
