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

struct gdma_engine {
    struct engine base;
    struct port_check check;
    struct gdma_node *rx; /* `count` nodes each, in DMA-able memory */
    struct gdma_node *tx;
    const struct request *feeding; /* the request being cut, NULL: take the next */
    size_t fed;                    /* its bytes linked so far */
    uint32_t linked;               /* segments ever linked, and */
    uint32_t closed;               /* ever closed: the difference is with the DMA */
    uint32_t closed_at_check;
    bool cautious;  /* a RESTART got lost: append to no list at work, until the next pause */
    uint16_t redos; /* how often a short list was made good since a copy ended last */
    uint16_t count;
    uint16_t fill;
    uint16_t oldest;
    uint16_t node_max; /* bytes */
    uint8_t pair;
    bool bursts;
    uint8_t stalls; /* checks in a row without progress */
    bool started;
    bool hungry; /* IN_DONE is enabled: a request waits for nodes */
    struct gdma_task
        *task; /* an event starts copies; NULL: the program submits them. Under port_irq_mask() */
};

static inline void gdma_write_in_link(const struct gdma_engine *engine, uint32_t bits)
{
    mmio_write(gdma_in(engine->pair, GDMA_LINK), GDMA_IN_LINK_AUTO_RET | bits);
}

static inline void gdma_write_out_link(const struct gdma_engine *engine, uint32_t bits)
{
    mmio_write(gdma_out(engine->pair, GDMA_LINK), bits);
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
