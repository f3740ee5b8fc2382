/* SPDX-License-Identifier: Apache-2.0 */
#include "limits.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

#include "clock.h"
#include "cpus.h"
#include "places.h"
#include "samples.h"
#include "streaming.h"

#define COPY_NS 12e6

enum { ROUND_TRIPS = 5001 };

static void start(pthread_t *thread, void *(*function)(void *argument), void *argument)
{
    if (pthread_create(thread, NULL, function, argument) != 0) {
        fprintf(stderr, "bench: no thread can be created\n");
        exit(EXIT_FAILURE);
    }
}

/* ---- A line between two CPUs ---- */

/* There and back: in one line, or each way in a line of its own, as work goes to another thread. */
struct table {
    _Alignas(128) _Atomic unsigned there;
    _Alignas(128) _Atomic unsigned apart;
    _Atomic unsigned *back;
};

static uint64_t spans[ROUND_TRIPS];

static void *answer(void *argument)
{
    struct table *table = argument;
    cpus_pin_worker();
    for (unsigned i = 0; i < ROUND_TRIPS; i++) {
        while (atomic_load_explicit(&table->there, memory_order_acquire) != 2 * i + 1) {
        }
        atomic_store_explicit(table->back, 2 * i + 2, memory_order_release);
    }
    return NULL;
}

static void pingpong(struct table *table, const char *name)
{
    pthread_t other;
    start(&other, answer, table);
    for (unsigned i = 0; i < ROUND_TRIPS; i++) {
        uint64_t begin = ticks();
        atomic_store_explicit(&table->there, 2 * i + 1, memory_order_release);
        while (atomic_load_explicit(table->back, memory_order_acquire) != 2 * i + 2) {
        }
        spans[i] = ticks() - begin;
    }
    pthread_join(other, NULL);
    double round_trip = clock_ns(clock_median(spans, ROUND_TRIPS) - clock_reading());
    samples_add("pingpong", name, 64, 1, round_trip / 2);
}

void limits_pingpong(void)
{
    struct table one = {.back = &one.there};
    struct table two = {.back = &two.apart};
    pingpong(&one, "limit");
    pingpong(&two, "two_lines");
}

/* ---- Copies past the cache ---- */

struct stream {
    const struct streaming *kernel;
    struct places places;
    double rate; /* GB/s */
};

static _Atomic unsigned ready; /* threads that stand at the line */

static void run(struct stream *stream, unsigned threads)
{
    atomic_fetch_add(&ready, 1);
    while (atomic_load(&ready) < threads) {
        relax();
    }
    uint64_t begin = ticks(), duration = clock_ticks(COPY_NS), elapsed, bytes = 0;
    do {
        struct copy copy = places_next(&stream->places);
        stream->kernel->copy(copy.dst, copy.src, copy.n);
        bytes += copy.n;
        elapsed = ticks() - begin;
    } while (elapsed < duration);
    stream->rate = (double)bytes / clock_ns(elapsed);
}

static void *run_other(void *stream)
{
    cpus_pin_worker();
    run(stream, 2);
    return NULL;
}

static void check(const struct stream *stream)
{
    if (!places_check(&stream->places)) {
        fprintf(stderr, "bench: %s copies wrongly\n", stream->kernel->name);
        exit(EXIT_FAILURE);
    }
}

static void one_thread(const struct streaming *kernel, size_t n)
{
    struct stream stream = {.kernel = kernel, .places = places_cold(n)};
    places_check_from(&stream.places);
    atomic_store(&ready, 0);
    run(&stream, 1);
    check(&stream);
    places_leave(&stream.places);
    samples_add("limit_1", kernel->name, n, 1, stream.rate);
}

static void two_threads(const struct streaming *kernel, size_t n)
{
    struct stream mine = {.kernel = kernel, .places = places_cold(n)};
    places_check_from(&mine.places);
    struct stream other = mine;
    places_skip(&other.places);
    pthread_t thread;
    atomic_store(&ready, 0);
    start(&thread, run_other, &other);
    run(&mine, 2);
    pthread_join(thread, NULL);
    check(&mine);
    check(&other);
    places_leave(&mine.places);
    samples_add("limit_2", kernel->name, n, 2, mine.rate + other.rate);
}

void limits_copy(size_t n)
{
    for (const struct streaming *kernel = streaming; kernel->name != NULL; kernel++) {
        if (kernel->usable()) {
            one_thread(kernel, n);
            two_threads(kernel, n);
        }
    }
}

const struct series *limits_best(const char *figure, size_t n)
{
    const struct series *best = NULL;
    unsigned threads = figure[sizeof "limit_" - 1] == '2' ? 2 : 1;
    for (const struct streaming *kernel = streaming; kernel->name != NULL; kernel++) {
        const struct series *series = samples_find(figure, kernel->name, n, threads);
        if (series != NULL && (best == NULL || samples_median(series) > samples_median(best))) {
            best = series;
        }
    }
    return best;
}
