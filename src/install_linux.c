/* SPDX-License-Identifier: Apache-2.0 */
/* Linux's default engine: threads, or the software chip's DMA once there is one or the environment asks for
 * it. */
#include "esp_async_memcpy_ext.h"
#include "port.h"

esp_err_t esp_async_memcpy_install(const async_memcpy_config_t *config, async_memcpy_t *asmcp)
{
    return port_chip_wanted() ? esp_async_memcpy_install_gdma_ahb(config, asmcp)
                              : esp_async_memcpy_install_threads(config, asmcp);
}
