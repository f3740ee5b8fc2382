/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * @brief FreeRTOS's basic types and ESP-IDF's critical sections. Included by freertos/FreeRTOS.h.
 */
#ifndef FREERTOS_PORTMACRO_H
#define FREERTOS_PORTMACRO_H

#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef int BaseType_t;           /**< A truth value or a small number. */
typedef unsigned int UBaseType_t; /**< A count. */
typedef uint32_t TickType_t;      /**< A time in ticks; it wraps around. */
typedef uint8_t StackType_t;      /**< Stack sizes are in bytes, as in ESP-IDF. */

#define portMAX_DELAY      ((TickType_t)0xffffffffU)                 /**< Wait for ever. */
#define portTICK_PERIOD_MS ((TickType_t)(1000 / configTICK_RATE_HZ)) /**< Milliseconds per tick. */
#define portNUM_PROCESSORS 1                                         /**< Cores that a program is told of. */

/**
 * @brief A lock for critical sections. It may be entered again by its holder, as often as it is left again.
 *
 * It keeps out whoever uses the same lock: tasks, other threads, and callbacks in interrupt context, which
 * run in threads of their own as if on another core. Keep the section short and do not block in it. After
 * fork(), a lock that another thread held stays locked in the child.
 */
typedef struct {
    uint32_t state;  /**< 0: free; 1: held; 2: held, and others wait. */
    uint32_t depth;  /**< How often its holder has entered. */
    uintptr_t owner; /**< Which thread holds it. */
    uint32_t masked; /**< Its holder also keeps the software chip's interrupts out. */
} portMUX_TYPE;

#define portMUX_INITIALIZER_UNLOCKED                                                                         \
    {                                                                                                        \
        0, 0, 0, 0                                                                                           \
    }                                                      /**< A lock's initial value. */
#define portMUX_INITIALIZE(mux)  vPortMutexInitialize(mux) /**< The same at run time. */
#define spinlock_initialize(mux) vPortMutexInitialize(mux) /**< ESP-IDF's other name for it. */

void vPortMutexInitialize(portMUX_TYPE *mux); /**< Behind portMUX_INITIALIZE(). Context: any. */
void vPortEnterCritical(portMUX_TYPE *mux);   /**< Behind portENTER_CRITICAL(). Context: any. */
void vPortExitCritical(
    portMUX_TYPE *mux); /**< Behind portEXIT_CRITICAL(). Stops the program for a lock not held. */

/** @name Critical sections */
/** @{ */
/** Enter or leave a critical section. Context: any, for all of them here; on the chip as the name says. */
#define portENTER_CRITICAL(mux)      vPortEnterCritical(mux)
#define portEXIT_CRITICAL(mux)       vPortExitCritical(mux)
#define portENTER_CRITICAL_ISR(mux)  vPortEnterCritical(mux)
#define portEXIT_CRITICAL_ISR(mux)   vPortExitCritical(mux)
#define portENTER_CRITICAL_SAFE(mux) vPortEnterCritical(mux)
#define portEXIT_CRITICAL_SAFE(mux)  vPortExitCritical(mux)
/** @} */

/** @brief pdTRUE in interrupt context: here, in the completion context of an engine. Context: any. */
BaseType_t xPortInIsrContext(void);

/** @brief The core that this runs on: 0. Context: any. */
BaseType_t xPortGetCoreID(void);

/** Let another task run. Context: task. */
void vPortYield(void);
#define portYIELD() vPortYield() /**< Let another task run. Context: task. */

/** At the end of an interrupt: run the task that it woke. Here the kernel does so unasked. */
#define portYIELD_FROM_ISR(...) ((void)(__VA_ARGS__ + 0))

#ifdef __cplusplus
}
#endif

#endif
