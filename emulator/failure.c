/* SPDX-License-Identifier: Apache-2.0 */
/* Messages for who wrote the firmware: what went wrong, where, and how it came there. */
#include <err.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include "machine.h"

#define FRAMES_SHOWN 24

static const char *const cause_names[] = {
    [CAUSE_FETCH_ACCESS] = "instruction access fault",
    [CAUSE_ILLEGAL] = "illegal instruction",
    [CAUSE_BREAKPOINT] = "breakpoint",
    [CAUSE_LOAD_MISALIGNED] = "load address misaligned",
    [CAUSE_LOAD_ACCESS] = "load access fault",
    [CAUSE_STORE_MISALIGNED] = "store address misaligned",
    [CAUSE_STORE_ACCESS] = "store access fault",
    [CAUSE_ECALL] = "environment call",
};

static void print_place(const struct machine *machine, const char *how, uint32_t address)
{
    fprintf(stderr, "  %-14s 0x%08x  %s\n", how, address, image_where(machine->image, address));
}

static void print_frame(const struct machine *machine, const struct frame *frame)
{
    switch (frame->kind) {
    case FRAME_CALL:
        print_place(machine, "called at", frame->site);
        break;
    case FRAME_TAIL:
        print_place(machine, "jumped at", frame->site);
        break;
    case FRAME_INTERRUPT:
        fprintf(stderr, "  %-14s line %u\n", "interrupt", frame->address);
        print_place(machine, "came in at", frame->return_address);
        break;
    }
}

static void print_backtrace(const struct machine *machine)
{
    const struct calls *calls = &machine->calls;
    size_t left = calls->count;

    for (unsigned shown = 0; left > 0 && shown < FRAMES_SHOWN; shown++) {
        print_frame(machine, &calls->frames[--left]);
    }
    if (left > 0) {
        fprintf(stderr, "  and %zu more\n", left);
    }
}

static void print_story(const struct machine *machine)
{
    fprintf(stderr, "  %-14s %" PRIu64 "\n", "cycle", machine->cycle);
    print_place(machine, "pc", machine->pc);
    print_backtrace(machine);
}

static void print_registers(const struct machine *machine)
{
    fprintf(stderr, "  ra %08x  sp %08x  a0 %08x  a1 %08x  a2 %08x  a3 %08x  a4 %08x  a5 %08x\n",
            cpu_x(machine, 1), cpu_x(machine, 2), cpu_x(machine, 10), cpu_x(machine, 11), cpu_x(machine, 12),
            cpu_x(machine, 13), cpu_x(machine, 14), cpu_x(machine, 15));
}

void fail(struct machine *machine, enum cause cause, const char *format, ...)
{
    va_list arguments;

    if (machine->stop >= STOP_EXIT) {
        return; /* one message is enough */
    }
    fflush(stdout);
    va_start(arguments, format);
    vwarnx(format, arguments);
    va_end(arguments);
    if (cause != CAUSE_NONE) {
        fprintf(stderr, "  %-14s %d, %s\n", "mcause", (int)cause, cause_names[cause]);
    }
    print_story(machine);
    print_registers(machine);
    machine_stop(machine, STOP_FAILED);
}

void tell_of_failure(const struct machine *machine)
{
    fflush(stdout);
    warnx("the firmware gave up, with status %d", machine->status);
    print_story(machine);
}

/* ---- What the model noticed ---- */

static const struct {
    enum model_misuse what;
    const char *text;
} misuses[] = {
    {MISUSE_RX_ALIGNMENT, "RX bursts with a buffer or size that is not a multiple of 4"},
    {MISUSE_ZERO_LENGTH, "a descriptor of length 0"},
    {MISUSE_START_RUNNING, "START of a channel that runs"},
    {MISUSE_START_HALTED, "START of a channel that had a descriptor error, without a reset"},
    {MISUSE_START_GATED, "START by the CPU of a channel that ETM starts"},
    {MISUSE_RESTART_UNBASED, "RESTART of a channel that was never started, or was stopped or reset"},
    {MISUSE_DESCRIPTOR_ALIGNMENT, "a descriptor at an address that is not a multiple of 4"},
    {MISUSE_DMA_NOTHING, "the DMA reaches for an address outside SRAM, and finds nothing"},
    {MISUSE_PERI_SEL, "a pair whose PERI_SEL ids differ, are not for memory, or are in use twice"},
    {MISUSE_APM, "a DMA access that the permission filters block: nobody has opened them"},
    {MISUSE_BAD_NODE, "a descriptor that fails its check"},
};

void warn_of_misuse(struct machine *machine)
{
    uint32_t news = machine->model.counters.misuse & ~machine->misuse;

    machine->misuse |= news;
    machine->model.counters.misuse = 0;
    for (size_t i = 0; i < sizeof(misuses) / sizeof(misuses[0]); i++) {
        if ((news & misuses[i].what) != 0) {
            fflush(stdout);
            warnx("warning: %s (0x%08x, cycle %" PRIu64 ", pc %s)", misuses[i].text,
                  machine->model.counters.misuse_address, machine->cycle,
                  image_where(machine->image, machine->pc));
        }
    }
}
