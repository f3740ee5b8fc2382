/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who called whom, seen from calls, returns, interrupts and mret as they are executed: the firmware needs no
 * frame pointers for it, and no debug information.
 */
#ifndef CALLS_H
#define CALLS_H

#include <stddef.h>
#include <stdint.h>

struct machine;

#define LEVELS_MAX 32u /* of interrupts in interrupts; level 0 is the task */

enum frame_kind { FRAME_CALL, FRAME_TAIL, FRAME_INTERRUPT };

struct frame {
    enum frame_kind kind;
    uint32_t address;        /* of the function; of FRAME_INTERRUPT: the line */
    uint32_t return_address; /* of FRAME_INTERRUPT: where it came in between */
    uint32_t site;           /* of the others: the instruction that called, or jumped */
    unsigned symbol;
    unsigned level;
    uint64_t ran;   /* instructions of this level before it began */
    uint64_t cycle; /* when it began */
    int copy;       /* that it submits, or -1 */
};

struct calls {
    struct frame *frames;
    size_t count;
    size_t room;
    unsigned level;
    uint64_t ran[LEVELS_MAX]; /* instructions, per level */
};

/* machine->previous was a jump of some kind, and this is where it led. */
void calls_follow(struct machine *machine, uint32_t pc);

void calls_interrupt(struct machine *machine, unsigned line, uint32_t pc);

/* End all that is open: the run is over. */
void calls_end(struct machine *machine);

#endif
