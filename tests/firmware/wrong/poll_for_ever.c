/* SPDX-License-Identifier: Apache-2.0 */
/* Looks again and again whether a copy that was not made has ended. */
#include <stdbool.h>
#include <stdint.h>
#include "esp_async_memcpy.h"
#include "esp_err.h"

static uint8_t bytes[32];
static volatile bool copied;

void app_main(void);

static bool tell(async_memcpy_t driver, async_memcpy_event_t *event, void *arg)
{
    (void)driver;
    (void)event;
    (void)arg;
    copied = true;
    return false;
}

void app_main(void)
{
    async_memcpy_config_t config = ASYNC_MEMCPY_DEFAULT_CONFIG();
    async_memcpy_t driver = NULL;
    ESP_ERROR_CHECK(esp_async_memcpy_install(&config, &driver));
    esp_async_memcpy(driver, bytes, bytes + 8, 16, tell, NULL); /* refused, for the overlap */
    while (!copied) {
    }
}
