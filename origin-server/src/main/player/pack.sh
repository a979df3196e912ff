#!/bin/sh
# Puts Shaka Player beside the player page, for the jar. Asks npm only for what is not there yet,
# so a second build needs no network.
#
#   pack.sh BUILD_DIRECTORY
set -eu

here=$(cd "$(dirname "$0")" && pwd)
build=$1
packed=$build/classes/dev/sluice/origin/player/shaka-player.js
home=$build/player
library=$home/node_modules/shaka-player/dist/shaka-player.compiled.js

# The copy of package.json says which version was fetched; when the version moves, fetch anew.
if [ ! -f "$library" ] || ! cmp -s "$here/package.json" "$home/package.json"; then
  if ! command -v npm >/dev/null 2>&1; then
    echo "npm: not found (expected: on PATH; it fetches Shaka Player for the player page)" >&2
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
if ! cmp -s "$library" "$packed"; then
  mkdir -p "${packed%/*}"
  cp "$library" "$packed"
fi
