/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the files of the driver share: its struct, and the steps that more than one of them takes.
 *
 *   install.c        a driver's beginning and end
 *   async_memcpy.c   a copy's way: checks, submission, completion
 *   batch.c          several copies accepted as one
 *   waiting.c        who waits for copies, or for a slot
 *   events.c         events that copies raise, copies that events start
 */
#ifndef DRIVER_H
#define DRIVER_H

#include <stdatomic.h>
#include <stdint.h>

#include "engine.h"
#include "esp_async_memcpy_ext.h"
#include "etm.h"
#include "port.h"

struct slot {
    _Alignas(PORT_LINE) struct request request;
    async_memcpy_isr_cb_t callback;
    void *argument;
    struct port_mark mark;
};

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
    struct port_event changed; /* signalled when `completed` moves, or the ring opens or shuts */
    struct port_lock lock;     /* blocking copies: who is still there to be told the result */

    _Alignas(PORT_LINE) uint32_t taken;
    uint32_t unpublished;      /* copies that ended since `completed` moved: driver_done_later() */
    _Atomic esp_err_t failure; /* the first since the last wait */
    struct etm_source etm;
};

static inline struct slot *slot_of(async_memcpy_t driver, uint32_t ticket)
{
    return &driver->slots[ticket & driver->slot_mask];
}

/* ---- async_memcpy.c ---- */

enum copy_fault { COPY_SOUND, COPY_OF_NOTHING, COPY_MISALIGNED, COPY_OUT_OF_REACH, COPY_OVERLAPS };

/* What keeps this copy from being accepted? */
enum copy_fault driver_find_fault(async_memcpy_t driver, const struct request *copy);

/* Say what is wrong with it and what would be right, in one line of the log that begins with the copy's name.
 */
esp_err_t driver_refuse_copy(async_memcpy_t driver, const struct request *copy, enum copy_fault fault,
                             const char *name);

/* Both, for a copy called "copy". */
esp_err_t driver_check_copy(async_memcpy_t driver, const struct request *copy);

/* Accept a checked copy, or ESP_FAIL if the backlog is full, or the driver closed or reserved. */
esp_err_t driver_submit(async_memcpy_t driver, const struct request *copy, async_memcpy_isr_cb_t callback,
                        void *argument, uint32_t *ticket);

/* ESP_FAIL: a call was not let in, or a copy not accepted. Unless the backlog is just full, one line in the
 * log, which begins with the call's name, says why. */
esp_err_t driver_turn_away(async_memcpy_t driver, const char *name);

/* Write the slot that was claimed, and publish it. */
static inline struct slot *driver_fill_slot(async_memcpy_t driver, const struct port_claim *claim,
                                            const struct request *copy, async_memcpy_isr_cb_t callback,
                                            void *argument)
{
    struct slot *slot = slot_of(driver, claim->ticket);
    slot->request.dst = copy->dst; /* one by one: at -Os, a struct of 12 bytes is a call of memcpy() */
    slot->request.src = copy->src;
    slot->request.n = copy->n;
    slot->callback = callback;
    slot->argument = argument;
    port_ring_publish(&driver->ring, &slot->mark, claim);
    return slot;
}

/* Call the program back. Interrupt context, no lock held. */
void driver_call_back(async_memcpy_t driver, async_memcpy_isr_cb_t callback, void *argument,
                      const async_memcpy_result_t *result);

/* Keep a failing status for the next wait, unless it has an earlier one to tell. */
void driver_keep_failure(async_memcpy_t driver, esp_err_t status);

/* ---- batch.c ---- */

/* Is a batch half written, behind which a claim must wait? Then write what is left of it, and try again. */
bool driver_finish_batch(async_memcpy_t driver);

/* ---- waiting.c ---- */

/* Wait until ready() says so, which may be asked any number of times; false: the deadline passed. Task. */
bool driver_wait_until(async_memcpy_t driver, bool (*ready)(async_memcpy_t driver, void *what), void *what,
                       int64_t deadline);

/* For driver_wait_until(): has every ticket before *what, a uint32_t, completed? */
bool driver_is_complete(async_memcpy_t driver, void *what);

/* The callback of blocking copies, by which driver_done() knows them. ticket: a uint32_t, the copy's. */
bool driver_finish_blocking(async_memcpy_t driver, async_memcpy_event_t *event, void *ticket);

#endif
