#!/bin/sh
# Installs into a folder of its own, answers a post with nothing of the toolchain in reach, and takes everything away again;
# as root on Debian the same with the package. Takes two builds' time, so it is not a part of run.sh.
set -eu
cd "$(dirname "$0")/.."

. Tests/dependencies.sh
prefix=$(mktemp -d)
trap 'rm -rf "$prefix"' EXIT

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
for file in share/man/man1/gmner.1 share/gmner/model/config.json share/bash-completion/completions/gmner-stream \
    share/zsh/site-functions/_gmner share/fish/vendor_completions.d/gmner-stream.fish; do
    [ -s "$prefix/$file" ] || { echo "no $file" >&2; exit 1; }
done
bash -n "$prefix/share/bash-completion/completions/gmner-stream"

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
