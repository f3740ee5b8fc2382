/* SPDX-License-Identifier: Apache-2.0 */
/* Critical sections: a lock per portMUX_TYPE, which its holder may enter again. */
#include "freertos/FreeRTOS.h"
#include "futex.h"
#include "port.h"
#include "stop.h"

enum { FREE, HELD, CONTENDED }; /* portMUX_TYPE.state */

/* Something of this thread's own, whose address tells it from the others. */
static _Thread_local char identity;

void vPortMutexInitialize(portMUX_TYPE *mux)
{
    *mux = (portMUX_TYPE)portMUX_INITIALIZER_UNLOCKED;
}

static void lock(uint32_t *state)
{
    uint32_t found = FREE;
    if (__atomic_compare_exchange_n(state, &found, HELD, false, __ATOMIC_ACQUIRE, __ATOMIC_RELAXED)) {
        return;
    }
    /* Once there was a wait, leave it CONTENDED: there may be more who sleep. */
    while (__atomic_exchange_n(state, CONTENDED, __ATOMIC_ACQUIRE) != FREE) {
        futex_wait(state, CONTENDED, COMPAT_FOREVER);
    }
}

static void unlock(uint32_t *state)
{
    if (__atomic_exchange_n(state, FREE, __ATOMIC_RELEASE) == CONTENDED) {
        futex_wake(state, 1);
    }
}

/* The owner is this thread only if this thread wrote it, so that no order is needed to ask. */
static bool is_mine(const portMUX_TYPE *mux)
{
    return __atomic_load_n(&mux->owner, __ATOMIC_RELAXED) == (uintptr_t)&identity;
}

/*
 * With a software chip on, the outermost entry also masks its interrupts. That comes before the mux, in tasks
 * and in handlers, so that two who want both never wait for each other.
 */
void vPortEnterCritical(portMUX_TYPE *mux)
{
    if (!is_mine(mux)) {
        bool masked = port_chip_is_on();
        if (masked) {
            port_irq_mask();
        }
        lock(&mux->state);
        __atomic_store_n(&mux->owner, (uintptr_t)&identity, __ATOMIC_RELAXED);
        mux->masked = masked;
    }
    mux->depth++;
}

void vPortExitCritical(portMUX_TYPE *mux)
{
    if (!is_mine(mux)) {
        compat_stop("portEXIT_CRITICAL() of a lock that this task has not entered");
    }
    mux->depth--;
    if (mux->depth == 0) {
        bool masked = mux->masked != 0;
        __atomic_store_n(&mux->owner, 0, __ATOMIC_RELAXED);
        unlock(&mux->state);
        if (masked) {
            port_irq_unmask(0);
        }
    }
}
