/* SPDX-License-Identifier: Apache-2.0 */
/* Races at their narrowest, each at the one moment where it can go wrong. */
#include <errno.h>
#include <semaphore.h>
#include <time.h>

#include "group.h"
#include "manual_engine.h"
#include "moments.h"

struct ending {
    async_memcpy_t driver;
    esp_err_t status;
    unsigned finished;
};

/* Finish the copy in flight with the status wanted. */
static void finish_one(void *argument)
{
    struct ending *ending = argument;
    if (manual_take(ending->driver) != NULL) {
        manual_finish(ending->driver, ending->status);
        ending->finished++;
    }
}

/* ---- The copy ends when the time is up and before the caller has looked for the last time ---- */

static void wait_sees_a_copy_that_ends_at_the_last_moment(void **state)
{
    (void)state;
    struct areas areas;
    manual_reset();
    async_memcpy_t driver = install(1);
    struct ending ending = {.driver = driver, .status = ESP_OK};
    areas_open(&areas, 8);
    assert_ok(submit(driver, &areas, NULL));
    moment_at_timeout(finish_one, &ending);
    assert_ok(esp_async_memcpy_wait(driver, 1000));
    assert_int_equal(ending.finished, 1);
    areas_close(&areas);
    uninstall(driver);
}

static void timed_sees_a_slot_that_comes_free_at_the_last_moment(void **state)
{
    (void)state;
    struct areas areas;
    struct record record = {.calls = 0};
    manual_reset();
    async_memcpy_t driver = install(1);
    struct ending ending = {.driver = driver, .status = ESP_OK};
    areas_open(&areas, 8);
    assert_ok(submit(driver, &areas, NULL));
    moment_at_timeout(finish_one, &ending);
    assert_ok(esp_async_memcpy_timed(driver, areas.oracle.dst, areas.oracle.src, 8, record_completion,
                                     &record, 1000));
    assert_int_equal(manual_finish_all(driver), 1);
    assert_int_equal(atomic_load(&record.calls), 1);
    areas_close(&areas);
    uninstall(driver);
}

/* Twice: before its last look, and between that and its saying that it goes. */
static void blocking_sees_a_copy_that_ends_at_the_last_moment(void **state)
{
    (void)state;
    const esp_err_t statuses[] = {ESP_OK, ESP_ERR_INVALID_RESPONSE};
    void (*const moments[])(moment_action, void *) = {moment_at_timeout, moment_before_lock};
    const int32_t timeouts_ms[] = {60000, 1}; /* as if its time were up; its time is up */
    struct areas areas;
    manual_reset();
    async_memcpy_t driver = install(1);
    areas_open(&areas, 8);
    for (unsigned i = 0; i < 4; i++) {
        struct ending ending = {.driver = driver, .status = statuses[i % 2]};
        moments[i / 2](finish_one, &ending);
        assert_code(esp_memcpy_blocking(driver, areas.oracle.dst, areas.oracle.src, 8, timeouts_ms[i / 2]),
                    statuses[i % 2]);
        assert_int_equal(ending.finished, 1);
        assert_code(esp_async_memcpy_wait(driver, 0), statuses[i % 2]);
    }
    areas_close(&areas);
    uninstall(driver);
}

/* ---- The caller looks while the engine is still busy with the end of its copy ---- */

struct impatient {
    async_memcpy_t driver;
    struct areas areas;
    sem_t told;
    esp_err_t blocking, wait, next;
    struct thread thread;
};

/* Twenty seconds at the most, so that a test whose moment never comes ends, too. */
static void await_post(void *argument)
{
    struct timespec end;
    clock_gettime(CLOCK_REALTIME, &end);
    end.tv_sec += 20;
    while (sem_timedwait((sem_t *)argument, &end) != 0 && errno == EINTR) {
    }
}

static void block_and_go_on(void *argument)
{
    struct impatient *who = argument;
    const struct oracle *oracle = &who->areas.oracle;
    moment_at_timeout(await_post, &who->told);
    who->blocking = esp_memcpy_blocking(who->driver, oracle->dst, oracle->src, oracle->n, 1000);
    who->wait = esp_async_memcpy_wait(who->driver, 0);
    who->next = submit(who->driver, &who->areas, NULL);
}

static void let_go_on(void *argument)
{
    struct impatient *who = argument;
    sem_post(&who->told);
    pthread_join(who->thread.pthread, NULL);
}

static void blocking_copy_is_complete_when_its_caller_can_see_the_result(void **state)
{
    (void)state;
    manual_reset();
    struct impatient who = {.driver = install(1)};
    areas_open(&who.areas, 8);
    sem_init(&who.told, 0, 0);
    thread_start(&who.thread, block_and_go_on, &who);
    thread_await_sleep(&who.thread);
    assert_non_null(manual_take(who.driver));
    moment_after_unlock(let_go_on, &who); /* the result has been written under the driver's lock */
    manual_finish(who.driver, ESP_OK);
    assert_code(who.blocking, ESP_OK);
    assert_code(who.wait, ESP_OK);
    assert_code(who.next, ESP_OK);
    assert_int_equal(manual_finish_all(who.driver), 1);
    areas_close(&who.areas);
    uninstall(who.driver);
}

/* ---- Uninstall while a call is on its way out ---- */

struct straggler {
    async_memcpy_t driver;
    sem_t told;
    bool let_go; /* by an uninstall that waits */
    esp_err_t status;
    struct thread thread;
};

static void leave_slowly(void *argument)
{
    struct straggler *who = argument;
    moment_at_timeout(await_post, &who->told);
    who->status = esp_async_memcpy_wait(who->driver, 1000);
}

static void let_leave(void *argument)
{
    struct straggler *who = argument;
    assert_int_equal(manual_seen.closes, 0);
    who->let_go = true;
    sem_post(&who->told);
}

/* Every copy is complete, but a wait for the last of them has not returned yet. */
static void uninstall_waits_for_calls_on_their_way_out(void **state)
{
    (void)state;
    struct areas areas;
    manual_reset();
    struct straggler who = {.driver = install(1)};
    areas_open(&areas, 8);
    assert_ok(submit(who.driver, &areas, NULL));
    sem_init(&who.told, 0, 0);
    thread_start(&who.thread, leave_slowly, &who);
    thread_await_sleep(&who.thread);
    assert_int_equal(manual_finish_all(who.driver), 1);
    moment_in_pause(let_leave, &who);
    uninstall(who.driver);
    thread_join(&who.thread);
    assert_true(who.let_go); /* not by the end of its patience */
    assert_ok(who.status);
    areas_close(&areas);
}

GROUP(manual_moments, cmocka_unit_test(wait_sees_a_copy_that_ends_at_the_last_moment),
      cmocka_unit_test(timed_sees_a_slot_that_comes_free_at_the_last_moment),
      cmocka_unit_test(blocking_sees_a_copy_that_ends_at_the_last_moment),
      cmocka_unit_test(blocking_copy_is_complete_when_its_caller_can_see_the_result),
      cmocka_unit_test(uninstall_waits_for_calls_on_their_way_out));
