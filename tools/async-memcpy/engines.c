/* SPDX-License-Identifier: Apache-2.0 */
#include "engines.h"
#include <dlfcn.h>
#include <stdio.h>
#include <string.h>
#include "esp_async_memcpy_ext.h"

/* ---- DPDK's is in a library of its own, which may be missing: the program runs without it ---- */

typedef esp_err_t (*dpdk_installer)(const async_memcpy_config_t *config, const char *device,
                                    async_memcpy_t *driver);

static dpdk_installer find_dpdk(void)
{
    dpdk_installer installer = NULL;
    void *library = dlopen(DPDK_LIBRARY, RTLD_NOW);
    if (library != NULL) {
        /* POSIX: a function's address comes as a pointer to data. */
        *(void **)&installer = dlsym(library, "esp_async_memcpy_install_dpdk");
    }
    return installer;
}

static bool has_dpdk(void)
{
    return find_dpdk() != NULL;
}

static esp_err_t install_dpdk(const async_memcpy_config_t *config, async_memcpy_t *driver)
{
    return find_dpdk()(config, NULL, driver);
}

/* ---- All of them ---- */

const struct engine_row engine_rows[] = {
    {"threads", esp_async_memcpy_install_threads, NULL, false, "a worker thread per driver"},
    {"gdma", esp_async_memcpy_install_gdma_ahb, NULL, true, "the general DMA of a software esp32h2"},
    {"dpdk", install_dpdk, has_dpdk, false, "a DMA device of DPDK's, the first that is free"},
    {NULL, NULL, NULL, false, NULL},
};

bool engine_is_there(const struct engine_row *row)
{
    return row->is_there == NULL || row->is_there();
}

const struct engine_row *engine_named(const char *name)
{
    for (const struct engine_row *row = engine_rows; row->name != NULL; row++) {
        if (strcmp(row->name, name) == 0 && engine_is_there(row)) {
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
        if (engine_is_there(row)) {
            used += (size_t)snprintf(names + used, sizeof names - used, "%s%s", separator, row->name);
        }
    }
    return names;
}
