/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A chain of copies in which each callback hands over the next copy, as a stream would. The slot of a copy is
 * free before its callback runs, so this works with a backlog of 1; the task only waits for the end.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "esp_async_memcpy_ext.h"
#include "esp_attr.h"
#include "esp_err.h"
#include "esp_heap_caps.h"
#include "freertos/FreeRTOS.h"
#include "freertos/semphr.h"

#define PIECE  1000
#define PIECES 16

void app_main(void);

struct chain {
    uint8_t *to;
    uint8_t *from;
    int copied; /* pieces; written by the callback */
    esp_err_t status;
    SemaphoreHandle_t ended;
};

static IRAM_ATTR bool next_piece(async_memcpy_t driver, async_memcpy_event_t *event, void *arg)
{
    struct chain *chain = arg;
    const async_memcpy_result_t *result = event->data;
    chain->status = result->status;
    if (chain->status == ESP_OK && ++chain->copied < PIECES) {
        size_t at = (size_t)chain->copied * PIECE;
        chain->status = esp_async_memcpy(driver, chain->to + at, chain->from + at, PIECE, next_piece, chain);
        if (chain->status == ESP_OK) {
            return false;
        }
    }
    BaseType_t task_woken = pdFALSE;
    xSemaphoreGiveFromISR(chain->ended, &task_woken);
    return task_woken == pdTRUE;
}

static void check(const struct chain *chain)
{
    ESP_ERROR_CHECK(chain->status);
    if (chain->copied != PIECES || memcmp(chain->to, chain->from, PIECE * PIECES) != 0) {
        printf("resubmit: the copy differs from its source\n");
        abort();
    }
    printf("resubmit: %d pieces of %d bytes, each handed over by the callback of the one before\n", PIECES,
           PIECE);
}

void app_main(void)
{
    async_memcpy_config_t config = ASYNC_MEMCPY_DEFAULT_CONFIG();
    config.backlog = 1;
    async_memcpy_t driver = NULL;
    ESP_ERROR_CHECK(esp_async_memcpy_install(&config, &driver));

    struct chain chain = {.ended = xSemaphoreCreateBinary()};
    chain.from = heap_caps_malloc(PIECE * PIECES, MALLOC_CAP_DMA);
    chain.to = heap_caps_calloc(PIECES, PIECE, MALLOC_CAP_DMA);
    ESP_ERROR_CHECK(chain.from == NULL || chain.to == NULL ? ESP_ERR_NO_MEM : ESP_OK);
    for (int i = 0; i < PIECE * PIECES; i++) {
        chain.from[i] = (uint8_t)(i * 5 + 3);
    }

    ESP_ERROR_CHECK(esp_async_memcpy(driver, chain.to, chain.from, PIECE, next_piece, &chain));
    xSemaphoreTake(chain.ended, portMAX_DELAY);
    ESP_ERROR_CHECK(esp_async_memcpy_uninstall(driver));
    check(&chain);

    vSemaphoreDelete(chain.ended);
    heap_caps_free(chain.from);
    heap_caps_free(chain.to);
}
