#!/bin/sh
# Fuzzes the ciphers with libFuzzer for so many seconds: fuzz.sh <folder> <seconds>. New inputs go to
# <folder>/corpus. In Debian: apt-get install clang libclang-rt-dev; CC names the compiler.
set -eu
. "$(dirname "$0")/build.sh"
mkdir -p "$1/corpus"
# shellcheck disable=SC2086 # several words are wanted
"${CC:-clang}" $flags -O1 -fsanitize=fuzzer,address,undefined -fno-sanitize-recover=all \
  -o "$1/fuzz" "$here/fuzz.c" $checked
cd "$1"
./fuzz -max_total_time="$2" -max_len=2048 -len_control=0 corpus "$here/corpus"
