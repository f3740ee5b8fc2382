/* SPDX-License-Identifier: Apache-2.0 */
/* What may block stops the program in interrupt context, and says which call in which callback it was. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "child.h"
#include "esp_async_memcpy_ext.h"
#include "esp_log.h"
#include "freertos/FreeRTOS.h"
#include "freertos/semphr.h"
#include "freertos/task.h"
#include "port.h"
#include "symbol.h"

static SemaphoreHandle_t binary;
static SemaphoreHandle_t mutex;
static TickType_t tick;

static void take(void)
{
    xSemaphoreTake(binary, 1);
}

static void take_for_ever(void)
{
    xSemaphoreTake(binary, portMAX_DELAY);
}

static void take_what_is_there(void)
{
    xSemaphoreGiveFromISR(binary, NULL);
    xSemaphoreTake(binary, 1); /* would not block today */
}

static void take_mutex(void)
{
    xSemaphoreTake(mutex, 0);
}

static void take_recursive(void)
{
    xSemaphoreTakeRecursive(mutex, 0);
}

static void give(void)
{
    xSemaphoreGive(binary);
}

static void give_recursive(void)
{
    xSemaphoreGiveRecursive(mutex);
}

static void delay(void)
{
    vTaskDelay(1);
}

static void delay_zero(void)
{
    vTaskDelay(0);
}

static void delay_until(void)
{
    xTaskDelayUntil(&tick, 1);
}

static void notify_take(void)
{
    ulTaskNotifyTake(pdTRUE, 0);
}

static void notify_wait(void)
{
    xTaskNotifyWait(0, 0, NULL, 0);
}

static void notify(void)
{
    xTaskNotify(xTaskGetCurrentTaskHandle(), 0, eNoAction);
}

static void notify_give(void)
{
    xTaskNotifyGive(xTaskGetCurrentTaskHandle());
}

static void create(void)
{
    xTaskCreate((TaskFunction_t)NULL, "x", 0, NULL, 0, NULL);
}

static void create_pinned(void)
{
    xTaskCreatePinnedToCore((TaskFunction_t)NULL, "x", 0, NULL, 0, NULL, 0);
}

static void delete_self(void)
{
    vTaskDelete(NULL);
}

static void log_a_line(void)
{
    ESP_LOGI("tag", "line");
}

#define STATIC_CALLBACK(body, call)                                                                          \
    {                                                                                                        \
        body, #body "()", call                                                                               \
    }

static const struct {
    void (*callback)(void);
    const char *name;
    const char *call;
} cases[] = {
    STATIC_CALLBACK(take, "xSemaphoreTake()"),
    STATIC_CALLBACK(take_for_ever, "xSemaphoreTake()"),
    STATIC_CALLBACK(take_what_is_there, "xSemaphoreTake()"),
    STATIC_CALLBACK(take_mutex, "xSemaphoreTake()"),
    STATIC_CALLBACK(take_recursive, "xSemaphoreTakeRecursive()"),
    STATIC_CALLBACK(give, "xSemaphoreGive()"),
    STATIC_CALLBACK(give_recursive, "xSemaphoreGiveRecursive()"),
    STATIC_CALLBACK(delay, "vTaskDelay()"),
    STATIC_CALLBACK(delay_zero, "vTaskDelay()"),
    STATIC_CALLBACK(delay_until, "xTaskDelayUntil()"),
    STATIC_CALLBACK(notify_take, "ulTaskNotifyTake()"),
    STATIC_CALLBACK(notify_wait, "xTaskNotifyWait()"),
    STATIC_CALLBACK(notify, "xTaskNotify()"),
    STATIC_CALLBACK(notify_give, "xTaskNotifyGive()"),
    STATIC_CALLBACK(create, "xTaskCreate()"),
    STATIC_CALLBACK(create_pinned, "xTaskCreate()"),
    STATIC_CALLBACK(delete_self, "vTaskDelete()"),
    STATIC_CALLBACK(log_a_line, "ESP_LOGx()"),
};

static size_t current;

static int run_in_isr(void)
{
    port_isr_enter();
    port_isr_callback(cases[current].callback);
    cases[current].callback();
    port_isr_callback(NULL);
    port_isr_leave();
    return 0;
}

static void each_call_stops_naming_itself_and_the_static_callback(void **state)
{
    (void)state;
    for (current = 0; current < sizeof cases / sizeof cases[0]; current++) {
        char call[64];
        char callback[64];
        snprintf(call, sizeof call, "%s is for tasks", cases[current].call);
        snprintf(callback, sizeof callback, "from the callback %s\n", cases[current].name);
        assert_stops(run_in_isr, (const char *const[]){call, "interrupt context", callback, NULL});
    }
}

static int delay_in_isr_without_callback(void)
{
    port_isr_enter();
    vTaskDelay(1);
    return 0;
}

static void it_stops_without_a_callback_too(void **state)
{
    (void)state;
    assert_stops(delay_in_isr_without_callback,
                 (const char *const[]){"vTaskDelay() is for tasks", "in interrupt context\n", NULL});
}

/* ---- In a driver's own completion context ---- */

static bool delay_in_callback(async_memcpy_t driver, async_memcpy_event_t *event, void *argument)
{
    (void)driver, (void)event, (void)argument;
    vTaskDelay(1);
    return false;
}

static void delay_in_function_task(void *argument)
{
    (void)argument;
    vTaskDelay(1);
}

/* Copy one byte with this callback and, if there is a function, an ETM channel to it. */
static int copy_with(async_memcpy_isr_cb_t callback, void (*function)(void *))
{
    static char from, to;
    async_memcpy_config_t config = ASYNC_MEMCPY_DEFAULT_CONFIG();
    async_memcpy_t driver = NULL;
    ESP_ERROR_CHECK(esp_async_memcpy_install(&config, &driver));
    if (function != NULL) {
        esp_etm_channel_config_t plain = {{0}};
        esp_etm_channel_handle_t channel;
        esp_etm_event_handle_t event;
        esp_etm_task_handle_t task;
        ESP_ERROR_CHECK(esp_etm_new_channel(&plain, &channel));
        ESP_ERROR_CHECK(esp_async_memcpy_new_etm_event(driver, ASYNC_MEMCPY_ETM_EVENT_COPY_DONE, &event));
        ESP_ERROR_CHECK(esp_etm_new_function_task(function, NULL, &task));
        ESP_ERROR_CHECK(esp_etm_channel_connect(channel, event, task));
        ESP_ERROR_CHECK(esp_etm_channel_enable(channel));
    }
    ESP_ERROR_CHECK(esp_async_memcpy(driver, &to, &from, 1, callback, NULL));
    return esp_async_memcpy_wait(driver, -1);
}

static int copy_with_delaying_callback(void)
{
    return copy_with(delay_in_callback, NULL);
}

static int copy_with_delaying_function_task(void)
{
    return copy_with(NULL, delay_in_function_task);
}

static void a_drivers_callback_and_function_task_are_named(void **state)
{
    (void)state;
    assert_stops(
        copy_with_delaying_callback,
        (const char *const[]){"vTaskDelay() is for tasks", "from the callback delay_in_callback()\n", NULL});
    assert_stops(copy_with_delaying_function_task,
                 (const char *const[]){"vTaskDelay() is for tasks",
                                       "from the callback delay_in_function_task()\n", NULL});
}

static int do_all_that_is_allowed(void)
{
    BaseType_t woken = pdFALSE;
    TaskHandle_t self = xTaskGetCurrentTaskHandle();
    portMUX_TYPE mux = portMUX_INITIALIZER_UNLOCKED;
    port_isr_enter();
    BaseType_t told = xPortInIsrContext();
    xSemaphoreGiveFromISR(binary, &woken);
    xSemaphoreTake(binary, 0);
    xSemaphoreTakeFromISR(binary, &woken);
    uxSemaphoreGetCount(binary);
    vTaskNotifyGiveFromISR(self, &woken);
    xTaskNotifyFromISR(self, 1, eSetBits, &woken);
    tick = xTaskGetTickCountFromISR();
    portENTER_CRITICAL_ISR(&mux);
    portEXIT_CRITICAL_ISR(&mux);
    portYIELD_FROM_ISR(woken);
    taskYIELD();
    ESP_LOGD("tag", "below the level");
    ESP_EARLY_LOGI("tag", "line");
    ESP_DRAM_LOGI("tag", "line");
    port_isr_leave();
    return told == pdTRUE && xPortInIsrContext() == pdFALSE ? 0 : 1;
}

static void what_cannot_block_works(void **state)
{
    (void)state;
    assert_child_passes(do_all_that_is_allowed);
}

static void names_are_found_in_libraries_and_cut_to_fit(void **state)
{
    (void)state;
    char name[64];
    compat_symbol_name((void (*)(void))run_in_isr, name, sizeof name);
    assert_string_equal(name, "run_in_isr()");
    compat_symbol_name((void (*)(void))run_in_isr, name, 5);
    assert_string_equal(name, "run_");
    /* The C library has been stripped: file and offset, for addr2line. */
    compat_symbol_name((void (*)(void))getenv, name, sizeof name);
    assert_true(strstr(name, "getenv") != NULL || strstr(name, "+0x") != NULL);
    static char no_code;
    compat_symbol_name((void (*)(void))(uintptr_t)&no_code, name, sizeof name);
    assert_non_null(strstr(name, "+0x"));
    compat_symbol_name((void (*)(void))(uintptr_t)8, name, sizeof name);
    assert_string_equal(name, "0x8");
}

int main(void)
{
    binary = xSemaphoreCreateBinary();
    mutex = xSemaphoreCreateMutex();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_call_stops_naming_itself_and_the_static_callback),
        cmocka_unit_test(it_stops_without_a_callback_too),
        cmocka_unit_test(a_drivers_callback_and_function_task_are_named),
        cmocka_unit_test(what_cannot_block_works),
        cmocka_unit_test(names_are_found_in_libraries_and_cut_to_fit),
    };
    int failed = cmocka_run_group_tests_name("compat: interrupt context", tests, NULL, NULL);
    vSemaphoreDelete(binary);
    vSemaphoreDelete(mutex);
    return failed;
}
