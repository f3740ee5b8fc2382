/* SPDX-License-Identifier: Apache-2.0 */
/* freertos/semphr.h: semaphores and mutexes, from one task and from several. */
#include <stdatomic.h>
#include <pthread.h>
#include <stdlib.h>

#include "check.h"
#include "child.h"
#include "freertos/FreeRTOS.h"
#include "freertos/semphr.h"
#include "freertos/task.h"
#include "port.h"

#define LONG_TIME pdMS_TO_TICKS(10000) /* longer than any test: its end is a failure */

static void a_binary_semaphore_begins_empty_and_holds_one(void **state)
{
    (void)state;
    SemaphoreHandle_t semaphore = xSemaphoreCreateBinary();
    assert_non_null(semaphore);
    assert_int_equal(uxSemaphoreGetCount(semaphore), 0);
    assert_int_equal(xSemaphoreTake(semaphore, 0), pdFALSE);
    assert_int_equal(xSemaphoreGive(semaphore), pdTRUE);
    assert_int_equal(uxSemaphoreGetCount(semaphore), 1);
    assert_int_equal(xSemaphoreGive(semaphore), pdFALSE);
    assert_int_equal(xSemaphoreTake(semaphore, portMAX_DELAY), pdTRUE);
    assert_int_equal(xSemaphoreTake(semaphore, 0), pdFALSE);
    assert_null(xSemaphoreGetMutexHolder(semaphore));
    vSemaphoreDelete(semaphore);
}

static void a_counting_semaphore_counts_to_its_maximum(void **state)
{
    (void)state;
    SemaphoreHandle_t semaphore = xSemaphoreCreateCounting(3, 1);
    assert_int_equal(uxSemaphoreGetCount(semaphore), 1);
    assert_int_equal(xSemaphoreGive(semaphore), pdTRUE);
    assert_int_equal(xSemaphoreGiveFromISR(semaphore, NULL), pdTRUE);
    assert_int_equal(xSemaphoreGive(semaphore), pdFALSE);
    assert_int_equal(xSemaphoreGiveFromISR(semaphore, NULL), pdFALSE);
    for (unsigned left = 3; left > 0; left--) {
        assert_int_equal(uxSemaphoreGetCount(semaphore), left);
        assert_int_equal(xSemaphoreTake(semaphore, 1), pdTRUE);
    }
    assert_int_equal(xSemaphoreTake(semaphore, 0), pdFALSE);
    vSemaphoreDelete(semaphore);
}

static void the_largest_count_is_that_of_its_type(void **state)
{
    (void)state;
    SemaphoreHandle_t semaphore = xSemaphoreCreateCounting(UINT32_MAX, UINT32_MAX - 1);
    assert_int_equal(xSemaphoreGive(semaphore), pdTRUE);
    assert_int_equal(xSemaphoreGive(semaphore), pdFALSE);
    assert_int_equal(uxSemaphoreGetCount(semaphore), UINT32_MAX);
    vSemaphoreDelete(semaphore);
}

static void a_count_that_makes_no_sense_gives_no_semaphore(void **state)
{
    (void)state;
    StaticSemaphore_t memory;
    assert_null(xSemaphoreCreateCounting(0, 0));
    assert_null(xSemaphoreCreateCounting(2, 3));
    assert_null(xSemaphoreCreateCountingStatic(2, 3, &memory));
    assert_null(xSemaphoreCreateBinaryStatic(NULL));
    assert_null(xSemaphoreCreateMutexStatic(NULL));
}

static void static_ones_live_in_the_memory_given(void **state)
{
    (void)state;
    StaticSemaphore_t memory[4];
    SemaphoreHandle_t binary = xSemaphoreCreateBinaryStatic(&memory[0]);
    SemaphoreHandle_t counting = xSemaphoreCreateCountingStatic(2, 2, &memory[1]);
    SemaphoreHandle_t mutex = xSemaphoreCreateMutexStatic(&memory[2]);
    SemaphoreHandle_t recursive = xSemaphoreCreateRecursiveMutexStatic(&memory[3]);
    assert_ptr_equal(binary, &memory[0]);
    assert_ptr_equal(counting, &memory[1]);
    assert_int_equal(xSemaphoreTake(binary, 0), pdFALSE);
    assert_int_equal(xSemaphoreTake(counting, 0), pdTRUE);
    assert_int_equal(xSemaphoreTake(mutex, 0), pdTRUE);
    assert_int_equal(xSemaphoreTakeRecursive(recursive, 0), pdTRUE);
    vSemaphoreDelete(binary);
    vSemaphoreDelete(counting);
    vSemaphoreDelete(mutex);
    vSemaphoreDelete(recursive);
}

static void a_take_waits_its_time_and_not_much_more(void **state)
{
    (void)state;
    SemaphoreHandle_t semaphore = xSemaphoreCreateBinary();
    TickType_t before = xTaskGetTickCount();
    assert_int_equal(xSemaphoreTake(semaphore, pdMS_TO_TICKS(50)), pdFALSE);
    assert_in_range(xTaskGetTickCount() - before, 50, 5000);
    vSemaphoreDelete(semaphore);
}

static void interrupts_give_and_take_without_waiting(void **state)
{
    (void)state;
    SemaphoreHandle_t semaphore = xSemaphoreCreateBinary();
    BaseType_t woken = pdFALSE;
    port_isr_enter();
    BaseType_t taken_empty = xSemaphoreTakeFromISR(semaphore, &woken);
    BaseType_t given = xSemaphoreGiveFromISR(semaphore, &woken);
    BaseType_t given_full = xSemaphoreGiveFromISR(semaphore, &woken);
    BaseType_t count_is_fine = uxSemaphoreGetCount(semaphore) == 1;
    BaseType_t taken = xSemaphoreTakeFromISR(semaphore, NULL);
    BaseType_t polled = xSemaphoreTake(semaphore, 0);
    port_isr_leave();
    assert_int_equal(taken_empty, pdFALSE);
    assert_int_equal(given, pdTRUE);
    assert_int_equal(given_full, pdFALSE);
    assert_int_equal(count_is_fine, pdTRUE);
    assert_int_equal(taken, pdTRUE);
    assert_int_equal(polled, pdFALSE);
    assert_int_equal(woken, pdFALSE); /* nobody waited */
    vSemaphoreDelete(semaphore);
}

/* ---- Mutexes ---- */

struct other_task {
    SemaphoreHandle_t mutex;
    BaseType_t given;
    BaseType_t given_recursive;
    BaseType_t taken;
    TaskHandle_t holder_seen;
};

static void *meddle(void *argument)
{
    struct other_task *other = argument;
    other->given = xSemaphoreGive(other->mutex);
    other->given_recursive = xSemaphoreGiveRecursive(other->mutex);
    other->taken = xSemaphoreTake(other->mutex, 5);
    other->holder_seen = xSemaphoreGetMutexHolder(other->mutex);
    return NULL;
}

static void assert_held_against_another_task(SemaphoreHandle_t mutex)
{
    struct other_task other = {.mutex = mutex};
    pthread_t thread;
    assert_int_equal(pthread_create(&thread, NULL, meddle, &other), 0);
    pthread_join(thread, NULL);
    assert_int_equal(other.given, pdFALSE);
    assert_int_equal(other.given_recursive, pdFALSE);
    assert_int_equal(other.taken, pdFALSE);
    assert_ptr_equal(other.holder_seen, xTaskGetCurrentTaskHandle());
}

static void only_its_holder_gives_a_mutex_back(void **state)
{
    (void)state;
    SemaphoreHandle_t mutex = xSemaphoreCreateMutex();
    assert_int_equal(uxSemaphoreGetCount(mutex), 1);
    assert_int_equal(xSemaphoreGive(mutex), pdFALSE); /* not taken */
    assert_null(xSemaphoreGetMutexHolder(mutex));
    assert_int_equal(xSemaphoreTake(mutex, 0), pdTRUE);
    assert_int_equal(uxSemaphoreGetCount(mutex), 0);
    assert_held_against_another_task(mutex);
    assert_int_equal(xSemaphoreTake(mutex, 5), pdFALSE); /* not recursive */
    assert_int_equal(xSemaphoreGive(mutex), pdTRUE);
    assert_null(xSemaphoreGetMutexHolder(mutex));
    vSemaphoreDelete(mutex);
}

static void a_recursive_mutex_is_given_as_often_as_taken(void **state)
{
    (void)state;
    SemaphoreHandle_t mutex = xSemaphoreCreateRecursiveMutex();
    assert_int_equal(xSemaphoreGiveRecursive(mutex), pdFALSE);
    for (int i = 0; i < 3; i++) {
        assert_int_equal(xSemaphoreTakeRecursive(mutex, 0), pdTRUE);
    }
    for (int i = 0; i < 2; i++) {
        assert_int_equal(xSemaphoreGiveRecursive(mutex), pdTRUE);
        assert_held_against_another_task(mutex);
    }
    assert_int_equal(xSemaphoreGiveRecursive(mutex), pdTRUE);
    assert_null(xSemaphoreGetMutexHolder(mutex));
    assert_int_equal(xSemaphoreGiveRecursive(mutex), pdFALSE);
    vSemaphoreDelete(mutex);
}

/* ---- Several threads ---- */

#define THREADS 4
#define ROUNDS  3000

static SemaphoreHandle_t shared;
static unsigned unprotected; /* but for the mutex */

static void *count_under_mutex(void *recursive)
{
    uintptr_t failures = 0;
    for (int i = 0; i < ROUNDS; i++) {
        failures += xSemaphoreTake(shared, LONG_TIME) != pdTRUE;
        failures += recursive != NULL && xSemaphoreTakeRecursive(shared, 0) != pdTRUE;
        unprotected++;
        failures += recursive != NULL && xSemaphoreGiveRecursive(shared) != pdTRUE;
        failures += xSemaphoreGive(shared) != pdTRUE;
    }
    return (void *)failures;
}

static void run_threads(void *(*body)(void *), void *argument)
{
    pthread_t threads[THREADS];
    for (int i = 0; i < THREADS; i++) {
        assert_int_equal(pthread_create(&threads[i], NULL, body, argument), 0);
    }
    for (int i = 0; i < THREADS; i++) {
        void *failures = NULL;
        pthread_join(threads[i], &failures);
        assert_null(failures);
    }
}

static void a_mutex_lets_one_in_at_a_time(void **state)
{
    (void)state;
    shared = xSemaphoreCreateMutex();
    unprotected = 0;
    run_threads(count_under_mutex, NULL);
    assert_int_equal(unprotected, THREADS * ROUNDS);
    vSemaphoreDelete(shared);
    shared = xSemaphoreCreateRecursiveMutex();
    run_threads(count_under_mutex, &unprotected);
    assert_int_equal(unprotected, 2 * THREADS * ROUNDS);
    vSemaphoreDelete(shared);
}

static void *take_rounds(void *unused)
{
    (void)unused;
    uintptr_t failures = 0;
    for (int i = 0; i < ROUNDS; i++) {
        failures += xSemaphoreTake(shared, i % 2 == 0 ? LONG_TIME : portMAX_DELAY) != pdTRUE;
    }
    return (void *)failures;
}

static void *give_rounds(void *unused)
{
    (void)unused;
    for (int i = 0; i < THREADS * ROUNDS; i++) {
        while (xSemaphoreGiveFromISR(shared, NULL) != pdTRUE) {
            vTaskDelay(0); /* full: at its maximum of 2 */
        }
    }
    return NULL;
}

static void nothing_given_is_lost_or_taken_twice(void **state)
{
    (void)state;
    shared = xSemaphoreCreateCounting(2, 0);
    pthread_t giver;
    assert_int_equal(pthread_create(&giver, NULL, give_rounds, NULL), 0);
    run_threads(take_rounds, NULL);
    pthread_join(giver, NULL);
    assert_int_equal(uxSemaphoreGetCount(shared), 0);
    vSemaphoreDelete(shared);
}

static _Atomic unsigned takes_in_time;

static void *take_with_little_patience(void *unused)
{
    (void)unused;
    for (int i = 0; i < 200; i++) {
        if (xSemaphoreTake(shared, 1) == pdTRUE) {
            atomic_fetch_add(&takes_in_time, 1);
        }
    }
    return NULL;
}

static void a_take_that_gives_up_takes_nothing(void **state)
{
    (void)state;
    shared = xSemaphoreCreateCounting(1000000, 0);
    pthread_t threads[THREADS];
    for (int i = 0; i < THREADS; i++) {
        assert_int_equal(pthread_create(&threads[i], NULL, take_with_little_patience, NULL), 0);
    }
    unsigned gives = 0;
    for (; gives < 100; gives++) {
        xSemaphoreGive(shared);
        vTaskDelay(1);
    }
    for (int i = 0; i < THREADS; i++) {
        pthread_join(threads[i], NULL);
    }
    assert_int_equal(atomic_load(&takes_in_time) + uxSemaphoreGetCount(shared), gives);
    BaseType_t woken = pdFALSE;
    xSemaphoreGiveFromISR(shared, &woken);
    assert_int_equal(woken, pdFALSE); /* those who gave up are no longer counted as waiting */
    vSemaphoreDelete(shared);
}

static void *give_as_interrupt(void *woken)
{
    vTaskDelay(pdMS_TO_TICKS(100)); /* until the other one sleeps */
    port_isr_enter();
    xSemaphoreGiveFromISR(shared, woken);
    port_isr_yield();
    port_isr_leave();
    return NULL;
}

static void giving_to_a_task_that_waits_says_so(void **state)
{
    (void)state;
    shared = xSemaphoreCreateBinary();
    BaseType_t woken = pdFALSE;
    pthread_t giver;
    assert_int_equal(pthread_create(&giver, NULL, give_as_interrupt, &woken), 0);
    assert_int_equal(xSemaphoreTake(shared, LONG_TIME), pdTRUE);
    pthread_join(giver, NULL);
    assert_int_equal(woken, pdTRUE);
    vSemaphoreDelete(shared);
}

static void *give_each(void *handover)
{
    _Atomic(SemaphoreHandle_t) *next = handover;
    for (int i = 0; i < ROUNDS; i++) {
        SemaphoreHandle_t semaphore = NULL;
        while ((semaphore = atomic_exchange(next, NULL)) == NULL) {
            vTaskDelay(0);
        }
        xSemaphoreGiveFromISR(semaphore, NULL);
    }
    return NULL;
}

static void the_taker_may_delete_at_once_what_it_was_given(void **state)
{
    (void)state;
    _Atomic(SemaphoreHandle_t) handover = NULL;
    pthread_t giver;
    assert_int_equal(pthread_create(&giver, NULL, give_each, &handover), 0);
    for (int i = 0; i < ROUNDS; i++) {
        SemaphoreHandle_t semaphore = xSemaphoreCreateBinary();
        atomic_store(&handover, semaphore);
        BaseType_t taken = pdFALSE;
        for (int polls = 0; i % 2 == 0 && taken == pdFALSE && polls < 10000; polls++) {
            taken = xSemaphoreTake(semaphore, 0); /* the quickest there is after the giver */
        }
        assert_true(taken == pdTRUE || xSemaphoreTake(semaphore, LONG_TIME) == pdTRUE);
        vSemaphoreDelete(semaphore);
    }
    pthread_join(giver, NULL);
}

/* ---- Mistakes ---- */

static int take_null(void)
{
    return xSemaphoreTake(NULL, 0);
}

static int give_mutex_from_isr(void)
{
    return xSemaphoreGiveFromISR(xSemaphoreCreateMutex(), NULL);
}

static int take_mutex_from_isr(void)
{
    return xSemaphoreTakeFromISR(xSemaphoreCreateMutex(), NULL);
}

static void mistakes_stop_the_program_with_a_message(void **state)
{
    (void)state;
    assert_stops(take_null, (const char *const[]){"xSemaphoreTake()", "NULL", NULL});
    assert_stops(give_mutex_from_isr, (const char *const[]){"xSemaphoreGiveFromISR()", "mutex", NULL});
    assert_stops(take_mutex_from_isr, (const char *const[]){"xSemaphoreTakeFromISR()", "mutex", NULL});
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_binary_semaphore_begins_empty_and_holds_one),
        cmocka_unit_test(a_counting_semaphore_counts_to_its_maximum),
        cmocka_unit_test(the_largest_count_is_that_of_its_type),
        cmocka_unit_test(a_count_that_makes_no_sense_gives_no_semaphore),
        cmocka_unit_test(static_ones_live_in_the_memory_given),
        cmocka_unit_test(a_take_waits_its_time_and_not_much_more),
        cmocka_unit_test(interrupts_give_and_take_without_waiting),
        cmocka_unit_test(only_its_holder_gives_a_mutex_back),
        cmocka_unit_test(a_recursive_mutex_is_given_as_often_as_taken),
        cmocka_unit_test(a_mutex_lets_one_in_at_a_time),
        cmocka_unit_test(nothing_given_is_lost_or_taken_twice),
        cmocka_unit_test(a_take_that_gives_up_takes_nothing),
        cmocka_unit_test(giving_to_a_task_that_waits_says_so),
        cmocka_unit_test(the_taker_may_delete_at_once_what_it_was_given),
        cmocka_unit_test(mistakes_stop_the_program_with_a_message),
    };
    return cmocka_run_group_tests_name("compat: freertos/semphr.h", tests, NULL, NULL);
}
