/* SPDX-License-Identifier: Apache-2.0 */
/* The same from C++, with lambdas for callbacks, and an ETM task that counts. */
#include <atomic>
#include <cstdio>
#include <vector>
#include "esp_async_memcpy_ext.h"
#include "freertos/FreeRTOS.h"
#include "freertos/semphr.h"

int main()
{
    std::vector<char> from(4097, 'x'), to(from.size());
    SemaphoreHandle_t done = xSemaphoreCreateBinary();
    async_memcpy_config_t config = ASYNC_MEMCPY_DEFAULT_CONFIG();
    config.backlog = 2;
    async_memcpy_t driver = nullptr;
    ESP_ERROR_CHECK(esp_async_memcpy_install(&config, &driver));

    std::atomic<int> events{0};
    esp_etm_channel_config_t plain = {};
    esp_etm_channel_handle_t channel = nullptr;
    esp_etm_event_handle_t event = nullptr;
    esp_etm_task_handle_t task = nullptr;
    ESP_ERROR_CHECK(esp_etm_new_channel(&plain, &channel));
    ESP_ERROR_CHECK(esp_async_memcpy_new_etm_event(driver, ASYNC_MEMCPY_ETM_EVENT_COPY_DONE, &event));
    auto count = [](void *counter) { ++*static_cast<std::atomic<int> *>(counter); };
    ESP_ERROR_CHECK(esp_etm_new_function_task(count, &events, &task));
    ESP_ERROR_CHECK(esp_etm_channel_connect(channel, event, task));
    ESP_ERROR_CHECK(esp_etm_channel_enable(channel));

    auto give = [](async_memcpy_t, async_memcpy_event_t *, void *semaphore) {
        BaseType_t woken = pdFALSE;
        xSemaphoreGiveFromISR(static_cast<SemaphoreHandle_t>(semaphore), &woken);
        return woken == pdTRUE;
    };
    ESP_ERROR_CHECK(esp_async_memcpy(driver, to.data(), from.data(), from.size(), give, done));
    bool told = xSemaphoreTake(done, pdMS_TO_TICKS(10000)) == pdTRUE;

    ESP_ERROR_CHECK(esp_etm_channel_disable(channel));
    ESP_ERROR_CHECK(esp_etm_del_event(event));
    ESP_ERROR_CHECK(esp_etm_del_task(task));
    ESP_ERROR_CHECK(esp_etm_del_channel(channel));
    ESP_ERROR_CHECK(esp_async_memcpy_uninstall(driver));
    vSemaphoreDelete(done);
    bool good = told && events == 1 && to == from;
    std::puts(good ? "copied" : "not copied");
    return good ? 0 : 1;
}
