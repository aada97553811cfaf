#!/bin/sh
# From a fresh clone to answers: installs the libraries where they are missing, builds both programs, and grounds the example
# posts. Standard output has the answers alone.
set -eu
cd "$(dirname "$0")/.."

. Tests/dependencies.sh
for program in gmner-stream gmner; do
    swift build -c release --product "$program" >&2
done
.build/release/gmner-stream --image-root examples/posts examples/posts/posts.ndjson
