/* SPDX-License-Identifier: Apache-2.0 */
/* Linux's default engine. */
#include "esp_async_memcpy_ext.h"

esp_err_t esp_async_memcpy_install(const async_memcpy_config_t *config, async_memcpy_t *asmcp)
{
    return esp_async_memcpy_install_threads(config, asmcp);
}
