/* SPDX-License-Identifier: Apache-2.0 */
/* -D one of these: what an image should not do. */
#include "board.h"

/* Not beside code: Unicorn notes such pages, and never gives the note back, which a leak checker finds. */
static volatile uint32_t counter __attribute__((aligned(4096)));

/* Writes to the stack what is there already, and lets interrupts in. */
static bool __attribute__((noinline, unused)) nobody_came(void)
{
    volatile uint32_t seen;
    uint32_t before = mask();

    seen = counter;
    unmask(before);
    return seen == 0;
}

static void __attribute__((noinline)) culprit(void)
{
#if defined(ILLEGAL)
    __asm__ volatile(".word 0xFFFFFFFF");
#elif defined(ILLEGAL_SHORT)
    __asm__ volatile(".half 0");
#elif defined(FLOAT)
    __asm__ volatile(".word 0x00a5f553"); /* fadd.s */
#elif defined(BREAK)
    __asm__ volatile("ebreak");
#elif defined(LOAD_FLASH)
    rd(0x42000010);
#elif defined(LOAD_ROM)
    rd(0x40000000);
#elif defined(STORE_NULL)
    __asm__ volatile("sw a0, 4(zero)");
#elif defined(STORE_BEHIND)
    wr(0x40850000, 1);
#elif defined(MISALIGNED_LOAD)
    __asm__ volatile("lw a0, 1(%0)" ::"r"(0x40810000) : "a0");
#elif defined(MISALIGNED_STORE)
    __asm__ volatile("sh a0, 3(%0)" ::"r"(0x40810000));
#elif defined(JUMP_NULL)
    ((void (*)(void))0)();
#elif defined(JUMP_FLASH)
    ((void (*)(void))0x42000000)();
#elif defined(JUMP_REGISTER)
    ((void (*)(void))UART_STATUS)();
#elif defined(BYTE_REGISTER)
    *(volatile uint8_t *)(UART_FIFO) = 'x';
#elif defined(HOLE)
    rd(0x60001000);
#elif defined(HOLE_IN_BLOCK)
    wr(CHIP_GPIO_BASE + 0x100, 0);
#elif defined(NO_CLOCK)
    wr(PCR_GDMA_CONF, 0);
    rd(GDMA_MISC_CONF);
#elif defined(SLEEP)
    unmask(MIE);
    wait();
#elif defined(SLEEP_UNROUTED)
    unmask(MIE);
    wr(intpri_from_cpu(0), 1);
    wait();
#elif defined(LOOP)
    while (1) {
        counter++;
    }
#elif defined(ATOMIC_LOOP)
    while (1) {
        __atomic_fetch_add(&counter, 1, __ATOMIC_RELAXED);
    }
#elif defined(TIME_LOOP)
    while (1) {
        rd(SYSTIMER_VALUE_LO);
    }
#elif defined(SPIN)
    while (counter == 0) {
    }
#elif defined(SPIN_IN_CALLS)
    unmask(MIE);
    while (nobody_came()) {
    }
#elif defined(SPIN_ON_REGISTER)
    while (rd(GPIO_IN) == 0) {
    }
#elif defined(SPIN_IN_ROUNDS)
    while (1) {
        for (uint32_t i = 0; i < 100; i++) {
            __asm__ volatile("" ::"r"(i));
        }
    }
#elif defined(NO_VECTORS)
    __asm__ volatile(".option push\n.option arch, +zicsr\ncsrw mtvec, zero\n.option pop");
    route(CHIP_FROM_CPU_SOURCE, 1, 1);
    unmask(MIE);
    wr(intpri_from_cpu(0), 1);
    __asm__ volatile("nop");
#elif defined(ABORT)
    __asm__ volatile("li a0, 0x18\nli a1, 0x20023\njal host" ::: "a0", "a1", "ra");
#endif
}

void interrupt(uint32_t cause, uint32_t *saved)
{
    (void)saved;
    (void)cause;
#ifdef IN_INTERRUPT
    wr(intpri_from_cpu(0), 0);
    culprit();
#endif
}

int main(void)
{
    print("begin\n");
#ifdef IN_INTERRUPT
    route(CHIP_FROM_CPU_SOURCE, 1, 1);
    unmask(MIE);
    wr(intpri_from_cpu(0), 1);
    __asm__ volatile("nop");
#else
    culprit();
#endif
    print("end\n");
    return 0;
}
