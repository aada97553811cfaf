#!/bin/sh
# Looks at the pages of gmner view in Chromium, without a screen: what the page does at 400 and 1400 pixels, light and
# dark, and with 5,000 posts. Screenshots go to the folder that is named, for people.
#
#   sh Tests/view.sh [FOLDER]
#
# Needs chromium and jq, and built programs: GMNER_BIN names their folder, .build/release or .build/debug by default.
set -eu
cd "$(dirname "$0")/.."
here=$PWD/Tests/View
shots=${1:-$(mktemp -d)}
mkdir -p "$shots"
shots=$(cd "$shots" && pwd)
if [ -z "${GMNER_BIN:-}" ]; then
    GMNER_BIN=.build/debug
    [ ! -x .build/release/gmner ] || GMNER_BIN=.build/release
fi
PATH=$(cd "$GMNER_BIN" && pwd):$PATH
chromium=$(command -v chromium || command -v chromium-browser || command -v google-chrome)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

browse() {
    timeout 300 "$chromium" --headless=new --no-sandbox --disable-gpu --hide-scrollbars --allow-file-access-from-files \
        --user-data-dir="$work/profile" "$@" 2>> "$work/browser.log"
}

# check PAGE WIDTH FILTER [OPTION ...]: uses a copy of the page with the probe in it, and holds what it saw against FILTER.
# In a frame, since windows have a least width.
check() {
    page=$1 width=$2 filter=$3
    shift 3
    probed=$(dirname "$page")/probed.html
    sed '/http-equiv="Content-Security-Policy"/d; s:</body>::; s:</html>::' "$page" > "$probed"
    { echo '<script>'; cat "$here/probe.js"; echo '</script></body></html>'; } >> "$probed"
    cat > "$work/frame.html" <<end
<!doctype html><meta name="color-scheme" content="light dark">
<script>addEventListener("message", (event) => (document.title = event.data));</script>
<iframe width="$width" height="900" style="border:0" src="file://$probed"></iframe>
end
    seen=$(browse --virtual-time-budget=60000 --window-size=1600,1000 "$@" --dump-dom "file://$work/frame.html" |
        sed -n 's:.*<title>\({.*}\)</title>.*:\1:p' | head -n 1)
    rm "$probed"
    echo "$(basename "$page") at $width: $seen"
    if [ -z "$seen" ] || ! echo "$seen" | jq -e "$filter" > "$work/verdict"; then
        echo "FAILED: $filter"
        exit 1
    fi
}

# shoot PAGE NAME WIDTH HEIGHT [OPTION ...]
shoot() {
    page=$1 name=$2 width=$3 height=$4
    shift 4
    browse --window-size="$width,$height" "$@" --screenshot="$shots/$name.png" "file://$page" > "$work/shot.log"
    [ -s "$shots/$name.png" ] || { echo "FAILED: no screenshot $name"; exit 1; }
}

# count NUMBER PATTERN FILE: so many lines have it.
count() {
    found=$(grep -c "$2" "$3" || true)
    [ "$found" = "$1" ] || { echo "FAILED: $found of $2 in $(basename "$3"), expected $1"; exit 1; }
}

dark=--blink-settings=preferredColorScheme=0
works='.tooWide == false and .first == "p1" and .second == "p2" and .isInSight and .before == "p1" and .filter == "type"
    and .search == "search" and .help and .pictureFits and .boxIsInPicture and .sameColour and .otherLit == 0
    and .lit == "li mark span" and .imagesLoaded > 0'

echo "== answers as they come from the filter"
gmner-stream --image-root examples/posts --keep text,image,alt examples/posts/posts.ndjson > "$work/answers.ndjson"
printf '{"line":8,"error":{"code":"json.syntax","stage":"parse","message":"expected a value"}}\n' >> "$work/answers.ndjson"
gmner view --image-root examples/posts --out "$work/view.html" - < "$work/answers.ndjson"
for width in 400 1400; do
    check "$work/view.html" "$width" "$works and .posts == 8 and .output == \"8 of 8 posts\" and .found == 1
        and .troubled == 1 and .boxed > 0 and .boxed < 8 and .typed > 0 and .typed < 8
        and .back == \"rgb(255, 255, 255)\""
    check "$work/view.html" "$width" "$works and .back == \"rgb(22, 24, 28)\"" "$dark"
    shoot "$work/view.html" "view-$width" "$width" 1600
    shoot "$work/view.html" "view-$width-dark" "$width" 1600 "$dark"
done
# The script runs under the page's own policy too.
browse --dump-dom "file://$work/view.html" > "$work/view.dom"
count 1 '8 of 8 posts' "$work/view.dom"
# The page can be read without it.
sed '/<script>/,/<\/script>/d' "$work/view.html" > "$work/plain.html"
shoot "$work/plain.html" view-1400-without-script 1400 1600

echo "== against gold"
gmner view "$work/answers.ndjson" --gold "$here/gold.ndjson" --image-root examples/posts --out "$work/gold.html"
for width in 400 1400; do
    check "$work/gold.html" "$width" "$works and .differing > 0 and .differing < 8"
    shoot "$work/gold.html" "gold-$width" "$width" 1600
done

echo "== numbers and differences"
head -n 4 "$here/gold.ndjson" > "$work/gold.ndjson"
head -n 4 "$work/answers.ndjson" > "$work/four.ndjson"
sed 's/"PER"/"ORG"/' "$work/gold.ndjson" > "$work/other.ndjson"
gmner eval --gold "$work/gold.ndjson" --pred "$work/four.ndjson" --html "$work/eval.html" > "$work/table"
gmner compare --gold "$work/gold.ndjson" "$work/four.ndjson" "$work/other.ndjson" --html "$work/compare.html" > "$work/table"
for width in 400 1400; do
    shoot "$work/eval.html" "eval-$width" "$width" 1600
    shoot "$work/compare.html" "compare-$width" "$width" 1000
done
browse --dump-dom "file://$work/compare.html" > "$work/compare.dom"
count 1 'of [0-9]* posts</output>' "$work/compare.dom"

echo "== what is hostile stays text"
gmner view Tests/CommandTests/Cases/view-runs-no-script-of-data/in --out "$work/hostile.html" 2> "$work/notes"
browse --dump-dom "file://$work/hostile.html" > "$work/hostile.dom"
count 1 '<script' "$work/hostile.dom"
count 0 '<img' "$work/hostile.dom"

echo "== 5,000 posts"
jq -n -c '[limit(7; inputs)] as $answers | range(5000) as $i | $answers[$i % 7]
    | .line = $i + 1 | .id = "post \($i + 1)"' "$work/answers.ndjson" > "$work/many.ndjson"
for out in many.html many; do
    begin=$(date +%s)
    gmner view "$work/many.ndjson" --image-root examples/posts --max-inline 512 --out "$work/$out"
    echo "$out: $(($(date +%s) - begin)) s, $(du -sh "$work/$out" | cut -f 1)"
done
check "$work/many/index.html" 1400 "$works and .posts == 5000 and .searchMilliseconds < 5000"
check "$work/many/index.html" 400 "$works and .posts == 5000"
check "$work/many.html" 1400 "$works and .posts == 5000"
shoot "$work/many/index.html" many-1400 1400 1600
echo "screenshots: $shots"
