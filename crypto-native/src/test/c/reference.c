#include "reference.h"

#include <string.h>

/* AES-128 as FIPS 197 writes it, with an S-box that is computed. */
static uint8_t sbox[256];

static uint8_t times(uint8_t a, uint8_t b) {
	uint8_t product = 0;
	for (; b != 0; b >>= 1) {
		if (b & 1) {
			product ^= a;
		}
		a = (uint8_t)((a << 1) ^ ((a & 0x80) ? 0x1b : 0));
	}
	return product;
}

static void make_sbox(void) {
	if (sbox[0] != 0) {
		return;
	}
	for (int i = 0; i < 256; i++) {
		uint8_t inverse = 0;
		for (int j = 1; j < 256 && inverse == 0; j++) {
			if (times((uint8_t)i, (uint8_t)j) == 1) {
				inverse = (uint8_t)j;
			}
		}
		uint8_t s = 0x63;
		for (int turn = 0; turn < 5; turn++) {
			s ^= (uint8_t)((inverse << turn) | (inverse >> (8 - turn)));
		}
		sbox[i] = s;
	}
}

void reference_round_keys(const uint8_t key[16], uint8_t keys[176]) {
	make_sbox();
	uint8_t constant = 1;
	memcpy(keys, key, 16);
	for (int i = 16; i < 176; i += 4) {
		uint8_t word[4];
		memcpy(word, keys + i - 4, 4);
		if (i % 16 == 0) {
			uint8_t first = word[0];
			word[0] = sbox[word[1]] ^ constant;
			word[1] = sbox[word[2]];
			word[2] = sbox[word[3]];
			word[3] = sbox[first];
			constant = times(constant, 2);
		}
		for (int k = 0; k < 4; k++) {
			keys[i + k] = keys[i + k - 16] ^ word[k];
		}
	}
}

static void encrypt(const uint8_t keys[176], uint8_t block[16]) {
	for (int k = 0; k < 16; k++) {
		block[k] ^= keys[k];
	}
	for (int round = 1; round <= 10; round++) {
		uint8_t shifted[16];
		for (int k = 0; k < 16; k++) {
			shifted[k] = sbox[block[(k + 4 * (k % 4)) % 16]];
		}
		for (int k = 0; k < 16; k++) {
			const uint8_t *column = shifted + k / 4 * 4;
			uint8_t mixed = (uint8_t)(times(column[k % 4], 2) ^ times(column[(k + 1) % 4], 3) ^
			                          column[(k + 2) % 4] ^ column[(k + 3) % 4]);
			block[k] = (round == 10 ? shifted[k] : mixed) ^ keys[16 * round + k];
		}
	}
}

static void put(uint8_t *bytes, uint64_t value) {
	for (int k = 0; k < 8; k++) {
		bytes[k] = (uint8_t)(value >> (56 - 8 * k));
	}
}

static uint64_t get(const uint8_t *bytes) {
	uint64_t value = 0;
	for (int k = 0; k < 8; k++) {
		value = (value << 8) | bytes[k];
	}
	return value;
}

void reference_ctr(const uint8_t key[16], uint8_t *piece, const struct sluice_ctr_range *ranges,
                   int32_t count) {
	uint8_t keys[176];
	reference_round_keys(key, keys);
	for (int32_t i = 0; i < count; i++) {
		const struct sluice_ctr_range *range = &ranges[i];
		uint8_t pad[16];
		for (uint32_t k = 0; k < range->length; k++) {
			uint64_t at = range->keystream + k;
			if (k == 0 || at % 16 == 0) {
				put(pad, range->iv_high);
				put(pad + 8, range->iv_low + at / 16);
				encrypt(keys, pad);
			}
			piece[range->offset + k] ^= pad[at % 16];
		}
	}
}

void reference_cbc(const uint8_t key[16], uint8_t *piece, struct sluice_cbc_range *ranges,
                   int32_t count) {
	uint8_t keys[176];
	reference_round_keys(key, keys);
	for (int32_t i = 0; i < count; i++) {
		struct sluice_cbc_range *range = &ranges[i];
		uint8_t chain[16];
		put(chain, range->chain_high);
		put(chain + 8, range->chain_low);
		for (uint32_t b = 0; b < range->length / 16; b++) {
			if ((range->phase + b) % (range->crypt + range->skip) < range->crypt) {
				uint8_t *block = piece + range->offset + 16 * b;
				for (int k = 0; k < 16; k++) {
					chain[k] ^= block[k];
				}
				encrypt(keys, chain);
				memcpy(block, chain, 16);
			}
		}
		range->chain_high = get(chain);
		range->chain_low = get(chain + 8);
	}
}
