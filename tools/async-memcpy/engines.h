/* SPDX-License-Identifier: Apache-2.0 */
/* The engines built into the program, by the name that --engine takes. */
#ifndef ENGINES_H
#define ENGINES_H

#include "esp_async_memcpy.h"

struct engine_row {
    const char *name;
    esp_err_t (*install)(const async_memcpy_config_t *config, async_memcpy_t *driver);
    bool chip; /* a chip's: reaches its memory only, and counts its cycles */
    const char *purpose;
};

/* Ends with a row whose name is NULL; the first one is the default. */
extern const struct engine_row engine_rows[];

/* The row with this name, or NULL. */
const struct engine_row *engine_named(const char *name);

/* The names of all, separated by ", ". */
const char *engine_names(void);

#endif
