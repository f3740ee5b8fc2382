/* SPDX-License-Identifier: Apache-2.0 */
/* The ring of hosts: claims in the quick way, which most copies go, one step after the other. */
#include "biased.h"

/* The lane is this thread's, which has seen room for the whole backlog; tickets from 2 on are left. */
static void open_the_quick_way(void)
{
    reset(0);
    expect_claim(0);
    expect_claim(1);
    assert_true(is_owner());
    port_ring_complete(&ring, 1);
    expect_claim(2);
    port_ring_complete(&ring, 2);
}

/* Whether it looks or not. */
static void expect_no_quick_claim(enum port_quick looking)
{
    struct port_claim claim;
    uint32_t before = port_ring_accepted(&ring);
    uint32_t calls = port_ring_calls(&ring);
    assert_int_equal(port_ring_claim_quickly(&ring, BACKLOG, false, &claim), PORT_NOT_QUICKLY);
    assert_int_equal(port_ring_claim_quickly(&ring, BACKLOG, true, &claim), looking);
    assert_int_equal(port_ring_accepted(&ring), before);
    assert_int_equal(port_ring_calls(&ring), calls);
}

static void expect_quick_claim(bool looks, uint32_t ticket)
{
    struct port_claim claim = {0};
    assert_int_equal(port_ring_claim_quickly(&ring, BACKLOG, looks, &claim), PORT_CLAIMED);
    assert_int_equal(claim.ticket, ticket);
    port_ring_settle_quickly(&ring, &claim);
}

/* Its ticket counts when it is settled, its call from the beginning; whoever comes meanwhile on the same
 * thread, a signal handler, gets none. */
static void quick_claim_is_one_step(void **state)
{
    (void)state;
    need_barrier();
    open_the_quick_way();
    struct port_claim claim = {0}, inner = {0};
    assert_int_equal(port_ring_claim_quickly(&ring, BACKLOG, false, &claim), PORT_CLAIMED);
    assert_int_equal(claim.ticket, 3);
    assert_int_equal(port_ring_accepted(&ring), 3);
    assert_int_equal(port_ring_calls(&ring), 1);
    expect_no_quick_claim(PORT_NOT_QUICKLY);
    assert_false(port_ring_claim(&ring, BACKLOG, &inner));
    port_ring_publish(&ring, &slot_of(3)->mark, &claim, false);
    assert_true(port_ring_ready(&ring, &slot_of(3)->mark, 3));
    port_ring_settle_quickly(&ring, &claim);
    assert_int_equal(port_ring_accepted(&ring), 4);
    assert_int_equal(port_ring_calls(&ring), 0);
    expect_claim(4);
}

static void quick_claim_may_go_on_as_a_call(void **state)
{
    (void)state;
    need_barrier();
    open_the_quick_way();
    struct port_claim claim = {0}, inner = {0};
    assert_int_equal(port_ring_claim_quickly(&ring, BACKLOG, false, &claim), PORT_CLAIMED);
    port_ring_publish(&ring, &slot_of(3)->mark, &claim, true);
    port_ring_go_on_quickly(&ring, &claim);
    assert_int_equal(port_ring_accepted(&ring), 4);
    assert_int_equal(port_ring_calls(&ring), 1);
    expect_no_quick_claim(PORT_NOT_QUICKLY);
    assert_true(port_ring_claim(&ring, BACKLOG, &inner)); /* the callback of a copy made on the spot */
    assert_int_equal(inner.ticket, 4);
    port_ring_settle(&ring, &inner);
    assert_int_equal(port_ring_calls(&ring), 1);
    port_ring_settle(&ring, &claim);
    assert_int_equal(port_ring_calls(&ring), 0);
    assert_int_equal(port_ring_accepted(&ring), 5);
}

static void quick_way_looks_for_room_only_if_asked_to(void **state)
{
    (void)state;
    need_barrier();
    const uint32_t first = UINT32_MAX - 3;
    reset(first);
    expect_no_quick_claim(PORT_NOT_QUICKLY); /* no lane */
    expect_claim(first);
    struct port_claim claim;
    assert_int_equal(port_ring_claim_quickly(&ring, BACKLOG, false, &claim),
                     PORT_NOT_QUICKLY); /* no room seen */
    expect_quick_claim(true, first + 1);
    for (uint32_t number = 2; number < BACKLOG; number++) {
        expect_quick_claim(false, first + number);
    }
    expect_no_quick_claim(PORT_FULL);
    expect_full();
    port_ring_complete(&ring, first);
    assert_int_equal(port_ring_claim_quickly(&ring, BACKLOG, false, &claim), PORT_NOT_QUICKLY);
    expect_quick_claim(true, first + BACKLOG);
    expect_no_quick_claim(PORT_FULL);
    expect_full();
}

/* A slot that its callback has spent is not counted twice, nor remembered. */
static void quick_way_counts_spent_slots(void **state)
{
    (void)state;
    need_barrier();
    reset(0);
    for (uint32_t ticket = 0; ticket < BACKLOG; ticket++) {
        expect_claim(ticket);
    }
    port_ring_free(&ring, 0);
    expect_claim(BACKLOG); /* the callback's */
    expect_no_quick_claim(PORT_FULL);
    port_ring_complete(&ring, 0);
    expect_no_quick_claim(PORT_FULL);
    port_ring_complete(&ring, 1);
    expect_quick_claim(true, BACKLOG + 1);
    expect_no_quick_claim(PORT_FULL);
}

static void *expect_no_quick_claim_elsewhere(void *argument)
{
    expect_no_quick_claim(PORT_NOT_QUICKLY);
    return argument;
}

static void quick_way_is_the_owners_outside_of_callbacks(void **state)
{
    (void)state;
    need_barrier();
    open_the_quick_way();
    run_in_thread(expect_no_quick_claim_elsewhere, NULL);
    expect_claim(3);
    port_ring_free(&ring, 3);
    expect_no_quick_claim(PORT_NOT_QUICKLY); /* it would not spend the slot that is kept for it */
    port_ring_complete(&ring, 3);
    expect_claim_elsewhere(4);
    expect_no_quick_claim(PORT_NOT_QUICKLY); /* the lane is gone */
}

static void mark_tells_whether_there_is_a_listener(void **state)
{
    (void)state;
    reset(UINT32_MAX);
    for (uint32_t number = 0; number < 4; number++) {
        struct port_claim claim = {0};
        struct port_mark *mark = &slot_of(UINT32_MAX + number)->mark;
        assert_true(port_ring_claim(&ring, BACKLOG, &claim));
        port_ring_publish(&ring, mark, &claim, number % 2 == 1);
        assert_true(port_ring_ready(&ring, mark, claim.ticket));
        assert_int_equal(port_mark_is_heard(mark), number % 2 == 1);
        port_ring_settle(&ring, &claim);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(quick_claim_is_one_step),
        cmocka_unit_test(quick_claim_may_go_on_as_a_call),
        cmocka_unit_test(quick_way_looks_for_room_only_if_asked_to),
        cmocka_unit_test(quick_way_counts_spent_slots),
        cmocka_unit_test(quick_way_is_the_owners_outside_of_callbacks),
        cmocka_unit_test(mark_tells_whether_there_is_a_listener),
    };
    return cmocka_run_group_tests_name("ring_quick", tests, NULL, NULL);
}
