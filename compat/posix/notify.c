/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Task notifications. One word holds all of it: the value in the low half, the state in the high half, on
 * which the task sleeps. Only the task itself sets WAITING; whoever notifies replaces that by PENDING in the
 * same step.
 */
#include "futex.h"
#include "stop.h"
#include "task_private.h"

#define PENDING (UINT64_C(1) << 32) /* notified, and not seen yet */
#define WAITING (UINT64_C(1) << 33) /* the task sleeps, or is about to */

/* ---- To a task ---- */

static uint32_t apply(uint32_t old, uint32_t value, eNotifyAction action)
{
    switch (action) {
    case eSetBits:
        return old | value;
    case eIncrement:
        return old + 1;
    case eSetValueWithOverwrite:
    case eSetValueWithoutOverwrite:
        return value;
    case eNoAction:
    default:
        return old;
    }
}

/* Any context. woken: may be NULL. */
static BaseType_t notify(TaskHandle_t task, uint32_t value, eNotifyAction action, BaseType_t *woken,
                         const char *call)
{
    if (task == NULL) {
        compat_stop("%s: the task is NULL", call);
    }
    uint64_t old = atomic_load(&task->notification);
    do {
        if (action == eSetValueWithoutOverwrite && (old & PENDING) != 0) {
            return pdFAIL;
        }
    } while (!atomic_compare_exchange_weak(&task->notification, &old,
                                           PENDING | apply((uint32_t)old, value, action)));
    if ((old & WAITING) != 0) {
        futex_wake(futex_high_half(&task->notification), 1);
        if (woken != NULL) {
            *woken = pdTRUE;
        }
    }
    return pdPASS;
}

BaseType_t xTaskNotify(TaskHandle_t xTaskToNotify, uint32_t ulValue, eNotifyAction eAction)
{
    compat_task_only("xTaskNotify()");
    return notify(xTaskToNotify, ulValue, eAction, NULL, "xTaskNotify()");
}

BaseType_t xTaskNotifyFromISR(TaskHandle_t xTaskToNotify, uint32_t ulValue, eNotifyAction eAction,
                              BaseType_t *pxHigherPriorityTaskWoken)
{
    return notify(xTaskToNotify, ulValue, eAction, pxHigherPriorityTaskWoken, "xTaskNotifyFromISR()");
}

BaseType_t xTaskNotifyGive(TaskHandle_t xTaskToNotify)
{
    compat_task_only("xTaskNotifyGive()");
    return notify(xTaskToNotify, 0, eIncrement, NULL, "xTaskNotifyGive()");
}

void vTaskNotifyGiveFromISR(TaskHandle_t xTaskToNotify, BaseType_t *pxHigherPriorityTaskWoken)
{
    notify(xTaskToNotify, 0, eIncrement, pxHigherPriorityTaskWoken, "vTaskNotifyGiveFromISR()");
}

/* ---- By the task ---- */

/* The caller has set WAITING. */
static void sleep_until_notified(TaskHandle_t self, TickType_t ticks)
{
    int64_t deadline = compat_deadline_ns(ticks);
    while ((atomic_load(&self->notification) & WAITING) != 0 &&
           compat_task_wait(futex_high_half(&self->notification), (uint32_t)(WAITING >> 32), deadline)) {
        /* woken early */
    }
}

uint32_t ulTaskNotifyTake(BaseType_t xClearCountOnExit, TickType_t xTicksToWait)
{
    compat_task_only("ulTaskNotifyTake()");
    TaskHandle_t self = xTaskGetCurrentTaskHandle();
    uint64_t old = atomic_load(&self->notification);
    while ((uint32_t)old == 0 && xTicksToWait != 0) {
        if (atomic_compare_exchange_weak(&self->notification, &old, WAITING)) {
            sleep_until_notified(self, xTicksToWait);
            break;
        }
    }
    uint32_t value;
    uint32_t rest;
    old = atomic_load(&self->notification);
    do {
        value = (uint32_t)old;
        rest = xClearCountOnExit != pdFALSE || value == 0 ? 0 : value - 1;
    } while (!atomic_compare_exchange_weak(&self->notification, &old, rest));
    compat_task_end_if_deleted();
    return value;
}

BaseType_t xTaskNotifyWait(uint32_t ulBitsToClearOnEntry, uint32_t ulBitsToClearOnExit,
                           uint32_t *pulNotificationValue, TickType_t xTicksToWait)
{
    compat_task_only("xTaskNotifyWait()");
    TaskHandle_t self = xTaskGetCurrentTaskHandle();
    uint64_t old = atomic_load(&self->notification);
    while ((old & PENDING) == 0) {
        uint64_t next = (uint32_t)old & ~ulBitsToClearOnEntry;
        if (atomic_compare_exchange_weak(&self->notification, &old,
                                         xTicksToWait != 0 ? next | WAITING : next)) {
            if (xTicksToWait != 0) {
                sleep_until_notified(self, xTicksToWait);
            }
            break;
        }
    }
    uint32_t rest;
    old = atomic_load(&self->notification);
    do {
        rest = (old & PENDING) != 0 ? (uint32_t)old & ~ulBitsToClearOnExit : (uint32_t)old;
    } while (!atomic_compare_exchange_weak(&self->notification, &old, rest));
    if (pulNotificationValue != NULL) {
        *pulNotificationValue = (uint32_t)old;
    }
    compat_task_end_if_deleted();
    return (old & PENDING) != 0 ? pdTRUE : pdFALSE;
}
