#!/bin/sh
# From a fresh clone to answers: installs the libraries where they are missing, builds, and grounds the example posts.
set -eu
cd "$(dirname "$0")/.."

. Tests/dependencies.sh
swift build -c release --product gmner-stream
.build/release/gmner-stream --image-root examples/posts examples/posts/posts.ndjson
