/* SPDX-License-Identifier: Apache-2.0 */
#include "chunks.h"

#include <string.h>

#include "port.h"

#define CHUNK      ((size_t)256 << 10) /* with 64 KiB, taking them costs a quarter of what helping gains */
#define MAX_CHUNKS 0x10000u            /* of a copy; larger copies have larger chunks */

/* Taken at once: many while many are left, for each taking costs a few lines between CPUs and a cold start;
 * one towards the end, so that all end together. */
#define MAX_TAKEN 4

#define COPY_NUMBER (UINT64_C(1) << 32)

#define LOAD(field)         atomic_load_explicit(&(field), memory_order_relaxed)
#define STORE(field, value) atomic_store_explicit(&(field), (value), memory_order_relaxed)

/* Chunks begin where lines of the destination do, so that no two threads write one; but the first. */
static size_t begin_of(const unsigned char *dst, size_t size, size_t index)
{
    return index == 0 ? 0 : index * size - (uintptr_t)dst % COPY_BLOCK;
}

static uint32_t how_many(const struct chunks *chunks, uint32_t untaken)
{
    uint32_t share = untaken / (2 * (chunks->helpers + 1));
    return share < 1 ? 1 : share > MAX_TAKEN ? MAX_TAKEN : share;
}

bool chunks_help(struct chunks *chunks)
{
    uint64_t open = atomic_load_explicit(&chunks->open, memory_order_acquire);
    unsigned char *dst;
    const unsigned char *src;
    const struct copy_kernel *kernel;
    size_t begin, end;
    uint32_t taken;
    do {
        uint32_t untaken = (uint32_t)open;
        if (untaken == 0) {
            return false;
        }
        uint32_t count = LOAD(chunks->count);
        size_t n = LOAD(chunks->n), size = LOAD(chunks->size);
        dst = LOAD(chunks->dst);
        src = LOAD(chunks->src);
        kernel = LOAD(chunks->kernel);
        taken = how_many(chunks, untaken);
        begin = begin_of(dst, size, count - untaken);
        end = untaken == taken ? n : begin_of(dst, size, count - untaken + taken);
        /* Release: the fields are read before; the owner changes them when all chunks are taken. */
    } while (!atomic_compare_exchange_weak_explicit(&chunks->open, &open, open - taken, memory_order_acq_rel,
                                                    memory_order_acquire));
    if (kernel != NULL) {
        copy_with(kernel, dst + begin, src + begin, end - begin);
    } else {
        memcpy(dst + begin, src + begin, end - begin);
    }
    /* Release: its reader is chunks_finish(). */
    atomic_fetch_sub_explicit(&chunks->left, taken, memory_order_release);
    return true;
}

void chunks_open(struct chunks *chunks, const struct copy_kernel *kernel, void *dst, const void *src,
                 size_t n)
{
    size_t size = CHUNK;
    while (n / size >= MAX_CHUNKS) {
        size *= 2;
    }
    uint32_t count = (uint32_t)((n + (uintptr_t)dst % COPY_BLOCK - 1) / size + 1);
    STORE(chunks->dst, dst);
    STORE(chunks->src, src);
    STORE(chunks->n, n);
    STORE(chunks->size, size);
    STORE(chunks->count, count);
    STORE(chunks->kernel, copy_streams(kernel, n) ? kernel : NULL);
    STORE(chunks->left, count);
    uint64_t open = LOAD(chunks->open) + COPY_NUMBER + count;
    atomic_store_explicit(&chunks->open, open, memory_order_release); /* read in chunks_help() */
}

void chunks_finish(struct chunks *chunks)
{
    while (chunks_help(chunks)) {
    }
    /* What is left is a few chunks for each helper, tens of microseconds, unless one was descheduled. */
    for (unsigned looks = 0; atomic_load_explicit(&chunks->left, memory_order_acquire) != 0; looks++) {
        if (looks < 10000) {
            port_relax();
        } else {
            port_pause();
        }
    }
}
