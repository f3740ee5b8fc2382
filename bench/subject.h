/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is measured: the library, and what a program could use in its place. Each is a file behind this table;
 * the loops that call it are drive.h's, compiled into each file, so that none pays for the table.
 *
 *   open ─▶ stream | submit | latency | keep … ─▶ close
 */
#ifndef SUBJECT_H
#define SUBJECT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "places.h"

/* What a loop is told, and what it tells. */
struct loop {
    struct places *places;
    uint64_t duration; /* ticks to go on for, at least; of latency: */
    size_t span_count; /* copies to make, */
    double idle_ns;    /* the pause before each; of latency and keep: */
    uint64_t *spans;   /* room for span_count spans */
    /* out */
    uint64_t copies;
    uint64_t elapsed; /* ticks until the last copy was done */
    uint64_t inside; /* ticks of these in submit calls that were accepted; of keep: in all that is not work */
    uint64_t work;   /* units of the caller's own work done meanwhile */
    uint64_t median; /* of the spans, ticks: per copy; of keep: per unit of work */
};

struct subject {
    const char *name;  /* in the CSV */
    const char *label; /* for people */

    /* depth: copies in flight at the most. NULL: it cannot be had (told). */
    void *(*open)(unsigned depth);
    void (*close)(void *self);

    /* Keep the window full for the duration, then wait until all is copied. */
    void (*stream)(void *self, struct loop *loop);
    /* The same, with a clock around each submit. */
    void (*submit)(void *self, struct loop *loop);
    /* One copy at a time, from submit to seen completion. */
    void (*latency)(void *self, struct loop *loop);
    /* Work, and between two units of it fill the window up. */
    void (*keep)(void *self, struct loop *loop);

    /* For loops in which the table costs nothing that matters: several threads may submit. NULL: one only. */
    bool (*try_submit)(void *self, struct copy copy);
    bool (*idle)(void *self);
};

/* What no worker thread can do better: limits */
extern const struct subject subject_bare;
extern const struct subject subject_memcpy_there; /* the C library's, on the workers' CPU */

/* The library, on its worker thread */
extern const struct subject subject_ours;     /* no callback; the caller polls */
extern const struct subject subject_waiting;  /* the same; the caller waits */
extern const struct subject subject_timed;    /* esp_async_memcpy_timed() waits while the window is full */
extern const struct subject subject_callback; /* a callback per copy, which counts */
extern const struct subject subject_blocking; /* esp_memcpy_blocking(): the caller may help */
extern const struct subject *const subject_batch; /* in batches; NULL: the library has none yet */
extern const struct subject
    *const subject_soon; /* with the hint that the destination is read soon; or NULL */

/* The library on DPDK's software device; NULL: it has no engine for that yet */
extern const struct subject *const subject_device;

/* What else there is */
extern const struct subject subject_memcpy; /* the C library's, on the spot */
extern const struct subject subject_worker; /* a thread with a queue under a mutex; waits while it is full */
extern const struct subject subject_worker_polled; /* the same; tries again while it is full */
extern const struct subject subject_flagged;       /* DPDK's software device, a doorbell per copy */
extern const struct subject subject_batched;       /* the same, a doorbell per quarter of the window */
extern const struct subject subject_eager;         /* the same, a doorbell for what there is room for */

#endif
