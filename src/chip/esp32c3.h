/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ESP32-C3: constants only. The DMA is the chip's own (hardware facts, section 7). The real chip has SYSTEM
 * in place of PCR and another interrupt controller: the model offers the ESP32-H2's blocks at the C3's places
 * instead, so this header is for the model until the C3 gets maps of its own.
 */
#ifndef ESP32C3_H
#define ESP32C3_H

#define CHIP_NAME "esp32c3"

#define CHIP_SRAM_FIRST 0x3FC80000u
#define CHIP_SRAM_LAST  0x3FCDFFFFu

#define CHIP_GDMA_BASE      0x6003F000u
#define CHIP_GDMA_PAIRS     3u
#define CHIP_GDMA_COMMON    0x40u
#define CHIP_GDMA_DATE      0u /* not in the facts */
#define CHIP_GDMA_INT_JOINT 1
#define CHIP_GDMA_LINK_HIGH 0x3FC00000u
#define CHIP_GDMA_M2M_IDS                                                                                    \
    0x1CDu /* real peripherals' ids: whoever is borrowed from cannot use the DMA meanwhile */
#define CHIP_GDMA_M2M_FREE   0
#define CHIP_GDMA_IN_SOURCE  44u /* one source for both directions of a pair */
#define CHIP_GDMA_OUT_SOURCE 44u

#define CHIP_INTMTX_BASE    0x600C2000u
#define CHIP_INTMTX_SOURCES 62u
#define CHIP_PLIC_BASE      0x20001000u /* stand-in */

/* Stand-in: the H2's PCR where the C3 has SYSTEM. */
#define CHIP_PCR_BASE      0x600C0000u
#define CHIP_PCR_ETM_CONF  0x98u
#define CHIP_PCR_GDMA_CONF 0xB8u

/* There is neither APM nor ETM: the bases are never used. */
#define CHIP_HAS_APM      0
#define CHIP_TEE_BASE     0u
#define CHIP_HP_APM_BASE  0u
#define CHIP_LP_APM0_BASE 0u
#define CHIP_LP_APM_BASE  0u

#define CHIP_HAS_ETM       0
#define CHIP_ETM_BASE      0u
#define CHIP_ETM_CHANNELS  50u
#define CHIP_GPIO_EXT_BASE 0u

/* Stand-in: the H2's output registers at the C3's place. */
#define CHIP_GPIO_BASE   0x60004000u
#define CHIP_IO_MUX_BASE 0x60009000u
#define CHIP_GPIO_PINS   22u

/* No firmware runs on this one: the bases are never used. */
#define CHIP_HAS_FIRMWARE    0
#define CHIP_UART0_BASE      0u
#define CHIP_UART_FIFO_SIZE  1u
#define CHIP_SYSTIMER_BASE   0u
#define CHIP_SYSTIMER_SOURCE 0u
#define CHIP_INTPRI_BASE     0u
#define CHIP_FROM_CPU_SOURCE 0u

#endif
