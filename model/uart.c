/* SPDX-License-Identifier: Apache-2.0 */
/*
 * UART0, as far as sending by polling goes: bytes wait in the FIFO until somebody takes them. Nothing is ever
 * received, no interrupt is raised, and the baud rate is kept without an effect. Hardware facts, section 1.5.
 */
#include <string.h>
#include "parts.h"

void model_uart_reset(struct model *model)
{
    memset(&model->uart, 0, sizeof(model->uart));
}

bool model_uart_take(struct model *model, uint8_t *byte)
{
    struct model_uart *uart = &model->uart;

    if (uart->count == 0) {
        return false;
    }
    *byte = uart->fifo[uart->first];
    uart->first = (uart->first + 1u) % CHIP_UART_FIFO_SIZE;
    uart->count--;
    return true;
}

/* A byte for which there is no room is lost. */
static void send(struct model_uart *uart, uint32_t value)
{
    if (uart->count < CHIP_UART_FIFO_SIZE) {
        uart->fifo[(uart->first + uart->count) % CHIP_UART_FIFO_SIZE] = (uint8_t)value;
        uart->count++;
    }
}

uint32_t model_uart_read(struct model *model, uint32_t offset)
{
    const struct model_uart *uart = &model->uart;

    switch (CHIP_UART0_BASE + offset) {
    case UART_STATUS:
        return uart->count << UART_STATUS_TXFIFO_CNT_SHIFT;
    case UART_INT_ENA:
        return uart->ena;
    case UART_CLKDIV:
        return uart->clkdiv;
    case UART_CONF0:
        return uart->conf0;
    case UART_CONF1:
        return uart->conf1;
    case UART_FIFO:
    case UART_INT_RAW:
    case UART_INT_ST:
    case UART_INT_CLR:
    case UART_REG_UPDATE:
        return 0;
    default:
        model_misuse(model, MISUSE_NOTHING, CHIP_UART0_BASE + offset);
        return 0;
    }
}

void model_uart_write(struct model *model, uint32_t offset, uint32_t value)
{
    struct model_uart *uart = &model->uart;

    switch (CHIP_UART0_BASE + offset) {
    case UART_FIFO:
        send(uart, value);
        break;
    case UART_INT_ENA:
        uart->ena = value;
        break;
    case UART_CLKDIV:
        uart->clkdiv = value;
        break;
    case UART_CONF0:
        uart->conf0 = value;
        break;
    case UART_CONF1:
        uart->conf1 = value;
        break;
    case UART_REG_UPDATE:
        if ((value & 1u) != 0 && (uart->conf0 & UART_CONF0_TXFIFO_RST) != 0) {
            uart->first = uart->count = 0;
        }
        break;
    case UART_INT_RAW:
    case UART_INT_ST:
    case UART_INT_CLR:
    case UART_STATUS:
        break;
    default:
        model_misuse(model, MISUSE_NOTHING, CHIP_UART0_BASE + offset);
        break;
    }
}
