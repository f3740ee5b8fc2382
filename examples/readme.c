/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>
#include "esp_async_memcpy_ext.h"

static char from[1 << 20], to[1 << 20];

int main(void)
{
    async_memcpy_config_t config = ASYNC_MEMCPY_DEFAULT_CONFIG();
    async_memcpy_t driver = NULL;
    ESP_ERROR_CHECK(esp_async_memcpy_install(&config, &driver));

    memset(from, 'x', sizeof from);
    /* Hand over the copy: destination, source, size, and no callback. It runs beside what follows. */
    ESP_ERROR_CHECK(esp_async_memcpy(driver, to, from, sizeof from, NULL, NULL));
    puts("doing something else");

    ESP_ERROR_CHECK(esp_async_memcpy_wait(driver, -1)); /* -1: for as long as it takes */
    puts(memcmp(to, from, sizeof from) == 0 ? "copied" : "not copied");

    ESP_ERROR_CHECK(esp_async_memcpy_uninstall(driver));
    return memcmp(to, from, sizeof from) != 0;
}
