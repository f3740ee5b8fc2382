/* SPDX-License-Identifier: Apache-2.0 */
#include "cpu.h"
#include <stddef.h>

const char cpu_family[] = "other (plain C)";

const struct cpu_feature *cpu_features(void)
{
    static const struct cpu_feature none = {NULL, false};
    return &none;
}
