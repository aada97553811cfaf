# shellcheck shell=sh
# Sourced: the C libraries and tools that building and testing need, by apt where they are missing.
need=""
for package in "$@" libopenblas-dev libjpeg62-turbo-dev libpng-dev libwebp-dev pkg-config; do
    dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q '^install ok installed$' || need="$need $package"
done
if [ -n "$need" ]; then
    as_root=""
    [ "$(id -u)" -eq 0 ] || as_root=sudo
    $as_root apt-get update -qq
    # shellcheck disable=SC2086  # a list of names
    $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $need >&2
fi
