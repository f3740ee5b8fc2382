/* SPDX-License-Identifier: Apache-2.0 */
/* esp_memcpy_blocking() and esp_async_memcpy_timed(). */
#include "group.h"

static esp_err_t copy_blocking(async_memcpy_t driver, const struct areas *areas, int32_t timeout_ms)
{
    return esp_memcpy_blocking(driver, areas->oracle.dst, areas->oracle.src, areas->oracle.n, timeout_ms);
}

static esp_err_t copy_timed(async_memcpy_t driver, const struct areas *areas, struct record *record,
                            int32_t timeout_ms)
{
    return esp_async_memcpy_timed(driver, areas->oracle.dst, areas->oracle.src, areas->oracle.n,
                                  record != NULL ? record_completion : NULL, record, timeout_ms);
}

static void blocking_refuses_bad_arguments(void **state)
{
    (void)state;
    async_memcpy_t driver = install(1);
    struct areas areas;
    areas_open(&areas, 100);
    unsigned char *dst = areas.oracle.dst;
    unsigned char *src = areas.oracle.src;
    assert_refused(copy_blocking(driver, &areas, -2), ESP_ERR_INVALID_ARG, "timeout_ms");
    assert_refused(copy_blocking(driver, &areas, INT32_MIN), ESP_ERR_INVALID_ARG, "timeout_ms");
    assert_refused(esp_memcpy_blocking(NULL, dst, src, 1, -1), ESP_ERR_INVALID_ARG, "handle");
    assert_refused(esp_memcpy_blocking(driver, NULL, src, 1, -1), ESP_ERR_INVALID_ARG, "dst");
    assert_refused(esp_memcpy_blocking(driver, dst, NULL, 1, -1), ESP_ERR_INVALID_ARG, "src");
    assert_refused(esp_memcpy_blocking(driver, dst, src, 0, -1), ESP_ERR_INVALID_ARG, "n 0");
    assert_refused(esp_memcpy_blocking(driver, src + 1, src, 9, -1), ESP_ERR_INVALID_ARG, "overlap");
    areas_check_untouched(&areas);
    areas_close(&areas);
    uninstall(driver);
}

static void timed_refuses_bad_arguments(void **state)
{
    (void)state;
    async_memcpy_t driver = install(1);
    struct areas areas;
    struct record record = {.calls = 0};
    areas_open(&areas, 100);
    unsigned char *dst = areas.oracle.dst;
    unsigned char *src = areas.oracle.src;
    assert_refused(copy_timed(driver, &areas, &record, -2), ESP_ERR_INVALID_ARG, "timeout_ms");
    assert_refused(copy_timed(NULL, &areas, &record, -1), ESP_ERR_INVALID_ARG, "handle");
    assert_refused(esp_async_memcpy_timed(driver, NULL, src, 1, record_completion, &record, 0),
                   ESP_ERR_INVALID_ARG, "dst");
    assert_refused(esp_async_memcpy_timed(driver, dst, NULL, 1, record_completion, &record, 0),
                   ESP_ERR_INVALID_ARG, "src");
    assert_refused(esp_async_memcpy_timed(driver, dst, src, 0, record_completion, &record, 0),
                   ESP_ERR_INVALID_ARG, "n 0");
    assert_refused(esp_async_memcpy_timed(driver, src + 1, src, 9, record_completion, &record, 0),
                   ESP_ERR_INVALID_ARG, "overlap");
    assert_ok(esp_async_memcpy_wait(driver, -1));
    assert_int_equal(atomic_load(&record.calls), 0);
    areas_check_untouched(&areas);
    areas_close(&areas);
    uninstall(driver);
}

static void blocking_has_copied_when_it_returns(void **state)
{
    (void)state;
    async_memcpy_t driver = install(1);
    struct areas areas;
    areas_open(&areas, 5000);
    for (size_t n = 1; n <= 5000; n += 1 + n / 7) {
        areas_prepare(&areas, n % 64, n % 63, n);
        assert_ok(copy_blocking(driver, &areas, n % 2 != 0 ? -1 : 60000));
        areas_check(&areas);
    }
    areas_close(&areas);
    uninstall(driver);
}

/* What is complete is complete for everybody: its slot is free, and nobody waits for it any more. */
static void blocking_has_given_its_slot_back_when_it_returns(void **state)
{
    (void)state;
    async_memcpy_t driver = install(1);
    struct areas areas;
    areas_open(&areas, 8);
    for (unsigned long i = 0; i < times(30000, 3000); i++) {
        assert_ok(copy_blocking(driver, &areas, -1));
        assert_ok(submit(driver, &areas, NULL));
        assert_ok(esp_async_memcpy_wait(driver, -1));
        assert_ok(copy_blocking(driver, &areas, -1));
        assert_ok(esp_async_memcpy_wait(driver, 0));
    }
    areas_close(&areas);
    uninstall(driver);
}

static void timed_submits_as_an_ordinary_copy_does(void **state)
{
    (void)state;
    async_memcpy_t driver = install(1);
    struct areas areas;
    struct record record = {.calls = 0};
    areas_open(&areas, 300);
    const int32_t timeouts[] = {0, 1000, -1};
    for (unsigned i = 0; i < 3; i++) {
        areas_prepare(&areas, i, 0, 300);
        assert_ok(copy_timed(driver, &areas, &record, timeouts[i]));
        assert_ok(esp_async_memcpy_wait(driver, -1));
        assert_int_equal(atomic_load(&record.calls), i + 1);
        areas_check(&areas);
    }
    assert_ok(copy_timed(driver, &areas, NULL, -1));
    assert_ok(esp_async_memcpy_wait(driver, -1));
    areas_close(&areas);
    uninstall(driver);
}

/* ---- A full backlog ---- */

/* A held driver with a backlog of one and a copy in it. */
struct jam {
    async_memcpy_t driver;
    struct areas first;
    struct areas second;
    struct record record; /* of the second copy */
};

static void make_jam(struct jam *jam)
{
    *jam = (struct jam){.driver = install(1)};
    areas_open(&jam->first, 90);
    areas_open(&jam->second, 90);
    row.hold(jam->driver);
    assert_ok(submit(jam->driver, &jam->first, NULL));
}

static void end_jam(struct jam *jam)
{
    assert_ok(esp_async_memcpy_wait(jam->driver, -1));
    areas_check(&jam->first);
    uninstall(jam->driver);
    areas_close(&jam->first);
    areas_close(&jam->second);
}

static void timed_gives_up_on_a_full_backlog(void **state)
{
    (void)state;
    if (row.hold == NULL) {
        skip();
    }
    struct jam jam;
    make_jam(&jam);
    assert_mute(copy_timed(jam.driver, &jam.second, &jam.record, 0), ESP_ERR_TIMEOUT);
    int64_t begun = now_ms();
    assert_mute(copy_timed(jam.driver, &jam.second, &jam.record, 50), ESP_ERR_TIMEOUT);
    int64_t took = now_ms() - begun;
    assert_in_range(took, 49, 120000);
    row.release();
    assert_ok(esp_async_memcpy_wait(jam.driver, -1));
    assert_int_equal(atomic_load(&jam.record.calls), 0);
    areas_check_untouched(&jam.second);
    end_jam(&jam);
}

static void blocking_gives_up_on_a_full_backlog(void **state)
{
    (void)state;
    if (row.hold == NULL) {
        skip();
    }
    struct jam jam;
    make_jam(&jam);
    assert_mute(copy_blocking(jam.driver, &jam.second, 0), ESP_ERR_TIMEOUT);
    int64_t begun = now_ms();
    assert_mute(copy_blocking(jam.driver, &jam.second, 50), ESP_ERR_TIMEOUT);
    int64_t took = now_ms() - begun;
    assert_in_range(took, 49, 120000);
    row.release();
    assert_ok(esp_async_memcpy_wait(jam.driver, -1));
    areas_check_untouched(&jam.second);
    end_jam(&jam);
}

static void blocking_times_out_in_flight_and_completes_later(void **state)
{
    (void)state;
    if (row.hold == NULL) {
        skip();
    }
    async_memcpy_t driver = install(2);
    struct areas areas;
    areas_open(&areas, 90);
    row.hold(driver);
    assert_mute(copy_blocking(driver, &areas, 20), ESP_ERR_TIMEOUT);
    areas_check_untouched(&areas);
    row.release();
    assert_ok(esp_async_memcpy_wait(driver, -1));
    areas_check(&areas);
    copy_and_check(driver, &areas, 5, 6, 90);
    areas_close(&areas);
    uninstall(driver);
}

/* ---- Waiting for a slot ---- */

struct patient {
    struct jam *jam;
    bool blocking;
    esp_err_t status;
    struct thread thread;
};

static void wait_for_slot(void *argument)
{
    struct patient *patient = argument;
    struct jam *jam = patient->jam;
    patient->status = patient->blocking ? copy_blocking(jam->driver, &jam->second, -1)
                                        : copy_timed(jam->driver, &jam->second, &jam->record, 30000);
}

static void check_patience(bool blocking)
{
    struct jam jam;
    make_jam(&jam);
    struct patient patient = {.jam = &jam, .blocking = blocking};
    thread_start(&patient.thread, wait_for_slot, &patient);
    thread_await_sleep(&patient.thread);
    areas_check_untouched(&jam.second);
    row.release();
    thread_join(&patient.thread);
    assert_ok(patient.status);
    assert_ok(esp_async_memcpy_wait(jam.driver, -1));
    areas_check(&jam.second);
    assert_int_equal(atomic_load(&jam.record.calls), !blocking);
    end_jam(&jam);
}

static void timed_waits_for_a_slot(void **state)
{
    (void)state;
    if (row.hold == NULL) {
        skip();
    }
    check_patience(false);
}

static void blocking_waits_for_a_slot_and_then_for_the_copy(void **state)
{
    (void)state;
    if (row.hold == NULL) {
        skip();
    }
    check_patience(true);
}

/* ---- Many at once ---- */

struct blocker {
    async_memcpy_t driver;
    struct areas areas;
    unsigned long rounds;
    unsigned long wrong;
    struct thread thread;
};

static void copy_and_compare(void *argument)
{
    struct blocker *blocker = argument;
    struct oracle *oracle = &blocker->areas.oracle;
    char message[200];
    for (unsigned long i = 0; i < blocker->rounds; i++) {
        oracle->seed++;
        oracle_prepare(oracle);
        blocker->wrong += copy_blocking(blocker->driver, &blocker->areas, -1) != ESP_OK ||
                          oracle_check(oracle, message, sizeof message) != ORACLE_GOOD;
    }
}

static void many_blocking_copies_share_a_small_backlog(void **state)
{
    (void)state;
    enum { BLOCKERS = 6 };
    struct blocker blockers[BLOCKERS];
    async_memcpy_t driver = install(2);
    for (unsigned i = 0; i < BLOCKERS; i++) {
        blockers[i] = (struct blocker){.driver = driver, .rounds = times(3000, 500)};
        areas_open(&blockers[i].areas, 100 + i);
        thread_start(&blockers[i].thread, copy_and_compare, &blockers[i]);
    }
    for (unsigned i = 0; i < BLOCKERS; i++) {
        thread_join(&blockers[i].thread);
        assert_int_equal(blockers[i].wrong, 0);
        areas_close(&blockers[i].areas);
    }
    uninstall(driver);
}

GROUP(blocking, cmocka_unit_test(blocking_refuses_bad_arguments),
      cmocka_unit_test(timed_refuses_bad_arguments), cmocka_unit_test(blocking_has_copied_when_it_returns),
      cmocka_unit_test(blocking_has_given_its_slot_back_when_it_returns),
      cmocka_unit_test(timed_submits_as_an_ordinary_copy_does),
      cmocka_unit_test(timed_gives_up_on_a_full_backlog),
      cmocka_unit_test(blocking_gives_up_on_a_full_backlog),
      cmocka_unit_test(blocking_times_out_in_flight_and_completes_later),
      cmocka_unit_test(timed_waits_for_a_slot),
      cmocka_unit_test(blocking_waits_for_a_slot_and_then_for_the_copy),
      cmocka_unit_test(many_blocking_copies_share_a_small_backlog));
