/* SPDX-License-Identifier: Apache-2.0 */
/* Copy-done events, watched on a pin, and copies that an event starts. */
#include <string.h>
#include "driver/gpio.h"
#include "driver/gpio_etm.h"
#include "esp_etm.h"
#include "esp_heap_caps.h"
#include "freertos/FreeRTOS.h"
#include "selftest.h"

#define PIN GPIO_NUM_3

static esp_etm_channel_handle_t connect(esp_etm_event_handle_t event, esp_etm_task_handle_t task)
{
    esp_etm_channel_config_t config = {0};
    esp_etm_channel_handle_t channel = NULL;
    ESP_ERROR_CHECK(esp_etm_new_channel(&config, &channel));
    ESP_ERROR_CHECK(esp_etm_channel_connect(channel, event, task));
    ESP_ERROR_CHECK(esp_etm_channel_enable(channel));
    return channel;
}

static void disconnect(esp_etm_channel_handle_t channel)
{
    EXPECT_CODE(ESP_OK, esp_etm_channel_disable(channel));
    EXPECT_CODE(ESP_OK, esp_etm_del_channel(channel));
}

static esp_etm_event_handle_t event_of(async_memcpy_t driver)
{
    esp_etm_event_handle_t event = NULL;
    EXPECT_CODE(ESP_OK, esp_async_memcpy_new_etm_event(driver, ASYNC_MEMCPY_ETM_EVENT_COPY_DONE, &event));
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

/* One event for each copy, of one descriptor or of many, each seen as a toggle. */
static void event_is_raised_once_per_copy(void)
{
    static const size_t sizes[] = {1, 64, 4095, 4096, 30000};
    async_memcpy_t driver = install(1);
    uint8_t *from = buffer(30000);
    uint8_t *to = buffer(30000);
    esp_etm_event_handle_t event = event_of(driver);
    esp_etm_task_handle_t task = toggle_pin();
    esp_etm_channel_handle_t channel = connect(event, task);
    int level = 0;
    for (size_t i = 0; i < 4 * sizeof sizes / sizeof sizes[0]; i++) {
        EXPECT_CODE(ESP_OK, esp_memcpy_blocking(driver, to, from, sizes[i / 4], 1000));
        level = !level;
        EXPECT(gpio_get_level(PIN) == level);
    }
    disconnect(channel);
    EXPECT_CODE(ESP_OK, esp_memcpy_blocking(driver, to, from, 10, 1000));
    EXPECT(gpio_get_level(PIN) == level);
    uninstall(driver);
    EXPECT_CODE(ESP_OK, esp_etm_del_event(event)); /* inert, and can still be deleted */
    EXPECT_CODE(ESP_OK, gpio_etm_task_rm_gpio(task, PIN));
    EXPECT_CODE(ESP_OK, esp_etm_del_task(task));
    heap_caps_free(from);
    heap_caps_free(to);
}

static void function_tasks_are_not_for_the_chip(void)
{
    esp_etm_task_handle_t task = NULL;
    EXPECT_CODE(
        ESP_ERR_NOT_SUPPORTED,
        esp_etm_new_function_task((void (*)(void *))function_tasks_are_not_for_the_chip, NULL, &task));
}

static void event_starts_a_copy_each_time(void)
{
    async_memcpy_t first = install(1);
    async_memcpy_t second = install(8);
    uint8_t *a = buffer(3 * 600);
    uint8_t *b = a + 600;
    uint8_t *c = b + 600;
    unsigned calls = 0;
    esp_etm_task_handle_t copy = NULL;
    EXPECT_CODE(ESP_OK, esp_async_memcpy_new_etm_task(second, c, b, 600, count, &calls, &copy));
    EXPECT_CODE(ESP_FAIL, esp_async_memcpy(second, c, b, 600, NULL, NULL));
    esp_etm_event_handle_t event = event_of(first);
    esp_etm_channel_handle_t channel = connect(event, copy);
    for (unsigned round = 1; round <= 10; round++) {
        memset(a, (int)round, 600);
        EXPECT_CODE(ESP_OK, esp_memcpy_blocking(first, b, a, 600, 1000));
        for (unsigned turn = 0; turn < 100000 && *(volatile unsigned *)&calls != round; turn++) {
        }
        EXPECT(calls == round && memcmp(a, c, 600) == 0);
    }
    disconnect(channel);
    EXPECT_CODE(ESP_OK, esp_etm_del_task(copy));
    EXPECT_CODE(ESP_OK, esp_memcpy_blocking(second, c, b, 600, 1000));
    EXPECT_CODE(ESP_OK, esp_etm_del_event(event));
    uninstall(first);
    uninstall(second);
    heap_caps_free(a);
}

void test_events(void)
{
    TEST(event_is_raised_once_per_copy);
    TEST(function_tasks_are_not_for_the_chip);
    TEST(event_starts_a_copy_each_time);
}
