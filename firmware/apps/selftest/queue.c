/* SPDX-License-Identifier: Apache-2.0 */
/* Backlog, order, callbacks and their results, submitting from callbacks. */
#include <string.h>
#include "esp_heap_caps.h"
#include "freertos/FreeRTOS.h"
#include "selftest.h"

static void full_backlog_refuses_and_changes_nothing(void)
{
    uint8_t *from = buffer(64);
    uint8_t *to = buffer(64);
    for (uint32_t backlog = 1; backlog <= 33; backlog += 8) {
        async_memcpy_t driver = install(backlog);
        unsigned calls = 0;
        memset(to, 1, 64);
        memset(from, 2, 64);
        hold();
        for (uint32_t i = 0; i < backlog; i++) {
            EXPECT_CODE(ESP_OK, esp_async_memcpy(driver, to, from, 1, count, &calls));
        }
        for (int again = 0; again < 3; again++) {
            EXPECT_CODE(ESP_FAIL, esp_async_memcpy(driver, to + 1, from, 1, count, &calls));
        }
        release();
        EXPECT_CODE(ESP_OK, esp_async_memcpy_wait(driver, 1000));
        EXPECT(calls == backlog && to[0] == 2 && to[1] == 1);
        EXPECT_CODE(ESP_OK, esp_async_memcpy(driver, to + 1, from, 1, count, &calls));
        EXPECT_CODE(ESP_OK, esp_async_memcpy_wait(driver, 1000));
        EXPECT(calls == backlog + 1 && to[1] == 2);
        uninstall(driver);
    }
    heap_caps_free(from);
    heap_caps_free(to);
}

static void backlog_counts_copies_and_not_bytes(void)
{
    async_memcpy_t driver = install(3);
    uint8_t *from = buffer(50000);
    uint8_t *to = buffer(50000);
    unsigned calls = 0;
    for (int i = 0; i < 3; i++) {
        EXPECT_CODE(ESP_OK, esp_async_memcpy(driver, to, from, 50000, count, &calls));
    }
    EXPECT_CODE(ESP_FAIL, esp_async_memcpy(driver, to, from, 1, count, &calls));
    EXPECT_CODE(ESP_OK, esp_async_memcpy_wait(driver, 1000));
    EXPECT(calls == 3);
    uninstall(driver);
    heap_caps_free(from);
    heap_caps_free(to);
}

/* ---- Order ---- */

#define NUMBERS 64

static struct {
    uint8_t seen[NUMBERS];
    volatile unsigned count;
    volatile bool inside;
    bool overlapped;
} order;

static bool note(async_memcpy_t driver, async_memcpy_event_t *event, void *arg)
{
    (void)driver;
    (void)event;
    order.overlapped |= order.inside;
    order.inside = true;
    order.seen[order.count % NUMBERS] = (uint8_t)(uintptr_t)arg;
    order.count++;
    order.inside = false;
    return false;
}

static void copies_complete_in_order_whatever_their_size(void)
{
    async_memcpy_t driver = install(8);
    uint8_t *from = buffer(20000);
    uint8_t *to = buffer(20000);
    memset(&order, 0, sizeof order);
    for (uintptr_t i = 0; i < NUMBERS; i++) {
        size_t n = i % 5 == 0 ? 20000 : 1 + i;
        EXPECT_CODE(ESP_OK, esp_async_memcpy_timed(driver, to, from, n, note, (void *)i, 1000));
    }
    EXPECT_CODE(ESP_OK, esp_async_memcpy_wait(driver, 1000));
    EXPECT(order.count == NUMBERS && !order.overlapped);
    for (unsigned i = 0; i < NUMBERS; i++) {
        EXPECT(order.seen[i] == i);
    }
    uninstall(driver);
    heap_caps_free(from);
    heap_caps_free(to);
}

static void copies_see_what_those_before_them_wrote(void)
{
    async_memcpy_t driver = install(16);
    uint8_t *places = buffer(17 * 100);
    memset(places, 0, 17 * 100);
    memset(places, 0x5A, 100);
    for (int i = 0; i < 16; i++) {
        EXPECT_CODE(ESP_OK,
                    esp_async_memcpy(driver, places + (i + 1) * 100, places + i * 100, 100, NULL, NULL));
    }
    EXPECT_CODE(ESP_OK, esp_async_memcpy_wait(driver, 1000));
    for (int i = 0; i < 17 * 100; i++) {
        EXPECT(places[i] == 0x5A);
    }
    uninstall(driver);
    heap_caps_free(places);
}

static void a_thousand_copies_complete_exactly_once(void)
{
    async_memcpy_t driver = install(5);
    uint8_t *from = buffer(40);
    uint8_t *to = buffer(40);
    unsigned calls = 0;
    for (unsigned i = 0; i < 1000; i++) {
        EXPECT_CODE(ESP_OK, esp_async_memcpy_timed(driver, to, from, 1 + i % 40, count, &calls, 1000));
    }
    EXPECT_CODE(ESP_OK, esp_async_memcpy_wait(driver, 1000));
    EXPECT(calls == 1000);
    uninstall(driver);
    heap_caps_free(from);
    heap_caps_free(to);
}

static void three_drivers_do_not_disturb_each_other(void)
{
    async_memcpy_t drivers[3];
    unsigned calls[3] = {0};
    uint8_t *from = buffer(3 * 9000);
    uint8_t *to = buffer(3 * 9000);
    for (int i = 0; i < 3 * 9000; i++) {
        from[i] = (uint8_t)(i * 11 >> 3);
    }
    memset(to, 0, 3 * 9000);
    for (int i = 0; i < 3; i++) {
        drivers[i] = install(4);
    }
    for (int part = 0; part < 9; part++) {
        for (int i = 0; i < 3; i++) {
            int at = i * 9000 + part * 1000;
            EXPECT_CODE(ESP_OK,
                        esp_async_memcpy_timed(drivers[i], to + at, from + at, 1000, count, &calls[i], 1000));
        }
    }
    for (int i = 0; i < 3; i++) {
        EXPECT_CODE(ESP_OK, esp_async_memcpy_wait(drivers[i], 1000));
        EXPECT(calls[i] == 9);
        uninstall(drivers[i]);
    }
    EXPECT(memcmp(from, to, 3 * 9000) == 0);
    heap_caps_free(from);
    heap_caps_free(to);
}

/* ---- Callbacks ---- */

struct told {
    async_memcpy_t driver;
    async_memcpy_result_t result;
    BaseType_t in_isr;
};

static bool tell(async_memcpy_t driver, async_memcpy_event_t *event, void *arg)
{
    struct told *told = arg;
    told->driver = driver;
    told->result = *(const async_memcpy_result_t *)event->data;
    told->in_isr = xPortInIsrContext();
    return true;
}

static void callback_is_told_the_result_in_interrupt_context(void)
{
    async_memcpy_t driver = install(1);
    uint8_t *bytes = buffer(20);
    struct told told = {.result = {.status = ESP_FAIL}};
    EXPECT(xPortInIsrContext() == pdFALSE);
    EXPECT_CODE(ESP_OK, esp_async_memcpy(driver, bytes, bytes + 10, 10, tell, &told));
    EXPECT_CODE(ESP_OK, esp_async_memcpy_wait(driver, 1000));
    EXPECT(told.driver == driver && told.in_isr == pdTRUE && told.result.status == ESP_OK);
    EXPECT(told.result.dst == bytes && told.result.src == bytes + 10 && told.result.size == 10);
    EXPECT(xPortInIsrContext() == pdFALSE);
    uninstall(driver);
    heap_caps_free(bytes);
}

#define PIECE 1000 /* large enough that the task gets to run beside such copies */

struct chain {
    uint8_t *bytes;
    volatile unsigned left;
    unsigned deep;
    unsigned deepest;
    esp_err_t status;
};

static bool again(async_memcpy_t driver, async_memcpy_event_t *event, void *arg)
{
    (void)event;
    struct chain *chain = arg;
    chain->deep++;
    chain->deepest = chain->deep > chain->deepest ? chain->deep : chain->deepest;
    if (--chain->left != 0) {
        esp_err_t status = esp_async_memcpy(driver, chain->bytes, chain->bytes + PIECE, PIECE, again, chain);
        chain->status = status != ESP_OK ? status : chain->status;
    }
    chain->deep--;
    return false;
}

static void callback_resubmits_at_backlog_1_without_recursion(void)
{
    async_memcpy_t driver = install(1);
    struct chain chain = {.bytes = buffer(2 * PIECE), .left = 500};
    EXPECT_CODE(ESP_OK, esp_async_memcpy(driver, chain.bytes, chain.bytes + PIECE, PIECE, again, &chain));
    while (chain.left != 0) {
        EXPECT_CODE(ESP_OK, esp_async_memcpy_wait(driver, 1000));
    }
    EXPECT_CODE(ESP_OK, esp_async_memcpy_wait(driver, 1000));
    EXPECT(chain.status == ESP_OK && chain.deepest == 1);
    uninstall(driver);
    heap_caps_free(chain.bytes);
}

static void callbacks_and_task_submit_at_once(void)
{
    async_memcpy_t driver = install(4);
    struct chain chain = {.bytes = buffer(2 * PIECE), .left = 300};
    unsigned calls = 0;
    unsigned accepted = 0;
    EXPECT_CODE(ESP_OK, esp_async_memcpy(driver, chain.bytes, chain.bytes + PIECE, PIECE, again, &chain));
    while (chain.left != 0 && chain.status == ESP_OK) {
        accepted += esp_async_memcpy(driver, chain.bytes, chain.bytes + PIECE, 4, count, &calls) == ESP_OK;
    }
    EXPECT_CODE(ESP_OK, esp_async_memcpy_wait(driver, 1000));
    EXPECT(calls == accepted && accepted > 0);
    EXPECT(chain.status == ESP_OK && chain.left == 0); /* its slot is never the task's */
    uninstall(driver);
    heap_caps_free(chain.bytes);
}

static void null_callback_is_fine(void)
{
    async_memcpy_t driver = install(2);
    uint8_t *bytes = buffer(2);
    bytes[1] = 77;
    bytes[0] = 0;
    EXPECT_CODE(ESP_OK, esp_async_memcpy(driver, bytes, bytes + 1, 1, NULL, NULL));
    EXPECT_CODE(ESP_OK, esp_async_memcpy_wait(driver, 1000));
    EXPECT(bytes[0] == 77);
    uninstall(driver);
    heap_caps_free(bytes);
}

void test_queue(void)
{
    TEST(full_backlog_refuses_and_changes_nothing);
    TEST(backlog_counts_copies_and_not_bytes);
    TEST(copies_complete_in_order_whatever_their_size);
    TEST(copies_see_what_those_before_them_wrote);
    TEST(a_thousand_copies_complete_exactly_once);
    TEST(three_drivers_do_not_disturb_each_other);
    TEST(callback_is_told_the_result_in_interrupt_context);
    TEST(callback_resubmits_at_backlog_1_without_recursion);
    TEST(callbacks_and_task_submit_at_once);
    TEST(null_callback_is_fine);
}
