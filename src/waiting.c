/* SPDX-License-Identifier: Apache-2.0 */
/* Who waits: for copies to complete, for a slot, for a copy of its own. */
#include "driver.h"

#define LINE_TURNS 48 /* of a busy wait: one or two microseconds */

static bool is_over(int64_t deadline)
{
    return deadline != PORT_FOREVER && deadline <= port_deadline(0);
}

/* Look for a while, and help meanwhile: to sleep and to be woken costs more. */
static bool poll_briefly(async_memcpy_t driver, bool (*ready)(async_memcpy_t driver, void *what), void *what,
                         int64_t deadline)
{
    struct engine *engine = driver->engine;
    struct port_poll poll;
    port_poll_begin(&poll, engine->patient);
    do {
        if (ready(driver, what)) {
            return true;
        }
        if (engine->ops->help != NULL && engine->ops->help(engine, deadline != PORT_FOREVER)) {
            if (is_over(deadline)) {
                return false;
            }
            port_poll_begin(&poll, engine->patient);
        }
    } while (port_poll_goes_on(&poll));
    return false;
}

static bool sleep_until(async_memcpy_t driver, bool (*ready)(async_memcpy_t driver, void *what), void *what,
                        int64_t deadline)
{
    bool in_time = true;
    for (;;) {
        uint32_t key = port_event_key(&driver->changed);
        bool is_ready = ready(driver, what);
        if (is_ready || !in_time) {
            port_event_cancel(&driver->changed);
            return is_ready;
        }
        in_time = port_event_wait(&driver->changed, key, deadline);
    }
}

/* Wait until ready() says so; it may be asked any number of times. */
bool driver_wait_until(async_memcpy_t driver, bool (*ready)(async_memcpy_t driver, void *what), void *what,
                       int64_t deadline)
{
    if (PORT_POLLS) {
        if (ready(driver, what)) {
            return true;
        }
        if (is_over(deadline)) {
            return false;
        }
        if (poll_briefly(driver, ready, what, deadline)) {
            return true;
        }
    }
    return sleep_until(driver, ready, what, deadline);
}

/* A call that takes no ticket: at the gate, or for the thread that submits alone, in the quick way. */
struct visit {
    struct port_claim call;
    bool quick;
};

static bool begin_visit(async_memcpy_t driver, struct visit *visit, const char *name)
{
    if (PORT_RING_HAS_QUICK_WAY) {
        visit->quick = port_ring_enter_quickly(&driver->ring, &visit->call);
        if (visit->quick) {
            return true;
        }
    }
    return driver_enter(driver, name);
}

static void end_visit(async_memcpy_t driver, const struct visit *visit)
{
    if (PORT_RING_HAS_QUICK_WAY && visit->quick) {
        port_ring_leave_quickly(&driver->ring, &visit->call);
    } else {
        driver_leave(driver);
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
bool driver_is_complete(async_memcpy_t driver, void *what)
{
    const uint32_t *target = what;
    return (int32_t)(port_ring_completed(&driver->ring) - *target) >= 0;
}

/* Where CPUs share a line, a look costs less than an exchange. */
static esp_err_t take_failure(async_memcpy_t driver)
{
    bool none = PORT_POLLS && atomic_load_explicit(&driver->failure, memory_order_relaxed) == ESP_OK;
    return none ? ESP_OK : atomic_exchange(&driver->failure, ESP_OK);
}

esp_err_t esp_async_memcpy_wait(async_memcpy_t asmcp, int32_t timeout_ms)
{
    esp_err_t status = check_wait(asmcp, timeout_ms);
    if (status != ESP_OK) {
        return status;
    }
    struct visit visit;
    if (!begin_visit(asmcp, &visit, "wait")) {
        return ESP_FAIL;
    }
    uint32_t target = port_ring_accepted(&asmcp->ring);
    bool complete = PORT_POLLS && driver_is_complete(asmcp, &target);
    if (!complete && !(PORT_POLLS && timeout_ms == 0)) {
        complete = driver_wait_until(asmcp, driver_is_complete, &target, port_deadline(timeout_ms));
    }
    status = complete ? take_failure(asmcp) : ESP_ERR_TIMEOUT;
    end_visit(asmcp, &visit);
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

/*
 * A look for a free slot takes a line away from the completion context, whose next store waits for it, and
 * all its stores behind. So looks come no faster than such a line travels, nor than a few copies take.
 */
static void wait_for_a_line(async_memcpy_t driver)
{
    uint32_t most = driver->backlog < LINE_TURNS ? driver->backlog : LINE_TURNS;
    for (uint32_t turns = PORT_POLLS ? most : 0; turns > 0; turns--) {
        port_relax();
    }
}

static bool is_submitted(async_memcpy_t driver, void *what)
{
    struct pending *pending = what;
    const struct request *copy = &pending->copy;
    pending->status = driver_submit(driver, copy->dst, copy->src, copy->n, pending->callback,
                                    pending->argument, &pending->ticket);
    if (pending->status == ESP_OK || port_ring_refuses(&driver->ring)) {
        return true;
    }
    wait_for_a_line(driver);
    return false;
}

/* What submit_in_time() checks, for a copy that need not wait. */
static bool may_submit_quickly(async_memcpy_t driver, int32_t timeout_ms)
{
    return PORT_RING_HAS_QUICK_WAY && driver != NULL && timeout_ms >= -1 && !port_in_isr();
}

/*
 * Submit now or when a slot comes free; timeout_ms is from now, and *deadline when it ends. ESP_OK: the copy
 * is accepted, and the caller is inside the driver until it leaves.
 */
static esp_err_t submit_in_time(async_memcpy_t driver, struct visit *visit, struct pending *pending,
                                int32_t timeout_ms, int64_t *deadline)
{
    esp_err_t status = check_wait(driver, timeout_ms);
    if (status == ESP_OK) {
        status = driver_check_copy(driver, &pending->copy);
    }
    if (status != ESP_OK) {
        return status;
    }
    *deadline = port_deadline(timeout_ms);
    if (!begin_visit(driver, visit, "copy")) {
        return ESP_FAIL;
    }
    bool ready = is_submitted(driver, pending) || driver_wait_until(driver, is_submitted, pending, *deadline);
    status = ready ? pending->status : ESP_ERR_TIMEOUT;
    if (status == ESP_FAIL) {
        driver_turn_away(driver, "copy");
    }
    if (status != ESP_OK) {
        end_visit(driver, visit);
    }
    return status;
}

esp_err_t esp_async_memcpy_timed(async_memcpy_t asmcp, void *dst, void *src, size_t n,
                                 async_memcpy_isr_cb_t cb_isr, void *cb_args, int32_t timeout_ms)
{
    struct pending pending = {
        .copy = {dst, src, n}, .callback = cb_isr, .argument = driver_argument(cb_isr, cb_args)};
    if (may_submit_quickly(asmcp, timeout_ms) &&
        driver_submit_quickly(asmcp, &pending.copy, cb_isr, pending.argument)) {
        return ESP_OK;
    }
    struct visit visit;
    int64_t deadline;
    esp_err_t status = submit_in_time(asmcp, &visit, &pending, timeout_ms, &deadline);
    if (status == ESP_OK) {
        end_visit(asmcp, &visit);
    }
    return status;
}

/* ---- Blocking copies ---- */

/* What a blocking copy leaves on its caller's stack. It has no callback, and the slot's argument points here
 * while the caller waits. */
struct blocking {
    _Atomic bool done;
    esp_err_t status;
};

/*
 * The caller of a blocking copy may look at any moment, and may submit or wait again once it sees `done`: so
 * that comes last. All under the lock: until then the slot is the caller's, who may be leaving.
 */
void driver_finish_blocking(async_memcpy_t driver, struct slot *slot, esp_err_t status)
{
    uint32_t ticket = port_ring_oldest(&driver->ring);
    unsigned state = port_lock(&driver->lock);
    /* NULL: timed out and gone */
    struct blocking *caller = caller_of(driver, slot);
    port_ring_free(&driver->ring, ticket);
    port_ring_complete(&driver->ring, ticket);
    if (caller != NULL) {
        caller->status = status;
        atomic_store_explicit(&caller->done, true, memory_order_release); /* read in blocking_done() */
    }
    port_unlock(&driver->lock, state);
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
    if (driver_wait_until(driver, blocking_done, caller, deadline)) {
        return caller->status;
    }
    esp_err_t status = ESP_ERR_TIMEOUT;
    unsigned state = port_lock(&driver->lock);
    if (blocking_done(driver, caller)) {
        status = caller->status;
    } else {
        /* Its slot still: it has not completed. */
        struct listener *listener = listener_of(driver, slot_of(driver, ticket));
        atomic_store_explicit(&listener->caller, NULL, memory_order_relaxed);
    }
    port_unlock(&driver->lock, state);
    return status;
}

esp_err_t esp_memcpy_blocking(async_memcpy_t asmcp, void *dst, void *src, size_t n, int32_t timeout_ms)
{
    struct blocking caller = {.status = ESP_OK};
    struct pending pending = {.copy = {dst, src, n}, .argument = &caller};
    struct visit visit;
    int64_t deadline;
    esp_err_t status = submit_in_time(asmcp, &visit, &pending, timeout_ms, &deadline);
    if (status == ESP_OK) {
        status = await_blocking(asmcp, pending.ticket, &caller, deadline);
        end_visit(asmcp, &visit);
    }
    return status;
}
