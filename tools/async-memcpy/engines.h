/* SPDX-License-Identifier: Apache-2.0 */
/* The engines that the program knows, by the name that --engine takes. */
#ifndef ENGINES_H
#define ENGINES_H

#include "esp_async_memcpy.h"

struct engine_row {
    const char *name;
    esp_err_t (*install)(const async_memcpy_config_t *config, async_memcpy_t *driver);
    bool (*is_there)(void); /* for engine_is_there(); NULL: always */
    bool chip;              /* a chip's: reaches its memory only, and counts its cycles */
    const char *purpose;
};

/* Ends with a row whose name is NULL; the first one is the default. */
extern const struct engine_row engine_rows[];

/* Has the program this engine? One may be in a library that is not installed. */
bool engine_is_there(const struct engine_row *row);

/* The row with this name, if it is there, or NULL. */
const struct engine_row *engine_named(const char *name);

/* The names of all that are there, separated by ", ". */
const char *engine_names(void);

#endif
