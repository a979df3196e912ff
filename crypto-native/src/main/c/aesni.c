/* AES-NI, with the three-operand forms of AVX. */
#if defined(__x86_64__)

#define TARGET "aes,avx"
#include "block_x86.h"

/* The clear blocks of the pattern 1:9. */
INLINE_KERNEL void copy_nine_blocks(uint8_t *target, const uint8_t *source) {
	__m256i a = _mm256_loadu_si256((const __m256i *)source);
	__m256i b = _mm256_loadu_si256((const __m256i *)(source + 32));
	__m256i c = _mm256_loadu_si256((const __m256i *)(source + 64));
	__m256i d = _mm256_loadu_si256((const __m256i *)(source + 96));
	__m128i e = _mm_loadu_si128((const __m128i *)(source + 128));
	_mm256_storeu_si256((__m256i *)target, a);
	_mm256_storeu_si256((__m256i *)(target + 32), b);
	_mm256_storeu_si256((__m256i *)(target + 64), c);
	_mm256_storeu_si256((__m256i *)(target + 96), d);
	_mm_storeu_si128((__m128i *)(target + 128), e);
}

#include "cbc_lanes.h"
#include "ctr_blocks.h"

const struct kernels sluice_aesni = {ctr_piece, cbc_pieces};

#endif
