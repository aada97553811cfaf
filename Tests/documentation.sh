#!/bin/sh
# Makes the documentation of the library, .build/Grounding.doccarchive: every warning is an error, and so is a public name
# without a word, or a block of Swift in an article that does not compile.
set -eu
cd "$(dirname "$0")/.."

swift build -c release --product Grounding >&2
modules=.build/release/Modules
maps=$(find .build/release/C*.build .build/checkouts/*/Sources Sources -name module.modulemap | sed 's/^/-Xcc -fmodule-map-file=/')
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

mkdir "$work/graph"
target=$(swiftc -print-target-info | sed -n 's/.*"unversionedTriple": "\(.*\)".*/\1/p')
# shellcheck disable=SC2086  # a list of options
swift symbolgraph-extract -module-name Grounding -I "$modules" -target "$target" -minimum-access-level public \
    -output-dir "$work/graph" $maps
docc convert Sources/Grounding/Grounding.docc --additional-symbol-graph-dir "$work/graph" --warnings-as-errors \
    --fallback-display-name Grounding --fallback-bundle-identifier gmner.Grounding --output-path .build/Grounding.doccarchive

# The compiler's own names (== of Equatable and so on) have their words elsewhere.
silent=$(jq -r '.symbols[] | select(.docComment == null and .location != null) | .pathComponents | join(".")' \
    "$work/graph/Grounding.symbols.json")
[ -z "$silent" ] || { echo "public, and not a word about it: $silent" >&2; exit 1; }

awk -v work="$work" '
    /^```swift$/ { inside = 1; files++; next }
    /^```/ { inside = 0 }
    inside { print > (work "/" files ".swift") }' Sources/Grounding/Grounding.docc/*.md
for file in "$work"/*.swift; do
    # shellcheck disable=SC2086  # a list of options
    swiftc -typecheck -swift-version 6 -warnings-as-errors -I "$modules" $maps "$file" || { cat "$file" >&2; exit 1; }
done
echo "$(find "$work" -name '*.swift' | wc -l) pieces of code compile"
