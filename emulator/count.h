/* SPDX-License-Identifier: Apache-2.0 */
/* Instructions: in all, in interrupts, per function, and the longest stretch with interrupts off. */
#ifndef COUNT_H
#define COUNT_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

struct machine;
struct frame;

/* Of all calls that were seen to end; the interrupts that came in between not included. */
struct call_count {
    uint64_t calls;
    uint64_t total; /* instructions, of what it called too */
    uint64_t least;
    uint64_t most;
};

struct stretch {
    uint64_t longest; /* instructions */
    uint32_t pc;      /* of the one that switched them off */
};

struct count {
    bool on;
    unsigned within; /* symbol of the function outside of which nothing counts; 0: all counts */
    unsigned inside; /* calls of it that have not ended */
    uint64_t instructions;
    uint64_t in_interrupts;
    uint64_t interrupts;
    uint64_t *executed; /* per symbol; NULL: nobody wants to know */
    struct call_count *functions;
    struct call_count lines[32]; /* per interrupt line */

    uint64_t off_since; /* instruction after which interrupts were switched off, UINT64_MAX: they are on */
    uint32_t off_pc;
    unsigned off_level;
    struct stretch off_in_task;
    struct stretch off_anywhere;
};

/* within: the name of a function, or NULL. False: there is none of this name. */
bool count_open(struct machine *machine, bool wanted, const char *within);
void count_close(struct machine *machine);

void count_enter(struct machine *machine, const struct frame *frame);
void count_leave(struct machine *machine, const struct frame *frame);

/* mstatus.MIE is this now. */
void count_interrupts_on(struct machine *machine, bool on);

/* A figure a line. */
void count_print(const struct machine *machine, FILE *out);

#endif
