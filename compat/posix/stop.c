/* SPDX-License-Identifier: Apache-2.0 */
/* The end of a program that is wrong: what it says then. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "port.h"
#include "freertos/FreeRTOS.h"
#include "stop.h"
#include "symbol.h"

void compat_stop(const char *format, ...)
{
    char line[512];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(line, sizeof line, format, arguments);
    va_end(arguments);
    fprintf(stderr, "%s\n", line);
    abort();
}

void compat_task_only(const char *call)
{
    if (!port_in_isr()) {
        return;
    }
    port_function callback = port_isr_current();
    if (callback == NULL) {
        compat_stop("%s is for tasks, but was called in interrupt context", call);
    }
    char name[256];
    compat_symbol_name(callback, name, sizeof name);
    compat_stop("%s is for tasks, but was called in interrupt context, from the callback %s", call, name);
}

BaseType_t xPortInIsrContext(void)
{
    return port_in_isr() ? pdTRUE : pdFALSE;
}
