/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who may use which slot of the ring, for hosts: several CPUs, tasks that may be descheduled anywhere.
 *
 *   claim ─▶ (write the slot) ─▶ publish ─▶ take now? ─▶ (kick) ─▶ settle, or go on … end
 *                                    └─▶ ready? ─▶ (copy) ─▶ free ─▶ (callback) ─▶ complete
 *
 * Tickets are given out in one of two ways; their order is the order of acceptance.
 *
 * - At the gate: a call takes its tickets with one compare-and-swap. The same word counts the calls inside
 *   the driver and says whether it is closed, so nobody slips in behind uninstall, or reserved, so that no
 *   copy slips in behind an ETM task.
 * - In the lane, while one thread alone submits: it owns the lane, and plain stores are enough. Another
 *   thread that comes, and whoever closes or reserves the ring, takes the lane away first: `owner` is
 *   cleared, then a barrier on every CPU, then a look at the lane. So the owner needs no barrier between "I
 *   am claiming" and "am I still the owner?". DESIGN.md, "The lane", tells why this is right.
 *
 * The slow ways are in ring_biased.c.
 */
#ifndef RING_BIASED_H
#define RING_BIASED_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The gate: flags, calls inside, the next ticket (while the lane is closed). */
#define RING_CLOSED   UINT64_C(1)
#define RING_RESERVED UINT64_C(2)
#define RING_LANE     UINT64_C(4)         /* the lane is open: tickets are given out there */
#define RING_SPENT    UINT64_C(8)         /* changes with each slot that a callback has spent */
#define RING_CALL     UINT64_C(16)        /* one call inside: bits 4..31 */
#define RING_TICKET   (UINT64_C(1) << 32) /* one ticket: bits 32..63 */

/* The lane: the next ticket, and what its owner is doing. */
#define RING_INSIDE   (UINT64_C(1) << 32) /* a call */
#define RING_CLAIMING (UINT64_C(1) << 33) /* it is taking tickets, or about to find out that it may not */
#define RING_TURN     (UINT64_C(1) << 34) /* what RING_SPENT is at the gate */

#define RING_OPENINGS 7 /* of the lane in a ring's life, at the most */

struct port_ring {
    _Alignas(PORT_LINE) _Atomic uint64_t owner; /* of the lane: thread + number of the opening; 0: nobody */
    _Atomic uint32_t openings;                  /* so far; written by who is */
    _Atomic bool turning;                       /* opening or closing the lane */

    /* The lane. Each opening has a word of its own, which nobody but the thread it was made for ever writes.
     */
    _Alignas(PORT_LINE) _Atomic uint64_t lane[RING_OPENINGS];
    _Atomic uint32_t lane_end; /* the ticket at which the room ends that the owner saw when it looked last; of
                                * it alone, once the lane is open */

    _Alignas(PORT_LINE) _Atomic uint64_t gate;
    _Atomic uint32_t gate_seen; /* tickets over, when somebody at the gate looked last */
    _Atomic uint32_t streak;    /* claims at the gate, one after another, */
    _Atomic uint64_t last;      /* of this thread; both a guess */

    /* Written by the completion context: tickets that are over, in bits 32..63, and RING_SPENT as it was. */
    _Alignas(PORT_LINE) _Atomic uint64_t over;

    /* The completion context's own. It never reads `over`, whose line is with those who look. */
    _Alignas(PORT_LINE) uint64_t spent; /* RING_SPENT as it is */
    uint32_t ended;                     /* the tickets that are over; */
    uint32_t untold;                    /* and those that `over` does not tell yet */
};

/*
 * In interrupt context, from port_ring_free() on: the ring whose oldest slot is kept for this thread, which
 * is its callback. The first claim in it spends that slot, with the same store that takes the ticket:
 * RING_SPENT there then differs from the one in `over`, and tells everybody that the oldest ticket not over
 * fills no slot any more. So a callback can always submit, and nobody meets a full backlog that is not.
 */
extern _Thread_local const struct port_ring *port_ring_lent __attribute__((tls_model("initial-exec")));

/* In each slot: the ticket after the one that was published here last, and RING_HEARD if it has a listener.
 */
struct port_mark {
    _Atomic uint64_t next;
};

#define RING_HEARD (UINT64_C(1) << 32)

struct port_claim {
    uint32_t ticket;
    uint32_t nested;        /* in the lane: its thread was inside before, and calls from a callback */
    _Atomic uint64_t *lane; /* in the lane: the word; at the gate: NULL */
};

enum port_quick { PORT_NOT_QUICKLY, PORT_FULL, PORT_CLAIMED };

struct port_batch;

/* Writes what is left of a batch of this owner; false: nothing was. */
typedef bool (*port_batch_writer)(void *owner, struct port_batch *batch);

/* Tickets claimed together. */
struct port_batch {
    uint32_t first;
    uint32_t end;            /* the ticket after the last */
    struct port_claim claim; /* of the first */
    uint32_t next;           /* to be written */
};

/* The slot that was kept for this thread's callback is spent. */
static inline void ring_spend(struct port_ring *ring)
{
    port_ring_lent = NULL;
    ring->spent ^= RING_SPENT;
}

/*
 * Begin a call and take the next tickets, as many as count (which may be none), if this thread owns the lane
 * and they fit into the backlog. Nothing but the thread's own word is written before it is sure that it still
 * owns the lane. The fence orders what the compiler does; the CPU's order is the business of the barrier in
 * ring_biased.c. A signal handler that comes in the middle of its own thread's claim gets none.
 */
static inline bool ring_take_in_lane(struct port_ring *ring, uint32_t backlog, uint32_t count,
                                     struct port_claim *claim)
{
    uint64_t owner = atomic_load_explicit(&ring->owner, memory_order_relaxed);
    uint64_t opening = owner - port_thread();
    if (opening >= RING_OPENINGS) {
        return false;
    }
    _Atomic uint64_t *lane = &ring->lane[opening];
    uint64_t before = atomic_load_explicit(lane, memory_order_relaxed);
    if ((before & RING_CLAIMING) != 0) {
        return false;
    }
    uint64_t after = before;
    atomic_store_explicit(lane, before | RING_CLAIMING, memory_order_relaxed);
    atomic_signal_fence(memory_order_seq_cst);
    if (atomic_load_explicit(&ring->owner, memory_order_relaxed) == owner) {
        uint32_t ticket = (uint32_t)before;
        uint32_t end = atomic_load_explicit(&ring->lane_end, memory_order_relaxed);
        bool fits = count == 0 || (int32_t)(end - ticket) >= (int32_t)count;
        bool kept = port_ring_lent == ring;
        if (!fits) {
            /* Acquire: the completion context has read the slot before it completed (port_ring_complete). */
            uint64_t over = atomic_load_explicit(&ring->over, memory_order_acquire);
            uint32_t seen = (uint32_t)(over / RING_TICKET);
            atomic_store_explicit(&ring->lane_end, seen + backlog, memory_order_relaxed);
            bool spent = ((before & RING_TURN) != 0) != ((over & RING_SPENT) != 0);
            fits = ticket - seen + count <= backlog + (kept || spent);
        }
        if (fits) {
            after = RING_INSIDE | (before & RING_TURN) | (uint32_t)(ticket + count);
            *claim = (struct port_claim){ticket, (before & RING_INSIDE) != 0, lane};
            if (kept) {
                after ^= RING_TURN;
                ring_spend(ring);
            }
        }
    }
    atomic_store_explicit(lane, after, memory_order_release); /* to who closes the lane */
    return after != before;
}

/* The same in any way that there is; false: they do not all fit into the backlog, or the ring is closed or
 * reserved, and nothing has begun. */
bool ring_take(struct port_ring *ring, uint32_t backlog, uint32_t count, struct port_claim *claim);

/* Begin a call and take the next ticket; false: as ring_take(). */
static inline bool port_ring_claim(struct port_ring *ring, uint32_t backlog, struct port_claim *claim)
{
    return ring_take(ring, backlog, 1, claim);
}

#define PORT_RING_HAS_QUICK_WAY true

/* Is there room for one more ticket after this word of the lane, whose owner is claiming? */
static inline bool ring_look(struct port_ring *ring, uint32_t backlog, uint64_t lane)
{
    /* Acquire: the completion context has read the slot before it completed (port_ring_complete). */
    uint64_t over = atomic_load_explicit(&ring->over, memory_order_acquire);
    uint32_t seen = (uint32_t)(over / RING_TICKET);
    bool spent = ((lane & RING_TURN) != 0) != ((over & RING_SPENT) != 0);
    atomic_store_explicit(&ring->lane_end, seen + backlog, memory_order_relaxed);
    return (uint32_t)lane - seen < backlog + spent;
}

/*
 * The same where that costs next to nothing: in the lane, outside of callbacks. A CPU can hold only so many
 * stores that wait for a line, so there is one less: the owner goes on claiming while it writes the slot.
 * port_ring_settle_quickly() ends that, or port_ring_go_on_quickly(), before anything that may take long.
 *
 * There must be room left of what was seen last, unless this call looks for it. PORT_NOT_QUICKLY:
 * port_ring_claim() knows more; PORT_FULL: the backlog is, and the ring is open.
 */
static inline __attribute__((always_inline)) enum port_quick
port_ring_claim_quickly(struct port_ring *ring, uint32_t backlog, bool looks, struct port_claim *claim)
{
    uint64_t owner = atomic_load_explicit(&ring->owner, memory_order_relaxed);
    uint64_t opening = owner - port_thread();
    if (port_ring_lent != NULL || opening >= RING_OPENINGS) {
        return PORT_NOT_QUICKLY;
    }
    _Atomic uint64_t *lane = &ring->lane[opening];
    uint64_t before = atomic_load_explicit(lane, memory_order_relaxed);
    if ((before & (RING_CLAIMING | RING_INSIDE)) != 0) {
        return PORT_NOT_QUICKLY;
    }
    uint32_t end = atomic_load_explicit(&ring->lane_end, memory_order_relaxed);
    bool seen = (int32_t)(end - (uint32_t)before) > 0;
    if (!seen && !looks) {
        return PORT_NOT_QUICKLY;
    }
    atomic_store_explicit(lane, before | RING_CLAIMING, memory_order_relaxed);
    atomic_signal_fence(memory_order_seq_cst);
    bool owned = atomic_load_explicit(&ring->owner, memory_order_relaxed) == owner;
    if (!owned || (!seen && !ring_look(ring, backlog, before))) {
        atomic_store_explicit(lane, before, memory_order_release); /* to who closes the lane */
        return owned ? PORT_FULL : PORT_NOT_QUICKLY;
    }
    *claim = (struct port_claim){(uint32_t)before, 0, lane};
    return PORT_CLAIMED;
}

static inline void ring_end_quick_claim(const struct port_claim *claim, uint64_t inside)
{
    uint64_t turn = atomic_load_explicit(claim->lane, memory_order_relaxed) & RING_TURN;
    atomic_store_explicit(claim->lane, turn | inside | (uint32_t)(claim->ticket + 1), memory_order_release);
}

/* The quick claim is over, the call goes on until port_ring_settle(). */
static inline void port_ring_go_on_quickly(struct port_ring *ring, const struct port_claim *claim)
{
    (void)ring;
    ring_end_quick_claim(claim, RING_INSIDE);
}

/* Both are over. */
static inline void port_ring_settle_quickly(struct port_ring *ring, const struct port_claim *claim)
{
    (void)ring;
    ring_end_quick_claim(claim, 0);
}

/* The same for count tickets at once, from 1 to backlog. port_ring_next() tells which slots to write; write
 * is for others who must. */
static inline bool port_ring_claim_batch(struct port_ring *ring, uint32_t backlog, uint32_t count,
                                         struct port_batch *batch, port_batch_writer write)
{
    (void)write;
    struct port_claim claim; /* a copy, so that the batch itself may live in registers */
    if (!ring_take(ring, backlog, count, &claim)) {
        return false;
    }
    batch->claim = claim;
    batch->first = batch->next = claim.ticket;
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

/* A batch whose slots any submitter may write, and must before its own claim can succeed, and with what: none
 * here. */
static inline struct port_batch *port_ring_open_batch(struct port_ring *ring, port_batch_writer *write)
{
    (void)ring;
    (void)write;
    return NULL;
}

/* The claimed slot is written, its listener too if it is heard: the engine may take it. */
static inline void port_ring_publish(struct port_ring *ring, struct port_mark *mark,
                                     const struct port_claim *claim, bool heard)
{
    (void)ring;
    /* Release: its reader is port_ring_ready(). */
    uint64_t next = (uint32_t)(claim->ticket + 1) | (heard ? RING_HEARD : 0);
    atomic_store_explicit(&mark->next, next, memory_order_release);
}

/* Of a slot that is ready, until it is free. */
static inline bool port_mark_is_heard(const struct port_mark *mark)
{
    return (atomic_load_explicit(&mark->next, memory_order_relaxed) & RING_HEARD) != 0;
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

/* Has this ticket, whose slot bears this mark, been published? */
static inline bool port_ring_ready(const struct port_ring *ring, const struct port_mark *mark,
                                   uint32_t ticket)
{
    (void)ring;
    return (uint32_t)atomic_load_explicit(&mark->next, memory_order_acquire) == (uint32_t)(ticket + 1);
}

/* The slot of this ticket has been read: it is kept for its callback. Completion context, in ticket order.
 * True: that is all that who waits needs to be told of this copy. */
static inline bool port_ring_free(struct port_ring *ring, uint32_t ticket)
{
    (void)ticket;
    port_ring_lent = ring;
    return false;
}

/* The copies up to this ticket are over, callbacks too: anybody may claim the slots. The same context. True:
 * who waits is to be told. */
static inline bool port_ring_complete(struct port_ring *ring, uint32_t ticket)
{
    port_ring_lent = NULL;
    ring->ended = ticket + 1;
    /* Release: its readers are port_ring_completed(), and claims. */
    atomic_store_explicit(&ring->over, (uint32_t)(ticket + 1) * RING_TICKET | ring->spent,
                          memory_order_release);
    return true;
}

/* Tickets that are over: the oldest one's number that is not. */
static inline uint32_t port_ring_completed(const struct port_ring *ring)
{
    return (uint32_t)(atomic_load_explicit(&ring->over, memory_order_acquire) / RING_TICKET);
}

/* The same for the completion context, before it frees the slot. */
static inline uint32_t port_ring_oldest(const struct port_ring *ring)
{
    return ring->ended;
}

/* One more copy is over, and told of by port_ring_tell(). It has no callback. The same context. */
static inline void port_ring_complete_later(struct port_ring *ring)
{
    ring->untold++;
}

/* Tell of these, as port_ring_complete() does of others, and before it; true: who waits is to be told. */
static inline bool port_ring_tell(struct port_ring *ring)
{
    uint32_t count = ring->untold;
    ring->untold = 0;
    return count != 0 && port_ring_complete(ring, port_ring_oldest(ring) + count - 1);
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

/* End a call that port_ring_enter() began. The driver may be gone right after. */
static inline void port_ring_leave(struct port_ring *ring)
{
    /* Release: its reader is port_ring_calls() in uninstall. */
    atomic_fetch_sub_explicit(&ring->gate, RING_CALL, memory_order_release);
}

/* Begin a call that takes no ticket where that costs next to nothing, as port_ring_claim_quickly(); false:
 * port_ring_enter() knows. port_ring_leave_quickly() ends it. */
static inline bool port_ring_enter_quickly(struct port_ring *ring, struct port_claim *call)
{
    return ring_take_in_lane(ring, UINT32_MAX, 0, call);
}

/* The claim's critical section, if it is one, and its call are over. The driver may be gone right after. */
static inline void port_ring_settle(struct port_ring *ring, const struct port_claim *claim)
{
    if (claim->lane == NULL) {
        port_ring_leave(ring);
    } else {
        uint64_t now = atomic_load_explicit(claim->lane, memory_order_relaxed);
        uint64_t after = claim->nested * RING_INSIDE | (now & (RING_TURN | UINT32_MAX));
        atomic_store_explicit(claim->lane, after, memory_order_release); /* the same reader */
    }
}

static inline void port_ring_leave_quickly(struct port_ring *ring, const struct port_claim *call)
{
    port_ring_settle(ring, call);
}

/* The claim's critical section, if it is one, is over; the call goes on until port_ring_end(). */
static inline void port_ring_go_on(struct port_ring *ring, const struct port_claim *claim)
{
    (void)ring;
    (void)claim;
}

static inline void port_ring_end(struct port_ring *ring, const struct port_claim *claim)
{
    port_ring_settle(ring, claim);
}

/* End the call that claimed a batch. */
static inline void port_ring_end_batch(struct port_ring *ring, const struct port_batch *batch)
{
    port_ring_settle(ring, &batch->claim);
}

/* No ticket and no call from now on; false: it was closed already. */
bool port_ring_close(struct port_ring *ring);

/* The same in a child of fork(), where nobody is inside, whatever the ring says. */
void port_ring_abandon(struct port_ring *ring);

/* No ticket until port_ring_release(); false: it was reserved already. Inside a call. */
bool port_ring_reserve(struct port_ring *ring);

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
uint32_t port_ring_accepted(const struct port_ring *ring);

/* Calls inside the driver. Once the ring is closed, 0 is final. */
uint32_t port_ring_calls(const struct port_ring *ring);

#endif
