/* The AES instructions of ARMv8. */
#if defined(__aarch64__)

#if defined(__clang__)
#define TARGET "aes"
#else
#define TARGET "+crypto"
#endif
#include "block_arm.h"

/* The clear blocks of the pattern 1:9. */
INLINE_KERNEL void copy_nine_blocks(uint8_t *target, const uint8_t *source) {
	UNROLL
	for (int i = 0; i < 9; i++) {
		vst1q_u8(target + BLOCK_BYTES * i, vld1q_u8(source + BLOCK_BYTES * i));
	}
}

#include "cbc_lanes.h"
#include "ctr_blocks.h"

const struct kernels sluice_armv8 = {ctr_piece, cbc_pieces};

#endif
