#!/bin/sh
# Runs the filter under the engines of examples/engines, and by cron: versions and results. By hand, as it installs Spark and
# takes its time; ENGINES_DIRECTORY keeps what was installed. The answers to 100,000 posts are those of a tiny model, since it is
# the engines that are tried; GMNER_MODEL names another one.
set -eu
cd "$(dirname "$0")/.."

. Tests/dependencies.sh
for program in gmner-stream gmner; do swift build -c release --product $program >&2; done
PATH=$PWD/.build/release:$PATH
export PATH
tiny=$(mktemp -d)
trap 'rm -rf "$tiny"' EXIT
if [ -z "${GMNER_MODEL:-}" ]; then
    gmner tiny-model --to "$tiny/model" --seed 7
    export GMNER_MODEL="$tiny/model"
fi
gmner-stream --version | head -n 1

for script in examples/engines/parallel.sh examples/engines/kcat.sh examples/engines/connect.sh examples/engines/spark.sh \
    examples/engines/systemd.sh examples/cron/check.sh; do
    echo "== $script"
    start=$(date +%s)
    sh "$script"
    echo "$(($(date +%s) - start)) s"
done
