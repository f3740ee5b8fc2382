/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Semaphores and mutexes. One word is all that giver and taker share: the count in the low half, on which
 * tasks sleep while it is 0, and the number of those tasks in the high half. So a giver touches the semaphore
 * for the last time in the step that lets a taker through, and the taker may delete it at once; and a fork()
 * finds no lock held.
 */
#include <stdatomic.h>
#include <stdlib.h>

#include "freertos/semphr.h"
#include "futex.h"
#include "stop.h"
#include "task_private.h"

#define SLEEPER (UINT64_C(1) << 32)

struct QueueDefinition {
    _Atomic uint64_t word;
    uint32_t max;
    uint8_t is_mutex;
    uint8_t is_static; /* its memory is the program's */
    uint32_t depth;    /* of a mutex: how often its holder took it; the holder's own */
    _Atomic(TaskHandle_t) holder;
};

_Static_assert(sizeof(struct QueueDefinition) <= sizeof(StaticSemaphore_t),
               "the program's memory is too small");
_Static_assert(_Alignof(struct QueueDefinition) <= _Alignof(StaticSemaphore_t),
               "and must be as well aligned");

/* ---- Make and delete ---- */

static SemaphoreHandle_t fill_in(void *memory, uint32_t max, uint32_t count, bool is_mutex, bool is_static)
{
    if (memory == NULL || max == 0 || count > max) {
        if (!is_static) {
            free(memory);
        }
        return NULL;
    }
    SemaphoreHandle_t made = memory;
    atomic_init(&made->word, count);
    atomic_init(&made->holder, NULL);
    made->max = max;
    made->is_mutex = is_mutex;
    made->is_static = is_static;
    made->depth = 0;
    return made;
}

SemaphoreHandle_t xSemaphoreCreateCounting(UBaseType_t uxMaxCount, UBaseType_t uxInitialCount)
{
    return fill_in(malloc(sizeof(struct QueueDefinition)), uxMaxCount, uxInitialCount, false, false);
}

SemaphoreHandle_t xSemaphoreCreateCountingStatic(UBaseType_t uxMaxCount, UBaseType_t uxInitialCount,
                                                 StaticSemaphore_t *pxStaticSemaphore)
{
    return fill_in(pxStaticSemaphore, uxMaxCount, uxInitialCount, false, true);
}

SemaphoreHandle_t xSemaphoreCreateBinary(void)
{
    return xSemaphoreCreateCounting(1, 0);
}

SemaphoreHandle_t xSemaphoreCreateBinaryStatic(StaticSemaphore_t *pxStaticSemaphore)
{
    return xSemaphoreCreateCountingStatic(1, 0, pxStaticSemaphore);
}

SemaphoreHandle_t xSemaphoreCreateMutex(void)
{
    return fill_in(malloc(sizeof(struct QueueDefinition)), 1, 1, true, false);
}

SemaphoreHandle_t xSemaphoreCreateMutexStatic(StaticSemaphore_t *pxStaticSemaphore)
{
    return fill_in(pxStaticSemaphore, 1, 1, true, true);
}

SemaphoreHandle_t xSemaphoreCreateRecursiveMutex(void)
{
    return xSemaphoreCreateMutex();
}

SemaphoreHandle_t xSemaphoreCreateRecursiveMutexStatic(StaticSemaphore_t *pxStaticSemaphore)
{
    return xSemaphoreCreateMutexStatic(pxStaticSemaphore);
}

static void need(SemaphoreHandle_t semaphore, const char *call)
{
    if (semaphore == NULL) {
        compat_stop("%s: the semaphore is NULL", call);
    }
}

void vSemaphoreDelete(SemaphoreHandle_t xSemaphore)
{
    need(xSemaphore, "vSemaphoreDelete()");
    if (!xSemaphore->is_static) {
        free(xSemaphore);
    }
}

/* ---- The count ---- */

/* Take one, and in the same step `also` off the word; false: there is none. */
static bool take_one(SemaphoreHandle_t semaphore, uint64_t also)
{
    uint64_t old = atomic_load(&semaphore->word);
    while ((uint32_t)old != 0) {
        if (atomic_compare_exchange_weak(&semaphore->word, &old, old - 1 - also)) {
            return true;
        }
    }
    return false;
}

static bool take_waiting(SemaphoreHandle_t semaphore, TickType_t ticks)
{
    int64_t deadline = compat_deadline_ns(ticks);
    atomic_fetch_add(&semaphore->word, SLEEPER);
    bool in_time = true;
    while (!take_one(semaphore, SLEEPER)) {
        uint64_t empty = atomic_load(&semaphore->word);
        if (!in_time && (uint32_t)empty == 0) {
            /* Only while it is still empty: a giver who saw this task asleep woke no other one. */
            if (atomic_compare_exchange_weak(&semaphore->word, &empty, empty - SLEEPER)) {
                return false;
            }
            continue;
        }
        in_time = compat_task_wait(futex_low_half(&semaphore->word), 0, deadline);
    }
    return true;
}

static bool give_one(SemaphoreHandle_t semaphore, BaseType_t *woken)
{
    uint64_t old = atomic_load(&semaphore->word);
    do {
        if ((uint32_t)old >= semaphore->max) {
            return false;
        }
    } while (!atomic_compare_exchange_weak(&semaphore->word, &old, old + 1));
    /* From here on the semaphore may be gone. */
    if (old >= SLEEPER) {
        futex_wake(futex_low_half(&semaphore->word), 1);
        if (woken != NULL) {
            *woken = pdTRUE;
        }
    }
    return true;
}

/* ---- From tasks ---- */

static bool take(SemaphoreHandle_t semaphore, TickType_t ticks, const char *call)
{
    need(semaphore, call);
    if (ticks != 0 || semaphore->is_mutex) {
        compat_task_only(call);
    }
    bool taken = take_one(semaphore, 0) || (ticks != 0 && take_waiting(semaphore, ticks));
    if (taken && semaphore->is_mutex) {
        atomic_store(&semaphore->holder, xTaskGetCurrentTaskHandle());
        semaphore->depth = 1;
    }
    if (ticks != 0) {
        compat_task_end_if_deleted();
    }
    return taken;
}

BaseType_t xSemaphoreTake(SemaphoreHandle_t xSemaphore, TickType_t xTicksToWait)
{
    return take(xSemaphore, xTicksToWait, "xSemaphoreTake()") ? pdTRUE : pdFALSE;
}

BaseType_t xSemaphoreTakeRecursive(SemaphoreHandle_t xMutex, TickType_t xTicksToWait)
{
    compat_task_only("xSemaphoreTakeRecursive()");
    need(xMutex, "xSemaphoreTakeRecursive()");
    if (xMutex->is_mutex && atomic_load(&xMutex->holder) == xTaskGetCurrentTaskHandle()) {
        xMutex->depth++;
        return pdTRUE;
    }
    return take(xMutex, xTicksToWait, "xSemaphoreTakeRecursive()") ? pdTRUE : pdFALSE;
}

static bool give(SemaphoreHandle_t semaphore)
{
    if (semaphore->is_mutex) {
        if (atomic_load(&semaphore->holder) != xTaskGetCurrentTaskHandle()) {
            return false;
        }
        atomic_store(&semaphore->holder, NULL); /* before another task can become it */
    }
    return give_one(semaphore, NULL);
}

BaseType_t xSemaphoreGive(SemaphoreHandle_t xSemaphore)
{
    compat_task_only("xSemaphoreGive()");
    need(xSemaphore, "xSemaphoreGive()");
    return give(xSemaphore) ? pdTRUE : pdFALSE;
}

BaseType_t xSemaphoreGiveRecursive(SemaphoreHandle_t xMutex)
{
    compat_task_only("xSemaphoreGiveRecursive()");
    need(xMutex, "xSemaphoreGiveRecursive()");
    if (atomic_load(&xMutex->holder) != xTaskGetCurrentTaskHandle()) {
        return pdFALSE;
    }
    xMutex->depth--;
    return xMutex->depth != 0 || give(xMutex) ? pdTRUE : pdFALSE;
}

/* ---- From anywhere ---- */

static void need_no_mutex(SemaphoreHandle_t semaphore, const char *call)
{
    need(semaphore, call);
    if (semaphore->is_mutex) {
        compat_stop("%s of a mutex: mutexes are for tasks, a binary semaphore is what interrupts can use",
                    call);
    }
}

BaseType_t xSemaphoreTakeFromISR(SemaphoreHandle_t xSemaphore, BaseType_t *pxHigherPriorityTaskWoken)
{
    (void)pxHigherPriorityTaskWoken;
    need_no_mutex(xSemaphore, "xSemaphoreTakeFromISR()");
    return take_one(xSemaphore, 0) ? pdTRUE : pdFALSE;
}

BaseType_t xSemaphoreGiveFromISR(SemaphoreHandle_t xSemaphore, BaseType_t *pxHigherPriorityTaskWoken)
{
    need_no_mutex(xSemaphore, "xSemaphoreGiveFromISR()");
    return give_one(xSemaphore, pxHigherPriorityTaskWoken) ? pdTRUE : pdFALSE;
}

UBaseType_t uxSemaphoreGetCount(SemaphoreHandle_t xSemaphore)
{
    need(xSemaphore, "uxSemaphoreGetCount()");
    return (uint32_t)atomic_load(&xSemaphore->word);
}

TaskHandle_t xSemaphoreGetMutexHolder(SemaphoreHandle_t xMutex)
{
    need(xMutex, "xSemaphoreGetMutexHolder()");
    return atomic_load(&xMutex->holder);
}
