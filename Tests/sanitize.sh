#!/bin/sh
# Unit and process tests under ThreadSanitizer and AddressSanitizer: Tests/sanitize.sh [thread|address]...
# A finding ends a program with another status than the tests expect. GMNER_TESTS picks suites, as those in which threads
# meet: GMNER_TESTS='FlowTests|LatencyTests|SignalTests|OutputEndTests|ProgressTests|OptimizationTests|TrainerTests'
set -eu
cd "$(dirname "$0")/.."
set -- "${@:-thread address}"
kinds=$*
set -- mandoc jq
. Tests/dependencies.sh

# Under the address sanitizer plain code is slow enough to pay for optimising it; checks of debug builds stay.
options() { [ "$1" = thread ] || echo "-Xswiftc -O"; }

for kind in $kinds; do
    echo "== $kind"
    build=".build-$kind"
    # shellcheck disable=SC2046,SC2086  # lists of options
    swift build --build-tests --sanitize="$kind" $(options "$kind") --scratch-path "$build"
    tests=$(swift build --build-tests --sanitize="$kind" --scratch-path "$build" --show-bin-path)/gmnerPackageTests.xctest
    case $kind in
        thread)
            clang -shared -fPIC -O1 -o "$build/mutex.so" Tests/thread_sanitizer_mutex.c -ldl
            LD_PRELOAD="$PWD/$build/mutex.so" "$tests" --testing-library swift-testing \
                ${GMNER_TESTS:+--filter "$GMNER_TESTS"}
            ;;
        address)
            # The leak checker needs ptrace, which containers deny, and Swift's own metadata looks lost to it.
            # What a stream takes is measured without it: the sanitizer's own memory grows with every allocation.
            ASAN_OPTIONS=detect_leaks=0 "$tests" --testing-library swift-testing --skip VolumeTests \
                ${GMNER_TESTS:+--filter "$GMNER_TESTS"}
            ;;
    esac
done
