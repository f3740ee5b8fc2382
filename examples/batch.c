/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A frame put together from pieces that lie apart: header, three parts, trailer. One call hands over all five
 * copies, or none; the last one's callback says that the frame is whole, as they complete in order.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "esp_async_memcpy_ext.h"
#include "esp_attr.h"
#include "esp_err.h"
#include "esp_heap_caps.h"
#include "freertos/FreeRTOS.h"
#include "freertos/semphr.h"

#define PIECES 5

void app_main(void);

static const size_t sizes[PIECES] = {14, 400, 400, 224, 4};

static IRAM_ATTR bool frame_is_whole(async_memcpy_t driver, async_memcpy_event_t *event, void *arg)
{
    (void)driver;
    (void)event;
    BaseType_t task_woken = pdFALSE;
    xSemaphoreGiveFromISR((SemaphoreHandle_t)arg, &task_woken);
    return task_woken == pdTRUE;
}

/* A piece of memory that the DMA reaches, full of this byte. */
static uint8_t *piece(size_t size, int byte)
{
    uint8_t *bytes = heap_caps_malloc(size, MALLOC_CAP_DMA);
    ESP_ERROR_CHECK(bytes == NULL ? ESP_ERR_NO_MEM : ESP_OK);
    return memset(bytes, byte, size);
}

static void check(const uint8_t *frame)
{
    for (int i = 0; i < PIECES; i++) {
        for (size_t left = sizes[i]; left != 0; left--) {
            if (*frame++ != 'a' + i) {
                printf("batch: the frame is wrong\n");
                abort();
            }
        }
    }
    printf("batch: a frame of %d pieces, handed over in one call\n", PIECES);
}

void app_main(void)
{
    async_memcpy_config_t config = ASYNC_MEMCPY_DEFAULT_CONFIG();
    async_memcpy_t driver = NULL;
    ESP_ERROR_CHECK(esp_async_memcpy_install(&config, &driver));
    SemaphoreHandle_t whole = xSemaphoreCreateBinary();

    uint8_t *frame = piece(1500, 0);
    async_memcpy_copy_t copies[PIECES] = {{0}};
    size_t at = 0;
    for (int i = 0; i < PIECES; i++) {
        copies[i].dst = frame + at;
        copies[i].src = piece(sizes[i], 'a' + i);
        copies[i].n = sizes[i];
        at += sizes[i];
    }
    copies[PIECES - 1].cb_isr = frame_is_whole;
    copies[PIECES - 1].cb_args = whole;

    ESP_ERROR_CHECK(esp_async_memcpy_batch(driver, copies, PIECES));
    xSemaphoreTake(whole, portMAX_DELAY);
    ESP_ERROR_CHECK(esp_async_memcpy_uninstall(driver));
    check(frame);

    for (int i = 0; i < PIECES; i++) {
        heap_caps_free(copies[i].src);
    }
    heap_caps_free(frame);
    vSemaphoreDelete(whole);
}
