/* SPDX-License-Identifier: Apache-2.0 */
#include "limits.h"

#include <pthread.h>
#include <stdatomic.h>

#include "clock.h"
#include "cpus.h"
#include "samples.h"

enum { ROUND_TRIPS = 5001 };

static _Alignas(128) _Atomic unsigned ball;

static uint64_t spans[ROUND_TRIPS];

static void *answer(void *unused)
{
    (void)unused;
    cpus_pin_worker();
    for (unsigned i = 0; i < ROUND_TRIPS; i++) {
        while (atomic_load_explicit(&ball, memory_order_acquire) != 2 * i + 1) {
        }
        atomic_store_explicit(&ball, 2 * i + 2, memory_order_release);
    }
    return NULL;
}

void limits_pingpong(void)
{
    pthread_t other;
    atomic_store(&ball, 0);
    pthread_create(&other, NULL, answer, NULL);
    for (unsigned i = 0; i < ROUND_TRIPS; i++) {
        uint64_t begin = ticks();
        atomic_store_explicit(&ball, 2 * i + 1, memory_order_release);
        while (atomic_load_explicit(&ball, memory_order_acquire) != 2 * i + 2) {
        }
        spans[i] = ticks() - begin;
    }
    pthread_join(other, NULL);
    double round_trip = clock_ns(clock_median(spans, ROUND_TRIPS) - clock_reading());
    samples_add("limit", "pingpong", 0, 0, round_trip / 2);
}
