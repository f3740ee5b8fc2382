/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The seam between the driver and the engines that copy: one table of functions down, two functions up.
 *
 *     driver ── open, kick, close ──▶ engine
 *     driver ◀── driver_take, driver_done ── engine
 *
 * An engine pulls: it takes requests in order, copies, and reports the oldest done. It knows nothing of
 * callbacks, backlogs or waiting; the driver knows nothing of descriptors, threads or caches.
 */
#ifndef ENGINE_H
#define ENGINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "esp_async_memcpy.h"

/* One copy, as an engine sees it. It stays in place until driver_done() has reported it. */
struct request {
    void *dst;
    void *src;
    size_t n; /* at least 1 */
};

/* What the program asked for, checked and with the defaults filled in. */
struct engine_config {
    uint32_t backlog;   /* requests in flight at the most, at least 1 */
    size_t sram_align;  /* declared alignment of destinations and sizes in SRAM; 1: none */
    size_t psram_align; /* the same in PSRAM: 16, 32 or 64 */
    uint32_t flags;     /* hints, and of engine_ops.flags only */
    size_t burst_size;  /* as given: a wish */
    uint32_t weight;    /* as given: a wish */
    void *room; /* engine_ops.room() bytes, zeroed, that the DMA can reach, from the next PORT_LINE behind the
                   engine's struct */
};

struct port_event;

/* An engine's own struct begins with this. The driver fills in ops and driver before open(). */
struct engine {
    const struct engine_ops *ops;
    async_memcpy_t driver;
    uintptr_t reach_first; /* set by open(), 1 before: the memory that the engine can copy from and to, */
    uintptr_t reach_last;  /* both bytes included; the first beyond the last: what reach() tells */
    struct port_event *doorbell; /* set by open(): while nobody waits there, the engine looks for requests
                                    itself, and kick() is not needed; NULL: it always is */
    bool patient;                /* set by open(): who waits polls longer before sleeping */
    bool orphan;                 /* in a child of fork(): threads that open() made do not exist here */
};

struct engine_ops {
    const char *name;
    size_t size;     /* of the engine's own struct */
    uint32_t flags;  /* configuration flags that it knows, besides hints */
    bool dma_memory; /* its struct and room must lie where the DMA can reach them */

    /* DMA-able memory wanted for this configuration, SIZE_MAX if it is beyond counting; NULL: none. Task. */
    size_t (*room)(const struct engine_config *config);

    /* Take channel, interrupt, thread: all or nothing. Task. ESP_FAIL: there is none to be had. */
    esp_err_t (*open)(struct engine *engine, const struct engine_config *config);

    /*
     * Does the engine also reach this memory, outside of reach_first to reach_last? remedy completes the
     * message where it does not and has no such range: how a program comes by such memory. NULL, both:
     * nothing else. Any context, bounded.
     */
    bool (*reach)(const struct engine *engine, const void *memory, size_t n);
    const char *remedy;

    /* Requests are waiting to be taken. Any context, several at once, bounded. */
    void (*kick)(struct engine *engine);

    /*
     * Somebody waits, and lends its CPU: do a piece of what it waits for, some tens of microseconds' work;
     * unless it is in a hurry, for it waits no longer than until some deadline, also a whole copy. False:
     * there is nothing to be done by others. Task, several at once. NULL: never.
     */
    bool (*help)(struct engine *engine, bool in_a_hurry);

    /*
     * Instead, where a claim is a critical section (port_ring_take_now): this is the only one waiting, and it
     * is taken. Do with it at once all that is to be done, or return false: then it is not taken, and kick()
     * comes when the section has ended. Inside port_irq_mask(), a few dozen instructions. NULL only where
     * claims are no critical sections.
     */
    bool (*take_now)(struct engine *engine, const struct request *request);

    /* Make an event that is raised once for each copy; NULL: this engine has no ETM. Task. */
    esp_err_t (*new_event)(struct engine *engine, esp_etm_event_handle_t *out_event);

    /*
     * Make an ETM task that runs this copy, and make ready: the driver is idle, and nothing is there to take
     * until driver_release(), which deleting the task ends with. copy stays in place until then. After
     * close() the task is inert. NULL: this engine has no ETM. Task.
     */
    esp_err_t (*new_task)(struct engine *engine, const struct request *copy, esp_etm_task_handle_t *out_task);

    /* Give back what open() took. Nothing is in flight and nothing comes any more; cannot fail. Task. */
    void (*close)(struct engine *engine);
};

/*
 * Up: the next request in order of acceptance, or NULL if there is none yet. Any context; one at a time,
 * which the engine sees to. After NULL, the next request comes with a kick().
 */
const struct request *driver_take(async_memcpy_t driver);

/*
 * Up: forget what was taken and not yet reported: driver_take() begins again with the oldest request not
 * reported, or behind it (skip), if that one is about to be reported. For an engine that has reset its
 * hardware. Nothing may be taken meanwhile.
 */
void driver_rewind(async_memcpy_t driver, bool skip);

/*
 * Up: the oldest request taken and not yet reported has ended with this status. Raises the driver's event,
 * frees the slot, calls the callback. Interrupt context (port_isr_enter() on a host); one at a time, which
 * the engine sees to; no lock held.
 */
void driver_done(async_memcpy_t driver, esp_err_t status);

/*
 * Up: driver_done(ESP_OK) for one of many small copies: others hear of it, and get its slot, with the next
 * driver_publish() or driver_done(). That is due before anything that takes long, and before the engine
 * looks no more; so a line that all look at is not written for every copy. A copy that is heard, having a
 * callback or a caller who blocks, or whose event is, does not wait. Whether it is heard is asked when it has
 * just been taken: later, the line of its slot may be with somebody who writes the next one.
 */
bool driver_is_heard(const struct request *request);
void driver_done_later(async_memcpy_t driver, bool heard);
void driver_publish(async_memcpy_t driver);

/*
 * driver_done() for engines that know which request is the oldest, and whose events hardware raises: it has
 * succeeded, or failed with this status.
 */
void driver_succeeded(async_memcpy_t driver, const struct request *request);
void driver_failed(async_memcpy_t driver, esp_err_t status);

/*
 * Up, on hosts, for an engine that lets callers copy. Where driver_take() may be called: the request that it
 * would take, or NULL. Is this request without a callback, and does nobody hear its event? Then it may be
 * reported with driver_done_quietly(), in any context, as the oldest taken and the only one: nothing of the
 * program's runs.
 */
const struct request *driver_peek(async_memcpy_t driver);
bool driver_is_quiet(async_memcpy_t driver, const struct request *request);
void driver_done_quietly(async_memcpy_t driver);

/*
 * Up: an event has run the copy of engine_ops.new_task, with this status. Calls the callback, which may
 * delete the task. Context and result as driver_done().
 */
void driver_ran(async_memcpy_t driver, esp_err_t status);

/* Up: the task of engine_ops.new_task is gone; copies may come again. Any context. */
void driver_release(async_memcpy_t driver);

/* Up, from open(): the ETM event that hardware raises for each copy. Without, driver_done() raises one. */
void driver_set_event(async_memcpy_t driver, uint32_t number);

/* engine_ops.new_event of engines whose events are either driver_done()'s or that of driver_set_event(). */
esp_err_t driver_new_event(struct engine *engine, esp_etm_event_handle_t *out_event);

/* Install a driver on an engine: what every named installer calls. Contract: esp_async_memcpy_install(). */
esp_err_t driver_install(const struct engine_ops *ops, const async_memcpy_config_t *config,
                         async_memcpy_t *out);

#endif
