/* A block in an SSE register, and AES on it. TARGET says which instructions may be used. */
#ifndef SLUICE_BLOCK_X86_H
#define SLUICE_BLOCK_X86_H

#include <immintrin.h>

#include "kernels.h"

#define KERNEL __attribute__((target(TARGET)))
#define INLINE_KERNEL KERNEL ALWAYS_INLINE

typedef __m128i block;

INLINE_KERNEL block load_block(const uint8_t *bytes) {
	return _mm_loadu_si128((const __m128i *)bytes);
}

INLINE_KERNEL void store_block(uint8_t *bytes, block value) {
	_mm_storeu_si128((__m128i *)bytes, value);
}

INLINE_KERNEL block xor_block(block a, block b) {
	return _mm_xor_si128(a, b);
}

/* The counter block of two numbers that are written big-endian. */
INLINE_KERNEL block counter_block(uint64_t high, uint64_t low) {
	return _mm_set_epi64x((int64_t)__builtin_bswap64(low), (int64_t)__builtin_bswap64(high));
}

/* One of the 11 steps of AES-128. The step is a constant once its loop is unrolled. */
INLINE_KERNEL block aes_step(block state, block key, int step) {
	if (step == 0) {
		return _mm_xor_si128(state, key);
	}
	return step == ROUND_KEYS - 1 ? _mm_aesenclast_si128(state, key) : _mm_aesenc_si128(state, key);
}

INLINE_KERNEL block next_key(block key, block assist) {
	key = _mm_xor_si128(key, _mm_slli_si128(key, 4));
	key = _mm_xor_si128(key, _mm_slli_si128(key, 8));
	return _mm_xor_si128(key, _mm_shuffle_epi32(assist, 0xff));
}

/* FIPS 197, 5.2. */
INLINE_KERNEL void expand_key(const uint8_t *key, block *keys) {
	keys[0] = load_block(key);
	keys[1] = next_key(keys[0], _mm_aeskeygenassist_si128(keys[0], 0x01));
	keys[2] = next_key(keys[1], _mm_aeskeygenassist_si128(keys[1], 0x02));
	keys[3] = next_key(keys[2], _mm_aeskeygenassist_si128(keys[2], 0x04));
	keys[4] = next_key(keys[3], _mm_aeskeygenassist_si128(keys[3], 0x08));
	keys[5] = next_key(keys[4], _mm_aeskeygenassist_si128(keys[4], 0x10));
	keys[6] = next_key(keys[5], _mm_aeskeygenassist_si128(keys[5], 0x20));
	keys[7] = next_key(keys[6], _mm_aeskeygenassist_si128(keys[6], 0x40));
	keys[8] = next_key(keys[7], _mm_aeskeygenassist_si128(keys[7], 0x80));
	keys[9] = next_key(keys[8], _mm_aeskeygenassist_si128(keys[8], 0x1b));
	keys[10] = next_key(keys[9], _mm_aeskeygenassist_si128(keys[9], 0x36));
}

#endif
