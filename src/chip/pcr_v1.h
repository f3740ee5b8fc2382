/* SPDX-License-Identifier: Apache-2.0 */
/* Clocks and resets of the modules that a copy needs. Hardware facts, section 1.4. */
#ifndef PCR_V1_H
#define PCR_V1_H

#include "chip.h"

#define PCR_INTMTX_CONF (CHIP_PCR_BASE + 0x90u)
#define PCR_ETM_CONF    (CHIP_PCR_BASE + CHIP_PCR_ETM_CONF)
#define PCR_GDMA_CONF   (CHIP_PCR_BASE + CHIP_PCR_GDMA_CONF)

#define PCR_CONF_CLK_EN (1u << 0) /* 1 after reset */
#define PCR_CONF_RST_EN (1u << 1) /* a level: write 1 then 0 */
#define PCR_CONF_READY  (1u << 2) /* read-only; not in GDMA_CONF */

#endif
