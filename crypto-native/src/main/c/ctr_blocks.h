/* CTR on blocks of 128 bits, 8 at a time. Included by a kernel behind its block operations. */

#define CTR_BLOCKS 8

/* Encrypts n blocks, a constant; of the last one the first `last` bytes. */
INLINE_KERNEL void ctr_blocks(const block *keys, uint64_t high, uint64_t low, const uint8_t *in,
                              uint8_t *out, int n, size_t last) {
	block x[CTR_BLOCKS];
	UNROLL
	for (int i = 0; i < n; i++) {
		x[i] = counter_block(high, low + (uint64_t)i);
	}
	UNROLL
	for (int step = 0; step < ROUND_KEYS; step++) {
		UNROLL
		for (int i = 0; i < n; i++) {
			x[i] = aes_step(x[i], keys[step], step);
		}
	}
	UNROLL
	for (int i = 0; i < n - 1; i++) {
		store_block(out + BLOCK_BYTES * i, xor_block(x[i], load_block(in + BLOCK_BYTES * i)));
	}
	const uint8_t *in_last = in + BLOCK_BYTES * (n - 1);
	uint8_t *out_last = out + BLOCK_BYTES * (n - 1);
	if (last == BLOCK_BYTES) {
		store_block(out_last, xor_block(x[n - 1], load_block(in_last)));
	} else {
		uint8_t rest[BLOCK_BYTES] = {0};
		copy_rest(rest, in_last, last);
		store_block(rest, xor_block(x[n - 1], load_block(rest)));
		copy_rest(out_last, rest, last);
	}
}

/* Encrypts the rest of a block whose first `skip` bytes of keystream are used up. */
INLINE_KERNEL void ctr_rest_of_block(const block *keys, uint64_t high, uint64_t low,
                                     const uint8_t *in, uint8_t *out, size_t skip, size_t n) {
	uint8_t pad[BLOCK_BYTES];
	block x = counter_block(high, low);
	UNROLL
	for (int step = 0; step < ROUND_KEYS; step++) {
		x = aes_step(x, keys[step], step);
	}
	store_block(pad, x);
	for (size_t i = 0; i < n; i++) {
		out[i] = in[i] ^ pad[skip + i];
	}
}

INLINE_KERNEL void ctr_range(const block *keys, uint64_t high, uint64_t low, size_t skip,
                             const uint8_t *in, uint8_t *out, uint64_t n) {
	if (skip > 0) {
		uint64_t part = least(n, BLOCK_BYTES - skip);
		ctr_rest_of_block(keys, high, low, in, out, skip, (size_t)part);
		in += part;
		out += part;
		n -= part;
		low++;
	}
	for (; n >= CTR_BLOCKS * BLOCK_BYTES; n -= CTR_BLOCKS * BLOCK_BYTES) {
		ctr_blocks(keys, high, low, in, out, CTR_BLOCKS, BLOCK_BYTES);
		in += CTR_BLOCKS * BLOCK_BYTES;
		out += CTR_BLOCKS * BLOCK_BYTES;
		low += CTR_BLOCKS;
	}
	if (n == 0) {
		return;
	}
	size_t last = ((size_t)n - 1) % BLOCK_BYTES + 1;
	switch ((n + BLOCK_BYTES - 1) / BLOCK_BYTES) {
#define CASE(N) \
	case N: \
		ctr_blocks(keys, high, low, in, out, N, last); \
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

KERNEL static void ctr_piece(const struct ctr_piece *piece) {
	block keys[ROUND_KEYS];
	expand_key(piece->key, keys);
	uint64_t done = piece->from;
	for (uint32_t i = 0; i < piece->count && done < piece->to; i++) {
		const struct sluice_ctr_range *range = &piece->ranges[i];
		uint64_t begin = most(range->offset, piece->from);
		uint64_t end = least((uint64_t)range->offset + range->length, piece->to);
		if (begin >= end) {
			continue;
		}
		copy_clear(piece->target + done, piece->source + done, begin - done);
		uint64_t keystream = range->keystream + (begin - range->offset);
		ctr_range(keys, range->iv_high, range->iv_low + keystream / BLOCK_BYTES,
		          keystream % BLOCK_BYTES, piece->source + begin, piece->target + begin,
		          end - begin);
		done = end;
	}
	copy_clear(piece->target + done, piece->source + done, piece->to - done);
}
