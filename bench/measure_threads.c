/* SPDX-License-Identifier: Apache-2.0 */
/* Several threads that submit to one subject, and none: what a subject uses when nothing is to be copied. */
#include "measure.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "clock.h"
#include "cpus.h"
#include "samples.h"

#define THREADS_NS 480e6 /* with eight on one CPU, some twenty turns each */
#define SETTLE_NS  10e6
#define REST_NS    150e6

struct submitter {
    const struct subject *subject;
    void *self;
    struct places places;
    pthread_t thread;
    uint64_t copies; /* accepted before the end */
};

static _Atomic bool go, end;

static void *submit(void *argument)
{
    struct submitter *submitter = argument;
    cpus_pin_submitter();
    while (!atomic_load(&go)) {
        sched_yield();
    }
    while (!atomic_load_explicit(&end, memory_order_relaxed)) {
        struct copy copy = places_next(&submitter->places);
        while (!submitter->subject->try_submit(submitter->self, copy)) {
            sched_yield(); /* another thread's turn */
        }
        submitter->copies++;
    }
    return NULL;
}

static void sleep_ns(double ns)
{
    struct timespec span = {(time_t)(ns / 1e9), (long)ns % 1000000000};
    nanosleep(&span, NULL);
}

static void begin(struct submitter *submitters, unsigned count, const struct subject *subject, void *self,
                  struct point point)
{
    /* The same memory in all, however many threads share it: else the caches would make the difference. */
    struct places places = places_hot(point.size, point.depth * MEASURE_MAX_THREADS / count);
    atomic_store(&go, false);
    atomic_store(&end, false);
    for (unsigned i = 0; i < count; i++) {
        submitters[i] = (struct submitter){.subject = subject, .self = self, .places = places};
        places_check_from(&submitters[i].places);
        places_skip(&places);
        if (pthread_create(&submitters[i].thread, NULL, submit, &submitters[i]) != 0) {
            fprintf(stderr, "bench: no thread can be created\n");
            exit(EXIT_FAILURE);
        }
    }
}

static void finish(struct submitter *submitters, unsigned count)
{
    atomic_store(&end, true);
    for (unsigned i = 0; i < count; i++) {
        pthread_join(submitters[i].thread, NULL);
    }
    while (!submitters[0].subject->idle(submitters[0].self)) {
        relax();
    }
}

static void report(const struct submitter *submitters, unsigned count, struct point point, double ns)
{
    uint64_t sum = 0, least = UINT64_MAX, most = 0;
    for (unsigned i = 0; i < count; i++) {
        if (!places_check(&submitters[i].places)) {
            fprintf(stderr, "bench: wrong copies of thread %u\n", i);
            exit(EXIT_FAILURE);
        }
        uint64_t copies = submitters[i].copies;
        sum += copies;
        least = copies < least ? copies : least;
        most = copies > most ? copies : most;
    }
    const char *name = submitters[0].subject->name;
    samples_add("threads", name, point.size, count, (double)sum * (double)point.size / ns);
    samples_add("shares", name, point.size, count, (double)most / (double)(least > 0 ? least : 1));
}

void measure_threads(const struct subject *subject, struct point point, unsigned count)
{
    struct submitter submitters[MEASURE_MAX_THREADS];
    void *self = measure_open(subject, point.depth);
    begin(submitters, count, subject, self, point);
    uint64_t from = ticks();
    atomic_store(&go, true);
    sleep_ns(THREADS_NS);
    finish(submitters, count);
    double ns = clock_ns(ticks() - from);
    subject->close(self);
    report(submitters, count, point, ns);
}

static double cpu_ns(clockid_t clock)
{
    struct timespec used;
    clock_gettime(clock, &used);
    return (double)used.tv_sec * 1e9 + (double)used.tv_nsec;
}

/* Of all threads but the caller, who sleeps. */
static double others_cpu_ns(void)
{
    return cpu_ns(CLOCK_PROCESS_CPUTIME_ID) - cpu_ns(CLOCK_THREAD_CPUTIME_ID);
}

void measure_rest(const struct subject *subject)
{
    struct places places = places_hot(4096, 64);
    void *self = measure_open(subject, 64);
    struct loop loop = {.places = &places, .duration = clock_ticks(1e6)};
    subject->stream(self, &loop);
    sleep_ns(SETTLE_NS);
    double before = others_cpu_ns();
    uint64_t from = ticks();
    sleep_ns(REST_NS);
    double used = (others_cpu_ns() - before) / clock_ns(ticks() - from);
    subject->close(self);
    samples_add("rest", subject->name, 0, 0,
                used > 0 ? used : 0); /* two clocks are read one after the other */
}
