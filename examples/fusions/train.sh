#!/bin/sh
# Trains every fusion and every head with the same options, and measures what evidence does to what they find.
#
#     train.sh DATA ENCODER PATCHES WORK [METHOD ...]
#
# DATA is a data set with captions.train.ndjson and captions.dev.ndjson (sentences about each post's picture, which stand for
# alternative texts), ENCODER a text encoder and PATCHES a patch encoder in Hugging Face's layout. WORK gets a model for each
# method, noise.txt and noise.svg. Models that are there already are left as they are; a training that was interrupted goes
# on. SEED (1) is the seed, IMAGES a folder of the posts' pictures. On two cores ten minutes a method.
set -eu
[ $# -ge 4 ] || {
    sed -n '2,10s/^# \{0,1\}//p' "$0"
    exit 64
}
data=$1
encoder=$2
patches=$3
work=$4
shift 4
[ $# -gt 0 ] || set -- crf-none gated-fusion umt ita prefix minige dse-hof span mqspn
seed=${SEED:-1}
mkdir -p "$work"
export OPENBLAS_NUM_THREADS=1

# train NAME METHOD OPTIONS…: unless it is done; done is a file, so that an interrupted run is told from a finished one.
train() {
    name=$1
    method=$2
    shift 2
    [ ! -e "$work/$name/done" ] || return 0
    resume=
    [ ! -e "$work/$name/training/checkpoint" ] || resume=--resume
    gmner train "$method" --out "$work/$name" --data "$data" --jobs 2 --progress ${resume:+"$resume"} "$@"
    : >"$work/$name/done"
}

# The head first, on an encoder that stays as it is: all methods with a CRF start from it, and differ in nothing but what
# they are. Those with another head start from theirs, which was as long on the same encoder.
train head crf-none --encoder "$encoder" --set loop.epochs=1 --set rates.encoder=1e-9
models=
for method; do
    if [ "$method" = crf-none ]; then
        look="--set freezePieces=true"
    else
        look="--patches $patches ${IMAGES:+--images $IMAGES}"
    fi
    start="head"
    case $method in
    span | mqspn)
        start=head-$method
        # shellcheck disable=SC2086 # options, without spaces in them
        train "$start" "$method" --encoder "$encoder" $look --set loop.epochs=1 --set rates.encoder=1e-9
        ;;
    esac
    # shellcheck disable=SC2086
    train "$method-$seed" "$method" --tagger "$work/$start" $look \
        --set loop.epochs=3 --set loop.averaging=0.998 --set loop.seed="$seed"
    models="$models --model $work/$method-$seed"
done
# shellcheck disable=SC2086
gmner eval-noise $models --data "$data" ${IMAGES:+--images "$IMAGES"} --jobs 2 --svg "$work/noise.svg" | tee "$work/noise.txt"
