/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the driver and ETM share: a source of events, one in each driver. Hardware raises its events, or the
 * driver in software.
 */
#ifndef ETM_H
#define ETM_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include "esp_etm.h"

struct etm_source {
    uint32_t hardware; /* the chip's number of the event, constant; 0: raised in software */
    /* Enabled channels that one of them is connected to, with a function on the other side. */
    _Atomic uint32_t channels;
};

/* Make an event object of this source. Task. ESP_OK, ESP_ERR_NO_MEM. */
esp_err_t etm_new_event(struct etm_source *source, esp_etm_event_handle_t *out_event);

/* Run the tasks of every channel that this source feeds. Interrupt context, no lock held. */
void etm_run(struct etm_source *source);

/*
 * The source goes away: its events become inert, and no etm_run() of it is in progress afterwards. No
 * etm_raise() may begin once this has, and hardware keeps the event's number until it has returned. Task.
 */
void etm_retire(struct etm_source *source);

/* Would a pulse run anything? */
static inline bool etm_is_heard(const struct etm_source *source)
{
    return atomic_load_explicit(&source->channels, memory_order_acquire) != 0;
}

/* Raise the source's event. Costs one load while no channel listens. */
static inline void etm_raise(struct etm_source *source)
{
    if (etm_is_heard(source)) {
        etm_run(source);
    }
}

#endif
