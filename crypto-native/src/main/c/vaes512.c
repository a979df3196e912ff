/* VAES on registers of 512 bits: four blocks each. CBC has its chains in them side by side. */
#if defined(__x86_64__)

#define TARGET "aes,vaes,avx512f,avx512bw,avx512dq,avx512vl,bmi2"
#include "block_x86.h"

#define VECTOR_BYTES 64
#define CTR_VECTORS 8

INLINE_KERNEL __m512i load_vector(const void *bytes) {
	return _mm512_loadu_si512(bytes);
}

/* The clear blocks of the pattern 1:9. */
INLINE_KERNEL void copy_nine_blocks(uint8_t *target, const uint8_t *source) {
	__m512i a = load_vector(source);
	__m512i b = load_vector(source + 64);
	__m128i c = load_block(source + 128);
	_mm512_storeu_si512(target, a);
	_mm512_storeu_si512(target + 64, b);
	store_block(target + 128, c);
}

INLINE_KERNEL __m512i vector_step(__m512i state, __m512i key, int step) {
	if (step == 0) {
		return _mm512_xor_si512(state, key);
	}
	return step == ROUND_KEYS - 1 ? _mm512_aesenclast_epi128(state, key)
	                              : _mm512_aesenc_epi128(state, key);
}

#define CBC_VECTORS 1
#include "cbc_lanes.h"

/* A range's keystream. Counters are kept as numbers, and swapped to bytes when they are used: the
 * addition is one of 64 bits and carries nothing into the IV. */
struct keystream {
	__m512i counters;
	__m512i swap;
	__m512i four;
};

/* n vectors, a constant; of the last one the bytes of the mask. */
INLINE_KERNEL void ctr_vectors(const __m512i *keys, struct keystream *stream, const uint8_t *in,
                               uint8_t *out, int n, __mmask64 last) {
	__m512i x[CTR_VECTORS];
	UNROLL
	for (int i = 0; i < n; i++) {
		x[i] = _mm512_shuffle_epi8(stream->counters, stream->swap);
		stream->counters = _mm512_add_epi64(stream->counters, stream->four);
	}
	UNROLL
	for (int step = 0; step < ROUND_KEYS; step++) {
		UNROLL
		for (int i = 0; i < n; i++) {
			x[i] = vector_step(x[i], keys[step], step);
		}
	}
	UNROLL
	for (int i = 0; i < n - 1; i++) {
		__m512i clear = load_vector(in + VECTOR_BYTES * i);
		_mm512_storeu_si512(out + VECTOR_BYTES * i, _mm512_xor_si512(x[i], clear));
	}
	in += VECTOR_BYTES * (n - 1);
	out += VECTOR_BYTES * (n - 1);
	if (last == ~(__mmask64)0) {
		_mm512_storeu_si512(out, _mm512_xor_si512(x[n - 1], load_vector(in)));
	} else {
		__m512i clear = _mm512_maskz_loadu_epi8(last, in);
		_mm512_mask_storeu_epi8(out, last, _mm512_xor_si512(x[n - 1], clear));
	}
}

/* The first n bits, 1 to 64. */
INLINE_KERNEL __mmask64 first_bytes(uint64_t n) {
	return ~(__mmask64)0 >> (VECTOR_BYTES - n);
}

INLINE_KERNEL void ctr_range_512(const __m512i *keys, uint64_t high, uint64_t low, uint64_t skip,
                                 const uint8_t *in, uint8_t *out, uint64_t n) {
	const int64_t h = (int64_t)high;
	const int64_t l = (int64_t)low;
	struct keystream stream = {
	    .counters = _mm512_add_epi64(_mm512_set_epi64(l, h, l, h, l, h, l, h),
	                                 _mm512_set_epi64(3, 0, 2, 0, 1, 0, 0, 0)),
	    .swap = _mm512_broadcast_i32x4(
	        _mm_set_epi8(8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7)),
	    .four = _mm512_set_epi64(4, 0, 4, 0, 4, 0, 4, 0),
	};
	if (skip > 0) {
		/* The vector begins `skip` bytes before the range. Bytes that a mask leaves out are not
		 * touched, but no pointer may be made to them: they are shifted to their places. */
		uint64_t part = least(n, VECTOR_BYTES - skip);
		__mmask64 mask = first_bytes(part);
		uint8_t pad[2 * VECTOR_BYTES];
		__m512i x = _mm512_shuffle_epi8(stream.counters, stream.swap);
		stream.counters = _mm512_add_epi64(stream.counters, stream.four);
		UNROLL
		for (int step = 0; step < ROUND_KEYS; step++) {
			x = vector_step(x, keys[step], step);
		}
		_mm512_storeu_si512(pad, x);
		__m512i shifted = _mm512_maskz_loadu_epi8(mask, pad + skip);
		_mm512_mask_storeu_epi8(
		    out, mask, _mm512_xor_si512(shifted, _mm512_maskz_loadu_epi8(mask, in)));
		in += part;
		out += part;
		n -= part;
	}
	for (; n >= CTR_VECTORS * VECTOR_BYTES; n -= CTR_VECTORS * VECTOR_BYTES) {
		ctr_vectors(keys, &stream, in, out, CTR_VECTORS, ~(__mmask64)0);
		in += CTR_VECTORS * VECTOR_BYTES;
		out += CTR_VECTORS * VECTOR_BYTES;
	}
	if (n == 0) {
		return;
	}
	__mmask64 last = first_bytes((n - 1) % VECTOR_BYTES + 1);
	switch ((n + VECTOR_BYTES - 1) / VECTOR_BYTES) {
#define CASE(N) \
	case N: \
		ctr_vectors(keys, &stream, in, out, N, last); \
		break;
		CASE(1)
		CASE(2)
		CASE(3)
		CASE(4)
		CASE(5)
		CASE(6)
		CASE(7)
		CASE(8)
#undef CASE
	}
}

/* Copies n bytes, unless source and target are the same: mostly headers of some ten bytes. */
INLINE_KERNEL void copy_clear_512(uint8_t *target, const uint8_t *source, uint64_t n) {
	if (n == 0 || target == source) {
		return;
	}
	if (n <= VECTOR_BYTES) {
		__mmask64 mask = first_bytes(n);
		_mm512_mask_storeu_epi8(target, mask, _mm512_maskz_loadu_epi8(mask, source));
	} else {
		memcpy(target, source, n);
	}
}

KERNEL static void ctr_piece(const struct ctr_piece *piece) {
	block schedule[ROUND_KEYS];
	__m512i keys[ROUND_KEYS];
	expand_key(piece->key, schedule);
	UNROLL
	for (int i = 0; i < ROUND_KEYS; i++) {
		keys[i] = _mm512_broadcast_i32x4(schedule[i]);
	}
	uint64_t done = piece->from;
	for (uint32_t i = 0; i < piece->count && done < piece->to; i++) {
		const struct sluice_ctr_range *range = &piece->ranges[i];
		uint64_t begin = most(range->offset, piece->from);
		uint64_t end = least((uint64_t)range->offset + range->length, piece->to);
		if (begin >= end) {
			continue;
		}
		copy_clear_512(piece->target + done, piece->source + done, begin - done);
		uint64_t keystream = range->keystream + (begin - range->offset);
		ctr_range_512(keys, range->iv_high, range->iv_low + keystream / BLOCK_BYTES,
		              keystream % BLOCK_BYTES, piece->source + begin, piece->target + begin,
		              end - begin);
		done = end;
	}
	copy_clear_512(piece->target + done, piece->source + done, piece->to - done);
}

const struct kernels sluice_vaes512 = {ctr_piece, cbc_pieces};

#endif
