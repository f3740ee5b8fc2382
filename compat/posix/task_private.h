/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of tasks, notifications and semaphores share. */
#ifndef COMPAT_TASK_PRIVATE_H
#define COMPAT_TASK_PRIVATE_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "freertos/task.h"

struct tskTaskControlBlock {
    bool created;                    /* by xTaskCreate(), not a thread that came by */
    _Atomic uint32_t doomed;         /* vTaskDelete() wants it to end */
    _Atomic uint32_t ended;          /* it has, and can be joined; whoever deletes it sleeps on this word */
    _Atomic(uint32_t *) sleeping_on; /* while it sleeps: where, so that vTaskDelete() can wake it */
    _Atomic uint64_t notification;   /* notify.c */
    _Atomic UBaseType_t priority;
    pthread_t thread;
    TaskFunction_t function;
    void *argument;
    char name[configMAX_TASK_NAME_LEN];
};

/*
 * How a task sleeps: as futex_wait(), and false too when the task is to end. Then its caller tidies up as
 * after a time-out and calls compat_task_end_if_deleted(). Task.
 */
bool compat_task_wait(uint32_t *word, uint32_t expected, int64_t deadline_ns);

/* The end of each call that may block: here the task ends if vTaskDelete() wants it to. Task. */
void compat_task_end_if_deleted(void);

#endif
