/* SPDX-License-Identifier: Apache-2.0 */
#include "work.h"

#include "clock.h"

enum { STEPS = 1000, UNITS = 1001 };

static volatile uint64_t result;

void work_unit(void)
{
    uint64_t x = result | 1;
    for (int i = 0; i < STEPS; i++) {
        x ^= x << 13;
        x ^= x >> 7;
        x ^= x << 17;
    }
    result = x;
}

uint64_t work_ticks(void)
{
    uint64_t spans[UNITS];
    uint64_t before = ticks();
    for (int i = 0; i < UNITS; i++) {
        work_unit();
        uint64_t now = ticks();
        spans[i] = now - before;
        before = now;
    }
    return clock_median(spans, UNITS);
}
