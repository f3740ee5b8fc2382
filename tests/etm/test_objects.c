/* SPDX-License-Identifier: Apache-2.0 */
/* Events and tasks: made, deleted in any order and while connected, refused; kinds that other drivers make.
 */
#include "etm_fixture.h"

static void test_function_task_refuses_null(void **state)
{
    (void)state;
    esp_etm_task_handle_t task = NULL;
    assert_refused(esp_etm_new_function_task(NULL, NULL, &task), ESP_ERR_INVALID_ARG,
                   "esp_etm_new_function_task: function or out_task is NULL");
    assert_refused(esp_etm_new_function_task(count_run, NULL, NULL), ESP_ERR_INVALID_ARG, "give both");
    assert_null(task);
    assert_int_equal(live_objects(), 0);
}

static void test_no_memory_for_a_task(void **state)
{
    (void)state;
    esp_etm_task_handle_t task = NULL;
    fail_allocations(true);
    for (unsigned i = 0; i < 1000; i++) {
        assert_int_equal(esp_etm_new_function_task(count_run, NULL, &task), ESP_ERR_NO_MEM);
    }
    assert_refused(esp_etm_new_function_task(count_run, NULL, &task), ESP_ERR_NO_MEM, "no memory for a task");
    assert_null(task);
}

static void test_no_memory_for_an_event(void **state)
{
    (void)state;
    struct etm_source source = {0};
    esp_etm_event_handle_t event = NULL;
    fail_allocations(true);
    for (unsigned i = 0; i < 1000; i++) {
        assert_int_equal(etm_new_event(&source, &event), ESP_ERR_NO_MEM);
    }
    assert_refused(etm_new_event(&source, &event), ESP_ERR_NO_MEM, "no memory for an event");
    assert_null(event);
}

static void test_delete_refuses_null(void **state)
{
    (void)state;
    assert_refused(esp_etm_del_event(NULL), ESP_ERR_INVALID_ARG, "esp_etm_del_event: event is NULL");
    assert_refused(esp_etm_del_task(NULL), ESP_ERR_INVALID_ARG, "esp_etm_del_task: task is NULL");
}

static void test_events_go_in_any_order(void **state)
{
    (void)state;
    struct etm_source source = {0};
    struct etm_source other = {0};
    atomic_uint runs = 0;
    esp_etm_task_handle_t task = new_task(count_run, &runs);
    esp_etm_event_handle_t events[5];
    esp_etm_channel_handle_t channels[5];
    esp_etm_event_handle_t stranger = new_event(&other);
    for (unsigned i = 0; i < 5; i++) {
        events[i] = new_event(&source);
        channels[i] = wire(events[i], task);
    }
    const unsigned order[] = {2, 0, 4, 3, 1}; /* from the middle and both ends of the list */
    for (unsigned i = 0; i < 5; i++) {
        assert_ok(esp_etm_del_event(events[order[i]]));
        unwire(channels[order[i]]);
        runs = 0;
        pulse(&source);
        assert_int_equal(runs, 4 - i);
    }
    assert_ok(esp_etm_del_event(stranger));
    assert_ok(esp_etm_del_task(task));
}

static void test_delete_an_event_while_connected(void **state)
{
    (void)state;
    struct etm_source source = {0};
    atomic_uint runs = 0;
    esp_etm_event_handle_t event = new_event(&source);
    esp_etm_event_handle_t twin = new_event(&source);
    esp_etm_task_handle_t task = new_task(count_run, &runs);
    esp_etm_channel_handle_t first = wire(event, task);
    esp_etm_channel_handle_t second = wire(event, task);
    esp_etm_channel_handle_t third = wire(twin, task);
    assert_int_equal(source.channels, 3);

    assert_ok(esp_etm_del_event(event));
    assert_int_equal(source.channels, 1);
    pulse(&source);
    assert_int_equal(runs, 1); /* through the twin alone */

    assert_ok(esp_etm_channel_connect(first, twin, task)); /* the channels that lost it go on */
    pulse(&source);
    assert_int_equal(runs, 3);
    unwire(first);
    unwire(second);
    unwire(third);
    assert_ok(esp_etm_del_event(twin));
    assert_ok(esp_etm_del_task(task));
}

static void test_delete_a_task_while_connected(void **state)
{
    (void)state;
    struct etm_source source = {0};
    struct etm_source other = {0};
    atomic_uint runs = 0;
    atomic_uint kept_runs = 0;
    esp_etm_event_handle_t event = new_event(&source);
    esp_etm_event_handle_t other_event = new_event(&other);
    esp_etm_task_handle_t task = new_task(count_run, &runs);
    esp_etm_task_handle_t kept = new_task(count_run, &kept_runs);
    esp_etm_channel_handle_t channels[] = {wire(event, task), wire(other_event, task), wire(event, kept),
                                           wire(NULL, task)};
    assert_ok(esp_etm_del_task(task));
    assert_int_equal(source.channels, 1);
    assert_int_equal(other.channels, 0);
    pulse(&source);
    pulse(&other);
    assert_int_equal(runs, 0);
    assert_int_equal(kept_runs, 1);

    assert_ok(esp_etm_channel_connect(channels[1], other_event, kept));
    pulse(&other);
    assert_int_equal(kept_runs, 2);
    for (unsigned i = 0; i < 4; i++) {
        unwire(channels[i]);
    }
    assert_ok(esp_etm_del_task(kept));
    assert_ok(esp_etm_del_event(event));
    assert_ok(esp_etm_del_event(other_event));
}

static void test_delete_everything_while_enabled(void **state)
{
    (void)state;
    struct etm_source source = {0};
    atomic_uint runs = 0;
    for (unsigned order = 0; order < 2; order++) {
        esp_etm_event_handle_t event = new_event(&source);
        esp_etm_task_handle_t task = new_task(count_run, &runs);
        esp_etm_channel_handle_t channel = wire(event, task);
        if (order == 0) {
            assert_ok(esp_etm_del_event(event));
            assert_ok(esp_etm_del_task(task));
        } else {
            assert_ok(esp_etm_del_task(task));
            assert_ok(esp_etm_del_event(event));
        }
        assert_int_equal(live_objects(), 0);
        pulse(&source);
        unwire(channel);
    }
    assert_int_equal(runs, 0);
}

static void test_deleting_a_channel_keeps_its_objects(void **state)
{
    (void)state;
    struct etm_source source = {0};
    atomic_uint runs = 0;
    esp_etm_event_handle_t event = new_event(&source);
    esp_etm_task_handle_t task = new_task(count_run, &runs);
    unwire(wire(event, task));
    assert_int_equal(live_objects(), 2);
    esp_etm_channel_handle_t channel = wire(event, task);
    pulse(&source);
    assert_int_equal(runs, 1);
    unwire(channel);
    assert_ok(esp_etm_del_event(event));
    assert_ok(esp_etm_del_task(task));
}

/* Kinds as a peripheral's driver makes them: static here, with a refusal of their own while busy. */
struct own_event {
    struct esp_etm_event_t base;
    bool busy;
};

struct own_task {
    struct esp_etm_task_t base;
    bool busy;
};

static esp_err_t del_own_event(esp_etm_event_handle_t event)
{
    if (((struct own_event *)event)->busy) {
        return ESP_ERR_INVALID_STATE;
    }
    etm_disconnect_event(event);
    return ESP_OK;
}

static esp_err_t del_own_task(esp_etm_task_handle_t task)
{
    if (((struct own_task *)task)->busy) {
        return ESP_ERR_NOT_FINISHED;
    }
    etm_disconnect_task(task);
    return ESP_OK;
}

static void test_kinds_of_other_drivers(void **state)
{
    (void)state;
    struct etm_source source = {0};
    atomic_uint runs = 0;
    struct own_event own_event = {.base = {.del = del_own_event}, .busy = true};
    struct own_task own_task = {.base = {.del = del_own_task, .function = count_run, .arg = &runs},
                                .busy = true};
    esp_etm_event_handle_t event = new_event(&source);
    esp_etm_channel_handle_t in = wire(event, &own_task.base);
    esp_etm_channel_handle_t out = wire(&own_event.base, &own_task.base);

    assert_int_equal(esp_etm_del_event(&own_event.base), ESP_ERR_INVALID_STATE);
    assert_int_equal(esp_etm_del_task(&own_task.base), ESP_ERR_NOT_FINISHED);
    struct etm_channel_view view;
    assert_true(etm_read_channel(1, &view));
    assert_true(view.connected && view.function != 0); /* a refusal changes nothing */
    pulse(&source);
    assert_int_equal(runs, 1);

    own_event.busy = false;
    own_task.busy = false;
    assert_ok(esp_etm_del_event(&own_event.base));
    assert_ok(esp_etm_del_task(&own_task.base));
    assert_true(etm_read_channel(1, &view));
    assert_false(view.connected || view.function != 0);
    pulse(&source);
    assert_int_equal(runs, 1);
    unwire(in);
    unwire(out);
    assert_ok(esp_etm_del_event(event));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        etm_test(test_function_task_refuses_null),
        etm_test(test_no_memory_for_a_task),
        etm_test(test_no_memory_for_an_event),
        etm_test(test_delete_refuses_null),
        etm_test(test_events_go_in_any_order),
        etm_test(test_delete_an_event_while_connected),
        etm_test(test_delete_a_task_while_connected),
        etm_test(test_delete_everything_while_enabled),
        etm_test(test_deleting_a_channel_keeps_its_objects),
        etm_test(test_kinds_of_other_drivers),
    };
    return cmocka_run_group_tests_name("etm objects", tests, NULL, NULL);
}
