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
