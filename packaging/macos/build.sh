#!/bin/sh
# UNTRIED: written without a Mac at hand. Builds Gigasite.app and a .dmg.
#
#   packaging/macos/build.sh OUT      needs Xcode command line tools, CMake and Rust 1.95
set -eu
out=${1:?folder for the bundle}
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
version=$(sed -n 's/^version = "\(.*\)"/\1/p' "$root/Cargo.toml" | head -n 1)
target=${CARGO_TARGET_DIR:-$root/target}

(cd "$root" && CARGO_TARGET_DIR=$target cargo build --release --locked)

app=$out/Gigasite.app/Contents
rm -rf "$out/Gigasite.app"
mkdir -p "$app/MacOS" "$app/Resources/layouts"
cp "$target/release/gigasite" "$app/MacOS/gigasite"
sed "s/@VERSION@/$version/g" "$here/Info.plist" >"$app/Info.plist"
cp "$root"/layouts/*.ron "$app/Resources/layouts/"
cp "$root/LICENSE-MIT" "$root/LICENSE-APACHE" "$app/Resources/"

# iconutil wants a folder of fixed names.
icons=$(mktemp -d)/gigasite.iconset
mkdir -p "$icons"
cp "$root/packaging/linux/gigasite-128.png" "$icons/icon_128x128.png"
cp "$root/packaging/linux/gigasite-256.png" "$icons/icon_256x256.png"
cp "$root/packaging/linux/gigasite-512.png" "$icons/icon_512x512.png"
iconutil --convert icns --output "$app/Resources/gigasite.icns" "$icons"

# Ad-hoc signature; replace - by a Developer ID and notarise before giving it away.
codesign --force --sign - "$out/Gigasite.app"
hdiutil create -volname Gigasite -srcfolder "$out/Gigasite.app" -ov "$out/gigasite-$version.dmg"
