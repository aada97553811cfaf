#!/bin/sh
# Streams of full length through optimised programs: order, memory, read-ahead. Needs both builds.
set -eu
cd "$(dirname "$0")/.."

GMNER_PROGRAMS="$(swift build -c release --show-bin-path)" GMNER_VOLUME=full \
    swift test --skip-build --filter VolumeTests
