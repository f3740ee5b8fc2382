/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What people write themselves: a thread, a ring of jobs under a mutex, a condition variable for each side.
 * The worker takes the mutex once per copy, and each side signals only if the other waits.
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "drive.h"

struct queue {
    pthread_mutex_t mutex;
    pthread_cond_t not_empty, not_full;
    pthread_t thread;
    struct copy *jobs;
    unsigned size, head, count; /* count: queued or being copied */
    bool worker_waits, stop;
    unsigned callers_waiting;
};

static void *queue_work(void *argument)
{
    struct queue *queue = argument;
    pthread_mutex_lock(&queue->mutex);
    for (;;) {
        while (queue->count == 0 && !queue->stop) {
            queue->worker_waits = true;
            pthread_cond_wait(&queue->not_empty, &queue->mutex);
            queue->worker_waits = false;
        }
        if (queue->count == 0) {
            break;
        }
        struct copy job = queue->jobs[queue->head];
        pthread_mutex_unlock(&queue->mutex);
        memcpy(job.dst, job.src, job.n);
        pthread_mutex_lock(&queue->mutex);
        queue->head = (queue->head + 1) % queue->size;
        queue->count--;
        if (queue->callers_waiting > 0) {
            pthread_cond_signal(&queue->not_full);
        }
    }
    pthread_mutex_unlock(&queue->mutex);
    return NULL;
}

static void *queue_open(unsigned depth)
{
    struct queue *queue = calloc(1, sizeof *queue);
    if (queue == NULL || (queue->jobs = calloc(depth, sizeof queue->jobs[0])) == NULL) {
        free(queue);
        return NULL;
    }
    queue->size = depth;
    pthread_mutex_init(&queue->mutex, NULL);
    pthread_cond_init(&queue->not_empty, NULL);
    pthread_cond_init(&queue->not_full, NULL);
    pthread_create(&queue->thread, NULL, queue_work, queue);
    return queue;
}

static void queue_close(void *self)
{
    struct queue *queue = self;
    pthread_mutex_lock(&queue->mutex);
    queue->stop = true;
    pthread_cond_signal(&queue->not_empty);
    pthread_mutex_unlock(&queue->mutex);
    pthread_join(queue->thread, NULL);
    pthread_cond_destroy(&queue->not_empty);
    pthread_cond_destroy(&queue->not_full);
    pthread_mutex_destroy(&queue->mutex);
    free(queue->jobs);
    free(queue);
}

static inline bool queue_submit(void *self, struct copy copy)
{
    struct queue *queue = self;
    pthread_mutex_lock(&queue->mutex);
    bool room = queue->count < queue->size;
    if (room) {
        queue->jobs[(queue->head + queue->count) % queue->size] = copy;
        queue->count++;
        if (queue->worker_waits) {
            pthread_cond_signal(&queue->not_empty);
        }
    }
    pthread_mutex_unlock(&queue->mutex);
    return room;
}

/* The window is full: wait for room. */
static inline void queue_wait(void *self)
{
    struct queue *queue = self;
    pthread_mutex_lock(&queue->mutex);
    queue->callers_waiting++;
    while (queue->count == queue->size) {
        pthread_cond_wait(&queue->not_full, &queue->mutex);
    }
    queue->callers_waiting--;
    pthread_mutex_unlock(&queue->mutex);
}

static inline void queue_nothing(void *self)
{
    (void)self;
}

static inline bool queue_idle(void *self)
{
    struct queue *queue = self;
    pthread_mutex_lock(&queue->mutex);
    bool idle = queue->count == 0;
    pthread_mutex_unlock(&queue->mutex);
    return idle;
}

static const struct drive queue_drive = {queue_submit, queue_wait, queue_nothing, queue_idle};
static const struct drive polled_drive = {queue_submit, queue_nothing, queue_nothing, queue_idle};

DRIVE(queue, queue_drive)
DRIVE(polled, polled_drive)

/* Whoever works between two submits does not wait for room. */
const struct subject subject_worker = {.name = "worker",
                                       .label = "a thread with mutex and condition variable",
                                       .open = queue_open,
                                       .close = queue_close,
                                       .stream = queue_stream,
                                       .submit = queue_submit_timed,
                                       .latency = queue_latency,
                                       .keep = polled_keep,
                                       .try_submit = queue_submit,
                                       .idle = queue_idle};

const struct subject subject_worker_polled = {.name = "worker_polled",
                                              .label = "the same, the caller polling",
                                              .open = queue_open,
                                              .close = queue_close,
                                              DRIVEN(polled)};
