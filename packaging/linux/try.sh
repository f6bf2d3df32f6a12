#!/bin/sh
# Tries the packages as a user would: install, solve, open the window, remove.
#
#   packaging/linux/try.sh OUT
#
# As root, and where no gigasite is installed yet, the .deb goes through dpkg;
# otherwise it is only unpacked. The tar.gz is always only unpacked.
set -eu
out=${1:?folder with the packages}
root=$(cd "$(dirname "$0")/../.." && pwd)
deb=$(ls "$out"/gigasite_*.deb)
tarball=$(ls "$out"/gigasite_*.tar.gz)

work=$(mktemp -d)
remove=
end() {
    [ -z "$remove" ] || dpkg --remove gigasite >/dev/null 2>&1 || true
    rm -rf "$work"
}
trap end EXIT

fail() {
    echo "packages: $*" >&2
    exit 1
}

# try_program PREFIX: what is installed below PREFIX works.
try_program() {
    program=$1/bin/gigasite
    "$program" --version
    "$program" solve "$1/share/gigasite/layouts/keynote-rubin-1gw.ron" >"$work/answer" ||
        fail "the installed program does not solve its own layout"
    [ -s "$work/answer" ] || fail "the installed program prints nothing"
    GIGASITE_LAYOUT=$1/share/gigasite/layouts/keynote-rubin-1gw.ron "$root/tests/window.sh" start "$program"
}

dpkg-deb --info "$deb" control >/dev/null || fail "the .deb has no control file"
if command -v appstreamcli >/dev/null 2>&1; then
    appstreamcli validate --no-net "$root"/packaging/linux/*.metainfo.xml
fi

state=$(dpkg-query -W -f='${db:Status-Status}' gigasite 2>/dev/null || true)
if [ "$(id -u)" = 0 ] && [ "$state" != installed ]; then
    remove=yes
    dpkg --install "$deb"
    try_program /usr
    dpkg --remove gigasite
    remove=
    [ ! -e /usr/bin/gigasite ] || fail "removing the package leaves /usr/bin/gigasite behind"
else
    echo "packages: not root, or gigasite is installed: the .deb is unpacked instead" >&2
    dpkg-deb --extract "$deb" "$work/deb"
    try_program "$work/deb/usr"
fi

mkdir "$work/tar"
tar --extract --gzip --file "$tarball" --directory "$work/tar"
try_program "$work/tar"/gigasite-*
echo "packages: both work"
