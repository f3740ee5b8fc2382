/* SPDX-License-Identifier: Apache-2.0 */
/* The library on its worker thread, in the ways in which a program may use it. */
#include "ours.h"

#include <stdio.h>
#include <stdlib.h>

async_memcpy_t ours_install(unsigned depth, uint32_t flags)
{
    async_memcpy_config_t config = ASYNC_MEMCPY_DEFAULT_CONFIG();
    config.backlog = depth;
    config.flags = flags;
    async_memcpy_t driver;
    esp_err_t status = esp_async_memcpy_install_threads(&config, &driver);
    if (status != ESP_OK) {
        fprintf(stderr, "bench: install: %s\n", esp_err_to_name(status));
    }
    return driver;
}

void *ours_wrap(async_memcpy_t driver)
{
    struct ours *ours = driver == NULL ? NULL : aligned_alloc(64, sizeof *ours);
    if (ours != NULL) {
        *ours = (struct ours){.driver = driver};
    }
    return ours;
}

static void *ours_open(unsigned depth)
{
    return ours_wrap(ours_install(depth, 0));
}

void ours_close(void *self)
{
    struct ours *ours = self;
    esp_async_memcpy_uninstall(ours->driver);
    free(ours);
}

/* ---- No callback ---- */

static inline bool waiting_idle(void *self)
{
    struct ours *ours = self;
    return esp_async_memcpy_wait(ours->driver, -1) == ESP_OK;
}

static const struct drive ours_drive = {ours_submit, ours_nothing, ours_nothing, ours_idle};
static const struct drive waiting_drive = {ours_submit, ours_nothing, ours_nothing, waiting_idle};

DRIVE(ours, ours_drive)
DRIVE(waiting, waiting_drive)

const struct subject subject_ours = {.name = "ours",
                                     .label = "this library",
                                     .open = ours_open,
                                     .close = ours_close,
                                     DRIVEN(ours),
                                     .try_submit = ours_submit,
                                     .idle = ours_idle};

const struct subject subject_waiting = {.name = "waiting",
                                        .label = "this library, waiting",
                                        .open = ours_open,
                                        .close = ours_close,
                                        DRIVEN(waiting)};

/* Waits for a slot in the library. */
static bool timed_submit(void *self, struct copy copy)
{
    struct ours *ours = self;
    return esp_async_memcpy_timed(ours->driver, copy.dst, (void *)(uintptr_t)copy.src, copy.n, NULL, NULL,
                                  -1) == ESP_OK;
}

const struct subject subject_timed = {.name = "timed",
                                      .label = "this library, waiting for a slot",
                                      .open = ours_open,
                                      .close = ours_close,
                                      .try_submit = timed_submit,
                                      .idle = ours_idle};

/* ---- A callback per copy ---- */

static bool count_call(async_memcpy_t driver, async_memcpy_event_t *event, void *argument)
{
    (void)driver;
    (void)event;
    struct ours *ours = argument;
    uint64_t called = atomic_load_explicit(&ours->called, memory_order_relaxed);
    atomic_store_explicit(&ours->called, called + 1, memory_order_release);
    return false;
}

/* Waits for a slot in the library: there is nothing else to do. */
static inline bool callback_submit(void *self, struct copy copy)
{
    struct ours *ours = self;
    ours->submitted++;
    return esp_async_memcpy_timed(ours->driver, copy.dst, (void *)(uintptr_t)copy.src, copy.n, count_call,
                                  ours, -1) == ESP_OK;
}

static inline bool callback_idle(void *self)
{
    struct ours *ours = self;
    return atomic_load_explicit(&ours->called, memory_order_acquire) == ours->submitted;
}

static const struct drive callback_drive = {callback_submit, ours_nothing, ours_nothing, callback_idle};

DRIVE(callback, callback_drive)

const struct subject subject_callback = {.name = "callback",
                                         .label = "this library, a callback per copy",
                                         .open = ours_open,
                                         .close = ours_close,
                                         DRIVEN(callback)};

/* ---- Submit and wait in one call ---- */

static inline bool blocking_submit(void *self, struct copy copy)
{
    struct ours *ours = self;
    return esp_memcpy_blocking(ours->driver, copy.dst, (void *)(uintptr_t)copy.src, copy.n, -1) == ESP_OK;
}

static inline bool blocking_idle(void *self)
{
    (void)self;
    return true;
}

static const struct drive blocking_drive = {blocking_submit, ours_nothing, ours_nothing, blocking_idle};

static void blocking_stream(void *self, struct loop *loop)
{
    drive_stream(&blocking_drive, self, loop);
}

static void blocking_latency(void *self, struct loop *loop)
{
    drive_latency(&blocking_drive, self, loop);
}

const struct subject subject_blocking = {.name = "blocking",
                                         .label = "this library, the caller waits and helps",
                                         .open = ours_open,
                                         .close = ours_close,
                                         .stream = blocking_stream,
                                         .latency = blocking_latency};
