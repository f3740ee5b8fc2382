/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * @brief FreeRTOS semaphores and mutexes.
 *
 * A time-out is in ticks: 0 only looks, portMAX_DELAY waits for ever. Mutexes are for tasks: no FromISR call
 * takes one. Priorities play no part in who is woken. The semaphore must live until each call on it has
 * begun; the task that has taken what a callback gave may delete it at once.
 */
#ifndef FREERTOS_SEMPHR_H
#define FREERTOS_SEMPHR_H

#include "freertos/FreeRTOS.h"
#include "freertos/task.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct QueueDefinition *SemaphoreHandle_t; /**< A semaphore. */

/** Room for a semaphore whose memory the program gives. */
typedef struct {
    uint64_t room[4]; /**< Not for programs. */
} StaticSemaphore_t;

/** @name Make a semaphore */
/** @{ */
/** Make a semaphore, not given or with a count, or a mutex, not taken. NULL: no memory, or impossible.
 * Context: task. */
SemaphoreHandle_t xSemaphoreCreateBinary(void);
SemaphoreHandle_t xSemaphoreCreateCounting(UBaseType_t uxMaxCount, UBaseType_t uxInitialCount);
SemaphoreHandle_t xSemaphoreCreateMutex(void);
SemaphoreHandle_t xSemaphoreCreateRecursiveMutex(void);
/** @} */

/** @name Make a semaphore in the program's memory */
/** @{ */
/** The same in the program's memory, which must live as long. NULL: that memory is NULL, or impossible. */
SemaphoreHandle_t xSemaphoreCreateBinaryStatic(StaticSemaphore_t *pxStaticSemaphore);
SemaphoreHandle_t xSemaphoreCreateCountingStatic(UBaseType_t uxMaxCount, UBaseType_t uxInitialCount,
                                                 StaticSemaphore_t *pxStaticSemaphore);
SemaphoreHandle_t xSemaphoreCreateMutexStatic(StaticSemaphore_t *pxStaticSemaphore);
SemaphoreHandle_t xSemaphoreCreateRecursiveMutexStatic(StaticSemaphore_t *pxStaticSemaphore);
/** @} */

/** @brief Delete a semaphore that no task waits for. Context: task. */
void vSemaphoreDelete(SemaphoreHandle_t xSemaphore);

/**
 * @brief Take a semaphore or a mutex, waiting for it.
 *
 * Context: task. Interrupt context stops the program if xTicksToWait is not 0, and always for a mutex.
 *
 * @return pdTRUE: taken; pdFALSE: the time is up.
 */
BaseType_t xSemaphoreTake(SemaphoreHandle_t xSemaphore, TickType_t xTicksToWait);

/**
 * @brief Give a semaphore, or a mutex back.
 *
 * Context: task; interrupt context stops the program: there it is xSemaphoreGiveFromISR().
 *
 * @return pdTRUE; pdFALSE: its count is at its maximum, or this task does not hold the mutex.
 */
BaseType_t xSemaphoreGive(SemaphoreHandle_t xSemaphore);

/** @brief Take a recursive mutex, which its holder may take again. Context and result: as xSemaphoreTake().
 */
BaseType_t xSemaphoreTakeRecursive(SemaphoreHandle_t xMutex, TickType_t xTicksToWait);

/** @brief Give a recursive mutex back, as often as it was taken. Context and result: as xSemaphoreGive(). */
BaseType_t xSemaphoreGiveRecursive(SemaphoreHandle_t xMutex);

/**
 * @brief Take a semaphore without waiting.
 *
 * Context: any. A mutex stops the program.
 *
 * @param xSemaphore                 The semaphore.
 * @param pxHigherPriorityTaskWoken  May be NULL; left alone: taking wakes nobody.
 * @return pdTRUE: taken; pdFALSE: there was nothing to take.
 */
BaseType_t xSemaphoreTakeFromISR(SemaphoreHandle_t xSemaphore, BaseType_t *pxHigherPriorityTaskWoken);

/**
 * @brief Give a semaphore.
 *
 * Context: any. A mutex stops the program.
 *
 * @param xSemaphore                 The semaphore.
 * @param pxHigherPriorityTaskWoken  May be NULL; becomes pdTRUE if a task waited for it, else is left alone.
 * @return pdTRUE; pdFALSE: its count is at its maximum.
 */
BaseType_t xSemaphoreGiveFromISR(SemaphoreHandle_t xSemaphore, BaseType_t *pxHigherPriorityTaskWoken);

/** @brief How often it can be taken now; for a mutex 1: free, 0: taken. Context: any. */
UBaseType_t uxSemaphoreGetCount(SemaphoreHandle_t xSemaphore);

/** @brief The task that holds a mutex, or NULL. Context: task. */
TaskHandle_t xSemaphoreGetMutexHolder(SemaphoreHandle_t xMutex);

#ifdef __cplusplus
}
#endif

#endif
