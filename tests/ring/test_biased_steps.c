/* SPDX-License-Identifier: Apache-2.0 */
/* The ring of hosts: claims in the lane and at the gate, one step after the other. */
#include "biased.h"

#include <pthread.h>
#include <signal.h>
#include <sys/mman.h>

/* ---- One step after the other ---- */

static void thread_that_submits_alone_gets_the_lane(void **state)
{
    (void)state;
    need_barrier();
    reset(0);
    assert_false(lane_is_open());
    expect_claim(0);
    assert_true(lane_is_open());
    assert_true(is_owner());
    uint64_t gate = ring.gate;
    expect_claim(1);
    expect_claim(2);
    assert_int_equal(ring.gate, gate); /* in the lane, the gate is not touched */
    assert_int_equal(port_ring_calls(&ring), 0);
}

static void backlog_is_exact_in_the_lane_and_at_the_gate(void **state)
{
    (void)state;
    const uint32_t firsts[] = {0, UINT32_MAX - 5, (uint32_t)INT32_MAX - 5, UINT32_MAX};
    for (unsigned i = 0; i < 2 * sizeof firsts / sizeof *firsts; i++) {
        uint32_t first = firsts[i / 2];
        reset(first);
        for (uint32_t number = 0; number < 3 * BACKLOG; number++) {
            if (i % 2 == 1) {
                ring.openings = RING_OPENINGS; /* never a lane */
            }
            if (number >= BACKLOG) {
                expect_full();
                port_ring_complete(&ring, first + number - BACKLOG);
            }
            expect_claim(first + number);
        }
        expect_full();
        assert_true(!port_has_barrier || lane_is_open() == (i % 2 == 0));
    }
}

static void second_thread_takes_the_lane_away_and_goes_on_with_the_next_ticket(void **state)
{
    (void)state;
    reset(UINT32_MAX - 3);
    for (uint32_t number = 0; number < 5; number++) {
        expect_claim(UINT32_MAX - 3 + number);
    }
    expect_claim_elsewhere(1);
    assert_false(lane_is_open());
    assert_false(is_owner());
    expect_claim(2);
    expect_claim_elsewhere(3);
    assert_false(lane_is_open());
    assert_int_equal(port_ring_calls(&ring), 0);
}

static void full_backlog_is_full_for_the_second_thread_too(void **state)
{
    (void)state;
    reset(7);
    for (uint32_t number = 0; number < BACKLOG; number++) {
        expect_claim(7 + number);
    }
    uint32_t ticket;
    run_in_thread(claim_elsewhere, &ticket);
    assert_int_equal(ticket, UINT32_MAX);
    expect_full();
    port_ring_complete(&ring, 7);
    expect_claim_elsewhere(7 + BACKLOG);
    expect_full();
}

/* A callback claims the slot of its own copy, also as the lane's owner, and no more than that. */
static void slot_is_lent_to_the_callback_in_the_lane_and_at_the_gate(void **state)
{
    (void)state;
    for (unsigned way = 0; way < 2; way++) {
        reset(UINT32_MAX - 4);
        ring.openings = way == 0 ? 0 : RING_OPENINGS;
        uint32_t oldest = UINT32_MAX - 4;
        for (uint32_t number = 0; number < BACKLOG; number++) {
            expect_claim(oldest + number);
        }
        for (unsigned round = 0; round < 3; round++, oldest++) {
            expect_full();
            port_ring_free(&ring, oldest);
            uint32_t ticket;
            run_in_thread(claim_elsewhere, &ticket);
            assert_int_equal(ticket, UINT32_MAX); /* lent to this thread, and to no other */
            expect_claim(oldest + BACKLOG);
            expect_full();
            port_ring_complete(&ring, oldest);
        }
        expect_full();
    }
}

/* Alone again, a thread gets the lane back, after more and more claims, and a few times only. */
static void lane_opens_again_for_who_stays_alone(void **state)
{
    (void)state;
    need_barrier();
    reset(0);
    uint32_t next = 0;
    unsigned long longest = 0;
    for (unsigned opening = 1; opening <= RING_OPENINGS; opening++) {
        unsigned long claims = 0;
        for (; !lane_is_open(); claims++) {
            expect_claim(next);
            port_ring_complete(&ring, next++);
        }
        assert_true(claims > longest);
        longest = claims;
        assert_int_equal(ring.openings, opening);
        expect_claim_elsewhere(next);
        port_ring_complete(&ring, next++);
        assert_false(lane_is_open());
    }
    for (unsigned long claims = 0; claims < 3 * longest; claims++) {
        expect_claim(next);
        port_ring_complete(&ring, next++);
    }
    assert_false(lane_is_open());
}

static void batches_take_their_tickets_in_either_way(void **state)
{
    (void)state;
    for (unsigned way = 0; way < 2; way++) {
        struct port_batch batch = {0};
        struct port_claim claim = {0};
        reset(UINT32_MAX - 1);
        ring.openings = way == 0 ? 0 : RING_OPENINGS;
        expect_claim(UINT32_MAX - 1);
        assert_true(port_ring_claim_batch(&ring, BACKLOG, 4, &batch, NULL));
        assert_int_equal(port_ring_calls(&ring), 1);
        assert_int_equal(port_ring_accepted(&ring), 3);
        for (uint32_t number = 0; number < 4; number++) {
            assert_true(port_ring_next(&ring, &batch, &claim));
            assert_int_equal(claim.ticket, (uint32_t)(UINT32_MAX + number));
            assert_false(port_ring_ready(&ring, &slot_of(claim.ticket)->mark, claim.ticket));
            port_ring_publish(&ring, &slot_of(claim.ticket)->mark, &claim, false);
            assert_true(port_ring_ready(&ring, &slot_of(claim.ticket)->mark, claim.ticket));
        }
        assert_false(port_ring_next(&ring, &batch, &claim));
        port_ring_end_batch(&ring, &batch);
        assert_int_equal(port_ring_calls(&ring), 0);
        assert_false(port_ring_claim_batch(&ring, BACKLOG, BACKLOG - 4, &batch, NULL));
        assert_true(port_ring_claim_batch(&ring, BACKLOG, BACKLOG - 5, &batch, NULL));
        port_ring_end_batch(&ring, &batch);
        expect_full();
    }
}

/* ---- Completion ---- */

/* Nobody sees them before; the completion context's own count and what others see are the same then. */
static void copies_that_end_later_are_told_of_together(void **state)
{
    (void)state;
    const uint32_t first = UINT32_MAX - 4;
    reset(first);
    assert_false(port_ring_tell(&ring)); /* there is nothing to tell */
    for (uint32_t number = 0; number < BACKLOG; number++) {
        expect_claim(first + number);
    }
    uint32_t over = first;
    for (uint32_t count = 1; count <= 3; count++) {
        for (uint32_t ended = 0; ended < count; ended++) {
            port_ring_complete_later(&ring);
            assert_int_equal(port_ring_completed(&ring), over);
            assert_int_equal(port_ring_oldest(&ring), over);
            expect_full();
        }
        assert_true(port_ring_tell(&ring));
        for (uint32_t freed = 0; freed < count; freed++) {
            expect_claim(over + BACKLOG + freed);
        }
        over += count;
        assert_int_equal(port_ring_completed(&ring), over);
        assert_int_equal(port_ring_oldest(&ring), over);
        assert_false(port_ring_tell(&ring));
        port_ring_complete(&ring, over++);
        assert_int_equal(port_ring_oldest(&ring), over);
        expect_claim(over + BACKLOG - 1);
    }
}

/* ---- Calls ---- */

/* A call inside a call, as from a callback that runs on its submitter; in between the lane may go. */
static void calls_nest(void **state)
{
    (void)state;
    for (unsigned gone = 0; gone < 3; gone++) {
        struct port_claim outer, inner;
        uint32_t lost = gone > 0;
        reset(0);
        expect_claim(0);
        assert_true(port_ring_claim(&ring, BACKLOG, &outer));
        if (gone == 1) {
            expect_claim_elsewhere(2);
        }
        assert_true(port_ring_claim(&ring, BACKLOG, &inner));
        assert_int_equal(inner.ticket, 2 + (gone == 1));
        if (gone == 2) {
            expect_claim_elsewhere(3);
        }
        port_ring_settle(&ring, &inner);
        assert_int_equal(port_ring_calls(&ring), 1);
        port_ring_settle(&ring, &outer);
        assert_int_equal(port_ring_calls(&ring), 0);
        expect_claim(3 + lost);
    }
}

/* In the lane a call that takes no ticket is quick, also while the backlog is full; it is seen until it ends,
 * whatever becomes of the lane. */
static void call_without_a_ticket_is_counted_in_the_lane(void **state)
{
    (void)state;
    need_barrier();
    for (unsigned gone = 0; gone < 3; gone++) {
        struct port_claim call;
        reset(0);
        assert_false(port_ring_enter_quickly(&ring, &call)); /* nobody owns the lane */
        for (uint32_t ticket = 0; ticket < BACKLOG - 1; ticket++) {
            expect_claim(ticket);
        }
        assert_true(port_ring_enter_quickly(&ring, &call));
        assert_int_equal(port_ring_calls(&ring), 1);
        assert_int_equal(port_ring_accepted(&ring), BACKLOG - 1);
        struct port_claim last;
        assert_true(port_ring_claim(&ring, BACKLOG, &last));
        port_ring_settle(&ring, &last);
        assert_int_equal(port_ring_calls(&ring), 1);
        port_ring_leave_quickly(&ring, &call);
        expect_full();
        assert_true(port_ring_enter_quickly(&ring, &call));
        if (gone == 1) {
            port_ring_complete(&ring, 0);
            expect_claim_elsewhere(BACKLOG);
        } else if (gone == 2) {
            assert_true(port_ring_close(&ring));
        }
        assert_int_equal(port_ring_calls(&ring), 1);
        port_ring_leave_quickly(&ring, &call);
        assert_int_equal(port_ring_calls(&ring), 0);
        assert_int_equal(port_ring_enter_quickly(&ring, &call), gone == 0);
    }
}

/* What a signal handler would find that comes between the first store of a claim and its last. */
static void claim_in_the_middle_of_the_same_threads_claim_is_refused(void **state)
{
    (void)state;
    need_barrier();
    reset(0);
    expect_claim(0);
    ring.lane[0] |= RING_CLAIMING;
    uint32_t ticket;
    assert_false(claim_one(&ticket));
    assert_true(lane_is_open());
    ring.lane[0] &= ~RING_CLAIMING;
    expect_claim(1);
}

static void *claim_and_tell(void *argument)
{
    uint32_t ticket = UINT32_MAX;
    claim_one(&ticket);
    atomic_store((_Atomic uint32_t *)argument, ticket);
    return NULL;
}

/* The owner is descheduled half-way: who takes the lane away waits, and gets the ticket after the owner's. */
static void half_made_claim_is_waited_for(void **state)
{
    (void)state;
    need_barrier();
    _Atomic uint32_t ticket = 0;
    pthread_t other;
    reset(0);
    expect_claim(0);
    ring.lane[0] |= RING_CLAIMING;
    assert_int_equal(pthread_create(&other, NULL, claim_and_tell, &ticket), 0);
    for (unsigned pause = 0; pause < 400; pause++) {
        port_pause();
    }
    assert_int_equal(atomic_load(&ticket), 0);
    assert_int_equal(ring.owner, 0); /* it has come */
    atomic_store(&ring.lane[0], RING_INSIDE | 2);
    assert_int_equal(pthread_join(other, NULL), 0);
    assert_int_equal(atomic_load(&ticket), 2);
    assert_int_equal(port_ring_calls(&ring), 1);
    atomic_store(&ring.lane[0], 2);
    assert_int_equal(port_ring_calls(&ring), 0);
}

/* ---- The lane is taken away between the owner's two looks at whose it is ---- */

#define PAGE 4096

static struct port_ring *torn; /* across two pages: `owner` is in the first, the lane in the second */

static void close_lane_now(int signal)
{
    (void)signal;
    mprotect((char *)torn + offsetof(struct port_ring, lane), PAGE, PROT_READ | PROT_WRITE);
    port_ring_reserve(torn);
    port_ring_release(torn);
}

static void owner_that_loses_the_lane_before_it_says_that_it_claims_goes_to_the_gate(void **state)
{
    (void)state;
    need_barrier();
    struct sigaction action = {.sa_handler = close_lane_now}, before;
    char *pages = mmap(NULL, 2 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    assert_ptr_not_equal(pages, MAP_FAILED);
    assert_int_equal(sizeof(struct port_ring) - offsetof(struct port_ring, lane) <= PAGE, 1);
    torn = (struct port_ring *)(pages + PAGE - offsetof(struct port_ring, lane));
    struct port_claim claim;
    assert_true(port_ring_claim(torn, BACKLOG, &claim));
    port_ring_settle(torn, &claim);
    assert_true((torn->gate & RING_LANE) != 0);
    assert_int_equal(sigaction(SIGSEGV, &action, &before), 0);
    assert_int_equal(mprotect(pages + PAGE, PAGE, PROT_READ), 0); /* its next store there is RING_CLAIMING */
    assert_true(port_ring_claim(torn, BACKLOG, &claim));
    assert_int_equal(sigaction(SIGSEGV, &before, NULL), 0);
    assert_int_equal(claim.ticket, 1);
    assert_null(claim.lane);
    assert_true((torn->gate & RING_LANE) == 0);
    assert_int_equal(port_ring_accepted(torn), 2);
    assert_int_equal(port_ring_calls(torn), 1);
    port_ring_settle(torn, &claim);
    assert_int_equal(port_ring_calls(torn), 0);
    munmap(pages, 2 * PAGE);
}

static void closed_and_reserved_rings_give_no_tickets(void **state)
{
    (void)state;
    uint32_t ticket;
    for (unsigned used = 0; used < 2; used++) {
        reset(0);
        if (used) {
            expect_claim(0);
        }
        assert_true(port_ring_reserve(&ring));
        assert_false(port_ring_reserve(&ring));
        assert_false(lane_is_open());
        assert_false(claim_one(&ticket));
        assert_true(port_ring_refuses(&ring));
        assert_true(port_ring_enter(&ring));
        port_ring_leave(&ring);
        port_ring_release(&ring);
        expect_claim(used);
        assert_true(port_ring_close(&ring));
        assert_false(port_ring_close(&ring));
        assert_false(lane_is_open());
        assert_false(claim_one(&ticket));
        assert_false(port_ring_enter(&ring));
        assert_int_equal(port_ring_accepted(&ring), 1 + used);
        assert_int_equal(port_ring_calls(&ring), 0);
    }
}

/* In a child of fork(), whatever a thread was doing that does not exist there. */
static void abandoned_ring_refuses_at_once(void **state)
{
    (void)state;
    reset(0);
    expect_claim(0);
    ring.lane[0] |= RING_CLAIMING;
    ring.turning = true;
    port_ring_abandon(&ring);
    uint32_t ticket;
    assert_false(claim_one(&ticket));
    assert_false(port_ring_enter(&ring));
    run_in_thread(claim_elsewhere, &ticket);
    assert_int_equal(ticket, UINT32_MAX);
}

/* ---- Anything in any order ---- */

/* What the ring should be, beside it. */
struct walk {
    uint32_t accepted, completed;
    bool in_callback;
    bool kept;  /* the slot of the oldest, for this thread */
    bool spent; /* it has been claimed: the oldest ticket fills no slot */
    uint64_t random;
};

struct attempt {
    uint32_t count;
    bool accepted;
};

static uint32_t any_below(struct walk *walk, uint32_t limit)
{
    walk->random = walk->random * UINT64_C(6364136223846793005) + 1;
    return (uint32_t)(walk->random >> 33) % limit;
}

static void *attempt(void *argument)
{
    struct attempt *attempt = argument;
    struct port_batch batch;
    attempt->accepted = port_ring_claim_batch(&ring, BACKLOG, attempt->count, &batch, NULL);
    if (attempt->accepted) {
        port_ring_end_batch(&ring, &batch);
    }
    return NULL;
}

static void walk_claims(struct walk *walk, bool elsewhere)
{
    struct attempt wish = {.count = 1 + any_below(walk, 3)};
    uint32_t room = BACKLOG - (walk->accepted - walk->completed) + walk->spent;
    bool kept = walk->kept && !elsewhere;
    if (elsewhere) {
        run_in_thread(attempt, &wish);
    } else {
        attempt(&wish);
    }
    assert_int_equal(wish.accepted, wish.count <= room + kept);
    if (wish.accepted) {
        walk->accepted += wish.count;
        walk->spent |= kept;
        walk->kept &= !kept;
    }
    assert_int_equal(port_ring_accepted(&ring), walk->accepted);
}

static void walk_completes(struct walk *walk)
{
    if (walk->in_callback) {
        port_ring_complete(&ring, walk->completed++);
        walk->in_callback = walk->kept = walk->spent = false;
    } else if (walk->completed != walk->accepted) {
        port_ring_free(&ring, walk->completed);
        walk->in_callback = walk->kept = true;
    }
    assert_int_equal(port_ring_completed(&ring), walk->completed);
}

/* A backlog is full for each thread exactly when it should be, whatever has happened before. */
static void backlog_is_exact_for_callbacks_and_others(void **state)
{
    (void)state;
    for (unsigned way = 0; way < 3; way++) {
        uint32_t first = way == 1 ? 0 : UINT32_MAX - 500;
        struct walk walk = {.accepted = first, .completed = first, .random = way};
        reset(first);
        for (unsigned step = rounds_of(20000, 4000); step != 0; step--) {
            uint32_t what = any_below(&walk, 16);
            if (what == 0 || way == 2) {
                ring.openings = way == 2 ? RING_OPENINGS : lane_is_open() ? ring.openings : 0;
            }
            if (what < 6) {
                walk_completes(&walk);
            } else {
                walk_claims(&walk, what < 8);
            }
        }
        while (walk.in_callback || walk.completed != walk.accepted) {
            walk_completes(&walk);
        }
        assert_int_equal(port_ring_calls(&ring), 0);
    }
}

static void without_a_barrier_there_is_no_lane(void **state)
{
    (void)state;
    bool has = port_has_barrier;
    port_has_barrier = false;
    reset(0);
    for (uint32_t number = 0; number < BACKLOG; number++) {
        expect_claim(number);
        assert_false(lane_is_open());
    }
    expect_full();
    port_has_barrier = has;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(thread_that_submits_alone_gets_the_lane),
        cmocka_unit_test(backlog_is_exact_in_the_lane_and_at_the_gate),
        cmocka_unit_test(second_thread_takes_the_lane_away_and_goes_on_with_the_next_ticket),
        cmocka_unit_test(full_backlog_is_full_for_the_second_thread_too),
        cmocka_unit_test(slot_is_lent_to_the_callback_in_the_lane_and_at_the_gate),
        cmocka_unit_test(lane_opens_again_for_who_stays_alone),
        cmocka_unit_test(batches_take_their_tickets_in_either_way),
        cmocka_unit_test(copies_that_end_later_are_told_of_together),
        cmocka_unit_test(calls_nest),
        cmocka_unit_test(call_without_a_ticket_is_counted_in_the_lane),
        cmocka_unit_test(claim_in_the_middle_of_the_same_threads_claim_is_refused),
        cmocka_unit_test(half_made_claim_is_waited_for),
        cmocka_unit_test(owner_that_loses_the_lane_before_it_says_that_it_claims_goes_to_the_gate),
        cmocka_unit_test(closed_and_reserved_rings_give_no_tickets),
        cmocka_unit_test(abandoned_ring_refuses_at_once),
        cmocka_unit_test(backlog_is_exact_for_callbacks_and_others),
        cmocka_unit_test(without_a_barrier_there_is_no_lane),
    };
    return cmocka_run_group_tests_name("ring_steps", tests, NULL, NULL);
}
