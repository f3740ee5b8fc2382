/* SPDX-License-Identifier: Apache-2.0 */
#include "measure.h"

#include <stdio.h>
#include <stdlib.h>

#include "clock.h"
#include "cpus.h"
#include "samples.h"
#include "work.h"

#define WARM_NS   1e6
#define HOT_NS    6e6
#define COLD_NS   16e6
#define KEPT_NS   20e6
#define IDLE_NS   2e6
#define DISTURBED 0.01

enum { AWAKE_SPANS = 1001, IDLE_SPANS = 9, KEPT_SPANS = 20000 };

void *measure_open(const struct subject *subject, unsigned depth)
{
    cpus_note_threads();
    cpus_unpin();
    void *self = subject->open(depth);
    if (self == NULL) {
        fprintf(stderr, "bench: %s: cannot be opened\n", subject->name);
        exit(EXIT_FAILURE);
    }
    cpus_pin_new_threads();
    cpus_pin_caller();
    return self;
}

static struct places walk(struct point point)
{
    return point.cold ? places_cold(point.size) : places_hot(point.size, point.depth);
}

static void verify(const struct subject *subject, const struct places *places)
{
    if (!places_check(places)) {
        fprintf(stderr, "bench: %s: wrong copies of %zu bytes, %s\n", subject->name, places->n,
                places->cold ? "cold" : "hot");
        exit(EXIT_FAILURE);
    }
    places_leave(places);
}

/* ---- Once, or again ---- */

struct attempt {
    const struct subject *subject;
    void (*function)(void *self, struct loop *loop);
    struct point point;
    struct loop loop;
    double disturbed; /* the part of its time for which its threads had to wait for a CPU */
};

static double patience_ns;
static unsigned counted, counted_disturbed;

void measure_set_patience(double seconds)
{
    patience_ns = seconds * 1e9;
}

unsigned measure_count(void)
{
    return counted;
}

unsigned measure_disturbed(void)
{
    return counted_disturbed;
}

static void once(struct attempt *attempt)
{
    struct places places = walk(attempt->point);
    void *self = measure_open(attempt->subject, attempt->point.depth);
    struct loop warm = {.places = &places, .duration = clock_ticks(WARM_NS)};
    attempt->subject->stream(self, &warm);
    places_check_from(&places);
    attempt->loop.places = &places;
    double waited = cpus_waited_ns();
    uint64_t begin = ticks();
    attempt->function(self, &attempt->loop);
    double span = clock_ns(ticks() - begin);
    attempt->disturbed = (cpus_waited_ns() - waited) / span;
    attempt->subject->close(self);
    verify(attempt->subject, &places);
}

/* An undisturbed attempt, or the least disturbed one. */
static struct loop run(struct attempt wanted)
{
    struct attempt best = wanted;
    once(&best);
    while (best.disturbed > DISTURBED && patience_ns > 0) {
        uint64_t begin = ticks();
        struct attempt again = wanted;
        once(&again);
        if (again.disturbed < best.disturbed) {
            best = again;
        }
        patience_ns -= clock_ns(ticks() - begin);
    }
    counted++;
    counted_disturbed += best.disturbed > DISTURBED;
    return best.loop;
}

static double rate(const struct loop *loop, size_t size)
{
    return (double)loop->copies * (double)size / clock_ns(loop->elapsed);
}

void measure_stream(const struct subject *subject, struct point point)
{
    struct loop loop = run((struct attempt){.subject = subject,
                                            .function = subject->stream,
                                            .point = point,
                                            .loop.duration = clock_ticks(point.cold ? COLD_NS : HOT_NS)});
    samples_add(point.cold ? "cold" : "hot", subject->name, point.size, point.depth, rate(&loop, point.size));
}

void measure_submit(const struct subject *subject, struct point point)
{
    struct loop loop = run((struct attempt){.subject = subject,
                                            .function = subject->submit,
                                            .point = point,
                                            .loop.duration = clock_ticks(HOT_NS)});
    samples_add("submit", subject->name, point.size, point.depth,
                clock_ns(loop.inside) / (double)loop.copies);
}

static double latency(const struct subject *subject, size_t size, size_t spans, double idle_ns)
{
    static uint64_t all[AWAKE_SPANS];
    struct loop loop = run((struct attempt){.subject = subject,
                                            .function = subject->latency,
                                            .point = {size, 1, false},
                                            .loop = {.spans = all, .span_count = spans, .idle_ns = idle_ns}});
    return clock_ns(loop.median);
}

void measure_latency(const struct subject *subject, size_t size)
{
    samples_add("awake", subject->name, size, 1, latency(subject, size, AWAKE_SPANS, 0));
}

void measure_idle_latency(const struct subject *subject, size_t size)
{
    samples_add("idle", subject->name, size, 1, latency(subject, size, IDLE_SPANS, IDLE_NS));
}

/*
 * Units are counted at their median time, alone and beside copies: an interruption by the system, which only
 * the longer of two measurements would see, is not the subject's.
 */
void measure_kept(const struct subject *subject, struct point point)
{
    static uint64_t spans[KEPT_SPANS];
    double alone = (double)work_ticks();
    struct loop loop = run((struct attempt){
        .subject = subject,
        .function = subject->keep,
        .point = point,
        .loop = {.duration = clock_ticks(KEPT_NS), .spans = spans, .span_count = KEPT_SPANS}});
    double units = (double)loop.work;
    samples_add("kept", subject->name, point.size, point.depth,
                units * alone / (units * (double)loop.median + (double)loop.inside));
    samples_add("kept_rate", subject->name, point.size, point.depth, rate(&loop, point.size));
}
