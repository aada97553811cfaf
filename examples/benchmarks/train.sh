#!/bin/sh
# Compares the time of a training epoch with PyTorch's, in one command.
#
#     examples/benchmarks/train.sh [--data DIR] [--threads 2] [--batches 100] [--rounds 3]
#
# What train_epoch.py takes can be given here. See setup.sh for what is installed where.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
. "$here/setup.sh"

exec "$python" "$here/train_epoch.py" --gmner "$root/.build/release/gmner" --encoder "$text" "$@"
