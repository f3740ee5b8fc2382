/* SPDX-License-Identifier: Apache-2.0 */
/* Waiting, while the test decides when each copy ends. */
#include <sys/wait.h>
#include <unistd.h>

#include "group.h"
#include "manual_engine.h"

enum call { WAIT, BLOCKING, TIMED };

/* A thread in one of the calls that wait. */
struct caller {
    enum call call;
    async_memcpy_t driver;
    struct areas *areas;
    struct record record;
    esp_err_t status;
    struct thread thread;
};

static void call(void *argument)
{
    struct caller *caller = argument;
    const struct oracle *oracle = &caller->areas->oracle;
    switch (caller->call) {
    case WAIT:
        caller->status = esp_async_memcpy_wait(caller->driver, -1);
        break;
    case BLOCKING:
        caller->status = esp_memcpy_blocking(caller->driver, oracle->dst, oracle->src, oracle->n, -1);
        break;
    case TIMED:
        caller->status = esp_async_memcpy_timed(caller->driver, oracle->dst, oracle->src, oracle->n,
                                                record_completion, &caller->record, -1);
        break;
    }
}

static void start_call(struct caller *caller, enum call what, async_memcpy_t driver, struct areas *areas)
{
    *caller = (struct caller){.call = what, .driver = driver, .areas = areas, .status = ESP_ERR_NOT_FINISHED};
    thread_start(&caller->thread, call, caller);
    thread_await_sleep(&caller->thread);
}

static void assert_returns(struct caller *caller, esp_err_t status)
{
    thread_join(&caller->thread);
    assert_code(caller->status, status);
}

static void wait_is_for_copies_accepted_before_it(void **state)
{
    (void)state;
    struct areas areas;
    struct caller caller;
    manual_reset();
    async_memcpy_t driver = install(4);
    areas_open(&areas, 8);
    assert_ok(submit(driver, &areas, NULL));
    start_call(&caller, WAIT, driver, &areas);
    assert_ok(submit(driver, &areas, NULL)); /* later than the wait, and still in flight when it returns */
    assert_non_null(manual_take(driver));
    manual_finish(driver, ESP_OK);
    assert_returns(&caller, ESP_OK);
    assert_code(esp_async_memcpy_wait(driver, 0), ESP_ERR_TIMEOUT);
    assert_int_equal(manual_finish_all(driver), 1);
    areas_close(&areas);
    uninstall(driver);
}

static void blocking_returns_the_status_of_its_own_copy(void **state)
{
    (void)state;
    const esp_err_t statuses[] = {ESP_OK, ESP_FAIL, ESP_ERR_INVALID_RESPONSE};
    struct areas areas;
    struct caller caller;
    manual_reset();
    async_memcpy_t driver = install(2);
    areas_open(&areas, 8);
    for (unsigned i = 0; i < 3; i++) {
        assert_ok(submit(driver, &areas, NULL));
        start_call(&caller, BLOCKING, driver, &areas);
        assert_non_null(manual_take(driver));
        manual_finish(driver, ESP_ERR_INVALID_CRC); /* the other copy's */
        assert_non_null(manual_take(driver));
        manual_finish(driver, statuses[i]);
        assert_returns(&caller, statuses[i]);
        assert_code(esp_async_memcpy_wait(driver, 0), ESP_ERR_INVALID_CRC);
    }
    areas_close(&areas);
    uninstall(driver);
}

static void timed_gets_the_slot_that_comes_free(void **state)
{
    (void)state;
    struct areas areas[2];
    struct caller caller;
    manual_reset();
    async_memcpy_t driver = install(1);
    areas_open(&areas[0], 8);
    areas_open(&areas[1], 9);
    assert_ok(submit(driver, &areas[0], NULL));
    start_call(&caller, TIMED, driver, &areas[1]);
    assert_non_null(manual_take(driver));
    assert_null(manual_take(driver));
    manual_finish(driver, ESP_OK);
    assert_returns(&caller, ESP_OK); /* accepted, and not yet copied */
    assert_int_equal(atomic_load(&caller.record.calls), 0);
    areas_check_untouched(&areas[1]);
    assert_int_equal(manual_finish_all(driver), 1);
    assert_int_equal(atomic_load(&caller.record.calls), 1);
    areas_check(&areas[1]);
    areas_close(&areas[0]);
    areas_close(&areas[1]);
    uninstall(driver);
}

struct late_look {
    struct caller caller;
    bool waits; /* the caller, when the callback is about to return */
};

static bool look_at_caller(async_memcpy_t driver, async_memcpy_event_t *event, void *argument)
{
    (void)driver, (void)event;
    struct late_look *look = argument;
    thread_await_sleep(&look->caller.thread);
    look->waits = look->caller.status == ESP_ERR_NOT_FINISHED;
    return false;
}

/* The slot is its callback's to claim; when that has returned without, a task that waits for one gets it. */
static void slot_waiter_gets_the_slot_when_the_callback_has_returned(void **state)
{
    (void)state;
    struct areas areas;
    struct late_look look = {.waits = false};
    manual_reset();
    async_memcpy_t driver = install(1);
    areas_open(&areas, 8);
    assert_ok(esp_async_memcpy(driver, areas.oracle.dst, areas.oracle.src, 8, look_at_caller, &look));
    start_call(&look.caller, TIMED, driver, &areas);
    assert_non_null(manual_take(driver));
    manual_finish(driver, ESP_OK);
    assert_returns(&look.caller, ESP_OK);
    assert_true(look.waits);
    assert_int_equal(manual_finish_all(driver), 1);
    areas_close(&areas);
    uninstall(driver);
}

static void time_outs_of_a_full_backlog_submit_nothing(void **state)
{
    (void)state;
    struct areas areas;
    struct record record = {.calls = 0};
    manual_reset();
    async_memcpy_t driver = install(1);
    areas_open(&areas, 8);
    const struct oracle *oracle = &areas.oracle;
    assert_ok(submit(driver, &areas, NULL));
    for (int32_t timeout_ms = 0; timeout_ms < 4; timeout_ms++) {
        assert_mute(esp_async_memcpy_timed(driver, oracle->dst, oracle->src, 8, record_completion, &record,
                                           timeout_ms),
                    ESP_ERR_TIMEOUT);
        assert_mute(esp_memcpy_blocking(driver, oracle->dst, oracle->src, 8, timeout_ms), ESP_ERR_TIMEOUT);
    }
    assert_int_equal(manual_finish_all(driver), 1);
    assert_int_equal(atomic_load(&record.calls), 0);
    areas_close(&areas);
    uninstall(driver);
}

/* ---- A blocking copy whose caller has gone ---- */

/* Finish all copies above a stretch of stack that the blocking call has used before, and see what is written
 * there. Returns the number of bytes that changed. */
__attribute__((noinline)) static unsigned finish_above_old_stack(async_memcpy_t driver)
{
    volatile unsigned char old_stack[4096];
    unsigned changed = 0;
    for (size_t i = 0; i < sizeof old_stack; i++) {
        old_stack[i] = 0xA5;
    }
    manual_finish_all(driver);
    for (size_t i = 0; i < sizeof old_stack; i++) {
        changed += old_stack[i] != 0xA5;
    }
    return changed;
}

static void blocking_copy_that_timed_out_completes_once_and_tells_nobody(void **state)
{
    (void)state;
    struct areas areas;
    manual_reset();
    async_memcpy_t driver = install(4);
    areas_open(&areas, 800);
    for (int32_t timeout_ms = 0; timeout_ms < 3; timeout_ms++) {
        areas_prepare(&areas, 0, 0, 800);
        assert_mute(esp_memcpy_blocking(driver, areas.oracle.dst, areas.oracle.src, 800, timeout_ms),
                    ESP_ERR_TIMEOUT);
        areas_check_untouched(&areas);
        assert_code(esp_async_memcpy_wait(driver, 0), ESP_ERR_TIMEOUT);
        assert_int_equal(finish_above_old_stack(driver), 0);
        areas_check(&areas);
        assert_ok(esp_async_memcpy_wait(driver, 0));
    }
    areas_close(&areas);
    uninstall(driver);
}

/* ---- fork ---- */

static void child_of_fork_closes_the_engine_without_its_copies(void **state)
{
    (void)state;
    struct areas areas;
    struct record record = {.calls = 0};
    manual_reset();
    async_memcpy_t driver = install(2);
    areas_open(&areas, 8);
    assert_ok(submit(driver, &areas, &record));
    pid_t child = fork();
    if (child == 0) {
        alarm(10);
        bool good = manual_seen.engine->orphan && submit(driver, &areas, NULL) == ESP_FAIL &&
                    esp_async_memcpy_uninstall(driver) == ESP_OK && manual_seen.closes == 1;
        _exit(good ? 0 : 1);
    }
    int status = -1;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
    assert_false(manual_seen.engine->orphan);
    assert_int_equal(manual_finish_all(driver), 1);
    assert_int_equal(atomic_load(&record.calls), 1);
    areas_close(&areas);
    uninstall(driver);
}

GROUP(manual_waits, cmocka_unit_test(wait_is_for_copies_accepted_before_it),
      cmocka_unit_test(blocking_returns_the_status_of_its_own_copy),
      cmocka_unit_test(timed_gets_the_slot_that_comes_free),
      cmocka_unit_test(slot_waiter_gets_the_slot_when_the_callback_has_returned),
      cmocka_unit_test(time_outs_of_a_full_backlog_submit_nothing),
      cmocka_unit_test(blocking_copy_that_timed_out_completes_once_and_tells_nobody),
      cmocka_unit_test(child_of_fork_closes_the_engine_without_its_copies));
