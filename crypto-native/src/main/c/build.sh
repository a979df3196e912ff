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

# CC may be of several words: ccache gcc.
compiler=
for candidate in "${CC:-}" cc gcc clang; do
  if command -v "${candidate%% *}" >/dev/null 2>&1; then
    compiler=$candidate
    break
  fi
done
[ -n "$compiler" ] || without "no C compiler was found"

mkdir -p "$folder/linux-$arch"
new=$library.new
trap 'rm -f "$new"' EXIT

# Anything that this cannot compile is a matter of the compiler, its headers or its linker. The flags
# are those below, the instructions the latest that are asked for.
flags="-std=c11 -O3 -g0 -fPIC -fvisibility=hidden -fno-ident -Wall -Wextra
  -Wframe-larger-than=8400 -shared -Wl,-z,relro -Wl,-z,now -Wl,-z,noexecstack -Wl,--build-id=none -s"
case $arch in
  x86_64) probe='#include <immintrin.h>
__attribute__((target("vaes,avx512f"))) __m512i step(__m512i, __m512i);
__attribute__((target("vaes,avx512f"))) __m512i step(__m512i a, __m512i b) { return _mm512_aesenc_epi128(a, b); }' ;;
  *) probe= ;;
esac
# shellcheck disable=SC2086 # several words are wanted
if ! printf '#include <signal.h>\n#include <stdint.h>\n#include <string.h>\n%s\nint one(void);\nint one(void) { return 1; }\n' "$probe" |
  $compiler $flags -x c -o "$new" - 2>/dev/null; then
  without "$compiler builds no library, or is too old (expected: gcc 8, clang 7, or later)"
fi

# Instructions beyond the least are named function by function, so there is no -march here. One
# function overwrites the stack behind the others, to a depth that none of them reaches. Warnings
# are no errors, since compilers to come may have new ones: a test wants there to be none.
# shellcheck disable=SC2086
$compiler $flags -o "$new" "$sources"/*.c
mv "$new" "$library"
