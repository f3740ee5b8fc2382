/* SPDX-License-Identifier: Apache-2.0 */
/* Interrupt matrix: which source drives which of the CPU's 32 lines. Hardware facts, section 1.6. */
#ifndef INTMTX_V1_H
#define INTMTX_V1_H

#include <stdint.h>
#include "chip.h"

#define INTMTX_STATUS_WORDS ((CHIP_INTMTX_SOURCES + 31u) / 32u)
#define INTMTX_STATUS_BASE  (CHIP_INTMTX_BASE + 4u * CHIP_INTMTX_SOURCES)
#define INTMTX_CLOCK_GATE   (INTMTX_STATUS_BASE + 4u * INTMTX_STATUS_WORDS)

/* Bits 4:0: the line; 0 after reset, which is no line. */
static inline uint32_t intmtx_map(unsigned source)
{
    return CHIP_INTMTX_BASE + 4u * source;
}

/* Levels of sources 32n..32n+31. */
static inline uint32_t intmtx_status(unsigned word)
{
    return INTMTX_STATUS_BASE + 4u * word;
}

#endif
