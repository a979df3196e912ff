#define _DEFAULT_SOURCE
#include "check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "reference.h"

#define MAX_PIECE 6000
#define MAX_RANGES 64
#define PAGE 4096
#define ROOM (3 * PAGE) /* holds any piece at any alignment */

/* What is left of the bytes that say what is called. Behind their end there are zeros. */
struct input {
	const uint8_t *bytes;
	size_t size;
};

static uint32_t take(struct input *in, uint32_t below) {
	uint32_t value = 0;
	for (int k = 0; k < 2 && in->size > 0; k++) {
		value = (value << 8) | *in->bytes++;
		in->size--;
	}
	return value % below;
}

static uint64_t take_number(struct input *in) {
	switch (take(in, 4)) {
	case 0:
		return 0;
	case 1:
		return ~(uint64_t)take(in, 8); /* wraps soon */
	default:
		return (uint64_t)take(in, 65536) << 48 | (uint64_t)take(in, 65536) << 16 | take(in, 65536);
	}
}

static void require(int holds, const char *what, int32_t level) {
	if (!holds) {
		fprintf(stderr, "check: %s, level %d\n", what, level);
		abort();
	}
}

/* Memory with pages behind and before it that nobody may touch. */
static uint8_t *guarded(int i) {
	static uint8_t *room[2 * SLUICE_MAX_JOBS];
	if (room[i] == NULL) {
		uint8_t *all = mmap(NULL, ROOM + 2 * PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
		require(all != MAP_FAILED && mprotect(all + PAGE, ROOM, PROT_READ | PROT_WRITE) == 0,
		        "no guarded memory", 0);
		room[i] = all + PAGE;
	}
	return room[i];
}

enum place { AT_START, AT_END, ON_HEAP };

/* Where a piece lies: at the edge of guarded memory, or on the heap, where the sanitizer sees what
 * is around it. */
static uint8_t *place(enum place where, int i, size_t size, uint32_t shift) {
	switch (where) {
	case AT_START:
		return guarded(i);
	case AT_END:
		return guarded(i) + ROOM - size;
	default: {
		uint8_t *all = malloc(size + shift);
		require(all != NULL, "no memory", 0);
		return all + shift;
	}
	}
}

static void leave(enum place where, uint8_t *piece, uint32_t shift) {
	if (where == ON_HEAP) {
		free(piece - shift);
	}
}

struct job {
	uint8_t key[16];
	int64_t size;
	int32_t count;
	int in_place;
	enum place where;
	uint32_t shift;
	int valid;
	struct sluice_ctr_range ctr[MAX_RANGES];
	struct sluice_cbc_range cbc[MAX_RANGES];
	uint8_t clear[MAX_PIECE];
	uint8_t expected[MAX_PIECE];
	struct sluice_cbc_range expected_cbc[MAX_RANGES];
};

static void make_ranges(struct input *in, struct job *job, int patterns_vary) {
	uint32_t at = 0;
	int32_t most = (int32_t)take(in, MAX_RANGES + 1);
	uint32_t longest = 1 + take(in, MAX_PIECE);
	uint32_t crypt = 1;
	uint32_t skip = take(in, 3) == 0 ? 0 : 9;
	job->valid = 1;
	for (job->count = 0; job->count < most; job->count++) {
		at += take(in, 3) == 0 ? take(in, 200) : 0;
		uint32_t length = take(in, longest);
		if (at > job->size || length > job->size - at) {
			break;
		}
		if (patterns_vary) {
			crypt = 1 + take(in, 5);
			skip = take(in, 12);
		}
		job->ctr[job->count] = (struct sluice_ctr_range){
		    .offset = at,
		    .length = length,
		    .iv_high = take_number(in),
		    .iv_low = take_number(in),
		    .keystream = take_number(in) >> 1, /* its end is below 2^64 */
		};
		job->cbc[job->count] = (struct sluice_cbc_range){
		    .offset = at,
		    .length = length,
		    .crypt = crypt,
		    .skip = skip,
		    .phase = take(in, crypt + skip),
		    .chain_high = take_number(in),
		    .chain_low = take_number(in),
		};
		at += length;
	}
}

/* Makes one range wrong. What of it CTR does not have, it does not mind. */
static void spoil(struct input *in, struct job *job, int is_ctr) {
	if (job->count == 0) {
		return;
	}
	uint32_t i = take(in, (uint32_t)job->count);
	struct sluice_cbc_range *range = &job->cbc[i];
	switch (take(in, is_ctr ? 3 : 7)) {
	case 0:
		range->length = (uint32_t)job->size - range->offset + 1;
		break;
	case 1:
		range->offset = UINT32_MAX - take(in, 4);
		range->length = 1 + take(in, 8);
		break;
	case 2:
		range->length = UINT32_MAX - take(in, 8000);
		break;
	case 3:
		range->crypt = 0;
		range->skip = 1;
		break;
	case 4:
		range->phase = range->crypt + range->skip + take(in, 3);
		break;
	case 5:
		range->skip = SLUICE_MAX_PATTERN + 1;
		break;
	default:
		range->crypt = UINT32_MAX;
		break;
	}
	job->ctr[i].offset = range->offset;
	job->ctr[i].length = range->length;
	job->valid = 0;
}

static void make_job(struct input *in, struct job *job, int is_ctr) {
	for (int k = 0; k < 16; k++) {
		job->key[k] = (uint8_t)take(in, 256);
	}
	job->size = take(in, MAX_PIECE + 1);
	job->in_place = take(in, 2) == 0;
	job->where = (enum place)take(in, 3);
	job->shift = take(in, 64);
	make_ranges(in, job, take(in, 3) == 0);
	uint32_t seed = take(in, 65536);
	for (int64_t k = 0; k < job->size; k++) {
		seed = seed * 1664525 + 1013904223;
		job->clear[k] = (uint8_t)(seed >> 24);
	}
	if (take(in, 10) == 9) {
		spoil(in, job, is_ctr);
	}
	if (job->valid) {
		memcpy(job->expected, job->clear, sizeof job->clear);
		memcpy(job->expected_cbc, job->cbc, sizeof job->cbc);
		if (is_ctr) {
			reference_ctr(job->key, job->expected, job->ctr, job->count);
		} else {
			reference_cbc(job->key, job->expected, job->expected_cbc, job->count);
		}
	}
}

/* The buffers of a job while it runs. */
struct running {
	uint8_t *source;
	uint8_t *target;
	struct sluice_cbc_range cbc[MAX_RANGES];
};

static void begin(const struct job *job, int i, struct running *r) {
	r->source = place(job->where, 2 * i, (size_t)job->size, job->shift);
	memcpy(r->source, job->clear, (size_t)job->size);
	r->target = r->source;
	if (!job->in_place) {
		r->target = place(job->where, 2 * i + 1, (size_t)job->size, 63 - job->shift);
		memset(r->target, 0x5a, (size_t)job->size);
	}
	memcpy(r->cbc, job->cbc, sizeof r->cbc);
}

static void end(const struct job *job, struct running *r) {
	leave(job->where, r->source, job->shift);
	if (!job->in_place) {
		leave(job->where, r->target, 63 - job->shift);
	}
}

static int untouched(const struct job *job, const struct running *r) {
	for (int64_t k = 0; k < job->size; k++) {
		if (r->target[k] != (job->in_place ? job->clear[k] : 0x5a)) {
			return 0;
		}
	}
	return memcmp(r->cbc, job->cbc, sizeof r->cbc) == 0;
}

static void require_result(const struct job *job, const struct running *r, int is_ctr,
                           int32_t level) {
	size_t size = (size_t)job->size;
	require(memcmp(r->target, job->expected, size) == 0, "wrong bytes", level);
	require(job->in_place || memcmp(r->source, job->clear, size) == 0, "source touched", level);
	const struct sluice_cbc_range *expected = is_ctr ? job->cbc : job->expected_cbc;
	for (int32_t i = 0; i < job->count; i++) {
		require(memcmp(&r->cbc[i], &expected[i], sizeof r->cbc[i]) == 0, "wrong chain", level);
	}
}

static int32_t first_behind(const struct job *job, int64_t from) {
	int32_t first = 0;
	while (first < job->count && (int64_t)job->ctr[first].offset + job->ctr[first].length <= from) {
		first++;
	}
	return first;
}

/* One piece, in windows of a size. */
static void check_one(const struct job *job, int is_ctr, int64_t window, int32_t level) {
	struct running r;
	begin(job, 0, &r);
	for (int64_t from = 0; from == 0 || from < job->size; from += window) {
		int64_t to = !job->valid || job->size - from < window ? job->size : from + window;
		int32_t first = first_behind(job, from);
		int32_t result = is_ctr ? sluice_ctr(level, job->key, r.source, r.target, job->size, from,
		                                     to, job->ctr, first, job->count)
		                        : sluice_cbc(level, job->key, r.source, r.target, job->size, from,
		                                     to, r.cbc, first, job->count);
		if (!job->valid) {
			require(result == SLUICE_BAD_RANGE, "taken though wrong", level);
			require(untouched(job, &r), "touched though wrong", level);
			end(job, &r);
			return;
		}
		require(result == SLUICE_OK, "refused", level);
	}
	require_result(job, &r, is_ctr, level);
	end(job, &r);
}

static void check_batch(const struct job *jobs, int32_t count, int64_t window, int32_t level) {
	struct running r[SLUICE_MAX_JOBS];
	struct sluice_window windows[SLUICE_MAX_JOBS];
	uint8_t keys[16 * SLUICE_MAX_JOBS];
	int64_t largest = 0;
	int valid = 1;
	memset(r, 0, sizeof r);
	for (int32_t i = 0; i < count; i++) {
		begin(&jobs[i], i, &r[i]);
		memcpy(keys + 16 * i, jobs[i].key, 16);
		largest = jobs[i].size > largest ? jobs[i].size : largest;
		valid &= jobs[i].valid;
	}
	window = valid ? window : MAX_PIECE;
	for (int64_t at = 0; at == 0 || at < largest; at += window) {
		for (int32_t i = 0; i < count; i++) {
			int64_t from = at < jobs[i].size ? at : jobs[i].size;
			int64_t to = jobs[i].size - from < window ? jobs[i].size : from + window;
			windows[i] = (struct sluice_window){jobs[i].size, from, to,
			                                    valid ? first_behind(&jobs[i], from) : 0,
			                                    jobs[i].count};
		}
#define JOB(I) r[I].source, r[I].target, r[I].cbc
		int32_t result = sluice_cbc_batch(level, count, keys, windows, JOB(0), JOB(1), JOB(2),
		                                  JOB(3), JOB(4), JOB(5), JOB(6), JOB(7));
#undef JOB
		require(result == (valid ? SLUICE_OK : SLUICE_BAD_RANGE), "wrong result of a batch", level);
	}
	for (int32_t i = 0; i < count; i++) {
		if (valid) {
			require_result(&jobs[i], &r[i], 0, level);
		} else {
			require(untouched(&jobs[i], &r[i]), "batch touched though wrong", level);
		}
		end(&jobs[i], &r[i]);
	}
}

void check(const uint8_t *bytes, size_t size) {
	static struct job jobs[SLUICE_MAX_JOBS];
	struct input in = {bytes, size};
	uint32_t kind = take(&in, 4);
	int32_t count = kind == 3 ? 1 + (int32_t)take(&in, SLUICE_MAX_JOBS) : 1;
	int64_t window = take(&in, 2) == 0 ? MAX_PIECE : 1 + take(&in, 2000);
	for (int32_t i = 0; i < count; i++) {
		make_job(&in, &jobs[i], kind == 0);
	}
	for (int32_t level = SLUICE_LEVEL_AESNI; level <= SLUICE_LEVEL_ARMV8; level++) {
		if (!sluice_has_level(level)) {
			continue;
		}
		if (kind == 3) {
			check_batch(jobs, count, window, level);
		} else {
			check_one(&jobs[0], kind == 0, window, level);
		}
	}
}
