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

/* Who is told when a copy ends. */
struct listener {
    async_memcpy_isr_cb_t callback;
    union {
        void *argument; /* the callback's */
        _Atomic(void *)
            caller; /* of a copy without a callback: who waits for it in a blocking call, or NULL */
    };
};

/*
 * What lies between CPUs is paid for by the line. So where it matters, a copy that nobody listens to takes
 * half a line: listeners lie behind the slots then, one for each, and are neither written nor read without
 * need.
 */
struct slot {
    _Alignas(PORT_SLOT) struct request request;
    struct port_mark mark;
    struct listener listener[PORT_LISTENERS_APART ? 0 : 1];
};

struct async_memcpy_context_t {
    /* Constant after install. */
    struct engine *engine;
    uint32_t slot_mask;
    uint32_t backlog;
    uint8_t sram_mask; /* bits that must be 0 in destination and size */
    uint8_t psram_mask;
    struct port_fork fork;
    struct port_lock lock;     /* blocking copies: who is still there to be told the result */
    struct port_event changed; /* signalled when `completed` moves, or the ring opens or shuts */
    _Atomic esp_err_t failure; /* the first since the last wait; in a line that completion seldom writes */

    struct port_ring ring;

    _Alignas(PORT_LINE) uint32_t taken;
    struct etm_source etm;
};

/* They lie right behind it. */
static inline struct slot *slots_of(async_memcpy_t driver)
{
    return (struct slot *)(driver + 1);
}

static inline struct slot *slot_of(async_memcpy_t driver, uint32_t ticket)
{
    return &slots_of(driver)[ticket & driver->slot_mask];
}

static inline struct listener *listener_of(async_memcpy_t driver, struct slot *slot)
{
    if (!PORT_LISTENERS_APART) {
        return slot->listener;
    }
    struct slot *slots = slots_of(driver);
    return (struct listener *)(slots + driver->slot_mask + 1) + (slot - slots);
}

/* Bytes of so many slots, listeners included. */
static inline size_t size_of_slots(uint32_t count)
{
    return count * (sizeof(struct slot) + (PORT_LISTENERS_APART ? sizeof(struct listener) : 0));
}

/* Is there anything in the slot's listener? */
static inline bool is_heard(const struct slot *slot)
{
    return !PORT_LISTENERS_APART || port_mark_is_heard(&slot->mark);
}

static inline async_memcpy_isr_cb_t callback_of(async_memcpy_t driver, struct slot *slot)
{
    return is_heard(slot) ? listener_of(driver, slot)->callback : NULL;
}

/* Of a copy without a callback. */
static inline void *caller_of(async_memcpy_t driver, struct slot *slot)
{
    return is_heard(slot) ? atomic_load_explicit(&listener_of(driver, slot)->caller, memory_order_relaxed)
                          : NULL;
}

/* ---- async_memcpy.c ---- */

/* Begin a call that takes no ticket, and end it; false: it is not let in (driver_turn_away). */
bool driver_enter(async_memcpy_t driver, const char *name);
void driver_leave(async_memcpy_t driver);

enum copy_fault { COPY_SOUND, COPY_OF_NOTHING, COPY_MISALIGNED, COPY_OUT_OF_REACH, COPY_OVERLAPS };

/* What keeps this copy from being accepted? */
enum copy_fault driver_find_fault(async_memcpy_t driver, const struct request *copy);

/*
 * What nearly every copy is: in the engine's range, aligned, and apart from its source or in place. That is
 * quickly seen; what is wrong with a copy takes longer. In few registers, where stores are what costs
 * (submit_plain() tells why); else in few instructions.
 */
static inline bool driver_is_plain(async_memcpy_t driver, const void *dst, const void *src, size_t n)
{
    size_t mask = port_memory_of(dst) == PORT_PSRAM ? driver->psram_mask : driver->sram_mask;
    uintptr_t to = (uintptr_t)dst, from = (uintptr_t)src;
    if (PORT_RING_HAS_QUICK_WAY) {
        if (((to | n) & mask) != 0 || to - from - 1 < n - 1 || from - to - 1 < n - 1) {
            return false;
        }
        const struct engine *engine = driver->engine;
        return to >= engine->reach_first && from >= engine->reach_first && to <= engine->reach_last &&
               from <= engine->reach_last && n - 1 <= engine->reach_last - to &&
               n - 1 <= engine->reach_last - from;
    }
    const struct engine *engine = driver->engine;
    uintptr_t low = to < from ? to : from;
    uintptr_t high = to < from ? from : to;
    return low >= engine->reach_first && high <= engine->reach_last && n - 1 <= engine->reach_last - high &&
           high - low - 1 >= n - 1 && ((to | n) & mask) == 0;
}

/* Say what is wrong with it and what would be right, in one line of the log that begins with the copy's name.
 */
esp_err_t driver_refuse_copy(async_memcpy_t driver, const struct request *copy, enum copy_fault fault,
                             const char *name);

/* Both, for a copy called "copy". */
esp_err_t driver_check_copy(async_memcpy_t driver, const struct request *copy);

/* Accept a checked copy, or ESP_FAIL if the backlog is full, or the driver closed or reserved. ticket, told
 * if it is accepted; NULL: nobody tries again, and a refusal is told as by driver_turn_away(). */
esp_err_t driver_submit(async_memcpy_t driver, void *dst, void *src, size_t n, async_memcpy_isr_cb_t callback,
                        void *argument, uint32_t *ticket);

/* Accept a plain copy in the quick way; false: there is none, or none now, and driver_submit() knows more. */
bool driver_submit_quickly(async_memcpy_t driver, const struct request *copy, async_memcpy_isr_cb_t callback,
                           void *argument);

/* Is a batch half written, behind which a claim must wait? Then what is left of it is written now; try again.
 */
bool driver_finish_batch(async_memcpy_t driver);

/* ESP_FAIL: a call was not let in, or a copy not accepted. Unless the backlog is just full, one line in the
 * log, which begins with the call's name, says why. */
esp_err_t driver_turn_away(async_memcpy_t driver, const char *name);

/* What a slot keeps of the argument given with a callback, or with none. */
static inline void *driver_argument(async_memcpy_isr_cb_t callback, void *argument)
{
    return callback != NULL ? argument : NULL;
}

/* Write the slot that was claimed, and publish it. */
static inline void driver_fill_slot(async_memcpy_t driver, struct slot *slot, const struct port_claim *claim,
                                    const struct request *copy, async_memcpy_isr_cb_t callback,
                                    void *argument)
{
    slot->request.dst = copy->dst; /* one by one: at -Os, a struct of 12 bytes is a call of memcpy() */
    slot->request.src = copy->src;
    slot->request.n = copy->n;
    bool heard = callback != NULL || argument != NULL;
    if (heard || !PORT_LISTENERS_APART) {
        struct listener *listener = listener_of(driver, slot);
        listener->callback = callback;
        listener->argument = argument;
    }
    port_ring_publish(&driver->ring, &slot->mark, claim, heard);
}

/* Call the program back. Interrupt context, no lock held. */
static inline __attribute__((always_inline)) void driver_call_back(async_memcpy_t driver,
                                                                   async_memcpy_isr_cb_t callback,
                                                                   void *argument,
                                                                   const async_memcpy_result_t *result)
{
    async_memcpy_event_t event = {(void *)(uintptr_t)result};
    port_isr_callback((port_function)callback);
    if (callback(driver, &event, argument)) {
        port_isr_yield();
    }
    port_isr_callback(NULL);
}

/* Keep a failing status for the next wait, unless it has an earlier one to tell. */
void driver_keep_failure(async_memcpy_t driver, esp_err_t status);

/* ---- waiting.c ---- */

/* Wait until ready() says so, which may be asked any number of times; false: the deadline passed. Task. */
bool driver_wait_until(async_memcpy_t driver, bool (*ready)(async_memcpy_t driver, void *what), void *what,
                       int64_t deadline);

/* For driver_wait_until(): has every ticket before *what, a uint32_t, completed? */
bool driver_is_complete(async_memcpy_t driver, void *what);

/* A copy has ended that a blocking caller may be waiting for. Frees the slot and completes the copy. */
void driver_finish_blocking(async_memcpy_t driver, struct slot *slot, esp_err_t status);

#endif
