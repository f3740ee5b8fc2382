/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who may use which slot of the ring, for hosts: several CPUs, tasks that may be descheduled anywhere.
 *
 *   claim ─▶ (write the slot) ─▶ publish ─▶ take now? ─▶ (kick) ─▶ settle, or go on … leave
 *                                    └─▶ ready? ─▶ (copy) ─▶ free ─▶ (callback) ─▶ complete
 *
 * A call takes its tickets from `gate` with one compare-and-swap; ticket order is the order of acceptance.
 * The same word counts the calls inside the driver and says whether it is closed, so nobody slips in behind
 * uninstall, or reserved, so that no copy slips in behind an ETM task.
 */
#ifndef RING_LOCKFREE_H
#define RING_LOCKFREE_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define RING_CLOSED   UINT64_C(1)
#define RING_RESERVED UINT64_C(2)
#define RING_CALL     UINT64_C(4)         /* one call inside: bits 2..31 */
#define RING_TICKET   (UINT64_C(1) << 32) /* one ticket: bits 32..63 */

struct port_ring {
    _Alignas(PORT_LINE) _Atomic uint64_t gate; /* written by submitters: next ticket, calls inside, flags */
    _Alignas(
        PORT_LINE) _Atomic uint32_t completed; /* written by the completion context: tickets that are over */
};

/*
 * In interrupt context, from port_ring_free() to port_ring_complete(): the ring whose oldest slot this thread
 * may claim, which is the callback at work. To all others that slot is not free before the callback has
 * returned: so a callback can always submit, whoever else does.
 */
extern _Thread_local const struct port_ring *port_ring_lent __attribute__((tls_model("initial-exec")));

/* In each slot: the ticket after the one that was published here last. */
struct port_mark {
    _Atomic uint32_t next;
};

struct port_claim {
    uint32_t ticket;
};

/* Tickets claimed together. */
struct port_batch {
    uint32_t first;
    uint32_t end;  /* the ticket after the last */
    uint32_t next; /* to be written */
};

/* Begin a call and take the next tickets, as many as count; false: they do not all fit into the backlog, or
 * the ring is closed or reserved, and nothing has begun. */
static inline bool ring_take(struct port_ring *ring, uint32_t backlog, uint32_t count, uint32_t *first)
{
    uint64_t gate = atomic_load_explicit(&ring->gate, memory_order_relaxed);
    do {
        *first = (uint32_t)(gate >> 32);
        /* Acquire: the completion context has read the slot before it completed (port_ring_complete). */
        uint32_t completed = atomic_load_explicit(&ring->completed, memory_order_acquire);
        /* Signed: `completed` may already be past a stale `gate`, and then the exchange fails. */
        int32_t missing = (int32_t)(*first - completed + count - backlog);
        if ((gate & (RING_CLOSED | RING_RESERVED)) != 0 ||
            (missing > 0 && missing > (port_ring_lent == ring))) {
            return false;
        }
    } while (!atomic_compare_exchange_weak_explicit(&ring->gate, &gate,
                                                    gate + count * RING_TICKET + RING_CALL,
                                                    memory_order_acq_rel, memory_order_relaxed));
    return true;
}

static inline bool port_ring_claim(struct port_ring *ring, uint32_t backlog, struct port_claim *claim)
{
    return ring_take(ring, backlog, 1, &claim->ticket);
}

/* The same for count tickets at once, from 1 to backlog. port_ring_next() tells which slots to write. */
static inline bool port_ring_claim_batch(struct port_ring *ring, uint32_t backlog, uint32_t count,
                                         struct port_batch *batch)
{
    if (!ring_take(ring, backlog, count, &batch->first)) {
        return false;
    }
    batch->next = batch->first;
    batch->end = batch->first + count;
    return true;
}

/* The next slot of a batch to write, and to publish; false: all are published. */
static inline bool port_ring_next(struct port_ring *ring, struct port_batch *batch, struct port_claim *claim)
{
    (void)ring;
    claim->ticket = batch->next;
    return batch->next++ != batch->end;
}

/* The slot that port_ring_next() told is published: its critical section, if it is one, is over. */
static inline void port_ring_step(struct port_ring *ring, const struct port_claim *claim)
{
    (void)ring;
    (void)claim;
}

/* A batch whose slots any submitter may write, and must before its own claim can succeed: none here. */
static inline struct port_batch *port_ring_open_batch(struct port_ring *ring)
{
    (void)ring;
    return NULL;
}

/* The claimed slot is written: the engine may take it. */
static inline void port_ring_publish(struct port_ring *ring, struct port_mark *mark,
                                     const struct port_claim *claim)
{
    (void)ring;
    /* Release: its reader is port_ring_ready(). */
    atomic_store_explicit(&mark->next, claim->ticket + 1, memory_order_release);
}

/*
 * May the engine take this copy in the call that submits it? Then it is taken hereby. Only a ring whose
 * claims are critical sections can tell.
 */
static inline bool port_ring_take_now(const struct port_ring *ring, const struct port_claim *claim,
                                      const uint32_t *taken)
{
    (void)ring;
    (void)claim;
    (void)taken;
    return false;
}

/* The claim's critical section, if it is one, and its call are over. The driver may be gone right after. */
static inline void port_ring_settle(struct port_ring *ring, const struct port_claim *claim)
{
    (void)claim;
    /* Release: its reader is port_ring_calls() in uninstall. */
    atomic_fetch_sub_explicit(&ring->gate, RING_CALL, memory_order_release);
}

/* The claim's critical section, if it is one, is over; the call goes on until port_ring_leave(). */
static inline void port_ring_go_on(struct port_ring *ring, const struct port_claim *claim)
{
    (void)ring;
    (void)claim;
}

/* Has this ticket, whose slot bears this mark, been published? */
static inline bool port_ring_ready(const struct port_ring *ring, const struct port_mark *mark,
                                   uint32_t ticket)
{
    (void)ring;
    return atomic_load_explicit(&mark->next, memory_order_acquire) == ticket + 1;
}

/* The slot of this ticket has been read: its callback may claim it again. Completion context, in ticket
 * order. */
static inline void port_ring_free(struct port_ring *ring, uint32_t ticket)
{
    (void)ticket;
    port_ring_lent = ring;
}

/* The copy of this ticket is over, its callback too: anybody may claim the slot. The same context. */
static inline void port_ring_complete(struct port_ring *ring, uint32_t ticket)
{
    port_ring_lent = NULL;
    /* Release: its readers are port_ring_completed(), and ring_take(). */
    atomic_store_explicit(&ring->completed, ticket + 1, memory_order_release);
}

/* Tickets that are over: the oldest one's number that is not. */
static inline uint32_t port_ring_completed(const struct port_ring *ring)
{
    return atomic_load_explicit(&ring->completed, memory_order_acquire);
}

/* The same for the completion context, before it frees the slot. */
static inline uint32_t port_ring_oldest(const struct port_ring *ring)
{
    return atomic_load_explicit(&ring->completed, memory_order_relaxed);
}

/* Begin a call that takes no ticket; false: the ring is closed. */
static inline bool port_ring_enter(struct port_ring *ring)
{
    uint64_t gate = atomic_load_explicit(&ring->gate, memory_order_relaxed);
    do {
        if ((gate & RING_CLOSED) != 0) {
            return false;
        }
    } while (!atomic_compare_exchange_weak_explicit(&ring->gate, &gate, gate + RING_CALL,
                                                    memory_order_acq_rel, memory_order_relaxed));
    return true;
}

/* End a call. The driver may be gone right after. */
static inline void port_ring_leave(struct port_ring *ring)
{
    /* Release: its reader is port_ring_calls() in uninstall. */
    atomic_fetch_sub_explicit(&ring->gate, RING_CALL, memory_order_release);
}

/* No ticket and no call from now on; false: it was closed already. */
static inline bool port_ring_close(struct port_ring *ring)
{
    return (atomic_fetch_or_explicit(&ring->gate, RING_CLOSED, memory_order_acq_rel) & RING_CLOSED) == 0;
}

/* No ticket until port_ring_release(); false: it was reserved already. Inside a call. */
static inline bool port_ring_reserve(struct port_ring *ring)
{
    return (atomic_fetch_or_explicit(&ring->gate, RING_RESERVED, memory_order_acq_rel) & RING_RESERVED) == 0;
}

static inline void port_ring_release(struct port_ring *ring)
{
    atomic_fetch_and_explicit(&ring->gate, ~RING_RESERVED, memory_order_release);
}

static inline bool port_ring_is_closed(const struct port_ring *ring)
{
    return (atomic_load_explicit(&ring->gate, memory_order_relaxed) & RING_CLOSED) != 0;
}

/* Are no tickets given out, whether slots are free or not? */
static inline bool port_ring_refuses(const struct port_ring *ring)
{
    return (atomic_load_explicit(&ring->gate, memory_order_relaxed) & (RING_CLOSED | RING_RESERVED)) != 0;
}

/* Tickets given out so far: the next one's number. */
static inline uint32_t port_ring_accepted(const struct port_ring *ring)
{
    return (uint32_t)(atomic_load_explicit(&ring->gate, memory_order_acquire) >> 32);
}

/* Calls inside the driver. */
static inline uint32_t port_ring_calls(const struct port_ring *ring)
{
    return (uint32_t)((atomic_load_explicit(&ring->gate, memory_order_acquire) & (RING_TICKET - 1)) /
                      RING_CALL);
}

#endif
