/* SPDX-License-Identifier: Apache-2.0 */
/* freertos/task.h: beginning, sleeping and ending; time. */
#define _GNU_SOURCE
#include <dirent.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "check.h"
#include "child.h"
#include "freertos/FreeRTOS.h"
#include "freertos/semphr.h"
#include "freertos/task.h"

#define LONG_TIME pdMS_TO_TICKS(10000) /* longer than any test: its end is a failure */

static SemaphoreHandle_t done;

static int set_up(void **state)
{
    (void)state;
    done = xSemaphoreCreateCounting(1000, 0);
    return done == NULL;
}

static int tear_down(void **state)
{
    (void)state;
    vSemaphoreDelete(done);
    return 0;
}

/* ---- Beginning ---- */

static struct {
    void *argument;
    TaskHandle_t self;
    UBaseType_t priority;
    char name[32];
    char thread_name[32];
} seen;

static void look_around(void *argument)
{
    seen.argument = argument;
    seen.self = xTaskGetCurrentTaskHandle();
    seen.priority = uxTaskPriorityGet(NULL);
    strcpy(seen.name, pcTaskGetName(NULL));
    pthread_getname_np(pthread_self(), seen.thread_name, sizeof seen.thread_name);
    xSemaphoreGive(done);
    vTaskDelay(portMAX_DELAY); /* stays, so that its handle does */
}

static void a_task_gets_what_create_was_given(void **state)
{
    (void)state;
    TaskHandle_t task = NULL;
    assert_int_equal(xTaskCreate(look_around, "a long name for a task", 4096, &seen, 7, &task), pdPASS);
    assert_int_equal(xSemaphoreTake(done, LONG_TIME), pdTRUE);
    assert_ptr_equal(seen.argument, &seen);
    assert_ptr_equal(seen.self, task);
    assert_int_equal(seen.priority, 7);
    assert_string_equal(seen.name, "a long name for");
    assert_string_equal(seen.thread_name, "a long name for");
    assert_string_equal(pcTaskGetName(task), "a long name for");
    vTaskPrioritySet(task, 3);
    assert_int_equal(uxTaskPriorityGet(task), 3);
    vTaskDelete(task);
}

static void use_much_stack(void *argument)
{
    volatile char room[60000];
    memset((char *)room, 1, sizeof room);
    *(size_t *)argument = room[59999] == 1 ? sizeof room : 0;
    xSemaphoreGive(done);
    vTaskDelete(NULL);
}

static void a_small_stack_is_large_enough_for_a_host(void **state)
{
    (void)state;
    size_t used = 0;
    assert_int_equal(xTaskCreatePinnedToCore(use_much_stack, NULL, configMINIMAL_STACK_SIZE, &used,
                                             tskIDLE_PRIORITY, NULL, tskNO_AFFINITY),
                     pdPASS);
    assert_int_equal(xSemaphoreTake(done, LONG_TIME), pdTRUE);
    assert_int_equal(used, 60000);
}

/* In a process of its own, for the limit is the user's: no address space is left for another stack. */
static int create_without_room(void)
{
    TaskHandle_t task = (TaskHandle_t)&seen;
    BaseType_t result = xTaskCreate(look_around, "x", UINT32_MAX & ~4095U, NULL, 1, &task);
    bool first = result == errCOULD_NOT_ALLOCATE_REQUIRED_MEMORY && task == NULL;
    result = xTaskCreate(look_around, "x", UINT32_MAX & ~4095U, NULL, 1, NULL);
    return first && result == errCOULD_NOT_ALLOCATE_REQUIRED_MEMORY ? 0 : 1;
}

static int create_with_limited_room(void)
{
    const struct rlimit limit = {2000UL << 20, 2000UL << 20};
    return setrlimit(RLIMIT_AS, &limit) == 0 ? create_without_room() : 2;
}

/* gcc says it with a macro of its own, clang with __has_feature(). */
#ifndef __has_feature
#define __has_feature(feature) 0
#endif
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__) || __has_feature(address_sanitizer) ||     \
    __has_feature(thread_sanitizer)
#define SANITIZED true
#else
#define SANITIZED false
#endif

static void a_task_that_cannot_be_made_is_told_and_leaves_nothing(void **state)
{
    (void)state;
    if (SANITIZED) {
        skip(); /* a sanitizer's own memory is far beyond any limit on the address space */
    }
    assert_child_passes(create_with_limited_room);
}

static void a_foreign_thread_is_a_task_too(void **state)
{
    (void)state;
    TaskHandle_t self = xTaskGetCurrentTaskHandle();
    assert_non_null(self);
    assert_ptr_equal(xTaskGetCurrentTaskHandle(), self);
    assert_true(strlen(pcTaskGetName(self)) > 0);
    vTaskPrioritySet(NULL, 5);
    assert_int_equal(uxTaskPriorityGet(self), 5);
    assert_int_equal(xPortGetCoreID(), 0);
    assert_int_equal(xPortInIsrContext(), pdFALSE);
}

/* ---- Ending ---- */

static int threads_alive(void)
{
    int count = 0;
    DIR *tasks = opendir("/proc/self/task");
    for (struct dirent *entry = readdir(tasks); entry != NULL; entry = readdir(tasks)) {
        count += entry->d_name[0] != '.';
    }
    closedir(tasks);
    return count;
}

static void end_at_once(void *own_handle)
{
    xSemaphoreGive(done);
    vTaskDelete(own_handle != NULL ? xTaskGetCurrentTaskHandle() : NULL);
}

static void tasks_that_end_themselves_leave_no_thread(void **state)
{
    (void)state;
    int before = threads_alive();
    for (int i = 0; i < 200; i++) {
        assert_int_equal(xTaskCreate(end_at_once, "brief", 4096, i % 2 == 0 ? NULL : done, 1, NULL), pdPASS);
        assert_int_equal(xSemaphoreTake(done, LONG_TIME), pdTRUE);
    }
    for (int i = 0; i < 2000 && threads_alive() > before; i++) {
        vTaskDelay(1);
    }
    assert_in_range(threads_alive(), 1,
                    before); /* `before` may have had a joined thread in it for a moment */
}

static _Atomic unsigned laps;
static SemaphoreHandle_t never;

static void sleep_on(void *unused)
{
    (void)unused;
    for (;;) {
        atomic_fetch_add(&laps, 1);
        vTaskDelay(portMAX_DELAY - 1);
    }
}

static void wait_for_semaphore(void *unused)
{
    (void)unused;
    for (;;) {
        atomic_fetch_add(&laps, 1);
        xSemaphoreTake(never, portMAX_DELAY);
    }
}

static void wait_for_notification(void *unused)
{
    (void)unused;
    for (;;) {
        atomic_fetch_add(&laps, 1);
        ulTaskNotifyTake(pdTRUE, portMAX_DELAY);
    }
}

static void wait_for_bits(void *unused)
{
    (void)unused;
    for (;;) {
        atomic_fetch_add(&laps, 1);
        xTaskNotifyWait(0, 0, NULL, portMAX_DELAY);
    }
}

static void yield_on(void *unused)
{
    (void)unused;
    for (;;) {
        atomic_fetch_add(&laps, 1);
        taskYIELD();
    }
}

static void keep_a_period(void *unused)
{
    (void)unused;
    TickType_t wake = xTaskGetTickCount();
    for (;;) {
        atomic_fetch_add(&laps, 1);
        vTaskDelayUntil(&wake, 1);
    }
}

static void assert_can_be_deleted(TaskFunction_t function, TickType_t delay)
{
    int before = threads_alive();
    TaskHandle_t task = NULL;
    atomic_store(&laps, 0);
    assert_int_equal(xTaskCreate(function, "victim", 4096, NULL, 1, &task), pdPASS);
    vTaskDelay(delay);
    vTaskDelete(task);
    unsigned at_end = atomic_load(&laps);
    assert_true(threads_alive() <= before + 1); /* the kernel may list a joined thread for a moment */
    vTaskDelay(2);
    assert_int_equal(atomic_load(&laps), at_end);
}

static void another_task_ends_where_it_may_block(void **state)
{
    (void)state;
    static const TaskFunction_t functions[] = {sleep_on,      wait_for_semaphore, wait_for_notification,
                                               wait_for_bits, yield_on,           keep_a_period};
    never = xSemaphoreCreateBinary();
    for (size_t i = 0; i < sizeof functions / sizeof functions[0]; i++) {
        for (TickType_t delay = 0; delay < 6; delay++) {
            assert_can_be_deleted(functions[i], delay);
        }
    }
    /* Those who were deleted while they waited do not count as waiting any more. */
    BaseType_t woken = pdFALSE;
    assert_int_equal(xSemaphoreGiveFromISR(never, &woken), pdTRUE);
    assert_int_equal(woken, pdFALSE);
    assert_int_equal(uxSemaphoreGetCount(never), 1);
    vSemaphoreDelete(never);
}

static void return_by_mistake(void *unused)
{
    (void)unused;
}

static int let_a_task_return(void)
{
    xTaskCreate(return_by_mistake, "careless", 4096, NULL, 1, NULL);
    vTaskDelay(LONG_TIME);
    return 0;
}

static TaskHandle_t foreign_task;

static void delete_foreign(void *unused)
{
    (void)unused;
    vTaskDelete(foreign_task);
}

static int delete_a_foreign_thread(void)
{
    foreign_task = xTaskGetCurrentTaskHandle();
    xTaskCreate(delete_foreign, "killer", 4096, NULL, 1, NULL);
    vTaskDelay(LONG_TIME);
    return 0;
}

static void mistakes_stop_the_program_with_a_message(void **state)
{
    (void)state;
    assert_stops(let_a_task_return, (const char *const[]){"careless", "vTaskDelete(NULL)", NULL});
    assert_stops(delete_a_foreign_thread, (const char *const[]){"vTaskDelete()", "xTaskCreate()", NULL});
}

static void end_process(void *unused)
{
    (void)unused;
    vTaskDelay(20);
    _exit(0);
}

static int delete_main(void)
{
    xTaskCreate(end_process, "last", 4096, NULL, 1, NULL);
    vTaskDelete(NULL);
    return 1;
}

static void main_may_end_and_the_tasks_go_on(void **state)
{
    (void)state;
    assert_child_passes(delete_main);
}

/* ---- Time ---- */

static void ticks_are_milliseconds(void **state)
{
    (void)state;
    assert_int_equal(configTICK_RATE_HZ, 1000);
    assert_int_equal(portTICK_PERIOD_MS, 1);
    assert_int_equal(pdMS_TO_TICKS(1500), 1500);
    assert_int_equal(pdMS_TO_TICKS(4294967), 4294967); /* no overflow on the way */
    assert_int_equal(pdTICKS_TO_MS(77), 77);
    assert_int_equal(portMAX_DELAY, UINT32_MAX);
    struct timespec start;
    struct timespec end;
    clock_gettime(CLOCK_MONOTONIC, &start);
    TickType_t before = xTaskGetTickCount();
    vTaskDelay(pdMS_TO_TICKS(50));
    TickType_t ticks = xTaskGetTickCountFromISR() - before;
    clock_gettime(CLOCK_MONOTONIC, &end);
    long real_ms = (end.tv_sec - start.tv_sec) * 1000 + (end.tv_nsec - start.tv_nsec) / 1000000;
    assert_in_range(ticks, 50, real_ms + 1);
    vTaskDelay(0);
}

static void a_period_is_kept_whatever_a_lap_takes(void **state)
{
    (void)state;
    TickType_t start = xTaskGetTickCount();
    TickType_t wake = start;
    for (int i = 0; i < 5; i++) {
        vTaskDelay(3);
        xTaskDelayUntil(&wake, 10);
    }
    assert_int_equal(wake - start, 50);
    assert_in_range(xTaskGetTickCount() - start, 50, 120000);
    wake = xTaskGetTickCount() - 100;
    TickType_t late = wake;
    assert_int_equal(xTaskDelayUntil(&wake, 10), pdFALSE); /* over already */
    assert_int_equal(wake - late, 10);
    wake = xTaskGetTickCount();
    assert_int_equal(xTaskDelayUntil(&wake, 1000), pdTRUE);
    assert_true((int32_t)(xTaskGetTickCount() - wake) >= 0);
}

#define CASE(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(a_task_gets_what_create_was_given),
        CASE(a_small_stack_is_large_enough_for_a_host),
        CASE(a_task_that_cannot_be_made_is_told_and_leaves_nothing),
        CASE(a_foreign_thread_is_a_task_too),
        CASE(tasks_that_end_themselves_leave_no_thread),
        CASE(another_task_ends_where_it_may_block),
        CASE(mistakes_stop_the_program_with_a_message),
        CASE(main_may_end_and_the_tasks_go_on),
        CASE(ticks_are_milliseconds),
        CASE(a_period_is_kept_whatever_a_lap_takes),
    };
    return cmocka_run_group_tests_name("compat: freertos/task.h", tests, NULL, NULL);
}
