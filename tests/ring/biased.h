/* SPDX-License-Identifier: Apache-2.0 */
/* A ring of hosts with its slots, for the tests of the ring alone. */
#ifndef BIASED_H
#define BIASED_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "port.h"

#define SLOTS   16
#define BACKLOG 11

struct slot {
    uint32_t thread;
    uint32_t number;
    struct port_mark mark;
};

extern struct port_ring ring;
extern struct slot slots[SLOTS];

/* How often: quick if ASYNC_MEMCPY_TEST says so, else in full. */
unsigned rounds_of(unsigned full, unsigned quick);

/* An empty ring whose first ticket is this one. */
void reset(uint32_t first);

/* A ticket in the quick way, if it may be and there is one, or in another; as the driver does. */
struct any_claim {
    struct port_claim claim;
    bool quick;
};

static inline bool claim_any(uint32_t backlog, bool quick, struct any_claim *any)
{
    bool looks = port_ring_accepted(&ring) / 2 % 2 == 0;
    any->quick = quick && port_ring_claim_quickly(&ring, backlog, looks, &any->claim) == PORT_CLAIMED;
    return any->quick || port_ring_claim(&ring, backlog, &any->claim);
}

static inline void settle_any(const struct any_claim *any)
{
    if (any->quick) {
        port_ring_settle_quickly(&ring, &any->claim);
    } else {
        port_ring_settle(&ring, &any->claim);
    }
}

static inline struct slot *slot_of(uint32_t ticket)
{
    return &slots[ticket % SLOTS];
}

/* ---- Claims, one step after the other ---- */

bool lane_is_open(void);
bool is_owner(void);

/* One whole claim, in and out; false: none was to be had. */
bool claim_one(uint32_t *ticket);

void expect_claim(uint32_t expected);
void expect_full(void);

void run_in_thread(void *(*function)(void *argument), void *argument);

/* A thread's function: its ticket, or UINT32_MAX, in the uint32_t that the argument points to. */
void *claim_elsewhere(void *ticket);

/* Another thread, which exists no more afterwards, gets this ticket. */
void expect_claim_elsewhere(uint32_t expected);

/* Skips the test where there is no lane. */
void need_barrier(void);

#endif
