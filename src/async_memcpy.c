/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The driver: all policy, and no knowledge of how bytes move.
 *
 *      freed      completed       taken           accepted          one ring of slots,
 *        │  callback  │  copying    │   waiting       │              four tickets
 *   ─────┴────────────┴─────────────┴─────────────────┴──────▶
 *   (freed runs at most one ahead of completed: a slot is free before its callback runs)
 *
 *   program ─▶ esp_async_memcpy ─▶ ring ─▶ kick ─▶ engine ─▶ driver_take … driver_done
 *                                                                               │
 *                                                event, callback, waiters ◀─────┘
 *
 * `accepted` and `freed` belong to the port's ring, which decides how slots are claimed; `taken` to the
 * engine's taking side; `completed` to the completion context. DESIGN.md has the table of shared fields.
 */
#include <stdatomic.h>
#include <stdint.h>

#include "engine.h"
#include "esp_async_memcpy_ext.h"
#include "etm.h"
#include "port.h"

#define DEFAULT_BACKLOG     8
#define DEFAULT_PSRAM_ALIGN 16
#define MAX_ALIGN           64
#define MAX_BACKLOG         (UINT32_C(1) << 24) /* more is taken for a mistake */

struct slot {
    _Alignas(PORT_LINE) struct request request;
    async_memcpy_isr_cb_t callback;
    void *argument;
    struct port_mark mark;
};

_Static_assert(sizeof(struct slot) <= SIZE_MAX / 2 / MAX_BACKLOG, "the size of the ring can be counted");

struct async_memcpy_context_t {
    /* Constant after install. */
    struct engine *engine;
    struct slot *slots;
    uint32_t slot_mask;
    uint32_t backlog;
    size_t sram_mask; /* bits that must be 0 in destination and size */
    size_t psram_mask;
    struct port_fork fork;

    struct port_ring ring;
    struct port_event changed; /* signalled when `freed` or `completed` moves, or the ring opens or shuts */
    struct port_lock lock;     /* blocking copies: who is still there to be told the result */

    _Alignas(PORT_LINE) uint32_t taken;
    _Alignas(PORT_LINE) _Atomic uint32_t completed;
    _Atomic esp_err_t failure; /* the first since the last wait */
    struct etm_source etm;
};

static struct slot *slot_of(async_memcpy_t driver, uint32_t ticket)
{
    return &driver->slots[ticket & driver->slot_mask];
}

/* ---- Install ---- */

/* Of a value that is not 0. */
static bool is_power_of_two(size_t value)
{
    return (value & (value - 1)) == 0;
}

/* The one place that reads the program's configuration. */
static esp_err_t read_config(const async_memcpy_config_t *given, uint32_t known_flags,
                             struct engine_config *out)
{
    size_t sram = given->sram_trans_align;
    size_t psram = given->psram_trans_align;
    if (sram != 0 && (!is_power_of_two(sram) || sram > MAX_ALIGN)) {
        port_log('E', "sram_trans_align is %zu; it must be 0 or a power of two up to %d", sram, MAX_ALIGN);
        return ESP_ERR_INVALID_ARG;
    }
    if (psram != 0 && (!is_power_of_two(psram) || psram < DEFAULT_PSRAM_ALIGN || psram > MAX_ALIGN)) {
        port_log('E', "psram_trans_align is %zu; it must be 0, 16, 32 or 64", psram);
        return ESP_ERR_INVALID_ARG;
    }
    if ((given->flags & ~known_flags) != 0) {
        port_log('E', "flags 0x%x are unknown; this engine knows 0x%x", (unsigned)given->flags,
                 (unsigned)known_flags);
        return ESP_ERR_INVALID_ARG;
    }
    *out = (struct engine_config){
        .backlog = given->backlog != 0 ? given->backlog : DEFAULT_BACKLOG,
        .sram_align = sram != 0 ? sram : 1,
        .psram_align = psram != 0 ? psram : DEFAULT_PSRAM_ALIGN,
        .flags = given->flags,
        .burst_size = given->dma_burst_size,
        .weight = given->weight,
    };
    return ESP_OK;
}

/* Where the parts of a driver lie in its one block of memory. */
struct layout {
    uint32_t slot_count;
    size_t slots;
    size_t engine;
    size_t room;
    size_t size; /* SIZE_MAX: beyond counting */
};

static size_t add_part(struct layout *layout, size_t align, size_t size)
{
    size_t offset = (layout->size + align - 1) & ~(align - 1);
    layout->size = offset < layout->size || size > SIZE_MAX / 2 - offset ? SIZE_MAX : offset + size;
    return offset;
}

static struct layout lay_out(const struct engine_ops *ops, const struct engine_config *config)
{
    struct layout layout = {.slot_count = 1, .size = sizeof(struct async_memcpy_context_t)};
    while (layout.slot_count < config->backlog && layout.slot_count < MAX_BACKLOG) {
        layout.slot_count *= 2;
    }
    bool absurd = config->backlog > MAX_BACKLOG;
    layout.slots = add_part(&layout, PORT_LINE, absurd ? SIZE_MAX : layout.slot_count * sizeof(struct slot));
    layout.engine = add_part(&layout, PORT_LINE, ops->size);
    layout.room = add_part(&layout, PORT_LINE, ops->room != NULL ? ops->room(config) : 0);
    return layout;
}

/* A child of fork() has neither the worker nor the copies in flight: there, the driver accepts nothing any
 * more. */
static void become_orphan(struct port_fork *fork)
{
    async_memcpy_t driver = (async_memcpy_t)((char *)fork - offsetof(struct async_memcpy_context_t, fork));
    driver->engine->orphan = true;
    port_ring_close(&driver->ring);
}

static esp_err_t open_engine(async_memcpy_t driver, const struct engine_ops *ops,
                             const struct engine_config *config)
{
    driver->engine->ops = ops;
    driver->engine->driver = driver;
    port_fork_watch(&driver->fork, become_orphan);
    esp_err_t status = ops->open(driver->engine, config);
    if (status != ESP_OK) {
        port_fork_forget(&driver->fork);
    }
    driver->etm.hardware = driver->engine->event;
    return status;
}

static esp_err_t new_driver(const struct engine_ops *ops, struct engine_config *config, async_memcpy_t *out)
{
    struct layout layout = lay_out(ops, config);
    char *block = layout.size == SIZE_MAX ? NULL : port_alloc(layout.size, PORT_LINE, ops->dma_memory);
    if (block == NULL) {
        port_log('E', "no memory for a backlog of %u copies; use a smaller one", (unsigned)config->backlog);
        return ESP_ERR_NO_MEM;
    }
    async_memcpy_t driver = (async_memcpy_t)block;
    driver->engine = (struct engine *)(block + layout.engine);
    driver->slots = (struct slot *)(block + layout.slots);
    driver->slot_mask = layout.slot_count - 1;
    driver->backlog = config->backlog;
    driver->sram_mask = config->sram_align - 1;
    driver->psram_mask = config->psram_align - 1;
    port_lock_init(&driver->lock);
    config->room = block + layout.room;
    esp_err_t status = open_engine(driver, ops, config);
    if (status != ESP_OK) {
        port_free(block);
        return status;
    }
    *out = driver;
    return ESP_OK;
}

esp_err_t driver_install(const struct engine_ops *ops, const async_memcpy_config_t *config,
                         async_memcpy_t *out)
{
    if (out == NULL) {
        port_log('E', "install: asmcp is NULL; it must point to a handle");
        return ESP_ERR_INVALID_ARG;
    }
    *out = NULL;
    if (config == NULL) {
        port_log('E', "install: config is NULL; start from ASYNC_MEMCPY_DEFAULT_CONFIG()");
        return ESP_ERR_INVALID_ARG;
    }
    if (port_in_isr()) {
        return ESP_FAIL;
    }
    struct engine_config checked;
    esp_err_t status = read_config(config, ops->flags, &checked);
    return status != ESP_OK ? status : new_driver(ops, &checked, out);
}

/* ---- Submit ---- */

static bool in_reach(const struct engine *engine, uintptr_t first, size_t n)
{
    return first >= engine->reach_first && first <= engine->reach_last && n - 1 <= engine->reach_last - first;
}

static esp_err_t check_copy(async_memcpy_t driver, const struct request *copy)
{
    if (driver == NULL || copy->dst == NULL || copy->src == NULL || copy->n == 0) {
        port_log('E', "copy: handle %p, dst %p, src %p, n %zu; none of them may be 0", (void *)driver,
                 copy->dst, copy->src, copy->n);
        return ESP_ERR_INVALID_ARG;
    }
    uintptr_t dst = (uintptr_t)copy->dst;
    uintptr_t src = (uintptr_t)copy->src;
    size_t mask = port_memory_of(copy->dst) == PORT_PSRAM ? driver->psram_mask : driver->sram_mask;
    if (((dst | copy->n) & mask) != 0) {
        port_log('E', "copy: dst %p and n %zu must be multiples of the declared alignment, %zu", copy->dst,
                 copy->n, mask + 1);
        return ESP_ERR_INVALID_ARG;
    }
    if (!in_reach(driver->engine, dst, copy->n) || !in_reach(driver->engine, src, copy->n)) {
        port_log(
            'E',
            "copy: dst %p, src %p, n %zu: engine %s reaches %p to %p; heap_caps_malloc(n, MALLOC_CAP_DMA) "
            "gives such memory",
            copy->dst, copy->src, copy->n, driver->engine->ops->name, (void *)driver->engine->reach_first,
            (void *)driver->engine->reach_last);
        return ESP_ERR_INVALID_ARG;
    }
    if (dst != src && (dst - src < copy->n || src - dst < copy->n)) {
        port_log('E', "copy: dst %p and src %p overlap over n %zu; only dst == src may", copy->dst, copy->src,
                 copy->n);
        return ESP_ERR_INVALID_ARG;
    }
    return ESP_OK;
}

/* Accept a checked copy, or ESP_FAIL if the backlog is full, or the driver closed or reserved. */
static esp_err_t submit(async_memcpy_t driver, const struct request *copy, async_memcpy_isr_cb_t callback,
                        void *argument, uint32_t *ticket)
{
    struct port_claim claim;
    if (!port_ring_claim(&driver->ring, driver->backlog, &claim)) {
        return ESP_FAIL;
    }
    struct slot *slot = slot_of(driver, claim.ticket);
    slot->request = *copy;
    slot->callback = callback;
    slot->argument = argument;
    *ticket = claim.ticket;
    port_ring_publish(&driver->ring, &slot->mark, &claim);
    driver->engine->ops->kick(driver->engine);
    port_ring_leave(&driver->ring);
    return ESP_OK;
}

esp_err_t esp_async_memcpy(async_memcpy_t asmcp, void *dst, void *src, size_t n, async_memcpy_isr_cb_t cb_isr,
                           void *cb_args)
{
    struct request copy = {dst, src, n};
    uint32_t ticket;
    esp_err_t status = check_copy(asmcp, &copy);
    return status != ESP_OK ? status : submit(asmcp, &copy, cb_isr, cb_args, &ticket);
}

/* ---- Complete: the engine's way up ---- */

/* What a blocking copy leaves on its caller's stack; the slot's argument points to it while the caller waits.
 */
struct blocking {
    _Atomic bool done;
    esp_err_t status;
};

/* The slot is free, and event and callback have happened. */
static void complete(async_memcpy_t driver, uint32_t ticket)
{
    /* Release: its reader is is_complete(). */
    atomic_store_explicit(&driver->completed, ticket + 1, memory_order_release);
}

/*
 * The callback of blocking copies, by which driver_done() knows them. Their caller may look at any moment,
 * and may submit or wait again once it sees `done`: so that comes last. All under the lock: until then the
 * slot is the caller's, who may be leaving.
 */
static bool finish_blocking(async_memcpy_t driver, async_memcpy_event_t *event, void *ticket)
{
    const async_memcpy_result_t *result = event->data;
    uint32_t number = *(const uint32_t *)ticket;
    unsigned state = port_lock(&driver->lock);
    struct blocking *caller = slot_of(driver, number)->argument; /* NULL: timed out and gone */
    port_ring_free(&driver->ring, number);
    complete(driver, number);
    if (caller != NULL) {
        caller->status = result->status;
        atomic_store_explicit(&caller->done, true, memory_order_release); /* read in blocking_done() */
    }
    port_unlock(&driver->lock, state);
    return false;
}

static bool call_back(async_memcpy_t driver, async_memcpy_isr_cb_t callback, void *argument,
                      const async_memcpy_result_t *result)
{
    async_memcpy_event_t event = {(void *)(uintptr_t)result};
    port_isr_callback((port_function)callback);
    bool yield = callback(driver, &event, argument);
    port_isr_callback(NULL);
    return yield;
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

void driver_rewind(async_memcpy_t driver)
{
    driver->taken = atomic_load_explicit(&driver->completed, memory_order_relaxed);
}

/* For the next wait, unless it has an earlier one to tell. */
static void keep_failure(async_memcpy_t driver, esp_err_t status)
{
    if (status != ESP_OK) {
        esp_err_t none = ESP_OK;
        atomic_compare_exchange_strong(&driver->failure, &none, status);
    }
}

bool driver_done(async_memcpy_t driver, esp_err_t status)
{
    uint32_t ticket =
        atomic_load_explicit(&driver->completed, memory_order_relaxed); /* only this context writes it */
    struct slot *slot = slot_of(driver, ticket);
    async_memcpy_isr_cb_t callback = slot->callback;
    async_memcpy_result_t result = {status, slot->request.n, slot->request.dst, slot->request.src};
    keep_failure(driver, status);
    if (status == ESP_OK) {
        etm_raise(&driver->etm); /* it says that the data is in place, as the hardware's end of frame does */
    }
    bool yield = false;
    if (callback == finish_blocking) {
        async_memcpy_event_t event = {&result};
        finish_blocking(driver, &event, &ticket);
    } else {
        void *argument = slot->argument;
        port_ring_free(&driver->ring, ticket);
        if (callback != NULL) {
            port_event_signal(&driver->changed); /* who waits for a slot need not wait for the callback */
            yield = call_back(driver, callback, argument, &result);
        }
        complete(driver, ticket);
    }
    port_event_signal(&driver->changed);
    return yield;
}

/* ---- Wait ---- */

/* Wait until ready() says so; it may be asked any number of times. */
static bool wait_until(async_memcpy_t driver, bool (*ready)(async_memcpy_t driver, void *what), void *what,
                       int64_t deadline)
{
    for (;;) {
        uint32_t key = port_event_key(&driver->changed);
        if (ready(driver, what)) {
            port_event_cancel(&driver->changed);
            return true;
        }
        if (!port_event_wait(&driver->changed, key, deadline)) {
            return ready(driver, what);
        }
    }
}

/* May this call wait, and what for? */
static esp_err_t check_wait(async_memcpy_t driver, int32_t timeout_ms)
{
    if (driver == NULL || timeout_ms < -1) {
        port_log('E', "wait: handle %p, timeout_ms %d; a handle and -1 (for ever) or more are wanted",
                 (void *)driver, (int)timeout_ms);
        return ESP_ERR_INVALID_ARG;
    }
    return port_in_isr() ? ESP_ERR_INVALID_STATE : ESP_OK;
}

/* Has every ticket before *what completed? */
static bool is_complete(async_memcpy_t driver, void *what)
{
    const uint32_t *target = what;
    return (int32_t)(atomic_load_explicit(&driver->completed, memory_order_acquire) - *target) >= 0;
}

esp_err_t esp_async_memcpy_wait(async_memcpy_t asmcp, int32_t timeout_ms)
{
    esp_err_t status = check_wait(asmcp, timeout_ms);
    if (status != ESP_OK) {
        return status;
    }
    if (!port_ring_enter(&asmcp->ring)) {
        return ESP_FAIL;
    }
    uint32_t target = port_ring_accepted(&asmcp->ring);
    if (wait_until(asmcp, is_complete, &target, port_deadline(timeout_ms))) {
        status = atomic_exchange(&asmcp->failure, ESP_OK);
    } else {
        status = ESP_ERR_TIMEOUT;
    }
    port_ring_leave(&asmcp->ring);
    return status;
}

/* A copy that waits for a slot. */
struct pending {
    struct request copy;
    async_memcpy_isr_cb_t callback;
    void *argument;
    uint32_t ticket;
    esp_err_t status; /* ESP_OK: accepted; ESP_FAIL: not yet, or never if the ring refuses */
};

static bool is_submitted(async_memcpy_t driver, void *what)
{
    struct pending *pending = what;
    pending->status = submit(driver, &pending->copy, pending->callback, pending->argument, &pending->ticket);
    return pending->status == ESP_OK || port_ring_refuses(&driver->ring);
}

/* Submit now or when a slot comes free. Inside port_ring_enter(). */
static esp_err_t submit_by(async_memcpy_t driver, struct pending *pending, int64_t deadline)
{
    if (is_submitted(driver, pending) || wait_until(driver, is_submitted, pending, deadline)) {
        return pending->status;
    }
    return ESP_ERR_TIMEOUT;
}

esp_err_t esp_async_memcpy_timed(async_memcpy_t asmcp, void *dst, void *src, size_t n,
                                 async_memcpy_isr_cb_t cb_isr, void *cb_args, int32_t timeout_ms)
{
    struct pending pending = {.copy = {dst, src, n}, .callback = cb_isr, .argument = cb_args};
    esp_err_t status = check_wait(asmcp, timeout_ms);
    if (status == ESP_OK) {
        status = check_copy(asmcp, &pending.copy);
    }
    if (status != ESP_OK) {
        return status;
    }
    if (!port_ring_enter(&asmcp->ring)) {
        return ESP_FAIL;
    }
    status = submit_by(asmcp, &pending, port_deadline(timeout_ms));
    port_ring_leave(&asmcp->ring);
    return status;
}

static bool blocking_done(async_memcpy_t driver, void *what)
{
    (void)driver;
    struct blocking *caller = what;
    return atomic_load_explicit(&caller->done, memory_order_acquire);
}

/* Wait for an accepted blocking copy; when time is up, see to it that nobody tells a caller who is gone. */
static esp_err_t await_blocking(async_memcpy_t driver, uint32_t ticket, struct blocking *caller,
                                int64_t deadline)
{
    if (wait_until(driver, blocking_done, caller, deadline)) {
        return caller->status;
    }
    esp_err_t status = ESP_ERR_TIMEOUT;
    unsigned state = port_lock(&driver->lock);
    if (blocking_done(driver, caller)) {
        status = caller->status;
    } else {
        slot_of(driver, ticket)->argument = NULL; /* its slot still: it has not completed */
    }
    port_unlock(&driver->lock, state);
    return status;
}

esp_err_t esp_memcpy_blocking(async_memcpy_t asmcp, void *dst, void *src, size_t n, int32_t timeout_ms)
{
    struct blocking caller = {.status = ESP_OK};
    struct pending pending = {.copy = {dst, src, n}, .callback = finish_blocking, .argument = &caller};
    esp_err_t status = check_wait(asmcp, timeout_ms);
    if (status == ESP_OK) {
        status = check_copy(asmcp, &pending.copy);
    }
    if (status != ESP_OK) {
        return status;
    }
    if (!port_ring_enter(&asmcp->ring)) {
        return ESP_FAIL;
    }
    int64_t deadline = port_deadline(timeout_ms);
    status = submit_by(asmcp, &pending, deadline);
    if (status == ESP_OK) {
        status = await_blocking(asmcp, pending.ticket, &caller, deadline);
    }
    port_ring_leave(&asmcp->ring);
    return status;
}

/* ---- Events ---- */

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
    if (!port_ring_enter(&asmcp->ring)) {
        return ESP_FAIL;
    }
    esp_err_t status = ops->new_event(asmcp->engine, out_event);
    port_ring_leave(&asmcp->ring);
    return status;
}

/* ---- A copy that an event starts ---- */

bool driver_ran(async_memcpy_t driver, esp_err_t status)
{
    const struct slot *slot = slot_of(driver, atomic_load_explicit(&driver->completed, memory_order_relaxed));
    async_memcpy_result_t result = {status, slot->request.n, slot->request.dst, slot->request.src};
    keep_failure(driver, status);
    return slot->callback != NULL && call_back(driver, slot->callback, slot->argument, &result);
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
    esp_err_t status = check_copy(driver, copy);
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
    wait_until(driver, is_complete, &target, PORT_FOREVER);
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
    if (!port_ring_enter(&asmcp->ring)) {
        return ESP_FAIL;
    }
    struct slot *slot = reserve(asmcp);
    if (slot == NULL) {
        status = ESP_ERR_INVALID_STATE;
    } else {
        slot->request = copy;
        slot->callback = cb_isr;
        slot->argument = cb_args;
        status = asmcp->engine->ops->new_task(asmcp->engine, &slot->request, out_task);
        if (status != ESP_OK) {
            driver_release(asmcp);
        }
    }
    port_ring_leave(&asmcp->ring);
    return status;
}

/* ---- Uninstall ---- */

/* Closed to newcomers: let everything that was accepted or begun come to its end. */
static void drain(async_memcpy_t driver)
{
    port_event_signal(&driver->changed); /* those who wait for a slot: there will be none */
    uint32_t target = port_ring_accepted(&driver->ring);
    wait_until(driver, is_complete, &target, PORT_FOREVER);
    while (port_ring_calls(&driver->ring) != 0) { /* every call inside is on its way out */
        port_pause();
    }
}

esp_err_t esp_async_memcpy_uninstall(async_memcpy_t asmcp)
{
    if (asmcp == NULL) {
        port_log('E', "uninstall: the handle is NULL");
        return ESP_ERR_INVALID_ARG;
    }
    if (port_in_isr()) {
        return ESP_FAIL;
    }
    if (!asmcp->engine->orphan) {
        if (!port_ring_close(&asmcp->ring)) {
            port_log('E', "uninstall: another task is uninstalling this driver");
            return ESP_FAIL;
        }
        drain(asmcp);
    }
    etm_retire(&asmcp->etm); /* before another driver takes over the hardware that raises its events */
    asmcp->engine->ops->close(asmcp->engine);
    port_fork_forget(&asmcp->fork);
    port_free(asmcp);
    return ESP_OK;
}
