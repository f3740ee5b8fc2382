/* SPDX-License-Identifier: Apache-2.0 */
#include "staged.h"
#include <err.h>
#include <stdatomic.h>
#include <string.h>
#include "clock.h"
#include "esp_heap_caps.h"
#include "pass.h"

#define PIECE_MAX ((size_t)16 << 10)
#define PIECE_MIN ((size_t)64)

struct staged {
    async_memcpy_t driver;
    size_t backlog;
    unsigned char *memory; /* `pairs` buffers to load into, then as many to store from */
    size_t pairs;
    size_t piece; /* bytes of a buffer, and of every piece but a window's last */
    struct report *report;

    /* Pieces of the window: stored <= completed <= submitted <= loaded <= stored + pairs. */
    size_t count;
    size_t loaded;
    size_t submitted;
    size_t stored;
    _Atomic size_t completed;  /* in order; written by the callback */
    _Atomic esp_err_t failure; /* of the first copy that failed */
};

static unsigned char *source_buffer(const struct staged *s, size_t piece)
{
    return s->memory + piece % s->pairs * s->piece;
}

static unsigned char *target_buffer(const struct staged *s, size_t piece)
{
    return source_buffer(s, piece) + s->pairs * s->piece;
}

static size_t size_of(const struct staged *s, const struct window *window, size_t piece)
{
    size_t left = window->size - piece * s->piece;
    return left < s->piece ? left : s->piece;
}

static bool on_done(async_memcpy_t driver, async_memcpy_event_t *event, void *arg)
{
    (void)driver;
    struct staged *s = arg;
    const async_memcpy_result_t *result = event->data;
    esp_err_t none = ESP_OK;
    if (result->status != ESP_OK) {
        atomic_compare_exchange_strong(&s->failure, &none, result->status);
    }
    /* Release: the main thread reads the copied bytes after it has seen this. */
    atomic_fetch_add_explicit(&s->completed, 1, memory_order_release);
    return false;
}

static size_t completed(struct staged *s)
{
    return atomic_load_explicit(&s->completed, memory_order_acquire);
}

static bool load_one(struct staged *s, const struct window *window)
{
    if (s->loaded == s->count || s->loaded - s->stored == s->pairs) {
        return false;
    }
    memcpy(source_buffer(s, s->loaded), window->source + s->loaded * s->piece, size_of(s, window, s->loaded));
    s->loaded++;
    return true;
}

static bool store_one(struct staged *s, const struct window *window)
{
    if (s->stored == completed(s)) {
        return false;
    }
    memcpy(window->target + s->stored * s->piece, target_buffer(s, s->stored), size_of(s, window, s->stored));
    s->stored++;
    return true;
}

/* Hand over the piece loaded first. timeout_ms: as esp_async_memcpy_timed(). */
static esp_err_t submit_one(struct staged *s, const struct window *window, int32_t timeout_ms)
{
    size_t size = (size_of(s, window, s->submitted) + STAGED_ALIGN - 1) / STAGED_ALIGN * STAGED_ALIGN;
    esp_err_t status = esp_async_memcpy_timed(s->driver, target_buffer(s, s->submitted),
                                              source_buffer(s, s->submitted), size, on_done, s, timeout_ms);
    s->submitted += status == ESP_OK;
    return status;
}

/* As far as there are slots: a piece may be counted as completed while on_done(), whose its slot is until it
 * returns, still runs. */
static esp_err_t submit_loaded(struct staged *s, const struct window *window)
{
    esp_err_t status = ESP_OK;
    while (status == ESP_OK && s->submitted < s->loaded && s->submitted - completed(s) < s->backlog) {
        status = submit_one(s, window, 0);
    }
    return status == ESP_ERR_TIMEOUT ? ESP_OK : status;
}

/* Nothing else to do: sleep until a slot is free for the piece that waits, or until all is done. */
static esp_err_t await(struct staged *s, const struct window *window)
{
    if (s->submitted < s->loaded) {
        return submit_one(s, window, -1);
    }
    esp_err_t status = esp_async_memcpy_wait(s->driver, -1);
    /* By now the callback has told of every piece; waiting again would not help. */
    return status == ESP_OK && completed(s) != s->submitted ? ESP_ERR_INVALID_SIZE : status;
}

static esp_err_t copy_pieces(struct staged *s, struct pass *pass)
{
    const struct window *window = &pass->window;
    esp_err_t status = ESP_OK;
    while (s->stored < s->count && status == ESP_OK) {
        status = submit_loaded(s, window);
        /* One thing at a time, the most urgent first, so that slots are filled soon after they come free. */
        if (status == ESP_OK && !store_one(s, window) && !load_one(s, window) &&
            !pass_hash(pass, s->stored * s->piece)) {
            status = await(s, window);
        }
        if (status == ESP_OK) {
            status = atomic_load_explicit(&s->failure, memory_order_relaxed);
        }
    }
    return status;
}

static esp_err_t copy_window(struct pass *pass, void *argument)
{
    struct staged *s = argument;
    s->count = (pass->window.size + s->piece - 1) / s->piece;
    s->loaded = 0;
    s->submitted = 0;
    s->stored = 0;
    atomic_store_explicit(&s->completed, 0, memory_order_relaxed);
    uint64_t begun_ns = clock_ns();
    esp_err_t status = copy_pieces(s, pass);
    s->report->copy_ns += clock_ns() - begun_ns;
    s->report->requests += s->submitted;
    /* After a failure copies may still be in flight: they use the buffers. */
    esp_async_memcpy_wait(s->driver, -1);
    if (status == ESP_OK) {
        pass_hash_rest(pass);
    }
    return status;
}

/* Buffers as large as the chip's memory has room for beside the driver. */
static bool get_buffers(struct staged *s)
{
    s->pairs = s->backlog + 1;
    for (s->piece = PIECE_MAX; s->piece >= PIECE_MIN; s->piece /= 2) {
        s->memory = heap_caps_malloc(2 * s->pairs * s->piece, MALLOC_CAP_DMA);
        if (s->memory != NULL) {
            return true;
        }
    }
    warnx("the chip's memory has no room for %zu buffers of %zu bytes; give a smaller --backlog",
          2 * s->pairs, PIECE_MIN);
    return false;
}

static bool count_and_run(struct staged *s, struct pass *pass, int source, int target, off_t size)
{
    struct report *report = s->report;
    async_memcpy_chip_counters_t before;
    esp_err_t status = esp_async_memcpy_chip_counters(&before);
    bool done = pass_run(pass, source, target, size, copy_window, s);
    if (status == ESP_OK) {
        status = esp_async_memcpy_chip_counters(&report->chip);
    }
    if (status != ESP_OK) {
        warnx("cannot read the chip's counters: %s", esp_err_to_name(status));
        return false;
    }
    report->chip.bus_cycles -= before.bus_cycles;
    report->chip.data_cycles -= before.data_cycles;
    report->chip.interrupts -= before.interrupts;
    return done;
}

bool staged_run(async_memcpy_t driver, uint32_t backlog, int source, int target, off_t size,
                struct report *report)
{
    *report = (struct report){0};
    struct staged s = {.driver = driver, .backlog = backlog, .report = report};
    if (!get_buffers(&s)) {
        return false;
    }
    report->piece = s.piece;
    struct pass pass;
    bool done = count_and_run(&s, &pass, source, target, size) &&
                pass_sums(&pass, report->source_hash, report->target_hash);
    pass_free(&pass);
    heap_caps_free(s.memory);
    return done;
}
