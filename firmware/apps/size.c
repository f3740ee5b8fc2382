/* SPDX-License-Identifier: Apache-2.0 */
/* The whole API in one program, for measuring code; and the memory that a driver takes. */
#include <stdio.h>
#include "esp_async_memcpy_ext.h"
#include "esp_err.h"
#include "esp_heap_caps.h"

void app_main(void);

typedef void (*function)(void);

/* Nothing of the driver is left out by the linker. */
static const volatile function api[] = {
    (function)esp_async_memcpy_uninstall,    (function)esp_async_memcpy,
    (function)esp_async_memcpy_timed,        (function)esp_memcpy_blocking,
    (function)esp_async_memcpy_wait,         (function)esp_async_memcpy_new_etm_event,
    (function)esp_async_memcpy_new_etm_task, (function)esp_async_memcpy_install_gdma_ahb,
    (function)esp_async_memcpy_batch,
};

static void print_memory(uint32_t backlog)
{
    async_memcpy_config_t config = {.backlog = backlog};
    async_memcpy_t driver = NULL;
    size_t before = heap_caps_get_free_size(MALLOC_CAP_DMA);
    ESP_ERROR_CHECK(esp_async_memcpy_install(&config, &driver));
    printf("ram_backlog_%u %u\n", (unsigned)backlog,
           (unsigned)(before - heap_caps_get_free_size(MALLOC_CAP_DMA)));
    ESP_ERROR_CHECK(esp_async_memcpy_uninstall(driver));
}

void app_main(void)
{
    for (size_t i = 0; i < sizeof api / sizeof api[0]; i++) {
        ESP_ERROR_CHECK(api[i] == NULL ? ESP_FAIL : ESP_OK);
    }
    print_memory(1);
    print_memory(8);
    print_memory(32);
}
