/* SPDX-License-Identifier: Apache-2.0 */
/*
 * This library as a subject, whichever way a driver was installed, through its public calls alone: a refused
 * copy tells that the window is full, a wait of no time whether all is done.
 */
#ifndef OURS_H
#define OURS_H

#include <stdatomic.h>
#include <stdint.h>

#include "drive.h"
#include "esp_async_memcpy_ext.h"

struct ours {
    async_memcpy_t driver;
    uint64_t submitted;
    _Alignas(64) _Atomic uint64_t called; /* by the callback */
};

/* A driver on a worker thread; NULL: told why. */
async_memcpy_t ours_install(unsigned depth, uint32_t flags);

/* A subject's self around a driver; NULL: none was installed, or there is no memory. */
void *ours_wrap(async_memcpy_t driver);
void ours_close(void *self);

static inline bool ours_copy(struct ours *ours, struct copy copy, async_memcpy_isr_cb_t callback)
{
    return esp_async_memcpy(ours->driver, copy.dst, (void *)(uintptr_t)copy.src, copy.n, callback, ours) ==
           ESP_OK;
}

static inline bool ours_submit(void *self, struct copy copy)
{
    return ours_copy(self, copy, NULL);
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

#endif
