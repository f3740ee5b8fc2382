/* SPDX-License-Identifier: Apache-2.0 */
/* The contract suite's row for the threads engine where callbacks, too, may run on the caller. */
#include "row.h"

#include <stdlib.h>

#include "faults.h"
#include "hosted.h"

static esp_err_t install_hinted(const async_memcpy_config_t *config, async_memcpy_t *driver)
{
    if (config == NULL) {
        return esp_async_memcpy_install_threads(NULL, driver);
    }
    async_memcpy_config_t hinted = *config;
    hinted.flags |= ASYNC_MEMCPY_FLAG_CALLBACK_ON_CALLER;
    return esp_async_memcpy_install_threads(&hinted, driver);
}

const struct row row = {
    .name = "caller",
    .install = install_hinted,
    .alloc = hosted_alloc,
    .free = free,
    .max_size = 16 << 20,
    .reaches_all = true,
    .reaches_psram = true,
    .divisor = 1,
    .worker = "async-memcpy",
    .one_batch = true,
    .function_tasks = true,
    .exhaust = faults_refuse_threads,
    .hold = hosted_hold_beside_callers,
    .release = hosted_release,
    .count_begin = hosted_count_begin,
    .count = hosted_count,
    .count_end = hosted_count_end,
};
