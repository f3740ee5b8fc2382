/* SPDX-License-Identifier: Apache-2.0 */
/* From start.S to app_main(), and how a run ends: by semihosting, which an emulator or a debugger listens to.
 */
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "chip/start.h"
#include "port.h"
#include "start.h"
#include "stop.h"

#define SEMIHOSTING_EXIT_EXTENDED    0x20
#define SEMIHOSTING_APPLICATION_EXIT 0x20026
#define SEMIHOSTING_RUN_TIME_ERROR   0x20023

/* The linker script says where. */
extern uint32_t stack_first[];
extern uint32_t stack_end[];
extern void (*init_first[])(void);
extern void (*init_end[])(void);

void start_main(void) __attribute__((noreturn));
void panic(uint32_t cause, uint32_t pc, uint32_t value, uint32_t ra, uint32_t sp) __attribute__((noreturn));
void app_main(void);

/* Its first call is start.S's. Returning from app_main() is success. */
void start_main(void)
{
    chip_start();
    for (void (**init)(void) = init_first; init != init_end; init++) {
        (*init)();
    }
    port_irq_unmask(MSTATUS_MIE);
    app_main();
    exit(0);
}

static void end(uint32_t reason, int status) __attribute__((noreturn));

static void end(uint32_t reason, int status)
{
    volatile uint32_t block[2] = {reason, (uint32_t)status};
    register uint32_t operation __asm__("a0") = SEMIHOSTING_EXIT_EXTENDED;
    register volatile uint32_t *argument __asm__("a1") = block;
    port_irq_mask();
    /* The three instructions by which a listener knows the request; they are not compressed, and not apart.
     */
    __asm__ volatile(".option push\n"
                     ".option norvc\n"
                     ".balign 16\n"
                     "slli x0, x0, 0x1f\n"
                     "ebreak\n"
                     "srai x0, x0, 7\n"
                     ".option pop\n"
                     : "+r"(operation)
                     : "r"(argument)
                     : "memory");
    for (;;) {
        __asm__ volatile("wfi"); /* nobody listens */
    }
}

void _exit(int status)
{
    end(SEMIHOSTING_APPLICATION_EXIT, status);
}

void stop_run(void)
{
    end(SEMIHOSTING_RUN_TIME_ERROR, COMPAT_STOP_STATUS);
}

size_t stack_used(void)
{
    const uint32_t *word = stack_first;
    while (word < stack_end && *word == STACK_PATTERN) {
        word++;
    }
    return (size_t)(stack_end - word) * sizeof *word;
}

static const char *name_of(uint32_t cause)
{
    static const char *const names[] = {
        "instruction address misaligned",
        "instruction access fault",
        "illegal instruction",
        "breakpoint",
        "load address misaligned",
        "load access fault",
        "store address misaligned",
        "store access fault",
    };
    return cause < sizeof names / sizeof names[0] ? names[cause] : "exception";
}

/* What on_exception in vectors.S calls. */
void panic(uint32_t cause, uint32_t pc, uint32_t value, uint32_t ra, uint32_t sp)
{
    printf("panic: %s (cause %u) at PC 0x%08x, address 0x%08x, from 0x%08x, sp 0x%08x", name_of(cause),
           (unsigned)cause, (unsigned)pc, (unsigned)value, (unsigned)ra, (unsigned)sp);
    if (sp < (uintptr_t)stack_first) {
        printf(", stack overflow");
    }
    if (port_in_isr()) {
        printf(", in interrupt context, callback 0x%08lx", (unsigned long)(uintptr_t)port_isr.callback);
    }
    putchar('\n');
    stop_run();
}
