/* SPDX-License-Identifier: Apache-2.0 */
/* ETM events of copies. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "faults.h"
#include "group.h"

static esp_etm_event_handle_t new_event(async_memcpy_t driver)
{
    esp_etm_event_handle_t event = NULL;
    assert_ok(esp_async_memcpy_new_etm_event(driver, ASYNC_MEMCPY_ETM_EVENT_COPY_DONE, &event));
    assert_non_null(event);
    return event;
}

static void event_refuses_bad_arguments(void **state)
{
    (void)state;
    async_memcpy_t driver = install(1);
    esp_etm_event_handle_t untouched = (esp_etm_event_handle_t)&driver;
    esp_etm_event_handle_t event = untouched;
    const async_memcpy_etm_event_t done = ASYNC_MEMCPY_ETM_EVENT_COPY_DONE;
    assert_refused(esp_async_memcpy_new_etm_event(NULL, done, &event), ESP_ERR_INVALID_ARG, "handle (nil)");
    assert_refused(esp_async_memcpy_new_etm_event(driver, done, NULL), ESP_ERR_INVALID_ARG,
                   "out_event (nil)");
    assert_refused(esp_async_memcpy_new_etm_event(driver, (async_memcpy_etm_event_t)(done + 1), &event),
                   ESP_ERR_NOT_SUPPORTED, row.count_begin != NULL ? "only" : "no events");
    assert_ptr_equal(event, untouched);
    uninstall(driver);
}

static void event_comes_once_per_copy_of_any_size(void **state)
{
    (void)state;
    if (row.count_begin == NULL) {
        skip();
    }
    async_memcpy_t driver = install(4);
    esp_etm_event_handle_t event = new_event(driver);
    struct areas areas;
    const size_t sizes[] = {1, 4, 4095, 4096, 12345, 70000};
    areas_open(&areas, row.max_size < 70000 ? row.max_size : 70000);
    row.count_begin(0, event);
    for (unsigned i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        copy_and_check(driver, &areas, 0, 0, sizes[i] < row.max_size ? sizes[i] : row.max_size);
        assert_int_equal(row.count(0), i + 1);
    }
    row.count_end(0);
    assert_ok(esp_etm_del_event(event));
    areas_close(&areas);
    uninstall(driver);
}

static void event_comes_with_and_without_a_callback(void **state)
{
    (void)state;
    if (row.count_begin == NULL) {
        skip();
    }
    async_memcpy_t driver = install(4);
    esp_etm_event_handle_t event = new_event(driver);
    struct areas areas;
    struct record record = {.calls = 0};
    areas_open(&areas, 64);
    row.count_begin(0, event);
    for (unsigned i = 0; i < 100; i++) {
        assert_ok(submit(driver, &areas, i % 2 == 0 ? &record : NULL));
        assert_ok(esp_memcpy_blocking(driver, areas.oracle.dst, areas.oracle.src, 64, -1));
    }
    assert_ok(esp_async_memcpy_wait(driver, -1));
    assert_int_equal(row.count(0), 200);
    assert_int_equal(atomic_load(&record.calls), 50);
    row.count_end(0);
    assert_ok(esp_etm_del_event(event));
    areas_close(&areas);
    uninstall(driver);
}

static void event_comes_once_per_copy_of_a_batch(void **state)
{
    (void)state;
    if (row.count_begin == NULL) {
        skip();
    }
    async_memcpy_t driver = install(8);
    esp_etm_event_handle_t event = new_event(driver);
    struct areas areas;
    areas_open(&areas, 64);
    async_memcpy_copy_t copies[8];
    for (unsigned i = 0; i < 8; i++) {
        copies[i] = (async_memcpy_copy_t){areas.oracle.dst, areas.oracle.src, 64 - i, NULL, NULL};
    }
    row.count_begin(0, event);
    for (unsigned i = 1; i <= 100; i++) {
        assert_ok(esp_async_memcpy_batch(driver, copies, 1 + i % 8));
        assert_ok(esp_async_memcpy_wait(driver, -1));
    }
    assert_int_equal(row.count(0), 12 * 36 + 2 + 3 + 4 + 5);
    copies[2].n = 0;
    log_capture_begin();
    assert_code(esp_async_memcpy_batch(driver, copies, 8), ESP_ERR_INVALID_ARG);
    log_capture_end();
    assert_ok(esp_async_memcpy_wait(driver, -1));
    assert_int_equal(row.count(0), 12 * 36 + 2 + 3 + 4 + 5); /* a batch that was refused raises none */
    row.count_end(0);
    assert_ok(esp_etm_del_event(event));
    areas_close(&areas);
    uninstall(driver);
}

/* ---- Before the callback ---- */

struct follow {
    unsigned long calls;
    unsigned long too_early;
};

static bool follow_event(async_memcpy_t driver, async_memcpy_event_t *event, void *argument)
{
    (void)driver, (void)event;
    struct follow *follow = argument;
    follow->too_early += row.count(0) < ++follow->calls;
    return false;
}

static void event_comes_before_the_callback(void **state)
{
    (void)state;
    if (row.count_begin == NULL) {
        skip();
    }
    const unsigned long copies = times(1000, 200);
    async_memcpy_t driver = install(4);
    esp_etm_event_handle_t event = new_event(driver);
    struct areas areas;
    struct follow follow = {0};
    areas_open(&areas, 64);
    row.count_begin(0, event);
    for (unsigned long i = 0; i < copies; i++) {
        assert_ok(esp_async_memcpy_timed(driver, areas.oracle.dst, areas.oracle.src, 64, follow_event,
                                         &follow, -1));
    }
    assert_ok(esp_async_memcpy_wait(driver, -1));
    assert_int_equal(follow.calls, copies);
    assert_int_equal(follow.too_early, 0);
    assert_int_equal(row.count(0), copies);
    row.count_end(0);
    assert_ok(esp_etm_del_event(event));
    areas_close(&areas);
    uninstall(driver);
}

/* ---- Several listeners, and an end ---- */

static void events_reach_every_counter(void **state)
{
    (void)state;
    if (row.count_begin == NULL) {
        skip();
    }
    async_memcpy_t driver = install(4);
    esp_etm_event_handle_t events[2] = {new_event(driver), new_event(driver)};
    struct areas areas;
    areas_open(&areas, 64);
    for (unsigned i = 0; i < ROW_COUNTERS; i++) {
        row.count_begin(i, events[i % 2]);
        copy_and_check(driver, &areas, 0, 0, 64);
    }
    for (unsigned i = 0; i < ROW_COUNTERS; i++) {
        assert_int_equal(row.count(i), ROW_COUNTERS - i);
        row.count_end(i);
    }
    assert_ok(esp_etm_del_event(events[0]));
    copy_and_check(driver, &areas, 0, 0, 64);
    assert_ok(esp_etm_del_event(events[1]));
    copy_and_check(driver, &areas, 0, 0, 64);
    areas_close(&areas);
    uninstall(driver);
}

static void refused_copies_raise_no_event(void **state)
{
    (void)state;
    if (row.count_begin == NULL || row.hold == NULL) {
        skip();
    }
    async_memcpy_t driver = install(1);
    esp_etm_event_handle_t event = new_event(driver);
    struct areas areas;
    areas_open(&areas, 64);
    row.hold(driver);
    row.count_begin(0, event);
    assert_ok(submit(driver, &areas, NULL));
    assert_code(submit(driver, &areas, NULL), ESP_FAIL);
    assert_refused(esp_async_memcpy(driver, NULL, areas.oracle.src, 1, NULL, NULL), ESP_ERR_INVALID_ARG,
                   "dst");
    row.release();
    assert_ok(esp_async_memcpy_wait(driver, -1));
    assert_int_equal(row.count(0), 1);
    row.count_end(0);
    assert_ok(esp_etm_del_event(event));
    areas_close(&areas);
    uninstall(driver);
}

static bool dump_has(const char *word)
{
    char *text = NULL;
    size_t size = 0;
    FILE *stream = open_memstream(&text, &size);
    assert_non_null(stream);
    assert_ok(esp_etm_dump(stream));
    assert_int_equal(fclose(stream), 0);
    bool found = strstr(text, word) != NULL;
    free(text);
    return found;
}

static void event_outlives_its_driver_inert_and_can_be_deleted(void **state)
{
    (void)state;
    if (row.count_begin == NULL) {
        skip();
    }
    async_memcpy_t driver = install(1);
    esp_etm_event_handle_t event = new_event(driver);
    struct areas areas;
    areas_open(&areas, 64);
    row.count_begin(0, event);
    assert_ok(submit(driver, &areas, NULL));
    assert_false(dump_has("inert"));
    uninstall(driver);
    assert_int_equal(row.count(0), 1);
    /* Hardware shows no such thing. */
    assert_true(dump_has("inert") || !row.function_tasks);
    async_memcpy_t next = install(1); /* most likely at the same place in memory */
    row.count_begin(1, event);
    copy_and_check(next, &areas, 0, 0, 64);
    assert_int_equal(row.count(0), 1);
    assert_int_equal(row.count(1), 0);
    row.count_end(0);
    row.count_end(1);
    assert_ok(esp_etm_del_event(event));
    areas_close(&areas);
    uninstall(next);
}

static void event_without_memory_is_refused(void **state)
{
    (void)state;
    if (row.count_begin == NULL) {
        skip();
    }
    async_memcpy_t driver = install(1);
    esp_etm_event_handle_t untouched = (esp_etm_event_handle_t)&driver;
    esp_etm_event_handle_t event = untouched;
    long before = faults_live_blocks();
    faults_fail_alloc(1);
    assert_refused(esp_async_memcpy_new_etm_event(driver, ASYNC_MEMCPY_ETM_EVENT_COPY_DONE, &event),
                   ESP_ERR_NO_MEM, "memory");
    assert_true(faults_alloc_failed());
    assert_int_equal(faults_live_blocks(), before);
    assert_ptr_equal(event, untouched);
    uninstall(driver);
}

GROUP(etm, cmocka_unit_test(event_refuses_bad_arguments),
      cmocka_unit_test(event_comes_once_per_copy_of_any_size),
      cmocka_unit_test(event_comes_with_and_without_a_callback),
      cmocka_unit_test(event_comes_once_per_copy_of_a_batch),
      cmocka_unit_test(event_comes_before_the_callback), cmocka_unit_test(events_reach_every_counter),
      cmocka_unit_test(refused_copies_raise_no_event),
      cmocka_unit_test(event_outlives_its_driver_inert_and_can_be_deleted),
      cmocka_unit_test(event_without_memory_is_refused));
