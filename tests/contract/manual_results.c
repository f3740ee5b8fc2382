/* SPDX-License-Identifier: Apache-2.0 */
/* Copies that fail: who is told, and that those behind them still run. */
#include "group.h"
#include "manual_engine.h"

static void failing_copy_tells_its_callback_and_the_next_ones_run(void **state)
{
    (void)state;
    enum { COPIES = 4 };
    const esp_err_t statuses[COPIES] = {ESP_OK, ESP_FAIL, ESP_ERR_INVALID_RESPONSE, ESP_OK};
    struct areas areas[COPIES];
    struct record records[COPIES];
    manual_reset();
    async_memcpy_t driver = install(COPIES);
    for (unsigned i = 0; i < COPIES; i++) {
        areas_open(&areas[i], 100 + i);
        records[i] = (struct record){.calls = 0};
        assert_ok(submit(driver, &areas[i], &records[i]));
    }
    for (unsigned i = 0; i < COPIES; i++) {
        assert_non_null(manual_take(driver));
        manual_finish(driver, statuses[i]);
        assert_int_equal(atomic_load(&records[i].calls), 1);
        assert_code(records[i].result.status, statuses[i]);
        assert_int_equal(records[i].result.size, 100 + i);
        assert_ptr_equal(records[i].result.dst, areas[i].oracle.dst);
        assert_ptr_equal(records[i].result.src, areas[i].oracle.src);
    }
    areas_check(&areas[0]);
    areas_check_untouched(&areas[1]);
    areas_check(&areas[3]);
    for (unsigned i = 0; i < COPIES; i++) {
        areas_close(&areas[i]);
    }
    assert_code(esp_async_memcpy_wait(driver, 0), ESP_FAIL);
    uninstall(driver);
}

static void failing_copy_of_a_batch_fails_alone(void **state)
{
    (void)state;
    enum { COPIES = 5 };
    struct areas areas[COPIES];
    struct record records[COPIES];
    async_memcpy_copy_t copies[COPIES];
    manual_reset();
    async_memcpy_t driver = install(COPIES);
    for (unsigned failing = 0; failing < COPIES; failing++) {
        for (unsigned i = 0; i < COPIES; i++) {
            areas_open(&areas[i], 100 + i);
            records[i] = (struct record){.calls = 0};
            copies[i] = (async_memcpy_copy_t){areas[i].oracle.dst, areas[i].oracle.src, 100 + i,
                                              record_completion, &records[i]};
        }
        assert_ok(esp_async_memcpy_batch(driver, copies, COPIES));
        for (unsigned i = 0; i < COPIES; i++) {
            assert_non_null(manual_take(driver));
            manual_finish(driver, i == failing ? ESP_ERR_INVALID_CRC : ESP_OK);
        }
        for (unsigned i = 0; i < COPIES; i++) {
            assert_int_equal(atomic_load(&records[i].calls), 1);
            assert_code(records[i].result.status, i == failing ? ESP_ERR_INVALID_CRC : ESP_OK);
            (i == failing ? areas_check_untouched : areas_check)(&areas[i]);
            areas_close(&areas[i]);
        }
        assert_code(esp_async_memcpy_wait(driver, 0), ESP_ERR_INVALID_CRC);
    }
    uninstall(driver);
}

/* Submit one copy and finish it with this status. */
static void run_copy(async_memcpy_t driver, const struct areas *areas, esp_err_t status)
{
    assert_ok(submit(driver, areas, NULL));
    assert_non_null(manual_take(driver));
    manual_finish(driver, status);
}

static void wait_returns_the_first_failure_once(void **state)
{
    (void)state;
    struct areas areas;
    manual_reset();
    async_memcpy_t driver = install(2);
    areas_open(&areas, 8);
    run_copy(driver, &areas, ESP_OK);
    run_copy(driver, &areas, ESP_ERR_INVALID_CRC);
    run_copy(driver, &areas, ESP_FAIL);
    run_copy(driver, &areas, ESP_OK);
    assert_code(esp_async_memcpy_wait(driver, -1), ESP_ERR_INVALID_CRC);
    assert_code(esp_async_memcpy_wait(driver, -1), ESP_OK);
    run_copy(driver, &areas, ESP_FAIL);
    assert_code(esp_async_memcpy_wait(driver, 0), ESP_FAIL);
    run_copy(driver, &areas, ESP_OK);
    assert_code(esp_async_memcpy_wait(driver, 0), ESP_OK);
    areas_close(&areas);
    uninstall(driver);
}

static void wait_that_times_out_keeps_the_failure_for_the_next(void **state)
{
    (void)state;
    struct areas areas;
    manual_reset();
    async_memcpy_t driver = install(2);
    areas_open(&areas, 8);
    run_copy(driver, &areas, ESP_FAIL);
    assert_ok(submit(driver, &areas, NULL));
    assert_code(esp_async_memcpy_wait(driver, 5), ESP_ERR_TIMEOUT);
    assert_int_equal(manual_finish_all(driver), 1);
    assert_code(esp_async_memcpy_wait(driver, 5), ESP_FAIL);
    assert_code(esp_async_memcpy_wait(driver, 5), ESP_OK);
    areas_close(&areas);
    uninstall(driver);
}

static void uninstall_after_a_failure_succeeds(void **state)
{
    (void)state;
    struct areas areas;
    manual_reset();
    async_memcpy_t driver = install(2);
    areas_open(&areas, 8);
    run_copy(driver, &areas, ESP_FAIL);
    uninstall(driver);
    driver = install(2);
    assert_ok(esp_async_memcpy_wait(driver, 0)); /* another driver's failure */
    uninstall(driver);
    areas_close(&areas);
}

struct pulse {
    unsigned pulses;
};

static void count_pulse(void *argument)
{
    ((struct pulse *)argument)->pulses++;
}

static void event_comes_at_completion_and_through_an_enabled_channel(void **state)
{
    (void)state;
    struct areas areas;
    struct pulse pulse = {0};
    esp_etm_channel_config_t config = {{0}};
    esp_etm_channel_handle_t channel;
    esp_etm_task_handle_t task;
    esp_etm_event_handle_t event;
    manual_reset();
    async_memcpy_t driver = install(2);
    areas_open(&areas, 8);
    assert_ok(esp_async_memcpy_new_etm_event(driver, ASYNC_MEMCPY_ETM_EVENT_COPY_DONE, &event));
    assert_ok(esp_etm_new_function_task(count_pulse, &pulse, &task));
    assert_ok(esp_etm_new_channel(&config, &channel));
    assert_ok(esp_etm_channel_connect(channel, event, task));
    run_copy(driver, &areas, ESP_OK);
    assert_int_equal(pulse.pulses, 0); /* not enabled yet */
    assert_ok(esp_etm_channel_enable(channel));
    assert_ok(submit(driver, &areas, NULL));
    assert_int_equal(pulse.pulses, 0);
    assert_int_equal(manual_finish_all(driver), 1);
    assert_int_equal(pulse.pulses, 1);
    run_copy(driver, &areas, ESP_ERR_TIMEOUT);
    assert_int_equal(pulse.pulses, 1); /* its data is not in place */
    assert_ok(esp_etm_channel_disable(channel));
    assert_ok(esp_etm_del_channel(channel));
    assert_ok(esp_etm_del_task(task));
    assert_ok(esp_etm_del_event(event));
    areas_close(&areas);
    uninstall(driver);
}

GROUP(manual_results, cmocka_unit_test(failing_copy_tells_its_callback_and_the_next_ones_run),
      cmocka_unit_test(failing_copy_of_a_batch_fails_alone),
      cmocka_unit_test(wait_returns_the_first_failure_once),
      cmocka_unit_test(wait_that_times_out_keeps_the_failure_for_the_next),
      cmocka_unit_test(uninstall_after_a_failure_succeeds),
      cmocka_unit_test(event_comes_at_completion_and_through_an_enabled_channel));
