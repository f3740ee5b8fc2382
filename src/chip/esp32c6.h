/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ESP32-C6: constants only. The DMA is the chip's own (hardware facts, section 7). What surrounds it is the
 * ESP32-H2's layout where the facts say nothing of the C6: good for the model, to be checked before this is
 * built for a board.
 */
#ifndef ESP32C6_H
#define ESP32C6_H

#define CHIP_NAME "esp32c6"

#define CHIP_SRAM_FIRST 0x40800000u
#define CHIP_SRAM_LAST  0x4087FFFFu

#define CHIP_GDMA_BASE       0x60080000u
#define CHIP_GDMA_PAIRS      3u
#define CHIP_GDMA_COMMON     0x60u
#define CHIP_GDMA_DATE       0u /* not in the facts */
#define CHIP_GDMA_INT_JOINT  0
#define CHIP_GDMA_LINK_HIGH  0x40800000u
#define CHIP_GDMA_M2M_IDS    0xFC32u
#define CHIP_GDMA_M2M_FREE   1
#define CHIP_GDMA_IN_SOURCE  66u
#define CHIP_GDMA_OUT_SOURCE 69u

#define CHIP_INTMTX_BASE    0x60010000u
#define CHIP_INTMTX_SOURCES 77u
#define CHIP_PLIC_BASE      0x20001000u

/* Stand-in: the H2's offsets. */
#define CHIP_PCR_BASE      0x60096000u
#define CHIP_PCR_ETM_CONF  0x98u
#define CHIP_PCR_GDMA_CONF 0xB8u

/* Stand-in: the H2's bases. */
#define CHIP_HAS_APM      1
#define CHIP_TEE_BASE     0x60098000u
#define CHIP_HP_APM_BASE  0x60099000u
#define CHIP_LP_APM0_BASE 0x60099800u
#define CHIP_LP_APM_BASE  0x600B3800u

/* GDMA event and task numbers are the H2's. Stand-in: the bases. */
#define CHIP_HAS_ETM       1
#define CHIP_ETM_BASE      0x60013000u
#define CHIP_ETM_CHANNELS  50u
#define CHIP_GPIO_BASE     0x60091000u
#define CHIP_GPIO_EXT_BASE 0x60091F00u
#define CHIP_IO_MUX_BASE   0x60090000u
#define CHIP_GPIO_PINS     31u

/* No firmware runs on this one: the bases are never used. */
#define CHIP_HAS_FIRMWARE    0
#define CHIP_UART0_BASE      0u
#define CHIP_UART_FIFO_SIZE  1u
#define CHIP_SYSTIMER_BASE   0u
#define CHIP_SYSTIMER_SOURCE 0u
#define CHIP_INTPRI_BASE     0u
#define CHIP_FROM_CPU_SOURCE 0u

#endif
