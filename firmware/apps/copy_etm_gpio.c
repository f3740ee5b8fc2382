/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A pin that toggles at the end of every copy, without the CPU: copy ─▶ event ─▶ ETM channel ─▶ pin.
 * Interrupts are off while the copies run, so that nothing but hardware can have moved the pin.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "driver/gpio.h"
#include "driver/gpio_etm.h"
#include "esp_async_memcpy_ext.h"
#include "esp_err.h"
#include "esp_etm.h"
#include "esp_heap_caps.h"
#include "freertos/FreeRTOS.h"
#include "freertos/task.h"

#define SIZE   256
#define COPIES 7
#define PIN    GPIO_NUM_5

void app_main(void);

static portMUX_TYPE mux = portMUX_INITIALIZER_UNLOCKED;

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

/* One copy while no interrupt can be taken. Whether the pin changed meanwhile. */
static bool copy_moves_pin(async_memcpy_t driver, uint8_t *to, uint8_t *from)
{
    portENTER_CRITICAL(&mux);
    int before = gpio_get_level(PIN);
    ESP_ERROR_CHECK(esp_async_memcpy(driver, to, from, SIZE, NULL, NULL));
    bool moved = false;
    for (int look = 0; look < 10000 && !moved; look++) {
        moved = gpio_get_level(PIN) != before;
    }
    portEXIT_CRITICAL(&mux);
    ESP_ERROR_CHECK(esp_async_memcpy_wait(driver, -1));
    return moved && gpio_get_level(PIN) != before && memcmp(to, from, SIZE) == 0;
}

void app_main(void)
{
    async_memcpy_config_t config = ASYNC_MEMCPY_DEFAULT_CONFIG();
    async_memcpy_t driver = NULL;
    esp_etm_event_handle_t done = NULL;
    esp_etm_channel_handle_t channel = NULL;
    esp_etm_channel_config_t channel_config = {0};
    ESP_ERROR_CHECK(esp_async_memcpy_install(&config, &driver));
    ESP_ERROR_CHECK(esp_async_memcpy_new_etm_event(driver, ASYNC_MEMCPY_ETM_EVENT_COPY_DONE, &done));
    esp_etm_task_handle_t toggle = toggle_pin();
    ESP_ERROR_CHECK(esp_etm_new_channel(&channel_config, &channel));
    ESP_ERROR_CHECK(esp_etm_channel_connect(channel, done, toggle));
    ESP_ERROR_CHECK(esp_etm_channel_enable(channel));

    uint8_t *from = heap_caps_malloc(SIZE, MALLOC_CAP_DMA);
    uint8_t *to = heap_caps_malloc(SIZE, MALLOC_CAP_DMA);
    int moved = 0;
    for (int copy = 0; copy < COPIES; copy++) {
        memset(from, copy + 1, SIZE);
        moved += copy_moves_pin(driver, to, from);
    }
    printf("copy_etm_gpio: %d copies moved the pin %d times, it is %s\n", COPIES, moved,
           gpio_get_level(PIN) != 0 ? "high" : "low");

    ESP_ERROR_CHECK(esp_etm_channel_disable(channel));
    ESP_ERROR_CHECK(esp_etm_del_channel(channel));
    ESP_ERROR_CHECK(esp_etm_del_event(done));
    ESP_ERROR_CHECK(gpio_etm_task_rm_gpio(toggle, PIN));
    ESP_ERROR_CHECK(esp_etm_del_task(toggle));
    ESP_ERROR_CHECK(esp_async_memcpy_uninstall(driver));
    heap_caps_free(from);
    heap_caps_free(to);
    exit(moved == COPIES ? 0 : 1);
}
