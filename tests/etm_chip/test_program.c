/* SPDX-License-Identifier: Apache-2.0 */
/* A program for the board, which the environment puts on the software chip. */
#include "fixture.h"
#include <stdlib.h>
#include "freertos/FreeRTOS.h"
#include "freertos/task.h"

#define COPIES 19

/* Default engine, a NULL callback, a pause after each copy: the pin is where an odd number of toggles leaves
 * it. */
static void pin_toggles_once_per_copy(void **state)
{
    (void)state;
    async_memcpy_config_t config = ASYNC_MEMCPY_DEFAULT_CONFIG();
    async_memcpy_t driver = NULL;
    assert_ok(esp_async_memcpy_install(&config, &driver));
    esp_etm_event_handle_t event = new_event(driver);
    esp_etm_task_handle_t task = new_pin_task(GPIO_ETM_TASK_ACTION_TOG, PIN);
    esp_etm_channel_handle_t channel = wire(event, task);
    unsigned char *src = new_memory(1024);
    unsigned char *dst = new_memory(1024);
    assert_ok(gpio_set_level(PIN, 1));
    uint32_t changes = softchip_pin_changes(PIN);
    for (unsigned i = 0; i < COPIES; i++) {
        memset(src, (int)i + 1, 1024);
        assert_ok(esp_async_memcpy(driver, dst, src, 1024, NULL, NULL));
        vTaskDelay(pdMS_TO_TICKS(10));
        assert_ok(esp_async_memcpy_wait(driver, -1)); /* for a busy machine */
        assert_memory_equal(dst, src, 1024);
    }
    assert_int_equal(gpio_get_level(PIN), 0);
    assert_int_equal(softchip_pin_changes(PIN) - changes, COPIES);
    heap_caps_free(dst);
    heap_caps_free(src);
    unwire(channel);
    del_pin_task(task, PIN);
    assert_ok(esp_etm_del_event(event));
    uninstall(driver);
}

static void event_comes_once_per_copy_whatever_its_size(void **state)
{
    (void)state;
    const size_t sizes[] = {1, 4095, 4096, 50000};
    async_memcpy_t driver = install(4);
    esp_etm_event_handle_t event = new_event(driver);
    esp_etm_task_handle_t task = new_pin_task(GPIO_ETM_TASK_ACTION_TOG, PIN);
    esp_etm_channel_handle_t channel = wire(event, task);
    unsigned char *src = new_memory(50000);
    unsigned char *dst = new_memory(50000);
    for (unsigned i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        uint32_t changes = softchip_pin_changes(PIN);
        for (unsigned copy = 0; copy < 4; copy++) { /* all in flight at once */
            assert_ok(esp_async_memcpy(driver, dst, src, sizes[i], NULL, NULL));
        }
        assert_ok(esp_async_memcpy_wait(driver, -1));
        assert_int_equal(softchip_pin_changes(PIN) - changes, 4);
    }
    heap_caps_free(dst);
    heap_caps_free(src);
    unwire(channel);
    del_pin_task(task, PIN);
    assert_ok(esp_etm_del_event(event));
    uninstall(driver);
}

static void do_nothing(void *argument)
{
    (void)argument;
}

static void functions_are_no_tasks_of_a_chip(void **state)
{
    (void)state;
    esp_etm_task_handle_t task = NULL;
    assert_refused(esp_etm_new_function_task(do_nothing, NULL, &task), ESP_ERR_NOT_SUPPORTED, "chip");
    assert_null(task);
}

int main(void)
{
    setenv("ASYNC_MEMCPY_CHIP", CHIP_NAME, 1);
    const struct CMUnitTest tests[] = {
        chip_test(pin_toggles_once_per_copy),
        chip_test(event_comes_once_per_copy_whatever_its_size),
        chip_test(functions_are_no_tasks_of_a_chip),
    };
    return cmocka_run_group_tests(tests, switch_chip_on, NULL);
}
