# Sourced by the scripts beside it: where the C sources are, and how they are compiled.
here=$(cd "$(dirname "$0")" && pwd -P)
main=$here/../../main/c
flags="-std=c11 -g -Wall -Wextra -Werror -pthread -I$main"
checked="$here/check.c $here/reference.c $main/aesni.c $main/armv8.c $main/cipher.c $main/cpu.c $main/guard.c $main/vaes512.c"
