/* SPDX-License-Identifier: Apache-2.0 */
/* freertos/portmacro.h: critical sections. */
#include <pthread.h>
#include <stdatomic.h>

#include "check.h"
#include "child.h"
#include "freertos/FreeRTOS.h"
#include "freertos/task.h"
#include "port.h"

#define THREADS 4
#define ROUNDS  20000

static portMUX_TYPE mux = portMUX_INITIALIZER_UNLOCKED;
static unsigned counter;
static unsigned nested_counter;

static void enter_nested(void)
{
    portENTER_CRITICAL_SAFE(&mux);
    nested_counter++;
    portEXIT_CRITICAL_SAFE(&mux);
}

static void *count_as_task(void *unused)
{
    (void)unused;
    for (int i = 0; i < ROUNDS; i++) {
        taskENTER_CRITICAL(&mux);
        counter++;
        enter_nested();
        counter++;
        taskEXIT_CRITICAL(&mux);
    }
    return NULL;
}

static void *count_as_interrupt(void *unused)
{
    (void)unused;
    port_isr_enter();
    for (int i = 0; i < ROUNDS; i++) {
        portENTER_CRITICAL_ISR(&mux);
        counter++;
        enter_nested();
        counter++;
        portEXIT_CRITICAL_ISR(&mux);
    }
    port_isr_leave();
    return NULL;
}

static void tasks_and_interrupts_keep_each_other_out(void **state)
{
    (void)state;
    pthread_t threads[THREADS];
    for (int i = 0; i < THREADS; i++) {
        assert_int_equal(
            pthread_create(&threads[i], NULL, i % 2 == 0 ? count_as_task : count_as_interrupt, NULL), 0);
    }
    for (int i = 0; i < THREADS; i++) {
        pthread_join(threads[i], NULL);
    }
    assert_int_equal(counter, 2 * THREADS * ROUNDS);
    assert_int_equal(nested_counter, THREADS * ROUNDS);
}

static portMUX_TYPE first_mux;
static portMUX_TYPE second_mux;
static _Atomic bool inside;

static void *enter_first(void *unused)
{
    (void)unused;
    portENTER_CRITICAL(&first_mux);
    atomic_store(&inside, true);
    portEXIT_CRITICAL(&first_mux);
    return NULL;
}

static void wait_until_inside(int ms)
{
    for (int i = 0; i < ms && !atomic_load(&inside); i++) {
        vTaskDelay(1);
    }
}

static void a_lock_is_held_until_left_as_often_as_entered(void **state)
{
    (void)state;
    portMUX_INITIALIZE(&first_mux);
    pthread_t thread;
    portENTER_CRITICAL(&first_mux);
    portENTER_CRITICAL(&first_mux);
    atomic_store(&inside, false);
    assert_int_equal(pthread_create(&thread, NULL, enter_first, NULL), 0);
    portEXIT_CRITICAL(&first_mux);
    wait_until_inside(50);
    bool too_early = atomic_load(&inside);
    portEXIT_CRITICAL(&first_mux);
    pthread_join(thread, NULL);
    assert_false(too_early);
    assert_true(atomic_load(&inside));
}

static void two_locks_do_not_keep_each_other_out(void **state)
{
    (void)state;
    portMUX_INITIALIZE(&first_mux);
    spinlock_initialize(&second_mux);
    pthread_t thread;
    atomic_store(&inside, false);
    portENTER_CRITICAL(&second_mux);
    assert_int_equal(pthread_create(&thread, NULL, enter_first, NULL), 0);
    wait_until_inside(5000);
    bool entered = atomic_load(&inside);
    portEXIT_CRITICAL(&second_mux);
    pthread_join(thread, NULL);
    assert_true(entered);
}

static int leave_what_was_not_entered(void)
{
    portMUX_TYPE free_mux = portMUX_INITIALIZER_UNLOCKED;
    portEXIT_CRITICAL(&free_mux);
    return 0;
}

static void leaving_what_was_not_entered_stops_the_program(void **state)
{
    (void)state;
    assert_stops(leave_what_was_not_entered,
                 (const char *const[]){"portEXIT_CRITICAL()", "not entered", NULL});
}

static void yield_forms_take_their_arguments(void **state)
{
    (void)state;
    BaseType_t woken = pdTRUE;
    portYIELD_FROM_ISR();
    portYIELD_FROM_ISR(woken);
    portYIELD_FROM_ISR(woken == pdTRUE);
    portYIELD();
    taskYIELD();
    configASSERT(woken == pdTRUE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tasks_and_interrupts_keep_each_other_out),
        cmocka_unit_test(a_lock_is_held_until_left_as_often_as_entered),
        cmocka_unit_test(two_locks_do_not_keep_each_other_out),
        cmocka_unit_test(leaving_what_was_not_entered_stops_the_program),
        cmocka_unit_test(yield_forms_take_their_arguments),
    };
    return cmocka_run_group_tests_name("compat: critical sections", tests, NULL, NULL);
}
