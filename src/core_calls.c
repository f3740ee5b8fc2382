/* SPDX-License-Identifier: Apache-2.0 */
/* The side of a library with an engine of its own: each call is the other library's. */
#include <stdarg.h>
#include <stdio.h>

#include "core.h"

esp_err_t driver_install(const struct engine_ops *ops, const async_memcpy_config_t *config,
                         async_memcpy_t *out)
{
    return async_memcpy_core.install(ops, config, out);
}

const struct request *driver_take(async_memcpy_t driver)
{
    return async_memcpy_core.take(driver);
}

void driver_rewind(async_memcpy_t driver, bool skip)
{
    async_memcpy_core.rewind(driver, skip);
}

void driver_done(async_memcpy_t driver, esp_err_t status)
{
    async_memcpy_core.done(driver, status);
}

esp_err_t driver_new_event(struct engine *engine, esp_etm_event_handle_t *out_event)
{
    return async_memcpy_core.new_event(engine, out_event);
}

void port_isr_enter(void)
{
    async_memcpy_core.isr_enter();
}

void port_isr_leave(void)
{
    async_memcpy_core.isr_leave();
}

int64_t port_deadline(int32_t timeout_ms)
{
    return async_memcpy_core.deadline(timeout_ms);
}

uint32_t port_event_key(struct port_event *event)
{
    return async_memcpy_core.event_key(event);
}

void port_event_cancel(struct port_event *event)
{
    async_memcpy_core.event_cancel(event);
}

bool port_event_wait(struct port_event *event, uint32_t key, int64_t deadline)
{
    return async_memcpy_core.event_wait(event, key, deadline);
}

void port_event_wake(struct port_event *event)
{
    async_memcpy_core.event_wake(event);
}

bool port_has_barrier;

/* The other library, which this one needs, has found out before. Both must go by the same, or a wake-up is
 * lost. */
__attribute__((constructor(101))) static void copy_constants(void)
{
    port_has_barrier = *async_memcpy_core.has_barrier;
}

void port_log(char level, const char *format, ...)
{
    char line[256];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(line, sizeof line, format, arguments);
    va_end(arguments);
    async_memcpy_core.log(level, line);
}
