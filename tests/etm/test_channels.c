/* SPDX-License-Identifier: Apache-2.0 */
/* Channels: taken and given back, switched on and off; every refusal. */
#include "etm_fixture.h"

static const esp_etm_channel_config_t plain = {.flags = {.allow_pd = 0}};

static void test_new_refuses_null(void **state)
{
    (void)state;
    esp_etm_channel_handle_t channel = NULL;
    assert_refused(esp_etm_new_channel(NULL, &channel), ESP_ERR_INVALID_ARG,
                   "esp_etm_new_channel: config or ret_chan");
    assert_refused(esp_etm_new_channel(&plain, NULL), ESP_ERR_INVALID_ARG, "give both");
    assert_refused(esp_etm_new_channel(NULL, NULL), ESP_ERR_INVALID_ARG, "NULL");
    assert_null(channel);
}

static void test_new_refuses_power_down(void **state)
{
    (void)state;
    esp_etm_channel_handle_t channel = NULL;
    esp_etm_channel_config_t config = {.flags = {.allow_pd = 1}};
    assert_refused(esp_etm_new_channel(&config, &channel), ESP_ERR_NOT_SUPPORTED, "allow_pd");
    assert_null(channel);
    assert_int_equal(channels_in_use(), 0);
}

static void test_new_needs_no_memory(void **state)
{
    (void)state;
    fail_allocations(true);
    assert_ok(esp_etm_del_channel(new_channel()));
}

static void test_new_is_disabled_and_open(void **state)
{
    (void)state;
    esp_etm_channel_handle_t channel = new_channel();
    struct etm_channel_view view;
    assert_true(etm_read_channel(0, &view));
    assert_true(view.used);
    assert_false(view.enabled);
    assert_false(view.connected);
    assert_int_equal(view.function, 0);
    assert_refused(esp_etm_channel_disable(channel), ESP_ERR_INVALID_STATE, "not enabled");
    assert_ok(esp_etm_del_channel(channel));
}

static void test_there_are_fifty(void **state)
{
    (void)state;
    struct etm_channel_view view;
    assert_true(etm_read_channel(ALL_CHANNELS - 1, &view));
    assert_false(etm_read_channel(ALL_CHANNELS, &view));

    esp_etm_channel_handle_t channels[ALL_CHANNELS];
    for (unsigned round = 0; round < 20; round++) {
        for (unsigned i = 0; i < ALL_CHANNELS; i++) {
            channels[i] = new_channel();
            for (unsigned j = 0; j < i; j++) {
                assert_ptr_not_equal(channels[i], channels[j]);
            }
        }
        for (unsigned i = 0; i < ALL_CHANNELS; i++) {
            assert_ok(esp_etm_del_channel(channels[i]));
        }
    }
}

static void test_the_fifty_first_is_refused(void **state)
{
    (void)state;
    esp_etm_channel_handle_t channels[ALL_CHANNELS];
    for (unsigned i = 0; i < ALL_CHANNELS; i++) {
        channels[i] = new_channel();
    }
    esp_etm_channel_handle_t more = NULL;
    assert_refused(esp_etm_new_channel(&plain, &more), ESP_ERR_NOT_FOUND, "all 50 channels are in use");
    assert_null(more);

    for (unsigned i = 0; i < ALL_CHANNELS;
         i += 7) { /* any one given back can be had again, and no more than it */
        assert_ok(esp_etm_del_channel(channels[i]));
        channels[i] = new_channel();
        assert_int_equal(esp_etm_new_channel(&plain, &more), ESP_ERR_NOT_FOUND);
    }
    for (unsigned i = 0; i < ALL_CHANNELS; i++) {
        assert_ok(esp_etm_del_channel(channels[i]));
    }
}

static void test_null_is_refused(void **state)
{
    (void)state;
    assert_refused(esp_etm_del_channel(NULL), ESP_ERR_INVALID_ARG, "esp_etm_del_channel: chan is NULL");
    assert_refused(esp_etm_channel_enable(NULL), ESP_ERR_INVALID_ARG, "esp_etm_channel_enable: chan is NULL");
    assert_refused(esp_etm_channel_disable(NULL), ESP_ERR_INVALID_ARG,
                   "esp_etm_channel_disable: chan is NULL");
    assert_refused(esp_etm_channel_connect(NULL, NULL, NULL), ESP_ERR_INVALID_ARG,
                   "esp_etm_channel_connect: chan is NULL");
}

static void test_a_deleted_channel_is_refused(void **state)
{
    (void)state;
    esp_etm_channel_handle_t stale = new_channel();
    assert_ok(esp_etm_del_channel(stale));
    assert_refused(esp_etm_del_channel(stale), ESP_ERR_INVALID_ARG, "was deleted");
    assert_refused(esp_etm_channel_enable(stale), ESP_ERR_INVALID_ARG, "was deleted");
    assert_refused(esp_etm_channel_disable(stale), ESP_ERR_INVALID_ARG, "was deleted");
    assert_refused(esp_etm_channel_connect(stale, NULL, NULL), ESP_ERR_INVALID_ARG, "was deleted");
    assert_int_equal(channels_in_use(), 0);
}

static void test_an_enabled_channel_is_not_deleted(void **state)
{
    (void)state;
    struct etm_source source = {0};
    atomic_uint runs = 0;
    esp_etm_event_handle_t event = new_event(&source);
    esp_etm_task_handle_t task = new_task(count_run, &runs);
    esp_etm_channel_handle_t channel = wire(event, task);
    assert_refused(esp_etm_del_channel(channel), ESP_ERR_INVALID_STATE, "disable it first");
    pulse(&source);
    assert_int_equal(runs, 1); /* and works as before */
    unwire(channel);
    assert_ok(esp_etm_del_task(task));
    assert_ok(esp_etm_del_event(event));
}

static void test_enable_and_disable_alternate(void **state)
{
    (void)state;
    esp_etm_channel_handle_t channel = new_channel();
    for (unsigned i = 0; i < 100; i++) {
        assert_ok(esp_etm_channel_enable(channel));
        assert_refused(esp_etm_channel_enable(channel), ESP_ERR_INVALID_STATE, "enabled");
        assert_ok(esp_etm_channel_disable(channel));
        assert_refused(esp_etm_channel_disable(channel), ESP_ERR_INVALID_STATE, "not enabled");
    }
    assert_ok(esp_etm_del_channel(channel));
}

static void test_a_channel_taken_again_is_as_new(void **state)
{
    (void)state;
    struct etm_source source = {0};
    atomic_uint runs = 0;
    esp_etm_event_handle_t event = new_event(&source);
    esp_etm_task_handle_t task = new_task(count_run, &runs);
    unwire(wire(event, task));

    esp_etm_channel_handle_t again = new_channel();
    assert_ok(esp_etm_channel_enable(again)); /* a forgotten connection would listen now */
    assert_int_equal(source.channels, 0);
    pulse(&source);
    assert_int_equal(runs, 0);
    unwire(again);
    assert_ok(esp_etm_del_task(task));
    assert_ok(esp_etm_del_event(event));
}

static void test_connect_with_open_sides(void **state)
{
    (void)state;
    struct etm_source source = {0};
    atomic_uint runs = 0;
    esp_etm_event_handle_t event = new_event(&source);
    esp_etm_task_handle_t task = new_task(count_run, &runs);
    esp_etm_channel_handle_t channel = wire(NULL, NULL);
    const struct {
        esp_etm_event_handle_t event;
        esp_etm_task_handle_t task;
        unsigned runs;
    } rows[] = {{event, NULL, 0}, {NULL, task, 0}, {event, task, 1}, {NULL, NULL, 0}, {event, task, 1}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        runs = 0;
        assert_ok(esp_etm_channel_connect(channel, rows[i].event, rows[i].task));
        pulse(&source);
        assert_int_equal(runs, rows[i].runs);
        assert_int_equal(source.channels, rows[i].runs);
    }
    unwire(channel);
    assert_ok(esp_etm_del_task(task));
    assert_ok(esp_etm_del_event(event));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        etm_test(test_new_refuses_null),
        etm_test(test_new_refuses_power_down),
        etm_test(test_new_needs_no_memory),
        etm_test(test_new_is_disabled_and_open),
        etm_test(test_there_are_fifty),
        etm_test(test_the_fifty_first_is_refused),
        etm_test(test_null_is_refused),
        etm_test(test_a_deleted_channel_is_refused),
        etm_test(test_an_enabled_channel_is_not_deleted),
        etm_test(test_enable_and_disable_alternate),
        etm_test(test_a_channel_taken_again_is_as_new),
        etm_test(test_connect_with_open_sides),
    };
    return cmocka_run_group_tests_name("etm channels", tests, NULL, NULL);
}
