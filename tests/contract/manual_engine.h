/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An engine that does only what a test tells it to, in the test's own thread, so that the driver's policy can
 * be seen step by step: which request it hands over, and what follows from each status.
 */
#ifndef MANUAL_ENGINE_H
#define MANUAL_ENGINE_H

#include "engine.h"

/* How the next install is to go; manual_reset() sets what is said in brackets. */
struct manual_plan {
    esp_err_t open;  /* what open() returns [ESP_OK] */
    bool has_room;   /* does it want room()? [no] */
    size_t room;     /* what room() returns */
    uint32_t flags;  /* flags that the engine knows [0] */
    bool no_events;  /* has it no ETM? [it has] */
    bool dma_memory; /* [no] */
    uintptr_t first; /* its reach [all memory] */
    uintptr_t last;
    const char *island; /* reached beside that: its reach() knows these bytes [none] */
    size_t island_size;
};

/* What the engine has seen of the driver since manual_reset(). */
struct manual_seen {
    struct engine *engine;       /* of the last open() */
    struct engine_config config; /* given to it */
    size_t room_in_use;          /* bytes of its room that were not 0 */
    unsigned opens, closes;
    unsigned kicks;
};

extern struct manual_plan manual_plan;
extern struct manual_seen manual_seen;

void manual_reset(void);
esp_err_t manual_install(const async_memcpy_config_t *config, async_memcpy_t *driver);

/* Take the next request; NULL: there is none. */
const struct request *manual_take(async_memcpy_t driver);

/* Report the oldest one taken: copied for ESP_OK, left alone for a failing status. In interrupt context, as
 * an engine does. */
void manual_finish(async_memcpy_t driver, esp_err_t status);

/* The oldest one taken has ended well, as driver_done_later() reports it; nothing is copied. */
void manual_finish_later(async_memcpy_t driver);

/* Take and finish all there are; their number. */
unsigned manual_finish_all(async_memcpy_t driver);

#endif
