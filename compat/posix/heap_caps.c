/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Memory by capability: a table with a row per kind of memory. The first row is what the system's own
 * allocator gives; the others are arenas at fixed places. Each row counts the bytes it has given out.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <search.h>
#include <stdalign.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "arena.h"
#include "esp_heap_caps.h"
#include "esp_log.h"
#include "heap_caps_private.h"
#include "port.h"
#include "softchip.h"
#include "stop.h"

#define TAG "heap_caps"

#define ALIGN_ANY alignof(max_align_t) /* of memory for which no alignment was asked */

struct memory {
    uint32_t caps;
    size_t size;            /* the stated size */
    size_t given;           /* bytes given out: what was asked for */
    _Atomic uintptr_t base; /* 0 for ordinary memory, or while the arena is not open */
    struct arena arena;
};

enum { ORDINARY, PSRAM, CHIP, MEMORIES };

static struct memory memories[MEMORIES] = {
    [ORDINARY] = {.caps = MALLOC_CAP_DEFAULT | MALLOC_CAP_INTERNAL | MALLOC_CAP_DMA | MALLOC_CAP_8BIT |
                          MALLOC_CAP_32BIT},
    [PSRAM] = {.caps = MALLOC_CAP_SPIRAM | MALLOC_CAP_8BIT | MALLOC_CAP_32BIT},
    [CHIP] = {.caps = MALLOC_CAP_INTERNAL | MALLOC_CAP_DMA | MALLOC_CAP_8BIT | MALLOC_CAP_32BIT},
};

static pthread_once_t once = PTHREAD_ONCE_INIT;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER; /* all rows, and the blocks of ordinary memory */

/* ---- Ordinary memory: which block has which size ---- */

/* A leak checker shall not take this list for a use of the block: so it holds the address inverted. */
struct block {
    uintptr_t inverted;
    size_t size;
};

static void *blocks; /* a tree of tsearch() */

static int compare_blocks(const void *left, const void *right)
{
    uintptr_t a = ((const struct block *)left)->inverted;
    uintptr_t b = ((const struct block *)right)->inverted;
    return a < b ? -1 : a > b;
}

/* Enter a block; false: no memory. A block at the same place is one that the program gave to free(). */
static bool enter_block(struct memory *memory, const void *start, size_t size)
{
    struct block *block = malloc(sizeof *block);
    if (block == NULL) {
        return false;
    }
    *block = (struct block){~(uintptr_t)start, size};
    struct block **found = tsearch(block, &blocks, compare_blocks);
    if (found != NULL && *found != block) {
        memory->given -= (*found)->size;
        (*found)->size = size;
    }
    if (found == NULL || *found != block) {
        free(block);
    }
    return found != NULL;
}

/* Its size; 0: there is none. */
static size_t remove_block(const void *start)
{
    struct block key = {~(uintptr_t)start, 0};
    struct block **found = tfind(&key, &blocks, compare_blocks);
    if (found == NULL) {
        return 0;
    }
    struct block *block = *found;
    size_t size = block->size;
    tdelete(&key, &blocks, compare_blocks);
    free(block);
    return size;
}

static void *ordinary_alloc(struct memory *memory, size_t align, size_t size)
{
    void *start = NULL;
    if (align <= ALIGN_ANY) {
        start = malloc(size);
    } else if (posix_memalign(&start, align, size) != 0) {
        start = NULL;
    }
    if (start != NULL && !enter_block(memory, start, size)) {
        free(start);
        start = NULL;
    }
    return start;
}

static size_t ordinary_free(void *start)
{
    size_t size = remove_block(start);
    if (size != 0) {
        free(start);
    }
    return size;
}

/* ---- Opening ---- */

static void lock(void)
{
    pthread_mutex_lock(&mutex);
}

static void unlock(void)
{
    pthread_mutex_unlock(&mutex);
}

/* Bytes that ASYNC_MEMCPY_PSRAM_KB asks for; 0: none. */
static size_t psram_size(void)
{
    const char *text = getenv("ASYNC_MEMCPY_PSRAM_KB");
    if (text == NULL || text[0] == '\0') {
        return 0;
    }
    char *end = NULL;
    errno = 0;
    unsigned long kb = strtoul(text, &end, 10);
    if (errno != 0 || *end != '\0' || text[0] < '0' || text[0] > '9' || kb > SIZE_MAX / 1024) {
        ESP_EARLY_LOGW(TAG, "no PSRAM: ASYNC_MEMCPY_PSRAM_KB is \"%s\", should be a number of kilobytes",
                       text);
        return 0;
    }
    return (size_t)kb * 1024;
}

static void open_psram(size_t size)
{
    if (size == 0) {
        return;
    }
    struct memory *psram = &memories[PSRAM];
    void *base = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (base != MAP_FAILED && !arena_open(&psram->arena, base, size)) {
        munmap(base, size);
        base = MAP_FAILED;
    }
    if (base == MAP_FAILED) {
        ESP_EARLY_LOGW(TAG, "no PSRAM: the system has no %zu bytes for it (ASYNC_MEMCPY_PSRAM_KB)", size);
        return;
    }
    psram->size = size;
    port_psram.size = size;
    atomic_store_explicit(&port_psram.first, (uintptr_t)base, memory_order_release); /* to port_memory_of() */
    atomic_store_explicit(&psram->base, (uintptr_t)base, memory_order_release);      /* to is_in() */
}

static void open_memories(void)
{
    pthread_atfork(lock, unlock, unlock); /* a child finds the mutex free and the lists whole */
    memories[ORDINARY].size = (size_t)sysconf(_SC_PHYS_PAGES) * (size_t)sysconf(_SC_PAGESIZE);
    open_psram(psram_size());
}

/* Once there is a software chip, its own memory is what the DMA reaches. mutex is held. */
static void open_chip(void)
{
    struct memory *chip = &memories[CHIP];
    size_t size;
    void *base = softchip_memory(&size);
    if (base == NULL || atomic_load(&chip->base) != 0) {
        return;
    }
    if (!arena_open(&chip->arena, base, size)) {
        ESP_EARLY_LOGW(TAG, "no memory for the list of the chip's memory");
        return;
    }
    chip->size = size;
    atomic_store(&chip->base, (uintptr_t)base);
    memories[ORDINARY].caps &= ~(uint32_t)(MALLOC_CAP_INTERNAL | MALLOC_CAP_DMA);
}

/* Everything that is there at this moment is open, and mutex is held afterwards. */
static void lock_open(void)
{
    pthread_once(&once, open_memories);
    if (port_chip_wanted()) {
        port_chip_start(); /* has logged why, if it cannot */
    }
    lock();
    open_chip();
}

/* ---- Giving out and taking back ---- */

/* mutex is held. */
static void *alloc_from(struct memory *memory, size_t align, size_t size)
{
    if (size > memory->size - memory->given) {
        return NULL;
    }
    void *start = memory == &memories[ORDINARY] ? ordinary_alloc(memory, align, size)
                                                : arena_alloc(&memory->arena, align, size);
    if (start != NULL) {
        memory->given += size;
    }
    return start;
}

static void *alloc(size_t align, size_t size, uint32_t caps)
{
    if (size == 0 || caps == 0 || align == 0 || (align & (align - 1)) != 0) {
        return NULL;
    }
    void *start = NULL;
    lock_open();
    for (int i = 0; start == NULL && i < MEMORIES; i++) {
        if ((memories[i].caps & caps) == caps) {
            start = alloc_from(&memories[i], align < ALIGN_ANY ? ALIGN_ANY : align, size);
        }
    }
    unlock();
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

static bool is_in(struct memory *memory, const void *address)
{
    /* Acquire: open_psram() has written the size before the base. */
    uintptr_t base = atomic_load_explicit(&memory->base, memory_order_acquire);
    return base != 0 && (uintptr_t)address - base < memory->size;
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
    if (ptr == NULL) {
        return;
    }
    lock_open();
    struct memory *memory = &memories[ORDINARY];
    for (int i = ORDINARY + 1; i < MEMORIES; i++) {
        memory = is_in(&memories[i], ptr) ? &memories[i] : memory;
    }
    size_t size = memory == &memories[ORDINARY] ? ordinary_free(ptr) : arena_free(&memory->arena, ptr);
    memory->given -= size;
    unlock();
    if (size == 0) {
        compat_stop(
            "heap_caps_free(%p): heap_caps_malloc() and its kin did not give that out, or it is free already",
            ptr);
    }
}

/* ---- Sizes ---- */

static size_t sum(uint32_t caps, bool only_free)
{
    size_t total = 0;
    lock_open();
    for (int i = 0; i < MEMORIES; i++) {
        if ((memories[i].caps & caps) == caps) {
            total += memories[i].size - (only_free ? memories[i].given : 0);
        }
    }
    unlock();
    return total;
}

size_t heap_caps_get_free_size(uint32_t caps)
{
    return sum(caps, true);
}

size_t heap_caps_get_total_size(uint32_t caps)
{
    return sum(caps, false);
}

bool heap_caps_is_psram(const void *address)
{
    return is_in(&memories[PSRAM], address);
}

bool heap_caps_is_chip(const void *address)
{
    return is_in(&memories[CHIP], address);
}
