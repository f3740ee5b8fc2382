/* SPDX-License-Identifier: Apache-2.0 */
#include "hosted.h"

#include <semaphore.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "expect.h"
#include "faults.h"

void *hosted_alloc(size_t size, size_t align)
{
    return aligned_alloc(align, (size + align - 1) & ~(align - 1));
}

/* ---- Hold: an interrupt that does not end, the copy that brought it being over ---- */

static sem_t held, released;
static char hold_from[65537], hold_to[65537]; /* larger than what a submitter copies itself */

static void await_release(void)
{
    sem_post(&held);
    while (sem_wait(&released) != 0) {
    }
}

static bool hold_worker(async_memcpy_t driver, async_memcpy_event_t *event, void *argument)
{
    (void)driver, (void)event, (void)argument;
    faults_at_end_of_interrupt(await_release);
    return false;
}

static void hold_with(async_memcpy_t driver, size_t n)
{
    sem_init(&held, 0, 0);
    sem_init(&released, 0, 0);
    assert_ok(esp_async_memcpy(driver, hold_to, hold_from, n, hold_worker, NULL));
    while (sem_wait(&held) != 0) {
    }
}

void hosted_hold(async_memcpy_t driver)
{
    hold_with(driver, 1);
}

void hosted_hold_beside_callers(async_memcpy_t driver)
{
    hold_with(driver, sizeof hold_to);
}

void hosted_release(void)
{
    sem_post(&released);
}

/* ---- ETM: a function task that counts ---- */

static struct {
    esp_etm_channel_handle_t channel;
    esp_etm_task_handle_t task;
    atomic_ulong pulses;
} counters[ROW_COUNTERS];

static void count_pulse(void *argument)
{
    atomic_fetch_add((atomic_ulong *)argument, 1);
}

void hosted_count_begin(unsigned counter, esp_etm_event_handle_t event)
{
    esp_etm_channel_config_t config = {{0}};
    atomic_store(&counters[counter].pulses, 0);
    assert_ok(esp_etm_new_channel(&config, &counters[counter].channel));
    assert_ok(esp_etm_new_function_task(count_pulse, &counters[counter].pulses, &counters[counter].task));
    assert_ok(esp_etm_channel_connect(counters[counter].channel, event, counters[counter].task));
    assert_ok(esp_etm_channel_enable(counters[counter].channel));
}

unsigned long hosted_count(unsigned counter)
{
    return atomic_load(&counters[counter].pulses);
}

void hosted_count_end(unsigned counter)
{
    assert_ok(esp_etm_channel_disable(counters[counter].channel));
    assert_ok(esp_etm_del_channel(counters[counter].channel));
    assert_ok(esp_etm_del_task(counters[counter].task));
}
