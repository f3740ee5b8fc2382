/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Events and tasks as ETM sees them. Whoever makes a kind of its own puts one of these first in its own
 * struct; its del frees the object, or refuses with a code and leaves it as it was.
 *
 * There are two worlds: what is raised and run in software, and what has a number in the chip's matrix. A
 * channel carries an event to a task of the same world.
 */
#ifndef ETM_OBJECTS_H
#define ETM_OBJECTS_H

#include <stdbool.h>
#include "esp_etm.h"
#include "etm.h"

struct esp_etm_event_t {
    esp_err_t (*del)(esp_etm_event_handle_t event);
    struct etm_source *source; /* NULL: it is inert */
    esp_etm_event_handle_t next;
};

struct esp_etm_task_t {
    esp_err_t (*del)(esp_etm_task_handle_t task);
    uint32_t hardware; /* the chip's number of the task; 0: none, it runs a function or is inert */
    void (*function)(void *arg);
    void *arg;
    bool deleted; /* during a run: the last run to end frees it */
};

#define ETM_CHANNELS 50

/* For del: open that side of every channel that the object is connected to. Any context. */
void etm_disconnect_event(esp_etm_event_handle_t event);
void etm_disconnect_task(esp_etm_task_handle_t task);

/* A task's hardware goes away: the task becomes inert. Any context. */
void etm_retire_task(esp_etm_task_handle_t task);

/* What can be told of a channel when its event and task may be deleted at any moment. */
struct etm_channel_view {
    bool used;
    bool enabled;
    bool connected;          /* to an event */
    uint32_t event_hardware; /* with this number in hardware, */
    uintptr_t source;        /* or of this source; both 0: inert */
    bool task;
    uint32_t task_hardware;
    uintptr_t function;
};

/* Look at a channel; false: there is none of this number or a higher one. Any context. */
bool etm_read_channel(unsigned number, struct etm_channel_view *view);

#endif
