#!/bin/sh
# Records what cases give now: sh record.sh NAME ... (all without NAME). Read the difference before you commit it.
#
# Needs built programs; GMNER_BIN names their directory, .build/debug by default.
set -u
here=$(cd "$(dirname "$0")" && pwd)
bin=${GMNER_BIN:-$here/../../../.build/debug}
bin=$(cd "$bin" && pwd)
PATH=$bin:$PATH LC_ALL=C.UTF-8 PICTURES=$here/../Pictures GMNER_MODEL=$bin/tiny-model
export PATH LC_ALL PICTURES GMNER_MODEL
gmner tiny-model --to "$GMNER_MODEL" --seed 7 || exit

[ $# -gt 0 ] || set -- "$here"/*/
for case do
    CASE=$here/$(basename "$case")
    export CASE
    scratch=$(mktemp -d)
    input=/dev/null
    [ ! -e "$CASE/in" ] || input=$CASE/in
    (cd "$scratch" && sh "$CASE/cmd" < "$input") > "$CASE/expout" 2> "$CASE/experr"
    echo $? > "$CASE/rc"
    rm -rf "$scratch"
    # A file that is not there says nothing, and 0.
    for file in expout experr; do [ -s "$CASE/$file" ] || rm "$CASE/$file"; done
    [ "$(cat "$CASE/rc")" != 0 ] || rm "$CASE/rc"
done
