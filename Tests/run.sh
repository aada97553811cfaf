#!/bin/sh
# Everything that must hold, cheap things first. One command from a fresh clone.
set -eu
cd "$(dirname "$0")/.."

set -- mandoc jq shellcheck python3
. Tests/dependencies.sh

echo "== format"
swift format lint --strict --recursive --parallel Package.swift Sources Tests examples/embed
find Tests examples -name .build -prune -o -name '*.sh' -exec shellcheck {} +
echo "== filters that stand before ours"
python3 examples/regions/test.py
python3 examples/knowledge/test.py
echo "== programs that answer for outside models"
python3 examples/delegates/test.py
echo "== build, warnings are errors"
swift build -c release
echo "== what the README says"
sh Tests/readme.sh
echo "== documentation of the library"
sh Tests/documentation.sh
echo "== unit and process tests, with memory errors found"
sh Tests/sanitize.sh address
echo "== streams of full length"
sh Tests/volume.sh .build-address
echo "== hostile conditions"
sh Tests/Faults/run.sh short
echo "== where threads meet, with races found"
GMNER_TESTS='DelegatesTests|FlowTests|LatencyTests|SignalTests|OutputEndTests|ProgressTests|OptimizationTests|TrainerTests' \
    sh Tests/sanitize.sh thread
