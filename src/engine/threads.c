/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The threads engine: one worker thread per driver, which copies in order and sleeps when there is nothing to
 * copy.
 *
 *   submitter ── kick ─▶ doorbell ── wakes ─▶ worker: take ─▶ memcpy ─▶ done ─▶ take …
 *       │                                             (nothing to take: poll briefly, then sleep)
 *       └─ the worker sleeps, a small copy: take ─▶ memcpy ─▶ done, on the spot
 *
 *   who waits ── help ──▶ chunks of the large copy at hand
 *   further workers ────▶
 *
 * One thread at a time takes copies and completes them: who has made `busy` true. The worker has while it is
 * awake.
 */
#define _GNU_SOURCE
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>

#include "copy/chunks.h"
#include "engine.h"
#include "esp_async_memcpy_ext.h"
#include "port.h"

#define BATCH 64 /* copies after which a callback's wish to yield is granted */

/* Ended copies are published half of the backlog at a time, so that submitters go on while the worker
 * does, but at the latest after so many, or so many bytes, which are tens of microseconds' work. */
#define PUBLISH_COPIES 32
#define PUBLISH_BYTES  (512 << 10)

/*
 * A submitter copies on the spot up to SPOT_MAX bytes, which takes no longer than waking the worker does (the
 * caller 12 microseconds, the copy 40). Over time these may be a few percent of its time and no more: so
 * much may be copied at once, and is again allowed after SPOT_NS. A copy counts as SPOT_COPY bytes more.
 */
#define SPOT_MAX  ((size_t)64 << 10)
#define SPOT_COPY 512
#define SPOT_FULL (SPOT_MAX + SPOT_COPY)
#define SPOT_NS   200000

#define MAX_WORKERS 15

struct threads_engine {
    struct engine base;
    pthread_t workers[MAX_WORKERS]; /* the first takes copies, the others help */
    unsigned worker_count;
    unsigned publish_copies;
    bool on_caller; /* may submitters and waiters copy? */
    bool callbacks_on_caller;
    const struct copy_kernel *kernel;
    _Atomic bool stop;
    _Alignas(PORT_LINE) struct port_event doorbell;
    _Alignas(PORT_LINE) _Atomic bool busy;
    size_t spot_credit; /* bytes that may be copied on the spot, as of then; both for who has `busy` */
    int64_t spot_then;
    _Alignas(PORT_LINE) struct chunks chunks;
    struct port_event call; /* to the other workers: there is something to help with */
};

/* ---- Who takes copies ---- */

/* Acquire: all that the one before has done with the driver's taking side is seen. */
static bool try_busy(struct threads_engine *engine)
{
    return !atomic_load_explicit(&engine->busy, memory_order_relaxed) &&
           !atomic_exchange_explicit(&engine->busy, true, memory_order_acquire);
}

/* The worker, awake. Somebody may be copying in its place, which takes microseconds; or something large. */
static void become_busy(struct threads_engine *engine)
{
    for (unsigned looks = 0; !try_busy(engine);) {
        if (chunks_help(&engine->chunks)) {
            looks = 0;
        } else if (++looks < 10000) {
            port_relax();
        } else {
            port_pause();
        }
    }
}

static void end_busy(struct threads_engine *engine)
{
    atomic_store_explicit(&engine->busy, false, memory_order_release);
}

/* ---- The worker ---- */

static void copy_request(struct threads_engine *engine, const struct request *request)
{
    if (request->dst == request->src) {
        return;
    }
    if (request->n >= CHUNKS_MIN) {
        chunks_open(&engine->chunks, engine->kernel, request->dst, request->src, request->n);
        port_event_signal(&engine->call);
        chunks_finish(&engine->chunks);
    } else {
        copy_bytes(engine->kernel, request->dst, request->src, request->n);
    }
}

/* What has been copied since ended copies were published last. */
struct burst {
    unsigned copies;
    size_t bytes;
};

static void publish(struct threads_engine *engine, struct burst *burst)
{
    driver_publish(engine->base.driver);
    *burst = (struct burst){0, 0};
}

static void copy_one(struct threads_engine *engine, const struct request *request, struct burst *burst)
{
    size_t n = request->n;
    bool heard = driver_is_heard(request);
    if (n >= PUBLISH_BYTES) {
        publish(engine, burst); /* nobody waits for this one who need not */
    }
    copy_request(engine, request);
    driver_done_later(engine->base.driver, heard); /* from now on request may be another copy's */
    burst->bytes += n;
    if (++burst->copies >= engine->publish_copies || burst->bytes >= PUBLISH_BYTES) {
        publish(engine, burst);
    }
}

/* Copy what is there, a batch at the most; false: there was nothing. */
static bool copy_batch(struct threads_engine *engine)
{
    async_memcpy_t driver = engine->base.driver;
    const struct request *request = driver_take(driver);
    if (request == NULL) {
        return false;
    }
    struct burst burst = {0, 0};
    port_isr_enter();
    for (unsigned copies = 0; request != NULL; request = ++copies < BATCH ? driver_take(driver) : NULL) {
        copy_one(engine, request, &burst);
    }
    publish(engine, &burst);
    port_isr_leave();
    return true;
}

static bool poll_briefly(struct threads_engine *engine)
{
    struct port_poll poll;
    port_poll_begin(&poll, engine->base.patient);
    while (port_poll_goes_on(&poll)) {
        if (copy_batch(engine)) {
            return true;
        }
    }
    return false;
}

static void *work(void *argument)
{
    struct threads_engine *engine = argument;
    become_busy(engine);
    while (!atomic_load_explicit(&engine->stop, memory_order_acquire)) {
        if (copy_batch(engine) || poll_briefly(engine)) {
            continue;
        }
        uint32_t key = port_event_key(&engine->doorbell);
        if (copy_batch(engine) || atomic_load_explicit(&engine->stop, memory_order_acquire)) {
            port_event_cancel(&engine->doorbell);
        } else {
            end_busy(engine);
            port_event_wait(&engine->doorbell, key, PORT_FOREVER);
            become_busy(engine);
        }
    }
    return NULL;
}

/* ---- Further workers ---- */

static bool help_briefly(struct threads_engine *engine)
{
    struct port_poll poll;
    port_poll_begin(&poll, engine->base.patient);
    do {
        if (chunks_help(&engine->chunks)) {
            return true;
        }
    } while (port_poll_goes_on(&poll));
    return false;
}

static void *help_out(void *argument)
{
    struct threads_engine *engine = argument;
    while (!atomic_load_explicit(&engine->stop, memory_order_acquire)) {
        if (help_briefly(engine)) {
            continue;
        }
        uint32_t key = port_event_key(&engine->call);
        if (chunks_help(&engine->chunks) || atomic_load_explicit(&engine->stop, memory_order_acquire)) {
            port_event_cancel(&engine->call);
        } else {
            port_event_wait(&engine->call, key, PORT_FOREVER);
        }
    }
    return NULL;
}

/* ---- Submitters and waiters ---- */

/* Has this caller copied too much of late? Looks at the clock only if so. */
static bool may_spend(struct threads_engine *engine, size_t bytes)
{
    if (bytes > engine->spot_credit) {
        int64_t now = port_deadline(0);
        int64_t since = now - engine->spot_then;
        size_t earned = since >= SPOT_NS ? SPOT_FULL : (size_t)since * SPOT_FULL / SPOT_NS;
        engine->spot_credit =
            earned < SPOT_FULL - engine->spot_credit ? engine->spot_credit + earned : SPOT_FULL;
        engine->spot_then = now;
    }
    bool may = bytes <= engine->spot_credit;
    engine->spot_credit -= may ? bytes : 0;
    return may;
}

/* The next copy, if a caller may make it; NULL: it is not there, or the worker's. */
static const struct request *next_here(struct threads_engine *engine, size_t most)
{
    const struct request *next = driver_peek(engine->base.driver);
    if (next == NULL || next->n > most) {
        return NULL;
    }
    return engine->callbacks_on_caller || driver_is_quiet(engine->base.driver, next) ? next : NULL;
}

static void copy_here(struct threads_engine *engine, const struct request *next)
{
    driver_take(engine->base.driver);
    copy_request(engine, next);
    if (engine->callbacks_on_caller) {
        port_isr_enter();
        driver_done(engine->base.driver, ESP_OK);
        port_isr_leave();
    } else {
        driver_done_quietly(engine->base.driver);
    }
}

/*
 * The worker sleeps. Is all made that is there? Whoever submits meanwhile finds somebody busy, and wakes the
 * worker.
 */
static bool copy_on_the_spot(struct threads_engine *engine)
{
    if (!engine->on_caller || port_in_isr() || !try_busy(engine)) {
        return false;
    }
    const struct request *next;
    while ((next = next_here(engine, SPOT_MAX)) != NULL && may_spend(engine, next->n + SPOT_COPY)) {
        copy_here(engine, next);
    }
    bool all = driver_peek(engine->base.driver) == NULL;
    end_busy(engine);
    return all;
}

static void threads_kick(struct engine *base)
{
    struct threads_engine *engine = (struct threads_engine *)base;
    if (port_event_is_awaited(&engine->doorbell) && !copy_on_the_spot(engine)) {
        port_event_wake(&engine->doorbell);
    }
}

/* While the worker is on its way, who waits need not: it may begin. */
static bool threads_help(struct engine *base, bool in_a_hurry)
{
    struct threads_engine *engine = (struct threads_engine *)base;
    if (!engine->on_caller) {
        return false;
    }
    if (chunks_help(&engine->chunks)) {
        return true;
    }
    if (!port_event_is_awaited(&engine->doorbell) || !try_busy(engine)) {
        return false;
    }
    const struct request *next = next_here(engine, in_a_hurry ? SPOT_MAX : SIZE_MAX);
    if (next != NULL) {
        copy_here(engine, next);
    }
    end_busy(engine);
    return next != NULL;
}

/* Signals are for the program's own threads; those that tell of a fault in a copy stay with the thread at
 * fault. */
static void block_signals(sigset_t *before)
{
    sigset_t signals;
    sigfillset(&signals);
    sigdelset(&signals, SIGBUS);
    sigdelset(&signals, SIGSEGV);
    sigdelset(&signals, SIGFPE);
    sigdelset(&signals, SIGILL);
    pthread_sigmask(SIG_BLOCK, &signals, before);
}

static void stop_workers(struct threads_engine *engine)
{
    atomic_store_explicit(&engine->stop, true, memory_order_release);
    port_event_signal(&engine->doorbell);
    port_event_signal(&engine->call);
    while (engine->worker_count > 0) {
        pthread_join(engine->workers[--engine->worker_count], NULL);
    }
}

static int start_worker(struct threads_engine *engine)
{
    pthread_t *worker = &engine->workers[engine->worker_count];
    int error = pthread_create(worker, NULL, engine->worker_count == 0 ? work : help_out, engine);
    if (error == 0) {
        pthread_setname_np(*worker, "async-memcpy");
        engine->worker_count++;
    }
    return error;
}

static esp_err_t start_workers(struct threads_engine *engine, unsigned count)
{
    sigset_t before;
    int error = 0;
    block_signals(&before);
    while (error == 0 && engine->worker_count < count) {
        error = start_worker(engine);
    }
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (error != 0) {
        port_log('E', "install: no worker thread can be created (%s); end some threads or raise the limit",
                 strerror(error));
        stop_workers(engine);
        return ESP_FAIL;
    }
    return ESP_OK;
}

static unsigned wanted_workers(uint32_t flags)
{
    unsigned count = (flags & ASYNC_MEMCPY_FLAG_WORKERS(MAX_WORKERS)) / ASYNC_MEMCPY_FLAG_WORKERS(1);
    return count != 0 ? count : 1;
}

static esp_err_t threads_open(struct engine *base, const struct engine_config *config)
{
    struct threads_engine *engine = (struct threads_engine *)base;
    base->reach_last = UINTPTR_MAX;
    base->doorbell = &engine->doorbell;
    base->patient = (config->flags & ASYNC_MEMCPY_FLAG_LOW_LATENCY) != 0;
    engine->on_caller = (config->flags & ASYNC_MEMCPY_FLAG_NEVER_ON_CALLER) == 0;
    engine->callbacks_on_caller = (config->flags & ASYNC_MEMCPY_FLAG_CALLBACK_ON_CALLER) != 0;
    engine->kernel = (config->flags & ASYNC_MEMCPY_FLAG_READ_SOON) != 0 ? NULL : copy_best_kernel();
    engine->chunks.helpers = wanted_workers(config->flags) - 1 + engine->on_caller;
    engine->publish_copies = config->backlog / 2 < PUBLISH_COPIES ? config->backlog / 2 : PUBLISH_COPIES;
    return start_workers(engine, wanted_workers(config->flags));
}

static void threads_close(struct engine *base)
{
    struct threads_engine *engine = (struct threads_engine *)base;
    if (base->orphan) {
        return; /* the worker lives in the parent */
    }
    stop_workers(engine);
}

static const struct engine_ops threads_ops = {
    .name = "threads",
    .size = sizeof(struct threads_engine),
    .open = threads_open,
    .kick = threads_kick,
    .help = threads_help,
    .new_event = driver_new_event,
    .close = threads_close,
};

esp_err_t esp_async_memcpy_install_threads(const async_memcpy_config_t *config, async_memcpy_t *asmcp)
{
    return driver_install(&threads_ops, config, asmcp);
}
