/* SPDX-License-Identifier: Apache-2.0 */
/* esp_async_memcpy_wait() (failing copies: manual_results.c). */
#include "group.h"

static void wait_refuses_bad_arguments(void **state)
{
    (void)state;
    async_memcpy_t driver = install(1);
    const int32_t bad[] = {-2, -3, -1000, INT32_MIN};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        assert_refused(esp_async_memcpy_wait(driver, bad[i]), ESP_ERR_INVALID_ARG, "timeout_ms", "-1");
    }
    assert_refused(esp_async_memcpy_wait(NULL, 0), ESP_ERR_INVALID_ARG, "handle");
    assert_refused(esp_async_memcpy_wait(NULL, -1), ESP_ERR_INVALID_ARG, "handle");
    assert_ok(esp_async_memcpy_wait(driver, 0));
    uninstall(driver);
}

static void wait_returns_at_once_when_nothing_is_in_flight(void **state)
{
    (void)state;
    async_memcpy_t driver = install(1);
    assert_ok(esp_async_memcpy_wait(driver, 0));
    assert_ok(esp_async_memcpy_wait(driver, 1));
    assert_ok(esp_async_memcpy_wait(driver, -1));
    assert_ok(esp_async_memcpy_wait(driver, INT32_MAX));
    uninstall(driver);
}

static void wait_times_out_while_copies_go_on(void **state)
{
    (void)state;
    if (row.hold == NULL) {
        skip();
    }
    async_memcpy_t driver = install(2);
    struct areas areas;
    struct record record = {.calls = 0};
    areas_open(&areas, 100);
    row.hold(driver);
    assert_ok(submit(driver, &areas, &record));
    assert_mute(esp_async_memcpy_wait(driver, 0), ESP_ERR_TIMEOUT);
    int64_t begun = now_ms();
    assert_mute(esp_async_memcpy_wait(driver, 50), ESP_ERR_TIMEOUT);
    int64_t took = now_ms() - begun;
    assert_in_range(took, 49, 120000);
    assert_int_equal(atomic_load(&record.calls), 0);
    row.release();
    assert_ok(esp_async_memcpy_wait(driver, -1));
    assert_int_equal(atomic_load(&record.calls), 1);
    areas_check(&areas);
    areas_close(&areas);
    uninstall(driver);
}

static bool dawdle(async_memcpy_t driver, async_memcpy_event_t *event, void *argument)
{
    (void)driver, (void)event;
    sleep_ms(2);
    *(bool *)argument = true;
    return false;
}

/* Not atomic: if the wait did not include the callback, the sanitizers would see a race as well. */
static void wait_includes_the_callback(void **state)
{
    (void)state;
    async_memcpy_t driver = install(1);
    struct areas areas;
    areas_open(&areas, 1);
    for (unsigned i = 0; i < 20; i++) {
        bool called = false;
        assert_ok(esp_async_memcpy(driver, areas.oracle.dst, areas.oracle.src, 1, dawdle, &called));
        assert_ok(esp_async_memcpy_wait(driver, -1));
        assert_true(called);
    }
    areas_close(&areas);
    uninstall(driver);
}

/* ---- A driver that is never idle ---- */

struct treadmill {
    struct areas areas;
    atomic_bool stop;
    atomic_ulong turns;
};

static bool turn(async_memcpy_t driver, async_memcpy_event_t *event, void *argument)
{
    (void)event;
    struct treadmill *mill = argument;
    const struct oracle *oracle = &mill->areas.oracle;
    atomic_fetch_add(&mill->turns, 1);
    if (!atomic_load(&mill->stop)) {
        esp_async_memcpy(driver, oracle->dst, oracle->src, oracle->n, turn, mill);
    }
    return false;
}

static void wait_is_not_for_copies_accepted_later(void **state)
{
    (void)state;
    async_memcpy_t driver = install(3);
    struct treadmill mill = {.stop = false};
    areas_open(&mill.areas, 64);
    assert_ok(submit(driver, &mill.areas, NULL));
    assert_ok(esp_async_memcpy(driver, mill.areas.oracle.dst, mill.areas.oracle.src, 64, turn, &mill));
    for (unsigned i = 0; i < 100; i++) {
        assert_ok(esp_async_memcpy_wait(driver, 10000));
    }
    atomic_store(&mill.stop, true);
    uninstall(driver);
    assert_true(atomic_load(&mill.turns) >= 50); /* two waits in a row see one turn at least */
    areas_close(&mill.areas);
}

/* ---- Many waiters ---- */

struct waiter {
    async_memcpy_t driver;
    const struct record *record;
    esp_err_t status;
    unsigned calls; /* of the record's callback, when the wait returned */
    struct thread thread;
};

static void wait_for_ever(void *argument)
{
    struct waiter *waiter = argument;
    waiter->status = esp_async_memcpy_wait(waiter->driver, -1);
    waiter->calls = atomic_load(&waiter->record->calls);
}

static void many_waiters_are_all_woken(void **state)
{
    (void)state;
    if (row.hold == NULL) {
        skip();
    }
    enum { WAITERS = 5 };
    async_memcpy_t driver = install(2);
    struct waiter waiters[WAITERS];
    struct record record = {.calls = 0};
    struct areas areas;
    areas_open(&areas, 64);
    row.hold(driver);
    assert_ok(submit(driver, &areas, &record));
    for (unsigned i = 0; i < WAITERS; i++) {
        waiters[i] = (struct waiter){.driver = driver, .record = &record};
        thread_start(&waiters[i].thread, wait_for_ever, &waiters[i]);
    }
    for (unsigned i = 0; i < WAITERS; i++) {
        thread_await_sleep(&waiters[i].thread);
    }
    row.release();
    for (unsigned i = 0; i < WAITERS; i++) {
        thread_join(&waiters[i].thread);
        assert_ok(waiters[i].status);
        assert_int_equal(waiters[i].calls, 1);
    }
    areas_close(&areas);
    uninstall(driver);
}

GROUP(waiting, cmocka_unit_test(wait_refuses_bad_arguments),
      cmocka_unit_test(wait_returns_at_once_when_nothing_is_in_flight),
      cmocka_unit_test(wait_times_out_while_copies_go_on), cmocka_unit_test(wait_includes_the_callback),
      cmocka_unit_test(wait_is_not_for_copies_accepted_later), cmocka_unit_test(many_waiters_are_all_woken));
