/* What the entry points and the kernels share. Nothing here checks: the entry points have. Kernels
 * leave key schedules on the stack; the entry points overwrite it behind them. */
#ifndef SLUICE_KERNELS_H
#define SLUICE_KERNELS_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "sluice_cipher.h"

#define BLOCK_BYTES 16
#define ROUND_KEYS 11

/* More than a kernel and what it calls have on the stack together: about half of it. */
#define KERNEL_STACK_BYTES 8192

#define ALWAYS_INLINE static inline __attribute__((always_inline))

/* Loops over blocks in registers have to be unrolled, or the blocks are not in registers. */
#if defined(__clang__)
#define UNROLL _Pragma("unroll")
#else
#define UNROLL _Pragma("GCC unroll 16")
#endif

struct ctr_piece {
	const uint8_t *key;
	const uint8_t *source;
	uint8_t *target;
	uint64_t from;
	uint64_t to;
	const struct sluice_ctr_range *ranges; /* those in the window, and maybe some behind it */
	uint32_t count;
};

struct cbc_piece {
	const uint8_t *key;
	const uint8_t *source;
	uint8_t *target;
	uint64_t from;
	uint64_t to;
	struct sluice_cbc_range *ranges; /* those in the window, and none behind it */
	uint32_t count;
	uint32_t one_of_ten; /* whether every one of them has the pattern 1:9 */
};

struct kernels {
	void (*ctr)(const struct ctr_piece *piece);
	void (*cbc)(const struct cbc_piece *pieces, uint32_t count);
};

extern const struct kernels sluice_aesni;
extern const struct kernels sluice_vaes512;
extern const struct kernels sluice_armv8;

/* Copies n bytes, unless source and target are the same. */
ALWAYS_INLINE void copy_clear(uint8_t *target, const uint8_t *source, uint64_t n) {
	if (n > 0 && target != source) {
		memcpy(target, source, n);
	}
}

/* Copies less than a block. */
ALWAYS_INLINE void copy_rest(uint8_t *target, const uint8_t *source, size_t n) {
	if (n & 8) {
		memcpy(target, source, 8);
		target += 8;
		source += 8;
	}
	if (n & 4) {
		memcpy(target, source, 4);
		target += 4;
		source += 4;
	}
	if (n & 2) {
		memcpy(target, source, 2);
		target += 2;
		source += 2;
	}
	if (n & 1) {
		*target = *source;
	}
}

ALWAYS_INLINE uint64_t least(uint64_t a, uint64_t b) {
	return a < b ? a : b;
}

ALWAYS_INLINE uint64_t most(uint64_t a, uint64_t b) {
	return a > b ? a : b;
}

/* The bytes of a block that is written as two numbers. */
ALWAYS_INLINE void put_block(uint8_t *bytes, uint64_t high, uint64_t low) {
	uint64_t swapped[2] = {__builtin_bswap64(high), __builtin_bswap64(low)};
	memcpy(bytes, swapped, BLOCK_BYTES);
}

ALWAYS_INLINE void get_block(const uint8_t *bytes, uint64_t *high, uint64_t *low) {
	uint64_t swapped[2];
	memcpy(swapped, bytes, BLOCK_BYTES);
	*high = __builtin_bswap64(swapped[0]);
	*low = __builtin_bswap64(swapped[1]);
}

#endif
