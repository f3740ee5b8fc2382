/* SPDX-License-Identifier: Apache-2.0 */
#include "engines.h"
#include <stdio.h>
#include <string.h>
#include "esp_async_memcpy_ext.h"

const struct engine_row engine_rows[] = {
    {"threads", esp_async_memcpy_install_threads, false, "a worker thread per driver"},
    {"gdma", esp_async_memcpy_install_gdma_ahb, true, "the general DMA of a software esp32h2"},
    {NULL, NULL, false, NULL},
};

const struct engine_row *engine_named(const char *name)
{
    for (const struct engine_row *row = engine_rows; row->name != NULL; row++) {
        if (strcmp(row->name, name) == 0) {
            return row;
        }
    }
    return NULL;
}

const char *engine_names(void)
{
    static char names[80];
    size_t used = 0;
    for (const struct engine_row *row = engine_rows; row->name != NULL && used < sizeof names; row++) {
        const char *separator = row == engine_rows ? "" : ", ";
        used += (size_t)snprintf(names + used, sizeof names - used, "%s%s", separator, row->name);
    }
    return names;
}
