/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where copies go from and to. Hot: one slot per copy in flight, used over and over. Cold: source and
 * destination each walk through a large region, touched before, so that a line comes back only after all the
 * others. All sizes and subjects go on where the one before has stopped.
 */
#ifndef PLACES_H
#define PLACES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct copy {
    char *dst;
    const char *src;
    size_t n;
};

/* A walk through slots of one size. */
struct places {
    char *dst;
    char *src;
    size_t n;
    size_t dst_end; /* bytes of the regions */
    size_t src_end;
    size_t dst_at;
    size_t src_at;
    uint64_t count; /* copies given out since places_check_from() */
    size_t dst_from;
    size_t src_from; /* the first of these */
    bool cold;
};

/* Take memory, twice so many bytes for hot and for cold copies, and touch it. False: there is not enough. */
bool places_init(size_t hot, size_t cold);

/* So many slots, or as many as there is memory for. */
struct places places_hot(size_t n, unsigned slots);

struct places places_cold(size_t n);

/* The same walk, for one more thread: of hot slots the next as many, of a cold walk half a region on. */
void places_skip(struct places *places);

/* Where a cold walk has stopped, for the next one. */
void places_leave(const struct places *places);

/* What is copied from now on is to be checked: each hot source changes in one word. */
void places_check_from(struct places *places);

/* Does each destination hold what its source does? (Of a long walk: the last time round.) */
bool places_check(const struct places *places);

static inline struct copy places_next(struct places *places)
{
    struct copy copy = {places->dst + places->dst_at, places->src + places->src_at, places->n};
    places->dst_at += places->n;
    places->src_at += places->n;
    if (places->dst_at + places->n > places->dst_end) {
        places->dst_at = 0;
    }
    if (places->src_at + places->n > places->src_end) {
        places->src_at = 0;
    }
    places->count++;
    return copy;
}

#endif
