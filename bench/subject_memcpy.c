/* SPDX-License-Identifier: Apache-2.0 */
/* The C library's memcpy, called on the spot. */
#include <string.h>

#include "cpus.h"
#include "drive.h"

static int nobody;

static void *memcpy_open(unsigned depth)
{
    (void)depth;
    return &nobody;
}

static void memcpy_close(void *self)
{
    (void)self;
}

static inline bool memcpy_submit(void *self, struct copy copy)
{
    (void)self;
    memcpy(copy.dst, copy.src, copy.n);
    return true;
}

static inline void memcpy_nothing(void *self)
{
    (void)self;
}

static inline bool memcpy_idle(void *self)
{
    (void)self;
    return true;
}

static const struct drive memcpy_drive = {memcpy_submit, memcpy_nothing, memcpy_nothing, memcpy_idle};

static void memcpy_stream(void *self, struct loop *loop)
{
    drive_stream(&memcpy_drive, self, loop);
}

/* Two CPUs need not copy at the same pace, in a virtual machine least of all. */
static void there_stream(void *self, struct loop *loop)
{
    cpus_pin_worker();
    memcpy_stream(self, loop);
    cpus_pin_caller();
}

/* Too short for a clock around each; after a pause, where each begins from cold, there is no other way. */
static void memcpy_latency(void *self, struct loop *loop)
{
    if (loop->idle_ns > 0) {
        drive_latency(&memcpy_drive, self, loop);
        return;
    }
    uint64_t begin = ticks();
    do {
        memcpy_submit(self, places_next(loop->places));
    } while (++loop->copies < loop->span_count);
    loop->median = (ticks() - begin) / loop->copies;
}

const struct subject subject_memcpy = {
    .name = "memcpy",
    .label = "memcpy by the caller",
    .open = memcpy_open,
    .close = memcpy_close,
    .stream = memcpy_stream,
    .latency = memcpy_latency,
};

const struct subject subject_memcpy_there = {
    .name = "memcpy_there",
    .label = "memcpy on the worker's CPU (limit)",
    .open = memcpy_open,
    .close = memcpy_close,
    .stream = there_stream,
};
