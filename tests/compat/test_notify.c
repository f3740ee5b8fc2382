/* SPDX-License-Identifier: Apache-2.0 */
/* freertos/task.h: notifications. */
#include <pthread.h>

#include "check.h"
#include "child.h"
#include "freertos/FreeRTOS.h"
#include "freertos/task.h"
#include "port.h"

#define LONG_TIME pdMS_TO_TICKS(10000) /* longer than any test: its end is a failure */

static TaskHandle_t self;

/* Value 0, nothing pending. */
static int set_up(void **state)
{
    (void)state;
    self = xTaskGetCurrentTaskHandle();
    ulTaskNotifyTake(pdTRUE, 0);
    xTaskNotifyWait(0, UINT32_MAX, NULL, 0);
    return 0;
}

static void gives_are_counted_and_taken_one_by_one_or_all(void **state)
{
    (void)state;
    BaseType_t woken = pdFALSE;
    assert_int_equal(xTaskNotifyGive(self), pdPASS);
    vTaskNotifyGiveFromISR(self, &woken);
    vTaskNotifyGiveFromISR(self, NULL);
    assert_int_equal(woken, pdFALSE); /* it does not wait */
    assert_int_equal(ulTaskNotifyTake(pdFALSE, portMAX_DELAY), 3);
    assert_int_equal(ulTaskNotifyTake(pdTRUE, portMAX_DELAY), 2);
    assert_int_equal(ulTaskNotifyTake(pdTRUE, 0), 0);
}

static void a_take_waits_its_time(void **state)
{
    (void)state;
    TickType_t before = xTaskGetTickCount();
    assert_int_equal(ulTaskNotifyTake(pdFALSE, pdMS_TO_TICKS(30)), 0);
    assert_in_range(xTaskGetTickCount() - before, 30, 5000);
    before = xTaskGetTickCount();
    assert_int_equal(xTaskNotifyWait(0, 0, NULL, pdMS_TO_TICKS(30)), pdFALSE);
    assert_in_range(xTaskGetTickCount() - before, 30, 5000);
}

static void each_action_does_its_own_to_the_value(void **state)
{
    (void)state;
    static const struct {
        eNotifyAction action;
        uint32_t given;
        BaseType_t result;
        uint32_t value;
    } steps[] = {
        {eSetBits, 0x11, pdPASS, 0x11},
        {eSetBits, 0x06, pdPASS, 0x17},
        {eNoAction, 0xff, pdPASS, 0x17},
        {eIncrement, 0xff, pdPASS, 0x18},
        {eSetValueWithoutOverwrite, 0x55, pdFAIL, 0x18}, /* pending */
        {eSetValueWithOverwrite, 0x99, pdPASS, 0x99},
    };
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
        /* With no bits to clear, a wait shows the value and ends the pending state: so notify once more. */
        assert_int_equal(xTaskNotify(self, steps[i].given, steps[i].action), steps[i].result);
        uint32_t value = 0;
        assert_int_equal(xTaskNotifyWait(0, 0, &value, 0), pdTRUE);
        assert_int_equal(value, steps[i].value);
        assert_int_equal(xTaskNotify(self, 0, eNoAction), pdPASS);
    }
    assert_int_equal(xTaskNotifyWait(0, UINT32_MAX, NULL, 0), pdTRUE);
    assert_int_equal(xTaskNotifyFromISR(self, 0x33, eSetValueWithoutOverwrite, NULL),
                     pdPASS); /* none pending */
    assert_int_equal(xTaskNotifyFromISR(self, 0x44, eSetValueWithoutOverwrite, NULL), pdFAIL);
    uint32_t value = 0;
    assert_int_equal(xTaskNotifyWait(0, 0, &value, 0), pdTRUE);
    assert_int_equal(value, 0x33);
}

static void bits_are_cleared_on_entry_only_if_none_is_pending(void **state)
{
    (void)state;
    uint32_t value = 0;
    xTaskNotify(self, 0xff, eSetValueWithOverwrite);
    assert_int_equal(xTaskNotifyWait(0x0f, 0xf0, &value, 0), pdTRUE);
    assert_int_equal(value, 0xff); /* pending: entry plays no part; exit clears afterwards */
    assert_int_equal(xTaskNotifyWait(0x03, 0xff, &value, 0), pdFALSE);
    assert_int_equal(value, 0x0c); /* none pending: entry clears, exit plays no part */
    assert_int_equal(xTaskNotifyWait(0, 0, &value, 2), pdFALSE);
    assert_int_equal(value, 0x0c);
}

static void *notify_later(void *woken)
{
    vTaskDelay(pdMS_TO_TICKS(100)); /* until the other one sleeps */
    port_isr_enter();
    xTaskNotifyFromISR(self, 0x80, eSetBits, woken);
    port_isr_leave();
    return NULL;
}

static void a_waiting_task_is_woken_and_that_is_told(void **state)
{
    (void)state;
    pthread_t thread;
    BaseType_t woken = pdFALSE;
    assert_int_equal(pthread_create(&thread, NULL, notify_later, &woken), 0);
    uint32_t value = 0;
    assert_int_equal(xTaskNotifyWait(0, UINT32_MAX, &value, LONG_TIME), pdTRUE);
    pthread_join(thread, NULL);
    assert_int_equal(value, 0x80);
    assert_int_equal(woken, pdTRUE);
}

static void *poke_later(void *unused)
{
    (void)unused;
    vTaskDelay(pdMS_TO_TICKS(100));
    xTaskNotify(self, 0, eNoAction);
    return NULL;
}

static void a_take_ends_at_a_notification_without_a_value(void **state)
{
    (void)state;
    pthread_t thread;
    TickType_t before = xTaskGetTickCount();
    assert_int_equal(pthread_create(&thread, NULL, poke_later, NULL), 0);
    assert_int_equal(ulTaskNotifyTake(pdTRUE, LONG_TIME), 0);
    assert_in_range(xTaskGetTickCount() - before, 90, LONG_TIME - 1);
    pthread_join(thread, NULL);
}

#define THREADS 4
#define ROUNDS  5000

static void *give_often(void *as_interrupt)
{
    for (int i = 0; i < ROUNDS; i++) {
        if (as_interrupt != NULL) {
            vTaskNotifyGiveFromISR(self, NULL);
        } else {
            xTaskNotifyGive(self);
        }
    }
    return NULL;
}

static void no_give_of_several_threads_is_lost(void **state)
{
    (void)state;
    pthread_t threads[THREADS];
    for (int i = 0; i < THREADS; i++) {
        assert_int_equal(pthread_create(&threads[i], NULL, give_often, i % 2 == 0 ? NULL : &self), 0);
    }
    uint32_t taken = 0;
    for (bool by_one = false; taken < THREADS * ROUNDS; by_one = !by_one) {
        uint32_t value = ulTaskNotifyTake(by_one ? pdFALSE : pdTRUE, LONG_TIME);
        assert_int_not_equal(value, 0);
        taken += by_one ? 1 : value;
    }
    for (int i = 0; i < THREADS; i++) {
        pthread_join(threads[i], NULL);
    }
    assert_int_equal(taken, THREADS * ROUNDS);
    assert_int_equal(ulTaskNotifyTake(pdTRUE, 0), 0);
}

static TaskHandle_t pong;

static void answer(void *asker)
{
    while (ulTaskNotifyTake(pdTRUE, portMAX_DELAY) != 0) {
        xTaskNotifyGive(asker);
    }
    vTaskDelete(NULL);
}

static void two_tasks_hand_a_notification_to_and_fro(void **state)
{
    (void)state;
    assert_int_equal(xTaskCreate(answer, "pong", 4096, self, 1, &pong), pdPASS);
    for (int i = 0; i < ROUNDS; i++) {
        assert_int_equal(xTaskNotifyGive(pong), pdPASS);
        assert_int_equal(ulTaskNotifyTake(pdTRUE, LONG_TIME), 1);
    }
    vTaskDelete(pong);
}

/* ---- No task ---- */

static int notify_nobody(void)
{
    return xTaskNotify(NULL, 1, eSetBits);
}

static int notify_nobody_from_isr(void)
{
    return xTaskNotifyFromISR(NULL, 1, eSetBits, NULL);
}

static int give_nobody(void)
{
    return xTaskNotifyGive(NULL);
}

static int give_nobody_from_isr(void)
{
    vTaskNotifyGiveFromISR(NULL, NULL);
    return 0;
}

static void a_notification_of_null_stops_the_program(void **state)
{
    (void)state;
    assert_stops(notify_nobody, (const char *const[]){"xTaskNotify(): the task is NULL", NULL});
    assert_stops(notify_nobody_from_isr,
                 (const char *const[]){"xTaskNotifyFromISR(): the task is NULL", NULL});
    assert_stops(give_nobody, (const char *const[]){"xTaskNotifyGive(): the task is NULL", NULL});
    assert_stops(give_nobody_from_isr,
                 (const char *const[]){"vTaskNotifyGiveFromISR(): the task is NULL", NULL});
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(gives_are_counted_and_taken_one_by_one_or_all, set_up),
        cmocka_unit_test_setup(a_take_waits_its_time, set_up),
        cmocka_unit_test_setup(each_action_does_its_own_to_the_value, set_up),
        cmocka_unit_test_setup(bits_are_cleared_on_entry_only_if_none_is_pending, set_up),
        cmocka_unit_test_setup(a_waiting_task_is_woken_and_that_is_told, set_up),
        cmocka_unit_test_setup(a_take_ends_at_a_notification_without_a_value, set_up),
        cmocka_unit_test_setup(no_give_of_several_threads_is_lost, set_up),
        cmocka_unit_test_setup(two_tasks_hand_a_notification_to_and_fro, set_up),
        cmocka_unit_test_setup(a_notification_of_null_stops_the_program, set_up),
    };
    return cmocka_run_group_tests_name("compat: notifications", tests, NULL, NULL);
}
