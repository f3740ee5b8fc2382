/* SPDX-License-Identifier: Apache-2.0 */
/* First fit with a list of blocks kept outside the memory that it is about. */
#include "arena.h"

bool arena_open(struct arena *arena, void *base, size_t size)
{
    struct arena_block *whole = arena_new_block();
    if (whole != NULL) {
        whole->start = (uintptr_t)base;
        whole->size = size;
    }
    arena->first = whole;
    return whole != NULL;
}

/* Make `size` bytes at the beginning of a block a block of their own; false: no memory for another block. */
static bool split(struct arena_block *block, size_t size)
{
    if (size == block->size) {
        return true;
    }
    struct arena_block *rest = arena_new_block();
    if (rest == NULL) {
        return false;
    }
    rest->start = block->start + size;
    rest->size = block->size - size;
    rest->previous = block;
    rest->next = block->next;
    if (rest->next != NULL) {
        rest->next->previous = rest;
    }
    block->next = rest;
    block->size = size;
    return true;
}

/* Undo split(): the block takes in the one behind it, if both are free. */
static void join(struct arena_block *block)
{
    struct arena_block *rest = block->next;
    if (block->given || rest == NULL || rest->given) {
        return;
    }
    block->size += rest->size;
    block->next = rest->next;
    if (rest->next != NULL) {
        rest->next->previous = block;
    }
    arena_drop_block(rest);
}

/* Give out `size` bytes that begin `skip` bytes into a free block. */
static void *carve(struct arena_block *block, size_t skip, size_t size)
{
    struct arena_block *wanted = block;
    if (skip != 0) {
        if (!split(block, skip)) {
            return NULL;
        }
        wanted = block->next;
    }
    if (!split(wanted, size)) {
        join(block);
        return NULL;
    }
    wanted->given = true;
    return (void *)wanted->start;
}

void *arena_alloc(struct arena *arena, size_t align, size_t size)
{
    for (struct arena_block *block = arena->first; block != NULL; block = block->next) {
        size_t skip = (size_t)(-block->start & (align - 1));
        if (!block->given && skip <= block->size && size <= block->size - skip) {
            return carve(block, skip, size);
        }
    }
    return NULL;
}

/* The block given out that begins there, or NULL. */
static struct arena_block *find(const struct arena *arena, const void *memory)
{
    struct arena_block *block = arena->first;
    while (block != NULL && (block->start != (uintptr_t)memory || !block->given)) {
        block = block->next;
    }
    return block;
}

size_t arena_size(const struct arena *arena, const void *memory)
{
    const struct arena_block *block = find(arena, memory);
    return block == NULL ? 0 : block->size;
}

size_t arena_free(struct arena *arena, const void *memory)
{
    struct arena_block *block = find(arena, memory);
    if (block == NULL) {
        return 0;
    }
    size_t size = block->size;
    block->given = false;
    join(block);
    if (block->previous != NULL) {
        join(block->previous);
    }
    return size;
}

void *arena_shrink(struct arena *arena, size_t size)
{
    struct arena_block *last = arena->first;
    while (last->next != NULL) {
        last = last->next;
    }
    if (last->given || last->size <= size) {
        return NULL;
    }
    last->size -= size;
    return (void *)(last->start + last->size);
}
