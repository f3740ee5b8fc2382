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

/* ---- Calls ---- */

bool driver_enter(async_memcpy_t driver, const char *name)
{
    bool open = port_ring_enter(&driver->ring);
    if (!open) {
        driver_turn_away(driver, name);
    }
    return open;
}

void driver_leave(async_memcpy_t driver)
{
    port_ring_leave(&driver->ring);
}

/* ---- Submit ---- */

static bool in_reach(const struct engine *engine, uintptr_t first, size_t n)
{
    if (first >= engine->reach_first && first <= engine->reach_last && n - 1 <= engine->reach_last - first) {
        return true;
    }
    if (engine->ops->reach == NULL) {
        return false;
    }
    return engine->ops->reach(engine, (const void *)first, n);
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

enum copy_fault driver_find_fault(async_memcpy_t driver, const struct request *copy)
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
    uintptr_t apart = dst > src ? dst - src : src - dst;
    return apart - 1 < copy->n - 1 ? COPY_OVERLAPS : COPY_SOUND; /* 0 apart is as good as infinitely far */
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

/* Whoever writes a batch is called by a pointer that the batch brings: a program without has no batch.c. */
bool driver_finish_batch(async_memcpy_t driver)
{
    port_batch_writer write = NULL;
    struct port_batch *tickets = port_ring_open_batch(&driver->ring, &write);
    if (tickets == NULL) {
        return false;
    }
    return write(driver, tickets);
}

/* NOLINTBEGIN(misc-no-recursion): each call is the caller's last; on the chip a jump, which tools/size
 * demands */

/* Refused: because there is a batch to be finished first? */
static __attribute__((cold, noinline)) esp_err_t submit_again(async_memcpy_t driver, void *dst, void *src,
                                                              size_t n, async_memcpy_isr_cb_t callback,
                                                              void *argument, uint32_t *ticket)
{
    if (driver_finish_batch(driver)) {
        return driver_submit(driver, dst, src, n, callback, argument, ticket);
    }
    return ticket == NULL ? driver_turn_away(driver, "copy") : ESP_FAIL;
}

esp_err_t driver_submit(async_memcpy_t driver, void *dst, void *src, size_t n, async_memcpy_isr_cb_t callback,
                        void *argument, uint32_t *ticket)
{
    /* What is constant is looked up before the claim, which may be a critical section. */
    struct engine *engine = driver->engine;
    bool (*take_now)(struct engine *, const struct request *) = engine->ops->take_now;
    uint32_t slot_mask = driver->slot_mask;
    struct port_claim claim;
    if (!port_ring_claim(&driver->ring, driver->backlog, &claim)) {
        return submit_again(driver, dst, src, n, callback, argument, ticket);
    }
    if (ticket != NULL) {
        *ticket = claim.ticket;
    }
    struct slot *slot = &slots_of(driver)[claim.ticket & slot_mask];
    struct request copy = {dst, src, n};
    driver_fill_slot(driver, slot, &claim, &copy, callback, argument);
    if (port_ring_take_now(&driver->ring, &claim, &driver->taken)) {
        if (take_now(engine, &slot->request)) {
            port_ring_settle(&driver->ring, &claim);
            return ESP_OK;
        }
        driver->taken--;
    }
    port_ring_go_on(&driver->ring, &claim);
    driver->engine->ops->kick(driver->engine);
    port_ring_end(&driver->ring, &claim);
    return ESP_OK;
}

/* NOLINTEND(misc-no-recursion) */

/* A copy that is not plain: it may be accepted all the same. */
static __attribute__((cold, noinline)) esp_err_t submit_odd(async_memcpy_t driver, void *dst, void *src,
                                                            size_t n, async_memcpy_isr_cb_t callback,
                                                            void *argument)
{
    struct request copy = {dst, src, n};
    esp_err_t status = driver_check_copy(driver, &copy);
    return status != ESP_OK ? status : driver_submit(driver, dst, src, n, callback, argument, NULL);
}

/* NULL: an engine that must always be kicked. */
static inline bool wants_a_kick(struct port_event *doorbell)
{
    return doorbell == NULL || port_event_is_awaited(doorbell);
}

static __attribute__((noinline)) esp_err_t kick_and_settle(async_memcpy_t driver, struct port_claim claim)
{
    port_ring_go_on_quickly(&driver->ring, &claim);
    driver->engine->ops->kick(driver->engine);
    port_ring_settle(&driver->ring, &claim);
    return ESP_OK;
}

/* A slot was claimed quickly for this copy. */
static inline __attribute__((always_inline)) esp_err_t
submit_claimed(async_memcpy_t driver, const struct port_claim *claim, const struct request *copy,
               async_memcpy_isr_cb_t callback, void *argument)
{
    driver_fill_slot(driver, slot_of(driver, claim->ticket), claim, copy, callback, argument);
    if (wants_a_kick(driver->engine->doorbell)) {
        return kick_and_settle(driver, *claim);
    }
    port_ring_settle_quickly(&driver->ring, claim);
    return ESP_OK;
}

bool driver_submit_quickly(async_memcpy_t driver, const struct request *copy, async_memcpy_isr_cb_t callback,
                           void *argument)
{
    struct port_claim claim;
    return driver_is_plain(driver, copy->dst, copy->src, copy->n) &&
           port_ring_claim_quickly(&driver->ring, driver->backlog, false, &claim) == PORT_CLAIMED &&
           submit_claimed(driver, &claim, copy, callback, argument) == ESP_OK;
}

/* No room was left of what was seen last, or somebody else submits too, or nobody is awake. */
static __attribute__((noinline)) esp_err_t submit_slowly(async_memcpy_t driver, void *dst, void *src,
                                                         size_t n, async_memcpy_isr_cb_t callback,
                                                         void *argument)
{
    struct port_claim claim;
    struct request copy = {dst, src, n};
    switch (port_ring_claim_quickly(&driver->ring, driver->backlog, true, &claim)) {
    case PORT_CLAIMED:
        return submit_claimed(driver, &claim, &copy, callback, argument);
    case PORT_FULL:
        return ESP_FAIL;
    default:
        return driver_submit(driver, dst, src, n, callback, argument, NULL);
    }
}

/*
 * The quick way is for the thread that submits alone, while the engine is awake. It stores nothing but the
 * claim and the slot: a CPU can hold only so many stores that wait for a line. To save a register would be
 * one, too; so all calls are jumps, and a copy that nobody listens to has a function of its own, with less to
 * keep.
 */
static inline __attribute__((always_inline)) esp_err_t submit_plain(async_memcpy_t driver, void *dst,
                                                                    void *src, size_t n,
                                                                    async_memcpy_isr_cb_t callback,
                                                                    void *argument)
{
    struct port_claim claim;
    if (port_ring_claim_quickly(&driver->ring, driver->backlog, false, &claim) != PORT_CLAIMED) {
        return submit_slowly(driver, dst, src, n, callback, argument);
    }
    struct request copy = {dst, src, n};
    return submit_claimed(driver, &claim, &copy, callback, argument);
}

static __attribute__((noinline)) esp_err_t submit_heard(async_memcpy_t driver, void *dst, void *src, size_t n,
                                                        async_memcpy_isr_cb_t callback, void *argument)
{
    return submit_plain(driver, dst, src, n, callback, argument);
}

static __attribute__((noinline)) esp_err_t submit_unheard(async_memcpy_t driver, void *dst, void *src,
                                                          size_t n)
{
    return submit_plain(driver, dst, src, n, NULL, NULL);
}

esp_err_t esp_async_memcpy(async_memcpy_t asmcp, void *dst, void *src, size_t n, async_memcpy_isr_cb_t cb_isr,
                           void *cb_args)
{
    void *argument = driver_argument(cb_isr, cb_args);
    if (asmcp == NULL || !driver_is_plain(asmcp, dst, src, n)) {
        return submit_odd(asmcp, dst, src, n, cb_isr, argument);
    }
    if (!PORT_RING_HAS_QUICK_WAY) {
        return driver_submit(asmcp, dst, src, n, cb_isr, argument, NULL);
    }
    return cb_isr == NULL ? submit_unheard(asmcp, dst, src, n)
                          : submit_heard(asmcp, dst, src, n, cb_isr, argument);
}

/* ---- Complete: the engine's way up ---- */

/* Bytes of a copy that takes longer than the next slot's line on its way here, which then need not be waited
 * for. With smaller ones that line would come before it is written, and have to come again. */
#define FORESIGHT_MIN 4096

const struct request *driver_take(async_memcpy_t driver)
{
    struct slot *slot = slot_of(driver, driver->taken);
    if (!port_ring_ready(&driver->ring, &slot->mark, driver->taken)) {
        return NULL;
    }
    driver->taken++;
    if (PORT_RING_HAS_QUICK_WAY && slot->request.n >= FORESIGHT_MIN) {
        __builtin_prefetch(slot_of(driver, driver->taken));
    }
    return &slot->request;
}

void driver_rewind(async_memcpy_t driver, bool skip)
{
    driver->taken = port_ring_oldest(&driver->ring) + skip;
}

/* For the next wait, unless it has an earlier one to tell. */
void driver_keep_failure(async_memcpy_t driver, esp_err_t status)
{
    if (status != ESP_OK) {
        esp_err_t none = ESP_OK;
        atomic_compare_exchange_strong(&driver->failure, &none, status);
    }
}

/* The end of a copy without a callback. */
static __attribute__((noinline)) void end_quietly(async_memcpy_t driver, struct slot *slot, esp_err_t status)
{
    if (caller_of(driver, slot) != NULL) {
        driver_finish_blocking(driver, slot, status);
    } else {
        uint32_t ticket = port_ring_oldest(&driver->ring);
        port_ring_free(&driver->ring, ticket);
        port_ring_complete(&driver->ring, ticket);
    }
    port_event_signal(&driver->changed);
}

static inline __attribute__((always_inline)) void end_copy(async_memcpy_t driver, struct slot *slot,
                                                           esp_err_t status)
{
    async_memcpy_isr_cb_t callback = callback_of(driver, slot);
    if (__builtin_expect(callback == NULL, 0)) {
        end_quietly(driver, slot, status);
        return;
    }
    void *argument = listener_of(driver, slot)->argument;
    async_memcpy_result_t result = {status, slot->request.n, slot->request.dst, slot->request.src};
    uint32_t ticket = port_ring_oldest(&driver->ring);
    if (port_ring_free(&driver->ring, ticket)) {
        port_event_signal(&driver->changed);
    }
    driver_call_back(driver, callback, argument, &result);
    if (port_ring_complete(&driver->ring, ticket)) {
        port_event_signal(&driver->changed);
    }
}

void driver_succeeded(async_memcpy_t driver, const struct request *request)
{
    end_copy(driver, (struct slot *)(uintptr_t)request, ESP_OK);
}

static __attribute__((noinline)) void end_oldest(async_memcpy_t driver, esp_err_t status)
{
    end_copy(driver, slot_of(driver, port_ring_oldest(&driver->ring)), status);
}

void driver_failed(async_memcpy_t driver, esp_err_t status)
{
    driver_keep_failure(driver, status);
    end_oldest(driver, status);
}

void driver_done(async_memcpy_t driver, esp_err_t status)
{
    if (status == ESP_OK) {
        etm_raise(&driver->etm); /* it says that the data is in place, as the hardware's end of frame does */
    }
    driver_keep_failure(driver, status);
    end_oldest(driver, status);
}

bool driver_is_heard(const struct request *request)
{
    return is_heard((const struct slot *)request);
}

void driver_done_later(async_memcpy_t driver, bool heard)
{
    if (!heard && !etm_is_heard(&driver->etm)) {
        port_ring_complete_later(&driver->ring);
    } else {
        driver_publish(driver);
        driver_done(driver, ESP_OK);
    }
}

void driver_publish(async_memcpy_t driver)
{
    if (port_ring_tell(&driver->ring)) {
        port_event_signal(&driver->changed);
    }
}
