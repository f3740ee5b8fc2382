/* SPDX-License-Identifier: Apache-2.0 */
/* What the CPU at hand offers for copying: one file per family of CPUs, chosen by the build. */
#ifndef CPU_H
#define CPU_H

#include <stdbool.h>

struct cpu_feature {
    const char *name;
    bool found;
};

/* Name of the family. */
extern const char cpu_family[];

/* The features that matter; the list ends with a NULL name. */
const struct cpu_feature *cpu_features(void);

#endif
