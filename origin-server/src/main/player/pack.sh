#!/bin/sh
# Puts Shaka Player and hls.js beside the player page, for the jar. Asks npm only for what is not
# there yet, so a second build needs no network.
#
#   pack.sh BUILD_DIRECTORY
set -eu

here=$(cd "$(dirname "$0")" && pwd)
build=$1
packed=$build/classes/dev/sluice/origin/player
home=$build/player
modules=$home/node_modules
shaka=$modules/shaka-player/dist/shaka-player.compiled.js
hls=$modules/hls.js/dist/hls.min.js

# The copy of package.json says which versions were fetched; when one moves, fetch anew.
if [ ! -f "$shaka" ] || [ ! -f "$hls" ] || ! cmp -s "$here/package.json" "$home/package.json"; then
  if ! command -v npm >/dev/null 2>&1; then
    echo "npm: not found (expected: on PATH; it fetches the players for the player page)" >&2
    exit 1
  fi
  mkdir -p "$home"
  cp "$here/package.json" "$home/package.json"
  npm install --prefix "$home" --prefer-offline --no-audit --no-fund --no-package-lock \
    --ignore-scripts --loglevel=error >&2 || {
    rm -f "$home/package.json"
    exit 1
  }
fi

pack() { # library name
  if ! cmp -s "$1" "$packed/$2"; then
    mkdir -p "$packed"
    cp "$1" "$packed/$2"
  fi
}
pack "$shaka" shaka-player.js
pack "$hls" hls.js
