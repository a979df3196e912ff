#ifndef SLUICE_CPU_H
#define SLUICE_CPU_H

#include "sluice_cipher.h"

/* Whether this processor, and the system on it, can run the kernels of a level. */
int cpu_has(int32_t level);

/* Overwrites the vector registers, in which kernels leave keys. Upper halves that are left dirty would
 * also slow down code that knows nothing of them. */
void cpu_clear_vectors(void);

#endif
