/* SPDX-License-Identifier: Apache-2.0 */
/* Interrupt controller of machine mode, PLIC_MX. Hardware facts, section 1.6. */
#ifndef PLIC_V1_H
#define PLIC_V1_H

#include <stdint.h>
#include "chip.h"

#define PLIC_ENABLE (CHIP_PLIC_BASE + 0x00u)
#define PLIC_TYPE   (CHIP_PLIC_BASE + 0x04u) /* a bit per line: 0 level, 1 edge */
#define PLIC_CLEAR  (CHIP_PLIC_BASE + 0x08u) /* edge lines only */
#define PLIC_EMIP   (CHIP_PLIC_BASE + 0x0Cu) /* pending, read-only */
#define PLIC_THRESH (CHIP_PLIC_BASE + 0x90u) /* a line is taken when its priority is at least this */
#define PLIC_CLAIM  (CHIP_PLIC_BASE + 0x94u)

#define PLIC_PRIORITY_MAX 15u
#define PLIC_LINES        32u
#define PLIC_LINES_CLINT  ((1u << 0) | (1u << 3) | (1u << 4) | (1u << 7)) /* not for peripherals */

static inline uint32_t plic_priority(unsigned line)
{
    return CHIP_PLIC_BASE + 0x10u + 4u * line;
}

#endif
