/* SPDX-License-Identifier: Apache-2.0 */
/* Uninstall: what it waits for, what it refuses, what it gives back. */
#include <string.h>
#include "esp_heap_caps.h"
#include "freertos/FreeRTOS.h"
#include "selftest.h"

static void uninstall_waits_for_a_full_backlog(void)
{
    uint8_t *from = buffer(10000);
    uint8_t *to = buffer(10000);
    for (uint32_t backlog = 1; backlog <= 8; backlog *= 2) {
        async_memcpy_t driver = install(backlog);
        unsigned calls = 0;
        memset(from, (int)backlog, 10000);
        for (uint32_t i = 0; i < backlog; i++) {
            EXPECT_CODE(ESP_OK, esp_async_memcpy(driver, to, from, 10000, count, &calls));
        }
        uninstall(driver);
        EXPECT(calls == backlog && memcmp(from, to, 10000) == 0);
    }
    heap_caps_free(from);
    heap_caps_free(to);
}

/* Large enough that the task gets to run beside them. */
#define PIECE 2000

struct endless {
    uint8_t *bytes;
    unsigned calls;
    esp_err_t last;
};

static bool forever(async_memcpy_t driver, async_memcpy_event_t *event, void *arg)
{
    (void)event;
    struct endless *endless = arg;
    endless->calls++;
    endless->last = esp_async_memcpy(driver, endless->bytes, endless->bytes + PIECE, PIECE, forever, endless);
    return false;
}

static void uninstall_ends_copies_that_submit_themselves(void)
{
    async_memcpy_t driver = install(2);
    struct endless endless = {.bytes = buffer(2 * PIECE)};
    EXPECT_CODE(ESP_OK,
                esp_async_memcpy(driver, endless.bytes, endless.bytes + PIECE, PIECE, forever, &endless));
    uninstall(driver);
    EXPECT(endless.calls >= 1 && endless.last == ESP_FAIL);
    heap_caps_free(endless.bytes);
}

static void install_and_uninstall_500_times(void)
{
    uint8_t *bytes = buffer(8);
    for (uint32_t i = 0; i < 500; i++) {
        async_memcpy_t driver = install(1 + i % 32);
        unsigned calls = 0;
        EXPECT_CODE(ESP_OK, esp_async_memcpy(driver, bytes, bytes + 4, 4, count, &calls));
        uninstall(driver);
        EXPECT(calls == 1);
    }
    heap_caps_free(bytes);
}

void test_ends(void)
{
    TEST(uninstall_waits_for_a_full_backlog);
    TEST(uninstall_ends_copies_that_submit_themselves);
    TEST(install_and_uninstall_500_times);
}
