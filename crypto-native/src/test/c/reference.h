/* The ciphers of sluice_cipher.h, block by block and byte by byte: slow and plain. */
#ifndef SLUICE_REFERENCE_H
#define SLUICE_REFERENCE_H

#include "sluice_cipher.h"

/* The 11 round keys of a key. */
void reference_round_keys(const uint8_t key[16], uint8_t keys[176]);

/* Encrypts ranges of a whole piece where they are. */
void reference_ctr(const uint8_t key[16], uint8_t *piece, const struct sluice_ctr_range *ranges,
                   int32_t count);

/* The same by CBC. Sets the chain blocks of the ranges. */
void reference_cbc(const uint8_t key[16], uint8_t *piece, struct sluice_cbc_range *ranges,
                   int32_t count);

#endif
