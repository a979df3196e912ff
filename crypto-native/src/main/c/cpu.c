/* Which kernels this processor can run. */
#include "cpu.h"

#if defined(__x86_64__)
#include <cpuid.h>

/* What the system saves of a thread's registers: XCR0. */
static uint64_t saved_registers(void) {
	uint32_t low, high;
	__asm__ volatile("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
	return ((uint64_t)high << 32) | low;
}

static int has_aesni(void) {
	unsigned a, b, c, d;
	if (!__get_cpuid(1, &a, &b, &c, &d)) {
		return 0;
	}
	int all = (c & bit_AES) && (c & bit_AVX) && (c & bit_SSSE3) && (c & bit_OSXSAVE);
	return all && (saved_registers() & 0x06) == 0x06; /* SSE and AVX state */
}

static int has_vaes512(void) {
	unsigned a, b, c, d;
	if (!has_aesni() || !__get_cpuid_count(7, 0, &a, &b, &c, &d)) {
		return 0;
	}
	const unsigned vaes = 1u << 9; /* of ECX; compilers name it differently */
	const unsigned avx512 = bit_AVX512F | bit_AVX512DQ | bit_AVX512BW | bit_AVX512VL;
	return (c & vaes) && (b & avx512) == avx512 && (b & bit_BMI2) &&
	       (saved_registers() & 0xe6) == 0xe6; /* and masks, and the whole of zmm0-31 */
}

static int detect(int32_t level) {
	switch (level) {
	case SLUICE_LEVEL_AESNI:
		return has_aesni();
	case SLUICE_LEVEL_VAES512:
		return has_vaes512();
	default:
		return 0;
	}
}

#elif defined(__aarch64__)
#include <sys/auxv.h>

static int detect(int32_t level) {
	const unsigned long aes = 1ul << 3; /* HWCAP_AES */
	return level == SLUICE_LEVEL_ARMV8 && (getauxval(AT_HWCAP) & aes) != 0;
}

#else

static int detect(int32_t level) {
	(void)level;
	return 0;
}

#endif

/* A bit for each level, and bit 0 once it is known. Threads may all find out at once. */
static uint32_t levels;

int cpu_has(int32_t level) {
	uint32_t known = __atomic_load_n(&levels, __ATOMIC_RELAXED);
	if (known == 0) {
		known = 1;
		for (int32_t i = SLUICE_LEVEL_AESNI; i <= SLUICE_LEVEL_ARMV8; i++) {
			known |= (uint32_t)detect(i) << i;
		}
		__atomic_store_n(&levels, known, __ATOMIC_RELAXED);
	}
	return level >= SLUICE_LEVEL_AESNI && level <= SLUICE_LEVEL_ARMV8 && ((known >> level) & 1);
}

#if defined(__x86_64__)
#define CLEAR(N) "vpxorq %%zmm" #N ", %%zmm" #N ", %%zmm" #N "\n\t"

/* Those that came with AVX-512. */
__attribute__((noinline, target("avx512f"))) static void clear_upper_vectors(void) {
	__asm__ volatile(CLEAR(16) CLEAR(17) CLEAR(18) CLEAR(19) CLEAR(20) CLEAR(21) CLEAR(22) CLEAR(23)
	                     CLEAR(24) CLEAR(25) CLEAR(26) CLEAR(27) CLEAR(28) CLEAR(29) CLEAR(30)
	                         CLEAR(31)
	                 :
	                 :
	                 : "xmm16", "xmm17", "xmm18", "xmm19", "xmm20", "xmm21", "xmm22", "xmm23", "xmm24",
	                   "xmm25", "xmm26", "xmm27", "xmm28", "xmm29", "xmm30", "xmm31");
}

/* The others, in their whole width. */
__attribute__((noinline, target("avx"))) static void clear_lower_vectors(void) {
	__asm__ volatile("vzeroall"
	                 :
	                 :
	                 : "xmm0", "xmm1", "xmm2", "xmm3", "xmm4", "xmm5", "xmm6", "xmm7", "xmm8", "xmm9",
	                   "xmm10", "xmm11", "xmm12", "xmm13", "xmm14", "xmm15");
}

void cpu_clear_vectors(void) {
	if (cpu_has(SLUICE_LEVEL_VAES512)) {
		clear_upper_vectors();
	}
	if (cpu_has(SLUICE_LEVEL_AESNI)) {
		clear_lower_vectors();
	}
}

#elif defined(__aarch64__)
#define CLEAR(N) "movi v" #N ".2d, #0\n\t"

/* The lower halves of v8 to v15 are the caller's: the compiler puts them back, which clears the upper
 * ones. */
void cpu_clear_vectors(void) {
	__asm__ volatile(CLEAR(0) CLEAR(1) CLEAR(2) CLEAR(3) CLEAR(4) CLEAR(5) CLEAR(6) CLEAR(7) CLEAR(8)
	                     CLEAR(9) CLEAR(10) CLEAR(11) CLEAR(12) CLEAR(13) CLEAR(14) CLEAR(15)
	                         CLEAR(16) CLEAR(17) CLEAR(18) CLEAR(19) CLEAR(20) CLEAR(21) CLEAR(22)
	                             CLEAR(23) CLEAR(24) CLEAR(25) CLEAR(26) CLEAR(27) CLEAR(28)
	                                 CLEAR(29) CLEAR(30) CLEAR(31)
	                 :
	                 :
	                 : "v0", "v1", "v2", "v3", "v4", "v5", "v6", "v7", "v8", "v9", "v10", "v11", "v12",
	                   "v13", "v14", "v15", "v16", "v17", "v18", "v19", "v20", "v21", "v22", "v23",
	                   "v24", "v25", "v26", "v27", "v28", "v29", "v30", "v31");
}

#else

void cpu_clear_vectors(void) {
}

#endif
