#!/bin/sh
# Runs the driver on an emulated ARMv8 processor: arm.sh <folder> <random inputs> [<seed>]. In Debian:
# apt-get install gcc-aarch64-linux-gnu libc6-dev-arm64-cross qemu-user-static
set -eu
. "$(dirname "$0")/build.sh"
mkdir -p "$1"
# shellcheck disable=SC2086 # several words are wanted
"${CC:-aarch64-linux-gnu-gcc}" $flags -O3 -static -o "$1/driver-arm" "$here/driver.c" $checked
qemu-aarch64-static "$1/driver-arm" "$2" "${3:-1}" "$here"/corpus/*
