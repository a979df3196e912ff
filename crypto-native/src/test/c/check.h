#ifndef SLUICE_CHECK_H
#define SLUICE_CHECK_H

#include <stddef.h>
#include <stdint.h>

/* Makes calls of the ciphers from any bytes, at every level of this processor, and compares what
 * they give with the reference. Ends the process with a message if it differs. */
void check(const uint8_t *bytes, size_t size);

#endif
