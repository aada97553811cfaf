#!/bin/sh
# Installs into a folder of its own, answers a post with nothing of the toolchain in reach, and takes everything away again;
# as root on Debian the same with the package. Takes two builds' time, so it is not a part of run.sh.
set -eu
cd "$(dirname "$0")/.."

. Tests/dependencies.sh
prefix=$(mktemp -d)
home=$(mktemp -d)
trap 'rm -rf "$prefix" "$home"' EXIT

# Answers with a clean environment: no library path, no toolchain.
answers() {
    echo '{"text":"Garfield Park is in Chicago"}' | env -i "$1/bin/gmner-stream" | grep -q '"entity":"Chicago"'
    env -i "$1/bin/gmner" methods | grep -q crf-none
    if ldd "$1/bin/gmner-stream" "$1/bin/gmner" | grep -i swift; then
        echo "linked to the toolchain" >&2
        exit 1
    fi
}

echo "== make install"
make install PREFIX="$prefix"
answers "$prefix"
for program in gmner-stream gmner; do
    for file in bin/$program man/man1/$program.1 bash-completion/completions/$program zsh/site-functions/_$program \
        fish/vendor_completions.d/$program.fish gmner/model/config.json; do
        [ -s "$prefix/$file" ] || [ -s "$prefix/share/$file" ] || { echo "no $file" >&2; exit 1; }
    done
    # Each shell that is here completes by its file.
    bash -c '. "$1" && complete -p "$2"' - "$prefix/share/bash-completion/completions/$program" $program
    ! command -v zsh > /dev/null || zsh -f -c 'fpath=("$1" $fpath); autoload -U compinit && compinit -u -D && echo $_comps[$2]' \
        - "$prefix/share/zsh/site-functions" $program | grep -qx _$program
    # shellcheck disable=SC2016  # fish's arguments
    ! command -v fish > /dev/null || HOME=$home fish --no-config -c 'source $argv[1]; complete -C"$argv[2] --"' \
        "$prefix/share/fish/vendor_completions.d/$program.fish" $program | grep -q -- --help
done

echo "== make uninstall"
make uninstall PREFIX="$prefix"
left=$(find "$prefix" -type f)
[ -z "$left" ] || { echo "left behind: $left" >&2; exit 1; }

if [ "$(id -u)" -eq 0 ] && command -v dpkg > /dev/null; then
    echo "== make deb"
    make deb
    dpkg -i gmner_*.deb
    answers /usr
    dpkg -r gmner
    rm gmner_*.deb
    [ ! -e /usr/bin/gmner-stream ] && [ ! -e /usr/share/gmner ]
fi
echo "installed, run and removed"
