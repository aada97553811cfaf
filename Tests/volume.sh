#!/bin/sh
# Streams of full length through optimised programs: order, memory, read-ahead. Needs a release build, and tests that were
# built: those of the folder that is given, or of `swift build --build-tests`.
set -eu
cd "$(dirname "$0")/.."

tests=$(swift build ${1:+--scratch-path "$1"} --build-tests --show-bin-path)/gmnerPackageTests.xctest
GMNER_PROGRAMS="$(swift build -c release --show-bin-path)" GMNER_VOLUME=full ASAN_OPTIONS=detect_leaks=0 \
    "$tests" --testing-library swift-testing --filter VolumeTests
