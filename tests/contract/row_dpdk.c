/* SPDX-License-Identifier: Apache-2.0 */
/* The contract suite's row for the DPDK engine, on DPDK's device in software. */
#include "row.h"

#include <stdlib.h>

#include "esp_async_memcpy_dpdk.h"
#include "faults.h"
#include "hosted.h"

/* As many devices as tests install drivers at once. */
__attribute__((constructor)) static void name_devices(void)
{
    setenv("ASYNC_MEMCPY_DPDK",
           "--no-huge --no-shconf --no-pci --no-telemetry --log-level=warning --vdev=dma_skeleton0 "
           "--vdev=dma_skeleton1 --vdev=dma_skeleton2",
           1);
}

static esp_err_t install_any(const async_memcpy_config_t *config, async_memcpy_t *driver)
{
    return esp_async_memcpy_install_dpdk(config, NULL, driver);
}

const struct row row = {
    .name = "dpdk",
    .install = install_any,
    .alloc = hosted_alloc,
    .free = free,
    .max_size = 16 << 20,
    .reaches_all = true,
    .reaches_psram = true,
    .device_heap = 4096, /* the skeleton's thread: what the C library and DPDK keep for each */
    .divisor = 4,        /* the device in software burns a CPU */
    .worker = "async-dpdk",
    .function_tasks = true,
    .stays_in_parent = true,
    .exhaust = faults_refuse_threads,
    .hold = hosted_hold,
    .release = hosted_release,
    .count_begin = hosted_count_begin,
    .count = hosted_count,
    .count_end = hosted_count_end,
};
