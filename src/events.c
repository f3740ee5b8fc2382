/* SPDX-License-Identifier: Apache-2.0 */
/* ETM: events that copies raise, and copies that events start. */
#include "driver.h"

/* ---- Events ---- */

void driver_set_event(async_memcpy_t driver, uint32_t number)
{
    driver->etm.hardware = number;
}

esp_err_t driver_new_event(struct engine *engine, esp_etm_event_handle_t *out_event)
{
    return etm_new_event(&engine->driver->etm, out_event);
}

esp_err_t esp_async_memcpy_new_etm_event(async_memcpy_t asmcp, async_memcpy_etm_event_t event_type,
                                         esp_etm_event_handle_t *out_event)
{
    if (asmcp == NULL || out_event == NULL) {
        port_log('E', "event: handle %p, out_event %p; neither may be NULL", (void *)asmcp,
                 (void *)out_event);
        return ESP_ERR_INVALID_ARG;
    }
    const struct engine_ops *ops = asmcp->engine->ops;
    if (event_type != ASYNC_MEMCPY_ETM_EVENT_COPY_DONE || ops->new_event == NULL) {
        port_log('E', "event: engine %s gives %s; type %d was asked for", ops->name,
                 ops->new_event == NULL ? "no events" : "only ASYNC_MEMCPY_ETM_EVENT_COPY_DONE",
                 (int)event_type);
        return ESP_ERR_NOT_SUPPORTED;
    }
    if (!driver_enter(asmcp, "event")) {
        return ESP_FAIL;
    }
    esp_err_t status = ops->new_event(asmcp->engine, out_event);
    driver_leave(asmcp);
    return status;
}

/* ---- A copy that an event starts ---- */

void driver_ran(async_memcpy_t driver, esp_err_t status)
{
    struct slot *slot = slot_of(driver, port_ring_oldest(&driver->ring));
    const struct listener *listener = listener_of(driver, slot);
    async_memcpy_result_t result = {status, slot->request.n, slot->request.dst, slot->request.src};
    driver_keep_failure(driver, status);
    if (listener->callback != NULL) {
        driver_call_back(driver, listener->callback, listener->argument, &result);
    }
}

void driver_release(async_memcpy_t driver)
{
    port_ring_release(&driver->ring);
    port_event_signal(&driver->changed); /* to those who saw it reserved */
}

static esp_err_t check_task(async_memcpy_t driver, const struct request *copy,
                            const esp_etm_task_handle_t *out_task)
{
    if (driver == NULL || out_task == NULL) {
        port_log('E', "task: handle %p, out_task %p; neither may be NULL", (void *)driver,
                 (const void *)out_task);
        return ESP_ERR_INVALID_ARG;
    }
    if (driver->engine->ops->new_task == NULL) {
        port_log('E', "task: engine %s has no ETM; the DMA of a chip with ETM has",
                 driver->engine->ops->name);
        return ESP_ERR_NOT_SUPPORTED;
    }
    esp_err_t status = driver_check_copy(driver, copy);
    return status == ESP_OK && port_in_isr() ? ESP_ERR_INVALID_STATE : status;
}

/*
 * Have the driver to ourselves: no ticket is given out, and what was accepted has come to its end. The task's
 * copy then lies in the slot whose turn it is.
 */
static struct slot *reserve(async_memcpy_t driver)
{
    if (!port_ring_reserve(&driver->ring)) {
        port_log('E', "task: this driver has an ETM task; delete that first");
        return NULL;
    }
    port_event_signal(&driver->changed); /* to those who wait for a slot: there is none for now */
    uint32_t target = port_ring_accepted(&driver->ring);
    driver_wait_until(driver, driver_is_complete, &target, PORT_FOREVER);
    return slot_of(driver, target);
}

esp_err_t esp_async_memcpy_new_etm_task(async_memcpy_t asmcp, void *dst, void *src, size_t n,
                                        async_memcpy_isr_cb_t cb_isr, void *cb_args,
                                        esp_etm_task_handle_t *out_task)
{
    struct request copy = {dst, src, n};
    esp_err_t status = check_task(asmcp, &copy, out_task);
    if (status != ESP_OK) {
        return status;
    }
    if (!driver_enter(asmcp, "task")) {
        return ESP_FAIL;
    }
    struct slot *slot = reserve(asmcp);
    if (slot == NULL) {
        status = ESP_ERR_INVALID_STATE;
    } else {
        slot->request = copy;
        struct listener *listener = listener_of(asmcp, slot);
        listener->callback = cb_isr;
        listener->argument = cb_args;
        status = asmcp->engine->ops->new_task(asmcp->engine, &slot->request, out_task);
        if (status != ESP_OK) {
            driver_release(asmcp);
        }
    }
    driver_leave(asmcp);
    return status;
}
