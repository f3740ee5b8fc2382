/* SPDX-License-Identifier: Apache-2.0 */
/*
 * 200 KB are copied while the CPU counts primes. Source and destination of 200 KB each do not fit into the
 * 320 KiB of the chip, so it is 100 KB there and 100 KB back to where they came from.
 */
#include <stdio.h>
#include <stdlib.h>
#include "esp_async_memcpy_ext.h"
#include "esp_err.h"
#include "esp_heap_caps.h"

#define SIZE (100 * 1024)

void app_main(void);

static volatile int callbacks;

static bool count(async_memcpy_t driver, async_memcpy_event_t *event, void *arg)
{
    (void)driver;
    (void)arg;
    const async_memcpy_result_t *result = event->data;
    ESP_ERROR_CHECK(result->status);
    callbacks++;
    return false;
}

static bool is_prime(unsigned number)
{
    for (unsigned divisor = 2; divisor * divisor <= number; divisor++) {
        if (number % divisor == 0) {
            return false;
        }
    }
    return number >= 2;
}

static uint8_t pattern(unsigned at)
{
    return (uint8_t)(at * 2654435761u >> 24);
}

static bool is_right(const uint8_t *data)
{
    for (unsigned i = 0; i < SIZE; i++) {
        if (data[i] != pattern(i)) {
            return false;
        }
    }
    return true;
}

void app_main(void)
{
    async_memcpy_config_t config = ASYNC_MEMCPY_DEFAULT_CONFIG();
    async_memcpy_t driver = NULL;
    ESP_ERROR_CHECK(esp_async_memcpy_install(&config, &driver));
    uint8_t *from = heap_caps_malloc(SIZE, MALLOC_CAP_DMA);
    uint8_t *to = heap_caps_calloc(1, SIZE, MALLOC_CAP_DMA);
    ESP_ERROR_CHECK(from == NULL || to == NULL ? ESP_ERR_NO_MEM : ESP_OK);
    for (unsigned i = 0; i < SIZE; i++) {
        from[i] = pattern(i);
    }

    ESP_ERROR_CHECK(esp_async_memcpy(driver, to, from, SIZE, count, NULL));
    ESP_ERROR_CHECK(esp_async_memcpy(driver, from, to, SIZE, count, NULL));
    unsigned primes = 0;
    unsigned tried = 0;
    while (callbacks < 2) {
        primes += is_prime(tried++);
    }
    unsigned expected = 0;
    for (unsigned number = 0; number < tried; number++) {
        expected += is_prime(number);
    }
    bool right = is_right(to) && is_right(from);
    ESP_ERROR_CHECK(esp_async_memcpy_uninstall(driver));
    heap_caps_free(from);
    heap_caps_free(to);
    printf("compute: %d bytes copied, %s; meanwhile over 100 numbers tried: %s, primes counted: %s\n",
           2 * SIZE, right ? "all right" : "WRONG", tried > 100 ? "yes" : "NO",
           primes == expected ? "right" : "WRONG");
    exit(right && tried > 100 && primes == expected ? 0 : 1);
}
