/* sigaction and sigsetjmp are POSIX, not C. */
#define _POSIX_C_SOURCE 200809L
#define _DEFAULT_SOURCE

#include "guard.h"

#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <string.h>

#include "cpu.h"
#include "sluice_cipher.h"

/* The frames of a kernel, and below them what the system wrote for the handler: all registers, some
 * 3 KB with those of AVX-512. Java keeps 80 KB free below a call. */
#define ABANDONED_STACK_STEP_BYTES (4 * 1024)
#define ABANDONED_STACK_STEPS 6

struct guard {
	sigjmp_buf back;
	const struct guarded_source *sources;
	uint32_t count;
};

/*
 * What the thread is reading; null nearly always. With glibc it has to lie at a fixed distance from
 * the thread's own block, so that the handler gets at it without a call that might allocate. Others
 * allocate when the library is loaded, and musl loads none that asks for such a place.
 */
#if defined(__GLIBC__)
#define TLS_OF_HANDLER __attribute__((tls_model("initial-exec")))
#else
#define TLS_OF_HANDLER
#endif
static _Thread_local struct guard *volatile current TLS_OF_HANDLER;

static struct sigaction previous;
static int begun;
static int done; /* and `previous` is known */
static int installed;

static int is_source(const struct guard *guard, uintptr_t address) {
	for (uint32_t i = 0; i < guard->count; i++) {
		if (address - (uintptr_t)guard->sources[i].bytes < guard->sources[i].size) {
			return 1;
		}
	}
	return 0;
}

/* Gives the signal to whoever had it before: in Java, to its virtual machine. */
static void pass_on(int number, siginfo_t *info, void *context) {
	const int is_sent = info->si_code <= 0; /* by a process: nothing is at fault here */
	if (previous.sa_flags & SA_SIGINFO) {
		previous.sa_sigaction(number, info, context);
	} else if (previous.sa_handler == SIG_IGN && is_sent) {
		return;
	} else if (previous.sa_handler == SIG_DFL || previous.sa_handler == SIG_IGN) {
		/* The instruction is tried again, or the signal sent again, and the system does what it
		 * does by itself. */
		struct sigaction none;
		memset(&none, 0, sizeof none);
		none.sa_handler = SIG_DFL;
		sigaction(number, &none, NULL);
		if (is_sent) {
			raise(number);
		}
	} else {
		previous.sa_handler(number);
	}
}

/* Calls nothing that is not safe in a handler. The code it jumps out of is a kernel or memcpy. */
static void handle(int number, siginfo_t *info, void *context) {
	struct guard *guard = current;
	/* BUS_ADRERR comes from the system alone: a page that cannot be had. A signal that somebody has
	 * sent has no address, and memory that is broken is nothing to go on with. */
	if (guard == NULL || info->si_code != BUS_ADRERR ||
	    !is_source(guard, (uintptr_t)info->si_addr)) {
		/* Who has it may not come back here. */
		current = NULL;
		pass_on(number, info, context);
		current = guard;
		return;
	}
	current = NULL;
	/* The mask of the code that is abandoned, which a return from here would have set: whoever
	 * called this handler may have blocked more. */
	sigprocmask(SIG_SETMASK, &((const ucontext_t *)context)->uc_sigmask, NULL);
	siglongjmp(guard->back, 1);
}

static void install(void) {
	struct sigaction action;
	memset(&action, 0, sizeof action);
	action.sa_sigaction = handle;
	/* As before on the alternate stack, if the thread has one. Not blocked in its own handler: the
	 * handler is left by a jump, and a second fault in it must end the process. */
	action.sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER | SA_RESTART;
	/* First what was there, so that the handler never runs without knowing it. What that one wants
	 * to be blocked while it runs is blocked when the signal is passed on. */
	if (sigaction(SIGBUS, NULL, &previous) == 0) {
		action.sa_mask = previous.sa_mask;
		installed = sigaction(SIGBUS, &action, NULL) == 0;
	}
}

/* Not pthread_once: built with glibc 2.34 or later, that would need as late a one to run. */
int guard_install(void) {
	if (__atomic_exchange_n(&begun, 1, __ATOMIC_RELAXED) == 0) {
		install();
		__atomic_store_n(&done, 1, __ATOMIC_RELEASE);
	}
	while (!__atomic_load_n(&done, __ATOMIC_ACQUIRE)) {
		sched_yield();
	}
	return installed;
}

/* In steps, each one deeper, so that no frame is as large. */
__attribute__((noinline)) static void wipe_abandoned_stack(int steps) {
	uint8_t below[ABANDONED_STACK_STEP_BYTES];
	memset(below, 0, sizeof below);
	if (steps > 1) {
		wipe_abandoned_stack(steps - 1);
	}
	__asm__ volatile("" : : "r"(below) : "memory");
}

__attribute__((noinline)) int32_t guard_call(void (*work)(const void *argument),
                                             const void *argument,
                                             const struct guarded_source *sources, uint32_t count) {
	struct guard guard;
	guard.sources = sources;
	guard.count = count;
	/* The mask of signals is not kept: that would be a call of the system each time. */
	if (sigsetjmp(guard.back, 0) != 0) {
		wipe_abandoned_stack(ABANDONED_STACK_STEPS);
		cpu_clear_vectors();
		return SLUICE_SOURCE_GONE;
	}
	current = &guard;
	__asm__ volatile("" : : : "memory");
	work(argument);
	__asm__ volatile("" : : : "memory");
	current = NULL;
	return SLUICE_OK;
}
