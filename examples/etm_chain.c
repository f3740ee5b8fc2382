/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Copies and a pin, chained by events: the CPU starts the first copy only.
 *
 *   esp_memcpy_blocking ─▶ a to b ─event─▶ b to c (another driver) ─event─▶ pin toggles
 *
 * For the chip; on Linux the software chip runs it.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "driver/gpio.h"
#include "driver/gpio_etm.h"
#include "esp_async_memcpy_ext.h"
#include "esp_attr.h"
#include "esp_err.h"
#include "esp_etm.h"
#include "esp_heap_caps.h"
#include "freertos/FreeRTOS.h"
#include "freertos/semphr.h"

#define SIZE   1024
#define ROUNDS 5
#define PIN    GPIO_NUM_5

void app_main(void);

static bool IRAM_ATTR second_done(async_memcpy_t driver, async_memcpy_event_t *event, void *argument)
{
    (void)driver;
    const async_memcpy_result_t *result = event->data;
    BaseType_t woken = pdFALSE;
    if (result->status == ESP_OK) {
        xSemaphoreGiveFromISR((SemaphoreHandle_t)argument, &woken);
    }
    return woken == pdTRUE;
}

static async_memcpy_t install(void)
{
    async_memcpy_config_t config = ASYNC_MEMCPY_DEFAULT_CONFIG();
    async_memcpy_t driver = NULL;
    ESP_ERROR_CHECK(esp_async_memcpy_install_gdma_ahb(&config, &driver));
    return driver;
}

static esp_etm_event_handle_t copy_done(async_memcpy_t driver)
{
    esp_etm_event_handle_t event = NULL;
    ESP_ERROR_CHECK(esp_async_memcpy_new_etm_event(driver, ASYNC_MEMCPY_ETM_EVENT_COPY_DONE, &event));
    return event;
}

static esp_etm_task_handle_t toggle_pin(void)
{
    const gpio_config_t output = {.pin_bit_mask = BIT64(PIN), .mode = GPIO_MODE_INPUT_OUTPUT};
    const gpio_etm_task_config_t toggle = {.action = GPIO_ETM_TASK_ACTION_TOG};
    esp_etm_task_handle_t task = NULL;
    ESP_ERROR_CHECK(gpio_config(&output));
    ESP_ERROR_CHECK(gpio_set_level(PIN, 0));
    ESP_ERROR_CHECK(gpio_new_etm_task(&toggle, &task));
    ESP_ERROR_CHECK(gpio_etm_task_add_gpio(task, PIN));
    return task;
}

static esp_etm_channel_handle_t connect(esp_etm_event_handle_t event, esp_etm_task_handle_t task)
{
    esp_etm_channel_config_t config = {0};
    esp_etm_channel_handle_t channel = NULL;
    ESP_ERROR_CHECK(esp_etm_new_channel(&config, &channel));
    ESP_ERROR_CHECK(esp_etm_channel_connect(channel, event, task));
    ESP_ERROR_CHECK(esp_etm_channel_enable(channel));
    return channel;
}

static void disconnect(esp_etm_channel_handle_t channel, esp_etm_event_handle_t event,
                       esp_etm_task_handle_t task)
{
    ESP_ERROR_CHECK(esp_etm_channel_disable(channel));
    ESP_ERROR_CHECK(esp_etm_del_channel(channel));
    ESP_ERROR_CHECK(esp_etm_del_event(event));
    ESP_ERROR_CHECK(esp_etm_del_task(task));
}

void app_main(void)
{
    async_memcpy_t first = install();
    async_memcpy_t second = install();
    char *a = heap_caps_malloc(3 * SIZE, MALLOC_CAP_DMA);
    SemaphoreHandle_t arrived = xSemaphoreCreateBinary();
    if (a == NULL || arrived == NULL) {
        abort();
    }
    char *b = a + SIZE;
    char *c = b + SIZE;

    esp_etm_task_handle_t second_copy = NULL;
    ESP_ERROR_CHECK(esp_async_memcpy_new_etm_task(second, c, b, SIZE, second_done, arrived, &second_copy));
    esp_etm_task_handle_t toggle = toggle_pin();
    esp_etm_event_handle_t first_done = copy_done(first);
    esp_etm_event_handle_t second_event = copy_done(second);
    esp_etm_channel_handle_t to_copy = connect(first_done, second_copy);
    esp_etm_channel_handle_t to_pin = connect(second_event, toggle);

    int right = 0;
    for (int round = 1; round <= ROUNDS; round++) {
        memset(a, round, SIZE);
        ESP_ERROR_CHECK(esp_memcpy_blocking(first, b, a, SIZE, -1));
        xSemaphoreTake(arrived, portMAX_DELAY);
        right += memcmp(a, c, SIZE) == 0 && gpio_get_level(PIN) == round % 2;
    }

    disconnect(to_copy, first_done, second_copy);
    ESP_ERROR_CHECK(gpio_etm_task_rm_gpio(toggle, PIN));
    disconnect(to_pin, second_event, toggle);
    ESP_ERROR_CHECK(esp_async_memcpy_uninstall(second));
    ESP_ERROR_CHECK(esp_async_memcpy_uninstall(first));
    vSemaphoreDelete(arrived);
    heap_caps_free(a);

    printf("etm_chain: %d of %d rounds reached the pin\n", right, ROUNDS);
    if (right != ROUNDS) {
        abort();
    }
}
