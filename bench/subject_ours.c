/* SPDX-License-Identifier: Apache-2.0 */
/* The library, through its public calls alone: a full backlog tells that the window is full. */
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

#include "drive.h"
#include "esp_async_memcpy_ext.h"

struct ours {
    async_memcpy_t driver;
    async_memcpy_isr_cb_t callback;
    _Alignas(64) _Atomic uint64_t called; /* by the callback */
    uint64_t submitted;
};

static bool count_call(async_memcpy_t driver, async_memcpy_event_t *event, void *argument)
{
    (void)driver;
    (void)event;
    struct ours *ours = argument;
    uint64_t called = atomic_load_explicit(&ours->called, memory_order_relaxed);
    atomic_store_explicit(&ours->called, called + 1, memory_order_release);
    return false;
}

static void *ours_install(unsigned depth, uint32_t flags, async_memcpy_isr_cb_t callback)
{
    struct ours *ours = aligned_alloc(64, sizeof *ours);
    if (ours == NULL) {
        return NULL;
    }
    *ours = (struct ours){.callback = callback};
    async_memcpy_config_t config = ASYNC_MEMCPY_DEFAULT_CONFIG();
    config.backlog = depth;
    config.flags = flags;
    esp_err_t status = esp_async_memcpy_install_threads(&config, &ours->driver);
    if (status != ESP_OK) {
        fprintf(stderr, "bench: install: %s\n", esp_err_to_name(status));
        free(ours);
        return NULL;
    }
    return ours;
}

static void *ours_open(unsigned depth)
{
    return ours_install(depth, 0, NULL);
}

static void *callback_open(unsigned depth)
{
    return ours_install(depth, 0, count_call);
}

static void ours_close(void *self)
{
    struct ours *ours = self;
    esp_async_memcpy_uninstall(ours->driver);
    free(ours);
}

static inline bool ours_submit(void *self, struct copy copy)
{
    struct ours *ours = self;
    return esp_async_memcpy(ours->driver, copy.dst, (void *)(uintptr_t)copy.src, copy.n, NULL, NULL) ==
           ESP_OK;
}

static inline bool callback_submit(void *self, struct copy copy)
{
    struct ours *ours = self;
    if (esp_async_memcpy(ours->driver, copy.dst, (void *)(uintptr_t)copy.src, copy.n, count_call, ours) !=
        ESP_OK) {
        return false;
    }
    ours->submitted++;
    return true;
}

static inline void ours_nothing(void *self)
{
    (void)self;
}

static inline bool ours_idle(void *self)
{
    struct ours *ours = self;
    return esp_async_memcpy_wait(ours->driver, 0) != ESP_ERR_TIMEOUT;
}

static inline bool callback_idle(void *self)
{
    struct ours *ours = self;
    return atomic_load_explicit(&ours->called, memory_order_acquire) == ours->submitted;
}

static const struct drive ours_drive = {ours_submit, ours_nothing, ours_nothing, ours_idle};
static const struct drive callback_drive = {callback_submit, ours_nothing, ours_nothing, callback_idle};

DRIVE(ours, ours_drive)
DRIVE(callback, callback_drive)

const struct subject subject_ours = {
    .name = "ours",
    .label = "this library",
    .open = ours_open,
    .close = ours_close,
    .stream = ours_stream,
    .submit = ours_submit_timed,
    .latency = ours_latency,
    .keep = ours_keep,
};

const struct subject subject_callback = {
    .name = "callback",
    .label = "this library, a callback per copy",
    .open = callback_open,
    .close = ours_close,
    .stream = callback_stream,
    .submit = callback_submit_timed,
    .latency = callback_latency,
    .keep = callback_keep,
};
