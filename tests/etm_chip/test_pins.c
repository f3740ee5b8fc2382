/* SPDX-License-Identifier: Apache-2.0 */
/* Pins as outputs, and their ETM tasks. */
#include "fixture.h"

#define NO_PIN ((int)CHIP_GPIO_PINS)

/* ---- Outputs ---- */

static void output_follows_its_level(void **state)
{
    (void)state;
    const gpio_config_t output = {.pin_bit_mask = BIT64(PIN), .mode = GPIO_MODE_INPUT_OUTPUT};
    assert_ok(gpio_set_level(PIN, 1));
    assert_int_equal(gpio_get_level(PIN), 0); /* no output yet */
    assert_ok(gpio_config(&output));
    assert_int_equal(gpio_get_level(PIN), 1);
    assert_ok(gpio_set_level(PIN, 0));
    assert_int_equal(gpio_get_level(PIN), 0);
    assert_ok(gpio_set_level(PIN, 2)); /* anything but 0 is high */
    assert_int_equal(gpio_get_level(PIN), 1);
    assert_ok(gpio_set_direction(PIN, GPIO_MODE_INPUT));
    assert_int_equal(gpio_get_level(PIN), 0);
    assert_ok(gpio_set_direction(PIN, GPIO_MODE_OUTPUT));
    assert_int_equal(gpio_get_level(PIN), 1);
    assert_ok(gpio_reset_pin(PIN));
    assert_int_equal(gpio_get_level(PIN), 0);
    assert_ok(gpio_set_level(PIN, 0));
}

static void one_call_configures_many_pins_and_no_others(void **state)
{
    (void)state;
    const gpio_config_t outputs = {.pin_bit_mask = BIT64(0) | BIT64(3) | BIT64(CHIP_GPIO_PINS - 1),
                                   .mode = GPIO_MODE_OUTPUT,
                                   .pull_down_en = GPIO_PULLDOWN_ENABLE};
    for (int pin = 0; pin < NO_PIN; pin++) {
        assert_ok(gpio_set_level(pin, 1));
    }
    assert_ok(gpio_config(&outputs));
    for (int pin = 0; pin < NO_PIN; pin++) {
        assert_int_equal(gpio_get_level(pin), outputs.pin_bit_mask >> pin & 1);
        assert_ok(gpio_reset_pin(pin));
        assert_ok(gpio_set_level(pin, 0));
    }
}

static void pins_that_the_chip_lacks_are_refused(void **state)
{
    (void)state;
    const gpio_config_t none = {.mode = GPIO_MODE_OUTPUT};
    const gpio_config_t beyond = {.pin_bit_mask = BIT64(NO_PIN), .mode = GPIO_MODE_OUTPUT};
    assert_refused(gpio_config(NULL), ESP_ERR_INVALID_ARG, "mask");
    assert_refused(gpio_config(&none), ESP_ERR_INVALID_ARG, "mask");
    assert_refused(gpio_config(&beyond), ESP_ERR_INVALID_ARG, "mask");
    const int bad[] = {-1, NO_PIN, 1000};
    for (unsigned i = 0; i < sizeof bad / sizeof *bad; i++) {
        assert_refused(gpio_set_level(bad[i], 1), ESP_ERR_INVALID_ARG, "gpio_set_level");
        assert_refused(gpio_set_direction(bad[i], GPIO_MODE_OUTPUT), ESP_ERR_INVALID_ARG,
                       "gpio_set_direction");
        assert_refused(gpio_reset_pin(bad[i]), ESP_ERR_INVALID_ARG, "gpio_reset_pin");
        assert_int_equal(gpio_get_level(bad[i]), 0);
    }
}

static void inputs_that_act_and_open_drain_are_refused(void **state)
{
    (void)state;
    const gpio_config_t interrupt = {
        .pin_bit_mask = BIT64(PIN), .mode = GPIO_MODE_INPUT, .intr_type = GPIO_INTR_POSEDGE};
    const gpio_config_t open_drain = {.pin_bit_mask = BIT64(PIN), .mode = GPIO_MODE_OUTPUT_OD};
    assert_refused(gpio_config(&interrupt), ESP_ERR_NOT_SUPPORTED, "GPIO_INTR_DISABLE");
    assert_refused(gpio_config(&open_drain), ESP_ERR_NOT_SUPPORTED, "GPIO_MODE_OUTPUT");
    assert_refused(gpio_set_direction(PIN, GPIO_MODE_INPUT_OUTPUT_OD), ESP_ERR_NOT_SUPPORTED,
                   "GPIO_MODE_OUTPUT");
}

/* ---- Tasks ---- */

static void event_sets_clears_and_toggles(void **state)
{
    (void)state;
    static const struct {
        gpio_etm_task_action_t action;
        int levels[3]; /* before, after one event, after two */
    } cases[] = {{GPIO_ETM_TASK_ACTION_SET, {0, 1, 1}},
                 {GPIO_ETM_TASK_ACTION_CLR, {1, 0, 0}},
                 {GPIO_ETM_TASK_ACTION_TOG, {0, 1, 0}}};
    async_memcpy_t driver = install(1);
    esp_etm_event_handle_t event = new_event(driver);
    for (unsigned i = 0; i < sizeof cases / sizeof *cases; i++) {
        esp_etm_task_handle_t task = new_pin_task(cases[i].action, PIN);
        esp_etm_channel_handle_t channel = wire(event, task);
        assert_ok(gpio_set_level(PIN, (uint32_t)cases[i].levels[0]));
        assert_ok(gpio_set_direction(PIN + 1, GPIO_MODE_OUTPUT)); /* a neighbour, not on the task */
        for (unsigned events = 0; events < 3; events++) {
            assert_int_equal(gpio_get_level(PIN), cases[i].levels[events]);
            assert_int_equal(gpio_get_level(PIN + 1), 0);
            raise_event(driver);
        }
        assert_ok(gpio_reset_pin(PIN + 1));
        unwire(channel);
        del_pin_task(task, PIN);
    }
    assert_ok(esp_etm_del_event(event));
    uninstall(driver);
}

static void several_actions_share_their_pins(void **state)
{
    (void)state;
    const gpio_etm_task_config_t both = {.actions = {GPIO_ETM_TASK_ACTION_SET, GPIO_ETM_TASK_ACTION_CLR}};
    esp_etm_task_handle_t set = NULL, clear = NULL;
    async_memcpy_t drivers[] = {install(1), install(1)};
    esp_etm_event_handle_t events[] = {new_event(drivers[0]), new_event(drivers[1])};
    assert_ok(gpio_set_direction(PIN, GPIO_MODE_OUTPUT));
    assert_ok(gpio_new_etm_task(&both, &set, &clear));
    assert_ok(gpio_etm_task_add_gpio(set, PIN));
    assert_refused(gpio_etm_task_add_gpio(clear, PIN), ESP_ERR_INVALID_STATE, "already");
    esp_etm_channel_handle_t channels[] = {wire(events[0], set), wire(events[1], clear)};
    raise_event(drivers[0]);
    assert_int_equal(gpio_get_level(PIN), 1);
    raise_event(drivers[1]);
    assert_int_equal(gpio_get_level(PIN), 0);
    assert_ok(esp_etm_del_task(set)); /* not the last: the pin stays with the other */
    assert_refused(esp_etm_del_task(clear), ESP_ERR_INVALID_STATE, "pins");
    assert_ok(gpio_etm_task_rm_gpio(clear, PIN));
    assert_ok(esp_etm_del_task(clear));
    for (unsigned i = 0; i < 2; i++) {
        unwire(channels[i]);
        assert_ok(esp_etm_del_event(events[i]));
        uninstall(drivers[i]);
    }
    assert_ok(gpio_reset_pin(PIN));
}

static void eight_channels_and_no_more(void **state)
{
    (void)state;
    const gpio_etm_task_config_t config = {.action = GPIO_ETM_TASK_ACTION_TOG};
    esp_etm_task_handle_t tasks[ETM_GPIO_CHANNELS], untouched = (esp_etm_task_handle_t)&config,
                                                    more = untouched;
    for (unsigned round = 0; round < 3; round++) {
        for (unsigned i = 0; i < ETM_GPIO_CHANNELS; i++) {
            assert_ok(gpio_new_etm_task(&config, &tasks[i]));
        }
        assert_refused(gpio_new_etm_task(&config, &more), ESP_ERR_NOT_FOUND, "in use");
        assert_ptr_equal(more, untouched);
        for (unsigned i = 0; i < ETM_GPIO_CHANNELS; i++) {
            assert_ok(esp_etm_del_task(tasks[i]));
        }
    }
}

static void bad_configurations_of_tasks_are_refused(void **state)
{
    (void)state;
    const gpio_etm_task_config_t good = {.action = GPIO_ETM_TASK_ACTION_TOG};
    const gpio_etm_task_config_t none = {.action = (gpio_etm_task_action_t)0};
    const gpio_etm_task_config_t unknown = {.action = (gpio_etm_task_action_t)4};
    const gpio_etm_task_config_t twice = {.actions = {GPIO_ETM_TASK_ACTION_SET, GPIO_ETM_TASK_ACTION_SET}};
    const gpio_etm_task_config_t both = {.actions = {GPIO_ETM_TASK_ACTION_SET, GPIO_ETM_TASK_ACTION_CLR}};
    esp_etm_task_handle_t task = NULL, other = NULL;
    assert_refused(gpio_new_etm_task(NULL, &task), ESP_ERR_INVALID_ARG, "config");
    assert_refused(gpio_new_etm_task(&good, NULL), ESP_ERR_INVALID_ARG, "ret_task");
    assert_refused(gpio_new_etm_task(&none, &task), ESP_ERR_INVALID_ARG, "actions");
    assert_refused(gpio_new_etm_task(&unknown, &task), ESP_ERR_INVALID_ARG, "actions");
    assert_refused(gpio_new_etm_task(&twice, &task, &other), ESP_ERR_INVALID_ARG, "actions");
    assert_refused(gpio_new_etm_task(&both, &task, (esp_etm_task_handle_t *)NULL), ESP_ERR_INVALID_ARG,
                   "ret_task");
    for (unsigned countdown = 1; countdown <= 2; countdown++) {
        fail_alloc(countdown);
        assert_refused(gpio_new_etm_task(&both, &task, &other), ESP_ERR_NO_MEM, "memory");
    }
    assert_null(task);
    assert_null(other);
}

static void bad_pins_of_tasks_are_refused(void **state)
{
    (void)state;
    esp_etm_task_handle_t task = new_pin_task(GPIO_ETM_TASK_ACTION_TOG, PIN);
    esp_etm_task_handle_t second = new_pin_task(GPIO_ETM_TASK_ACTION_TOG, PIN + 1);
    esp_etm_task_handle_t copy = NULL;
    async_memcpy_t driver = install(1);
    unsigned char *memory = new_memory(8);
    assert_ok(esp_async_memcpy_new_etm_task(driver, memory, memory + 4, 4, NULL, NULL, &copy));
    assert_refused(gpio_etm_task_add_gpio(NULL, PIN), ESP_ERR_INVALID_ARG, "task (nil)");
    assert_refused(gpio_etm_task_add_gpio(copy, PIN), ESP_ERR_INVALID_ARG, "gpio_new_etm_task");
    assert_refused(gpio_etm_task_rm_gpio(copy, PIN), ESP_ERR_INVALID_ARG, "gpio_new_etm_task");
    assert_refused(gpio_etm_task_add_gpio(task, -1), ESP_ERR_INVALID_ARG, "pin -1");
    assert_refused(gpio_etm_task_add_gpio(task, NO_PIN), ESP_ERR_INVALID_ARG, "pin");
    assert_refused(gpio_etm_task_add_gpio(second, PIN), ESP_ERR_INVALID_STATE, "already");
    assert_refused(gpio_etm_task_rm_gpio(second, PIN), ESP_ERR_INVALID_STATE, "not on this task");
    assert_refused(esp_etm_del_task(task), ESP_ERR_INVALID_STATE, "pins");
    assert_ok(esp_etm_del_task(copy));
    uninstall(driver);
    heap_caps_free(memory);
    del_pin_task(second, PIN + 1);
    del_pin_task(task, PIN);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        chip_test(output_follows_its_level),
        chip_test(one_call_configures_many_pins_and_no_others),
        chip_test(pins_that_the_chip_lacks_are_refused),
        chip_test(inputs_that_act_and_open_drain_are_refused),
        chip_test(event_sets_clears_and_toggles),
        chip_test(several_actions_share_their_pins),
        chip_test(eight_channels_and_no_more),
        chip_test(bad_configurations_of_tasks_are_refused),
        chip_test(bad_pins_of_tasks_are_refused),
    };
    return cmocka_run_group_tests(tests, switch_chip_on, NULL);
}
