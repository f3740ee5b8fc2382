/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * @brief The FreeRTOS names that programs for the Async memcpy API use, for places without FreeRTOS.
 *
 * Types, constants and critical sections are here and in freertos/portmacro.h; semaphores in
 * freertos/semphr.h; tasks in freertos/task.h. Names, arguments and results are FreeRTOS's, with ESP-IDF's
 * critical sections.
 *
 * A call that may block is for tasks: from interrupt context it stops the program, naming itself and the
 * callback.
 */
#ifndef FREERTOS_FREERTOS_H
#define FREERTOS_FREERTOS_H

#include <assert.h>
#include <stddef.h>
#include <stdint.h>

#define configTICK_RATE_HZ       1000 /**< Ticks per second. */
#define configMAX_PRIORITIES     25   /**< Priorities go from 0 to one less. */
#define configMINIMAL_STACK_SIZE 1536 /**< Bytes; every task here gets more than that. */
#define configMAX_TASK_NAME_LEN  16   /**< With the final NUL; the rest of a longer name is cut off. */

#include "freertos/portmacro.h"

#define pdFALSE ((BaseType_t)0) /**< No. */
#define pdTRUE  ((BaseType_t)1) /**< Yes. */
#define pdFAIL  pdFALSE         /**< It did not work. */
#define pdPASS  pdTRUE          /**< It worked. */

/** Result of xTaskCreate() without memory or threads left. */
#define errCOULD_NOT_ALLOCATE_REQUIRED_MEMORY (-1)

/** Milliseconds in ticks. */
#define pdMS_TO_TICKS(ms) ((TickType_t)(((uint64_t)(ms) * (uint64_t)configTICK_RATE_HZ) / (uint64_t)1000))

/** Ticks in milliseconds. */
#define pdTICKS_TO_MS(ticks)                                                                                 \
    ((TickType_t)(((uint64_t)(ticks) * (uint64_t)1000) / (uint64_t)configTICK_RATE_HZ))

/** Stop the program if this is not so. */
#ifndef configASSERT
#define configASSERT(condition) assert(condition)
#endif

#endif
