/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the explorer explores: the real driver and engine (subject.c) on the real model, in a world in which
 * everything that may happen between two accesses of the driver is a choice.
 *
 *   driver ── bus_read, bus_write, port_irq_unmask, waiting ──▶ moment() ── pick() ──▶ explorer: which of
 * these now? go on · the model makes a step · the interrupt is taken · the check is due · a fault · an
 * outsider submits
 *
 * All state of a run lies in `world`, the model, the chip's memory and the run's stack: a snapshot is a copy
 * of these.
 */
#ifndef WORLD_H
#define WORLD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "esp_async_memcpy_ext.h"
#include "../../model/model.h"
#include "port.h"

enum choice { GO, STEP, TAKE, CHECK, FAULT, OUTSIDE, TIMEOUT, CHOICES };

#define MEMORY_SIZE 6144 /* of the chip's memory that a run uses */
#define ARENA_SIZE  3072 /* of these, for the driver; the rest is for buffers */
#define COPIES_MAX  16
#define WINDOW      48 /* bytes of a buffer with its surroundings */
#define GUARD       8  /* before the window's data */
#define COPY_MAX    (WINDOW - 2 * GUARD)

/* One copy as the oracle follows it. */
struct copy {
    uint32_t size;
    uint32_t callbacks;
    uint32_t before;  /* bit per copy: accepted when this one's submission began */
    esp_err_t status; /* of the callback */
    bool accepted;
    bool resubmits; /* its callback submits the next copy */
};

struct world {
    /* The port */
    uint32_t masked;
    uint32_t in_isr;
    bool exploring;
    bool (*handler)(void *argument);
    void *argument;
    uint32_t source;
    struct port_check *check;
    uint32_t arena_used;
    uint32_t arena_blocks;
    /* What may still happen */
    uint32_t faults_left;
    uint32_t outsiders_left;
    uint32_t checks_left; /* before they are due */
    uint32_t fault;
    uint32_t fault_channel;
    uint32_t fault_fired;
    /* The oracle */
    async_memcpy_t driver;
    uint32_t copies;    /* tried so far: the next one's number */
    uint32_t accepted;  /* bit per copy: its call has returned ESP_OK */
    uint32_t completed; /* bit per copy */
    struct copy copy[COPIES_MAX];
};

extern struct world world;
extern struct model model;

/* Which of these (a bit each) happens now? Given by the explorer. */
enum choice pick(unsigned options);

/* The run has shown a defect; does not return. */
_Noreturn void fail(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Everything that may happen before the driver's next access happens, or not. */
void moment(void);

/* The outsider: an interrupt of somebody else, in which a copy is submitted. */
void outsider(void);

/* What the subject keeps outside the world. */
struct statics {
    void *address;
    size_t size;
};
extern const struct statics subject_statics;

/* Let the engine cut copies into segments of this many bytes. */
void subject_set_segment(async_memcpy_t driver, uint32_t bytes);
/* Is anything of the engine still taken? */
bool subject_holds_pairs(void);

#endif
