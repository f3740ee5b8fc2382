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
#include <stdint.h>

struct arena_block {
    struct arena_block *next;
    struct arena_block *previous;
    uintptr_t start;
    size_t size;
    bool given;
};

struct arena {
    struct arena_block *first; /* in order of address, without gaps; NULL: not open */
};

/* Entries of the list come from the arena's user: zeroed, NULL if there is no memory for one. */
struct arena_block *arena_new_block(void);
void arena_drop_block(struct arena_block *block);

/* false: no memory for the list. */
bool arena_open(struct arena *arena, void *base, size_t size);

/* NULL: no gap is large enough. align: a power of two; size: at least 1. */
void *arena_alloc(struct arena *arena, size_t align, size_t size);

/* The size that was asked for; 0: that is not the beginning of a block given out. */
size_t arena_free(struct arena *arena, const void *memory);

/* The same, of a block that stays given out. */
size_t arena_size(const struct arena *arena, const void *memory);

/* Take `size` bytes off the end of the piece for good; NULL: they are not free. */
void *arena_shrink(struct arena *arena, size_t size);

#endif
