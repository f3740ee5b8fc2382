/* SPDX-License-Identifier: Apache-2.0 */
/* The ring's slow ways: claims at the gate; opening the lane and closing it. */
#include "port.h"

_Static_assert(RING_OPENINGS < PORT_THREAD_STEP, "an opening's number does not make another thread");

/* How many claims of one thread, one after another at the gate, open the lane: the first does, at first.
 * Later as many as cost more than closing it again does, and twice as many each time. */
#define PATIENCE UINT32_C(1024)

static uint32_t patience(uint32_t openings)
{
    return openings == 0 ? 1 : PATIENCE << (openings - 1);
}

/* ---- The lane ---- */

static void begin_turn(struct port_ring *ring)
{
    while (atomic_exchange_explicit(&ring->turning, true, memory_order_acquire)) {
        port_pause();
    }
}

static void end_turn(struct port_ring *ring)
{
    atomic_store_explicit(&ring->turning, false, memory_order_release);
}

/*
 * Open the lane for this thread. Its word holds the next ticket, and is the lane's, before the gate says that
 * there is a lane: so who finds RING_LANE there misses no ticket (port_ring_accepted).
 */
static void open_lane(struct port_ring *ring, uint64_t thread)
{
    begin_turn(ring);
    uint32_t opening = atomic_load_explicit(&ring->openings, memory_order_relaxed);
    uint64_t gate = atomic_load_explicit(&ring->gate, memory_order_acquire);
    bool opened = false;
    while (!opened && opening < RING_OPENINGS && (gate & (RING_CLOSED | RING_RESERVED | RING_LANE)) == 0) {
        uint64_t word = gate / RING_TICKET | ((gate & RING_SPENT) != 0 ? RING_TURN : 0);
        atomic_store_explicit(&ring->lane[opening], word, memory_order_relaxed);
        atomic_store_explicit(&ring->openings, opening + 1, memory_order_release);
        opened = atomic_compare_exchange_weak_explicit(&ring->gate, &gate, gate | RING_LANE,
                                                       memory_order_acq_rel, memory_order_acquire);
    }
    if (opened) {
        atomic_store_explicit(&ring->lane_end, (uint32_t)(gate / RING_TICKET), memory_order_relaxed);
        atomic_store_explicit(&ring->owner, thread + opening, memory_order_relaxed);
    }
    end_turn(ring);
}

/* The lane's word, once no claim is half made: that takes some forty instructions, unless its thread was
 * descheduled in the middle. */
static uint64_t await_claim(const _Atomic uint64_t *lane)
{
    for (unsigned looks = 0;; looks++) {
        uint64_t word = atomic_load_explicit(lane, memory_order_acquire);
        if ((word & RING_CLAIMING) == 0) {
            return word;
        }
        if (looks < 1000) {
            port_relax();
        } else {
            port_pause();
        }
    }
}

/*
 * Have tickets given out at the gate, from the lane's next on. After the barrier the owner either is seen to
 * be claiming, and waited for, or will see that it is the owner no more.
 */
static void close_lane(struct port_ring *ring)
{
    begin_turn(ring);
    uint64_t gate = atomic_load_explicit(&ring->gate, memory_order_acquire);
    if ((gate & RING_LANE) != 0) {
        uint32_t opening = atomic_load_explicit(&ring->openings, memory_order_relaxed) - 1;
        atomic_store_explicit(&ring->owner, 0, memory_order_relaxed);
        port_barrier();
        uint64_t word = await_claim(&ring->lane[opening]);
        atomic_store_explicit(&ring->gate_seen, port_ring_completed(ring), memory_order_release);
        uint64_t tickets = (uint32_t)word * RING_TICKET | ((word & RING_TURN) != 0 ? RING_SPENT : 0);
        uint64_t after;
        do {
            after = (gate & (RING_TICKET - 1) & ~(RING_LANE | RING_SPENT)) | tickets;
        } while (!atomic_compare_exchange_weak_explicit(&ring->gate, &gate, after, memory_order_acq_rel,
                                                        memory_order_acquire));
    }
    end_turn(ring);
}

/* ---- The gate ---- */

/*
 * Is there room for so many tickets from the gate's next one on, and for a thread's own callback (kept) one
 * more? If `over` is newer than this gate, the exchange fails. What is remembered for others counts no slot
 * spent: two such words of different times may tell of one too early.
 */
static bool has_room(struct port_ring *ring, uint64_t gate, uint32_t backlog, uint32_t count, bool kept)
{
    uint32_t ticket = (uint32_t)(gate / RING_TICKET);
    /* Acquire, both: the completion context has read the slot before it completed (port_ring_complete). */
    uint32_t seen = atomic_load_explicit(&ring->gate_seen, memory_order_acquire);
    if (ticket - seen <= backlog - count) {
        return true;
    }
    uint64_t over = atomic_load_explicit(&ring->over, memory_order_acquire);
    seen = (uint32_t)(over / RING_TICKET);
    atomic_store_explicit(&ring->gate_seen, seen, memory_order_release);
    bool spent = ((gate ^ over) & RING_SPENT) != 0;
    return (int32_t)(ticket - seen + count - backlog) <= (kept || spent);
}

/* Does this thread seem to be alone? Threads that know nothing of each other count here: it is a guess. */
static void consider_lane(struct port_ring *ring)
{
    uint64_t thread = port_thread_known();
    uint32_t streak = 1;
    if (atomic_load_explicit(&ring->last, memory_order_relaxed) == thread) {
        streak += atomic_load_explicit(&ring->streak, memory_order_relaxed);
    } else {
        atomic_store_explicit(&ring->last, thread, memory_order_relaxed);
    }
    atomic_store_explicit(&ring->streak, streak, memory_order_relaxed);
    uint32_t openings = atomic_load_explicit(&ring->openings, memory_order_relaxed);
    if (port_has_barrier && openings < RING_OPENINGS && streak >= patience(openings)) {
        atomic_store_explicit(&ring->streak, 0, memory_order_relaxed);
        open_lane(ring, thread);
    }
}

static bool take_at_gate(struct port_ring *ring, uint32_t backlog, uint32_t count, struct port_claim *claim)
{
    bool kept = port_ring_lent == ring;
    /* Acquire, here and below: the callback that spent a slot has seen the copies before its own completed.
     */
    uint64_t gate = atomic_load_explicit(&ring->gate, memory_order_acquire);
    bool taken = false;
    while (!taken) {
        if ((gate & (RING_CLOSED | RING_RESERVED)) != 0) {
            return false;
        }
        if ((gate & RING_LANE) != 0) {
            close_lane(ring);
            gate = atomic_load_explicit(&ring->gate, memory_order_acquire);
            continue;
        }
        if (!has_room(ring, gate, backlog, count, kept)) {
            return false;
        }
        *claim = (struct port_claim){.ticket = (uint32_t)(gate / RING_TICKET)};
        uint64_t after = (gate + count * RING_TICKET + RING_CALL) ^ (kept ? RING_SPENT : 0);
        taken = atomic_compare_exchange_weak_explicit(&ring->gate, &gate, after, memory_order_acq_rel,
                                                      memory_order_acquire);
    }
    if (kept) {
        ring_spend(ring);
    }
    consider_lane(ring);
    return true;
}

bool ring_take(struct port_ring *ring, uint32_t backlog, uint32_t count, struct port_claim *claim)
{
    if (ring_take_in_lane(ring, backlog, count, claim)) {
        return true;
    }
    /* Nobody else can have made it the owner since: so it was one, and there was no room. */
    bool owned = atomic_load_explicit(&ring->owner, memory_order_relaxed) - port_thread() < RING_OPENINGS;
    return !owned && take_at_gate(ring, backlog, count, claim);
}

/* ---- Closing ---- */

/* Set a flag, after which nobody gets a ticket; false: it was set already. */
static bool shut(struct port_ring *ring, uint64_t flag)
{
    uint64_t before = atomic_fetch_or_explicit(&ring->gate, flag, memory_order_acq_rel);
    if ((before & RING_LANE) != 0) {
        close_lane(ring);
    }
    return (before & flag) == 0;
}

bool port_ring_close(struct port_ring *ring)
{
    return shut(ring, RING_CLOSED);
}

bool port_ring_reserve(struct port_ring *ring)
{
    return shut(ring, RING_RESERVED);
}

void port_ring_abandon(struct port_ring *ring)
{
    atomic_fetch_or_explicit(&ring->gate, RING_CLOSED, memory_order_relaxed);
    atomic_store_explicit(&ring->owner, 0, memory_order_relaxed);
}

/* ---- Looking ---- */

uint32_t port_ring_accepted(const struct port_ring *ring)
{
    uint64_t gate = atomic_load_explicit(&ring->gate, memory_order_acquire);
    if ((gate & RING_LANE) == 0) {
        return (uint32_t)(gate / RING_TICKET);
    }
    /* Acquire: the opening's word was written before. */
    uint32_t openings = atomic_load_explicit(&ring->openings, memory_order_acquire);
    return (uint32_t)atomic_load_explicit(&ring->lane[openings - 1], memory_order_acquire);
}

uint32_t port_ring_calls(const struct port_ring *ring)
{
    uint32_t calls = 0;
    /* Acquire: who has left has done all it did inside. */
    for (unsigned opening = 0; opening < RING_OPENINGS; opening++) {
        uint64_t lane = atomic_load_explicit(&ring->lane[opening], memory_order_acquire);
        calls += (lane & (RING_INSIDE | RING_CLAIMING)) != 0;
    }
    uint64_t gate = atomic_load_explicit(&ring->gate, memory_order_acquire);
    return calls + (uint32_t)((gate & (RING_TICKET - 1)) / RING_CALL);
}
