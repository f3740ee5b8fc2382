/* SPDX-License-Identifier: Apache-2.0 */
/* Callbacks: what they are told, and what they may call. */
#include "faults.h"
#include "group.h"

static void callback_is_told_the_result(void **state)
{
    (void)state;
    async_memcpy_t driver = install(4);
    struct areas areas;
    struct record record = {.calls = 0};
    areas_open(&areas, 777);
    assert_ok(submit(driver, &areas, &record));
    assert_ok(esp_async_memcpy_wait(driver, -1));
    assert_int_equal(atomic_load(&record.calls), 1);
    assert_ptr_equal(record.driver, driver);
    assert_int_equal(record.result.status, ESP_OK);
    assert_int_equal(record.result.size, 777);
    assert_ptr_equal(record.result.dst, areas.oracle.dst);
    assert_ptr_equal(record.result.src, areas.oracle.src);
    areas_close(&areas);
    uninstall(driver);
}

static void callback_runs_in_interrupt_context(void **state)
{
    (void)state;
    async_memcpy_t driver = install(4);
    struct areas areas;
    struct record record = {.calls = 0};
    areas_open(&areas, 10);
    assert_ok(submit(driver, &areas, &record));
    assert_ok(esp_async_memcpy_wait(driver, -1));
    assert_true(record.in_isr);
    areas_close(&areas);
    uninstall(driver);
}

static void null_callback_is_fine(void **state)
{
    (void)state;
    async_memcpy_t driver = install(4);
    struct areas areas;
    areas_open(&areas, 10);
    assert_ok(esp_async_memcpy(driver, areas.oracle.dst, areas.oracle.src, 10, NULL, &areas));
    assert_ok(esp_async_memcpy_wait(driver, -1));
    areas_check(&areas);
    areas_close(&areas);
    uninstall(driver);
}

/* ---- Calls from a callback ---- */

struct attempts {
    struct areas areas;
    async_memcpy_t installed;
    esp_err_t wait, wait_badly, blocking, timed, install, uninstall, refused, copy;
    struct record copied;
};

static bool attempt_everything(async_memcpy_t driver, async_memcpy_event_t *event, void *argument)
{
    (void)event;
    struct attempts *attempts = argument;
    void *dst = attempts->areas.oracle.dst;
    void *src = attempts->areas.oracle.src;
    size_t n = attempts->areas.oracle.n;
    async_memcpy_config_t config = ASYNC_MEMCPY_DEFAULT_CONFIG();
    attempts->wait = esp_async_memcpy_wait(driver, 0);
    attempts->wait_badly = esp_async_memcpy_wait(driver, -2);
    attempts->blocking = esp_memcpy_blocking(driver, dst, src, n, 0);
    attempts->timed = esp_async_memcpy_timed(driver, dst, src, n, NULL, NULL, 0);
    attempts->install = row.install(&config, &attempts->installed);
    attempts->uninstall = esp_async_memcpy_uninstall(driver);
    attempts->refused = esp_async_memcpy(driver, dst, src, 0, NULL, NULL);
    attempts->copy = esp_async_memcpy(driver, dst, src, n, record_completion, &attempts->copied);
    return false;
}

static void calls_from_a_callback_follow_its_rules(void **state)
{
    (void)state;
    async_memcpy_t driver = install(1);
    struct attempts attempts = {.installed = (async_memcpy_t)&attempts};
    areas_open(&attempts.areas, 100);
    log_capture_begin();
    assert_ok(esp_async_memcpy(driver, attempts.areas.oracle.dst, attempts.areas.oracle.src, 1,
                               attempt_everything, &attempts));
    assert_ok(esp_async_memcpy_wait(driver, -1));
    assert_ok(esp_async_memcpy_wait(driver, -1)); /* for the copy that the callback submitted */
    log_capture_end();
    assert_string_equal(log_captured(), ""); /* nothing is logged from interrupt context */
    assert_code(attempts.wait, ESP_ERR_INVALID_STATE);
    assert_code(attempts.wait_badly, ESP_ERR_INVALID_ARG);
    assert_code(attempts.blocking, ESP_ERR_INVALID_STATE);
    assert_code(attempts.timed, ESP_ERR_INVALID_STATE);
    assert_code(attempts.install, ESP_FAIL);
    assert_null(attempts.installed);
    assert_code(attempts.uninstall, ESP_FAIL);
    assert_code(attempts.refused, ESP_ERR_INVALID_ARG);
    assert_code(attempts.copy, ESP_OK);
    assert_int_equal(atomic_load(&attempts.copied.calls), 1);
    areas_check(&attempts.areas);
    areas_close(&attempts.areas);
    uninstall(driver);
}

/* ---- Another driver's backlog ---- */

struct visit {
    async_memcpy_t full;
    struct areas areas;
    esp_err_t copy;
};

static bool visit_another(async_memcpy_t driver, async_memcpy_event_t *event, void *argument)
{
    (void)driver, (void)event;
    struct visit *visit = argument;
    visit->copy = submit(visit->full, &visit->areas, NULL);
    return false;
}

static void callback_has_no_slot_of_another_driver(void **state)
{
    (void)state;
    if (row.hold == NULL || row.worker == NULL) {
        skip(); /* one driver must go on while the other is held */
    }
    struct visit visit = {.full = install(1), .copy = ESP_OK};
    async_memcpy_t driver = install(1);
    areas_open(&visit.areas, 20);
    const struct oracle *oracle = &visit.areas.oracle;
    row.hold(visit.full);
    assert_ok(submit(visit.full, &visit.areas, NULL));
    assert_ok(esp_async_memcpy(driver, oracle->dst, oracle->src, 1, visit_another, &visit));
    assert_ok(esp_async_memcpy_wait(driver, -1));
    row.release();
    assert_code(visit.copy, ESP_FAIL);
    uninstall(driver);
    uninstall(visit.full);
    areas_close(&visit.areas);
}

/* ---- Yields ---- */

/* Submit five copies at once, of which the one with this number wants a yield (5: none). Returns the yields.
 */
static unsigned long yields_of_a_batch(unsigned who)
{
    struct record records[5];
    struct areas areas;
    async_memcpy_t driver = install(5);
    areas_open(&areas, 20);
    row.hold(driver);
    unsigned long before = faults_yields();
    for (unsigned i = 0; i < 5; i++) {
        records[i] = (struct record){.wants_yield = i == who || who == 6};
        assert_ok(submit(driver, &areas, &records[i]));
    }
    row.release();
    assert_ok(esp_async_memcpy_wait(driver, -1));
    uninstall(driver); /* so that the interrupt has ended */
    areas_close(&areas);
    return faults_yields() - before;
}

static void yield_is_asked_for_once_per_batch(void **state)
{
    (void)state;
    if (row.hold == NULL) {
        skip();
    }
    assert_int_equal(yields_of_a_batch(5), 0); /* nobody */
    for (unsigned who = 0; who < 5; who++) {
        assert_int_equal(yields_of_a_batch(who), 1);
    }
    unsigned long all = yields_of_a_batch(6);
    assert_in_range(all, 1, row.one_batch ? 1 : 5);
}

GROUP(callbacks, cmocka_unit_test(callback_is_told_the_result),
      cmocka_unit_test(callback_runs_in_interrupt_context), cmocka_unit_test(null_callback_is_fine),
      cmocka_unit_test(calls_from_a_callback_follow_its_rules),
      cmocka_unit_test(callback_has_no_slot_of_another_driver),
      cmocka_unit_test(yield_is_asked_for_once_per_batch));
