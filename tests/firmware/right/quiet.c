/* SPDX-License-Identifier: Apache-2.0 */
/* Copies without a callback: two that are waited for one by one, and a blocking one. Only the driver knows
 * when they are over. */
#include "esp_async_memcpy_ext.h"
#include "esp_err.h"

void app_main(void);

static char from[400];
static char to[400];

void app_main(void)
{
    async_memcpy_config_t config = ASYNC_MEMCPY_DEFAULT_CONFIG();
    async_memcpy_t driver = NULL;
    ESP_ERROR_CHECK(esp_async_memcpy_install(&config, &driver));
    for (unsigned i = 0; i < 2; i++) {
        ESP_ERROR_CHECK(esp_async_memcpy(driver, to, from, 100 + i, NULL, NULL));
        ESP_ERROR_CHECK(esp_async_memcpy_wait(driver, -1));
    }
    ESP_ERROR_CHECK(esp_memcpy_blocking(driver, to, from, 300, -1));
    ESP_ERROR_CHECK(esp_async_memcpy_uninstall(driver));
}
