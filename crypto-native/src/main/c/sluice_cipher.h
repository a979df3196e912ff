/*
 * AES-128 over pieces of media: CTR with the counter of CENC, and CBC by pattern. One call does a
 * piece with all its ranges, copies the clear bytes around them, and leaves nothing of the key.
 *
 * All of it is re-entrant and allocates nothing. Every call checks its arguments first, and writes
 * nothing if they are wrong. Source and target are the same bytes, or have none in common.
 *
 * Sources that are mappings of files have to be called so (SLUICE_MAPPED): where the file has become
 * shorter, or the disk fails, the call ends then, instead of the process. A call that does not say
 * so costs nothing more.
 *
 * Layouts are those of arrays of 64-bit numbers in little-endian order, as the caller has them.
 */
#ifndef SLUICE_CIPHER_H
#define SLUICE_CIPHER_H

#include <stdint.h>

#define SLUICE_API __attribute__((visibility("default")))

/* Changes with every change of what is declared here. */
#define SLUICE_ABI 2

/* What a call gives back. */
enum {
	SLUICE_OK = 0,
	SLUICE_BAD_ARGUMENT = -1, /* a null pointer, a size or a window out of bounds */
	SLUICE_BAD_RANGE = -2,    /* outside the piece, not behind the last one, or no pattern */
	SLUICE_BAD_OVERLAP = -3,  /* source and target share some bytes, not all */
	SLUICE_BAD_LEVEL = -4,    /* not on this processor */
	SLUICE_SOURCE_GONE = -5,  /* a source that is mapped has no bytes there; what is in targets and
	                             ranges then is of no use */
};

/* Instructions that engines use. */
enum {
	SLUICE_LEVEL_NONE = 0,
	SLUICE_LEVEL_AESNI = 1,   /* AES-NI and AVX */
	SLUICE_LEVEL_VAES512 = 2, /* VAES and AVX-512 F, BW, DQ, VL */
	SLUICE_LEVEL_ARMV8 = 3,   /* the AES instructions of ARMv8 */
};

/* Added to a level: the sources of the call may be mappings of files. Not before sluice_guard has
 * said that they may. */
#define SLUICE_MAPPED 0x100

enum {
	SLUICE_MAX_SIZE = INT32_MAX, /* of a piece, in bytes */
	SLUICE_MAX_JOBS = 8,         /* of a batch */
	SLUICE_MAX_PATTERN = 1 << 16 /* blocks encrypted in a row, or left clear */
};

/* A protected range under CTR. Ranges do not overlap, and rise. */
struct sluice_ctr_range {
	uint32_t offset; /* in the piece, in bytes */
	uint32_t length; /* in bytes */
	uint64_t iv_high;
	uint64_t iv_low;    /* counts modulo 2^64 (CENC 9.2) */
	uint64_t keystream; /* how many bytes of it lie before the range; its end is below 2^64 */
};

/* A range under CBC: a chain of its own. What is left behind its last whole block stays clear. */
struct sluice_cbc_range {
	uint32_t offset;
	uint32_t length;
	uint32_t crypt; /* the pattern: blocks encrypted, at least 1 */
	uint32_t skip;  /* blocks left clear behind them */
	uint32_t phase; /* blocks of the pattern before the range, below crypt + skip */
	uint32_t unused;
	uint64_t chain_high; /* the block before the first encrypted one; after a call, the last one */
	uint64_t chain_low;
};

_Static_assert(sizeof(struct sluice_ctr_range) == 32, "4 numbers a range");
_Static_assert(sizeof(struct sluice_cbc_range) == 40, "5 numbers a range");

/* Of a piece, what is done by one call: the bytes from `from` to below `to`. A block of a CBC range
 * is encrypted by the call in whose window it ends. Ranges from `first` on are looked at. */
struct sluice_window {
	int64_t size; /* of the piece */
	int64_t from;
	int64_t to;
	int32_t first; /* the first range that ends behind `from` */
	int32_t count; /* of ranges */
};

_Static_assert(sizeof(struct sluice_window) == 32, "4 numbers a window");

/* The version of this interface: SLUICE_ABI. */
SLUICE_API int32_t sluice_abi(void);

/* The best level of this processor. */
SLUICE_API int32_t sluice_best_level(void);

/* Whether this processor has a level: 1 or 0. */
SLUICE_API int32_t sluice_has_level(int32_t level);

/* Takes SIGBUS for calls with SLUICE_MAPPED, from then on and once for the process; every other
 * SIGBUS goes to whoever had it before. Returns 1 if mappings may be read: else 0. */
SLUICE_API int32_t sluice_guard(void);

/* Copies bytes, from a source that may be mapped, to a target that has none in common with it. */
SLUICE_API int32_t sluice_copy(uint8_t *target, const uint8_t *source, int64_t size);

/* Encrypts ranges under CTR, and copies what is around them. The key has 16 bytes. */
SLUICE_API int32_t sluice_ctr(int32_t level, const uint8_t *key, const uint8_t *source,
                              uint8_t *target, int64_t size, int64_t from, int64_t to,
                              const struct sluice_ctr_range *ranges, int32_t first, int32_t count);

/* Encrypts ranges under CBC, and copies what is around them. Sets the chain blocks of the ranges. */
SLUICE_API int32_t sluice_cbc(int32_t level, const uint8_t *key, const uint8_t *source,
                              uint8_t *target, int64_t size, int64_t from, int64_t to,
                              struct sluice_cbc_range *ranges, int32_t first, int32_t count);

/* The same for up to SLUICE_MAX_JOBS pieces with keys of their own, chains side by side. The
 * pointers of jobs beyond the last are not used. `keys` has 16 bytes a job. */
SLUICE_API int32_t sluice_cbc_batch(
    int32_t level, int32_t jobs, const uint8_t *keys, const struct sluice_window *windows,
    const uint8_t *source0, uint8_t *target0, struct sluice_cbc_range *ranges0,
    const uint8_t *source1, uint8_t *target1, struct sluice_cbc_range *ranges1,
    const uint8_t *source2, uint8_t *target2, struct sluice_cbc_range *ranges2,
    const uint8_t *source3, uint8_t *target3, struct sluice_cbc_range *ranges3,
    const uint8_t *source4, uint8_t *target4, struct sluice_cbc_range *ranges4,
    const uint8_t *source5, uint8_t *target5, struct sluice_cbc_range *ranges5,
    const uint8_t *source6, uint8_t *target6, struct sluice_cbc_range *ranges6,
    const uint8_t *source7, uint8_t *target7, struct sluice_cbc_range *ranges7);

#endif
