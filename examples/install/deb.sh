#!/bin/sh
# Makes gmner_VERSION_ARCH.deb in the package's folder, of what `make install` installs: deb.sh VERSION
set -eu
cd "$(dirname "$0")/../.."

version=$1
arch=$(dpkg --print-architecture)
stage=$(mktemp -d)
trap 'rm -rf "$stage"' EXIT
chmod 755 "$stage"

make install PREFIX=/usr DESTDIR="$stage"
gzip -9n "$stage"/usr/share/man/man1/*.1
mv "$stage/usr/share/doc/gmner/LICENSE" "$stage/usr/share/doc/gmner/copyright"

# The packages that the libraries come from, those of the C library apart: each program names its own.
depends=$(ldd "$stage/usr/bin/gmner-stream" "$stage/usr/bin/gmner" | sed -n 's/.*=> \(\/[^ ]*\).*/\1/p' | sort -u |
    while read -r library; do
        real=$(readlink -f "$library")
        dpkg-query -S "$real" 2> /dev/null || dpkg-query -S "${real#/usr}" 2> /dev/null || echo "unknown: $real" >&2
    done | sed 's/:.*//' | sort -u | paste -s -d , | sed 's/,/, /g')

mkdir "$stage/DEBIAN"
cat > "$stage/DEBIAN/control" << END
Package: gmner
Version: $version
Architecture: $arch
Maintainer: The authors of gmner
Installed-Size: $(du -sk "$stage" | cut -f1)
Depends: $depends
Section: text
Priority: optional
Description: named entities of posts, and where their pictures show them
 gmner-stream is a filter: posts with their pictures in, one JSON object a
 line, and out come the entities that they name, with types and boxes. gmner
 beside it trains, evaluates, converts and views.
END
dpkg-deb --root-owner-group --build "$stage" "gmner_${version}_$arch.deb"
