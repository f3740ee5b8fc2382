/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Memory by capability on the chip: one kind, the SRAM that program and stack have left; malloc() and its kin
 * give out the same. The list of blocks grows downwards from the end of that memory. Interrupts are off while
 * it changes: a callback had better not get here, but ESP-IDF lets it.
 */
#include <errno.h>
#include <stdalign.h>
#include <stdlib.h>
#include <string.h>

#include "arena.h"
#include "esp_heap_caps.h"
#include "port.h"
#include "stop.h"

#define CAPS                                                                                                 \
    (MALLOC_CAP_DEFAULT | MALLOC_CAP_INTERNAL | MALLOC_CAP_DMA | MALLOC_CAP_8BIT | MALLOC_CAP_32BIT |        \
     MALLOC_CAP_EXEC)
#define ALIGN_ANY alignof(max_align_t)
#define CHUNK     16 /* entries that the list grows by */

/* The linker script says where. */
extern char heap_first[];
extern char heap_end[];

static struct arena arena;
static struct arena_block *spare; /* entries not in use */
static unsigned spares;
static size_t total;
static size_t given; /* bytes asked for and not given back */

/* ---- The list's entries ---- */

struct arena_block *arena_new_block(void)
{
    struct arena_block *block = spare;
    spare = block->next;
    spares--;
    *block = (struct arena_block){.next = NULL};
    return block;
}

void arena_drop_block(struct arena_block *block)
{
    block->next = spare;
    spare = block;
    spares++;
}

static void add_chunk(struct arena_block *chunk)
{
    for (unsigned i = 0; i < CHUNK; i++) {
        arena_drop_block(&chunk[i]);
    }
    total -= CHUNK * sizeof *chunk;
}

static void open_arena(void)
{
    static struct arena_block first[CHUNK];
    total = (size_t)(heap_end - heap_first) + sizeof first;
    add_chunk(first);
    arena_open(&arena, heap_first, total);
}

/* An allocation makes two entries at the most. false: the end of the memory is in use. */
static bool have_spares(void)
{
    if (arena.first == NULL) {
        open_arena();
    }
    if (spares < 2) {
        void *chunk = arena_shrink(&arena, CHUNK * sizeof(struct arena_block));
        if (chunk == NULL) {
            return false;
        }
        add_chunk(chunk);
    }
    return true;
}

/* ---- Giving out and taking back ---- */

static void *alloc(size_t align, size_t size, uint32_t caps)
{
    if (size == 0 || caps == 0 || (caps & ~CAPS) != 0 || align == 0 || (align & (align - 1)) != 0) {
        return NULL;
    }
    unsigned state = port_irq_mask();
    void *start = have_spares() ? arena_alloc(&arena, align < ALIGN_ANY ? ALIGN_ANY : align, size) : NULL;
    if (start != NULL) {
        given += size;
    }
    port_irq_unmask(state);
    return start;
}

static void *alloc_zeroed(size_t align, size_t n, size_t size, uint32_t caps)
{
    if (size != 0 && n > SIZE_MAX / size) {
        return NULL;
    }
    void *start = alloc(align, n * size, caps);
    if (start != NULL) {
        memset(start, 0, n * size);
    }
    return start;
}

static size_t give_back(void *start)
{
    unsigned state = port_irq_mask();
    size_t size = arena_free(&arena, start);
    given -= size;
    port_irq_unmask(state);
    return size;
}

void *heap_caps_malloc(size_t size, uint32_t caps)
{
    return alloc(ALIGN_ANY, size, caps);
}

void *heap_caps_calloc(size_t n, size_t size, uint32_t caps)
{
    return alloc_zeroed(ALIGN_ANY, n, size, caps);
}

void *heap_caps_aligned_alloc(size_t alignment, size_t size, uint32_t caps)
{
    return alloc(alignment, size, caps);
}

void *heap_caps_aligned_calloc(size_t alignment, size_t n, size_t size, uint32_t caps)
{
    return alloc_zeroed(alignment, n, size, caps);
}

void heap_caps_free(void *ptr)
{
    if (ptr != NULL && give_back(ptr) == 0) {
        compat_stop(
            "heap_caps_free(%p): heap_caps_malloc() and its kin did not give that out, or it is free already",
            ptr);
    }
}

/* ---- Sizes ---- */

size_t heap_caps_get_total_size(uint32_t caps)
{
    unsigned state = port_irq_mask();
    have_spares();
    port_irq_unmask(state);
    return (caps & ~CAPS) == 0 ? total : 0;
}

size_t heap_caps_get_free_size(uint32_t caps)
{
    size_t size = heap_caps_get_total_size(caps);
    return size == 0 ? 0 : size - given;
}

/* ---- The C library's names ---- */

void *malloc(size_t size)
{
    return heap_caps_malloc(size, MALLOC_CAP_DEFAULT);
}

void *calloc(size_t n, size_t size)
{
    return heap_caps_calloc(n, size, MALLOC_CAP_DEFAULT);
}

void *aligned_alloc(size_t alignment, size_t size)
{
    return heap_caps_aligned_alloc(alignment, size, MALLOC_CAP_DEFAULT);
}

void free(void *ptr)
{
    heap_caps_free(ptr);
}

void *realloc(void *ptr, size_t size)
{
    if (size == 0) {
        free(ptr);
        return NULL;
    }
    void *moved = malloc(size);
    if (moved != NULL && ptr != NULL) {
        size_t old = arena_size(&arena, ptr);
        memcpy(moved, ptr, old < size ? old : size);
        free(ptr);
    }
    return moved;
}
