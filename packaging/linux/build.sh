#!/bin/sh
# Builds the .deb and the tar.gz from a release binary.
#
#   packaging/linux/build.sh PROGRAM OUT
set -eu
program=${1:?path of the release binary}
out=${2:?folder for the packages}
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)

id=io.github.gigasite.Gigasite
version=$(sed -n 's/^version = "\(.*\)"/\1/p' "$root/Cargo.toml" | head -n 1)
arch=$(dpkg --print-architecture)
name=gigasite_${version}_${arch}
# Files carry the date of the last change, so that equal input gives equal packages.
SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git -C "$root" log -1 --format=%ct 2>/dev/null || date +%s)}
export SOURCE_DATE_EPOCH

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$out"
rm -f "$out"/gigasite_*

# The oldest C library that the binary's symbols allow.
glibc=$(objdump -T "$program" | grep -o 'GLIBC_[0-9.]*' | sort -uV | tail -n 1 | cut -d _ -f 2)
libstdcxx=$(objdump -T "$program" | grep -o 'GLIBCXX_[0-9.]*' | sort -uV | tail -n 1 | cut -d _ -f 2)
echo "needs glibc $glibc, libstdc++ symbols ${libstdcxx:-none}"

put() { install -D -m "$1" "$2" "$3"; }

# Everything that both packages hold, below the prefix $1.
fill() {
    put 755 "$program" "$1/bin/gigasite"
    strip "$1/bin/gigasite"
    put 644 "$here/$id.desktop" "$1/share/applications/$id.desktop"
    put 644 "$here/$id.metainfo.xml" "$1/share/metainfo/$id.metainfo.xml"
    put 644 "$here/gigasite.svg" "$1/share/icons/hicolor/scalable/apps/gigasite.svg"
    for size in 64 128 256 512; do
        put 644 "$here/gigasite-$size.png" "$1/share/icons/hicolor/${size}x$size/apps/gigasite.png"
    done
    mkdir -p "$1/share/man/man1"
    gzip -9nc "$here/gigasite.1" >"$1/share/man/man1/gigasite.1.gz"
    for layout in "$root"/layouts/*.ron; do
        put 644 "$layout" "$1/share/gigasite/layouts/$(basename "$layout")"
    done
    for text in LICENSE-MIT LICENSE-APACHE README.md CHANGELOG.md; do
        put 644 "$root/$text" "$1/share/doc/gigasite/$text"
    done
    if [ -d "$root/assets/fonts" ]; then
        for text in "$root"/assets/fonts/*.txt "$root"/assets/fonts/LICENSE* "$root"/assets/fonts/OFL*; do
            [ ! -f "$text" ] || put 644 "$text" "$1/share/doc/gigasite/fonts/$(basename "$text")"
        done
    fi
}

# ---------------------------------------------------------------- .deb

deb=$work/deb
fill "$deb/usr"
put 644 "$here/copyright" "$deb/usr/share/doc/gigasite/copyright"
mkdir -p "$deb/DEBIAN"
cat >"$deb/DEBIAN/control" <<END
Package: gigasite
Version: $version
Architecture: $arch
Maintainer: The Gigasite authors <gigasite@localhost>
Installed-Size: $(du -sk "$deb/usr" | cut -f 1)
Depends: libc6 (>= $glibc), libstdc++6, libgcc-s1, libx11-6, libxcursor1, libxi6, libxrandr2, libx11-xcb1, libxkbcommon0, libxkbcommon-x11-0, libwayland-client0, libegl1, libvulkan1
Recommends: mesa-vulkan-drivers, xdg-desktop-portal | zenity
Section: science
Priority: optional
Description: plan gigawatt-scale AI sites: electricity in, tokens out
 Draw an AI site: grid feeds, substations, halls, liquid-cooled racks. While you
 draw, a linear program keeps allocating every megawatt across rack types,
 operating points and pricing tiers so that the site earns most, and says which
 limit holds it back and what one more unit of it is worth. Works offline.
END
(cd "$deb" && find usr -type f -print0 | sort -z | xargs -0 md5sum) >"$deb/DEBIAN/md5sums"
dpkg-deb --root-owner-group --build "$deb" "$out/$name.deb" >/dev/null

# ---------------------------------------------------------------- tar.gz

tar_root=$work/tar/gigasite-$version
fill "$tar_root"
cp "$root/LICENSE-MIT" "$root/LICENSE-APACHE" "$root/README.md" "$tar_root"
tar --create --directory "$work/tar" --sort=name --owner=0 --group=0 --numeric-owner \
    --mtime="@$SOURCE_DATE_EPOCH" "gigasite-$version" | gzip -9n >"$out/$name.tar.gz"
