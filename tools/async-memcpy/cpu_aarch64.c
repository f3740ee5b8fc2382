/* SPDX-License-Identifier: Apache-2.0 */
#include "cpu.h"
#include <stddef.h>
#include <sys/auxv.h>

const char cpu_family[] = "aarch64";

/* Bits of the kernel's auxiliary vector (Linux, Documentation/arm64/elf_hwcaps.rst). */
#define HWCAP_BIT_ASIMD (1UL << 1)
#define HWCAP_BIT_SVE   (1UL << 22)
#define HWCAP2_BIT_MOPS (1UL << 43) /* copy instructions */

const struct cpu_feature *cpu_features(void)
{
    static struct cpu_feature features[4];
    features[0] = (struct cpu_feature){"asimd", (getauxval(AT_HWCAP) & HWCAP_BIT_ASIMD) != 0};
    features[1] = (struct cpu_feature){"sve", (getauxval(AT_HWCAP) & HWCAP_BIT_SVE) != 0};
    features[2] = (struct cpu_feature){"mops", (getauxval(AT_HWCAP2) & HWCAP2_BIT_MOPS) != 0};
    features[3] = (struct cpu_feature){NULL, false};
    return features;
}
