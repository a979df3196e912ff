/* The entry points: they check everything, then choose the kernels. */
#include "cpu.h"
#include "guard.h"
#include "kernels.h"

int32_t sluice_abi(void) {
	return SLUICE_ABI;
}

int32_t sluice_has_level(int32_t level) {
	return cpu_has(level) != 0;
}

int32_t sluice_best_level(void) {
	static const int32_t by_speed[] = {SLUICE_LEVEL_VAES512, SLUICE_LEVEL_ARMV8,
	                                   SLUICE_LEVEL_AESNI};
	for (size_t i = 0; i < sizeof by_speed / sizeof by_speed[0]; i++) {
		if (cpu_has(by_speed[i])) {
			return by_speed[i];
		}
	}
	return SLUICE_LEVEL_NONE;
}

/* Overwrites what a kernel has left on the stack: key schedules, and what the compiler put there. */
__attribute__((noinline)) static void wipe_stack(void) {
	uint8_t below[KERNEL_STACK_BYTES];
	memset(below, 0, sizeof below);
	__asm__ volatile("" : : "r"(below) : "memory");
}

/* What a kernel leaves. */
static void wipe(void) {
	wipe_stack();
	cpu_clear_vectors();
}

static const struct kernels *kernels_of(int32_t with_flag) {
	const int32_t level = with_flag & ~SLUICE_MAPPED;
	if (!cpu_has(level)) {
		return NULL;
	}
#if defined(__x86_64__)
	return level == SLUICE_LEVEL_VAES512 ? &sluice_vaes512 : &sluice_aesni;
#elif defined(__aarch64__)
	return &sluice_armv8;
#else
	return NULL;
#endif
}

/* What a kernel is called with, behind the guard. */
struct ctr_call {
	const struct kernels *kernels;
	const struct ctr_piece *piece;
};

static void ctr_of_call(const void *argument) {
	const struct ctr_call *call = argument;
	call->kernels->ctr(call->piece);
}

struct cbc_call {
	const struct kernels *kernels;
	const struct cbc_piece *pieces;
	uint32_t count;
};

static void cbc_of_call(const void *argument) {
	const struct cbc_call *call = argument;
	call->kernels->cbc(call->pieces, call->count);
}

static int32_t cbc(const struct kernels *kernels, const struct cbc_piece *pieces, uint32_t count,
                   int32_t level) {
	int32_t code = SLUICE_OK;
	if (level & SLUICE_MAPPED) {
		const struct cbc_call call = {kernels, pieces, count};
		struct guarded_source mapped[SLUICE_MAX_JOBS];
		for (uint32_t i = 0; i < count; i++) {
			mapped[i] = (struct guarded_source){pieces[i].source, pieces[i].to};
		}
		code = guard_call(cbc_of_call, &call, mapped, count);
	} else {
		kernels->cbc(pieces, count);
	}
	wipe();
	return code;
}

struct copy_call {
	uint8_t *target;
	const uint8_t *source;
	size_t size;
};

static void copy_of_call(const void *argument) {
	const struct copy_call *call = argument;
	memcpy(call->target, call->source, call->size);
}

int32_t sluice_guard(void) {
	return guard_install() != 0;
}

/* The piece, its window, and where its bytes are. A piece without bytes needs none. */
static int32_t check_window(const uint8_t *source, const uint8_t *target,
                            const struct sluice_window *w) {
	if (w->size < 0 || w->size > SLUICE_MAX_SIZE || w->from < 0 || w->from > w->to ||
	    w->to > w->size || w->first < 0 || w->first > w->count) {
		return SLUICE_BAD_ARGUMENT;
	}
	if (w->size == 0) {
		return SLUICE_OK;
	}
	if (source == NULL || target == NULL) {
		return SLUICE_BAD_ARGUMENT;
	}
	uintptr_t a = (uintptr_t)source;
	uintptr_t b = (uintptr_t)target;
	uintptr_t apart = a < b ? b - a : a - b;
	return apart == 0 || apart >= (uintptr_t)w->size ? SLUICE_OK : SLUICE_BAD_OVERLAP;
}

int32_t sluice_copy(uint8_t *target, const uint8_t *source, int64_t size) {
	const struct sluice_window window = {.size = size, .to = size};
	int32_t checked = check_window(source, target, &window);
	if (checked != SLUICE_OK || size == 0) {
		return checked;
	}
	const struct copy_call call = {target, source, (size_t)size};
	const struct guarded_source mapped = {source, (uint64_t)size};
	return target == source ? SLUICE_BAD_OVERLAP : guard_call(copy_of_call, &call, &mapped, 1);
}

/* A range behind the last one, and within the piece. Moves `end` to its end. */
static int32_t check_range(uint32_t offset, uint32_t length, int64_t size, uint64_t *end) {
	if (offset < *end || (uint64_t)offset + length > (uint64_t)size) {
		return SLUICE_BAD_RANGE;
	}
	*end = (uint64_t)offset + length;
	return SLUICE_OK;
}

int32_t sluice_ctr(int32_t level, const uint8_t *key, const uint8_t *source, uint8_t *target,
                   int64_t size, int64_t from, int64_t to, const struct sluice_ctr_range *ranges,
                   int32_t first, int32_t count) {
	const struct kernels *kernels = kernels_of(level);
	if (kernels == NULL) {
		return SLUICE_BAD_LEVEL;
	}
	const struct sluice_window window = {size, from, to, first, count};
	int32_t checked = check_window(source, target, &window);
	if (checked != SLUICE_OK) {
		return checked;
	}
	if (key == NULL || (ranges == NULL && first < count)) {
		return SLUICE_BAD_ARGUMENT;
	}
	uint64_t end = 0;
	for (int32_t i = first; i < count; i++) {
		const struct sluice_ctr_range *range = &ranges[i];
		checked = check_range(range->offset, range->length, size, &end);
		if (checked != SLUICE_OK) {
			return checked;
		}
	}
	if (from < to) {
		const struct ctr_piece piece = {
		    .key = key,
		    .source = source,
		    .target = target,
		    .from = (uint64_t)from,
		    .to = (uint64_t)to,
		    .ranges = first < count ? ranges + first : NULL,
		    .count = (uint32_t)(count - first),
		};
		if (level & SLUICE_MAPPED) {
			const struct ctr_call call = {kernels, &piece};
			const struct guarded_source mapped = {source, (uint64_t)size};
			checked = guard_call(ctr_of_call, &call, &mapped, 1);
		} else {
			kernels->ctr(&piece);
		}
		wipe();
	}
	return checked;
}

/* Makes a piece of what is right, for the kernels. */
static int32_t check_cbc(struct cbc_piece *piece, const uint8_t *key, const uint8_t *source,
                         uint8_t *target, const struct sluice_window *w,
                         struct sluice_cbc_range *ranges) {
	int32_t checked = check_window(source, target, w);
	if (checked != SLUICE_OK) {
		return checked;
	}
	if (ranges == NULL && w->first < w->count) {
		return SLUICE_BAD_ARGUMENT;
	}
	uint32_t one_of_ten = 1;
	uint32_t in_window = 0;
	uint64_t end = 0;
	for (int32_t i = w->first; i < w->count; i++) {
		const struct sluice_cbc_range *range = &ranges[i];
		checked = check_range(range->offset, range->length, w->size, &end);
		if (checked != SLUICE_OK) {
			return checked;
		}
		if (range->crypt < 1 || range->crypt > SLUICE_MAX_PATTERN ||
		    range->skip > SLUICE_MAX_PATTERN || range->phase >= range->crypt + range->skip) {
			return SLUICE_BAD_RANGE;
		}
		if (range->offset < w->to) {
			in_window++;
			one_of_ten &= range->crypt == 1 && range->skip == 9;
		}
	}
	*piece = (struct cbc_piece){
	    .key = key,
	    .source = source,
	    .target = target,
	    .from = (uint64_t)w->from,
	    .to = (uint64_t)w->to,
	    .ranges = w->first < w->count ? ranges + w->first : NULL,
	    .count = in_window,
	    .one_of_ten = one_of_ten,
	};
	return SLUICE_OK;
}

int32_t sluice_cbc(int32_t level, const uint8_t *key, const uint8_t *source, uint8_t *target,
                   int64_t size, int64_t from, int64_t to, struct sluice_cbc_range *ranges,
                   int32_t first, int32_t count) {
	const struct kernels *kernels = kernels_of(level);
	if (kernels == NULL) {
		return SLUICE_BAD_LEVEL;
	}
	if (key == NULL) {
		return SLUICE_BAD_ARGUMENT;
	}
	struct cbc_piece piece;
	const struct sluice_window window = {size, from, to, first, count};
	int32_t checked = check_cbc(&piece, key, source, target, &window, ranges);
	return checked == SLUICE_OK && from < to ? cbc(kernels, &piece, 1, level) : checked;
}

int32_t sluice_cbc_batch(int32_t level, int32_t jobs, const uint8_t *keys,
                         const struct sluice_window *windows, const uint8_t *source0,
                         uint8_t *target0, struct sluice_cbc_range *ranges0, const uint8_t *source1,
                         uint8_t *target1, struct sluice_cbc_range *ranges1, const uint8_t *source2,
                         uint8_t *target2, struct sluice_cbc_range *ranges2, const uint8_t *source3,
                         uint8_t *target3, struct sluice_cbc_range *ranges3, const uint8_t *source4,
                         uint8_t *target4, struct sluice_cbc_range *ranges4, const uint8_t *source5,
                         uint8_t *target5, struct sluice_cbc_range *ranges5, const uint8_t *source6,
                         uint8_t *target6, struct sluice_cbc_range *ranges6, const uint8_t *source7,
                         uint8_t *target7, struct sluice_cbc_range *ranges7) {
	const struct kernels *kernels = kernels_of(level);
	if (kernels == NULL) {
		return SLUICE_BAD_LEVEL;
	}
	if (jobs < 1 || jobs > SLUICE_MAX_JOBS || keys == NULL || windows == NULL) {
		return SLUICE_BAD_ARGUMENT;
	}
	const uint8_t *sources[SLUICE_MAX_JOBS] = {source0, source1, source2, source3,
	                                           source4, source5, source6, source7};
	uint8_t *targets[SLUICE_MAX_JOBS] = {target0, target1, target2, target3,
	                                     target4, target5, target6, target7};
	struct sluice_cbc_range *ranges[SLUICE_MAX_JOBS] = {ranges0, ranges1, ranges2, ranges3,
	                                                    ranges4, ranges5, ranges6, ranges7};
	struct cbc_piece pieces[SLUICE_MAX_JOBS];
	uint32_t count = 0;
	for (int32_t i = 0; i < jobs; i++) {
		int32_t checked = check_cbc(&pieces[count], keys + BLOCK_BYTES * i, sources[i], targets[i],
		                            &windows[i], ranges[i]);
		if (checked != SLUICE_OK) {
			return checked;
		}
		count += windows[i].from < windows[i].to; /* one that is done takes no place */
	}
	return count > 0 ? cbc(kernels, pieces, count, level) : SLUICE_OK;
}
