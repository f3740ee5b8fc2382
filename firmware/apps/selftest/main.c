/* SPDX-License-Identifier: Apache-2.0 */
/* The contract on the chip, as far as its 320 KiB allow: a line per test, then "N passed, N failed". */
#include <stdio.h>
#include <stdlib.h>
#include "esp_heap_caps.h"
#include "esp_log.h"
#include "freertos/FreeRTOS.h"
#include "freertos/semphr.h"
#include "selftest.h"

void app_main(void);

static unsigned passed;
static unsigned failed;
static volatile bool failing; /* the test at hand */
static portMUX_TYPE mux = portMUX_INITIALIZER_UNLOCKED;

void expect(bool so, const char *what, const char *file, int line)
{
    if (!so) {
        printf("# %s:%d: not so: %s\n", file, line, what);
        failing = true;
    }
}

void test(const char *name, void (*run)(void))
{
    size_t before = heap_caps_get_free_size(MALLOC_CAP_DMA);
    failing = false;
    run();
    EXPECT(heap_caps_get_free_size(MALLOC_CAP_DMA) == before);
    printf("%s %s\n", failing ? "not ok" : "ok", name);
    passed += !failing;
    failed += failing;
}

async_memcpy_t install(uint32_t backlog)
{
    async_memcpy_config_t config = {.backlog = backlog};
    async_memcpy_t driver = NULL;
    ESP_ERROR_CHECK(esp_async_memcpy_install(&config, &driver));
    return driver;
}

void uninstall(async_memcpy_t driver)
{
    EXPECT_CODE(ESP_OK, esp_async_memcpy_uninstall(driver));
}

uint8_t *buffer(size_t size)
{
    uint8_t *memory = heap_caps_malloc(size, MALLOC_CAP_DMA);
    ESP_ERROR_CHECK(memory == NULL ? ESP_ERR_NO_MEM : ESP_OK);
    return memory;
}

bool count(async_memcpy_t driver, async_memcpy_event_t *event, void *arg)
{
    (void)driver;
    const async_memcpy_result_t *result = event->data;
    EXPECT(result->status == ESP_OK);
    ++*(volatile unsigned *)arg;
    return false;
}

struct visit {
    void (*call)(async_memcpy_t driver, void *arg);
    void *arg;
    unsigned done;
};

static bool visit(async_memcpy_t driver, async_memcpy_event_t *event, void *arg)
{
    (void)event;
    struct visit *visit = arg;
    visit->call(driver, visit->arg);
    visit->done++;
    return false;
}

void in_callback(void (*call)(async_memcpy_t driver, void *arg), void *arg)
{
    struct visit one = {.call = call, .arg = arg};
    async_memcpy_t driver = install(2);
    uint8_t *byte = buffer(2);
    EXPECT_CODE(ESP_OK, esp_async_memcpy(driver, byte, byte + 1, 1, visit, &one));
    EXPECT_CODE(ESP_OK, esp_async_memcpy_wait(driver, 1000));
    EXPECT(one.done == 1);
    uninstall(driver);
    heap_caps_free(byte);
}

void hold(void)
{
    portENTER_CRITICAL(&mux);
}

void release(void)
{
    portEXIT_CRITICAL(&mux);
}

void app_main(void)
{
    esp_log_level_set("async_memcpy", ESP_LOG_NONE);
    test_refusals();
    test_copies();
    test_queue();
    test_batch();
    test_waiting();
    test_ends();
    test_events();
    printf("%u passed, %u failed\n", passed, failed);
    exit(failed == 0 && passed != 0 ? 0 : 1);
}
