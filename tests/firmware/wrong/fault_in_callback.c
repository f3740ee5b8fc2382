/* SPDX-License-Identifier: Apache-2.0 */
/* Reads nothing in a callback. */
#include <stdint.h>
#include "esp_async_memcpy_ext.h"
#include "esp_err.h"

static uint8_t bytes[32];

void app_main(void);

static bool read_nothing(async_memcpy_t driver, async_memcpy_event_t *event, void *arg)
{
    (void)driver;
    (void)event;
    (void)arg;
    return *(volatile uint8_t *)(uintptr_t)0x30000000 != 0;
}

void app_main(void)
{
    async_memcpy_config_t config = ASYNC_MEMCPY_DEFAULT_CONFIG();
    async_memcpy_t driver = NULL;
    ESP_ERROR_CHECK(esp_async_memcpy_install(&config, &driver));
    ESP_ERROR_CHECK(esp_async_memcpy(driver, bytes, bytes + 16, 16, read_nothing, NULL));
    ESP_ERROR_CHECK(esp_async_memcpy_wait(driver, -1));
}
