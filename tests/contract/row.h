/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the contract suite must know of an engine to run on it. Each engine gives one `row`, in a file of its
 * own that is linked with the suite: contract_NAME = suite + row_NAME.c. A hook that is NULL is something the
 * engine does not have; the tests that need it skip and say so.
 */
#ifndef ROW_H
#define ROW_H

#include <stdbool.h>
#include <stddef.h>
#include "esp_async_memcpy_ext.h"

#define ROW_COUNTERS 4

struct row {
    const char *name;
    esp_err_t (*install)(const async_memcpy_config_t *config, async_memcpy_t *driver);

    /* Memory that the engine reaches. */
    void *(*alloc)(size_t size, size_t align);
    void (*free)(void *memory);
    size_t max_size;      /* of the largest copy: source and destination of this size exist at once */
    bool reaches_all;     /* also memory that mmap() gave */
    bool reaches_psram;   /* copies to what heap_caps_malloc(MALLOC_CAP_SPIRAM) gives */
    size_t device_heap;   /* bytes of the heap that come and go when the device starts and stops */
    unsigned divisor;     /* the big counts are divided by it: 1, or more for a slow engine */
    const char *worker;   /* name of the one thread that each driver brings; NULL: it brings none */
    bool on_caller;       /* who submits or waits may copy, and does while the worker sleeps */
    bool one_batch;       /* copies that wait while the engine is held complete in one interrupt */
    bool stays_in_parent; /* once used, it is not to be had in a child of fork() */
    bool function_tasks;  /* ETM is played in software: any of its events can run a function */

    /* Make every install fail for want of what open() takes (channel, thread), until exhaust(false). */
    void (*exhaust)(bool on);

    /* Let nothing that is submitted from now on complete, until release(). One driver at a time. hold() may
     * itself bring a copy, which is over when it returns. */
    void (*hold)(async_memcpy_t driver);
    void (*release)(void);

    /* Count the pulses of an event with counter 0..ROW_COUNTERS-1, in any context. NULL: no ETM. */
    void (*count_begin)(unsigned counter, esp_etm_event_handle_t event);
    unsigned long (*count)(unsigned counter);
    void (*count_end)(unsigned counter);
};

extern const struct row row;

#endif
