/* SPDX-License-Identifier: Apache-2.0 */
/* The library on DPDK's software device: the same device as the peers', behind this library's contract. */
#include <stdio.h>

#include "esp_async_memcpy_dpdk.h"
#include "ours.h"

static void *device_open(unsigned depth)
{
    async_memcpy_config_t config = ASYNC_MEMCPY_DEFAULT_CONFIG();
    config.backlog = depth;
    async_memcpy_t driver;
    esp_err_t status = esp_async_memcpy_install_dpdk(&config, "dma_skeleton1", &driver);
    if (status != ESP_OK) {
        fprintf(stderr, "bench: install on DPDK: %s\n", esp_err_to_name(status));
    }
    return ours_wrap(driver);
}

static const struct drive device_drive = {ours_submit, ours_nothing, ours_nothing, ours_idle};

DRIVE(device, device_drive)

static const struct subject subject = {.name = "device",
                                       .label = "this library on DPDK dma_skeleton",
                                       .open = device_open,
                                       .close = ours_close,
                                       DRIVEN(device)};

const struct subject *const subject_device = &subject;
