/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who may use which slot of the ring, for one-core chips: a claim masks interrupts until its copy is with the
 * engine, so nobody ever waits for a submitter that was preempted half-way.
 *
 *   claim (masked) ─▶ write the slot ─▶ publish ─▶ take now? ─▶ kick ─▶ settle, or go on (unmasked)
 *
 * A batch reserves its tickets in one masked step, and then writes a slot per masked step. Who submits while
 * it is half written comes behind it, and writes what is left of it first: the copies lie in the memory of a
 * call that has not returned.
 *
 *   claim batch ─▶ next (masked) ─▶ write a slot ─▶ publish ─▶ step (unmasked) ─▶ next …
 *
 * What each function promises is told in ring_biased.h.
 */
#ifndef RING_CRITICAL_H
#define RING_CRITICAL_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define RING_CLOSED   1u
#define RING_RESERVED 2u
#define RING_BATCH    4u /* one is open: begun, and not all written */

struct port_batch {
    uint32_t first;
    uint32_t end;
};

struct port_ring {
    _Atomic uint32_t accepted; /* published; written masked */
    _Atomic uint32_t freed;    /* written by the completion context */
    _Atomic uint16_t calls;    /* written masked; a claim's call need not count, unless it goes on */
    _Atomic uint16_t flags;    /* written masked */
    struct port_batch *batch;  /* the open one, on its submitter's stack; used masked */
};

struct port_mark {
};

struct port_claim {
    uint32_t ticket;
    unsigned state; /* of the interrupt mask before the claim */
};

#define RING_LOAD(field)         atomic_load_explicit(&(field), memory_order_relaxed)
#define RING_STORE(field, value) atomic_store_explicit(&(field), (value), memory_order_relaxed)

/* Do so many more fit, and may they come? Masked. */
static inline bool ring_has_room(const struct port_ring *ring, uint32_t backlog, uint32_t count)
{
    uint32_t used = RING_LOAD(ring->accepted) - RING_LOAD(ring->freed);
    return RING_LOAD(ring->flags) == 0 && used <= backlog - count;
}

static inline void ring_begin_call(struct port_ring *ring)
{
    RING_STORE(ring->calls, (uint16_t)(RING_LOAD(ring->calls) + 1));
}

static inline bool port_ring_claim(struct port_ring *ring, uint32_t backlog, struct port_claim *claim)
{
    claim->state = port_irq_mask();
    claim->ticket = RING_LOAD(ring->accepted);
    if (!ring_has_room(ring, backlog, 1)) {
        port_irq_unmask(claim->state);
        return false;
    }
    return true;
}

#define PORT_RING_HAS_QUICK_WAY false

static inline bool port_ring_claim_quickly(struct port_ring *ring, uint32_t backlog, struct port_claim *claim)
{
    (void)ring, (void)backlog, (void)claim;
    return false;
}

static inline void port_ring_publish(struct port_ring *ring, struct port_mark *mark,
                                     const struct port_claim *claim)
{
    (void)mark;
    RING_STORE(ring->accepted, claim->ticket + 1);
}

static inline bool port_ring_take_now(const struct port_ring *ring, const struct port_claim *claim,
                                      uint32_t *taken)
{
    (void)ring;
    if (*taken != claim->ticket) {
        return false;
    }
    *taken = claim->ticket + 1;
    return true;
}

static inline void port_ring_settle(struct port_ring *ring, const struct port_claim *claim)
{
    (void)ring;
    port_irq_unmask(claim->state);
}

static inline void port_ring_go_on(struct port_ring *ring, const struct port_claim *claim)
{
    ring_begin_call(ring);
    port_irq_unmask(claim->state);
}

static inline bool port_ring_claim_batch(struct port_ring *ring, uint32_t backlog, uint32_t count,
                                         struct port_batch *batch)
{
    unsigned state = port_irq_mask();
    bool room = ring_has_room(ring, backlog, count);
    if (room) {
        ring_begin_call(ring);
        batch->first = RING_LOAD(ring->accepted);
        batch->end = batch->first + count;
        ring->batch = batch;
        RING_STORE(ring->flags, RING_BATCH);
    }
    port_irq_unmask(state);
    return room;
}

/* Whoever finds the last slot written closes the batch, after which its submitter may leave. */
static inline bool port_ring_next(struct port_ring *ring, struct port_batch *batch, struct port_claim *claim)
{
    claim->state = port_irq_mask();
    claim->ticket = RING_LOAD(ring->accepted);
    if (ring->batch == batch && claim->ticket != batch->end) {
        return true;
    }
    if (ring->batch == batch) {
        ring->batch = NULL;
        RING_STORE(ring->flags, (uint16_t)(RING_LOAD(ring->flags) & ~RING_BATCH));
    }
    port_irq_unmask(claim->state);
    return false;
}

static inline void port_ring_step(struct port_ring *ring, const struct port_claim *claim)
{
    (void)ring;
    port_irq_unmask(claim->state);
}

static inline struct port_batch *port_ring_open_batch(struct port_ring *ring)
{
    unsigned state = port_irq_mask();
    struct port_batch *batch = ring->batch;
    port_irq_unmask(state);
    return batch;
}

static inline bool port_ring_ready(const struct port_ring *ring, const struct port_mark *mark,
                                   uint32_t ticket)
{
    (void)mark;
    return RING_LOAD(ring->accepted) != ticket;
}

static inline void port_ring_free(struct port_ring *ring, uint32_t ticket)
{
    RING_STORE(ring->freed, ticket + 1);
}

/* Who asks whether copies have completed is a task, and none runs between a slot's freeing and the end of its
 * callback: `freed` tells both. */
static inline void port_ring_complete(struct port_ring *ring, uint32_t ticket)
{
    (void)ring;
    (void)ticket;
}

static inline uint32_t port_ring_completed(const struct port_ring *ring)
{
    return RING_LOAD(ring->freed);
}

static inline uint32_t port_ring_oldest(const struct port_ring *ring)
{
    return RING_LOAD(ring->freed);
}

static inline bool port_ring_enter(struct port_ring *ring)
{
    unsigned state = port_irq_mask();
    bool open = (RING_LOAD(ring->flags) & RING_CLOSED) == 0;
    RING_STORE(ring->calls, (uint16_t)(RING_LOAD(ring->calls) + open));
    port_irq_unmask(state);
    return open;
}

static inline void port_ring_leave(struct port_ring *ring)
{
    unsigned state = port_irq_mask();
    RING_STORE(ring->calls, (uint16_t)(RING_LOAD(ring->calls) - 1));
    port_irq_unmask(state);
}

static inline void port_ring_end(struct port_ring *ring, const struct port_claim *claim)
{
    (void)claim;
    port_ring_leave(ring);
}

static inline void port_ring_end_batch(struct port_ring *ring, const struct port_batch *batch)
{
    (void)batch;
    port_ring_leave(ring);
}

/* Set a flag; false: it was set already. */
static inline bool ring_set(struct port_ring *ring, unsigned flag)
{
    unsigned state = port_irq_mask();
    unsigned before = RING_LOAD(ring->flags);
    RING_STORE(ring->flags, (uint16_t)(before | flag));
    port_irq_unmask(state);
    return (before & flag) == 0;
}

static inline bool port_ring_close(struct port_ring *ring)
{
    return ring_set(ring, RING_CLOSED);
}

static inline void port_ring_abandon(struct port_ring *ring)
{
    port_ring_close(ring);
}

static inline bool port_ring_reserve(struct port_ring *ring)
{
    return ring_set(ring, RING_RESERVED);
}

static inline void port_ring_release(struct port_ring *ring)
{
    unsigned state = port_irq_mask();
    RING_STORE(ring->flags, (uint16_t)(RING_LOAD(ring->flags) & ~RING_RESERVED));
    port_irq_unmask(state);
}

static inline bool port_ring_is_closed(const struct port_ring *ring)
{
    return (RING_LOAD(ring->flags) & RING_CLOSED) != 0;
}

static inline bool port_ring_refuses(const struct port_ring *ring)
{
    return (RING_LOAD(ring->flags) & (RING_CLOSED | RING_RESERVED)) != 0;
}

/* Those of an open batch, too. */
static inline uint32_t port_ring_accepted(const struct port_ring *ring)
{
    unsigned state = port_irq_mask();
    uint32_t accepted = ring->batch != NULL ? ring->batch->end : RING_LOAD(ring->accepted);
    port_irq_unmask(state);
    return accepted;
}

static inline uint32_t port_ring_calls(const struct port_ring *ring)
{
    return RING_LOAD(ring->calls);
}

#endif
