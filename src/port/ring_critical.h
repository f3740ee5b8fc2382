/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who may use which slot of the ring, for one-core chips: a claim masks interrupts until the slot is written,
 * so nobody ever waits for a submitter that was preempted half-way.
 *
 *   claim (masked) ─▶ write the slot ─▶ publish (unmasked) ─▶ ready? ─▶ (copy) ─▶ free ─▶ claim …
 *
 * What each function promises is told in ring_lockfree.h.
 */
#ifndef RING_CRITICAL_H
#define RING_CRITICAL_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

struct port_ring {
    _Atomic uint32_t accepted; /* written masked */
    _Atomic uint32_t freed;    /* written by the completion context */
    _Atomic uint16_t calls;    /* written masked */
    _Atomic bool closed;       /* written masked */
    _Atomic bool reserved;     /* set masked */
};

struct port_mark {
};

struct port_claim {
    uint32_t ticket;
    unsigned state; /* of the interrupt mask before the claim */
};

#define RING_LOAD(field)         atomic_load_explicit(&(field), memory_order_relaxed)
#define RING_STORE(field, value) atomic_store_explicit(&(field), (value), memory_order_relaxed)

static inline bool port_ring_claim(struct port_ring *ring, uint32_t backlog, struct port_claim *claim)
{
    claim->state = port_irq_mask();
    claim->ticket = RING_LOAD(ring->accepted);
    if (claim->ticket - RING_LOAD(ring->freed) >= backlog || RING_LOAD(ring->closed) ||
        RING_LOAD(ring->reserved)) {
        port_irq_unmask(claim->state);
        return false;
    }
    RING_STORE(ring->calls, (uint16_t)(RING_LOAD(ring->calls) + 1));
    return true;
}

static inline void port_ring_publish(struct port_ring *ring, struct port_mark *mark,
                                     const struct port_claim *claim)
{
    (void)mark;
    RING_STORE(ring->accepted, claim->ticket + 1);
    port_irq_unmask(claim->state);
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

static inline bool port_ring_enter(struct port_ring *ring)
{
    unsigned state = port_irq_mask();
    bool open = !RING_LOAD(ring->closed);
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

static inline bool port_ring_close(struct port_ring *ring)
{
    unsigned state = port_irq_mask();
    bool was_open = !RING_LOAD(ring->closed);
    RING_STORE(ring->closed, true);
    port_irq_unmask(state);
    return was_open;
}

static inline bool port_ring_reserve(struct port_ring *ring)
{
    unsigned state = port_irq_mask();
    bool was_free = !RING_LOAD(ring->reserved);
    RING_STORE(ring->reserved, true);
    port_irq_unmask(state);
    return was_free;
}

static inline void port_ring_release(struct port_ring *ring)
{
    RING_STORE(ring->reserved, false);
}

static inline bool port_ring_refuses(const struct port_ring *ring)
{
    return RING_LOAD(ring->closed) || RING_LOAD(ring->reserved);
}

static inline uint32_t port_ring_accepted(const struct port_ring *ring)
{
    return RING_LOAD(ring->accepted);
}

static inline uint32_t port_ring_calls(const struct port_ring *ring)
{
    return RING_LOAD(ring->calls);
}

#endif
