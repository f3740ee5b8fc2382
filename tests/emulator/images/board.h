/* SPDX-License-Identifier: Apache-2.0 */
/* What the images of these tests need, registers only. */
#ifndef BOARD_H
#define BOARD_H

#include <stdbool.h>
#include <stdint.h>
#include "apm_v1.h"
#include "gdma_v1.h"
#include "gpio_v1.h"
#include "intmtx_v1.h"
#include "intpri_v1.h"
#include "pcr_v1.h"
#include "plic_v1.h"
#include "systimer_v1.h"
#include "uart_v1.h"

#define MIE      8u
#define SAVED_PC 16

static inline void wr(uint32_t address, uint32_t value)
{
    *(volatile uint32_t *)address = value;
}

static inline uint32_t rd(uint32_t address)
{
    return *(volatile uint32_t *)address;
}

static inline void print(const char *text)
{
    for (; *text != '\0'; text++) {
        wr(UART_FIFO, (uint8_t)*text);
    }
}

static inline void print_number(uint32_t number)
{
    char text[11];
    char *digit = text + sizeof text - 1;
    *digit = '\0';
    do {
        *--digit = (char)('0' + number % 10);
        number /= 10;
    } while (number != 0);
    print(digit);
}

static inline void say(const char *text, uint32_t number)
{
    print(text);
    print(" ");
    print_number(number);
    print("\n");
}

static inline uint32_t mask(void)
{
    uint32_t before;
    __asm__ volatile(".option push\n.option arch, +zicsr\ncsrrci %0, mstatus, 8\n.option pop"
                     : "=r"(before)::"memory");
    return before & MIE;
}

static inline void unmask(uint32_t before)
{
    __asm__ volatile(".option push\n.option arch, +zicsr\ncsrs mstatus, %0\n.option pop" ::"r"(before)
                     : "memory");
}

static inline void wait(void)
{
    __asm__ volatile("wfi" ::: "memory");
}

static inline void route(unsigned source, unsigned line, unsigned priority)
{
    wr(intmtx_map(source), line);
    wr(plic_priority(line), priority);
    wr(PLIC_ENABLE, rd(PLIC_ENABLE) | 1u << line);
}

/* saved[SAVED_PC]: where it goes on. */
void interrupt(uint32_t cause, uint32_t *saved);
void leave(int status) __attribute__((noreturn));

#endif
