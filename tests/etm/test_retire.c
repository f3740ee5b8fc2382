/* SPDX-License-Identifier: Apache-2.0 */
/* etm_retire(): events that outlive their source, and runs in progress when it goes. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include "etm_fixture.h"

static void test_events_become_inert(void **state)
{
    (void)state;
    struct etm_source source = {0};
    atomic_uint runs = 0;
    esp_etm_event_handle_t connected = new_event(&source);
    esp_etm_event_handle_t loose = new_event(&source);
    esp_etm_task_handle_t task = new_task(count_run, &runs);
    esp_etm_channel_handle_t channel = wire(connected, task);
    etm_retire(&source);
    assert_int_equal(source.channels, 0);
    pulse(&source);
    etm_run(&source);
    assert_int_equal(runs, 0);
    unwire(channel);
    assert_ok(esp_etm_del_event(connected));
    assert_ok(esp_etm_del_event(loose));
    assert_ok(esp_etm_del_task(task));
}

/* Every call with an inert event; its source's memory is gone, which AddressSanitizer would notice. */
static void test_inert_events_can_be_used(void **state)
{
    (void)state;
    struct etm_source *source = calloc(1, sizeof *source);
    assert_non_null(source);
    atomic_uint runs = 0;
    esp_etm_event_handle_t event = new_event(source);
    esp_etm_task_handle_t task = new_task(count_run, &runs);
    esp_etm_channel_handle_t before = wire(event, task);
    etm_retire(source);
    free(source);

    esp_etm_channel_handle_t after = wire(event, task);
    assert_ok(esp_etm_channel_disable(before));
    assert_ok(esp_etm_channel_enable(before));
    assert_ok(esp_etm_channel_connect(before, NULL, task));
    assert_ok(esp_etm_channel_connect(before, event, task));
    assert_ok(esp_etm_del_task(task));
    assert_ok(esp_etm_del_event(event));
    unwire(before);
    unwire(after);
    assert_int_equal(runs, 0);
}

static void test_other_sources_go_on(void **state)
{
    (void)state;
    struct etm_source gone = {0};
    struct etm_source stays = {0};
    atomic_uint runs = 0;
    esp_etm_event_handle_t events[] = {new_event(&stays), new_event(&gone), new_event(&stays)};
    esp_etm_task_handle_t task = new_task(count_run, &runs);
    esp_etm_channel_handle_t channels[] = {wire(events[0], task), wire(events[1], task),
                                           wire(events[2], task)};
    etm_retire(&gone);
    assert_int_equal(stays.channels, 2);
    pulse(&stays);
    assert_int_equal(runs, 2);
    for (unsigned i = 0; i < 3; i++) {
        unwire(channels[i]);
        assert_ok(esp_etm_del_event(events[i]));
    }
    assert_ok(esp_etm_del_task(task));
}

static void test_retire_without_events_and_twice(void **state)
{
    (void)state;
    struct etm_source source = {0};
    etm_retire(&source);
    esp_etm_event_handle_t event = new_event(&source);
    etm_retire(&source);
    etm_retire(&source);
    assert_ok(esp_etm_del_event(event));
}

static void test_the_same_memory_can_be_a_source_again(void **state)
{
    (void)state;
    struct etm_source source = {0};
    atomic_uint old_runs = 0;
    atomic_uint new_runs = 0;
    esp_etm_task_handle_t tasks[] = {new_task(count_run, &old_runs), new_task(count_run, &new_runs)};
    esp_etm_event_handle_t events[2];
    esp_etm_channel_handle_t channels[2];
    events[0] = new_event(&source);
    channels[0] = wire(events[0], tasks[0]);
    etm_retire(&source);
    events[1] = new_event(&source); /* as a later driver at the same address */
    channels[1] = wire(events[1], tasks[1]);
    pulse(&source);
    assert_int_equal(old_runs, 0);
    assert_int_equal(new_runs, 1);
    for (unsigned i = 0; i < 2; i++) {
        unwire(channels[i]);
        assert_ok(esp_etm_del_event(events[i]));
        assert_ok(esp_etm_del_task(tasks[i]));
    }
}

/* ---- A run in progress: one thread stands in a function until it is let go ---- */

struct stand {
    struct etm_source source;
    atomic_bool inside;
    atomic_bool go;
    atomic_bool left; /* set as the function's last act */
    atomic_bool retired;
    bool left_before_retired;
};

static void stand_still(void *arg)
{
    struct stand *stand = arg;
    atomic_store(&stand->inside, true);
    await(&stand->go);
    sleep_ms(20);
    atomic_store(&stand->left, true);
}

static void *raise_once(void *arg)
{
    pulse(&((struct stand *)arg)->source);
    return NULL;
}

static void *retire(void *arg)
{
    struct stand *stand = arg;
    etm_retire(&stand->source);
    stand->left_before_retired = atomic_load(&stand->left);
    atomic_store(&stand->retired, true);
    return NULL;
}

static void test_retire_waits_for_a_run_in_progress(void **state)
{
    (void)state;
    struct stand stand;
    memset(&stand, 0, sizeof stand);
    atomic_uint runs = 0;
    esp_etm_event_handle_t event = new_event(&stand.source);
    esp_etm_task_handle_t task = new_task(stand_still, &stand);
    esp_etm_task_handle_t later = new_task(count_run, &runs);
    esp_etm_channel_handle_t channels[] = {wire(event, task), wire(event, later)};
    pthread_t raiser;
    pthread_t retirer;
    assert_int_equal(pthread_create(&raiser, NULL, raise_once, &stand), 0);
    assert_true(await(&stand.inside));
    assert_int_equal(pthread_create(&retirer, NULL, retire, &stand), 0);
    sleep_ms(50);
    assert_false(atomic_load(&stand.retired));
    atomic_store(&stand.go, true);
    assert_int_equal(pthread_join(retirer, NULL), 0);
    assert_true(stand.left_before_retired);
    assert_int_equal(pthread_join(raiser, NULL), 0);
    assert_int_equal(runs, 0); /* its event had become inert before its turn came */
    unwire(channels[0]);
    unwire(channels[1]);
    assert_ok(esp_etm_del_task(task));
    assert_ok(esp_etm_del_task(later));
    assert_ok(esp_etm_del_event(event));
}

static void test_retire_does_not_wait_for_another_source(void **state)
{
    (void)state;
    struct stand stand;
    memset(&stand, 0, sizeof stand);
    struct etm_source other = {0};
    esp_etm_event_handle_t events[] = {new_event(&stand.source), new_event(&other)};
    esp_etm_task_handle_t task = new_task(stand_still, &stand);
    esp_etm_channel_handle_t channels[] = {wire(events[0], task), wire(events[1], task)};
    pthread_t raiser;
    assert_int_equal(pthread_create(&raiser, NULL, raise_once, &stand), 0);
    assert_true(await(&stand.inside));
    etm_retire(&other);
    assert_false(atomic_load(&stand.left));
    atomic_store(&stand.go, true);
    assert_int_equal(pthread_join(raiser, NULL), 0);
    for (unsigned i = 0; i < 2; i++) {
        unwire(channels[i]);
        assert_ok(esp_etm_del_event(events[i]));
    }
    assert_ok(esp_etm_del_task(task));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        etm_test(test_events_become_inert),
        etm_test(test_inert_events_can_be_used),
        etm_test(test_other_sources_go_on),
        etm_test(test_retire_without_events_and_twice),
        etm_test(test_the_same_memory_can_be_a_source_again),
        etm_test(test_retire_waits_for_a_run_in_progress),
        etm_test(test_retire_does_not_wait_for_another_source),
    };
    return cmocka_run_group_tests_name("etm retire", tests, NULL, NULL);
}
