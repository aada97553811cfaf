#!/bin/sh
# Unit and process tests under ThreadSanitizer and AddressSanitizer: Tests/sanitize.sh [thread|address]...
# A finding ends a program with another status than the tests expect.
set -eu
cd "$(dirname "$0")/.."
set -- "${@:-thread address}"
kinds=$*
set -- mandoc jq
. Tests/dependencies.sh

for kind in $kinds; do
    echo "== $kind"
    build=".build-$kind"
    swift build --build-tests --sanitize="$kind" --scratch-path "$build"
    tests=$(swift build --build-tests --sanitize="$kind" --scratch-path "$build" --show-bin-path)/gmnerPackageTests.xctest
    case $kind in
        thread)
            clang -shared -fPIC -O1 -o "$build/mutex.so" Tests/thread_sanitizer_mutex.c -ldl
            LD_PRELOAD="$PWD/$build/mutex.so" "$tests" --testing-library swift-testing
            ;;
        address)
            # The leak checker needs ptrace, which containers deny, and Swift's own metadata looks lost to it.
            # Freed memory is held back a little only, as a test watches how much a stream takes.
            ASAN_OPTIONS=detect_leaks=0:quarantine_size_mb=2:thread_local_quarantine_size_kb=64 "$tests" --testing-library swift-testing
            ;;
    esac
done
