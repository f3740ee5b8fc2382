/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The event task matrix as a table for people. Each line is true of one moment; printing holds no lock.
 */
#include <inttypes.h>
#include <stdio.h>
#include "etm_objects.h"
#include "port.h"

/* One side of a channel: by its number in hardware, by its address, or what it lacks. */
static void describe(char text[32], bool there, uint32_t hardware, const char *kind, uintptr_t address)
{
    if (!there) {
        snprintf(text, 32, "none");
    } else if (hardware != 0) {
        snprintf(text, 32, "hardware %" PRIu32, hardware);
    } else if (address != 0) {
        snprintf(text, 32, "%s 0x%" PRIxPTR, kind, address);
    } else {
        snprintf(text, 32, "inert");
    }
}

static void print_channel(FILE *out, unsigned number, const struct etm_channel_view *view)
{
    char event[32];
    char task[32];
    describe(event, view->connected, view->event_hardware, "source", view->source);
    describe(task, view->task, view->task_hardware, "function", view->function);
    fprintf(out, "%7u  %-8s  %-25s  %s\n", number, view->enabled ? "enabled" : "disabled", event, task);
}

esp_err_t esp_etm_dump(FILE *out_stream)
{
    if (out_stream == NULL) {
        if (!port_in_isr()) {
            port_log('E', "esp_etm_dump: out_stream is NULL; give an open stream such as stdout");
        }
        return ESP_ERR_INVALID_ARG;
    }
    unsigned used = 0;
    unsigned number = 0;
    fprintf(out_stream, "channel  state     event                      task\n");
    for (struct etm_channel_view view; etm_read_channel(number, &view); number++) {
        if (view.used) {
            print_channel(out_stream, number, &view);
            used++;
        }
    }
    fprintf(out_stream, "%u of %u ETM channels in use\n", used, number);
    return ESP_OK;
}
