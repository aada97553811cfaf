#!/bin/sh
# The programs under hostile conditions: Tests/Faults/run.sh [short|long] [OPTION]...
# Options are those of `fault-bench --help`, as --only disk, --seed 7. Exit status 1 if anything was lost, duplicated, torn,
# crashed or hung, or cost more than it may.
set -eu
cd "$(dirname "$0")/../.."
form=${1:-short}
[ $# -eq 0 ] || shift

swift build -c release --quiet
programs=$(swift build -c release --show-bin-path)
scratch=$(mktemp -d)
trap 'umount "$scratch/disk" 2>/dev/null || :; rm -rf "$scratch"' EXIT
# Where another user finds them: some limits do not hold for the superuser.
chmod 755 "$scratch"
mkdir "$scratch/programs"
cp -r "$programs/gmner" "$programs/gmner-stream" "$programs"/*.resources "$scratch/programs"
clang -shared -fPIC -O1 -Wall -Werror -o "$scratch/injector.so" Tests/Faults/injector.c -ldl
"$programs/fault-bench" "$form" --package "$PWD" --programs "$scratch/programs" --scratch "$scratch" \
    --injector "$scratch/injector.so" "$@"
