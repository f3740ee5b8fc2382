/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The emulated ESP32-H2: a RISC-V core (Unicorn) whose bus is the model.
 *
 *   machine.c   the run: an instruction after the other, interrupts between them
 *   cpu.c       registers                    bus.c      accesses to peripherals, and to nothing
 *   clock.c     the model's time, sleep      calls.c    who called whom
 *   semihost.c  what firmware asks the host  failure.c  what went wrong, and where
 *   spin.c      loops that never end         count.c    instructions
 *   events.c    what happened when, for pictures
 *
 * Time is a model: an instruction takes one cycle of the CPU, entering an interrupt takes none, and the bus
 * has one cycle for each `ratio` of the CPU. A transaction of the DMA happens at its first cycle.
 */
#ifndef MACHINE_H
#define MACHINE_H

#include <stdbool.h>
#include <stdint.h>
#include <unicorn/unicorn.h>
#include "../model/model.h"
#include "calls.h"
#include "count.h"
#include "image.h"
#include "insn.h"

struct events;

enum stop {
    STOP_NOT,
    /* For a moment: the run goes on behind it */
    STOP_INTERRUPT,
    STOP_SLEEP,
    STOP_SEMIHOST,
    STOP_ECALL,
    STOP_COUNTER,
    /* The end */
    STOP_EXIT,
    STOP_FAILED
};

/* Causes of exceptions, as in mcause. */
enum cause {
    CAUSE_FETCH_ACCESS = 1,
    CAUSE_ILLEGAL = 2,
    CAUSE_BREAKPOINT = 3,
    CAUSE_LOAD_MISALIGNED = 4,
    CAUSE_LOAD_ACCESS = 5,
    CAUSE_STORE_MISALIGNED = 6,
    CAUSE_STORE_ACCESS = 7,
    CAUSE_ECALL = 11,
    CAUSE_NONE = -1 /* not the CPU's: the emulator ends the run */
};

struct fault {
    enum model_fault kind;
    unsigned channel;
    uint64_t cycle;
};

#define FAULTS_MAX 64

#define SPIN_CSRS    6
#define SPIN_NOWHERE 0xFFFFFFFFu /* no instruction has this address */

/* The search for a loop that never ends. */
struct spin {
    uint32_t place; /* an instruction, or SPIN_NOWHERE; what follows is of when the CPU first came there */
    uint32_t visits;
    uint32_t x[32];
    uint32_t csr[SPIN_CSRS];
    uint64_t changes;
    uint64_t next; /* cycle of the next look */
    uint32_t period;
};

struct machine {
    uc_engine *uc;
    const struct image *image;

    uint64_t cycle; /* of the CPU */
    uint64_t due;   /* the model is to be looked at */
    uint64_t limit;
    uint64_t max_instructions;
    uint64_t asleep; /* cycles */
    uint32_t ratio;

    uint32_t pc;        /* of the latest instruction */
    enum insn previous; /* what it was, until its consequences have been seen to */
    uint32_t mie;       /* the CPU's mask of lines */
    int line;           /* an interrupt that the CPU would take, or -1 */
    bool interrupts_on; /* mstatus.MIE */
    bool show_pins;
    enum stop stop;
    int status; /* of exit */

    struct fault faults[FAULTS_MAX]; /* by cycle */
    unsigned fault_count;
    unsigned faults_done;
    uint32_t misuse; /* told of already */

    uint64_t changes; /* of memory, registers of the model and time, as far as the firmware can tell */
    struct spin spin;

    struct calls calls;
    struct count count;
    struct events *events; /* NULL: nobody wants to know */

    struct model model;
};

/* ---- machine.c ---- */

/* SRAM holds the image. Returns when the firmware has ended, or something has ended it: machine->stop. */
void machine_run(struct machine *machine);

/* Have Unicorn return before the next instruction. */
void machine_stop(struct machine *machine, enum stop why);

static inline uint32_t machine_word(uint32_t address)
{
    const uint16_t *halfword = (const uint16_t *)(uintptr_t)address;

    return insn_size(halfword[0]) == 2 ? halfword[0] : halfword[0] | (uint32_t)halfword[1] << 16;
}

/* ---- cpu.c ---- */

bool cpu_open(struct machine *machine);
uint32_t cpu_get(const struct machine *machine, int reg);
void cpu_set(struct machine *machine, int reg, uint32_t value);
uint32_t cpu_x(const struct machine *machine, unsigned n);
void cpu_set_x(struct machine *machine, unsigned n, uint32_t value);

/* Enter the handler of this cause; returns its address. */
uint32_t cpu_trap(struct machine *machine, uint32_t cause, uint32_t pc);

/* A counter that a CSR instruction reads, and the value it has. */
bool cpu_is_counter(uint32_t word);
void cpu_read_counter(struct machine *machine, uint32_t word);

/* ---- bus.c ---- */

bool bus_open(struct machine *machine);

/* ---- clock.c ---- */

/* Let the model come to where the CPU is, and find out what is pending. */
void clock_catch_up(struct machine *machine);

/* The same for the moment of a register access: nothing is due before. */
void clock_sync(struct machine *machine);

/* The registers of the model have changed. */
void clock_changed(struct machine *machine);

/* Until an interrupt is pending. */
void clock_sleep(struct machine *machine);

/* Nothing will happen in the model by itself, now or later. */
bool clock_is_quiet(const struct machine *machine);

/* ---- spin.c ---- */

void spin_open(struct machine *machine);

/* If it is time: from now on, see whether the CPU comes to this instruction again, and how. */
void spin_look(struct machine *machine, uint32_t pc);

/* It has come to machine->spin.place. */
void spin_visit(struct machine *machine);

/* ---- semihost.c ---- */

bool semihost_asked(uint32_t pc);
void semihost_serve(struct machine *machine);

/* ---- failure.c ---- */

/* Say what went wrong at machine->pc, and end the run. */
void fail(struct machine *machine, enum cause cause, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* The firmware ended itself and calls that a failure: say where. */
void tell_of_failure(const struct machine *machine);

/* Tell of what the model found fault with since the last time. */
void warn_of_misuse(struct machine *machine);

#endif
