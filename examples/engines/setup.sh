# shellcheck shell=sh disable=SC2034,SC2154
# Sourced by the scripts here: the filter, a folder for work, and posts.
#
# The programs are those in the path, or those of this clone. GMNER_MODEL names another model than the one that ships;
# ENGINES_DIRECTORY keeps what is installed for the next run.

root=$(cd "$here/../.." && pwd)
command -v gmner-stream > /dev/null || PATH=$root/.build/release:$PATH
command -v gmner-stream > /dev/null || { echo "gmner-stream is not in the path; build it first" >&2; exit 66; }
export PATH
installed=${ENGINES_DIRECTORY:-${TMPDIR:-/tmp}/gmner-engines}
mkdir -p "$installed"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# packages NAME…: by apt, where they are missing.
packages() {
    missing=""
    for package; do
        dpkg-query -W -f='${Status}' "$package" 2> /dev/null | grep -q '^install ok installed$' || missing="$missing $package"
    done
    [ -z "$missing" ] && return
    as_root=""
    [ "$(id -u)" -eq 0 ] || as_root=sudo
    $as_root apt-get update -qq >&2
    # shellcheck disable=SC2086  # a list of names
    $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >&2
}

# posts COUNT: a feed, a bad line in every thousand.
posts() {
    awk -v count="$1" 'BEGIN {
        split("Ada Lovelace|Alan Turing|Grace Hopper|Edsger Dijkstra|Barbara Liskov", names, "|")
        split("London|Chicago|Paris|Rotterdam|Montreal", places, "|")
        for (i = 1; i <= count; i++)
            if (i % 1000 == 0) print "{\"id\":" i ",\"text\":5}"
            else printf "{\"id\":%d,\"text\":\"%s was seen in %s, number %d\"}\n", i, names[i % 5 + 1], places[int(i / 5) % 5 + 1], i
    }'
}

# same WHAT EXPECTED GOT: answers are the same but for the numbers of lines, which count in each copy from 1.
same() {
    for file in "$2" "$3"; do sed 's/"line":[0-9]*,\{0,1\}//' "$file" > "$file.plain"; done
    diff "$2.plain" "$3.plain" > "$work/difference" || { head -n 4 "$work/difference" >&2; echo "$1: other answers" >&2; exit 1; }
    echo "$1: $(wc -l < "$3") answers, each as one process gives it"
}
