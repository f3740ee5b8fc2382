/* SPDX-License-Identifier: Apache-2.0 */
#include "biased.h"

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
}
