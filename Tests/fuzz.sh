#!/bin/sh
# A million broken inputs for every reader of what comes from outside: Tests/fuzz.sh [COUNT [TARGET]...]
# An input that crashes a reader, or takes it more than ten seconds, is kept, and its place told.
set -eu
cd "$(dirname "$0")/.."
count=${1:-1000000}
[ $# -eq 0 ] || shift
[ $# -gt 0 ] || set -- post picture safetensors config encoder voc masks vocabulary conll ndjson ccks

swift build -c release --product fuzzer
program="$(swift build -c release --show-bin-path)/fuzzer"
# In memory, where there is a place for it: each input is a file.
shared=/dev/shm
[ -w "$shared" ] || shared=${TMPDIR:-/tmp}
directory=$(mktemp -d -p "$shared")
for target in "$@"; do
    if ! "$program" "$directory" "$target" "$count"; then
        echo "$target: the input is in $directory/$target.input" >&2
        exit 1
    fi
done
rm -r "$directory"
