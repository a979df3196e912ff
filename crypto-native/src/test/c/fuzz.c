/* For libFuzzer: fuzz.sh builds and runs it. */
#include "check.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size) {
	check(bytes, size);
	return 0;
}
