/* CBC by pattern: chains of different ranges side by side. Included by a kernel behind its block
 * operations and copy_nine_blocks; CBC_VECTORS says that it has vector_step and load_vector too.
 *
 * A block of a chain waits for the one before it, some 40 cycles; other chains fill the gaps. Each
 * chain has a lane. A lane whose chain ends gets the next chain, from the pieces in turn; if there
 * is none, the last lane moves to its place.
 */

#define LANES 8
#define COPY_LANES 4 /* each reads and writes ten blocks a step: more of them are slower */
#define COPY_STRIDE (10 * BLOCK_BYTES)

/* What is left of a range. */
struct chain {
	struct sluice_cbc_range *range;
	uint64_t blocks; /* of the range that lie behind the run that the lane works on */
	const uint8_t *end; /* of the range's part in the window, in the source */
};

/* Numbers of one lane stand in one column. A lane works on a run: blocks at one distance. */
struct lanes {
	block keys[ROUND_KEYS][LANES];
	block state[LANES];
	const uint8_t *in[LANES]; /* the next block */
	uint8_t *out[LANES];
	uint64_t stride[LANES]; /* from block to block, in bytes */
	uint64_t left[LANES];   /* blocks of the run */
	uint32_t piece[LANES];  /* whose key it is; NO_PIECE: no key yet */
	struct chain chain[LANES];
	uint32_t active; /* lanes from 0 on */
};

#define NO_PIECE UINT32_MAX

/* How far chains of a piece have been begun. */
struct cursor {
	uint32_t next;  /* range */
	uint64_t copied; /* what lies below has been copied or belongs to a range */
};

struct cbc_work {
	const struct cbc_piece *pieces;
	uint32_t count;
	uint32_t turn; /* the piece that gives the next chain */
	struct cursor cursors[SLUICE_MAX_JOBS];
	block schedules[SLUICE_MAX_JOBS][ROUND_KEYS];
};

_Static_assert(sizeof(struct lanes) + sizeof(struct cbc_work) < KERNEL_STACK_BYTES / 2,
               "the stack is overwritten to a depth");

INLINE_KERNEL block chain_block(const struct sluice_cbc_range *range) {
	return counter_block(range->chain_high, range->chain_low);
}

INLINE_KERNEL void put_chain_block(struct sluice_cbc_range *range, block state) {
	uint8_t bytes[BLOCK_BYTES];
	store_block(bytes, state);
	get_block(bytes, &range->chain_high, &range->chain_low);
}

INLINE_KERNEL block encrypt_block(const block *keys, block state) {
	UNROLL
	for (int step = 0; step < ROUND_KEYS; step++) {
		state = aes_step(state, keys[step], step);
	}
	return state;
}

/* Sets a lane to the next run of its chain. `before` blocks of the pattern lie before the blocks
 * that are left, which begin at `in`. Returns 0 if no block of them is encrypted. */
INLINE_KERNEL int next_run(struct lanes *lanes, uint32_t lane, const uint8_t *in, uint8_t *out,
                           uint64_t before) {
	struct chain *chain = &lanes->chain[lane];
	const uint64_t crypt = chain->range->crypt;
	const uint64_t skip = chain->range->skip;
	uint64_t clear = before < crypt || skip == 0 ? 0 : crypt + skip - before;
	if (clear >= chain->blocks) {
		return 0;
	}
	chain->blocks -= clear;
	lanes->in[lane] = in + BLOCK_BYTES * clear;
	lanes->out[lane] = out + BLOCK_BYTES * clear;
	if (skip == 0) {
		lanes->stride[lane] = BLOCK_BYTES;
		lanes->left[lane] = chain->blocks;
		chain->blocks = 0;
	} else if (crypt == 1) {
		lanes->stride[lane] = BLOCK_BYTES * (1 + skip);
		lanes->left[lane] = (chain->blocks + skip) / (1 + skip);
		chain->blocks = 0;
	} else {
		lanes->stride[lane] = BLOCK_BYTES;
		lanes->left[lane] = least(chain->blocks, clear > 0 ? crypt : crypt - before);
		chain->blocks -= lanes->left[lane];
	}
	return 1;
}

/* Begins the chain of the next range of a piece that has a block to encrypt, and copies what is
 * clear on the way; in pieces that are copied, all of a range unless all of its blocks will be written.
 * With copies_runs, who works on the lane copies from the first encrypted block on. Returns 0 if there
 * is none; the piece is copied to its end then. */
KERNEL static int next_chain_of(struct cbc_work *work, uint32_t p, struct lanes *lanes,
                                uint32_t lane, int copies_runs) {
	const struct cbc_piece *piece = &work->pieces[p];
	struct cursor *cursor = &work->cursors[p];
	const int in_place = piece->source == piece->target;
	while (cursor->next < piece->count) {
		struct sluice_cbc_range *range = &piece->ranges[cursor->next++];
		const uint64_t offset = range->offset;
		const uint64_t begin = most(offset, piece->from);
		const uint64_t end = least(offset + range->length, piece->to);
		if (begin >= end) {
			continue;
		}
		/* A block that is cut by `from` is encrypted now, one that is cut by `to` later. */
		const uint64_t first = (begin - offset) / BLOCK_BYTES;
		const uint64_t blocks = (end - offset) / BLOCK_BYTES - first;
		const uint64_t first_at = offset + BLOCK_BYTES * first;
		const uint64_t period = (uint64_t)range->crypt + range->skip;
		lanes->chain[lane] = (struct chain){
		    .range = range,
		    .blocks = blocks,
		    .end = piece->source + end,
		};
		const int runs = next_run(lanes, lane, piece->source + first_at, piece->target + first_at,
		                          (range->phase + first) % period);
		if (!in_place) {
			uint64_t copy_to = end;
			if (runs && copies_runs) {
				copy_to = (uint64_t)(lanes->in[lane] - piece->source);
			} else if (runs && range->skip == 0) {
				copy_to = begin;
				const uint64_t rest = (end - offset) % BLOCK_BYTES;
				copy_rest(piece->target + end - rest, piece->source + end - rest, rest);
			}
			if (copy_to > cursor->copied) {
				copy_clear(piece->target + cursor->copied, piece->source + cursor->copied,
				           copy_to - cursor->copied);
			}
			cursor->copied = end;
		}
		if (runs) {
			lanes->state[lane] = chain_block(range);
			return 1;
		}
	}
	if (!in_place && cursor->copied < piece->to) {
		copy_clear(piece->target + cursor->copied, piece->source + cursor->copied,
		           piece->to - cursor->copied);
		cursor->copied = piece->to;
	}
	return 0;
}

/* Begins the next chain of the pieces, in turn, in a lane. Returns 0 if there is none. */
INLINE_KERNEL int next_chain(struct cbc_work *work, struct lanes *lanes, uint32_t lane) {
	for (uint32_t tried = 0; tried < work->count; tried++) {
		const uint32_t p = work->turn;
		work->turn = p + 1 < work->count ? p + 1 : 0;
		if (next_chain_of(work, p, lanes, lane, 0)) {
			if (lanes->piece[lane] != p) {
				lanes->piece[lane] = p;
				for (int i = 0; i < ROUND_KEYS; i++) {
					lanes->keys[i][lane] = work->schedules[p][i];
				}
			}
			return 1;
		}
	}
	return 0;
}

INLINE_KERNEL void move_lane(struct lanes *lanes, uint32_t to, uint32_t from) {
	if (to == from) {
		return;
	}
	for (int i = 0; i < ROUND_KEYS; i++) {
		lanes->keys[i][to] = lanes->keys[i][from];
	}
	lanes->state[to] = lanes->state[from];
	lanes->in[to] = lanes->in[from];
	lanes->out[to] = lanes->out[from];
	lanes->stride[to] = lanes->stride[from];
	lanes->left[to] = lanes->left[from];
	lanes->piece[to] = lanes->piece[from];
	lanes->chain[to] = lanes->chain[from];
}

/* So many blocks of each of the lanes 0 to n - 1, a constant. */
INLINE_KERNEL void run_lanes(struct lanes *lanes, int n, uint64_t steps, uint64_t stride) {
	block x[LANES];
	UNROLL
	for (int i = 0; i < n; i++) {
		x[i] = lanes->state[i];
	}
	for (uint64_t at = 0; steps > 0; steps--, at += stride) {
		UNROLL
		for (int i = 0; i < n; i++) {
			x[i] = xor_block(x[i], load_block(lanes->in[i] + at));
		}
		UNROLL
		for (int step = 0; step < ROUND_KEYS; step++) {
			UNROLL
			for (int i = 0; i < n; i++) {
				x[i] = aes_step(x[i], lanes->keys[step][i], step);
			}
		}
		UNROLL
		for (int i = 0; i < n; i++) {
			store_block(lanes->out[i] + at, x[i]);
		}
	}
	UNROLL
	for (int i = 0; i < n; i++) {
		lanes->state[i] = x[i];
	}
}

#ifdef CBC_VECTORS
/* So many blocks of each of 8 lanes, four in a vector. */
INLINE_KERNEL void run_vectors(struct lanes *lanes, uint64_t steps, uint64_t stride) {
	enum { VECTORS = LANES / 4 };
	__m512i keys[ROUND_KEYS][VECTORS];
	__m512i x[VECTORS];
	UNROLL
	for (int v = 0; v < VECTORS; v++) {
		x[v] = load_vector(&lanes->state[4 * v]);
		UNROLL
		for (int step = 0; step < ROUND_KEYS; step++) {
			keys[step][v] = load_vector(&lanes->keys[step][4 * v]);
		}
	}
	for (uint64_t at = 0; steps > 0; steps--, at += stride) {
		UNROLL
		for (int v = 0; v < VECTORS; v++) {
			const uint8_t *const *in = &lanes->in[4 * v];
			__m512i clear = _mm512_castsi128_si512(load_block(in[0] + at));
			clear = _mm512_inserti32x4(clear, load_block(in[1] + at), 1);
			clear = _mm512_inserti32x4(clear, load_block(in[2] + at), 2);
			clear = _mm512_inserti32x4(clear, load_block(in[3] + at), 3);
			x[v] = _mm512_xor_si512(x[v], clear);
		}
		UNROLL
		for (int step = 0; step < ROUND_KEYS; step++) {
			UNROLL
			for (int v = 0; v < VECTORS; v++) {
				x[v] = vector_step(x[v], keys[step][v], step);
			}
		}
		UNROLL
		for (int v = 0; v < VECTORS; v++) {
			uint8_t *const *out = &lanes->out[4 * v];
			store_block(out[0] + at, _mm512_castsi512_si128(x[v]));
			store_block(out[1] + at, _mm512_extracti32x4_epi32(x[v], 1));
			store_block(out[2] + at, _mm512_extracti32x4_epi32(x[v], 2));
			store_block(out[3] + at, _mm512_extracti32x4_epi32(x[v], 3));
		}
	}
	UNROLL
	for (int v = 0; v < VECTORS; v++) {
		_mm512_storeu_si512(&lanes->state[4 * v], x[v]);
	}
}
#endif

/* So many blocks of each lane. */
INLINE_KERNEL void run_active(struct lanes *lanes, uint64_t steps, uint64_t stride) {
	switch (lanes->active) {
#define CASE(N) \
	case N: \
		run_lanes(lanes, N, steps, stride); \
		break;
		CASE(1)
		CASE(2)
		CASE(3)
		CASE(4)
		CASE(5)
		CASE(6)
		CASE(7)
#ifdef CBC_VECTORS
	case LANES:
		run_vectors(lanes, steps, stride);
		break;
#else
		CASE(8)
#endif
#undef CASE
	}
}

/* Whether the chain of a lane has another run behind the one that is done. */
INLINE_KERNEL int goes_on(struct lanes *lanes, uint32_t lane) {
	const struct chain *chain = &lanes->chain[lane];
	return chain->blocks > 0 &&
	       next_run(lanes, lane, lanes->in[lane], lanes->out[lane], chain->range->crypt);
}

/* Chains of any pattern. What is clear in them has been copied before they begin. */
KERNEL static void cbc_chains(struct cbc_work *work, struct lanes *lanes) {
	lanes->active = 0;
	for (uint32_t lane = 0; lane < LANES; lane++) {
		lanes->piece[lane] = NO_PIECE;
	}
	while (lanes->active < LANES && next_chain(work, lanes, lanes->active)) {
		lanes->active++;
	}
	while (lanes->active > 0) {
		uint64_t steps = lanes->left[0];
		const uint64_t stride = lanes->stride[0];
		int alike = 1;
		for (uint32_t lane = 1; lane < lanes->active; lane++) {
			steps = least(steps, lanes->left[lane]);
			alike &= lanes->stride[lane] == stride;
		}
		/* With one step, the distance to the next block does not matter. */
		steps = alike ? steps : 1;
		run_active(lanes, steps, stride);
		for (uint32_t lane = lanes->active; lane-- > 0;) {
			lanes->in[lane] += steps * lanes->stride[lane];
			lanes->out[lane] += steps * lanes->stride[lane];
			lanes->left[lane] -= steps;
			if (lanes->left[lane] == 0 && !goes_on(lanes, lane)) {
				put_chain_block(lanes->chain[lane].range, lanes->state[lane]);
				if (!next_chain(work, lanes, lane)) {
					move_lane(lanes, lane, --lanes->active);
				}
			}
		}
	}
}

/* So many periods of the pattern 1:9 of each of the lanes 0 to n - 1, a constant, with a copy of
 * their clear blocks. */
INLINE_KERNEL void run_copying(struct lanes *lanes, const block *keys, int n, uint64_t steps) {
	block x[COPY_LANES];
	UNROLL
	for (int i = 0; i < n; i++) {
		x[i] = lanes->state[i];
	}
	for (uint64_t at = 0; steps > 0; steps--, at += COPY_STRIDE) {
		UNROLL
		for (int i = 0; i < n; i++) {
			x[i] = xor_block(x[i], load_block(lanes->in[i] + at));
		}
		UNROLL
		for (int step = 0; step < ROUND_KEYS; step++) {
			UNROLL
			for (int i = 0; i < n; i++) {
				x[i] = aes_step(x[i], keys[step], step);
			}
		}
		UNROLL
		for (int i = 0; i < n; i++) {
			store_block(lanes->out[i] + at, x[i]);
			copy_nine_blocks(lanes->out[i] + at + BLOCK_BYTES, lanes->in[i] + at + BLOCK_BYTES);
		}
	}
	UNROLL
	for (int i = 0; i < n; i++) {
		lanes->state[i] = x[i];
	}
}

/* Ends a chain of which less than a period is left. */
INLINE_KERNEL void end_copying(struct lanes *lanes, uint32_t lane, const block *keys) {
	const struct chain *chain = &lanes->chain[lane];
	const uint8_t *in = lanes->in[lane];
	uint8_t *out = lanes->out[lane];
	block state = lanes->state[lane];
	if (chain->end - in >= BLOCK_BYTES) {
		state = encrypt_block(keys, xor_block(state, load_block(in)));
		store_block(out, state);
		in += BLOCK_BYTES;
		out += BLOCK_BYTES;
	}
	if (chain->end > in) {
		copy_clear(out, in, (uint64_t)(chain->end - in));
	}
	put_chain_block(chain->range, state);
}

/* Begins chains in a lane until one has a whole period. Returns 0 if there is none. */
INLINE_KERNEL int next_copying(struct cbc_work *work, struct lanes *lanes, uint32_t lane) {
	while (next_chain_of(work, 0, lanes, lane, 1)) {
		lanes->left[lane] = (uint64_t)(lanes->chain[lane].end - lanes->in[lane]) / COPY_STRIDE;
		if (lanes->left[lane] > 0) {
			return 1;
		}
		end_copying(lanes, lane, work->schedules[0]);
	}
	return 0;
}

/* Chains of the pattern 1:9 of one piece, copied in the same pass. */
KERNEL static void cbc_chains_copying(struct cbc_work *work, struct lanes *lanes) {
	const block *keys = work->schedules[0];
	lanes->active = 0;
	while (lanes->active < COPY_LANES && next_copying(work, lanes, lanes->active)) {
		lanes->active++;
	}
	while (lanes->active > 0) {
		uint64_t steps = lanes->left[0];
		for (uint32_t lane = 1; lane < lanes->active; lane++) {
			steps = least(steps, lanes->left[lane]);
		}
		switch (lanes->active) {
#define CASE(N) \
	case N: \
		run_copying(lanes, keys, N, steps); \
		break;
			CASE(1)
			CASE(2)
			CASE(3)
			CASE(4)
#undef CASE
		}
		for (uint32_t lane = lanes->active; lane-- > 0;) {
			lanes->in[lane] += steps * COPY_STRIDE;
			lanes->out[lane] += steps * COPY_STRIDE;
			lanes->left[lane] -= steps;
			if (lanes->left[lane] == 0) {
				end_copying(lanes, lane, keys);
				if (!next_copying(work, lanes, lane)) {
					move_lane(lanes, lane, --lanes->active);
				}
			}
		}
	}
}

KERNEL static void cbc_begin(struct cbc_work *work, const struct cbc_piece *pieces,
                             uint32_t count) {
	work->pieces = pieces;
	work->count = count;
	work->turn = 0;
	for (uint32_t i = 0; i < count; i++) {
		work->cursors[i] = (struct cursor){.next = 0, .copied = pieces[i].from};
		expand_key(pieces[i].key, work->schedules[i]);
	}
}

KERNEL static void cbc_pieces(const struct cbc_piece *pieces, uint32_t count) {
	struct lanes lanes;
	struct cbc_work work;
	if (count > 0 && pieces[0].one_of_ten && pieces[0].source != pieces[0].target) {
		/* Pieces of many short chains: one after another. Their keys are rarely the same. */
		for (uint32_t i = 0; i < count; i++) {
			cbc_begin(&work, &pieces[i], 1);
			if (pieces[i].one_of_ten && pieces[i].source != pieces[i].target) {
				cbc_chains_copying(&work, &lanes);
			} else {
				cbc_chains(&work, &lanes);
			}
		}
		return;
	}
	cbc_begin(&work, pieces, count);
	cbc_chains(&work, &lanes);
}
