/* SPDX-License-Identifier: Apache-2.0 */
/* A chip without ETM says so, and its pins are pins all the same. */
#include "fixture.h"

static void chip_without_etm_says_so(void **state)
{
    (void)state;
    const gpio_etm_task_config_t config = {.action = GPIO_ETM_TASK_ACTION_TOG};
    esp_etm_event_handle_t event = NULL;
    esp_etm_task_handle_t task = NULL;
    async_memcpy_t driver = install(1);
    unsigned char *memory = new_memory(8);
    assert_refused(esp_async_memcpy_new_etm_event(driver, ASYNC_MEMCPY_ETM_EVENT_COPY_DONE, &event),
                   ESP_ERR_NOT_SUPPORTED, "no events");
    assert_refused(esp_async_memcpy_new_etm_task(driver, memory, memory + 4, 4, NULL, NULL, &task),
                   ESP_ERR_NOT_SUPPORTED, "no ETM");
    assert_refused(gpio_new_etm_task(&config, &task), ESP_ERR_NOT_SUPPORTED, "no ETM");
    assert_null(event);
    assert_null(task);
    raise_event(driver);
    heap_caps_free(memory);
    uninstall(driver);
}

static void pins_work_without_etm(void **state)
{
    (void)state;
    assert_ok(gpio_set_direction(PIN, GPIO_MODE_OUTPUT));
    assert_ok(gpio_set_level(PIN, 1));
    assert_int_equal(gpio_get_level(PIN), 1);
    assert_ok(gpio_set_level(PIN, 0));
    assert_ok(gpio_reset_pin(PIN));
}

int main(void)
{
    const struct CMUnitTest tests[] = {chip_test(chip_without_etm_says_so), chip_test(pins_work_without_etm)};
    return cmocka_run_group_tests(tests, switch_chip_on, NULL);
}
