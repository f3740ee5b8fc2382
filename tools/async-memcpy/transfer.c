/* SPDX-License-Identifier: Apache-2.0 */
#include "transfer.h"
#include <stdatomic.h>
#include <string.h>
#include <sys/mman.h>
#include "clock.h"
#include "esp_async_memcpy_ext.h"
#include "pass.h"

struct transfer {
    async_memcpy_t driver;
    unsigned char *scratch;
    struct report *report;

    /* Within the window: how far the copies have come. */
    size_t window_size;
    size_t submitted;
    _Atomic size_t completed;  /* in order; written by the callback */
    uint64_t completed_ns;     /* when the last one did; written before `completed` says so */
    _Atomic esp_err_t failure; /* of the first copy that failed */
};

/* Sizes of the requests, in turn: bytes to megabytes, odd ones among them. */
static size_t request_size(size_t number, size_t left)
{
    static const size_t sizes[] = {1,   1 << 20, 4095,      262144, 64,   (2 << 20) + 1, 100003, 65536,
                                   333, 7,       (4 << 20), 4096,   3001, 524287,        16,     12345};
    size_t size = sizes[number % (sizeof sizes / sizeof sizes[0])];
    return size < left ? size : left;
}

static bool on_done(async_memcpy_t driver, async_memcpy_event_t *event, void *arg)
{
    (void)driver;
    struct transfer *t = arg;
    const async_memcpy_result_t *result = event->data;
    esp_err_t none = ESP_OK;
    if (result->status != ESP_OK) {
        atomic_compare_exchange_strong(&t->failure, &none, result->status);
    }
    size_t completed = atomic_load_explicit(&t->completed, memory_order_relaxed) + result->size;
    if (completed == t->window_size) {
        t->completed_ns = clock_ns();
    }
    /* Release: the main thread reads completed_ns and the copied bytes after it has seen this. */
    atomic_store_explicit(&t->completed, completed, memory_order_release);
    return false;
}

/* Hand over the next request. timeout_ms 0: only if there is a slot, -1: wait for one. */
static esp_err_t submit(struct transfer *t, const struct window *window, size_t number, int32_t timeout_ms)
{
    unsigned char *to = window->target + t->submitted;
    unsigned char *from = window->source + t->submitted;
    size_t size = request_size(number, window->size - t->submitted);
    uint64_t before = clock_ns();
    esp_err_t status = timeout_ms == 0
                           ? esp_async_memcpy(t->driver, to, from, size, on_done, t)
                           : esp_async_memcpy_timed(t->driver, to, from, size, on_done, t, timeout_ms);
    t->report->call_ns += clock_ns() - before;
    if (status == ESP_OK) {
        t->submitted += size;
    }
    return status;
}

/* Wait for all that has been submitted, in the time that counts as not free. */
static esp_err_t drain(struct transfer *t)
{
    uint64_t before = clock_ns();
    esp_err_t status = esp_async_memcpy_wait(t->driver, -1);
    t->report->call_ns += clock_ns() - before;
    /* By now the callback has told of every byte; waiting again would not help. */
    bool all = atomic_load_explicit(&t->completed, memory_order_acquire) == t->submitted;
    return status == ESP_OK && !all ? ESP_ERR_INVALID_SIZE : status;
}

/* Submit until the backlog is full. A full backlog is ESP_FAIL; anything else is a refusal. */
static esp_err_t fill_backlog(struct transfer *t, const struct window *window, size_t *number)
{
    esp_err_t status = ESP_OK;
    while (t->submitted < window->size && status == ESP_OK) {
        status = submit(t, window, *number, 0);
        *number += status == ESP_OK;
    }
    return status == ESP_FAIL ? ESP_OK : status;
}

/* All copies of the window, with the hashing going on beside. */
static esp_err_t copy_phase(struct transfer *t, struct pass *pass, size_t *number)
{
    const struct window *window = &pass->window;
    esp_err_t status = ESP_OK;
    size_t completed = 0;
    while (completed < window->size && status == ESP_OK) {
        status = fill_backlog(t, window, number);
        if (status == ESP_OK && !pass_hash(pass, completed)) {
            /* Nothing else to do: sleep until a slot is free, or until all is done. */
            if (t->submitted < window->size) {
                status = submit(t, window, *number, -1);
                *number += status == ESP_OK;
            } else {
                status = drain(t);
            }
        }
        completed = atomic_load_explicit(&t->completed, memory_order_acquire);
        if (status == ESP_OK) {
            status = atomic_load_explicit(&t->failure, memory_order_relaxed);
        }
    }
    return status;
}

static void memcpy_phase(struct transfer *t, const struct window *window, size_t number)
{
    uint64_t before = clock_ns();
    for (size_t at = 0, size; at < window->size; at += size) {
        size = request_size(number++, window->size - at);
        memcpy(t->scratch + at, window->source + at, size);
    }
    t->report->memcpy_ns += clock_ns() - before;
}

/* The phases of the drawing in transfer.h. */
static esp_err_t copy_window(struct pass *pass, void *argument)
{
    struct transfer *t = argument;
    size_t number = (size_t)t->report->requests;
    t->window_size = pass->window.size;
    t->submitted = 0;
    atomic_store_explicit(&t->completed, 0, memory_order_relaxed);
    uint64_t begun_ns = clock_ns();
    esp_err_t status = copy_phase(t, pass, &number);
    /* After a failure copies may still be in flight: they use the window. */
    esp_async_memcpy_wait(t->driver, -1);
    if (status == ESP_OK) {
        t->report->copy_ns += t->completed_ns - begun_ns;
        pass_hash_rest(pass);
        memcpy_phase(t, &pass->window, (size_t)t->report->requests);
    }
    t->report->requests = number;
    return status;
}

bool transfer_run(async_memcpy_t driver, int source, int target, off_t size, struct report *report)
{
    *report = (struct report){0};
    struct transfer t = {.driver = driver, .report = report};
    size_t scratch_size = size < (off_t)WINDOW_SIZE ? (size_t)size : WINDOW_SIZE;
    if (size != 0 && (t.scratch = window_scratch(scratch_size)) == NULL) {
        return false;
    }
    struct pass pass;
    bool done = pass_run(&pass, source, target, size, copy_window, &t) &&
                pass_sums(&pass, report->source_hash, report->target_hash);
    pass_free(&pass);
    if (t.scratch != NULL) {
        munmap(t.scratch, scratch_size);
    }
    return done;
}
