/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Two dozen copies of all sizes through a small backlog, each checked: how many were made, how many failed
 * and were told so, and how many are not what they were told to be. Run with faults in the hardware, and at
 * all its knobs.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "esp_async_memcpy_ext.h"
#include "esp_err.h"
#include "esp_heap_caps.h"

#define COPIES  24
#define BACKLOG 4
#define LARGEST 12000

void app_main(void);

struct copy {
    size_t n;
    int calls;
    esp_err_t status;
};

static struct copy copies[COPIES];
static int ended; /* so far, so that each callback knows which it should be */
static int out_of_order;
static uint8_t *from;
static uint8_t *to;

static bool note(async_memcpy_t driver, async_memcpy_event_t *event, void *arg)
{
    (void)driver;
    const async_memcpy_result_t *result = event->data;
    struct copy *copy = arg;
    copy->calls++;
    copy->status = result->status;
    out_of_order += copy != &copies[ended] || result->size != copy->n;
    ended++;
    return false;
}

/* Small ones mostly, some of several descriptors. Four in flight have a quarter of the destination each. */
static size_t size_of(int i)
{
    return i % 5 == 4 ? (size_t)(LARGEST - 1000 * i / 5) : (size_t)(1 + 37 * i);
}

static uint8_t *place_of(int i)
{
    return to + (size_t)(i % BACKLOG) * LARGEST;
}

static bool is_exact(int i)
{
    const uint8_t *place = place_of(i);
    if (memcmp(place, from + i, copies[i].n) != 0) {
        return false;
    }
    for (size_t k = copies[i].n; k < LARGEST; k++) {
        if (place[k] != 0) {
            return false;
        }
    }
    return true;
}

static void submit(async_memcpy_t driver, int i)
{
    copies[i] = (struct copy){.n = size_of(i)};
    memset(place_of(i), 0, LARGEST);
    ESP_ERROR_CHECK(
        esp_async_memcpy_timed(driver, place_of(i), from + i, copies[i].n, note, &copies[i], 1000));
}

void app_main(void)
{
    async_memcpy_config_t config = {.backlog = BACKLOG};
    async_memcpy_t driver = NULL;
    int right = 0;
    int failed = 0;
    int wrong = 0;
    ESP_ERROR_CHECK(esp_async_memcpy_install(&config, &driver));
    from = heap_caps_malloc(LARGEST + COPIES, MALLOC_CAP_DMA);
    to = heap_caps_malloc((size_t)BACKLOG * LARGEST, MALLOC_CAP_DMA);
    for (size_t k = 0; k < LARGEST + COPIES; k++) {
        from[k] = (uint8_t)(k * 7 % 255 + 1);
    }
    for (int i = 0; i < COPIES; i += BACKLOG) {
        for (int k = i; k < i + BACKLOG; k++) {
            submit(driver, k);
        }
        (void)esp_async_memcpy_wait(driver, -1); /* each copy has a status of its own */
        for (int k = i; k < i + BACKLOG; k++) {
            failed += copies[k].status != ESP_OK;
            right += copies[k].status == ESP_OK && is_exact(k);
            wrong += copies[k].calls != 1 || (copies[k].status == ESP_OK && !is_exact(k));
        }
    }
    ESP_ERROR_CHECK(esp_async_memcpy_uninstall(driver));
    printf("right %d, failed %d, wrong %d, out of order %d\n", right, failed, wrong, out_of_order);
}
