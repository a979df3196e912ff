/* What Java's tests cannot see of the guard: that nothing of a key is left where a call was abandoned or
 * ended, that other faults go to whoever had the signal before, with what that one blocks, and that no
 * signal stays blocked. */
#define _GNU_SOURCE
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sluice_cipher.h"

#define PIECE (1 << 20)
#define CUT 300000
#define STACK_BYTES (60 * 1024)

static const uint8_t key[16] = {0x3a, 0x2a, 0x1b, 0x68, 0xdd, 0x2b, 0xd9, 0xb2,
                                0xee, 0xb2, 0x5e, 0x84, 0xc4, 0x77, 0x66, 0x68};
static uint8_t target[PIECE];
static sigjmp_buf back;
static volatile sig_atomic_t others;
static volatile sig_atomic_t unblocked; /* of them, those without what they block */

static void require(int holds, const char *what) {
	if (!holds) {
		fprintf(stderr, "guard: %s\n", what);
		exit(1);
	}
}

static void other(int number) {
	(void)number;
	sigset_t blocked;
	sigprocmask(SIG_SETMASK, NULL, &blocked);
	unblocked += sigismember(&blocked, SIGUSR1) == 0;
	others++;
	siglongjmp(back, 1);
}

static int file_of(off_t size) {
	int file = memfd_create("source", 0);
	require(file >= 0 && ftruncate(file, size) == 0, "no file");
	return file;
}

static uint8_t *map(int file) {
	uint8_t *mapped = mmap(NULL, PIECE, PROT_READ, MAP_SHARED, file, 0);
	require(mapped != MAP_FAILED, "no mapping");
	return mapped;
}

static int32_t use(int32_t level, int how, const uint8_t *source) {
	struct sluice_ctr_range ctr = {0, PIECE, 1, 2, 0};
	struct sluice_cbc_range cbc = {.length = PIECE, .crypt = 1, .skip = how == 1 ? 9 : 0};
	switch (how) {
	case 0:
		return sluice_ctr(level, key, source, target, PIECE, 0, PIECE, &ctr, 0, 1);
	case 1:
	case 2:
		return sluice_cbc(level, key, source, target, PIECE, 0, PIECE, &cbc, 0, 1);
	default:
		return sluice_copy(target, source, PIECE);
	}
}

/* Not the word itself, which would be found where this looks for it. */
#define FACTOR 0x9e3779b1u
static volatile uint32_t word_of_schedule_by_factor;

/* The second word of the expanded schedule is part of no source and no ciphertext. */
__attribute__((noinline)) static void know_schedule(void) {
	static const uint8_t sbox_of_67[4] = {0xf5, 0x33, 0x45, 0x1c}; /* of 77 66 68 c4 */
	uint32_t word;
	uint8_t bytes[4];
	for (int i = 0; i < 4; i++) {
		bytes[i] = key[i] ^ sbox_of_67[i] ^ (i == 0 ? 1 : 0);
	}
	memcpy(&word, bytes, 4);
	word_of_schedule_by_factor = word * FACTOR;
}

static int is_of_schedule(const uint8_t *at) {
	uint32_t value;
	memcpy(&value, at, 4);
	return value * FACTOR == word_of_schedule_by_factor;
}

#define REGISTERS 32
#define REGISTER_BYTES 64
static uint8_t registers[REGISTERS * REGISTER_BYTES];

/* What is in the vector registers goes to `registers`. Called at once behind the call in question. */
#if defined(__x86_64__)
#define KEEP(HOW, N, AT) HOW #N ", 64*" #AT "(%0)\n\t"
#define KEEP_8(HOW, A, B, C, D, E, F, G, H) \
	KEEP(HOW, A, A) \
	KEEP(HOW, B, B) \
	KEEP(HOW, C, C) \
	KEEP(HOW, D, D) \
	KEEP(HOW, E, E) \
	KEEP(HOW, F, F) \
	KEEP(HOW, G, G) \
	KEEP(HOW, H, H)

__attribute__((noinline, target("avx"))) static void keep_256(void) {
	__asm__ volatile(KEEP_8("vmovdqu %%ymm", 0, 1, 2, 3, 4, 5, 6, 7)
	                     KEEP_8("vmovdqu %%ymm", 8, 9, 10, 11, 12, 13, 14, 15)
	                 :
	                 : "r"(registers)
	                 : "memory");
}

__attribute__((noinline, target("avx512f"))) static void keep_512(void) {
	__asm__ volatile(KEEP_8("vmovdqu64 %%zmm", 0, 1, 2, 3, 4, 5, 6, 7)
	                     KEEP_8("vmovdqu64 %%zmm", 8, 9, 10, 11, 12, 13, 14, 15)
	                         KEEP_8("vmovdqu64 %%zmm", 16, 17, 18, 19, 20, 21, 22, 23)
	                             KEEP_8("vmovdqu64 %%zmm", 24, 25, 26, 27, 28, 29, 30, 31)
	                 :
	                 : "r"(registers)
	                 : "memory");
}

static void keep_registers(int32_t level) {
	if (level == SLUICE_LEVEL_VAES512) {
		keep_512();
	} else {
		keep_256();
	}
}
#else
#define KEEP_2(A, B) "stp q" #A ", q" #B ", [%0], #32\n\t"

__attribute__((noinline)) static void keep_registers(int32_t level) {
	(void)level;
	uint8_t *at = registers;
	__asm__ volatile(KEEP_2(0, 1) KEEP_2(2, 3) KEEP_2(4, 5) KEEP_2(6, 7) KEEP_2(8, 9) KEEP_2(10, 11)
	                     KEEP_2(12, 13) KEEP_2(14, 15) KEEP_2(16, 17) KEEP_2(18, 19) KEEP_2(20, 21)
	                         KEEP_2(22, 23) KEEP_2(24, 25) KEEP_2(26, 27) KEEP_2(28, 29)
	                             KEEP_2(30, 31)
	                 : "+r"(at)
	                 :
	                 : "memory");
}
#endif

static int found_in_registers(void) {
	int found = 0;
	for (size_t at = 0; at < sizeof registers; at += 4) {
		found += is_of_schedule(registers + at);
	}
	return found;
}

/* How often the key, or a word of its schedule, stands in the stack below here. */
__attribute__((noinline)) static int found_below(void) {
	const uint8_t *top = __builtin_frame_address(0);
	__asm__ volatile("" : "+r"(top)); /* what it points at is none of the compiler's business */
	top -= 256;
	int found = 0;
	for (const uint8_t *at = top - STACK_BYTES; at < top; at += 4) {
		found += is_of_schedule(at);
	}
	return found;
}

__attribute__((noinline)) static void dirty_stack(void) {
	volatile uint8_t below[STACK_BYTES + 4096];
	for (size_t i = 0; i < sizeof below; i++) {
		below[i] = 0x55;
	}
}

/* Whether a SIGBUS that is sent ends a process where nobody had it before, or where it is ignored. */
static int ends_by_sent(void (*before)(int)) {
	fflush(stdout);
	pid_t child = fork();
	require(child >= 0, "no process");
	if (child == 0) {
		const struct rlimit no_core = {0, 0};
		setrlimit(RLIMIT_CORE, &no_core);
		close(STDERR_FILENO); /* an emulator says how it ends */
		signal(SIGBUS, before);
		int taken = sluice_guard();
		kill(getpid(), SIGBUS);
		_exit(taken == 1 ? 0 : 1);
	}
	int status = 0;
	require(waitpid(child, &status, 0) == child, "no end of a process");
	require(WIFSIGNALED(status) || WEXITSTATUS(status) == 0, "not installed");
	return WIFSIGNALED(status) && WTERMSIG(status) == SIGBUS;
}

int main(void) {
	know_schedule();
	require(ends_by_sent(SIG_DFL), "a signal that was sent is lost");
	require(!ends_by_sent(SIG_IGN), "a signal that was ignored ends the process");
	struct sigaction before = {.sa_handler = other};
	sigemptyset(&before.sa_mask);
	sigaddset(&before.sa_mask, SIGUSR1);
	sigaction(SIGBUS, &before, NULL);
	require(sluice_guard() == 1 && sluice_guard() == 1, "not installed");
	const int cut = file_of(CUT);
	const uint8_t *gone = map(cut);
	const uint8_t *whole = map(file_of(PIECE));
	for (int32_t level = 1; level <= 3; level++) {
		if (!sluice_has_level(level)) {
			continue;
		}
		for (int how = 0; how < 4; how++) {
			for (int i = 0; i < 3; i++) {
				dirty_stack();
				int32_t code = use(level | SLUICE_MAPPED, how, gone);
				keep_registers(level);
				require(found_below() == 0, "a key is left on the stack");
				require(found_in_registers() == 0, "a key is left in registers");
				require(code == SLUICE_SOURCE_GONE, "not gone");
			}
			int32_t code = use(level | SLUICE_MAPPED, how, whole);
			keep_registers(level);
			require(found_in_registers() == 0, "a key is left in registers of a call that ended");
			require(code == SLUICE_OK, "not whole");
		}
		/* A call that does not say that its source is mapped. */
		if (sigsetjmp(back, 1) == 0) {
			use(level, 0, gone);
			require(0, "read what is not there");
		}
		/* A fault outside of the source of a call that says so: in its target. */
		if (sigsetjmp(back, 1) == 0) {
			uint8_t *gone_target = mmap(NULL, PIECE, PROT_READ | PROT_WRITE, MAP_SHARED, cut, 0);
			require(gone_target != MAP_FAILED, "no mapping");
			sluice_copy(gone_target, whole, PIECE);
			require(0, "wrote what is not there");
		}
	}
	require(others >= 2 && others % 2 == 0, "other faults have not gone to the handler before");
	/* A signal that somebody sends is not ours. */
	others = 0;
	if (sigsetjmp(back, 1) == 0) {
		kill(getpid(), SIGBUS);
	}
	require(others == 1, "a signal that was sent has not gone to the handler before");
	require(unblocked == 0, "the handler before has run without the signals blocked that it blocks");
	sigset_t blocked;
	sigprocmask(SIG_SETMASK, NULL, &blocked);
	require(sigismember(&blocked, SIGBUS) == 0 && sigismember(&blocked, SIGUSR1) == 0, "blocked");
	puts("guard: ok");
	return 0;
}
