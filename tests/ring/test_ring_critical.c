/* SPDX-License-Identifier: Apache-2.0 */
/* The ring of one-core ports: the critical section of a claim; a batch, and who comes while it is half
 * written. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

static unsigned masked; /* how deep */

static unsigned port_irq_mask(void)
{
    return masked++;
}

static void port_irq_unmask(unsigned state)
{
    masked = state;
}

#include "port/ring_critical.h"

#define BACKLOG 6

static struct port_ring ring;
static struct port_mark mark;
static struct port_batch batch;

/* Write the next slots of the open batch, so many at the most; how many there were. */
static unsigned write_slots(struct port_batch *of, unsigned most)
{
    struct port_claim claim;
    unsigned written = 0;
    while (written < most && port_ring_next(&ring, of, &claim)) {
        assert_int_equal(masked, 1); /* from here to step */
        assert_int_equal(claim.ticket, ring.accepted);
        port_ring_publish(&ring, &mark, &claim, false);
        port_ring_step(&ring, &claim);
        assert_int_equal(masked, 0);
        written++;
    }
    assert_int_equal(masked, 0);
    return written;
}

static bool writer(void *owner, struct port_batch *of)
{
    assert_ptr_equal(owner, &ring);
    return write_slots(of, 9) != 0;
}

/* The open batch, if there is one, which brings its writer. */
static struct port_batch *open_batch(void)
{
    port_batch_writer write = NULL;
    struct port_batch *open = port_ring_open_batch(&ring, &write);
    assert_true(write == (open != NULL ? writer : NULL));
    return open;
}

/* A batch of three, of which so many are written. */
static void begin_batch(unsigned written)
{
    ring = (struct port_ring){.accepted = UINT32_MAX - 1, .freed = UINT32_MAX - 1};
    assert_true(port_ring_claim_batch(&ring, BACKLOG, 3, &batch, writer));
    assert_int_equal(masked, 0);
    assert_int_equal(batch.first, UINT32_MAX - 1);
    assert_int_equal(write_slots(&batch, written), written);
}

static bool claim_and_publish(void)
{
    struct port_claim claim;
    bool claimed = port_ring_claim(&ring, BACKLOG, &claim);
    if (claimed) {
        port_ring_publish(&ring, &mark, &claim, false);
        port_ring_settle(&ring, &claim);
    }
    assert_int_equal(masked, 0);
    return claimed;
}

/* From the claim on, until it is settled, or the call goes on: only then it counts as a call. */
static void claim_is_one_critical_section(void **state)
{
    (void)state;
    struct port_claim claim;
    ring = (struct port_ring){.accepted = UINT32_MAX, .freed = UINT32_MAX};
    for (unsigned round = 0; round < 4; round++) {
        assert_true(port_ring_claim(&ring, BACKLOG, &claim));
        port_ring_publish(&ring, &mark, &claim, false);
        assert_int_equal(masked, 1);
        if (round % 2 == 0) {
            port_ring_settle(&ring, &claim);
        } else {
            port_ring_go_on(&ring, &claim);
        }
        assert_int_equal(masked, 0);
        assert_int_equal(port_ring_calls(&ring), round % 2);
        if (round % 2 != 0) {
            port_ring_leave(&ring);
        }
        assert_int_equal(port_ring_calls(&ring), 0);
        assert_int_equal(port_ring_accepted(&ring), round);
    }
}

static void copy_is_taken_at_once_if_all_before_it_are(void **state)
{
    (void)state;
    struct port_claim claim;
    uint32_t taken = UINT32_MAX;
    ring = (struct port_ring){.accepted = UINT32_MAX, .freed = UINT32_MAX};
    for (unsigned round = 0; round < 3; round++) {
        assert_true(port_ring_claim(&ring, BACKLOG, &claim));
        port_ring_publish(&ring, &mark, &claim, false);
        assert_int_equal(port_ring_take_now(&ring, &claim, &taken), round != 2);
        port_ring_settle(&ring, &claim);
        assert_int_equal(taken, round != 2 ? round : 0);
        taken -= round == 1; /* put back */
    }
}

/* One core: who waits is told of each copy. */
static void copy_that_ends_later_has_ended(void **state)
{
    (void)state;
    ring = (struct port_ring){.accepted = 1, .freed = UINT32_MAX - 1};
    for (uint32_t ticket = UINT32_MAX - 1; ticket != 1; ticket++) {
        assert_int_equal(port_ring_oldest(&ring), ticket);
        port_ring_complete_later(&ring);
        assert_int_equal(port_ring_completed(&ring), (uint32_t)(ticket + 1));
        assert_true(port_ring_tell(&ring));
    }
}

static void slots_of_a_batch_are_written_one_at_a_time(void **state)
{
    (void)state;
    begin_batch(0);
    for (uint32_t ticket = UINT32_MAX - 1; ticket != 1; ticket++) {
        assert_false(port_ring_ready(&ring, &mark, ticket));
        assert_int_equal(write_slots(&batch, 1), 1);
        assert_true(port_ring_ready(&ring, &mark, ticket));
    }
    assert_int_equal(write_slots(&batch, 1), 0);
    assert_null(open_batch());
    assert_int_equal(ring.accepted, 1);
    assert_int_equal(port_ring_calls(&ring), 1);
    port_ring_leave(&ring);
    assert_int_equal(port_ring_calls(&ring), 0);
}

static void who_comes_meanwhile_writes_the_rest_first(void **state)
{
    (void)state;
    for (unsigned written = 0; written <= 3; written++) {
        begin_batch(written);
        assert_false(claim_and_publish());
        assert_ptr_equal(open_batch(), &batch);
        assert_int_equal(write_slots(open_batch(), 9), 3 - written);
        assert_true(claim_and_publish());
        assert_int_equal(ring.accepted, 2);
        assert_int_equal(write_slots(&batch, 9), 0); /* its submitter goes on, and finds nothing to do */
        assert_int_equal(ring.accepted, 2);
        assert_int_equal(port_ring_calls(&ring), 1); /* the batch's */
    }
}

static void second_batch_waits_for_the_first(void **state)
{
    (void)state;
    struct port_batch second = {0};
    begin_batch(1);
    assert_false(port_ring_claim_batch(&ring, BACKLOG, 3, &second, writer));
    assert_int_equal(write_slots(open_batch(), 9), 2);
    assert_true(port_ring_claim_batch(&ring, BACKLOG, 3, &second, writer));
    assert_int_equal(second.first, 1);
    assert_int_equal(write_slots(&batch, 9), 0); /* nor does the first write slots of the second */
    assert_int_equal(write_slots(&second, 9), 3);
    assert_false(claim_and_publish()); /* full */
    assert_null(open_batch());
}

static void batch_fits_whole_or_not_at_all(void **state)
{
    (void)state;
    for (uint32_t used = 0; used <= BACKLOG; used++) {
        for (uint32_t count = 1; count <= BACKLOG; count++) {
            ring = (struct port_ring){.accepted = used - 3, .freed = (uint32_t)-3};
            bool fits = port_ring_claim_batch(&ring, BACKLOG, count, &batch, writer);
            assert_int_equal(masked, 0);
            assert_int_equal(fits, used + count <= BACKLOG);
            assert_int_equal(port_ring_accepted(&ring), fits ? used + count - 3 : used - 3);
            assert_int_equal(port_ring_calls(&ring), fits);
            assert_true((open_batch() == &batch) == fits);
        }
    }
}

/* A task that uninstalls while one of lower priority is half-way through a batch. */
static void batch_in_a_closing_ring_is_written_and_waited_for(void **state)
{
    (void)state;
    begin_batch(1);
    assert_true(port_ring_close(&ring));
    assert_false(port_ring_close(&ring));
    assert_int_equal(port_ring_accepted(&ring), 1); /* all of the batch */
    assert_false(port_ring_enter(&ring));
    assert_true(port_ring_refuses(&ring));
    assert_int_equal(port_ring_calls(&ring), 1); /* the batch is inside */
    assert_int_equal(write_slots(&batch, 9), 2);
    assert_int_equal(port_ring_accepted(&ring), 1);
    assert_false(claim_and_publish());
    assert_null(open_batch());
    assert_false(port_ring_claim_batch(&ring, BACKLOG, 1, &batch, writer));
}

static void batch_in_a_ring_being_reserved_is_written(void **state)
{
    (void)state;
    begin_batch(2);
    assert_true(port_ring_reserve(&ring));
    assert_int_equal(port_ring_accepted(&ring), 1);
    assert_true(port_ring_enter(&ring));
    port_ring_leave(&ring);
    assert_false(claim_and_publish());
    assert_int_equal(write_slots(open_batch(), 9), 1);
    assert_false(claim_and_publish());
    assert_false(port_ring_reserve(&ring));
    port_ring_release(&ring);
    assert_true(claim_and_publish());
    port_ring_free(&ring, 1);
    assert_int_equal(port_ring_accepted(&ring), 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(claim_is_one_critical_section),
        cmocka_unit_test(copy_is_taken_at_once_if_all_before_it_are),
        cmocka_unit_test(copy_that_ends_later_has_ended),
        cmocka_unit_test(slots_of_a_batch_are_written_one_at_a_time),
        cmocka_unit_test(who_comes_meanwhile_writes_the_rest_first),
        cmocka_unit_test(second_batch_waits_for_the_first),
        cmocka_unit_test(batch_fits_whole_or_not_at_all),
        cmocka_unit_test(batch_in_a_closing_ring_is_written_and_waited_for),
        cmocka_unit_test(batch_in_a_ring_being_reserved_is_written),
    };
    return cmocka_run_group_tests_name("ring_critical", tests, NULL, NULL);
}
