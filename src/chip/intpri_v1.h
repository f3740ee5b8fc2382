/* SPDX-License-Identifier: Apache-2.0 */
/* Interrupts that software raises. Hardware facts, section 1.6: all else of INTPRI is left to PLIC_MX. */
#ifndef INTPRI_V1_H
#define INTPRI_V1_H

#include <stdint.h>
#include "chip.h"

#define INTPRI_FROM_CPU 4u

/* Bit 0 is the level of source CHIP_FROM_CPU_SOURCE + n. */
static inline uint32_t intpri_from_cpu(unsigned n)
{
    return CHIP_INTPRI_BASE + 0x90u + 4u * n;
}

#endif
