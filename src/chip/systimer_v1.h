/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Register map of the system timer (ESP32-C3, C6, H2): a 52-bit counter that never stops, and alarms.
 * Hardware facts, section 1.5; the bits marked here are not in them.
 */
#ifndef SYSTIMER_V1_H
#define SYSTIMER_V1_H

#include <stdint.h>
#include "chip.h"

#define SYSTIMER_CONF     (CHIP_SYSTIMER_BASE + 0x00u)
#define SYSTIMER_UNIT0_OP (CHIP_SYSTIMER_BASE + 0x04u)
#define SYSTIMER_VALUE_HI (CHIP_SYSTIMER_BASE + 0x40u) /* bits 51:32, as of the last UPDATE */
#define SYSTIMER_VALUE_LO (CHIP_SYSTIMER_BASE + 0x44u)
#define SYSTIMER_INT_ENA  (CHIP_SYSTIMER_BASE + 0x64u) /* a bit per target, here and in the next three */
#define SYSTIMER_INT_RAW  (CHIP_SYSTIMER_BASE + 0x68u)
#define SYSTIMER_INT_CLR  (CHIP_SYSTIMER_BASE + 0x6Cu)
#define SYSTIMER_INT_ST   (CHIP_SYSTIMER_BASE + 0x70u)

static inline uint32_t systimer_target_hi(unsigned target)
{
    return CHIP_SYSTIMER_BASE + 0x1Cu + 8u * target;
}

static inline uint32_t systimer_target_lo(unsigned target)
{
    return CHIP_SYSTIMER_BASE + 0x20u + 8u * target;
}

static inline uint32_t systimer_target_conf(unsigned target)
{
    return CHIP_SYSTIMER_BASE + 0x34u + 4u * target;
}

/* Write 1: the target takes effect. One whose time has passed already raises its interrupt at once. */
static inline uint32_t systimer_load(unsigned target)
{
    return CHIP_SYSTIMER_BASE + 0x50u + 4u * target;
}

#define SYSTIMER_CONF_CLK_EN        (1u << 31) /* register clock always on */
#define SYSTIMER_CONF_UNIT0_WORK_EN (1u << 30) /* 1 after reset: unit 0 counts */
#define SYSTIMER_CONF_ETM_EN        (1u << 1)

/* This target compares. Not in the facts. */
static inline uint32_t systimer_conf_target(unsigned target)
{
    return 1u << (24u - target);
}

#define SYSTIMER_OP_UPDATE (1u << 30) /* write: latch the count into VALUE; not in the facts */
#define SYSTIMER_OP_VALID  (1u << 29) /* read-only: VALUE is latched; not in the facts */

#define SYSTIMER_TARGET_PERIOD_MODE (1u << 30) /* every PERIOD counts, from LOAD; 0: once, at the target */
#define SYSTIMER_TARGET_PERIOD_MASK 0x3FFFFFFu
#define SYSTIMER_TARGET_UNIT_SEL    (1u << 31)

#define SYSTIMER_TARGETS 3u

/* ETM event of target 0; the others follow. Section 6.3. */
#define SYSTIMER_EVENT 50u

#endif
