/* SPDX-License-Identifier: Apache-2.0 */
/* The chip's default engine: the general DMA. */
#include "esp_async_memcpy_ext.h"

esp_err_t esp_async_memcpy_install(const async_memcpy_config_t *config, async_memcpy_t *asmcp)
{
    return esp_async_memcpy_install_gdma_ahb(config, asmcp);
}
