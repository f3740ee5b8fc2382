/* SPDX-License-Identifier: Apache-2.0 */
/* Counters that instructions read; ecall; atomics; a stretch of known length with interrupts off. */
#include "board.h"

#define CSR(name)                                                                                            \
    ({                                                                                                       \
        uint32_t csr_value;                                                                                  \
        __asm__ volatile(".option push\n.option arch, +zicsr\ncsrr %0, " name "\n.option pop"                \
                         : "=r"(csr_value));                                                                 \
        csr_value;                                                                                           \
    })

static volatile uint32_t calls;

void interrupt(uint32_t cause, uint32_t *saved)
{
    calls += cause == 11;
    saved[SAVED_PC] += 4;
}

/* Ten instructions, of which the first does not count: it switches off. */
static void __attribute__((noinline)) ten(void)
{
    __asm__ volatile(".option push\n.option arch, +zicsr\ncsrci mstatus, 8\n"
                     "nop\nnop\nnop\nnop\nnop\nnop\nnop\nnop\ncsrsi mstatus, 8\n.option pop");
}

int main(void)
{
    uint32_t cycles = CSR("mcycle");
    uint32_t instructions = CSR("minstret");
    uint32_t apart = CSR("0x7e2");
    uint32_t word = 40;
    uint32_t before;

    say("apart", apart - cycles);
    say("apart", CSR("mcycle") - cycles > CSR("minstret") - instructions ? 1 : 0);
    say("high", CSR("mcycleh") | CSR("minstreth"));
    __asm__ volatile("amoadd.w %0, %2, (%1)" : "=r"(before) : "r"(&word), "r"(2) : "memory");
    say("amo", before);
    say("word", word);
    __asm__ volatile("1: lr.w %0, (%1)\naddi %0, %0, 1\nsc.w t0, %0, (%1)\nbnez t0, 1b"
                     : "=&r"(before)
                     : "r"(&word)
                     : "memory", "t0");
    say("word", word);
    __asm__ volatile("ecall" ::: "memory");
    say("calls", calls);
    unmask(MIE);
    ten();
    mask();
    return 0;
}
