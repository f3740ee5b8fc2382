/* SPDX-License-Identifier: Apache-2.0 */
/* ESP32-H2: constants only. Hardware facts, sections 1 and 2. */
#ifndef ESP32H2_H
#define ESP32H2_H

#define CHIP_NAME "esp32h2"

/* The only memory the DMA reaches. */
#define CHIP_SRAM_FIRST 0x40800000u
#define CHIP_SRAM_LAST  0x4084FFFFu

#define CHIP_GDMA_BASE       0x60080000u
#define CHIP_GDMA_PAIRS      3u
#define CHIP_GDMA_COMMON     0x60u       /* AHB_TEST; MISC_CONF and DATE follow */
#define CHIP_GDMA_DATE       0x02202250u /* reset value of DATE */
#define CHIP_GDMA_INT_JOINT  0           /* interrupt registers of a pair: 1 one group, 0 one per direction */
#define CHIP_GDMA_LINK_HIGH  0x40800000u /* what silicon puts before the 20 bits of a LINK address */
#define CHIP_GDMA_M2M_IDS    0xFC32u /* PERI_SEL ids for memory to memory, a bit each; free: no peripheral's */
#define CHIP_GDMA_M2M_FREE   1
#define CHIP_GDMA_IN_SOURCE  53u /* interrupt sources of pair 0 */
#define CHIP_GDMA_OUT_SOURCE 56u

#define CHIP_INTMTX_BASE    0x60010000u
#define CHIP_INTMTX_SOURCES 65u
#define CHIP_PLIC_BASE      0x20001000u

#define CHIP_PCR_BASE      0x60096000u
#define CHIP_PCR_ETM_CONF  0x98u
#define CHIP_PCR_GDMA_CONF 0xB8u

#define CHIP_HAS_APM      1
#define CHIP_TEE_BASE     0x60098000u
#define CHIP_HP_APM_BASE  0x60099000u
#define CHIP_LP_APM0_BASE 0x60099800u
#define CHIP_LP_APM_BASE  0x600B3800u

#define CHIP_HAS_ETM       1
#define CHIP_ETM_BASE      0x60013000u
#define CHIP_ETM_CHANNELS  50u
#define CHIP_GPIO_BASE     0x60091000u
#define CHIP_GPIO_EXT_BASE 0x60091F00u
#define CHIP_IO_MUX_BASE   0x60090000u
#define CHIP_GPIO_PINS     28u

/* What firmware needs beside the DMA. */
#define CHIP_HAS_FIRMWARE    1
#define CHIP_UART0_BASE      0x60000000u
#define CHIP_UART_FIFO_SIZE  128u
#define CHIP_SYSTIMER_BASE   0x6000B000u
#define CHIP_SYSTIMER_SOURCE 45u    /* of target 0; 1 and 2 follow */
#define CHIP_SYSTIMER_PER_MS 16000u /* counts: half the crystal */
#define CHIP_INTPRI_BASE     0x600C5000u
#define CHIP_FROM_CPU_SOURCE 7u /* of FROM_CPU_0; three more follow */

#endif
