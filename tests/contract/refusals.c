/* SPDX-License-Identifier: Apache-2.0 */
/* What esp_async_memcpy() refuses: at once, with a code and a line in the log, and nothing has changed. */
#include "esp_log.h"
#include "group.h"

static struct record record;

/* The copy is refused with these words, its callback never runs, and the next copy works. */
static void assert_copy_refused(async_memcpy_t driver, void *dst, void *src, size_t n, const char *words)
{
    atomic_store(&record.calls, 0);
    assert_refused(esp_async_memcpy(driver, dst, src, n, record_completion, &record), ESP_ERR_INVALID_ARG,
                   words);
    if (driver != NULL) {
        assert_ok(esp_async_memcpy_wait(driver, -1));
    }
    assert_int_equal(atomic_load(&record.calls), 0);
}

static void copy_refuses_null_arguments(void **state)
{
    (void)state;
    async_memcpy_t driver = install(1);
    struct areas areas;
    areas_open(&areas, 16);
    assert_copy_refused(NULL, areas.oracle.dst, areas.oracle.src, 16, "handle (nil)");
    assert_copy_refused(driver, NULL, areas.oracle.src, 16, "dst (nil)");
    assert_copy_refused(driver, areas.oracle.dst, NULL, 16, "src (nil)");
    areas_check_untouched(&areas);
    copy_and_check(driver, &areas, 0, 0, 16);
    areas_close(&areas);
    uninstall(driver);
}

static void copy_refuses_size_0(void **state)
{
    (void)state;
    async_memcpy_t driver = install(1);
    struct areas areas;
    areas_open(&areas, 16);
    assert_copy_refused(driver, areas.oracle.dst, areas.oracle.src, 0, "n 0");
    areas_check_untouched(&areas);
    copy_and_check(driver, &areas, 0, 0, 16);
    areas_close(&areas);
    uninstall(driver);
}

/* Every distance at which windows of n bytes overlap, in both directions, and the first at which they do not.
 */
static void copy_refuses_every_overlap_but_the_same_place(void **state)
{
    (void)state;
    async_memcpy_t driver = install(1);
    struct areas areas;
    const size_t n = 100;
    areas_open(&areas, 2 * n);
    unsigned char *low = areas.oracle.src;
    for (size_t distance = 1; distance < n; distance++) {
        assert_copy_refused(driver, low + distance, low, n, "overlap");
        assert_copy_refused(driver, low, low + distance, n, "overlap");
    }
    assert_copy_refused(driver, low + 1, low, 2, "overlap");
    areas_check_untouched(&areas);
    assert_ok(esp_async_memcpy(driver, low + n, low, n, NULL, NULL));
    assert_ok(esp_async_memcpy_wait(driver, -1));
    assert_memory_equal(low + n, low, n);
    assert_ok(esp_async_memcpy(driver, low, low + n, n, NULL, NULL));
    assert_ok(esp_async_memcpy_wait(driver, -1));
    areas_close(&areas);
    uninstall(driver);
}

static void copy_refuses_windows_beyond_the_last_address(void **state)
{
    (void)state;
    async_memcpy_t driver = install(1);
    struct areas areas;
    areas_open(&areas, 16);
    unsigned char *dst = areas.oracle.dst;
    unsigned char *src = areas.oracle.src;
    for (uintptr_t back = 0; back < 8; back++) {
        void *end = (void *)(UINTPTR_MAX - back); /* back + 1 bytes are left there */
        assert_copy_refused(driver, end, src, back + 2, "reaches");
        assert_copy_refused(driver, dst, end, back + 2, "reaches");
    }
    assert_copy_refused(driver, dst, src, SIZE_MAX, "reaches");
    assert_copy_refused(driver, dst, dst, SIZE_MAX, "reaches");
    areas_check_untouched(&areas);
    copy_and_check(driver, &areas, 0, 0, 16);
    areas_close(&areas);
    uninstall(driver);
}

static void refusals_are_silenced_by_the_usual_call(void **state)
{
    (void)state;
    async_memcpy_t driver = NULL;
    esp_log_level_set("async_memcpy", ESP_LOG_NONE);
    assert_mute(row.install(NULL, &driver), ESP_ERR_INVALID_ARG);
    assert_mute(esp_async_memcpy(NULL, NULL, NULL, 0, NULL, NULL), ESP_ERR_INVALID_ARG);
    esp_log_level_set("async_memcpy", ESP_LOG_ERROR);
    assert_refused(esp_async_memcpy(NULL, NULL, NULL, 0, NULL, NULL), ESP_ERR_INVALID_ARG, "copy");
}

GROUP(refusals, cmocka_unit_test(copy_refuses_null_arguments), cmocka_unit_test(copy_refuses_size_0),
      cmocka_unit_test(copy_refuses_every_overlap_but_the_same_place),
      cmocka_unit_test(copy_refuses_windows_beyond_the_last_address),
      cmocka_unit_test(refusals_are_silenced_by_the_usual_call));
