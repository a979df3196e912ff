/* A block in a NEON register, and AES on it. TARGET says which instructions may be used. */
#ifndef SLUICE_BLOCK_ARM_H
#define SLUICE_BLOCK_ARM_H

#include <arm_neon.h>

#include "kernels.h"

#define KERNEL __attribute__((target(TARGET)))
#define INLINE_KERNEL KERNEL ALWAYS_INLINE

typedef uint8x16_t block;

INLINE_KERNEL block load_block(const uint8_t *bytes) {
	return vld1q_u8(bytes);
}

INLINE_KERNEL void store_block(uint8_t *bytes, block value) {
	vst1q_u8(bytes, value);
}

INLINE_KERNEL block xor_block(block a, block b) {
	return veorq_u8(a, b);
}

/* The counter block of two numbers that are written big-endian. */
INLINE_KERNEL block counter_block(uint64_t high, uint64_t low) {
	return vreinterpretq_u8_u64(vcombine_u64(vcreate_u64(__builtin_bswap64(high)),
	                                         vcreate_u64(__builtin_bswap64(low))));
}

/* One of the 11 steps of AES-128. AESE adds the key before it substitutes, so that the last two
 * steps differ from those of other processors. */
INLINE_KERNEL block aes_step(block state, block key, int step) {
	if (step == ROUND_KEYS - 1) {
		return veorq_u8(state, key);
	}
	block substituted = vaeseq_u8(state, key);
	return step == ROUND_KEYS - 2 ? substituted : vaesmcq_u8(substituted);
}

/* SubWord of FIPS 197: the same word in every column is not moved by ShiftRows. */
INLINE_KERNEL uint32_t substitute(uint32_t word) {
	uint8x16_t columns = vreinterpretq_u8_u32(vdupq_n_u32(word));
	return vgetq_lane_u32(vreinterpretq_u32_u8(vaeseq_u8(columns, vdupq_n_u8(0))), 0);
}

/* FIPS 197, 5.2. */
INLINE_KERNEL void expand_key(const uint8_t *key, block *keys) {
	static const uint8_t constants[] = {0x01, 0x02, 0x04, 0x08, 0x10, 0x20, 0x40, 0x80, 0x1b, 0x36};
	uint32_t words[4];
	memcpy(words, key, BLOCK_BYTES);
	keys[0] = load_block(key);
	for (int i = 1; i < ROUND_KEYS; i++) {
		uint32_t turned = (words[3] >> 8) | (words[3] << 24);
		words[0] ^= substitute(turned) ^ constants[i - 1];
		words[1] ^= words[0];
		words[2] ^= words[1];
		words[3] ^= words[2];
		keys[i] = vreinterpretq_u8_u32(vld1q_u32(words));
	}
}

#endif
