/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A limit: the least that a worker thread can be, inlined into the loops. A ring of slots, two in a line,
 * that the caller writes and the worker reads; a count of what is done, told as seldom as pays. It checks
 * nothing, serves one thread, has no callbacks, and its worker never sleeps.
 */
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "drive.h"

#define LINE    64
#define AT_ONCE 32 /* copies done that are told together, at the most */

struct bare_slot {
    void *dst;
    const void *src;
    size_t n;
    _Atomic uint64_t mark; /* copies handed over, this one included */
};

struct bare {
    _Alignas(LINE) uint64_t depth, mask;      /* constant */
    _Alignas(LINE) uint64_t handed_over, end; /* the caller's; end of the room that it knows */
    _Alignas(LINE) _Atomic uint64_t done;     /* the worker's */
    _Alignas(LINE) _Atomic bool stop;
    pthread_t thread;
    _Alignas(LINE) struct bare_slot slots[];
};

static bool bare_make(struct bare *bare, uint64_t copies)
{
    struct bare_slot *slot = &bare->slots[copies & bare->mask];
    if (atomic_load_explicit(&slot->mark, memory_order_acquire) != copies + 1) {
        return false;
    }
    memcpy(slot->dst, slot->src, slot->n);
    return true;
}

static void *bare_work(void *self)
{
    struct bare *bare = self;
    uint64_t at_once = bare->depth / 2 < AT_ONCE ? bare->depth / 2 : AT_ONCE;
    for (uint64_t copies = 0, told = 0; !atomic_load_explicit(&bare->stop, memory_order_relaxed);) {
        bool made = bare_make(bare, copies);
        copies += made;
        if (made ? copies - told >= at_once : copies != told) {
            atomic_store_explicit(&bare->done, copies, memory_order_release);
            told = copies;
        }
        if (!made) {
            relax();
        }
    }
    return NULL;
}

static void *bare_open(unsigned depth)
{
    size_t slots = 2;
    while (slots < depth) {
        slots *= 2;
    }
    size_t size = sizeof(struct bare) + slots * sizeof(struct bare_slot);
    struct bare *bare = aligned_alloc(LINE, (size + LINE - 1) & ~(size_t)(LINE - 1));
    if (bare == NULL) {
        return NULL;
    }
    memset(bare, 0, size);
    bare->depth = bare->end = depth;
    bare->mask = slots - 1;
    if (pthread_create(&bare->thread, NULL, bare_work, bare) != 0) {
        free(bare);
        return NULL;
    }
    return bare;
}

static void bare_close(void *self)
{
    struct bare *bare = self;
    atomic_store(&bare->stop, true);
    pthread_join(bare->thread, NULL);
    free(bare);
}

static inline bool bare_submit(void *self, struct copy copy)
{
    struct bare *bare = self;
    uint64_t number = bare->handed_over;
    if (number == bare->end) {
        bare->end = atomic_load_explicit(&bare->done, memory_order_acquire) + bare->depth;
        if (number == bare->end) {
            return false;
        }
    }
    struct bare_slot *slot = &bare->slots[number & bare->mask];
    slot->dst = copy.dst;
    slot->src = copy.src;
    slot->n = copy.n;
    atomic_store_explicit(&slot->mark, number + 1, memory_order_release);
    bare->handed_over = number + 1;
    return true;
}

static inline void bare_nothing(void *self)
{
    (void)self;
}

static inline bool bare_idle(void *self)
{
    struct bare *bare = self;
    return atomic_load_explicit(&bare->done, memory_order_acquire) == bare->handed_over;
}

static const struct drive bare_drive = {bare_submit, bare_nothing, bare_nothing, bare_idle};

DRIVE(bare, bare_drive)

const struct subject subject_bare = {
    .name = "bare", .label = "a bare ring (limit)", .open = bare_open, .close = bare_close, DRIVEN(bare)};
