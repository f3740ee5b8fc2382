/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The event task matrix as a table for people. Each line is true of one moment; printing holds no lock.
 */
#include <inttypes.h>
#include <stdio.h>
#include "etm_objects.h"
#include "port.h"

static void print_channel(FILE *out, unsigned number, const struct etm_channel_view *view)
{
    char event[32] = "none";
    char task[32] = "none";
    if (view->source != 0) {
        snprintf(event, sizeof event, "source 0x%" PRIxPTR, view->source);
    } else if (view->connected) {
        snprintf(event, sizeof event, "inert");
    }
    if (view->function != 0) {
        snprintf(task, sizeof task, "function 0x%" PRIxPTR, view->function);
    }
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
