#!/bin/sh
# Builds the native cipher engine for this machine: build.sh <folder>. The library goes to
# <folder>/linux-<arch>/. Without a C compiler, or on another system, there is none, and ciphers of
# the JDK are used: this says so, and succeeds. CC names the compiler.
set -eu

sources=$(cd "$(dirname "$0")" && pwd -P)
folder=$1
name=libsluice_cipher.so

without() { # why
  echo "[WARNING] native ciphers: not built: $1; ciphers of the JDK will be used (in Debian: apt-get install gcc libc6-dev)"
  rm -rf "$folder"
  exit 0
}

[ "$(uname -s)" = Linux ] || without "this is $(uname -s) (expected: Linux)"
arch=$(uname -m)
case $arch in
  x86_64 | aarch64) ;;
  *) without "this is $arch (expected: x86_64 or aarch64)" ;;
esac

library=$folder/linux-$arch/$name
if [ -f "$library" ] && [ -z "$(find "$sources" -type f -newer "$library" -print | head -n 1)" ]; then
  exit 0
fi

compiler=
for candidate in ${CC:-} cc gcc clang; do
  if command -v "$candidate" >/dev/null 2>&1; then
    compiler=$candidate
    break
  fi
done
[ -n "$compiler" ] || without "no C compiler was found"

mkdir -p "$folder/linux-$arch"
new=$library.new
trap 'rm -f "$new"' EXIT

# Anything that this cannot compile is a matter of the compiler, its headers or its linker.
if ! printf '#include <stdint.h>\n#include <string.h>\n#include <cpuid.h>\nint one(void);\nint one(void) { return 1; }\n' |
  sed "$([ "$arch" = x86_64 ] || echo /cpuid/d)" |
  "$compiler" -x c -std=c11 -shared -fPIC -o "$new" - 2>/dev/null; then
  without "$compiler builds no library"
fi

# Instructions beyond the least are named function by function, so there is no -march here. One
# function overwrites the stack behind the others, to a depth that none of them reaches.
"$compiler" -std=c11 -O3 -g0 -fPIC -fvisibility=hidden -fno-ident \
  -Wall -Wextra -Werror -Wframe-larger-than=8400 \
  -shared -Wl,-z,relro -Wl,-z,now -Wl,-z,noexecstack -Wl,--build-id=none -s \
  -o "$new" "$sources"/*.c
mv "$new" "$library"
