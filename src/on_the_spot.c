/* SPDX-License-Identifier: Apache-2.0 */
/* What an engine needs that lets submitters and waiters make copies: a look ahead, and an end without a word.
 */
#include "driver.h"

const struct request *driver_peek(async_memcpy_t driver)
{
    struct slot *slot = slot_of(driver, driver->taken);
    return port_ring_ready(&driver->ring, &slot->mark, driver->taken) ? &slot->request : NULL;
}

bool driver_is_quiet(async_memcpy_t driver, const struct request *request)
{
    struct slot *slot = (struct slot *)(uintptr_t)request;
    return callback_of(driver, slot) == NULL && !etm_is_heard(&driver->etm);
}

/* Who has begun to listen since driver_is_quiet() misses this event, as one that was under way. */
void driver_done_quietly(async_memcpy_t driver)
{
    uint32_t ticket = port_ring_oldest(&driver->ring);
    struct slot *slot = slot_of(driver, ticket);
    if (caller_of(driver, slot) != NULL) {
        driver_finish_blocking(driver, slot, ESP_OK);
    } else {
        port_ring_complete(&driver->ring, ticket);
    }
    port_event_signal(&driver->changed);
}
