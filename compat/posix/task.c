/* SPDX-License-Identifier: Apache-2.0 */
/* Tasks are threads: how they begin, sleep and end. */
#define _GNU_SOURCE
#include <sched.h>
#include <stdlib.h>
#include <string.h>

#include "futex.h"
#include "stop.h"
#include "task_private.h"
#include "ticks.h"

typedef struct tskTaskControlBlock task;

/* The task of this thread: one that xTaskCreate() made, or the thread's own. Never allocated for a foreign
 * thread, so nothing is left when it ends. */
static _Thread_local task *current;
static _Thread_local task foreign;

TaskHandle_t xTaskGetCurrentTaskHandle(void)
{
    if (current == NULL) {
        pthread_getname_np(pthread_self(), foreign.name, sizeof foreign.name);
        current = &foreign;
    }
    return current;
}

static task *task_or_self(TaskHandle_t handle)
{
    return handle != NULL ? handle : xTaskGetCurrentTaskHandle();
}

/* ---- Begin ---- */

static void *run(void *argument)
{
    current = argument;
    current->thread = pthread_self(); /* its reader, delete_other(), comes after `ended` */
    pthread_setname_np(pthread_self(), current->name);
    current->function(current->argument);
    compat_stop("the task %s has returned from its function; it must call vTaskDelete(NULL) instead",
                current->name);
}

/* Zero, or why there is no thread. Its stack is the system's default at the least: a host's printf() wants
 * more. */
static int start_thread(task *made, uint32_t stack_size)
{
    pthread_attr_t attributes;
    int error = pthread_attr_init(&attributes);
    if (error != 0) {
        return error;
    }
    size_t usual = 0;
    pthread_attr_getstacksize(&attributes, &usual);
    if (stack_size > usual) {
        error = pthread_attr_setstacksize(&attributes, stack_size);
    }
    if (error == 0) {
        pthread_t thread;
        error = pthread_create(&thread, &attributes, run, made);
    }
    pthread_attr_destroy(&attributes);
    return error;
}

BaseType_t xTaskCreate(TaskFunction_t pxTaskCode, const char *pcName, uint32_t ulStackDepth,
                       void *pvParameters, UBaseType_t uxPriority, TaskHandle_t *pxCreatedTask)
{
    compat_task_only("xTaskCreate()");
    task *made = calloc(1, sizeof *made);
    if (made == NULL) {
        return errCOULD_NOT_ALLOCATE_REQUIRED_MEMORY;
    }
    made->created = true;
    made->function = pxTaskCode;
    made->argument = pvParameters;
    atomic_init(&made->priority, uxPriority);
    strncpy(made->name, pcName != NULL ? pcName : "", sizeof made->name - 1);
    if (pxCreatedTask != NULL) {
        *pxCreatedTask = made; /* before the task runs, which may look at it */
    }
    if (start_thread(made, ulStackDepth) != 0) {
        if (pxCreatedTask != NULL) {
            *pxCreatedTask = NULL;
        }
        free(made);
        return errCOULD_NOT_ALLOCATE_REQUIRED_MEMORY;
    }
    return pdPASS;
}

BaseType_t xTaskCreatePinnedToCore(TaskFunction_t pxTaskCode, const char *pcName, uint32_t ulStackDepth,
                                   void *pvParameters, UBaseType_t uxPriority, TaskHandle_t *pxCreatedTask,
                                   BaseType_t xCoreID)
{
    (void)xCoreID;
    return xTaskCreate(pxTaskCode, pcName, ulStackDepth, pvParameters, uxPriority, pxCreatedTask);
}

/* ---- Sleep ---- */

bool compat_task_wait(uint32_t *word, uint32_t expected, int64_t deadline_ns)
{
    if (current == NULL) {
        return futex_wait(word, expected, deadline_ns);
    }
    /* Say where, then look whether to: delete_other() goes the other way round, so one of them sees the
     * other. */
    atomic_store(&current->sleeping_on, word);
    bool in_time = atomic_load(&current->doomed) == 0 && futex_wait(word, expected, deadline_ns);
    atomic_store(&current->sleeping_on, NULL);
    return in_time; /* a caller that is woken to end calls again, and is told then */
}

static void sleep_until(int64_t deadline_ns)
{
    uint32_t nothing = 0;
    while (compat_task_wait(&nothing, 0, deadline_ns)) {
        /* woken early */
    }
    compat_task_end_if_deleted();
}

void vTaskDelay(TickType_t xTicksToDelay)
{
    compat_task_only("vTaskDelay()");
    if (xTicksToDelay == 0) {
        vPortYield();
        return;
    }
    sleep_until(compat_deadline_ns(xTicksToDelay));
}

BaseType_t xTaskDelayUntil(TickType_t *pxPreviousWakeTime, TickType_t xTimeIncrement)
{
    compat_task_only("xTaskDelayUntil()");
    int64_t start = compat_start_ns();
    int64_t now = (compat_now_ns() - start) / NS_PER_TICK;
    *pxPreviousWakeTime += xTimeIncrement;
    /* Signed, for the tick count wraps around. */
    int32_t ahead = (int32_t)(*pxPreviousWakeTime - (TickType_t)now);
    if (ahead <= 0) {
        vPortYield();
        return pdFALSE;
    }
    sleep_until(start + (now + ahead) * NS_PER_TICK);
    return pdTRUE;
}

void vPortYield(void)
{
    sched_yield();
    if (xPortInIsrContext() == pdFALSE) {
        compat_task_end_if_deleted();
    }
}

/* ---- End ---- */

void compat_task_end_if_deleted(void)
{
    if (current == NULL || atomic_load(&current->doomed) == 0) {
        return;
    }
    task *self = current;
    atomic_store(&self->ended,
                 1); /* from here on it is delete_other()'s; but it is joined before it is freed */
    futex_wake((uint32_t *)(void *)&self->ended, 1);
    pthread_exit(NULL);
}

static _Noreturn void delete_self(void)
{
    compat_task_end_if_deleted();
    task *self = current;
    current = NULL;
    if (self != NULL && self->created) {
        pthread_detach(pthread_self());
        free(self);
    }
    pthread_exit(NULL);
}

static void delete_other(task *other)
{
    if (!other->created) {
        compat_stop("vTaskDelete() of the thread %s, which xTaskCreate() did not make", other->name);
    }
    atomic_store(&other->doomed, 1);
    while (atomic_load(&other->ended) == 0) {
        uint32_t *word = atomic_load(&other->sleeping_on);
        if (word != NULL) {
            futex_wake(word, INT_MAX);
        }
        /* Again soon: it may have been about to sleep. */
        futex_wait((uint32_t *)(void *)&other->ended, 0, compat_now_ns() + NS_PER_TICK);
    }
    pthread_join(other->thread, NULL);
    free(other);
}

void vTaskDelete(TaskHandle_t xTaskToDelete)
{
    compat_task_only("vTaskDelete()");
    if (xTaskToDelete == NULL || xTaskToDelete == current) {
        delete_self();
    } else {
        delete_other(xTaskToDelete);
    }
}

/* ---- What is known of a task ---- */

char *pcTaskGetName(TaskHandle_t xTaskToQuery)
{
    return task_or_self(xTaskToQuery)->name;
}

UBaseType_t uxTaskPriorityGet(TaskHandle_t xTask)
{
    return atomic_load(&task_or_self(xTask)->priority);
}

void vTaskPrioritySet(TaskHandle_t xTask, UBaseType_t uxNewPriority)
{
    atomic_store(&task_or_self(xTask)->priority, uxNewPriority);
}

BaseType_t xPortGetCoreID(void)
{
    return 0;
}
