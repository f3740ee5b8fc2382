/* SPDX-License-Identifier: Apache-2.0 */
#include "esp_async_memcpy_ext.h"
#include "port.h"
#include "softchip.h"

esp_err_t esp_async_memcpy_chip_counters(async_memcpy_chip_counters_t *counters)
{
    if (counters == NULL) {
        port_log('E', "counters: counters is NULL; it must point to where they shall go");
        return ESP_ERR_INVALID_ARG;
    }
    if (!port_chip_is_on()) {
        return ESP_ERR_INVALID_STATE;
    }
    struct softchip_counters now = softchip_read_counters();
    *counters = (async_memcpy_chip_counters_t){now.cycles, now.data_cycles, now.interrupts};
    return ESP_OK;
}
