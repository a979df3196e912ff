/*
 * Reading sources that may vanish: a file that is mapped, and then cut by somebody else, has no
 * bytes behind its new end. The system says so by SIGBUS, which ends the process; here it ends the
 * call, and nothing else.
 */
#ifndef SLUICE_GUARD_H
#define SLUICE_GUARD_H

#include <stddef.h>
#include <stdint.h>

/* Where a call may read bytes that vanish. */
struct guarded_source {
	const uint8_t *bytes;
	uint64_t size;
};

/* Takes SIGBUS, once for the process. Returns 0 if the system refuses. Signals that are not ours go
 * to whoever had them before. */
int guard_install(void);

/*
 * Calls work(argument), which may be abandoned at any of its reads of a source: so it holds nothing
 * that somebody would have to give back. Returns SLUICE_OK, or SLUICE_SOURCE_GONE if it was
 * abandoned; what it has written so far is there then, and what it had on the stack is overwritten.
 */
int32_t guard_call(void (*work)(const void *argument), const void *argument,
                   const struct guarded_source *sources, uint32_t count);

#endif
