/* SPDX-License-Identifier: Apache-2.0 */
/* Clocks and resets of the modules that a copy needs. Hardware facts, section 1.4. */
#ifndef PCR_V1_H
#define PCR_V1_H

#include "chip.h"

#define PCR_INTMTX_CONF (CHIP_PCR_BASE + 0x90u)
#define PCR_ETM_CONF    (CHIP_PCR_BASE + CHIP_PCR_ETM_CONF)
#define PCR_GDMA_CONF   (CHIP_PCR_BASE + CHIP_PCR_GDMA_CONF)

#define PCR_UART0_CONF        (CHIP_PCR_BASE + 0x00u)
#define PCR_UART0_SCLK        (CHIP_PCR_BASE + 0x04u)
#define PCR_SYSTIMER_CONF     (CHIP_PCR_BASE + 0x5Cu)
#define PCR_SYSTIMER_FUNC_CLK (CHIP_PCR_BASE + 0x60u)
#define PCR_SYSCLK_CONF       (CHIP_PCR_BASE + 0x10Cu)
#define PCR_CPU_FREQ          (CHIP_PCR_BASE + 0x114u)
#define PCR_AHB_FREQ          (CHIP_PCR_BASE + 0x118u)
#define PCR_APB_FREQ          (CHIP_PCR_BASE + 0x11Cu)
#define PCR_BUS_CLK_UPDATE    (CHIP_PCR_BASE + 0x148u)

#define PCR_FUNC_CLK_EN          (1u << 22) /* of UART0_SCLK and SYSTIMER_FUNC_CLK; 1 after reset */
#define PCR_UART0_SCLK_SEL_SHIFT 20         /* bits 21:20; 3, the crystal, after reset */

#define PCR_SYSCLK_SOURCE_SHIFT 16 /* bits 17:16 */
#define PCR_SYSCLK_XTAL_SHIFT   24 /* bits 30:24, read-only: 32 (MHz) */

#define PCR_CONF_CLK_EN (1u << 0) /* 1 after reset */
#define PCR_CONF_RST_EN (1u << 1) /* a level: write 1 then 0 */
#define PCR_CONF_READY  (1u << 2) /* read-only; not in GDMA_CONF */

#endif
