/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What happened when, in cycles of the CPU: kept while the firmware runs, written as a picture afterwards.
 *
 *   events.c   functions, interrupts, sleep, descriptors at work, pins     copies.c     copies
 *   trace.c    as JSON for Perfetto         timeline.c   as SVG, with drawing.c
 */
#ifndef EVENTS_H
#define EVENTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include "../model/model.h"

struct machine;
struct frame;

enum { TRACK_TASK, TRACK_INTERRUPT, TRACK_DMA, TRACKS = TRACK_DMA + MODEL_CHANNELS };

enum span_kind { SPAN_FUNCTION, SPAN_INTERRUPT, SPAN_SLEEP, SPAN_NODE };

struct span {
    uint64_t begin;
    uint64_t end;
    uint32_t what;   /* symbol, line, or address of the descriptor */
    uint32_t buffer; /* of SPAN_NODE, as the size */
    uint32_t size;
    int32_t copy; /* that it is part of, or -1 */
    uint8_t track;
    uint8_t kind;
};

struct pin_change {
    uint64_t cycle;
    uint8_t pin;
    bool level;
};

/* In the order of the calls that submit them. */
struct copy {
    uint32_t driver, dst, src, size, callback, argument;
    uint64_t submitted; /* the call began */
    uint64_t done;      /* its callback began, or the driver has reported it */
    uint32_t status;
    uint8_t submit_track, done_track;
    bool refused, is_done, blocking;
};

struct events {
    struct span *spans;
    size_t span_count, span_room;
    struct pin_change *pins;
    size_t pin_count, pin_room;
    struct copy *copies;
    size_t copy_count, copy_room;
    size_t first_pending; /* copy */
    uint64_t cut_at;      /* no room for more from here on; UINT64_MAX: all is there */
    uint32_t pin_levels;
    unsigned submit_symbols[3];
    unsigned quiet_symbol;
    struct span node[MODEL_CHANNELS];       /* at work, if .end is 0 */
    uint32_t node_position[MODEL_CHANNELS]; /* bytes done of it */
};

#define BUS_MHZ 32u /* for pictures, whose time is not in cycles */

#define EVENTS_MAX (1u << 20) /* of each kind */

void events_open(struct machine *machine);
void events_close(struct machine *machine);

/* A call or an interrupt begins, or ends. */
void events_enter(struct machine *machine, struct frame *frame);
void events_leave(struct machine *machine, struct frame *frame);

/* The model may have moved. */
void events_step(struct machine *machine);

/* The CPU slept until now. */
void events_sleep(struct machine *machine, uint64_t begin);

/* The run is over. */
void events_end(struct machine *machine);

/* ---- copies.c ---- */

void copies_open(struct machine *machine);
void copies_enter(struct machine *machine, struct frame *frame);
void copies_leave(struct machine *machine, const struct frame *frame);

/* The copy that a buffer is the destination, or the source, of; -1 if none. */
int32_t copies_of_buffer(const struct events *events, uint32_t buffer, bool source);

/* ---- Pictures ---- */

void trace_print(const struct machine *machine, FILE *out);
void timeline_print(const struct machine *machine, FILE *out);

/* Room for one more in a growing array, or NULL. */
void *events_add(void **array, size_t *count, size_t *room, size_t size);

#endif
