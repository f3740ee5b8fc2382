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

struct port_batch;

/* Writes what is left of a batch of this owner; false: nothing was. */
typedef bool (*port_batch_writer)(void *owner, struct port_batch *batch);

struct port_batch {
    uint32_t first;
    uint32_t end;
    port_batch_writer write;
};

struct port_ring {
    uint32_t accepted;        /* published; used masked */
    volatile uint32_t freed;  /* written by the completion context */
    uint16_t calls;           /* written masked; a claim's call need not count, unless it goes on */
    uint16_t flags;           /* written masked */
    struct port_batch *batch; /* the open one, on its submitter's stack; used masked */
};

struct port_mark {
};

static inline bool port_mark_is_heard(const struct port_mark *mark)
{
    (void)mark;
    return true;
}

enum port_quick { PORT_NOT_QUICKLY, PORT_FULL, PORT_CLAIMED };

struct port_claim {
    uint32_t ticket;
    unsigned state; /* of the interrupt mask before the claim */
};

static inline void ring_begin_call(struct port_ring *ring)
{
    ring->calls = (uint16_t)(ring->calls + 1);
}

static inline bool port_ring_claim(struct port_ring *ring, uint32_t backlog, struct port_claim *claim)
{
    claim->state = port_irq_mask();
    claim->ticket = ring->accepted;
    if (ring->flags != 0 || claim->ticket - ring->freed >= backlog) {
        port_irq_unmask(claim->state);
        return false;
    }
    return true;
}

#define PORT_RING_HAS_QUICK_WAY false

static inline enum port_quick port_ring_claim_quickly(struct port_ring *ring, uint32_t backlog, bool looks,
                                                      struct port_claim *claim)
{
    (void)ring, (void)backlog, (void)looks, (void)claim;
    return PORT_NOT_QUICKLY;
}

static inline void port_ring_go_on_quickly(struct port_ring *ring, const struct port_claim *claim)
{
    (void)ring, (void)claim;
}

static inline void port_ring_settle_quickly(struct port_ring *ring, const struct port_claim *claim)
{
    (void)ring, (void)claim;
}

static inline void port_ring_publish(struct port_ring *ring, struct port_mark *mark,
                                     const struct port_claim *claim, bool heard)
{
    (void)mark, (void)heard;
    ring->accepted = claim->ticket + 1;
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
                                         struct port_batch *batch, port_batch_writer write)
{
    unsigned state = port_irq_mask();
    uint32_t first = ring->accepted;
    bool room = ring->flags == 0 && first - ring->freed <= backlog - count;
    if (room) {
        ring_begin_call(ring);
        batch->first = first;
        batch->end = first + count;
        batch->write = write;
        ring->batch = batch;
        ring->flags = RING_BATCH;
    }
    port_irq_unmask(state);
    return room;
}

/* Whoever finds the last slot written closes the batch, after which its submitter may leave. */
static inline bool port_ring_next(struct port_ring *ring, struct port_batch *batch, struct port_claim *claim)
{
    claim->state = port_irq_mask();
    claim->ticket = ring->accepted;
    if (ring->batch == batch && claim->ticket != batch->end) {
        return true;
    }
    if (ring->batch == batch) {
        ring->batch = NULL;
        ring->flags = (uint16_t)(ring->flags & ~RING_BATCH);
    }
    port_irq_unmask(claim->state);
    return false;
}

static inline void port_ring_step(struct port_ring *ring, const struct port_claim *claim)
{
    (void)ring;
    port_irq_unmask(claim->state);
}

/* Its writer is told here, as it may have gone when the section is over. */
static inline struct port_batch *port_ring_open_batch(struct port_ring *ring, port_batch_writer *write)
{
    unsigned state = port_irq_mask();
    struct port_batch *batch = ring->batch;
    if (batch != NULL) {
        *write = batch->write;
    }
    port_irq_unmask(state);
    return batch;
}

static inline bool port_ring_ready(const struct port_ring *ring, const struct port_mark *mark,
                                   uint32_t ticket)
{
    (void)mark;
    return ring->accepted != ticket;
}

static inline bool port_ring_free(struct port_ring *ring, uint32_t ticket)
{
    atomic_signal_fence(memory_order_release); /* the slot has been read */
    ring->freed = ticket + 1;
    return true;
}

/* Who asks whether copies have completed is a task, and none runs between a slot's freeing and the end of its
 * callback: `freed` tells both. */
static inline bool port_ring_complete(struct port_ring *ring, uint32_t ticket)
{
    (void)ring;
    (void)ticket;
    return false;
}

/* Nothing is won by telling of several copies at once. */
static inline void port_ring_complete_later(struct port_ring *ring)
{
    port_ring_free(ring, ring->freed);
}

static inline bool port_ring_tell(struct port_ring *ring)
{
    (void)ring;
    return true;
}

static inline uint32_t port_ring_completed(const struct port_ring *ring)
{
    uint32_t freed = ring->freed;
    atomic_signal_fence(memory_order_acquire);
    return freed;
}

static inline uint32_t port_ring_oldest(const struct port_ring *ring)
{
    return ring->freed;
}

static inline bool port_ring_enter(struct port_ring *ring)
{
    unsigned state = port_irq_mask();
    bool open = (ring->flags & RING_CLOSED) == 0;
    ring->calls = (uint16_t)(ring->calls + open);
    port_irq_unmask(state);
    return open;
}

static inline void port_ring_leave(struct port_ring *ring)
{
    unsigned state = port_irq_mask();
    ring->calls = (uint16_t)(ring->calls - 1);
    port_irq_unmask(state);
}

static inline bool port_ring_enter_quickly(struct port_ring *ring, struct port_claim *call)
{
    (void)ring, (void)call;
    return false;
}

static inline void port_ring_leave_quickly(struct port_ring *ring, const struct port_claim *call)
{
    (void)ring, (void)call;
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
    unsigned before = ring->flags;
    ring->flags = (uint16_t)(before | flag);
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
    ring->flags = (uint16_t)(ring->flags & ~RING_RESERVED);
    port_irq_unmask(state);
}

static inline bool port_ring_is_closed(const struct port_ring *ring)
{
    return (ring->flags & RING_CLOSED) != 0;
}

static inline bool port_ring_refuses(const struct port_ring *ring)
{
    return (ring->flags & (RING_CLOSED | RING_RESERVED)) != 0;
}

/* Those of an open batch, too. */
static inline uint32_t port_ring_accepted(const struct port_ring *ring)
{
    unsigned state = port_irq_mask();
    uint32_t accepted = ring->batch != NULL ? ring->batch->end : ring->accepted;
    port_irq_unmask(state);
    return accepted;
}

static inline uint32_t port_ring_calls(const struct port_ring *ring)
{
    return *(const volatile uint16_t *)&ring->calls;
}

#endif
