/* SPDX-License-Identifier: Apache-2.0 */
/* The contract suite's row for the threads engine. */
#include "row.h"

#include <stdlib.h>

#include "faults.h"
#include "hosted.h"

const struct row row = {
    .name = "threads",
    .install = esp_async_memcpy_install_threads,
    .alloc = hosted_alloc,
    .free = free,
    .max_size = 16 << 20,
    .reaches_all = true,
    .reaches_psram = true,
    .divisor = 1,
    .worker = "async-memcpy",
    .on_caller = true,
    .one_batch = true,
    .function_tasks = true,
    .exhaust = faults_refuse_threads,
    .hold = hosted_hold,
    .release = hosted_release,
    .count_begin = hosted_count_begin,
    .count = hosted_count,
    .count_end = hosted_count_end,
};
