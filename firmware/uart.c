/* SPDX-License-Identifier: Apache-2.0 */
/* The C library's standard streams: output to UART0, polled; input ends at once. */
#include <stdio.h>

#include "chip/mmio.h"
#include "chip/uart_v1.h"

static int put(char byte, FILE *stream)
{
    (void)stream;
    while ((mmio_read(UART_STATUS) >> UART_STATUS_TXFIFO_CNT_SHIFT & UART_STATUS_TXFIFO_CNT_MASK) >=
           CHIP_UART_FIFO_SIZE - 1) {
        /* it is sending */
    }
    mmio_write(UART_FIFO, (unsigned char)byte);
    return (unsigned char)byte;
}

static int get(FILE *stream)
{
    (void)stream;
    return _FDEV_EOF;
}

static FILE uart = FDEV_SETUP_STREAM(put, get, NULL, _FDEV_SETUP_RW);

FILE *const stdin = &uart;
FILE *const stdout = &uart;
FILE *const stderr = &uart;
