/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One measurement each: open the subject, warm it up, measure, verify what was copied, close it. Values go to
 * samples.h, under the name of the figure. A wrong copy ends the program.
 */
#ifndef MEASURE_H
#define MEASURE_H

#include "subject.h"

struct point {
    size_t size;
    unsigned depth; /* copies in flight */
    bool cold;
};

/*
 * Where other programs took the CPU from a measurement for more than a hundredth of its time, it is made
 * again, until so many seconds have gone into that; then the least disturbed one counts.
 */
void measure_set_patience(double seconds);

/* Measurements made, and among them those that counted though they were disturbed. */
unsigned measure_count(void);
unsigned measure_disturbed(void);

/* GB/s, bytes counted once: "hot" or "cold". */
void measure_stream(const struct subject *subject, struct point point);

/* ns per copy that the caller spends in submit calls: "submit". */
void measure_submit(const struct subject *subject, struct point point);

/* ns from submit to seen completion, median of a round: "awake"; after 2 ms without work: "idle". */
void measure_latency(const struct subject *subject, size_t size);
void measure_idle_latency(const struct subject *subject, size_t size);

/* The part of its own work that the caller gets done beside copies: "kept"; these in GB/s: "kept_rate". */
void measure_kept(const struct subject *subject, struct point point);

enum { MEASURE_MAX_THREADS = 8 };

/* GB/s of so many threads that submit as fast as they can, yielding their CPU while the window is full:
 * "threads"; the most copies of a thread by the least: "shares". */
void measure_threads(const struct subject *subject, struct point point, unsigned count);

/* CPUs used while there is nothing to copy, from 10 ms after the last copy on: "rest". */
void measure_rest(const struct subject *subject);

/* Open a subject and pin its threads. */
void *measure_open(const struct subject *subject, unsigned depth);

#endif
