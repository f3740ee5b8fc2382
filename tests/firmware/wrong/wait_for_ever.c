/* SPDX-License-Identifier: Apache-2.0 */
/* Takes a semaphore that nobody gives. */
#include <stdint.h>
#include <stdio.h>
#include "esp_async_memcpy_ext.h"
#include "esp_err.h"
#include "freertos/FreeRTOS.h"
#include "freertos/semphr.h"

static uint8_t bytes[32];

void app_main(void);

void app_main(void)
{
    async_memcpy_config_t config = ASYNC_MEMCPY_DEFAULT_CONFIG();
    async_memcpy_t driver = NULL;
    ESP_ERROR_CHECK(esp_async_memcpy_install(&config, &driver));
    ESP_ERROR_CHECK(esp_async_memcpy(driver, bytes, bytes + 16, 16, NULL, NULL));
    xSemaphoreTake(xSemaphoreCreateBinary(), portMAX_DELAY);
    printf("that cannot be\n");
}
