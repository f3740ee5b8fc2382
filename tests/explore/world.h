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

#define ARENA_SIZE  4096 /* of the chip's memory, for the drivers; behind it lie the buffers */
#define COPIES_MAX  16
#define WINDOW      48 /* bytes of a buffer with its surroundings */
#define GUARD       8  /* before the window's data */
#define COPY_MAX    (WINDOW - 2 * GUARD)
#define MEMORY_SIZE (ARENA_SIZE + 2 * COPIES_MAX * WINDOW)
#define DRIVERS_MAX CHIP_GDMA_PAIRS

/* One copy as the oracle follows it. */
struct copy {
    uint32_t size;
    uint32_t callbacks;
    uint32_t before;  /* bit per copy: accepted by its driver when this one's submission began */
    esp_err_t status; /* of the callback */
    uint8_t driver;
    bool accepted;
    bool resubmits; /* its callback submits the next copy */
    bool follows;   /* in a batch, behind the copy before it */
    bool leads;     /* in a batch, before the copy behind it */
    bool gone;      /* its caller's time was up: it may come or not */
};

/* An interrupt source that a driver listens to. */
struct line {
    void (*handler)(void *argument);
    void *argument;
    uint32_t source;
};

/* What a run has cost so far: it decides nothing but whether that was too much, so less is never worse. */
struct costs {
    uint32_t accesses; /* of the interrupt being handled, to registers and nodes */
    uint32_t polls;    /* words that it looked at again and again */
    uint32_t stood;    /* the hardware was at rest, work was pending, and only a check was due: how often */
    uint32_t resets;   /* of a channel by an interrupt, to begin its copies again: how often */
};

struct world {
    struct costs costs; /* first: not part of the state */
    /* The port */
    uint32_t masked;
    uint32_t in_isr;
    bool exploring;
    bool sealed;                   /* installed: nothing is allocated any more */
    bool refuse_line;              /* the next port_irq_attach() fails */
    uint32_t read_last;            /* word that the latest access read; 0: it wrote */
    uint32_t looks;                /* how often it was read again since */
    struct line line[DRIVERS_MAX]; /* one of the CPU's each */
    struct port_check *check[DRIVERS_MAX];
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
    async_memcpy_t driver[DRIVERS_MAX];
    uint32_t backlog[DRIVERS_MAX];
    bool closing;                 /* an uninstall has begun */
    uint32_t submitting;          /* the driver that outsiders and callbacks submit to */
    uint32_t copies;              /* tried so far: the next one's number */
    uint32_t accepted;            /* bit per copy: its call has returned ESP_OK */
    uint32_t completed;           /* bit per copy */
    uint32_t due;                 /* the latest to complete leads: the number of the copy behind it */
    struct copy copy[COPIES_MAX]; /* last */
};

extern struct world world;
extern struct model model;

/* Which of these (a bit each) happens now? Given by the explorer. */
enum choice pick(unsigned options);

/* The run has shown a defect; does not return. */
_Noreturn void fail(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* The driver has just unmasked interrupts, or begins to wait: the same. */
void moment_between(void);

/* The outsider: an interrupt of somebody else, in which a copy is submitted. */
void outsider(void);

/* ---- State: what a snapshot holds ---- */

struct region {
    void *address;
    size_t size;
};

#define REGIONS_MAX (2 * DRIVERS_MAX + 16)

struct state {
    unsigned count;
    struct region region[REGIONS_MAX];
};
extern struct state state;

/* The costs of the run up to here: world.costs and the model's gap cycles. */
uint64_t costs_so_far(void);

/* Is none of these costs above its counterpart? */
bool costs_at_most(uint64_t costs, uint64_t others);

/* From here on a run changes only what belongs to these first pairs, to ETM or not, and to these first
 * copies. */
void state_mark(unsigned pairs, bool etm, unsigned copies);

/* ---- The subject ---- */

/* What it keeps outside the world. */
extern const struct region subject_statics;

/* Let the engine cut copies into segments of this many bytes. */
void subject_set_segment(async_memcpy_t driver, uint32_t bytes);
/* Nodes of each direction. */
unsigned subject_nodes(async_memcpy_t driver);
/* Is anything of the engine still taken? */
bool subject_holds_pairs(void);

#endif
