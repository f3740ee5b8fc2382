/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Copy-done events without a callback: copy ─▶ event ─▶ channel ─▶ task. On a chip the task would be a pin's;
 * here it is a function that counts, so that the events can be seen at a desk.
 */
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include "esp_async_memcpy_ext.h"
#include "esp_err.h"
#include "esp_etm.h"

#define COPIES 20

void app_main(void);

static void count(void *arg)
{
    atomic_int *events = arg;
    atomic_fetch_add(events, 1);
}

static void copy_some(async_memcpy_t driver)
{
    static char from[1024], to[1024];
    for (int i = 0; i < COPIES; i++) {
        ESP_ERROR_CHECK(esp_memcpy_blocking(driver, to, from, sizeof to, -1));
    }
}

void app_main(void)
{
    async_memcpy_config_t config = ASYNC_MEMCPY_DEFAULT_CONFIG();
    async_memcpy_t driver = NULL;
    ESP_ERROR_CHECK(esp_async_memcpy_install(&config, &driver));

    atomic_int events = 0;
    esp_etm_event_handle_t event = NULL;
    esp_etm_task_handle_t task = NULL;
    esp_etm_channel_handle_t channel = NULL;
    esp_etm_channel_config_t channel_config = {0};
    ESP_ERROR_CHECK(esp_async_memcpy_new_etm_event(driver, ASYNC_MEMCPY_ETM_EVENT_COPY_DONE, &event));
    ESP_ERROR_CHECK(esp_etm_new_function_task(count, &events, &task));
    ESP_ERROR_CHECK(esp_etm_new_channel(&channel_config, &channel));
    ESP_ERROR_CHECK(esp_etm_channel_connect(channel, event, task));

    copy_some(driver); /* the channel is not enabled yet: nothing is counted */
    ESP_ERROR_CHECK(esp_etm_channel_enable(channel));
    copy_some(driver);
    ESP_ERROR_CHECK(esp_etm_dump(stdout));

    ESP_ERROR_CHECK(esp_etm_channel_disable(channel));
    ESP_ERROR_CHECK(esp_etm_del_channel(channel));
    ESP_ERROR_CHECK(esp_etm_del_task(task));
    ESP_ERROR_CHECK(esp_etm_del_event(event));
    ESP_ERROR_CHECK(esp_async_memcpy_uninstall(driver));

    printf("etm: %d copies with the channel enabled, %d events\n", COPIES, atomic_load(&events));
    if (atomic_load(&events) != COPIES) {
        abort();
    }
}
