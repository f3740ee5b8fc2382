/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * @brief FreeRTOS tasks, time and notifications.
 *
 * A task is a thread. Any other thread (main's, for one) counts as a task as soon as it calls one of these,
 * and its handle is good until it ends. Priorities are kept and told, and do not change who runs. A task that
 * waits with a time-out waits at least that long.
 */
#ifndef FREERTOS_TASK_H
#define FREERTOS_TASK_H

#include "freertos/FreeRTOS.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct tskTaskControlBlock *TaskHandle_t; /**< A task. */
typedef void (*TaskFunction_t)(void *);           /**< What a task runs. It must not return. */

#define tskIDLE_PRIORITY ((UBaseType_t)0)         /**< The lowest priority. */
#define tskNO_AFFINITY   ((BaseType_t)0x7fffffff) /**< On any core. */

/** What a notification does to the 32-bit value of the task. */
typedef enum {
    eNoAction,                /**< Nothing: the task is notified only. */
    eSetBits,                 /**< Set the bits that are set in the value given. */
    eIncrement,               /**< Add one; the value given plays no part. */
    eSetValueWithOverwrite,   /**< Become the value given. */
    eSetValueWithoutOverwrite /**< The same, unless a notification is pending already. */
} eNotifyAction;

/** @name Critical sections under their other names */
/** @{ */
/** Enter or leave a critical section: see freertos/portmacro.h. */
#define taskENTER_CRITICAL(mux)     portENTER_CRITICAL(mux)
#define taskEXIT_CRITICAL(mux)      portEXIT_CRITICAL(mux)
#define taskENTER_CRITICAL_ISR(mux) portENTER_CRITICAL_ISR(mux)
#define taskEXIT_CRITICAL_ISR(mux)  portEXIT_CRITICAL_ISR(mux)
/** @} */

/** Let another task run. Context: task. */
#define taskYIELD() portYIELD()

/**
 * @brief Start a task.
 *
 * Context: task; interrupt context stops the program. A function that returns instead of calling
 * vTaskDelete(NULL) stops the program, as on the chip.
 *
 * @param pxTaskCode     The function it runs.
 * @param pcName         Its name; NULL: none.
 * @param ulStackDepth   Bytes of stack; a host's default where that is more.
 * @param pvParameters   Given to the function.
 * @param uxPriority     Its priority.
 * @param pxCreatedTask  Receives its handle before it runs; may be NULL.
 * @return pdPASS, or errCOULD_NOT_ALLOCATE_REQUIRED_MEMORY.
 */
BaseType_t xTaskCreate(TaskFunction_t pxTaskCode, const char *pcName, uint32_t ulStackDepth,
                       void *pvParameters, UBaseType_t uxPriority, TaskHandle_t *pxCreatedTask);

/** @brief xTaskCreate() on one core of the chip; here on any. Context and result: as there. */
BaseType_t xTaskCreatePinnedToCore(TaskFunction_t pxTaskCode, const char *pcName, uint32_t ulStackDepth,
                                   void *pvParameters, UBaseType_t uxPriority, TaskHandle_t *pxCreatedTask,
                                   BaseType_t xCoreID);

/**
 * @brief End a task.
 *
 * NULL, or its own handle: the caller ends here, and its handle with it. Another task, one that xTaskCreate()
 * made: it ends in the call of this header or of freertos/semphr.h that may block (a delay, a wait, a take, a
 * yield) in which it is or that it makes next, and the call returns when it has; do not hold a critical
 * section that it needs to get there. A thread that xTaskCreate() did not make can end itself only; deleting
 * it from elsewhere stops the program.
 *
 * Context: task; interrupt context stops the program.
 */
void vTaskDelete(TaskHandle_t xTaskToDelete);

/** @brief Sleep for some ticks; 0 only yields. Context: task; interrupt context stops the program. */
void vTaskDelay(TickType_t xTicksToDelay);

/**
 * @brief Sleep until a tick, so that a loop keeps its period.
 *
 * Context: task; interrupt context stops the program.
 *
 * @param pxPreviousWakeTime  The tick before; becomes the tick slept for.
 * @param xTimeIncrement      The period.
 * @return pdTRUE if it slept; pdFALSE if that tick is over already.
 */
BaseType_t xTaskDelayUntil(TickType_t *pxPreviousWakeTime, TickType_t xTimeIncrement);

/** xTaskDelayUntil() without a result. */
#define vTaskDelayUntil(pxPreviousWakeTime, xTimeIncrement)                                                  \
    ((void)xTaskDelayUntil((pxPreviousWakeTime), (xTimeIncrement)))

/** @brief Ticks since the library first looked at the clock. Context: any. */
TickType_t xTaskGetTickCount(void);

/** @brief xTaskGetTickCount() under its name for interrupts. Context: any. */
TickType_t xTaskGetTickCountFromISR(void);

/** @brief The task that calls. Context: any; in interrupt context it is the engine's thread. */
TaskHandle_t xTaskGetCurrentTaskHandle(void);

/** @brief A task's name; NULL: the caller's. Context: task. */
char *pcTaskGetName(TaskHandle_t xTaskToQuery);

/** @brief A task's priority; NULL: the caller's. Context: task. */
UBaseType_t uxTaskPriorityGet(TaskHandle_t xTask);

/** @brief Change a task's priority; NULL: the caller's. Context: task. */
void vTaskPrioritySet(TaskHandle_t xTask, UBaseType_t uxNewPriority);

/**
 * @brief Wait until the caller's notification value is not 0, or it is notified.
 *
 * Context: task; interrupt context stops the program.
 *
 * @param xClearCountOnExit  pdTRUE: the value becomes 0; pdFALSE: it is decremented.
 * @param xTicksToWait       Ticks to wait at the most.
 * @return The value before that; 0: the time is up.
 */
uint32_t ulTaskNotifyTake(BaseType_t xClearCountOnExit, TickType_t xTicksToWait);

/**
 * @brief Wait for a notification of the caller.
 *
 * Context: task; interrupt context stops the program.
 *
 * @param ulBitsToClearOnEntry  Bits cleared first, unless a notification is pending.
 * @param ulBitsToClearOnExit   Bits cleared at the end, if there was a notification.
 * @param pulNotificationValue  Receives the value before that; may be NULL.
 * @param xTicksToWait          Ticks to wait at the most.
 * @return pdTRUE: notified; pdFALSE: the time is up.
 */
BaseType_t xTaskNotifyWait(uint32_t ulBitsToClearOnEntry, uint32_t ulBitsToClearOnExit,
                           uint32_t *pulNotificationValue, TickType_t xTicksToWait);

/**
 * @brief Notify a task.
 *
 * Context: task; interrupt context stops the program: there it is xTaskNotifyFromISR(). So does a NULL task,
 * here and in the three calls below.
 *
 * @return pdPASS; pdFAIL: eSetValueWithoutOverwrite met a pending notification.
 */
BaseType_t xTaskNotify(TaskHandle_t xTaskToNotify, uint32_t ulValue, eNotifyAction eAction);

/**
 * @brief xTaskNotify() for interrupts. Context: any.
 *
 * @param xTaskToNotify              The task.
 * @param ulValue                    The value.
 * @param eAction                    What to do with it.
 * @param pxHigherPriorityTaskWoken  May be NULL; becomes pdTRUE if the task waited for it, else is left
 * alone.
 * @return As xTaskNotify().
 */
BaseType_t xTaskNotifyFromISR(TaskHandle_t xTaskToNotify, uint32_t ulValue, eNotifyAction eAction,
                              BaseType_t *pxHigherPriorityTaskWoken);

/** @brief xTaskNotify() with eIncrement: ulTaskNotifyTake() waits for it. Context and result: as there. */
BaseType_t xTaskNotifyGive(TaskHandle_t xTaskToNotify);

/** @brief xTaskNotifyFromISR() with eIncrement. Context: any. */
void vTaskNotifyGiveFromISR(TaskHandle_t xTaskToNotify, BaseType_t *pxHigherPriorityTaskWoken);

#ifdef __cplusplus
}
#endif

#endif
