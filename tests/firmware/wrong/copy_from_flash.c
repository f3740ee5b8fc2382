/* SPDX-License-Identifier: Apache-2.0 */
/* Copies from an address of flash, which the DMA does not reach. */
#include <stdint.h>
#include "esp_async_memcpy.h"
#include "esp_err.h"

static uint8_t to[16];

void app_main(void);

void app_main(void)
{
    async_memcpy_config_t config = ASYNC_MEMCPY_DEFAULT_CONFIG();
    async_memcpy_t driver = NULL;
    ESP_ERROR_CHECK(esp_async_memcpy_install(&config, &driver));
    void *flash = (void *)(uintptr_t)0x42000000;
    ESP_ERROR_CHECK(esp_async_memcpy(driver, to, flash, sizeof to, NULL, NULL));
}
