/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The driver: all policy, and no knowledge of how bytes move.
 *
 *      completed       taken           accepted          one ring of slots,
 *         │   copying    │    waiting       │              three tickets
 *   ──────┴──────────────┴──────────────────┴──────▶
 *   (the slot of a copy that ends is its callback's to claim, before it is anybody's)
 *
 *   program ─▶ esp_async_memcpy ─▶ ring ─▶ kick ─▶ engine ─▶ driver_take … driver_done
 *                                                                               │
 *                                                event, callback, waiters ◀─────┘
 *
 * `accepted` and `completed` belong to the port's ring, which decides how slots are claimed; `taken` to the
 * engine's taking side. DESIGN.md has the table of shared fields.
 */
#include "driver.h"

/* ---- Submit ---- */

static bool in_reach(const struct engine *engine, uintptr_t first, size_t n)
{
    if (first >= engine->reach_first && first <= engine->reach_last && n - 1 <= engine->reach_last - first) {
        return true;
    }
    return engine->ops->reach != NULL && engine->ops->reach(engine, (const void *)first, n);
}

static void log_out_of_reach(const struct engine *engine, const struct request *copy, const char *name)
{
    if (engine->reach_first > engine->reach_last) {
        port_log('E', "%s: dst %p, src %p, n %zu: engine %s does not reach that; %s", name, copy->dst,
                 copy->src, copy->n, engine->ops->name, engine->ops->remedy);
    } else {
        port_log('E',
                 "%s: dst %p, src %p, n %zu: engine %s reaches %p to %p; heap_caps_malloc(n, "
                 "MALLOC_CAP_DMA) gives such memory",
                 name, copy->dst, copy->src, copy->n, engine->ops->name, (void *)engine->reach_first,
                 (void *)engine->reach_last);
    }
}

/* Bits that must be 0 in destination and size. */
static size_t align_mask(async_memcpy_t driver, const struct request *copy)
{
    return port_memory_of(copy->dst) == PORT_PSRAM ? driver->psram_mask : driver->sram_mask;
}

static inline enum copy_fault find_fault(async_memcpy_t driver, const struct request *copy)
{
    if (driver == NULL || copy->dst == NULL || copy->src == NULL || copy->n == 0) {
        return COPY_OF_NOTHING;
    }
    uintptr_t dst = (uintptr_t)copy->dst;
    uintptr_t src = (uintptr_t)copy->src;
    if (((dst | copy->n) & align_mask(driver, copy)) != 0) {
        return COPY_MISALIGNED;
    }
    if (!in_reach(driver->engine, dst, copy->n) || !in_reach(driver->engine, src, copy->n)) {
        return COPY_OUT_OF_REACH;
    }
    return dst != src && (dst - src < copy->n || src - dst < copy->n) ? COPY_OVERLAPS : COPY_SOUND;
}

enum copy_fault driver_find_fault(async_memcpy_t driver, const struct request *copy)
{
    return find_fault(driver, copy);
}

esp_err_t driver_refuse_copy(async_memcpy_t driver, const struct request *copy, enum copy_fault fault,
                             const char *name)
{
    switch (fault) {
    case COPY_MISALIGNED:
        port_log('E', "%s: dst %p and n %zu must be multiples of the declared alignment, %zu", name,
                 copy->dst, copy->n, align_mask(driver, copy) + 1);
        break;
    case COPY_OUT_OF_REACH:
        log_out_of_reach(driver->engine, copy, name);
        break;
    case COPY_OVERLAPS:
        port_log('E', "%s: dst %p and src %p overlap over n %zu; only dst == src may", name, copy->dst,
                 copy->src, copy->n);
        break;
    default:
        port_log('E', "%s: handle %p, dst %p, src %p, n %zu; none of them may be 0", name, (void *)driver,
                 copy->dst, copy->src, copy->n);
    }
    return ESP_ERR_INVALID_ARG;
}

esp_err_t driver_check_copy(async_memcpy_t driver, const struct request *copy)
{
    enum copy_fault fault = driver_find_fault(driver, copy);
    return fault == COPY_SOUND ? ESP_OK : driver_refuse_copy(driver, copy, fault, "copy");
}

esp_err_t driver_turn_away(async_memcpy_t driver, const char *name)
{
    if (port_ring_is_closed(&driver->ring)) {
        port_log('E', "%s: the driver is being uninstalled, or is the parent process's; install another",
                 name);
    } else if (port_ring_refuses(&driver->ring)) {
        port_log('E', "%s: the driver has an ETM task; delete that first, or install another", name);
    }
    return ESP_FAIL;
}

/* The engine wants to go on, outside of the claim's critical section. */
static void kick_on(async_memcpy_t driver, const struct port_claim *claim)
{
    port_ring_go_on(&driver->ring, claim);
    while (driver->engine->ops->kick(driver->engine, NULL)) {
    }
    port_ring_end(&driver->ring, claim);
}

esp_err_t driver_submit(async_memcpy_t driver, const struct request *copy, async_memcpy_isr_cb_t callback,
                        void *argument, uint32_t *ticket)
{
    struct port_claim claim;
    while (!port_ring_claim(&driver->ring, driver->backlog, &claim)) {
        if (!driver_finish_batch(driver)) {
            return ESP_FAIL;
        }
    }
    *ticket = claim.ticket;
    struct slot *slot = driver_fill_slot(driver, &claim, copy, callback, argument);
    bool next = port_ring_take_now(&driver->ring, &claim, &driver->taken);
    if (driver->engine->ops->kick(driver->engine, next ? &slot->request : NULL)) {
        kick_on(driver, &claim);
    } else {
        port_ring_settle(&driver->ring, &claim);
    }
    return ESP_OK;
}

/* In any way that there is. */
static __attribute__((noinline)) esp_err_t submit(async_memcpy_t driver, void *dst, void *src, size_t n,
                                                  async_memcpy_isr_cb_t callback, void *argument)
{
    struct request copy = {dst, src, n};
    uint32_t ticket;
    esp_err_t status = driver_check_copy(driver, &copy);
    if (status != ESP_OK) {
        return status;
    }
    status = driver_submit(driver, &copy, callback, argument, &ticket);
    return status == ESP_OK ? ESP_OK : driver_turn_away(driver, "copy");
}

static __attribute__((noinline)) esp_err_t kick_and_settle(async_memcpy_t driver, struct port_claim claim)
{
    if (driver->engine->ops->kick(driver->engine, NULL)) {
        kick_on(driver, &claim);
    } else {
        port_ring_settle(&driver->ring, &claim);
    }
    return ESP_OK;
}

/*
 * The quick way is for the thread that submits alone, while the engine is awake. It calls nothing, so that
 * it stores nothing but the claim and the slot: a CPU can hold only so many stores that wait for a line.
 */
esp_err_t esp_async_memcpy(async_memcpy_t asmcp, void *dst, void *src, size_t n, async_memcpy_isr_cb_t cb_isr,
                           void *cb_args)
{
    struct request copy = {dst, src, n};
    struct port_claim claim;
    if (!PORT_RING_HAS_QUICK_WAY || find_fault(asmcp, &copy) != COPY_SOUND ||
        !port_ring_claim_quickly(&asmcp->ring, asmcp->backlog, &claim)) {
        return submit(asmcp, dst, src, n, cb_isr, cb_args);
    }
    driver_fill_slot(asmcp, &claim, &copy, cb_isr, cb_args);
    struct port_event *doorbell = asmcp->engine->doorbell;
    if (doorbell == NULL || port_event_is_awaited(doorbell)) {
        return kick_and_settle(asmcp, claim);
    }
    port_ring_settle(&asmcp->ring, &claim);
    return ESP_OK;
}

/* ---- Complete: the engine's way up ---- */

void driver_call_back(async_memcpy_t driver, async_memcpy_isr_cb_t callback, void *argument,
                      const async_memcpy_result_t *result)
{
    async_memcpy_event_t event = {(void *)(uintptr_t)result};
    port_isr_callback((port_function)callback);
    if (callback(driver, &event, argument)) {
        port_isr_yield();
    }
    port_isr_callback(NULL);
}

const struct request *driver_take(async_memcpy_t driver)
{
    struct slot *slot = slot_of(driver, driver->taken);
    if (!port_ring_ready(&driver->ring, &slot->mark, driver->taken)) {
        return NULL;
    }
    driver->taken++;
    return &slot->request;
}

void driver_put_back(async_memcpy_t driver)
{
    driver->taken--;
}

void driver_rewind(async_memcpy_t driver)
{
    driver->taken = port_ring_oldest(&driver->ring);
}

/* For the next wait, unless it has an earlier one to tell. */
void driver_keep_failure(async_memcpy_t driver, esp_err_t status)
{
    if (status != ESP_OK) {
        esp_err_t none = ESP_OK;
        atomic_compare_exchange_strong(&driver->failure, &none, status);
    }
}

void driver_done(async_memcpy_t driver, esp_err_t status)
{
    uint32_t ticket = port_ring_oldest(&driver->ring);
    struct slot *slot = slot_of(driver, ticket);
    async_memcpy_isr_cb_t callback = slot->callback;
    async_memcpy_result_t result = {status, slot->request.n, slot->request.dst, slot->request.src};
    driver_keep_failure(driver, status);
    if (status == ESP_OK) {
        etm_raise(&driver->etm); /* it says that the data is in place, as the hardware's end of frame does */
    }
    if (callback == driver_finish_blocking) {
        async_memcpy_event_t event = {&result};
        driver_finish_blocking(driver, &event, &ticket);
    } else {
        void *argument = slot->argument;
        port_ring_free(&driver->ring, ticket);
        if (callback != NULL) {
            driver_call_back(driver, callback, argument, &result);
        }
        port_ring_complete(&driver->ring, ticket);
    }
    port_event_signal(&driver->changed);
}

void driver_done_later(async_memcpy_t driver)
{
    const struct slot *slot = slot_of(driver, port_ring_oldest(&driver->ring) + driver->unpublished);
    if (slot->callback == NULL && !etm_is_heard(&driver->etm)) {
        driver->unpublished++;
    } else {
        driver_publish(driver);
        driver_done(driver, ESP_OK);
    }
}

void driver_publish(async_memcpy_t driver)
{
    if (driver->unpublished != 0) {
        port_ring_complete(&driver->ring, port_ring_oldest(&driver->ring) + driver->unpublished - 1);
        driver->unpublished = 0;
        port_event_signal(&driver->changed);
    }
}
