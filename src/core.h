/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How an engine in a library of its own comes by the driver, which is in the library async-memcpy.
 *
 *   engine ─ driver_take() ─▶ core_calls.c ─ async_memcpy_core ─▶ core_table.c ─▶ driver_take()
 *   └───── its own library ─────────────┘                        └── async-memcpy ────────────┘
 *
 * The engine calls what engine.h and port.h declare, as all engines do. In its library these are
 * core_calls.c's, hidden, and each goes through this table, the only private name that the library
 * async-memcpy exports. Were the functions exported themselves, a function of the same name in a program
 * would take their place.
 *
 * The table has no version of its own: its symbol has, the library's full one, so that the loader refuses a
 * library with an engine that was built for another.
 */
#ifndef CORE_H
#define CORE_H

#include "engine.h"
#include "port.h"

struct async_memcpy_core {
    esp_err_t (*install)(const struct engine_ops *ops, const async_memcpy_config_t *config,
                         async_memcpy_t *out);
    const struct request *(*take)(async_memcpy_t driver);
    void (*rewind)(async_memcpy_t driver, bool skip);
    void (*done)(async_memcpy_t driver, esp_err_t status);
    esp_err_t (*new_event)(struct engine *engine, esp_etm_event_handle_t *out_event);

    void (*isr_enter)(void);
    void (*isr_leave)(void);
    int64_t (*deadline)(int32_t timeout_ms);
    uint32_t (*event_key)(struct port_event *event);
    void (*event_cancel)(struct port_event *event);
    bool (*event_wait)(struct port_event *event, uint32_t key, int64_t deadline);
    void (*event_wake)(struct port_event *event);
    const bool *has_barrier; /* what port_event_signal(), which is inline, goes by */
    void (*log)(char level, const char *line);
};

extern const struct async_memcpy_core async_memcpy_core;

#endif
