/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the two halves of the GDMA engine share: gdma.c makes the copies that are submitted, gdma_etm.c has an
 * event start one. A pair serves one of them at a time.
 */
#ifndef GDMA_H
#define GDMA_H

#include "chip/gdma_v1.h"
#include "chip/mmio.h"
#include "engine.h"
#include "port.h"

struct gdma_task;

/* A segment of a copy: a node of each direction, of the same size, and whose it is. */
struct gdma_segment {
    struct gdma_node rx;
    struct gdma_node tx;
    const struct request *ends; /* the request whose last segment this is, or NULL */
};

struct gdma_engine {
    _Alignas(PORT_LINE) struct engine base;
    struct port_check check;
    struct gdma_segment *last;     /* of the ring, which begins with gdma_first() */
    struct gdma_segment *kept;     /* closed last */
    struct gdma_segment *tail;     /* linked last: the DMA has those behind `kept`, up to this */
    struct gdma_segment *ready;    /* `tail`, if a copy may be appended to it just so, or NULL */
    const struct request *feeding; /* the request being cut, NULL: take the next */
    size_t fed;                    /* its bytes linked so far */
    uintptr_t feeder;              /* the call at work that has fed last: a place on its stack; 0: none */
    uint32_t in_int;               /* where the pair's registers begin: gdma_in_int(), gdma_in() */
    uint32_t in;
    struct gdma_task
        *task;           /* an event starts copies; NULL: the program submits them. Under port_irq_mask() */
    uint16_t node_max;   /* bytes */
    uint16_t rounds_max; /* of an interrupt: a copy each, as many as there may be, and a wait */
    uint8_t stalls;      /* checks in a row without progress */
    uint8_t redos;       /* how often a short list was made good since a copy ended last */
    uint8_t pair;
    uint8_t in_conf0; /* as declared alignment allows */
    bool started;
    bool cautious;     /* a RESTART got lost: append to no list at work, until the next pause */
    uint8_t signalled; /* of IN interrupts, as the one at hand found them */
    bool hungry;       /* IN_DONE is enabled: a request waits for nodes */
};

/* The ring of segments is the engine's room, right behind it. */
static inline struct gdma_segment *gdma_first(const struct gdma_engine *engine)
{
    return (struct gdma_segment *)(uintptr_t)(engine + 1);
}

/* Registers of the pair: gdma_v1.h, without an arithmetic for each. */
static inline uint32_t gdma_pair_in_int(const struct gdma_engine *engine, uint32_t which)
{
    return engine->in_int + which;
}

static inline uint32_t gdma_pair_out_int(const struct gdma_engine *engine, uint32_t which)
{
    return engine->in_int + GDMA_INT_OUT + which;
}

static inline uint32_t gdma_pair_in(const struct gdma_engine *engine, uint32_t offset)
{
    return engine->in + offset;
}

static inline uint32_t gdma_pair_out(const struct gdma_engine *engine, uint32_t offset)
{
    return gdma_pair_in(engine, offset) + GDMA_OUT_OFFSET - GDMA_IN_OFFSET;
}

static inline void gdma_write_in_link(const struct gdma_engine *engine, uint32_t bits)
{
    mmio_write(gdma_pair_in(engine, GDMA_LINK), GDMA_IN_LINK_AUTO_RET | bits);
}

static inline void gdma_write_out_link(const struct gdma_engine *engine, uint32_t bits)
{
    mmio_write(gdma_pair_out(engine, GDMA_LINK), bits);
}

static inline uint32_t gdma_bus_address(const void *pointer)
{
    return (uint32_t)(uintptr_t)pointer;
}

/* ---- gdma.c ---- */

/* Stop the pair for good; nothing is written any more afterwards. */
void gdma_stop(const struct gdma_engine *engine);

/* Stop the pair and configure it, with nothing linked. Inside port_irq_mask(). */
void gdma_reset(struct gdma_engine *engine);

/* Have every segment point to the next one in the ring: what holds for all but the tail. */
void gdma_link_ring(struct gdma_engine *engine);

/* What the hardware says went wrong; ESP_OK: nothing. */
esp_err_t gdma_trouble(const struct gdma_engine *engine);

/* The end of a frame is signalled: wait for the write-back of its node, which is only cycles behind. */
void gdma_await_writeback(const struct gdma_engine *engine);

/* ---- gdma_etm.c ---- */

/* engine_ops.new_task */
esp_err_t gdma_new_task(struct engine *base, const struct request *copy, esp_etm_task_handle_t *out_task);

/* The interrupts of a pair that has a task. */
void gdma_task_interrupt(void *argument);

/* The driver goes away: its task, if it has one, becomes inert. Task. */
void gdma_retire_task(struct gdma_engine *engine);

#endif
