/* SPDX-License-Identifier: Apache-2.0 */
/* Register map of a UART (ESP32-H2), as far as polled output goes. Hardware facts, section 1.5. */
#ifndef UART_V1_H
#define UART_V1_H

#include "chip.h"

#define UART_FIFO       (CHIP_UART0_BASE + 0x00u) /* write: one byte to send */
#define UART_INT_RAW    (CHIP_UART0_BASE + 0x04u)
#define UART_INT_ST     (CHIP_UART0_BASE + 0x08u)
#define UART_INT_ENA    (CHIP_UART0_BASE + 0x0Cu)
#define UART_INT_CLR    (CHIP_UART0_BASE + 0x10u)
#define UART_CLKDIV     (CHIP_UART0_BASE + 0x14u) /* this and CONF0 take effect with REG_UPDATE */
#define UART_STATUS     (CHIP_UART0_BASE + 0x1Cu)
#define UART_CONF0      (CHIP_UART0_BASE + 0x20u)
#define UART_CONF1      (CHIP_UART0_BASE + 0x24u)
#define UART_REG_UPDATE (CHIP_UART0_BASE + 0x98u)

#define UART_CONF0_TXFIFO_RST (1u << 23)

#define UART_STATUS_TXFIFO_CNT_SHIFT 16 /* bytes that wait to be sent */
#define UART_STATUS_TXFIFO_CNT_MASK  0xFFu

#endif
