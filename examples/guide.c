/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The walk through the API: install, hand over a copy, do something else, wait for the callback, uninstall.
 * The same source runs on the chip and on Linux (there host_main.c calls app_main).
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "esp_async_memcpy.h"
#include "esp_attr.h"
#include "esp_err.h"
#include "esp_heap_caps.h"
#include "freertos/FreeRTOS.h"
#include "freertos/semphr.h"

#define COPY_SIZE 16000

void app_main(void);

/* Interrupt context: gives the semaphore, and tells whether that woke a task which should run at once. */
static IRAM_ATTR bool on_copied(async_memcpy_t driver, async_memcpy_event_t *event, void *arg)
{
    (void)driver;
    (void)event;
    SemaphoreHandle_t copied = arg;
    BaseType_t task_woken = pdFALSE;
    xSemaphoreGiveFromISR(copied, &task_woken);
    return task_woken == pdTRUE;
}

/* Memory that the DMA can reach. */
static uint8_t *dma_buffer(void)
{
    uint8_t *buffer = heap_caps_calloc(1, COPY_SIZE, MALLOC_CAP_DMA);
    if (buffer == NULL) {
        printf("guide: no memory\n");
        abort();
    }
    return buffer;
}

/* The task's own work while the copy is under way. */
static unsigned sum_up(const uint8_t *data)
{
    unsigned sum = 0;
    for (int i = 0; i < COPY_SIZE; i++) {
        sum += data[i];
    }
    return sum;
}

void app_main(void)
{
    async_memcpy_config_t config = ASYNC_MEMCPY_DEFAULT_CONFIG();
    config.backlog = 16; /* up to 16 copies in flight */
    async_memcpy_t driver = NULL;
    ESP_ERROR_CHECK(esp_async_memcpy_install(&config, &driver));

    SemaphoreHandle_t copied = xSemaphoreCreateBinary();
    uint8_t *from = dma_buffer();
    uint8_t *to = dma_buffer();
    for (int i = 0; i < COPY_SIZE; i++) {
        from[i] = (uint8_t)(i * 7 + 1);
    }

    ESP_ERROR_CHECK(esp_async_memcpy(driver, to, from, COPY_SIZE, on_copied, copied));
    unsigned sum = sum_up(from); /* reading the source meanwhile is fine, writing it is not */
    xSemaphoreTake(copied, portMAX_DELAY);

    if (memcmp(to, from, COPY_SIZE) != 0 || sum_up(to) != sum) {
        printf("guide: the copy differs from its source\n");
        abort();
    }
    printf("guide: %d bytes copied while the task summed them up to %u\n", COPY_SIZE, sum);

    ESP_ERROR_CHECK(esp_async_memcpy_uninstall(driver));
    vSemaphoreDelete(copied);
    heap_caps_free(from);
    heap_caps_free(to);
}
