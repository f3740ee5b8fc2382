/* SPDX-License-Identifier: Apache-2.0 */
/* Several copies accepted as one, with interrupts that submit in the middle. */
#include <string.h>
#include "esp_heap_caps.h"
#include "freertos/FreeRTOS.h"
#include "selftest.h"

#define MOST 16

static void fill(async_memcpy_copy_t *copies, unsigned count, uint8_t *to, uint8_t *from,
                 async_memcpy_isr_cb_t callback, void *arg)
{
    for (unsigned i = 0; i < count; i++) {
        copies[i] = (async_memcpy_copy_t){to + 100 * i, from + 100 * i, 100, callback, arg};
    }
}

static void batches_of_every_size_are_copied_exactly(void)
{
    async_memcpy_t driver = install(MOST);
    async_memcpy_copy_t copies[MOST];
    uint8_t *from = buffer(100 * MOST);
    uint8_t *to = buffer(100 * MOST);
    for (unsigned n = 1; n <= MOST; n++) {
        unsigned calls = 0;
        memset(from, (int)n, 100 * MOST);
        memset(to, 0xEE, 100 * MOST);
        fill(copies, n, to, from, count, &calls);
        EXPECT_CODE(ESP_OK, esp_async_memcpy_batch(driver, copies, n));
        EXPECT_CODE(ESP_OK, esp_async_memcpy_wait(driver, 1000));
        EXPECT(calls == n && memcmp(to, from, 100 * n) == 0);
        EXPECT(n == MOST || (to[100 * n] == 0xEE && to[100 * MOST - 1] == 0xEE));
    }
    uninstall(driver);
    heap_caps_free(from);
    heap_caps_free(to);
}

static void batch_is_accepted_whole_or_not_at_all(void)
{
    async_memcpy_copy_t copies[MOST];
    uint8_t *from = buffer(100 * MOST);
    uint8_t *to = buffer(100 * MOST);
    for (unsigned used = 0; used <= 6; used++) {
        for (unsigned n = 1; n <= 6; n++) {
            async_memcpy_t driver = install(6);
            unsigned calls = 0;
            bool fits = used + n <= 6;
            fill(copies, MOST, to, from, count, &calls);
            hold();
            for (unsigned i = 0; i < used; i++) {
                EXPECT_CODE(ESP_OK, esp_async_memcpy(driver, to, from, 1, count, &calls));
            }
            EXPECT_CODE(fits ? ESP_OK : ESP_FAIL, esp_async_memcpy_batch(driver, copies, n));
            release();
            EXPECT_CODE(ESP_OK, esp_async_memcpy_wait(driver, 1000));
            EXPECT(calls == (fits ? used + n : used));
            uninstall(driver);
        }
    }
    heap_caps_free(from);
    heap_caps_free(to);
}

static void batch_is_refused_for_any_of_its_copies(void)
{
    async_memcpy_t driver = install(MOST);
    async_memcpy_copy_t copies[MOST];
    uint8_t *from = buffer(100 * MOST);
    uint8_t *to = buffer(100 * MOST);
    unsigned calls = 0;
    for (unsigned i = 0; i < MOST; i++) {
        fill(copies, MOST, to, from, count, &calls);
        copies[i].n = 0;
        EXPECT_CODE(ESP_ERR_INVALID_ARG, esp_async_memcpy_batch(driver, copies, MOST));
        copies[i].n = 100;
        copies[i].dst = (uint8_t *)copies[i].src + 99;
        EXPECT_CODE(ESP_ERR_INVALID_ARG, esp_async_memcpy_batch(driver, copies, MOST));
        copies[i].dst = (void *)0x42000000;
        EXPECT_CODE(ESP_ERR_INVALID_ARG, esp_async_memcpy_batch(driver, copies, MOST));
    }
    fill(copies, MOST, to, from, count, &calls);
    EXPECT_CODE(ESP_ERR_INVALID_ARG, esp_async_memcpy_batch(NULL, copies, MOST));
    EXPECT_CODE(ESP_ERR_INVALID_ARG, esp_async_memcpy_batch(driver, NULL, MOST));
    EXPECT_CODE(ESP_ERR_INVALID_ARG, esp_async_memcpy_batch(driver, copies, 0));
    EXPECT_CODE(ESP_ERR_INVALID_ARG, esp_async_memcpy_batch(driver, copies, MOST + 1));
    EXPECT_CODE(ESP_OK, esp_async_memcpy_wait(driver, 1000));
    EXPECT(calls == 0);
    uninstall(driver);
    heap_caps_free(from);
    heap_caps_free(to);
}

/* ---- From task and interrupts at once ---- */

#define TOGETHER 3
#define PIECE    500 /* large enough that the task gets to run beside the callbacks' copies */

enum who { TASK, CALLBACK, WHO };

static struct {
    async_memcpy_copy_t copies[WHO][TOGETHER];
    volatile unsigned batches[WHO]; /* accepted; written by the task, and by callbacks */
    volatile bool running;          /* a batch whose callback begins the next is in flight */
    volatile unsigned copied;
    volatile int left; /* batches to come from callbacks */
    unsigned due;      /* number of the copy that comes next within a batch; 0: any batch's first */
    bool torn;
} both;

static bool march(async_memcpy_t driver, async_memcpy_event_t *event, void *arg)
{
    (void)event;
    unsigned number = (unsigned)(uintptr_t)arg;
    bool first = number % TOGETHER == 0;
    bool last = number % TOGETHER == TOGETHER - 1;
    both.copied++;
    both.torn |= first ? both.due != 0 : both.due != number;
    both.due = last ? 0 : number + 1;
    if (number == WHO * TOGETHER - 1 && both.left > 0) {
        both.left--;
        both.running = esp_async_memcpy_batch(driver, both.copies[CALLBACK], TOGETHER) == ESP_OK;
        both.batches[CALLBACK] += both.running;
    }
    return false;
}

/* The task's batches, one behind the other, and now and then one from which callbacks go on. */
static unsigned submit_beside_callbacks(async_memcpy_t driver)
{
    unsigned begun = 0;
    while (both.left > 0) {
        if (esp_async_memcpy_batch(driver, both.copies[TASK], TOGETHER) == ESP_OK) {
            both.batches[TASK]++;
        }
        if (!both.running) {
            both.running = true;
            if (esp_async_memcpy_batch(driver, both.copies[CALLBACK], TOGETHER) == ESP_OK) {
                begun++;
            } else {
                both.running = false;
            }
        }
    }
    return begun;
}

static void batches_of_task_and_callbacks_stay_whole(void)
{
    async_memcpy_t driver = install(4 * TOGETHER);
    uint8_t *bytes = buffer(2 * PIECE);
    memset(&both, 0, sizeof both);
    for (unsigned number = 0; number < WHO * TOGETHER; number++) {
        both.copies[number / TOGETHER][number % TOGETHER] = (async_memcpy_copy_t){
            bytes, bytes + PIECE, number < TOGETHER ? number + 1 : PIECE, march, (void *)(uintptr_t)number};
    }
    both.left = 500;
    unsigned begun = submit_beside_callbacks(driver);
    EXPECT_CODE(ESP_OK, esp_async_memcpy_wait(driver, 1000)); /* for the last that a callback has begun */
    EXPECT_CODE(ESP_OK, esp_async_memcpy_wait(driver, 1000));
    EXPECT(!both.torn && both.due == 0);
    EXPECT(both.copied == (both.batches[TASK] + both.batches[CALLBACK] + begun) * TOGETHER);
    EXPECT(both.batches[TASK] > 50 && both.batches[CALLBACK] > 50);
    uninstall(driver);
    heap_caps_free(bytes);
}

void test_batch(void)
{
    TEST(batches_of_every_size_are_copied_exactly);
    TEST(batch_is_accepted_whole_or_not_at_all);
    TEST(batch_is_refused_for_any_of_its_copies);
    TEST(batches_of_task_and_callbacks_stay_whole);
}
