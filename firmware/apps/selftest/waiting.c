/* SPDX-License-Identifier: Apache-2.0 */
/* Waiting for copies and for slots, with time-outs, and from where it is refused. */
#include <string.h>
#include "esp_heap_caps.h"
#include "freertos/FreeRTOS.h"
#include "freertos/semphr.h"
#include "freertos/task.h"
#include "selftest.h"

#define LARGE 100000 /* bytes that take longer than the calls made meanwhile */

static void wait_includes_the_callback(void)
{
    async_memcpy_t driver = install(4);
    uint8_t *bytes = buffer(200);
    for (unsigned copies = 1; copies <= 4; copies++) {
        unsigned calls = 0;
        for (unsigned i = 0; i < copies; i++) {
            EXPECT_CODE(ESP_OK, esp_async_memcpy(driver, bytes, bytes + 100, 100, count, &calls));
        }
        EXPECT_CODE(ESP_OK, esp_async_memcpy_wait(driver, -1));
        EXPECT(calls == copies);
    }
    EXPECT_CODE(ESP_OK, esp_async_memcpy_wait(driver, 0));
    uninstall(driver);
    heap_caps_free(bytes);
}

static void waits_time_out_while_the_copy_goes_on(void)
{
    async_memcpy_t driver = install(1);
    uint8_t *from = buffer(LARGE);
    uint8_t *to = buffer(LARGE);
    unsigned calls = 0;
    memset(from, 0x33, LARGE);
    memset(to, 0, LARGE);
    EXPECT_CODE(ESP_OK, esp_async_memcpy(driver, to, from, LARGE, count, &calls));
    EXPECT_CODE(ESP_ERR_TIMEOUT, esp_async_memcpy_wait(driver, 0));
    EXPECT_CODE(ESP_ERR_TIMEOUT, esp_async_memcpy_timed(driver, to, from, 1, count, &calls, 0));
    EXPECT_CODE(ESP_ERR_TIMEOUT, esp_memcpy_blocking(driver, to, from, 1, 0));
    EXPECT(calls == 0);
    EXPECT_CODE(ESP_OK, esp_async_memcpy_wait(driver, 1000));
    EXPECT(calls == 1 && memcmp(from, to, LARGE) == 0);
    uninstall(driver);
    heap_caps_free(from);
    heap_caps_free(to);
}

static void blocking_that_times_out_completes_once_later(void)
{
    async_memcpy_t driver = install(1);
    uint8_t *from = buffer(LARGE);
    uint8_t *to = buffer(LARGE);
    memset(from, 0x44, LARGE);
    memset(to, 0, LARGE);
    EXPECT_CODE(ESP_ERR_TIMEOUT, esp_memcpy_blocking(driver, to, from, LARGE, 0));
    EXPECT(to[LARGE - 1] == 0);
    EXPECT_CODE(ESP_OK, esp_async_memcpy_wait(driver, 1000));
    EXPECT(memcmp(from, to, LARGE) == 0);
    uninstall(driver);
    heap_caps_free(from);
    heap_caps_free(to);
}

static void blocking_waits_for_a_slot_and_its_copy(void)
{
    async_memcpy_t driver = install(1);
    uint8_t *from = buffer(LARGE);
    uint8_t *to = buffer(LARGE);
    unsigned calls = 0;
    memset(from, 0x55, LARGE);
    EXPECT_CODE(ESP_OK, esp_async_memcpy(driver, to, from, LARGE, count, &calls));
    from[5] = 0x66;
    EXPECT_CODE(ESP_OK, esp_memcpy_blocking(driver, to, from, 10, -1));
    EXPECT(calls == 1 && to[5] == 0x66 && to[6] == 0x55);
    EXPECT_CODE(ESP_OK, esp_async_memcpy_timed(driver, to, from, 10, count, &calls, -1));
    EXPECT_CODE(ESP_OK, esp_async_memcpy_wait(driver, -1));
    EXPECT(calls == 2);
    uninstall(driver);
    heap_caps_free(from);
    heap_caps_free(to);
}

static void time_outs_last_as_long_as_asked(void)
{
    SemaphoreHandle_t never = xSemaphoreCreateBinary();
    for (TickType_t ticks = 1; ticks <= 64; ticks *= 4) {
        TickType_t before = xTaskGetTickCount();
        EXPECT(xSemaphoreTake(never, ticks) == pdFALSE);
        TickType_t slept = xTaskGetTickCount() - before;
        EXPECT(slept >= ticks && slept <= ticks + 1);
        before = xTaskGetTickCount();
        vTaskDelay(ticks);
        slept = xTaskGetTickCount() - before;
        EXPECT(slept >= ticks && slept <= ticks + 1);
    }
    vSemaphoreDelete(never);
}

static bool give(async_memcpy_t driver, async_memcpy_event_t *event, void *arg)
{
    (void)driver;
    (void)event;
    BaseType_t woken = pdFALSE;
    EXPECT(xSemaphoreGiveFromISR((SemaphoreHandle_t)arg, &woken) == pdTRUE);
    return woken == pdTRUE;
}

static void callback_wakes_the_task(void)
{
    async_memcpy_t driver = install(1);
    SemaphoreHandle_t done = xSemaphoreCreateBinary();
    uint8_t *from = buffer(LARGE);
    uint8_t *to = buffer(LARGE);
    EXPECT_CODE(ESP_OK, esp_async_memcpy(driver, to, from, LARGE, give, done));
    EXPECT(xSemaphoreTake(done, portMAX_DELAY) == pdTRUE);
    uninstall(driver);
    vSemaphoreDelete(done);
    heap_caps_free(from);
    heap_caps_free(to);
}

static void call_all_that_wait(async_memcpy_t driver, void *arg)
{
    uint8_t *bytes = arg;
    EXPECT_CODE(ESP_ERR_INVALID_STATE, esp_async_memcpy_wait(driver, 0));
    EXPECT_CODE(ESP_ERR_INVALID_STATE, esp_memcpy_blocking(driver, bytes, bytes + 1, 1, 0));
    EXPECT_CODE(ESP_ERR_INVALID_STATE, esp_async_memcpy_timed(driver, bytes, bytes + 1, 1, NULL, NULL, -1));
    EXPECT_CODE(ESP_FAIL, esp_async_memcpy_uninstall(driver));
    async_memcpy_config_t config = ASYNC_MEMCPY_DEFAULT_CONFIG();
    async_memcpy_t other = driver;
    EXPECT_CODE(ESP_FAIL, esp_async_memcpy_install(&config, &other));
    EXPECT(other == NULL);
}

static void calls_that_wait_are_refused_in_callbacks(void)
{
    uint8_t *bytes = buffer(2);
    in_callback(call_all_that_wait, bytes);
    heap_caps_free(bytes);
}

void test_waiting(void)
{
    TEST(wait_includes_the_callback);
    TEST(waits_time_out_while_the_copy_goes_on);
    TEST(blocking_that_times_out_completes_once_later);
    TEST(blocking_waits_for_a_slot_and_its_copy);
    TEST(time_outs_last_as_long_as_asked);
    TEST(callback_wakes_the_task);
    TEST(calls_that_wait_are_refused_in_callbacks);
}
