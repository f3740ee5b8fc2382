/* SPDX-License-Identifier: Apache-2.0 */
#include "clock.h"

#include <stdlib.h>
#include <time.h>

#define CALIBRATION_NS 50e6
#define READINGS       1001

static double ns_per_tick = 1;
static uint64_t reading;

static double system_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e9 + (double)now.tv_nsec;
}

static int by_value(const void *a, const void *b)
{
    const uint64_t *x = a, *y = b;
    return *x < *y ? -1 : *x > *y;
}

uint64_t clock_median(uint64_t *spans, size_t count)
{
    qsort(spans, count, sizeof spans[0], by_value);
    return spans[count / 2];
}

static uint64_t measure_reading(void)
{
    uint64_t spans[READINGS];
    for (int i = 0; i < READINGS; i++) {
        uint64_t begin = ticks();
        spans[i] = ticks() - begin;
    }
    return clock_median(spans, READINGS);
}

void clock_calibrate(void)
{
    double begin = system_ns();
    uint64_t first = ticks();
    double now;
    do {
        now = system_ns();
    } while (now - begin < CALIBRATION_NS);
    ns_per_tick = (now - begin) / (double)(ticks() - first);
    reading = measure_reading();
}

double clock_ns(uint64_t count)
{
    return (double)count * ns_per_tick;
}

uint64_t clock_ticks(double ns)
{
    return (uint64_t)(ns / ns_per_tick);
}

uint64_t clock_reading(void)
{
    return reading;
}

void clock_spin(double ns)
{
    uint64_t end = ticks() + clock_ticks(ns);
    while (ticks() < end) {
        relax();
    }
}
