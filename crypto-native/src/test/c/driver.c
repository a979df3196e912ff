/* Known answers, arguments that are wrong, keys that might be left, every file that it is given, and
 * so many random inputs: driver <inputs> <seed> <file>... */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "reference.h"

#define MAX_INPUT (16 * 1024)

static void require(int holds, const char *what) {
	if (!holds) {
		fprintf(stderr, "driver: %s\n", what);
		exit(1);
	}
}

static void parse(const char *hex, uint8_t *bytes) {
	for (size_t i = 0; hex[2 * i] != 0; i++) {
		unsigned byte;
		require(sscanf(hex + 2 * i, "%2x", &byte) == 1, "no hex");
		bytes[i] = (uint8_t)byte;
	}
}

static const char PLAIN[] = "6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51"
                            "30c81c46a35ce411e5fbc1191a0a52eff69f2445df4f9b17ad2b417be66c3710";

/* SP 800-38A F.5.1 and F.2.1, and a block number that wraps. */
static void known_answers(int32_t level) {
	uint8_t key[16], plain[64], expected[64], out[64];
	parse("2b7e151628aed2a6abf7158809cf4f3c", key);
	parse(PLAIN, plain);
	parse("874d6191b620e3261bef6864990db6ce9806f66b7970fdff8617187bb9fffdff"
	      "5ae4df3edbd5d35e5b4f09020db03eab1e031dda2fbe03d1792170a0f3009cee",
	      expected);
	struct sluice_ctr_range ctr = {0, 64, 0xf0f1f2f3f4f5f6f7, 0xf8f9fafbfcfdfeff, 0};
	require(sluice_ctr(level, key, plain, out, 64, 0, 64, &ctr, 0, 1) == SLUICE_OK, "F.5.1 refused");
	require(memcmp(out, expected, 64) == 0, "F.5.1");
	memcpy(out, plain, 64);
	reference_ctr(key, out, &ctr, 1);
	require(memcmp(out, expected, 64) == 0, "F.5.1 of the reference");

	parse("7649abac8119b246cee98e9b12e9197d5086cb9b507219ee95db113a917678b2"
	      "73bed6b8e3c1743b7116e69e222295163ff1caa1681fac09120eca307586e1a7",
	      expected);
	const struct sluice_cbc_range begin = {
	    .length = 64, .crypt = 1, .chain_high = 0x0001020304050607, .chain_low = 0x08090a0b0c0d0e0f};
	struct sluice_cbc_range cbc = begin;
	require(sluice_cbc(level, key, plain, out, 64, 0, 64, &cbc, 0, 1) == SLUICE_OK, "F.2.1 refused");
	require(memcmp(out, expected, 64) == 0, "F.2.1");
	cbc = begin;
	memcpy(out, plain, 64);
	reference_cbc(key, out, &cbc, 1);
	require(memcmp(out, expected, 64) == 0, "F.2.1 of the reference");

	parse("000102030405060708090a0b0c0d0e0f", key);
	parse("51abd5eccee801ef853f84453744a574704d3851da27d37718592fe636de8216"
	      "194bd1fae846f6b35db3b27ffa90f68a",
	      expected);
	memset(out, 0, 48);
	ctr = (struct sluice_ctr_range){0, 48, 0xab, UINT64_MAX, 0};
	require(sluice_ctr(level, key, out, out, 48, 0, 48, &ctr, 0, 1) == SLUICE_OK, "wrap refused");
	require(memcmp(out, expected, 48) == 0, "a block number that wraps");
}

/* Arguments that are wrong. Nothing is written: where something might be, there is no memory. */
static void wrong_arguments(int32_t level) {
	uint8_t bytes[64] = {0};
	const uint8_t zeros[64] = {0};
	struct sluice_ctr_range ctr = {0, 32, 0, 0, 0};
	struct sluice_cbc_range cbc = {.length = 32, .crypt = 1};
#define REFUSES(CODE, SIZE, FROM, TO, SOURCE, TARGET, RANGES, FIRST, COUNT) \
	require(sluice_ctr(level, zeros, SOURCE, TARGET, SIZE, FROM, TO, RANGES ? &ctr : NULL, FIRST, \
	                   COUNT) == CODE && \
	            sluice_cbc(level, zeros, SOURCE, TARGET, SIZE, FROM, TO, RANGES ? &cbc : NULL, \
	                       FIRST, COUNT) == CODE, \
	        "not refused: " #SIZE ", " #FROM " to " #TO ", " #SOURCE " to " #TARGET ", " #FIRST \
	        " of " #COUNT)
	REFUSES(SLUICE_BAD_ARGUMENT, -1, 0, 0, bytes, bytes, 1, 0, 0);
	REFUSES(SLUICE_BAD_ARGUMENT, (int64_t)1 << 31, 0, 0, bytes, bytes, 1, 0, 0);
	REFUSES(SLUICE_BAD_ARGUMENT, 32, -1, 32, bytes, bytes, 1, 0, 1);
	REFUSES(SLUICE_BAD_ARGUMENT, 32, 8, 7, bytes, bytes, 1, 0, 1);
	REFUSES(SLUICE_BAD_ARGUMENT, 32, 0, 33, bytes, bytes, 1, 0, 1);
	REFUSES(SLUICE_BAD_ARGUMENT, 32, INT64_MIN, INT64_MAX, bytes, bytes, 1, 0, 1);
	REFUSES(SLUICE_BAD_ARGUMENT, 32, 0, 32, NULL, bytes, 1, 0, 1);
	REFUSES(SLUICE_BAD_ARGUMENT, 32, 0, 32, bytes, NULL, 1, 0, 1);
	REFUSES(SLUICE_BAD_ARGUMENT, 32, 0, 32, bytes, bytes, 0, 0, 1);
	REFUSES(SLUICE_BAD_ARGUMENT, 32, 0, 32, bytes, bytes, 1, -1, 1);
	REFUSES(SLUICE_BAD_ARGUMENT, 32, 0, 32, bytes, bytes, 1, 2, 1);
	REFUSES(SLUICE_BAD_ARGUMENT, 32, 0, 32, bytes, bytes, 1, INT32_MIN, INT32_MIN);
	REFUSES(SLUICE_BAD_OVERLAP, 32, 0, 32, bytes, bytes + 1, 1, 0, 1);
	REFUSES(SLUICE_BAD_OVERLAP, 32, 0, 32, bytes + 31, bytes, 1, 0, 1);
	REFUSES(SLUICE_BAD_RANGE, 31, 0, 31, bytes, bytes, 1, 0, 1);
	REFUSES(SLUICE_OK, 0, 0, 0, NULL, NULL, 0, 0, 0);
#undef REFUSES
	require(sluice_ctr(level, NULL, bytes, bytes, 32, 0, 32, &ctr, 0, 1) == SLUICE_BAD_ARGUMENT &&
	            sluice_cbc(level, NULL, bytes, bytes, 32, 0, 32, &cbc, 0, 1) == SLUICE_BAD_ARGUMENT,
	        "no key not refused");
	struct sluice_ctr_range two[2] = {{0, 32, 0, 0, 0}, {31, 1, 0, 0, 0}};
	require(sluice_ctr(level, zeros, bytes, bytes, 64, 0, 64, two, 0, 2) == SLUICE_BAD_RANGE,
	        "ranges that overlap not refused");
#define NOTHING NULL, NULL, NULL
#define NONE7 NOTHING, NOTHING, NOTHING, NOTHING, NOTHING, NOTHING, NOTHING
	const struct sluice_window window = {32, 0, 32, 0, 1};
	for (int32_t jobs = -1; jobs <= 9; jobs += jobs == 0 ? 9 : 1) {
		require(sluice_cbc_batch(level, jobs, zeros, &window, bytes, bytes, &cbc, NONE7) ==
		            SLUICE_BAD_ARGUMENT,
		        "a number of jobs not refused");
	}
	require(sluice_cbc_batch(level, 1, NULL, &window, bytes, bytes, &cbc, NONE7) ==
	                SLUICE_BAD_ARGUMENT &&
	            sluice_cbc_batch(level, 1, zeros, NULL, bytes, bytes, &cbc, NONE7) ==
	                SLUICE_BAD_ARGUMENT,
	        "a batch without keys or windows not refused");
	require(memcmp(bytes, zeros, sizeof bytes) == 0, "written though refused");
}

#ifndef SANITIZED /* sanitizers have stacks of their own */
/* Whether a round key but the first, which is the key, is on the stack below the caller. */
__attribute__((noinline)) static int is_key_left(const uint8_t keys[176]) {
	uint8_t below[12 * 1024];
	__asm__ volatile("" : "=m"(below)); /* what calls have left here is what is looked at */
	for (size_t at = 0; at + 16 <= sizeof below; at++) {
		for (size_t round = 1; round < 11; round++) {
			if (memcmp(below + at, keys + 16 * round, 16) == 0) {
				return 1;
			}
		}
	}
	return 0;
}

static void leaves_no_key(int32_t level) {
	static uint8_t piece[4000], key[16], keys[8 * 16], round_keys[176];
	for (int k = 0; k < 16; k++) {
		key[k] = (uint8_t)(level * 16 + k * 7);
	}
	reference_round_keys(key, round_keys);
	for (int i = 0; i < 8; i++) {
		memcpy(keys + 16 * i, key, 16);
	}
	(void)is_key_left(round_keys); /* resolves what is resolved at a first call */
	const struct sluice_ctr_range ctr = {7, 3333, 1, 2, 3};
	require(sluice_ctr(level, key, piece, piece, 4000, 0, 4000, &ctr, 0, 1) == SLUICE_OK &&
	            !is_key_left(round_keys),
	        "CTR leaves its key");
	struct sluice_cbc_range cbc = {.offset = 7, .length = 3333, .crypt = 1, .skip = 9};
	require(sluice_cbc(level, key, piece, piece, 4000, 0, 4000, &cbc, 0, 1) == SLUICE_OK &&
	            !is_key_left(round_keys),
	        "CBC leaves its key");
	struct sluice_window windows[8];
	struct sluice_cbc_range ranges[8];
	for (int i = 0; i < 8; i++) {
		windows[i] = (struct sluice_window){400, 0, 400, 0, 1};
		ranges[i] = (struct sluice_cbc_range){.length = 400, .crypt = 1};
	}
#define JOB(I) piece + 400 * I, piece + 400 * I, &ranges[I]
	require(sluice_cbc_batch(level, 8, keys, windows, JOB(0), JOB(1), JOB(2), JOB(3), JOB(4),
	                         JOB(5), JOB(6), JOB(7)) == SLUICE_OK &&
	            !is_key_left(round_keys),
	        "a batch leaves its keys");
#undef JOB
}
#endif

static void check_file(const char *path) {
	static uint8_t bytes[MAX_INPUT];
	FILE *file = fopen(path, "rb");
	require(file != NULL, path);
	size_t size = fread(bytes, 1, sizeof bytes, file);
	fclose(file);
	check(bytes, size);
}

static uint64_t next_random(uint64_t *state) {
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state;
}

static void check_random(uint64_t inputs, uint64_t seed) {
	static uint8_t bytes[MAX_INPUT];
	uint64_t state = seed * 0x9e3779b97f4a7c15 + 1;
	for (uint64_t i = 0; i < inputs; i++) {
		size_t size = next_random(&state) % 4096;
		for (size_t k = 0; k < size; k++) {
			bytes[k] = (uint8_t)(next_random(&state) >> 32);
		}
		check(bytes, size);
	}
}

int main(int argc, char **argv) {
	require(argc >= 3, "driver <inputs> <seed> <file>...");
	uint64_t inputs = strtoull(argv[1], NULL, 10);
	int levels = 0;
	for (int32_t level = SLUICE_LEVEL_AESNI; level <= SLUICE_LEVEL_ARMV8; level++) {
		if (sluice_has_level(level)) {
			known_answers(level);
			wrong_arguments(level);
#ifndef SANITIZED
			leaves_no_key(level);
#endif
			levels++;
		}
	}
	require(sluice_ctr(99, NULL, NULL, NULL, 0, 0, 0, NULL, 0, 0) == SLUICE_BAD_LEVEL &&
	            sluice_cbc(SLUICE_LEVEL_NONE, NULL, NULL, NULL, 0, 0, 0, NULL, 0, 0) ==
	                SLUICE_BAD_LEVEL,
	        "a level that is none not refused");
	for (int i = 3; i < argc; i++) {
		check_file(argv[i]);
	}
	check_random(inputs, strtoull(argv[2], NULL, 10));
	printf("driver: %d levels, %d files, %" PRIu64 " random inputs\n", levels, argc - 3, inputs);
	return 0;
}
