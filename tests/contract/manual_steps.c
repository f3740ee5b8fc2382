/* SPDX-License-Identifier: Apache-2.0 */
/* Step by step: what the engine is handed, when slots come free, what memory it may touch. */
#include "faults.h"
#include "group.h"
#include "manual_engine.h"
#include "port.h"

static void requests_are_handed_over_as_submitted_and_in_order(void **state)
{
    (void)state;
    enum { COPIES = 5 };
    struct areas areas[COPIES];
    struct record records[COPIES];
    manual_reset();
    async_memcpy_t driver = install(COPIES);
    assert_null(manual_take(driver));
    for (unsigned i = 0; i < COPIES; i++) {
        areas_open(&areas[i], 10 + i);
        records[i] = (struct record){.calls = 0};
        assert_ok(submit(driver, &areas[i], &records[i]));
        assert_int_equal(manual_seen.kicks, i + 1);
    }
    for (unsigned i = 0; i < COPIES; i++) {
        const struct request *request = manual_take(driver);
        assert_non_null(request);
        assert_ptr_equal(request->dst, areas[i].oracle.dst);
        assert_ptr_equal(request->src, areas[i].oracle.src);
        assert_int_equal(request->n, 10 + i);
    }
    assert_null(manual_take(driver));
    for (unsigned i = 0; i < COPIES; i++) {
        assert_int_equal(atomic_load(&records[i].calls), 0);
        manual_finish(driver, ESP_OK);
        assert_int_equal(atomic_load(&records[i].calls), 1);
        areas_check(&areas[i]);
        areas_close(&areas[i]);
    }
    uninstall(driver);
}

/* Submitted together, and one kick for all of them. */
static void batch_is_handed_over_in_order_with_one_kick(void **state)
{
    (void)state;
    enum { COPIES = 5 };
    struct areas areas[COPIES];
    async_memcpy_copy_t copies[COPIES];
    manual_reset();
    async_memcpy_t driver = install(COPIES);
    for (unsigned i = 0; i < COPIES; i++) {
        areas_open(&areas[i], 10 + i);
        copies[i] = (async_memcpy_copy_t){areas[i].oracle.dst, areas[i].oracle.src, 10 + i, NULL, NULL};
    }
    for (unsigned round = 1; round <= 20; round++) {
        assert_ok(esp_async_memcpy_batch(driver, copies, COPIES));
        assert_int_equal(manual_seen.kicks, round);
        for (unsigned i = 0; i < COPIES; i++) {
            const struct request *request = manual_take(driver);
            assert_non_null(request);
            assert_ptr_equal(request->dst, copies[i].dst);
            assert_ptr_equal(request->src, copies[i].src);
            assert_int_equal(request->n, 10 + i);
        }
        assert_null(manual_take(driver));
        for (unsigned i = 0; i < COPIES; i++) {
            assert_code(esp_async_memcpy_batch(driver, copies, i + 1), ESP_FAIL);
            manual_finish(driver, ESP_OK);
        }
        assert_int_equal(manual_seen.kicks, round);
    }
    for (unsigned i = 0; i < COPIES; i++) {
        areas_check(&areas[i]);
        areas_close(&areas[i]);
    }
    uninstall(driver);
}

/* Have the engine take what there is, and end the first so many of it, to be published later. */
static void end_later(async_memcpy_t driver, unsigned count)
{
    while (manual_take(driver) != NULL) {
    }
    for (unsigned i = 0; i < count; i++) {
        manual_finish_later(driver);
    }
}

static void copies_that_end_later_are_complete_when_published(void **state)
{
    (void)state;
    struct areas areas;
    manual_reset();
    async_memcpy_t driver = install(3);
    areas_open(&areas, 8);
    for (unsigned round = 0; round < 5; round++) {
        for (unsigned i = 0; i < 3; i++) {
            assert_ok(submit(driver, &areas, NULL));
        }
        driver_publish(driver); /* nothing */
        assert_code(submit(driver, &areas, NULL), ESP_FAIL);
        end_later(driver, 2);
        assert_code(submit(driver, &areas, NULL), ESP_FAIL);
        assert_code(esp_async_memcpy_wait(driver, 0), ESP_ERR_TIMEOUT);
        driver_publish(driver);
        assert_ok(submit(driver, &areas, NULL));
        assert_ok(submit(driver, &areas, NULL));
        assert_code(submit(driver, &areas, NULL), ESP_FAIL);
        end_later(driver, 3);
        driver_publish(driver);
        assert_ok(esp_async_memcpy_wait(driver, 0));
    }
    areas_close(&areas);
    uninstall(driver);
}

/* The copies before a callback are complete when it runs, and its own when it has returned. */
static void copy_with_a_callback_does_not_end_later(void **state)
{
    (void)state;
    struct areas areas;
    struct record record = {.calls = 0};
    manual_reset();
    async_memcpy_t driver = install(4);
    areas_open(&areas, 8);
    for (unsigned round = 1; round <= 5; round++) {
        assert_ok(submit(driver, &areas, NULL));
        assert_ok(submit(driver, &areas, NULL));
        assert_ok(submit(driver, &areas, &record));
        end_later(driver, 2);
        assert_code(esp_async_memcpy_wait(driver, 0), ESP_ERR_TIMEOUT);
        assert_int_equal(atomic_load(&record.calls), round - 1);
        end_later(driver, 1);
        assert_int_equal(atomic_load(&record.calls), round);
        assert_ok(esp_async_memcpy_wait(driver, 0));
    }
    areas_close(&areas);
    uninstall(driver);
}

/* Exactly `backlog` copies fit, taken or not; each one that is finished makes room for one more. */
static void backlog_counts_until_the_engine_reports(void **state)
{
    (void)state;
    struct areas areas;
    manual_reset();
    areas_open(&areas, 8);
    for (uint32_t backlog = 1; backlog <= 9; backlog++) {
        async_memcpy_t driver = install(backlog);
        for (uint32_t i = 0; i < backlog; i++) {
            assert_ok(submit(driver, &areas, NULL));
        }
        for (unsigned round = 0; round < 50; round++) {
            unsigned kicks = manual_seen.kicks;
            assert_mute(submit(driver, &areas, NULL), ESP_FAIL);
            assert_non_null(manual_take(driver));
            assert_mute(submit(driver, &areas, NULL), ESP_FAIL);
            assert_int_equal(manual_seen.kicks, kicks);
            manual_finish(driver, ESP_OK);
            assert_ok(submit(driver, &areas, NULL));
        }
        assert_int_equal(manual_finish_all(driver), backlog);
        uninstall(driver);
    }
    areas_close(&areas);
}

struct slot_test {
    struct areas areas;
    esp_err_t first, second;
    struct record record;
};

static bool fill_from_callback(async_memcpy_t driver, async_memcpy_event_t *event, void *argument)
{
    (void)event;
    struct slot_test *test = argument;
    test->first = submit(driver, &test->areas, &test->record);
    test->second = submit(driver, &test->areas, &test->record);
    return false;
}

static void slot_is_free_before_its_callback_runs(void **state)
{
    (void)state;
    struct slot_test test = {.first = ESP_ERR_NOT_FINISHED};
    manual_reset();
    async_memcpy_t driver = install(1);
    areas_open(&test.areas, 8);
    assert_ok(
        esp_async_memcpy(driver, test.areas.oracle.dst, test.areas.oracle.src, 8, fill_from_callback, &test));
    assert_non_null(manual_take(driver));
    manual_finish(driver, ESP_OK);
    assert_code(test.first, ESP_OK);    /* its own slot */
    assert_code(test.second, ESP_FAIL); /* and no more */
    assert_int_equal(atomic_load(&test.record.calls), 0);
    assert_int_equal(manual_finish_all(driver), 1);
    assert_int_equal(atomic_load(&test.record.calls), 1);
    areas_close(&test.areas);
    uninstall(driver);
}

/* ---- The slot is kept for the callback ---- */

struct rivals {
    struct areas areas;
    async_memcpy_t driver;
    esp_err_t rival[4]; /* before and after the callback has submitted: a copy, a batch */
    esp_err_t first, second;
};

static void submit_both(void *argument)
{
    struct rivals *rivals = argument;
    const struct oracle *oracle = &rivals->areas.oracle;
    const async_memcpy_copy_t copy = {.dst = oracle->dst, .src = oracle->src, .n = 8};
    unsigned at = rivals->first == ESP_ERR_NOT_FINISHED ? 0 : 2;
    rivals->rival[at] = submit(rivals->driver, &rivals->areas, NULL);
    rivals->rival[at + 1] = esp_async_memcpy_batch(rivals->driver, &copy, 1);
}

static void let_rivals_try(struct rivals *rivals)
{
    struct thread thread;
    thread_start(&thread, submit_both, rivals);
    pthread_join(thread.pthread, NULL);
}

static bool submit_after_rivals(async_memcpy_t driver, async_memcpy_event_t *event, void *argument)
{
    (void)event;
    struct rivals *rivals = argument;
    let_rivals_try(rivals);
    rivals->first = submit(driver, &rivals->areas, NULL);
    let_rivals_try(rivals);
    rivals->second = submit(driver, &rivals->areas, NULL);
    return false;
}

/* Others come first, again and again; at every backlog, and with every slot of the ring as the last one. */
static void slot_is_kept_for_its_callback(void **state)
{
    (void)state;
    struct rivals rivals;
    areas_open(&rivals.areas, 8);
    for (unsigned round = 0; round < 36; round++) {
        uint32_t backlog = 1 + round % 4;
        manual_reset();
        rivals.driver = install(backlog);
        rivals.first = rivals.second = ESP_ERR_NOT_FINISHED;
        for (unsigned before = 0; before < round / 4; before++) {
            assert_ok(submit(rivals.driver, &rivals.areas, NULL));
            assert_int_equal(manual_finish_all(rivals.driver), 1);
        }
        const struct oracle *oracle = &rivals.areas.oracle;
        assert_ok(esp_async_memcpy(rivals.driver, oracle->dst, oracle->src, 8, submit_after_rivals, &rivals));
        for (uint32_t others = 1; others < backlog; others++) {
            assert_ok(submit(rivals.driver, &rivals.areas, NULL));
        }
        assert_non_null(manual_take(rivals.driver));
        manual_finish(rivals.driver, ESP_OK);
        for (unsigned i = 0; i < 4; i++) {
            assert_code(rivals.rival[i], ESP_FAIL);
        }
        assert_code(rivals.first, ESP_OK);
        assert_code(rivals.second, ESP_FAIL);
        assert_code(submit(rivals.driver, &rivals.areas, NULL), ESP_FAIL); /* no slot has been won by it */
        assert_int_equal(manual_finish_all(rivals.driver), backlog);
        uninstall(rivals.driver);
    }
    areas_close(&rivals.areas);
}

static bool submit_before_rivals(async_memcpy_t driver, async_memcpy_event_t *event, void *argument)
{
    (void)event;
    struct rivals *rivals = argument;
    rivals->first = submit(driver, &rivals->areas, NULL);
    let_rivals_try(rivals);
    rivals->second = submit(driver, &rivals->areas, NULL);
    return false;
}

/* Its copy has ended, its next one is in flight: the other slot is anybody's while it still runs. */
static void callback_that_has_submitted_keeps_no_slot(void **state)
{
    (void)state;
    struct rivals rivals;
    areas_open(&rivals.areas, 8);
    const struct oracle *oracle = &rivals.areas.oracle;
    manual_reset();
    rivals.driver = install(2);
    for (unsigned round = 0; round < 6; round++) {
        rivals.first = rivals.second = ESP_ERR_NOT_FINISHED;
        assert_ok(
            esp_async_memcpy(rivals.driver, oracle->dst, oracle->src, 8, submit_before_rivals, &rivals));
        assert_non_null(manual_take(rivals.driver));
        manual_finish(rivals.driver, ESP_OK);
        assert_code(rivals.first, ESP_OK);
        assert_code(rivals.rival[2], ESP_OK);
        assert_code(rivals.rival[3], ESP_FAIL);
        assert_code(rivals.second, ESP_FAIL);
        assert_int_equal(manual_finish_all(rivals.driver), 2);
    }
    uninstall(rivals.driver);
    areas_close(&rivals.areas);
}

static void callback_result_asks_for_a_yield(void **state)
{
    (void)state;
    struct areas areas;
    manual_reset();
    async_memcpy_t driver = install(4);
    areas_open(&areas, 8);
    for (unsigned wish = 0; wish < 2; wish++) {
        struct record record = {.wants_yield = wish != 0};
        assert_ok(submit(driver, &areas, &record));
        assert_non_null(manual_take(driver));
        unsigned long before = faults_yields();
        manual_finish(driver, ESP_OK);
        assert_int_equal(faults_yields() - before, wish);
        assert_ok(submit(driver, &areas, NULL));
        assert_non_null(manual_take(driver));
        manual_finish(driver, ESP_OK);
        assert_int_equal(faults_yields() - before, wish);
    }
    areas_close(&areas);
    uninstall(driver);
}

static void calls_from_interrupt_context_follow_its_rules(void **state)
{
    (void)state;
    struct areas areas;
    struct record record = {.calls = 0};
    manual_reset();
    async_memcpy_t driver = install(2);
    areas_open(&areas, 8);
    void *dst = areas.oracle.dst, *src = areas.oracle.src;
    port_isr_enter();
    assert_mute(esp_async_memcpy_wait(driver, 0), ESP_ERR_INVALID_STATE);
    assert_mute(esp_async_memcpy_wait(driver, -1), ESP_ERR_INVALID_STATE);
    assert_mute(esp_async_memcpy_wait(NULL, -1), ESP_ERR_INVALID_ARG);
    assert_mute(esp_memcpy_blocking(driver, dst, src, 8, -1), ESP_ERR_INVALID_STATE);
    assert_mute(esp_async_memcpy_timed(driver, dst, src, 8, NULL, NULL, 0), ESP_ERR_INVALID_STATE);
    assert_mute(esp_async_memcpy_uninstall(driver), ESP_FAIL);
    assert_mute(esp_async_memcpy_uninstall(NULL), ESP_ERR_INVALID_ARG);
    assert_mute(esp_async_memcpy(driver, dst, src, 0, NULL, NULL), ESP_ERR_INVALID_ARG);
    const async_memcpy_copy_t copy = {dst, src, 8, record_completion, &record};
    assert_mute(esp_async_memcpy_batch(driver, &copy, 0), ESP_ERR_INVALID_ARG);
    assert_mute(esp_async_memcpy_batch(driver, &copy, 1), ESP_OK);
    assert_mute(submit(driver, &areas, &record), ESP_OK);
    port_isr_leave();
    assert_int_equal(manual_finish_all(driver), 2);
    assert_int_equal(atomic_load(&record.calls), 2);
    areas_check(&areas);
    areas_close(&areas);
    uninstall(driver);
}

/* ---- What the engine reaches ---- */

static void assert_out_of_reach(async_memcpy_t driver, void *dst, void *src, size_t n)
{
    assert_refused(esp_async_memcpy(driver, dst, src, n, NULL, NULL), ESP_ERR_INVALID_ARG,
                   "engine manual reaches", "heap_caps_malloc");
    assert_null(manual_take(driver));
}

/* A window of 64 bytes in the middle of 192: both ends, both sides, and sizes that overflow. */
static void memory_out_of_reach_is_refused(void **state)
{
    (void)state;
    static unsigned char memory[192];
    unsigned char *first = memory + 64, *last = memory + 127;
    manual_reset();
    manual_plan.first = (uintptr_t)first;
    manual_plan.last = (uintptr_t)last;
    async_memcpy_t driver = install(4);
    assert_ok(esp_async_memcpy(driver, first, first + 32, 32, NULL, NULL));
    assert_ok(esp_async_memcpy(driver, first + 32, first, 32, NULL, NULL));
    assert_ok(esp_async_memcpy(driver, last, first, 1, NULL, NULL));
    assert_ok(esp_async_memcpy(driver, first, first, 64, NULL, NULL));
    assert_int_equal(manual_finish_all(driver), 4);
    assert_out_of_reach(driver, first - 1, first + 32, 1);
    assert_out_of_reach(driver, first, first - 1, 1);
    assert_out_of_reach(driver, last + 1, first, 1);
    assert_out_of_reach(driver, first, last + 1, 1);
    assert_out_of_reach(driver, last, first, 2);
    assert_out_of_reach(driver, first, last, 2);
    assert_out_of_reach(driver, first, first, 65);
    assert_out_of_reach(driver, memory, first, 128);
    assert_out_of_reach(driver, first, last, SIZE_MAX);
    assert_out_of_reach(driver, memory, memory + 150, 8);
    uninstall(driver);
}

/* An engine may reach more than one range: what lies outside is its own to judge. */
static void engine_is_asked_about_memory_outside_its_range(void **state)
{
    (void)state;
    static char range[32], island[32];
    manual_reset();
    manual_plan.first = (uintptr_t)range;
    manual_plan.last = (uintptr_t)range + sizeof range - 1;
    manual_plan.island = island;
    manual_plan.island_size = sizeof island;
    async_memcpy_t driver = install(4);
    assert_ok(esp_async_memcpy(driver, range, island, 32, NULL, NULL));
    assert_ok(esp_async_memcpy(driver, island, range, 32, NULL, NULL));
    assert_ok(esp_async_memcpy(driver, island, island + 16, 16, NULL, NULL));
    assert_int_equal(manual_finish_all(driver), 3);
    assert_out_of_reach(driver, range, island + 1, 32);
    assert_out_of_reach(driver, island + 31, range, 2);
    uninstall(driver);
}

static void engine_without_a_range_tells_where_memory_comes_from(void **state)
{
    (void)state;
    static char island[32];
    char other[4];
    manual_reset();
    manual_plan.first = 1;
    manual_plan.last = 0;
    manual_plan.island = island;
    manual_plan.island_size = sizeof island;
    async_memcpy_t driver = install(4);
    assert_ok(esp_async_memcpy(driver, island, island + 16, 16, NULL, NULL));
    assert_int_equal(manual_finish_all(driver), 1);
    assert_refused(esp_async_memcpy(driver, other, island, 4, NULL, NULL), ESP_ERR_INVALID_ARG,
                   "engine manual does not reach that", "go ashore");
    assert_refused(esp_async_memcpy(driver, island, (char *)1, 4, NULL, NULL), ESP_ERR_INVALID_ARG,
                   "go ashore");
    assert_null(manual_take(driver));
    uninstall(driver);
}

GROUP(manual_steps, cmocka_unit_test(requests_are_handed_over_as_submitted_and_in_order),
      cmocka_unit_test(batch_is_handed_over_in_order_with_one_kick),
      cmocka_unit_test(copies_that_end_later_are_complete_when_published),
      cmocka_unit_test(copy_with_a_callback_does_not_end_later),
      cmocka_unit_test(backlog_counts_until_the_engine_reports),
      cmocka_unit_test(slot_is_free_before_its_callback_runs),
      cmocka_unit_test(slot_is_kept_for_its_callback),
      cmocka_unit_test(callback_that_has_submitted_keeps_no_slot),
      cmocka_unit_test(callback_result_asks_for_a_yield),
      cmocka_unit_test(calls_from_interrupt_context_follow_its_rules),
      cmocka_unit_test(memory_out_of_reach_is_refused),
      cmocka_unit_test(engine_is_asked_about_memory_outside_its_range),
      cmocka_unit_test(engine_without_a_range_tells_where_memory_comes_from));
