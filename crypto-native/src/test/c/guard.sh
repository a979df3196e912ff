#!/bin/sh
# Reads mappings of files that have become shorter: guard.sh <folder for the binary> [<runner>]. CC
# names the compiler; what it makes for another processor is run by the runner.
set -eu
. "$(dirname "$0")/build.sh"
mkdir -p "$1"
# shellcheck disable=SC2086 # several words are wanted
"${CC:-cc}" $flags -O3 ${2:+-static} -o "$1/guard" "$here/guard.c" $checked
${2:-} "$1/guard"
