#!/bin/sh
# What made texts are worth where few are labelled: curve.sh DATA ENCODER NAMES OUT [SIZE...]
# For each size (50 100 250 500 1000 by default) takes so many training posts of DATA by chance, trains a tagger on them alone and
# one on them with what gmner augment makes of them, with as many steps, and tells the MNER F1 of both on DATA's development posts.
# SEED picks the posts (1), SENTENCES says how many templates are filled (1500), PASSES how often the made texts are seen (3).
# TEACHER may name a larger encoder: a tagger on it learns from the few posts, and teaches a third and a fourth tagger, which learn
# from the few posts alone, and from them and the made texts, whose tags are then the teacher's.
set -eu
data=$1 encoder=$2 names=$3 out=$4
shift 4
[ $# -gt 0 ] || set -- 50 100 250 500 1000
here=$(dirname "$0")
seed=${SEED:-1} sentences=${SENTENCES:-1500} passes=${PASSES:-3} teacher=${TEACHER:-}
mkdir -p "$out"
[ -e "$out/all.ndjson" ] || gmner convert --to ndjson "$data/txt/train.txt" "$out/all.ndjson"

# A folder to train from: the posts of a file, so many times over, and the development posts.
folder() {
    mkdir -p "$2/txt"
    for copy in $(seq "$3"); do jq -c --arg copy "$copy" '.id += "-" + $copy' "$1"; done > "$2/posts.ndjson"
    gmner convert --to conll "$2/posts.ndjson" "$2/txt/train.txt"
    cp "$data/txt/dev.txt" "$2/txt/dev.txt"
}

# f1 FOLDER MODEL OPTION...: of a tagger that learns from a folder.
f1() {
    from=$1 model=$1/$2
    shift 2
    mkdir -p "$model"
    gmner train crf-none --out "$model" --data "$from" --set "loop.seed=$seed" --jobs "$(nproc)" "$@" > "$model/log" 2>&1
    sed -n 's/^kept:.*mner_f1 \(0\.[0-9]*\).*/\1/p' "$model/log"
}

small() { f1 "$@" --encoder "$encoder" --set "loop.epochs=$passes" --set freezePieces=true; }

printf 'posts\talone\twith made ones'
[ -z "$teacher" ] || printf '\tteacher\ttaught\ttaught with made ones'
printf '\n'
for size; do
    few=$out/few-$size-$seed
    # The same posts for the same seed, of which smaller sizes are parts of larger ones.
    awk -v seed="$seed" 'BEGIN { srand(seed) } { printf "%.9f\t%s\n", rand(), $0 }' "$out/all.ndjson" | sort -n | cut -f 2- |
        head -n "$size" > "$few.ndjson"
    copies=$(((8 * size + sentences + size - 1) / size))
    folder "$few.ndjson" "$few-alone" "$copies"
    gmner augment --per-text 0 --templates "$here/templates.txt" --names "$names" --sentences "$sentences" --seed "$seed" \
        "$few.ndjson" "$few-made.ndjson" > "$few.log"
    tail -n +"$((size + 1))" "$few-made.ndjson" > "$few-templates.ndjson"
    folder "$few.ndjson" "$few-some" 8
    cat "$few-templates.ndjson" "$few-some/posts.ndjson" > "$few-more.ndjson"
    folder "$few-more.ndjson" "$few-with" 1
    printf '%s\t%s\t%s' "$size" "$(small "$few-alone" model)" "$(small "$few-with" model)"
    if [ -n "$teacher" ]; then
        printf '\t%s' "$(f1 "$few-alone" teacher --encoder "$teacher" --set loop.epochs=2 --set loop.warmup=0.1 \
            --set rates.encoder=5e-5)"
        set -- --teacher "$few-alone/teacher"
        printf '\t%s' "$(small "$few-alone" taught "$@")"
        printf '\t%s' "$(small "$few-some" taught "$@" --untagged "$few-templates.ndjson")"
    fi
    printf '\n'
done
