/* SPDX-License-Identifier: Apache-2.0 */
/* The one task, which runs app_main(): its name, its priority, its notifications, and why there is no other.
 */
#include <stdlib.h>
#include <string.h>

#include "esp_log.h"
#include "freertos/task.h"
#include "port.h"
#include "sleep.h"
#include "stop.h"

struct tskTaskControlBlock {
    char name[configMAX_TASK_NAME_LEN];
    UBaseType_t priority;
    uint32_t value; /* of its notification; written masked, as the next two */
    bool pending;   /* notified, and not seen yet */
    bool waiting;   /* for a notification */
};

static struct tskTaskControlBlock the_task = {.name = "main", .priority = 1};

/* ---- Tasks ---- */

BaseType_t xTaskCreate(TaskFunction_t pxTaskCode, const char *pcName, uint32_t ulStackDepth,
                       void *pvParameters, UBaseType_t uxPriority, TaskHandle_t *pxCreatedTask)
{
    (void)pxTaskCode;
    (void)ulStackDepth;
    (void)pvParameters;
    (void)uxPriority;
    (void)pxCreatedTask;
    compat_task_only("xTaskCreate()");
    ESP_LOGE("freertos", "xTaskCreate(): no task %s: without a kernel app_main() is the only one",
             pcName != NULL ? pcName : "");
    return errCOULD_NOT_ALLOCATE_REQUIRED_MEMORY;
}

BaseType_t xTaskCreatePinnedToCore(TaskFunction_t pxTaskCode, const char *pcName, uint32_t ulStackDepth,
                                   void *pvParameters, UBaseType_t uxPriority, TaskHandle_t *pxCreatedTask,
                                   BaseType_t xCoreID)
{
    (void)xCoreID;
    return xTaskCreate(pxTaskCode, pcName, ulStackDepth, pvParameters, uxPriority, pxCreatedTask);
}

/* With the only task the program ends. */
void vTaskDelete(TaskHandle_t xTaskToDelete)
{
    (void)xTaskToDelete;
    compat_task_only("vTaskDelete()");
    exit(0);
}

TaskHandle_t xTaskGetCurrentTaskHandle(void)
{
    return &the_task;
}

char *pcTaskGetName(TaskHandle_t xTaskToQuery)
{
    (void)xTaskToQuery;
    return the_task.name;
}

UBaseType_t uxTaskPriorityGet(TaskHandle_t xTask)
{
    (void)xTask;
    return the_task.priority;
}

void vTaskPrioritySet(TaskHandle_t xTask, UBaseType_t uxNewPriority)
{
    (void)xTask;
    the_task.priority = uxNewPriority;
}

/* ---- To the task ---- */

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
    unsigned state = port_irq_mask();
    bool refused = action == eSetValueWithoutOverwrite && task->pending;
    if (!refused) {
        task->value = apply(task->value, value, action);
        task->pending = true;
        if (task->waiting && woken != NULL) {
            *woken = pdTRUE;
        }
    }
    port_irq_unmask(state);
    compat_wake();
    return refused ? pdFAIL : pdPASS;
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

static bool is_notified(void *task)
{
    return ((const struct tskTaskControlBlock *)task)->pending;
}

static void wait_for_notification(TickType_t ticks)
{
    the_task.waiting = true;
    compat_sleep_until(is_notified, &the_task, compat_deadline(ticks));
    the_task.waiting = false;
}

uint32_t ulTaskNotifyTake(BaseType_t xClearCountOnExit, TickType_t xTicksToWait)
{
    compat_task_only("ulTaskNotifyTake()");
    unsigned state = port_irq_mask();
    bool wait = the_task.value == 0 && xTicksToWait != 0;
    if (wait) {
        the_task.pending = false; /* one seen already counts for nothing */
    }
    port_irq_unmask(state);
    if (wait) {
        wait_for_notification(xTicksToWait);
    }
    state = port_irq_mask();
    uint32_t value = the_task.value;
    the_task.value = xClearCountOnExit != pdFALSE || value == 0 ? 0 : value - 1;
    the_task.pending = false;
    port_irq_unmask(state);
    return value;
}

BaseType_t xTaskNotifyWait(uint32_t ulBitsToClearOnEntry, uint32_t ulBitsToClearOnExit,
                           uint32_t *pulNotificationValue, TickType_t xTicksToWait)
{
    compat_task_only("xTaskNotifyWait()");
    unsigned state = port_irq_mask();
    bool wait = !the_task.pending;
    if (wait) {
        the_task.value &= ~ulBitsToClearOnEntry;
    }
    port_irq_unmask(state);
    if (wait && xTicksToWait != 0) {
        wait_for_notification(xTicksToWait);
    }
    state = port_irq_mask();
    bool notified = the_task.pending;
    if (pulNotificationValue != NULL) {
        *pulNotificationValue = the_task.value;
    }
    the_task.value &= notified ? ~ulBitsToClearOnExit : UINT32_MAX;
    the_task.pending = false;
    port_irq_unmask(state);
    return notified ? pdTRUE : pdFALSE;
}
