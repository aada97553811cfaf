#!/bin/sh
# Converts gold/ into every format, and checks each with the tool it is for. GMNER names the program to use.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

gmner=${GMNER:-}
if [ -z "$gmner" ]; then
    swift build --package-path "$root" --product gmner
    gmner=$(swift build --package-path "$root" --show-bin-path)/gmner
fi

python3 -m venv "$work/python"
"$work/python/bin/pip" install --quiet pycocotools==2.0.11 seqeval==1.2.2 pyyaml label-studio-sdk==2.1.2

gold=$here/gold/txt/data.txt
for format in gmner smner voc brat yolo; do
    "$gmner" convert --to "$format" "$gold" "$work/$format"
done
for format in twitter2015 conll ndjson coco coco-results displacy label-studio; do
    "$gmner" convert --to "$format" "$gold" "$work/$format.out"
done
"$gmner" convert --to label-studio --labelling-config "$work/label-studio.xml" "$gold" "$work/label-studio.out"
echo '{"id":"a/b","text":"x y","triples":[
    {"type":"PER","start":0,"end":1,"masks":[{"size":[2,3],"counts":[2,2,1,1]}]},
    {"type":"PER","start":2,"end":3,"box":[0,0,2,1]}],"width":3,"height":2}' | tr -d '\n' |
    "$gmner" convert --from ndjson --to coco - "$work/masks.coco"
"$gmner" convert --from ndjson --to ccks "$work/ndjson.out" "$work/ccks.out"

# What was written is read back as what it was.
"$gmner" eval --json --gold "$gold" --pred "$work/ndjson.out" >"$work/scores.json"
"$work/python/bin/python" "$here/check.py" perfect "$work/scores.json"
"$gmner" eval --json --gold "$gold" --pred "$work/gmner/txt/data.txt" --pred-boxes "$work/gmner/xml" >"$work/scores.json"
"$work/python/bin/python" "$here/check.py" perfect "$work/scores.json"
cmp "$gold" "$work/gmner/txt/data.txt"
cmp "$gold" "$work/conll.out"

"$work/python/bin/python" "$here/check.py" formats "$here/gold" "$work"
"$work/python/bin/python" "$here/check.py" seqeval "$gold" "$gmner" "$work"
echo "all exports are as the tools want them"
