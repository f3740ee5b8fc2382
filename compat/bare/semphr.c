/* SPDX-License-Identifier: Apache-2.0 */
/* Semaphores and mutexes for one task and its interrupts. */
#include <stdlib.h>

#include "freertos/semphr.h"
#include "port.h"
#include "sleep.h"
#include "stop.h"

struct QueueDefinition {
    uint32_t count; /* written masked */
    uint32_t max;
    uint32_t depth; /* of a mutex: how often the task took it */
    bool is_mutex;
    bool is_static; /* its memory is the program's */
    bool awaited;   /* the task sleeps until it is given */
};

_Static_assert(sizeof(struct QueueDefinition) <= sizeof(StaticSemaphore_t),
               "the program's memory is too small");

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
    *made =
        (struct QueueDefinition){.count = count, .max = max, .is_mutex = is_mutex, .is_static = is_static};
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

static bool take_one(void *what)
{
    SemaphoreHandle_t semaphore = what;
    unsigned state = port_irq_mask();
    bool there = semaphore->count != 0;
    if (there) {
        semaphore->count--;
    }
    port_irq_unmask(state);
    return there;
}

static bool give_one(SemaphoreHandle_t semaphore, BaseType_t *woken)
{
    unsigned state = port_irq_mask();
    bool room = semaphore->count < semaphore->max;
    if (room) {
        semaphore->count++;
        if (semaphore->awaited && woken != NULL) {
            *woken = pdTRUE;
        }
    }
    port_irq_unmask(state);
    compat_wake();
    return room;
}

/* ---- From the task ---- */

static bool take(SemaphoreHandle_t semaphore, TickType_t ticks, const char *call)
{
    need(semaphore, call);
    if (ticks != 0 || semaphore->is_mutex) {
        compat_task_only(call);
    }
    bool taken = take_one(semaphore);
    if (!taken && ticks != 0) {
        semaphore->awaited = true;
        taken = compat_sleep_until(take_one, semaphore, compat_deadline(ticks));
        semaphore->awaited = false;
    }
    if (taken && semaphore->is_mutex) {
        semaphore->depth = 1;
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
    if (xMutex->is_mutex && xMutex->count == 0) {
        xMutex->depth++;
        return pdTRUE;
    }
    return take(xMutex, xTicksToWait, "xSemaphoreTakeRecursive()") ? pdTRUE : pdFALSE;
}

BaseType_t xSemaphoreGive(SemaphoreHandle_t xSemaphore)
{
    compat_task_only("xSemaphoreGive()");
    need(xSemaphore, "xSemaphoreGive()");
    return give_one(xSemaphore, NULL) ? pdTRUE : pdFALSE;
}

BaseType_t xSemaphoreGiveRecursive(SemaphoreHandle_t xMutex)
{
    compat_task_only("xSemaphoreGiveRecursive()");
    need(xMutex, "xSemaphoreGiveRecursive()");
    if (!xMutex->is_mutex || xMutex->count != 0) {
        return pdFALSE;
    }
    xMutex->depth--;
    return xMutex->depth != 0 || give_one(xMutex, NULL) ? pdTRUE : pdFALSE;
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
    return take_one(xSemaphore) ? pdTRUE : pdFALSE;
}

BaseType_t xSemaphoreGiveFromISR(SemaphoreHandle_t xSemaphore, BaseType_t *pxHigherPriorityTaskWoken)
{
    need_no_mutex(xSemaphore, "xSemaphoreGiveFromISR()");
    return give_one(xSemaphore, pxHigherPriorityTaskWoken) ? pdTRUE : pdFALSE;
}

UBaseType_t uxSemaphoreGetCount(SemaphoreHandle_t xSemaphore)
{
    need(xSemaphore, "uxSemaphoreGetCount()");
    return ((volatile struct QueueDefinition *)xSemaphore)->count;
}

TaskHandle_t xSemaphoreGetMutexHolder(SemaphoreHandle_t xMutex)
{
    need(xMutex, "xSemaphoreGetMutexHolder()");
    return xMutex->is_mutex && xMutex->count == 0 ? xTaskGetCurrentTaskHandle() : NULL;
}
