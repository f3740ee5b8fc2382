/* SPDX-License-Identifier: Apache-2.0 */
/* The library, given 32 copies at a time. */
#include "ours.h"

enum { BATCH = 32 };

struct batch {
    unsigned size;
    async_memcpy_copy_t copies[BATCH];
};

static struct batch batch;

static void *batch_open(unsigned depth)
{
    batch.size = depth < BATCH ? depth : BATCH;
    return ours_install(depth, 0);
}

static void batch_close(void *self)
{
    esp_async_memcpy_uninstall(self);
}

/* The caller's array, as a program has it. */
static void batch_fill(struct places *places)
{
    for (unsigned i = 0; i < batch.size; i++) {
        struct copy copy = places_next(places);
        batch.copies[i] = (async_memcpy_copy_t){copy.dst, (void *)(uintptr_t)copy.src, copy.n, NULL, NULL};
    }
}

static inline bool batch_submit(void *self)
{
    return esp_async_memcpy_batch(self, batch.copies, batch.size) == ESP_OK;
}

static void batch_drain(void *self)
{
    while (esp_async_memcpy_wait(self, 0) == ESP_ERR_TIMEOUT) {
        relax();
    }
}

static void batch_stream(void *self, struct loop *loop)
{
    uint64_t begin = ticks();
    do {
        batch_fill(loop->places);
        while (!batch_submit(self)) {
            relax();
        }
        loop->copies += batch.size;
    } while (ticks() - begin < loop->duration);
    batch_drain(self);
    loop->elapsed = ticks() - begin;
}

static void batch_submit_timed(void *self, struct loop *loop)
{
    uint64_t begin = ticks();
    while (ticks() - begin < loop->duration) {
        batch_fill(loop->places);
        uint64_t call;
        bool accepted;
        do {
            relax();
            call = ticks();
            accepted = batch_submit(self);
            call = ticks() - call;
        } while (!accepted);
        loop->inside += call > clock_reading() ? call - clock_reading() : 0;
        loop->copies += batch.size;
    }
    batch_drain(self);
    loop->elapsed = ticks() - begin;
}

static void batch_keep(void *self, struct loop *loop)
{
    batch_fill(loop->places);
    uint64_t begin = ticks(), now = begin;
    do {
        uint64_t before = now;
        while (batch_submit(self)) {
            loop->copies += batch.size;
            batch_fill(loop->places);
        }
        now = ticks();
        loop->inside += now - before;
        now = drive_work(loop, now);
    } while (now - begin < loop->duration);
    loop->places->count -= batch.size; /* given out and not submitted */
    batch_drain(self);
    drive_kept(loop, begin);
}

static const struct subject subject = {.name = "batch",
                                       .label = "this library, 32 copies per call",
                                       .open = batch_open,
                                       .close = batch_close,
                                       .stream = batch_stream,
                                       .submit = batch_submit_timed,
                                       .keep = batch_keep};

const struct subject *const subject_batch = &subject;
