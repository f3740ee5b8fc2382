/* SPDX-License-Identifier: Apache-2.0 */
#include "biased.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

struct port_ring ring;
struct slot slots[SLOTS];

unsigned rounds_of(unsigned full, unsigned quick)
{
    const char *test = getenv("ASYNC_MEMCPY_TEST");
    return test != NULL && strcmp(test, "quick") == 0 ? quick : full;
}

void reset(uint32_t first)
{
    memset(&ring, 0, sizeof ring);
    memset(slots, 0, sizeof slots);
    for (uint32_t ticket = first; ticket != first + SLOTS; ticket++) {
        slots[ticket % SLOTS].mark.next = ticket + 1 - SLOTS; /* as the round before left it */
    }
    ring.gate = first * RING_TICKET;
    ring.gate_seen = first;
    ring.over = first * RING_TICKET;
    ring.ended = first;
}

bool lane_is_open(void)
{
    return (ring.gate & RING_LANE) != 0;
}

bool is_owner(void)
{
    return ring.owner - port_thread() < RING_OPENINGS;
}

bool claim_one(uint32_t *ticket)
{
    struct any_claim any;
    if (!claim_any(BACKLOG, port_ring_accepted(&ring) % 2 == 0, &any)) {
        return false;
    }
    *ticket = any.claim.ticket;
    port_ring_publish(&ring, &slot_of(*ticket)->mark, &any.claim, false);
    settle_any(&any);
    return true;
}

void expect_claim(uint32_t expected)
{
    uint32_t ticket = 0;
    assert_true(claim_one(&ticket));
    assert_int_equal(ticket, expected);
    assert_int_equal(port_ring_accepted(&ring), (uint32_t)(expected + 1));
    assert_true(port_ring_ready(&ring, &slot_of(ticket)->mark, ticket));
}

void expect_full(void)
{
    uint32_t ticket;
    uint32_t before = port_ring_accepted(&ring);
    assert_false(claim_one(&ticket));
    assert_int_equal(port_ring_accepted(&ring), before);
    assert_int_equal(port_ring_calls(&ring), 0);
}

void run_in_thread(void *(*function)(void *argument), void *argument)
{
    pthread_t thread;
    assert_int_equal(pthread_create(&thread, NULL, function, argument), 0);
    assert_int_equal(pthread_join(thread, NULL), 0);
}

void *claim_elsewhere(void *argument)
{
    uint32_t *ticket = argument;
    *ticket = claim_one(ticket) ? *ticket : UINT32_MAX;
    return NULL;
}

void expect_claim_elsewhere(uint32_t expected)
{
    uint32_t ticket;
    run_in_thread(claim_elsewhere, &ticket);
    assert_int_equal(ticket, expected);
    assert_int_equal(port_ring_accepted(&ring), (uint32_t)(expected + 1));
}

void need_barrier(void)
{
    if (!port_has_barrier) {
        print_message("the system refuses membarrier(): there is no lane\n");
        skip();
    }
}
