/* SPDX-License-Identifier: Apache-2.0 */
/* Uninstall: what it waits for, what it refuses, and who meets it half-way. */
#include <string.h>

#include "group.h"

static void uninstall_refuses_null(void **state)
{
    (void)state;
    assert_refused(esp_async_memcpy_uninstall(NULL), ESP_ERR_INVALID_ARG, "uninstall", "NULL");
}

struct leaver {
    async_memcpy_t driver;
    esp_err_t status;
    struct thread thread;
};

static void leave(void *argument)
{
    struct leaver *leaver = argument;
    leaver->status = esp_async_memcpy_uninstall(leaver->driver);
}

/* Begin to uninstall in a thread of its own; it has begun when it sleeps, as copies are held. */
static void start_leaving(struct leaver *leaver, async_memcpy_t driver)
{
    *leaver = (struct leaver){.driver = driver};
    thread_start(&leaver->thread, leave, leaver);
    thread_await_sleep(&leaver->thread);
}

static void end_leaving(struct leaver *leaver)
{
    row.release();
    thread_join(&leaver->thread);
    assert_ok(leaver->status);
}

static void uninstall_waits_for_a_full_backlog(void **state)
{
    (void)state;
    if (row.hold == NULL) {
        skip();
    }
    enum { BACKLOG = 16 };
    struct areas areas[BACKLOG];
    struct record records[BACKLOG];
    async_memcpy_t driver = install(BACKLOG);
    struct leaver leaver;
    row.hold(driver);
    for (unsigned i = 0; i < BACKLOG; i++) {
        areas_open(&areas[i], 1000 + i);
        records[i] = (struct record){.calls = 0};
        assert_ok(submit(driver, &areas[i], &records[i]));
    }
    start_leaving(&leaver, driver);
    assert_int_equal(atomic_load(&records[0].calls), 0);
    end_leaving(&leaver);
    for (unsigned i = 0; i < BACKLOG; i++) {
        assert_int_equal(atomic_load(&records[i].calls), 1);
        areas_check(&areas[i]);
        areas_close(&areas[i]);
    }
}

/* Without holding: uninstall right after the last of many submissions. */
static void uninstall_right_after_submitting_loses_nothing(void **state)
{
    (void)state;
    struct areas areas;
    areas_open(&areas, 300);
    for (unsigned long round = 0; round < times(2000, 300); round++) {
        struct record records[8];
        async_memcpy_t driver = install(8);
        for (unsigned i = 0; i < 8; i++) {
            records[i] = (struct record){.calls = 0};
            assert_ok(submit(driver, &areas, &records[i]));
        }
        uninstall(driver);
        for (unsigned i = 0; i < 8; i++) {
            assert_int_equal(atomic_load(&records[i].calls), 1);
        }
    }
    areas_check(&areas);
    areas_close(&areas);
}

static void every_call_fails_once_uninstall_has_begun(void **state)
{
    (void)state;
    static const char closing[] = "is being uninstalled";
    if (row.hold == NULL) {
        skip();
    }
    async_memcpy_t driver = install(4);
    struct areas areas, refused;
    struct record record = {.calls = 0};
    struct leaver leaver;
    esp_etm_event_handle_t event = NULL;
    areas_open(&areas, 64);
    areas_open(&refused, 64);
    row.hold(driver);
    assert_ok(submit(driver, &areas, NULL));
    start_leaving(&leaver, driver);
    const struct oracle *oracle = &refused.oracle;
    const async_memcpy_copy_t copy = {oracle->dst, oracle->src, 64, record_completion, &record};
    assert_refused(submit(driver, &refused, &record), ESP_FAIL, "copy: ", closing);
    assert_refused(esp_async_memcpy_batch(driver, &copy, 1), ESP_FAIL, "batch: ", closing);
    assert_refused(esp_async_memcpy_timed(driver, oracle->dst, oracle->src, 64, NULL, NULL, -1), ESP_FAIL,
                   "copy: ", closing);
    assert_refused(esp_memcpy_blocking(driver, oracle->dst, oracle->src, 64, -1), ESP_FAIL,
                   "copy: ", closing);
    assert_refused(esp_async_memcpy_wait(driver, -1), ESP_FAIL, "wait: ", closing);
    if (row.count_begin != NULL) {
        assert_refused(esp_async_memcpy_new_etm_event(driver, ASYNC_MEMCPY_ETM_EVENT_COPY_DONE, &event),
                       ESP_FAIL, "event: ", closing);
        assert_null(event);
    }
    end_leaving(&leaver);
    assert_int_equal(atomic_load(&record.calls), 0);
    areas_check(&areas);
    areas_check_untouched(&refused);
    areas_close(&areas);
    areas_close(&refused);
}

static void second_uninstall_is_refused_while_the_first_drains(void **state)
{
    (void)state;
    if (row.hold == NULL) {
        skip();
    }
    async_memcpy_t driver = install(4);
    struct areas areas;
    struct leaver leaver;
    areas_open(&areas, 64);
    row.hold(driver);
    assert_ok(submit(driver, &areas, NULL));
    start_leaving(&leaver, driver);
    assert_refused(esp_async_memcpy_uninstall(driver), ESP_FAIL, "another task is uninstalling");
    end_leaving(&leaver);
    areas_check(&areas);
    areas_close(&areas);
}

/* ---- From a callback ---- */

static bool leave_from_callback(async_memcpy_t driver, async_memcpy_event_t *event, void *argument)
{
    (void)event;
    *(esp_err_t *)argument = esp_async_memcpy_uninstall(driver);
    return false;
}

static void uninstall_from_a_callback_fails_and_harms_nothing(void **state)
{
    (void)state;
    async_memcpy_t driver = install(2);
    struct areas areas;
    esp_err_t status = ESP_OK;
    areas_open(&areas, 500);
    log_capture_begin();
    assert_ok(esp_async_memcpy(driver, areas.oracle.dst, areas.oracle.src, 1, leave_from_callback, &status));
    assert_ok(esp_async_memcpy_wait(driver, -1));
    log_capture_end();
    assert_code(status, ESP_FAIL);
    assert_string_equal(log_captured(), "");
    copy_and_check(driver, &areas, 7, 9, 500);
    areas_close(&areas);
    uninstall(driver);
}

/* ---- Callbacks that submit again and again ---- */

struct loop {
    struct areas *areas;
    unsigned long turns;
    esp_err_t last;
};

static bool go_round(async_memcpy_t driver, async_memcpy_event_t *event, void *argument)
{
    (void)event;
    struct loop *loop = argument;
    const struct oracle *oracle = &loop->areas->oracle;
    loop->turns++;
    loop->last = esp_async_memcpy(driver, oracle->dst, oracle->src, oracle->n, go_round, loop);
    return false;
}

static void uninstall_ends_copies_that_submit_themselves(void **state)
{
    (void)state;
    enum { LOOPS = 4 };
    struct areas areas;
    areas_open(&areas, 40);
    log_capture_begin();
    for (unsigned long round = 0; round < times(500, 50); round++) {
        struct loop loops[LOOPS];
        async_memcpy_t driver = install(LOOPS);
        for (unsigned i = 0; i < LOOPS; i++) {
            loops[i] = (struct loop){.areas = &areas};
            assert_ok(esp_async_memcpy(driver, areas.oracle.dst, areas.oracle.src, 40, go_round, &loops[i]));
        }
        if (round % 2 == 0) {
            sleep_ms(1);
        }
        uninstall(driver);
        for (unsigned i = 0; i < LOOPS; i++) {
            assert_true(loops[i].turns >= 1);
            assert_code(loops[i].last, ESP_FAIL);
        }
    }
    log_capture_end();
    assert_string_equal(log_captured(), ""); /* they were refused in interrupt context */
    areas_check(&areas);
    areas_close(&areas);
}

/* ---- Those who wait when it begins ---- */

enum waiting { FOR_COPIES, FOR_SLOT, FOR_BLOCKING };

struct bystander {
    enum waiting what;
    async_memcpy_t driver;
    struct areas areas;
    struct record record;
    esp_err_t status;
    struct thread thread;
};

static void stand_by(void *argument)
{
    struct bystander *by = argument;
    const struct oracle *oracle = &by->areas.oracle;
    switch (by->what) {
    case FOR_COPIES:
        by->status = esp_async_memcpy_wait(by->driver, -1);
        break;
    case FOR_SLOT:
        by->status = esp_async_memcpy_timed(by->driver, oracle->dst, oracle->src, oracle->n,
                                            record_completion, &by->record, -1);
        break;
    default:
        by->status = esp_memcpy_blocking(by->driver, oracle->dst, oracle->src, oracle->n, 60000);
    }
}

static void start_standing_by(struct bystander *by, enum waiting what, async_memcpy_t driver)
{
    *by = (struct bystander){.what = what, .driver = driver};
    areas_open(&by->areas, 64);
    thread_start(&by->thread, stand_by, by);
    thread_await_sleep(&by->thread);
}

/* Waits for copies that were accepted before: uninstall lets them end. */
static void waits_begun_before_uninstall_end_well(void **state)
{
    (void)state;
    if (row.hold == NULL) {
        skip();
    }
    for (unsigned long round = 0; round < times(50, 10); round++) {
        struct bystander waits, blocks;
        struct areas areas;
        struct leaver leaver;
        async_memcpy_t driver = install(4);
        areas_open(&areas, 64);
        row.hold(driver);
        assert_ok(submit(driver, &areas, NULL));
        start_standing_by(&waits, FOR_COPIES, driver);
        start_standing_by(&blocks, FOR_BLOCKING, driver);
        start_leaving(&leaver, driver);
        end_leaving(&leaver);
        thread_join(&waits.thread);
        thread_join(&blocks.thread);
        assert_ok(waits.status);
        assert_ok(blocks.status);
        areas_check(&blocks.areas);
        areas_check(&areas);
        areas_close(&waits.areas);
        areas_close(&blocks.areas);
        areas_close(&areas);
    }
}

/* Nobody gets a slot any more, so nobody waits for one, not even until the copies in flight have ended. */
static void those_who_wait_for_a_slot_fail_when_uninstall_begins(void **state)
{
    (void)state;
    if (row.hold == NULL) {
        skip();
    }
    struct bystander timed, blocks;
    struct areas areas;
    struct leaver leaver;
    async_memcpy_t driver = install(1);
    areas_open(&areas, 64);
    row.hold(driver);
    assert_ok(submit(driver, &areas, NULL));
    start_standing_by(&timed, FOR_SLOT, driver);
    start_standing_by(&blocks, FOR_BLOCKING, driver);
    log_capture_begin();
    start_leaving(&leaver, driver);
    thread_join(&timed.thread);
    thread_join(&blocks.thread);
    log_capture_end();
    assert_non_null(strstr(log_captured(), "is being uninstalled"));
    assert_code(timed.status, ESP_FAIL);
    assert_code(blocks.status, ESP_FAIL);
    end_leaving(&leaver);
    assert_int_equal(atomic_load(&timed.record.calls), 0);
    areas_check(&areas);
    areas_check_untouched(&timed.areas);
    areas_check_untouched(&blocks.areas);
    areas_close(&timed.areas);
    areas_close(&blocks.areas);
    areas_close(&areas);
}

GROUP(uninstalling, cmocka_unit_test(uninstall_refuses_null),
      cmocka_unit_test(uninstall_waits_for_a_full_backlog),
      cmocka_unit_test(uninstall_right_after_submitting_loses_nothing),
      cmocka_unit_test(every_call_fails_once_uninstall_has_begun),
      cmocka_unit_test(second_uninstall_is_refused_while_the_first_drains),
      cmocka_unit_test(uninstall_from_a_callback_fails_and_harms_nothing),
      cmocka_unit_test(uninstall_ends_copies_that_submit_themselves),
      cmocka_unit_test(waits_begun_before_uninstall_end_well),
      cmocka_unit_test(those_who_wait_for_a_slot_fail_when_uninstall_begins));
