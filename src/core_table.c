/* SPDX-License-Identifier: Apache-2.0 */
/* The side of the library async-memcpy. */
#include "core.h"

static void log_line(char level, const char *line)
{
    port_log(level, "%s", line);
}

const struct async_memcpy_core async_memcpy_core = {
    .install = driver_install,
    .take = driver_take,
    .rewind = driver_rewind,
    .done = driver_done,
    .new_event = driver_new_event,
    .isr_enter = port_isr_enter,
    .isr_leave = port_isr_leave,
    .deadline = port_deadline,
    .event_key = port_event_key,
    .event_cancel = port_event_cancel,
    .event_wait = port_event_wait,
    .event_wake = port_event_wake,
    .has_barrier = &port_has_barrier,
    .log = log_line,
};
