/* SPDX-License-Identifier: Apache-2.0 */
/* What the subjects that are this library share. */
#ifndef OURS_H
#define OURS_H

#include <stdint.h>

#include "esp_async_memcpy_ext.h"
#include "places.h"

/* A driver on a worker thread; NULL: told why. */
async_memcpy_t ours_install(unsigned depth, uint32_t flags);

static inline bool ours_copy(async_memcpy_t driver, struct copy copy, async_memcpy_isr_cb_t callback,
                             void *argument)
{
    return esp_async_memcpy(driver, copy.dst, (void *)(uintptr_t)copy.src, copy.n, callback, argument) ==
           ESP_OK;
}

#endif
