#!/bin/sh
# Runs the driver over the corpus and random inputs, once with sanitizers and once as optimized as
# the library is: driver.sh <folder for the binaries> <random inputs> [<seed>]. CC names the compiler.
set -eu
. "$(dirname "$0")/build.sh"
folder=$1
inputs=$2
seed=${3:-1}
cc=${CC:-cc}

mkdir -p "$folder"
# shellcheck disable=SC2086 # several words are wanted
"$cc" $flags -DSANITIZED -O1 -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer \
  -o "$folder/driver-sanitized" "$here/driver.c" $checked
# shellcheck disable=SC2086
"$cc" $flags -O3 -o "$folder/driver" "$here/driver.c" $checked
for driver in driver-sanitized driver; do
  "$folder/$driver" "$inputs" "$seed" "$here"/corpus/*
done
