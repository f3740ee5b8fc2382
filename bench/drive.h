/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The loops that measure, one text for all subjects. A subject names its four inline functions in a constant
 * struct drive, and the compiler makes loops of its own for it: DRIVE() at the end of its file.
 */
#ifndef DRIVE_H
#define DRIVE_H

#include "clock.h"
#include "subject.h"
#include "work.h"

struct drive {
    bool (*submit)(void *self, struct copy copy); /* false: the window is full */
    void (*poll)(void *self);                     /* look for completions, where a program has to */
    void (*flush)(void *self);                    /* have the rest of a batch begin */
    bool (*idle)(void *self);                     /* has everything submitted completed? */
};

#define DRIVE_INLINE static inline __attribute__((always_inline))

enum { DRIVE_CHUNK = 64 }; /* copies between two looks at the clock */

DRIVE_INLINE void drive_one(const struct drive *drive, void *self, struct copy copy)
{
    while (!drive->submit(self, copy)) {
        relax();
        drive->poll(self);
    }
}

DRIVE_INLINE void drive_drain(const struct drive *drive, void *self)
{
    drive->flush(self);
    while (!drive->idle(self)) {
        relax();
    }
}

/* Looks at the clock cost a large copy nothing; between small ones they are rare. */
DRIVE_INLINE unsigned drive_chunk(const struct loop *loop)
{
    return loop->places->n < 65536 ? DRIVE_CHUNK : 1;
}

DRIVE_INLINE void drive_stream(const struct drive *drive, void *self, struct loop *loop)
{
    unsigned chunk = drive_chunk(loop);
    uint64_t begin = ticks();
    do {
        for (unsigned i = 0; i < chunk; i++) {
            drive_one(drive, self, places_next(loop->places));
        }
        loop->copies += chunk;
    } while (ticks() - begin < loop->duration);
    drive_drain(drive, self);
    loop->elapsed = ticks() - begin;
}

/* One copy accepted: the ticks of the call that accepted it. */
DRIVE_INLINE uint64_t drive_timed(const struct drive *drive, void *self, struct copy copy)
{
    for (;;) {
        uint64_t begin = ticks();
        bool accepted = drive->submit(self, copy);
        uint64_t span = ticks() - begin;
        if (accepted) {
            return span;
        }
        relax();
        drive->poll(self);
    }
}

DRIVE_INLINE void drive_submit(const struct drive *drive, void *self, struct loop *loop)
{
    uint64_t begin = ticks();
    while (ticks() - begin < loop->duration) {
        for (unsigned i = 0; i < DRIVE_CHUNK; i++) {
            loop->inside += drive_timed(drive, self, places_next(loop->places));
        }
        loop->copies += DRIVE_CHUNK;
    }
    drive_drain(drive, self);
    loop->elapsed = ticks() - begin;
    uint64_t readings = loop->copies * clock_reading();
    loop->inside = loop->inside > readings ? loop->inside - readings : 0;
}

DRIVE_INLINE void drive_latency(const struct drive *drive, void *self, struct loop *loop)
{
    for (size_t i = 0; i < loop->span_count; i++) {
        struct copy copy = places_next(loop->places);
        if (loop->idle_ns > 0) {
            clock_spin(loop->idle_ns);
        }
        uint64_t begin = ticks();
        drive_one(drive, self, copy);
        drive->flush(self);
        while (!drive->idle(self)) {
        }
        uint64_t span = ticks() - begin;
        loop->spans[i] = span > clock_reading() ? span - clock_reading() : 0;
    }
    loop->copies += loop->span_count;
    loop->median = clock_median(loop->spans, loop->span_count);
}

/* A unit of the caller's work, and what it took: from the look at the clock before it on, which is returned
 * anew. */
DRIVE_INLINE uint64_t drive_work(struct loop *loop, uint64_t before)
{
    work_unit();
    uint64_t now = ticks();
    if (loop->work < loop->span_count) {
        loop->spans[loop->work] = now - before;
    }
    loop->work++;
    return now;
}

DRIVE_INLINE void drive_kept(struct loop *loop, uint64_t begin)
{
    uint64_t readings = loop->work * clock_reading();
    loop->inside = loop->inside > readings ? loop->inside - readings : 0;
    loop->elapsed = ticks() - begin;
    loop->median = clock_median(loop->spans, loop->work < loop->span_count ? loop->work : loop->span_count);
}

DRIVE_INLINE void drive_keep(const struct drive *drive, void *self, struct loop *loop)
{
    struct copy next = places_next(loop->places);
    uint64_t begin = ticks(), now = begin;
    do {
        uint64_t before = now;
        drive->poll(self);
        while (drive->submit(self, next)) {
            next = places_next(loop->places);
            loop->copies++;
        }
        drive->flush(self);
        now = ticks();
        loop->inside += now - before;
        now = drive_work(loop, now);
    } while (now - begin < loop->duration);
    loop->places->count--; /* the last was given out and not submitted */
    drive_drain(drive, self);
    drive_kept(loop, begin);
}

#define DRIVE_LOOP static __attribute__((unused)) void /* a subject need not have them all */

/* The loops of a subject, and where they stand in its table. */
#define DRIVE(name, drive)                                                                                   \
    DRIVE_LOOP name##_stream(void *self, struct loop *loop)                                                  \
    {                                                                                                        \
        drive_stream(&(drive), self, loop);                                                                  \
    }                                                                                                        \
    DRIVE_LOOP name##_submit_timed(void *self, struct loop *loop)                                            \
    {                                                                                                        \
        drive_submit(&(drive), self, loop);                                                                  \
    }                                                                                                        \
    DRIVE_LOOP name##_latency(void *self, struct loop *loop)                                                 \
    {                                                                                                        \
        drive_latency(&(drive), self, loop);                                                                 \
    }                                                                                                        \
    DRIVE_LOOP name##_keep(void *self, struct loop *loop)                                                    \
    {                                                                                                        \
        drive_keep(&(drive), self, loop);                                                                    \
    }

#define DRIVEN(name)                                                                                         \
    .stream = name##_stream, .submit = name##_submit_timed, .latency = name##_latency, .keep = name##_keep

#endif
