/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An allocator for a piece of memory: first fit, neighbours that are free become one. What it knows lies
 * elsewhere, so that every byte of the piece can be given out, and a program (or DMA) that writes too far
 * damages no list. Not locked: its user sees to that.
 */
#ifndef COMPAT_ARENA_H
#define COMPAT_ARENA_H

#include <stdbool.h>
#include <stddef.h>

struct arena {
    struct arena_block *first; /* in order of address, without gaps; NULL: not open */
};

/* false: no memory for the list. */
bool arena_open(struct arena *arena, void *base, size_t size);

/* NULL: no gap is large enough. align: a power of two; size: at least 1. */
void *arena_alloc(struct arena *arena, size_t align, size_t size);

/* The size that was asked for; 0: that is not the beginning of a block given out. */
size_t arena_free(struct arena *arena, const void *memory);

#endif
