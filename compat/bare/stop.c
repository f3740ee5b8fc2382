/* SPDX-License-Identifier: Apache-2.0 */
/* The end of a program that is wrong: what it says then. */
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>

#include "freertos/FreeRTOS.h"
#include "port.h"
#include "stop.h"

void compat_stop(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vprintf(format, arguments);
    va_end(arguments);
    putchar('\n');
    stop_run();
}

void compat_task_only(const char *call)
{
    if (!port_in_isr()) {
        return;
    }
    port_function callback = port_isr.callback;
    if (callback == NULL) {
        compat_stop("%s is for tasks, but was called in interrupt context", call);
    }
    compat_stop("%s is for tasks, but was called in interrupt context, from the callback at 0x%08lx", call,
                (unsigned long)(uintptr_t)callback);
}

BaseType_t xPortInIsrContext(void)
{
    return port_in_isr() ? pdTRUE : pdFALSE;
}

/* Instead of the C library's, which says nothing. */
void abort(void)
{
    compat_stop("abort() was called from 0x%08lx", (unsigned long)(uintptr_t)__builtin_return_address(0));
}
