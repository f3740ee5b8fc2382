/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Events and tasks as ETM sees them. Whoever makes a kind of its own puts one of these first in its own
 * struct; its del frees the object, or refuses with a code and leaves it as it was.
 */
#ifndef ETM_OBJECTS_H
#define ETM_OBJECTS_H

#include <stdbool.h>
#include "esp_etm.h"
#include "etm.h"

struct esp_etm_event_t {
    esp_err_t (*del)(esp_etm_event_handle_t event);
    struct etm_source *source; /* raises it; NULL: nobody in software, it is inert */
    esp_etm_event_handle_t next;
};

struct esp_etm_task_t {
    esp_err_t (*del)(esp_etm_task_handle_t task);
    void (*function)(void *arg);
    void *arg;
    bool deleted; /* during a run: the last run to end frees it */
};

/* For del: open that side of every channel that the object is connected to. Any context. */
void etm_disconnect_event(esp_etm_event_handle_t event);
void etm_disconnect_task(esp_etm_task_handle_t task);

/* What can be told of a channel when its event and task may be deleted at any moment. */
struct etm_channel_view {
    bool used;
    bool enabled;
    bool connected;     /* to an event, */
    uintptr_t source;   /* of this source; 0: inert */
    uintptr_t function; /* of the task; 0: no task */
};

/* Look at a channel; false: there is none of this number or a higher one. Any context. */
bool etm_read_channel(unsigned number, struct etm_channel_view *view);

#endif
