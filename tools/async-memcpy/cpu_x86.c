/* SPDX-License-Identifier: Apache-2.0 */
#include "cpu.h"
#include <cpuid.h>
#include <stddef.h>

const char cpu_family[] = "x86";

/* CPUID leaf 7, subleaf 0. */
#define EBX_ERMS      (1U << 9)  /* fast `rep movsb` */
#define ECX_MOVDIR64B (1U << 28) /* 64-byte stores past the cache */

const struct cpu_feature *cpu_features(void)
{
    static struct cpu_feature features[6];
    unsigned eax = 0, ebx = 0, ecx = 0, edx = 0;
    __get_cpuid_count(7, 0, &eax, &ebx, &ecx, &edx);
    __builtin_cpu_init();
    /* The built-in asks the operating system too: the wide registers need its help. */
    features[0] = (struct cpu_feature){"sse2", __builtin_cpu_supports("sse2") != 0};
    features[1] = (struct cpu_feature){"avx2", __builtin_cpu_supports("avx2") != 0};
    features[2] = (struct cpu_feature){"avx512f", __builtin_cpu_supports("avx512f") != 0};
    features[3] = (struct cpu_feature){"movdir64b", (ecx & ECX_MOVDIR64B) != 0};
    features[4] = (struct cpu_feature){"erms", (ebx & EBX_ERMS) != 0};
    features[5] = (struct cpu_feature){NULL, false};
    return features;
}
