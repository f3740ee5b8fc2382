/* SPDX-License-Identifier: Apache-2.0 */
#include "transfer.h"
#include <err.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/mman.h>
#include "clock.h"
#include "esp_async_memcpy_ext.h"
#include "progress.h"
#include "window.h"

/* Hashed between two looks at the backlog: short beside the time that a full backlog lasts. */
#define HASH_STEP ((size_t)64 << 10)

struct transfer {
    async_memcpy_t driver;
    struct sha256 *source_sha;
    struct sha256 *target_sha;
    unsigned char *scratch;
    struct transfer_report *report;
    struct progress progress;
    off_t begun; /* where the window begins in the file */

    /* Within the window: how far each part of the work has come. */
    struct window window;
    size_t submitted;
    size_t source_hashed;
    size_t target_hashed;
    _Atomic size_t completed;  /* copies complete in order; written by the callback */
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
    if (completed == t->window.size) {
        t->completed_ns = clock_ns();
    }
    /* Release: the main thread reads completed_ns and the copied bytes after it has seen this. */
    atomic_store_explicit(&t->completed, completed, memory_order_release);
    return false;
}

/* Hand over the next request. timeout_ms 0: only if there is a slot, -1: wait for one. */
static esp_err_t submit(struct transfer *t, size_t number, int32_t timeout_ms)
{
    unsigned char *to = t->window.target + t->submitted;
    unsigned char *from = t->window.source + t->submitted;
    size_t size = request_size(number, t->window.size - t->submitted);
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
static esp_err_t fill_backlog(struct transfer *t, size_t *number)
{
    esp_err_t status = ESP_OK;
    while (t->submitted < t->window.size && status == ESP_OK) {
        status = submit(t, *number, 0);
        *number += status == ESP_OK;
    }
    return status == ESP_FAIL ? ESP_OK : status;
}

static void hash_step(struct sha256 *sha, const unsigned char *data, size_t *hashed, size_t limit)
{
    size_t size = limit - *hashed < HASH_STEP ? limit - *hashed : HASH_STEP;
    sha256_add(sha, data + *hashed, size);
    *hashed += size;
}

/* Hash a piece of the side that is behind; false: nothing can be hashed just now. */
static bool hash_some(struct transfer *t, size_t completed)
{
    if (t->target_hashed < completed && t->target_hashed <= t->source_hashed) {
        hash_step(t->target_sha, t->window.target, &t->target_hashed, completed);
    } else if (t->source_hashed < t->window.size) {
        hash_step(t->source_sha, t->window.source, &t->source_hashed, t->window.size);
    } else {
        return false;
    }
    progress_draw(&t->progress, (uint64_t)t->begun + t->target_hashed);
    return true;
}

/* All copies of the window, with the hashing going on beside. */
static esp_err_t copy_phase(struct transfer *t, size_t *number)
{
    esp_err_t status = ESP_OK;
    size_t completed = 0;
    while (completed < t->window.size && status == ESP_OK) {
        status = fill_backlog(t, number);
        if (status == ESP_OK && !hash_some(t, completed)) {
            /* Nothing else to do: sleep until a slot is free, or until all is done. */
            if (t->submitted < t->window.size) {
                status = submit(t, *number, -1);
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

static void memcpy_phase(struct transfer *t, size_t number)
{
    uint64_t before = clock_ns();
    for (size_t at = 0, size; at < t->window.size; at += size) {
        size = request_size(number++, t->window.size - at);
        memcpy(t->scratch + at, t->window.source + at, size);
    }
    t->report->memcpy_ns += clock_ns() - before;
}

static void start_window(struct transfer *t)
{
    t->submitted = 0;
    t->source_hashed = 0;
    t->target_hashed = 0;
    atomic_store_explicit(&t->completed, 0, memory_order_relaxed);
}

/* The three phases of the drawing in transfer.h. */
static esp_err_t run_window(struct transfer *t)
{
    size_t number = (size_t)t->report->requests;
    start_window(t);
    uint64_t begun_ns = clock_ns();
    esp_err_t status = copy_phase(t, &number);
    if (status == ESP_OK) {
        t->report->copy_ns += t->completed_ns - begun_ns;
    }
    while (status == ESP_OK && hash_some(t, t->window.size)) {
    }
    if (status == ESP_OK) {
        memcpy_phase(t, (size_t)t->report->requests);
    }
    t->report->requests = number;
    return status;
}

static bool run_windows(struct transfer *t, int source, int target, off_t size)
{
    esp_err_t status = ESP_OK;
    while (t->begun < size && status == ESP_OK) {
        off_t left = size - t->begun;
        size_t part = left < (off_t)WINDOW_SIZE ? (size_t)left : WINDOW_SIZE;
        if (!window_open(&t->window, source, target, t->begun, part)) {
            return false;
        }
        status = run_window(t);
        /* After a failure copies may still be in flight: they use the window. */
        esp_async_memcpy_wait(t->driver, -1);
        window_close(&t->window);
        t->begun += (off_t)part;
    }
    progress_end(&t->progress);
    if (status != ESP_OK) {
        warnx("the copy failed: %s", esp_err_to_name(status));
    }
    return status == ESP_OK;
}

static bool run_with_scratch(struct transfer *t, int source, int target, off_t size)
{
    size_t scratch_size = size < (off_t)WINDOW_SIZE ? (size_t)size : WINDOW_SIZE;
    if (size == 0) {
        return true;
    }
    t->scratch = window_scratch(scratch_size);
    if (t->scratch == NULL) {
        return false;
    }
    progress_begin(&t->progress, (uint64_t)size);
    bool done = run_windows(t, source, target, size);
    munmap(t->scratch, scratch_size);
    return done;
}

bool transfer_run(async_memcpy_t driver, int source, int target, off_t size, struct transfer_report *report)
{
    *report = (struct transfer_report){0};
    struct transfer t = {.driver = driver, .report = report};
    t.source_sha = sha256_begin();
    t.target_sha = sha256_begin();
    bool done = false;
    if (t.source_sha == NULL || t.target_sha == NULL) {
        warnx("no memory for SHA-256");
    } else if (run_with_scratch(&t, source, target, size)) {
        done = sha256_end(t.source_sha, report->source_hash) && sha256_end(t.target_sha, report->target_hash);
        if (!done) {
            warnx("the library failed to compute SHA-256");
        }
    }
    sha256_free(t.source_sha);
    sha256_free(t.target_sha);
    return done;
}
