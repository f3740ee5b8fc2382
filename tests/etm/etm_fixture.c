/* SPDX-License-Identifier: Apache-2.0 */
#include <pthread.h>
#include <stdio.h>
#include <time.h>
#include "etm_fixture.h"

static atomic_int live;
static atomic_bool no_memory;
static atomic_uint lines;
static char last_level;
static char last_line[256];
static pthread_mutex_t log_lock =
    PTHREAD_MUTEX_INITIALIZER; /* of the two above; they are read when one thread is left */

void *__real_port_alloc(size_t size, size_t align, bool dma);
void *__wrap_port_alloc(size_t size, size_t align, bool dma);
void __real_port_free(void *memory);
void __wrap_port_free(void *memory);
void __wrap_port_log(char level, const char *format, ...);

void *__wrap_port_alloc(size_t size, size_t align, bool dma)
{
    void *memory = atomic_load(&no_memory) ? NULL : __real_port_alloc(size, align, dma);
    atomic_fetch_add(&live, memory != NULL);
    return memory;
}

void __wrap_port_free(void *memory)
{
    atomic_fetch_sub(&live, memory != NULL);
    __real_port_free(memory);
}

void __wrap_port_log(char level, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    pthread_mutex_lock(&log_lock);
    vsnprintf(last_line, sizeof last_line, format, arguments);
    last_level = level;
    pthread_mutex_unlock(&log_lock);
    va_end(arguments);
    atomic_fetch_add(&lines, 1);
}

int fixture_setup(void **state)
{
    (void)state;
    fail_allocations(false);
    return live_objects() == 0 && channels_in_use() == 0 && !port_in_isr() ? 0 : -1;
}

int fixture_teardown(void **state)
{
    (void)state;
    fail_allocations(false);
    if (live_objects() != 0 || channels_in_use() != 0 || port_in_isr()) {
        print_error("left over: %d objects, %u channels\n", live_objects(), channels_in_use());
        return -1;
    }
    return 0;
}

int live_objects(void)
{
    return atomic_load(&live);
}

unsigned channels_in_use(void)
{
    unsigned used = 0;
    struct etm_channel_view view;
    for (unsigned number = 0; etm_read_channel(number, &view); number++) {
        used += view.used;
    }
    return used;
}

void fail_allocations(bool fail)
{
    atomic_store(&no_memory, fail);
}

unsigned lines_logged(void)
{
    return atomic_load(&lines);
}

bool last_line_has(const char *s)
{
    return last_level == 'E' && strstr(last_line, s) != NULL && strchr(last_line, '\n') == NULL;
}

void pulse(struct etm_source *source)
{
    port_isr_enter();
    etm_raise(source);
    port_isr_leave();
}

esp_etm_channel_handle_t new_channel(void)
{
    esp_etm_channel_handle_t channel = NULL;
    esp_etm_channel_config_t config = {.flags = {.allow_pd = 0}};
    assert_ok(esp_etm_new_channel(&config, &channel));
    assert_non_null(channel);
    return channel;
}

esp_etm_event_handle_t new_event(struct etm_source *source)
{
    esp_etm_event_handle_t event = NULL;
    assert_ok(etm_new_event(source, &event));
    assert_non_null(event);
    return event;
}

esp_etm_task_handle_t new_task(etm_function function, void *arg)
{
    esp_etm_task_handle_t task = NULL;
    assert_ok(esp_etm_new_function_task(function, arg, &task));
    assert_non_null(task);
    return task;
}

esp_etm_channel_handle_t wire(esp_etm_event_handle_t event, esp_etm_task_handle_t task)
{
    esp_etm_channel_handle_t channel = new_channel();
    assert_ok(esp_etm_channel_connect(channel, event, task));
    assert_ok(esp_etm_channel_enable(channel));
    return channel;
}

void unwire(esp_etm_channel_handle_t channel)
{
    assert_ok(esp_etm_channel_disable(channel));
    assert_ok(esp_etm_del_channel(channel));
}

void count_run(void *arg)
{
    atomic_fetch_add((atomic_uint *)arg, 1);
}

bool await(atomic_bool *flag)
{
    for (unsigned ms = 0; ms < 10000 && !atomic_load(flag); ms++) {
        sleep_ms(1);
    }
    return atomic_load(flag);
}

void sleep_ms(unsigned ms)
{
    struct timespec time = {ms / 1000, (long)(ms % 1000) * 1000000};
    nanosleep(&time, NULL);
}
