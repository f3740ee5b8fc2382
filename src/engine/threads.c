/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The threads engine: one worker thread per driver, which copies in order and sleeps when there is nothing to
 * copy.
 *
 *   submitter ── kick ─▶ doorbell ── wakes ─▶ worker: take ─▶ memcpy ─▶ done ─▶ take …
 *                                                     (nothing to take: poll briefly, then sleep)
 */
#define _GNU_SOURCE
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>

#include "copy/copy.h"
#include "engine.h"
#include "esp_async_memcpy_ext.h"
#include "port.h"

#define BATCH 64 /* copies after which a callback's wish to yield is granted */

/* Ended copies are published a quarter of the backlog at a time, so that submitters go on while the worker
 * does, but at the latest after so many, or so many bytes, which are a microsecond's work. */
#define PUBLISH_COPIES 32
#define PUBLISH_BYTES  (16 << 10)

struct threads_engine {
    struct engine base;
    pthread_t worker;
    unsigned publish_copies;
    const struct copy_kernel *kernel;
    _Atomic bool stop;
    _Alignas(PORT_LINE) struct port_event doorbell;
};

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
    if (n >= PUBLISH_BYTES) {
        publish(engine, burst); /* nobody waits for this one who need not */
    }
    if (request->dst != request->src) {
        copy_bytes(engine->kernel, request->dst, request->src, n);
    }
    driver_done_later(engine->base.driver); /* from now on request may be another copy's */
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
    while (!atomic_load_explicit(&engine->stop, memory_order_acquire)) {
        if (copy_batch(engine) || poll_briefly(engine)) {
            continue;
        }
        uint32_t key = port_event_key(&engine->doorbell);
        if (copy_batch(engine) || atomic_load_explicit(&engine->stop, memory_order_acquire)) {
            port_event_cancel(&engine->doorbell);
        } else {
            port_event_wait(&engine->doorbell, key, PORT_FOREVER);
        }
    }
    return NULL;
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

static esp_err_t threads_open(struct engine *base, const struct engine_config *config)
{
    struct threads_engine *engine = (struct threads_engine *)base;
    base->reach_last = UINTPTR_MAX;
    base->doorbell = &engine->doorbell;
    base->patient = (config->flags & ASYNC_MEMCPY_FLAG_LOW_LATENCY) != 0;
    engine->kernel = (config->flags & ASYNC_MEMCPY_FLAG_READ_SOON) != 0 ? NULL : copy_best_kernel();
    engine->publish_copies = config->backlog / 4 < PUBLISH_COPIES ? config->backlog / 4 : PUBLISH_COPIES;
    sigset_t before;
    block_signals(&before);
    int error = pthread_create(&engine->worker, NULL, work, engine);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (error != 0) {
        port_log('E', "install: no worker thread can be created (%s); end some threads or raise the limit",
                 strerror(error));
        return ESP_FAIL;
    }
    pthread_setname_np(engine->worker, "async-memcpy");
    return ESP_OK;
}

static void threads_kick(struct engine *base)
{
    port_event_signal(&((struct threads_engine *)base)->doorbell);
}

static void threads_close(struct engine *base)
{
    struct threads_engine *engine = (struct threads_engine *)base;
    if (base->orphan) {
        return; /* the worker lives in the parent */
    }
    atomic_store_explicit(&engine->stop, true, memory_order_release);
    port_event_signal(&engine->doorbell);
    pthread_join(engine->worker, NULL);
}

static const struct engine_ops threads_ops = {
    .name = "threads",
    .size = sizeof(struct threads_engine),
    .open = threads_open,
    .kick = threads_kick,
    .new_event = driver_new_event,
    .close = threads_close,
};

esp_err_t esp_async_memcpy_install_threads(const async_memcpy_config_t *config, async_memcpy_t *asmcp)
{
    return driver_install(&threads_ops, config, asmcp);
}
