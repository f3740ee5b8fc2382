/* SPDX-License-Identifier: Apache-2.0 */
/* Channels whose two sides are the chip's: what the matrix is told, and when. */
#include "fixture.h"

#include <stdio.h>

/* One driver's event and one pin's task. A fresh chip gives pair 0 and GPIO channel 0, and the lowest
 * channel. */
#define EVENT (GDMA_EVENT_IN_SUC_EOF)
#define TASK  (ETM_TASK_GPIO_TOGGLE)

struct sides {
    async_memcpy_t driver;
    esp_etm_event_handle_t event;
    esp_etm_task_handle_t task;
};

static struct sides new_sides(void)
{
    struct sides sides;
    sides.driver = install(1);
    sides.event = new_event(sides.driver);
    sides.task = new_pin_task(GPIO_ETM_TASK_ACTION_TOG, PIN);
    return sides;
}

static void del_sides(struct sides *sides)
{
    assert_ok(esp_etm_del_event(sides->event));
    del_pin_task(sides->task, PIN);
    uninstall(sides->driver);
}

static void channel_is_programmed_once_both_sides_are_there(void **state)
{
    (void)state;
    struct sides sides = new_sides();
    esp_etm_channel_handle_t channel = new_channel();
    assert_ok(esp_etm_channel_connect(channel, sides.event, sides.task));
    assert_true(carries_nothing(0));
    assert_ok(esp_etm_channel_enable(channel));
    assert_true(carries(0, EVENT, TASK));
    assert_ok(esp_etm_channel_disable(channel));
    assert_true(carries_nothing(0));
    assert_ok(esp_etm_channel_connect(channel, sides.event, NULL));
    assert_ok(esp_etm_channel_enable(channel));
    assert_true(carries_nothing(0));
    assert_ok(esp_etm_channel_connect(channel, NULL, sides.task));
    assert_true(carries_nothing(0));
    assert_ok(esp_etm_channel_connect(channel, sides.event, sides.task));
    assert_true(carries(0, EVENT, TASK));
    unwire(channel);
    assert_true(carries_nothing(0));
    del_sides(&sides);
}

static void whatever_ends_a_side_clears_the_channel(void **state)
{
    (void)state;
    struct sides sides = new_sides();
    esp_etm_channel_handle_t channel = wire(sides.event, sides.task);
    assert_ok(esp_etm_channel_connect(channel, NULL, NULL));
    assert_true(carries_nothing(0));
    assert_ok(esp_etm_channel_connect(channel, sides.event, sides.task));
    assert_ok(esp_etm_del_event(sides.event));
    assert_true(carries_nothing(0));
    sides.event = new_event(sides.driver);
    assert_ok(esp_etm_channel_connect(channel, sides.event, sides.task));
    assert_true(carries(0, EVENT, TASK));
    del_pin_task(sides.task, PIN);
    assert_true(carries_nothing(0));
    sides.task = new_pin_task(GPIO_ETM_TASK_ACTION_TOG, PIN);
    assert_ok(esp_etm_channel_connect(channel, sides.event, sides.task));
    assert_true(carries(0, EVENT, TASK));
    uninstall(sides.driver);
    assert_true(carries_nothing(0));
    sides.driver = install(1);
    assert_true(carries_nothing(0));
    unwire(channel);
    del_sides(&sides);
}

static void change_is_clear_then_numbers_then_set(void **state)
{
    (void)state;
    struct sides sides = new_sides();
    esp_etm_task_handle_t set = new_pin_task(GPIO_ETM_TASK_ACTION_SET, PIN + 1);
    esp_etm_channel_handle_t channel = wire(sides.event, sides.task);
    struct write writes[WRITES_KEPT];
    forget_writes();
    assert_ok(esp_etm_channel_connect(channel, sides.event, set));
    assert_int_equal(etm_writes(writes), 4);
    assert_int_equal(writes[0].address, etm_enable(0, ETM_CLR));
    assert_int_equal(writes[0].value, 1);
    assert_int_equal(writes[3].address, etm_enable(0, ETM_SET));
    assert_int_equal(writes[3].value, 1);
    assert_true(carries(0, EVENT, ETM_TASK_GPIO_SET + 1));
    forget_writes();
    assert_ok(esp_etm_channel_connect(channel, sides.event, set)); /* no change */
    assert_int_equal(etm_writes(writes), 0);
    unwire(channel);
    del_pin_task(set, PIN + 1);
    del_sides(&sides);
}

static void every_channel_is_the_hardwares_of_its_number(void **state)
{
    (void)state;
    struct sides sides = new_sides();
    esp_etm_channel_handle_t channels[CHIP_ETM_CHANNELS];
    for (unsigned i = 0; i < CHIP_ETM_CHANNELS; i++) {
        assert_true(carries_nothing(i));
        channels[i] = wire(sides.event, sides.task);
        assert_true(carries(i, EVENT, TASK));
    }
    const esp_etm_channel_config_t config = {.flags = {.allow_pd = 0}};
    esp_etm_channel_handle_t none = NULL;
    assert_refused(esp_etm_new_channel(&config, &none), ESP_ERR_NOT_FOUND, "50");
    for (unsigned i = 0; i < CHIP_ETM_CHANNELS; i++) {
        unwire(channels[i]);
        assert_true(carries_nothing(i));
    }
    del_sides(&sides);
}

/* ---- Two worlds in one program ---- */

static void count(void *argument)
{
    atomic_fetch_add((atomic_uint *)argument, 1);
}

static async_memcpy_t install_threads(void)
{
    async_memcpy_config_t config = ASYNC_MEMCPY_DEFAULT_CONFIG();
    async_memcpy_t driver = NULL;
    assert_ok(esp_async_memcpy_install_threads(&config, &driver));
    return driver;
}

static void hardware_and_software_do_not_meet_in_a_channel(void **state)
{
    (void)state;
    atomic_uint counted = 0;
    struct sides sides = new_sides();
    async_memcpy_t threads = install_threads();
    esp_etm_event_handle_t software_event = new_event(threads);
    esp_etm_task_handle_t function = NULL;
    assert_ok(esp_etm_new_function_task(count, &counted, &function));
    esp_etm_channel_handle_t channel = wire(sides.event, sides.task);
    assert_refused(esp_etm_channel_connect(channel, software_event, sides.task), ESP_ERR_NOT_SUPPORTED,
                   "chip");
    assert_refused(esp_etm_channel_connect(channel, sides.event, function), ESP_ERR_NOT_SUPPORTED, "chip");
    assert_true(carries(0, EVENT, TASK)); /* as it was */
    assert_ok(esp_etm_channel_connect(channel, software_event, function));
    assert_true(carries_nothing(0));
    raise_event(threads);
    raise_event(sides.driver);
    assert_int_equal(atomic_load(&counted), 1);
    unwire(channel);
    assert_ok(esp_etm_del_task(function));
    assert_ok(esp_etm_del_event(software_event));
    uninstall(threads);
    del_sides(&sides);
}

static void hardware_and_software_live_side_by_side(void **state)
{
    (void)state;
    atomic_uint counted = 0;
    struct sides sides = new_sides();
    async_memcpy_t threads = install_threads();
    esp_etm_event_handle_t software_event = new_event(threads);
    esp_etm_task_handle_t function = NULL;
    assert_ok(esp_etm_new_function_task(count, &counted, &function));
    esp_etm_channel_handle_t to_pin = wire(sides.event, sides.task);
    esp_etm_channel_handle_t to_function = wire(software_event, function);
    uint32_t changes = softchip_pin_changes(PIN);
    for (unsigned i = 0; i < 10; i++) {
        raise_event(threads);
        raise_event(sides.driver);
        raise_event(sides.driver);
    }
    assert_int_equal(atomic_load(&counted), 10);
    assert_int_equal(softchip_pin_changes(PIN) - changes, 20);
    unwire(to_function);
    unwire(to_pin);
    assert_ok(esp_etm_del_task(function));
    assert_ok(esp_etm_del_event(software_event));
    uninstall(threads);
    del_sides(&sides);
}

static void dump_tells_the_hardwares_numbers(void **state)
{
    (void)state;
    struct sides sides = new_sides();
    esp_etm_channel_handle_t channel = wire(sides.event, sides.task);
    char text[512] = "";
    FILE *out = fmemopen(text, sizeof text, "w");
    assert_non_null(out);
    assert_ok(esp_etm_dump(out));
    fclose(out);
    assert_non_null(strstr(text, "hardware 141"));
    assert_non_null(strstr(text, "hardware 17"));
    unwire(channel);
    del_sides(&sides);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        chip_test(channel_is_programmed_once_both_sides_are_there),
        chip_test(whatever_ends_a_side_clears_the_channel),
        chip_test(change_is_clear_then_numbers_then_set),
        chip_test(every_channel_is_the_hardwares_of_its_number),
        chip_test(hardware_and_software_do_not_meet_in_a_channel),
        chip_test(hardware_and_software_live_side_by_side),
        chip_test(dump_tells_the_hardwares_numbers),
    };
    return cmocka_run_group_tests(tests, switch_chip_on, NULL);
}
