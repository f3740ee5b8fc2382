/* SPDX-License-Identifier: Apache-2.0 */
/* A program of somebody else's: all it has is the installed copy. */
#include <stdio.h>
#include <string.h>
#include "esp_async_memcpy_ext.h"
#include "esp_attr.h"
#include "esp_err.h"
#include "esp_heap_caps.h"
#include "esp_log.h"
#include "freertos/FreeRTOS.h"
#include "freertos/semphr.h"
#include "freertos/task.h"

enum { SIZE = 4097 };

static bool IRAM_ATTR on_done(async_memcpy_t driver, async_memcpy_event_t *event, void *done)
{
    (void)driver;
    (void)event;
    BaseType_t woken = pdFALSE;
    xSemaphoreGiveFromISR((SemaphoreHandle_t)done, &woken);
    return woken == pdTRUE;
}

int main(void)
{
    char *from = heap_caps_malloc(SIZE, MALLOC_CAP_DMA);
    char *to = heap_caps_calloc(1, SIZE, MALLOC_CAP_DMA);
    SemaphoreHandle_t done = xSemaphoreCreateBinary();
    if (from == NULL || to == NULL || done == NULL) {
        return 1;
    }
    memset(from, 'x', SIZE);

    async_memcpy_config_t config = ASYNC_MEMCPY_DEFAULT_CONFIG();
    async_memcpy_t driver = NULL;
    ESP_ERROR_CHECK(esp_async_memcpy_install(&config, &driver));
    ESP_ERROR_CHECK(esp_async_memcpy(driver, to, from, SIZE, on_done, done));
    if (xSemaphoreTake(done, pdMS_TO_TICKS(10000)) != pdTRUE) {
        ESP_LOGE("consumer", "the callback did not come");
        return 1;
    }
    ESP_ERROR_CHECK(esp_async_memcpy_uninstall(driver));
    bool same = memcmp(to, from, SIZE) == 0;
    vSemaphoreDelete(done);
    heap_caps_free(to);
    heap_caps_free(from);
    puts(same ? "copied" : "not copied");
    return same ? 0 : 1;
}
