/* SPDX-License-Identifier: Apache-2.0 */
/* Several threads raise while others change the matrix. Threads count; only the main thread asserts. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include "etm_fixture.h"

#define RAISERS 4
#define PULSES  20000

/* Threads that raise their source a number of times, from one start. */
struct raiser {
    pthread_t thread;
    struct etm_source *source;
    atomic_bool *start;
    unsigned pulses;
};

static void *raise_pulses(void *arg)
{
    struct raiser *raiser = arg;
    await(raiser->start);
    for (unsigned i = 0; i < raiser->pulses; i++) {
        pulse(raiser->source);
    }
    return NULL;
}

static void start_raiser(struct raiser *raiser, struct etm_source *source, unsigned pulses,
                         atomic_bool *start)
{
    *raiser = (struct raiser){.source = source, .start = start, .pulses = pulses};
    assert_int_equal(pthread_create(&raiser->thread, NULL, raise_pulses, raiser), 0);
}

static void join_raisers(struct raiser *raisers, unsigned count)
{
    for (unsigned i = 0; i < count; i++) {
        assert_int_equal(pthread_join(raisers[i].thread, NULL), 0);
    }
}

static void test_sources_of_their_own(void **state)
{
    (void)state;
    struct etm_source sources[RAISERS];
    memset(sources, 0, sizeof sources);
    atomic_uint runs[RAISERS] = {0};
    atomic_uint all_runs = 0;
    esp_etm_event_handle_t events[RAISERS];
    esp_etm_task_handle_t tasks[RAISERS];
    esp_etm_channel_handle_t channels[2 * RAISERS];
    esp_etm_task_handle_t shared = new_task(count_run, &all_runs);
    struct raiser raisers[RAISERS];
    atomic_bool start = false;
    for (unsigned i = 0; i < RAISERS; i++) {
        events[i] = new_event(&sources[i]);
        tasks[i] = new_task(count_run, &runs[i]);
        channels[i] = wire(events[i], tasks[i]);
        channels[RAISERS + i] = wire(events[i], shared);
        start_raiser(&raisers[i], &sources[i], PULSES, &start);
    }
    atomic_store(&start, true);
    join_raisers(raisers, RAISERS);
    assert_int_equal(all_runs, RAISERS * PULSES);
    for (unsigned i = 0; i < RAISERS; i++) {
        assert_int_equal(runs[i], PULSES);
        unwire(channels[i]);
        unwire(channels[RAISERS + i]);
        assert_ok(esp_etm_del_task(tasks[i]));
        assert_ok(esp_etm_del_event(events[i]));
    }
    assert_ok(esp_etm_del_task(shared));
}

static void test_one_source_raised_by_all(void **state)
{
    (void)state;
    struct etm_source source = {0};
    atomic_uint runs = 0;
    esp_etm_event_handle_t event = new_event(&source);
    esp_etm_task_handle_t task = new_task(count_run, &runs);
    esp_etm_channel_handle_t channel = wire(event, task);
    struct raiser raisers[RAISERS];
    atomic_bool start = false;
    for (unsigned i = 0; i < RAISERS; i++) {
        start_raiser(&raisers[i], &source, PULSES, &start);
    }
    atomic_store(&start, true);
    join_raisers(raisers, RAISERS);
    assert_int_equal(runs, RAISERS * PULSES);
    unwire(channel);
    assert_ok(esp_etm_del_task(task));
    assert_ok(esp_etm_del_event(event));
}

/* ---- Changes meanwhile, by the main thread ---- */

/* Two raisers on a source that main keeps changing; until they are done. */
struct race {
    struct etm_source source;
    struct raiser raisers[2];
    atomic_bool start;
    atomic_uint ended;
};

static void *race_pulses(void *arg)
{
    struct race *race = arg;
    await(&race->start);
    for (unsigned i = 0; i < PULSES; i++) {
        pulse(&race->source);
    }
    atomic_fetch_add(&race->ended, 1);
    return NULL;
}

static void start_race(struct race *race)
{
    for (unsigned i = 0; i < 2; i++) {
        assert_int_equal(pthread_create(&race->raisers[i].thread, NULL, race_pulses, race), 0);
    }
    atomic_store(&race->start, true);
}

static bool goes_on(struct race *race)
{
    return atomic_load(&race->ended) < 2;
}

static void test_pulses_while_the_task_is_exchanged(void **state)
{
    (void)state;
    struct race race;
    memset(&race, 0, sizeof race);
    atomic_uint runs[2] = {0};
    esp_etm_event_handle_t event = new_event(&race.source);
    esp_etm_task_handle_t tasks[] = {new_task(count_run, &runs[0]), new_task(count_run, &runs[1])};
    esp_etm_channel_handle_t channel = wire(event, tasks[0]);
    start_race(&race);
    for (unsigned i = 0; goes_on(&race); i++) {
        assert_ok(esp_etm_channel_connect(channel, event, tasks[i % 2]));
    }
    join_raisers(race.raisers, 2);
    assert_int_equal(runs[0] + runs[1], 2 * PULSES); /* one of the two listened at any moment */
    unwire(channel);
    assert_ok(esp_etm_del_task(tasks[0]));
    assert_ok(esp_etm_del_task(tasks[1]));
    assert_ok(esp_etm_del_event(event));
}

static void test_pulses_while_another_listener_comes_and_goes(void **state)
{
    (void)state;
    struct race race;
    memset(&race, 0, sizeof race);
    atomic_uint runs = 0;
    atomic_uint extra_runs = 0;
    esp_etm_event_handle_t event = new_event(&race.source);
    esp_etm_task_handle_t task = new_task(count_run, &runs);
    esp_etm_task_handle_t extra = new_task(count_run, &extra_runs);
    esp_etm_channel_handle_t channel = wire(event, task);
    start_race(&race);
    while (goes_on(&race)) {
        unwire(wire(event, extra));
    }
    join_raisers(race.raisers, 2);
    assert_int_equal(runs, 2 * PULSES);
    assert_true(extra_runs <= 2 * PULSES);
    assert_int_equal(race.source.channels, 1);
    unwire(channel);
    assert_ok(esp_etm_del_task(task));
    assert_ok(esp_etm_del_task(extra));
    assert_ok(esp_etm_del_event(event));
}

/* A run after its task's deletion would count in memory that is poisoned by then, or freed. */
struct fragile {
    atomic_uint *runs;
    atomic_bool *trespassed;
    atomic_bool poisoned;
};

static void count_while_alive(void *arg)
{
    struct fragile *fragile = arg;
    if (atomic_load(&fragile->poisoned)) {
        atomic_store(fragile->trespassed, true);
    }
    atomic_fetch_add(fragile->runs, 1);
    if (atomic_load(&fragile->poisoned)) {
        atomic_store(fragile->trespassed, true);
    }
}

static void test_pulses_while_tasks_are_deleted(void **state)
{
    (void)state;
    struct race race;
    memset(&race, 0, sizeof race);
    atomic_uint runs = 0;
    atomic_bool trespassed = false;
    esp_etm_event_handle_t event = new_event(&race.source);
    esp_etm_channel_handle_t channel = wire(event, NULL);
    start_race(&race);
    while (goes_on(&race)) {
        struct fragile *fragile = calloc(1, sizeof *fragile);
        assert_non_null(fragile);
        fragile->runs = &runs;
        fragile->trespassed = &trespassed;
        esp_etm_task_handle_t task = new_task(count_while_alive, fragile);
        assert_ok(esp_etm_channel_connect(channel, event, task));
        assert_ok(esp_etm_del_task(task));
        atomic_store(&fragile->poisoned, true);
        free(fragile);
    }
    join_raisers(race.raisers, 2);
    assert_false(trespassed);
    assert_int_equal(race.source.channels, 0);
    unwire(channel);
    assert_ok(esp_etm_del_event(event));
}

static void test_pulses_while_events_are_deleted(void **state)
{
    (void)state;
    struct race race;
    memset(&race, 0, sizeof race);
    atomic_uint runs = 0;
    esp_etm_task_handle_t task = new_task(count_run, &runs);
    esp_etm_channel_handle_t channel = wire(NULL, task);
    start_race(&race);
    while (goes_on(&race)) {
        esp_etm_event_handle_t event = new_event(&race.source);
        assert_ok(esp_etm_channel_connect(channel, event, task));
        assert_ok(esp_etm_del_event(event));
    }
    join_raisers(race.raisers, 2);
    assert_true(runs <= 2 * PULSES);
    assert_int_equal(race.source.channels, 0);
    assert_int_equal(race.source.channels, 0);
    unwire(channel);
    assert_ok(esp_etm_del_task(task));
}

static void test_dump_meanwhile(void **state)
{
    (void)state;
    struct race race;
    memset(&race, 0, sizeof race);
    atomic_uint runs = 0;
    esp_etm_event_handle_t event = new_event(&race.source);
    esp_etm_task_handle_t task = new_task(count_run, &runs);
    esp_etm_channel_handle_t channel = wire(event, task);
    FILE *sink = fopen("/dev/null", "w");
    assert_non_null(sink);
    start_race(&race);
    while (goes_on(&race)) {
        assert_ok(esp_etm_dump(sink));
    }
    join_raisers(race.raisers, 2);
    fclose(sink);
    assert_int_equal(runs, 2 * PULSES);
    unwire(channel);
    assert_ok(esp_etm_del_task(task));
    assert_ok(esp_etm_del_event(event));
}

/* ---- Several threads change the matrix ---- */

struct changer {
    pthread_t thread;
    unsigned taken;
    unsigned refused;
    unsigned other; /* any other result */
};

static void *take_channels(void *arg)
{
    struct changer *changer = arg;
    const esp_etm_channel_config_t config = {.flags = {.allow_pd = 0}};
    esp_etm_channel_handle_t held[20];
    for (unsigned round = 0; round < 200; round++) {
        unsigned count = 0;
        for (unsigned i = 0; i < 20; i++) { /* four times 20: now and then there is none left */
            esp_err_t code = esp_etm_new_channel(&config, &held[count]);
            count += code == ESP_OK;
            changer->refused += code == ESP_ERR_NOT_FOUND;
            changer->other += code != ESP_OK && code != ESP_ERR_NOT_FOUND;
        }
        changer->taken += count;
        for (unsigned i = 0; i < count; i++) { /* a channel given out twice would be enabled already */
            changer->other += esp_etm_channel_enable(held[i]) != ESP_OK;
        }
        for (unsigned i = 0; i < count; i++) {
            changer->other += esp_etm_channel_disable(held[i]) != ESP_OK;
            changer->other += esp_etm_del_channel(held[i]) != ESP_OK;
        }
    }
    return NULL;
}

static void test_threads_take_channels(void **state)
{
    (void)state;
    struct changer changers[4];
    memset(changers, 0, sizeof changers);
    for (unsigned i = 0; i < 4; i++) {
        assert_int_equal(pthread_create(&changers[i].thread, NULL, take_channels, &changers[i]), 0);
    }
    for (unsigned i = 0; i < 4; i++) {
        assert_int_equal(pthread_join(changers[i].thread, NULL), 0);
        assert_int_equal(changers[i].other, 0);
        assert_int_equal(changers[i].taken + changers[i].refused, 200 * 20);
    }
}

/* ---- Deleting a task that runs at this moment ---- */

struct stand {
    struct etm_source source;
    esp_etm_task_handle_t task;
    atomic_uint inside; /* runs that have begun */
    atomic_bool go[2];  /* lets the first, the second run end */
    atomic_uint left;   /* runs that have ended */
    atomic_bool deleted;
    unsigned left_before_deleted;
};

static void stand_still(void *arg)
{
    struct stand *stand = arg;
    unsigned number = atomic_fetch_add(&stand->inside, 1);
    await(&stand->go[number % 2]);
    atomic_fetch_add(&stand->left, 1);
}

static void *raise_once(void *arg)
{
    pulse(&((struct stand *)arg)->source);
    return NULL;
}

static void *delete_task(void *arg)
{
    struct stand *stand = arg;
    (void)esp_etm_del_task(stand->task);
    stand->left_before_deleted = atomic_load(&stand->left);
    atomic_store(&stand->deleted, true);
    return NULL;
}

/* Has this number of runs begun? Waits for it, ten seconds at the most. */
static bool runs_begun(struct stand *stand, unsigned count)
{
    for (unsigned ms = 0; ms < 10000 && atomic_load(&stand->inside) < count; ms++) {
        sleep_ms(1);
    }
    return atomic_load(&stand->inside) == count;
}

static void test_delete_waits_for_both_runs_in_progress(void **state)
{
    (void)state;
    struct stand stand;
    memset(&stand, 0, sizeof stand);
    esp_etm_event_handle_t event = new_event(&stand.source);
    stand.task = new_task(stand_still, &stand);
    esp_etm_channel_handle_t channel = wire(event, stand.task);
    pthread_t raisers[2];
    pthread_t deleter;
    for (unsigned i = 0; i < 2; i++) {
        assert_int_equal(pthread_create(&raisers[i], NULL, raise_once, &stand), 0);
        assert_true(runs_begun(&stand, i + 1));
    }
    assert_int_equal(pthread_create(&deleter, NULL, delete_task, &stand), 0);
    sleep_ms(30);
    assert_false(atomic_load(&stand.deleted));
    atomic_store(&stand.go[0], true);
    assert_int_equal(pthread_join(raisers[0], NULL), 0);
    sleep_ms(30);
    assert_false(atomic_load(&stand.deleted)); /* the other run still goes on */
    atomic_store(&stand.go[1], true);
    assert_int_equal(pthread_join(deleter, NULL), 0);
    assert_int_equal(stand.left_before_deleted, 2);
    assert_int_equal(pthread_join(raisers[1], NULL), 0);
    unwire(channel);
    assert_ok(esp_etm_del_event(event));
}

static void test_delete_from_interrupt_context_does_not_wait(void **state)
{
    (void)state;
    struct stand stand;
    memset(&stand, 0, sizeof stand);
    esp_etm_event_handle_t event = new_event(&stand.source);
    stand.task = new_task(stand_still, &stand);
    esp_etm_channel_handle_t channel = wire(event, stand.task);
    pthread_t raisers[2];
    for (unsigned i = 0; i < 2; i++) {
        assert_int_equal(pthread_create(&raisers[i], NULL, raise_once, &stand), 0);
        assert_true(runs_begun(&stand, i + 1));
    }
    port_isr_enter();
    esp_err_t code = esp_etm_del_task(stand.task);
    port_isr_leave();
    assert_ok(code);
    assert_int_equal(atomic_load(&stand.left), 0);
    assert_int_equal(live_objects(), 2); /* the event; and the task, which two runs still use */
    for (unsigned i = 0; i < 2; i++) {
        atomic_store(&stand.go[i], true);
        assert_int_equal(pthread_join(raisers[i], NULL), 0);
        assert_int_equal(live_objects(), 2 - i); /* freed by the last run, not the first */
    }
    unwire(channel);
    assert_ok(esp_etm_del_event(event));
}

static void test_delete_does_not_wait_for_another_task(void **state)
{
    (void)state;
    struct stand stand;
    memset(&stand, 0, sizeof stand);
    atomic_uint runs = 0;
    esp_etm_event_handle_t event = new_event(&stand.source);
    stand.task = new_task(stand_still, &stand);
    esp_etm_task_handle_t idle = new_task(count_run, &runs);
    esp_etm_channel_handle_t channels[] = {wire(event, stand.task), wire(event, idle)};
    pthread_t raiser;
    assert_int_equal(pthread_create(&raiser, NULL, raise_once, &stand), 0);
    assert_true(runs_begun(&stand, 1));
    assert_ok(esp_etm_del_task(idle)); /* its turn in the same pulse had not come, and does not any more */
    assert_int_equal(atomic_load(&stand.left), 0);
    atomic_store(&stand.go[0], true);
    assert_int_equal(pthread_join(raiser, NULL), 0);
    assert_int_equal(runs, 0);
    unwire(channels[0]);
    unwire(channels[1]);
    assert_ok(esp_etm_del_task(stand.task));
    assert_ok(esp_etm_del_event(event));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        etm_test(test_sources_of_their_own),
        etm_test(test_one_source_raised_by_all),
        etm_test(test_pulses_while_the_task_is_exchanged),
        etm_test(test_pulses_while_another_listener_comes_and_goes),
        etm_test(test_pulses_while_tasks_are_deleted),
        etm_test(test_pulses_while_events_are_deleted),
        etm_test(test_dump_meanwhile),
        etm_test(test_threads_take_channels),
        etm_test(test_delete_waits_for_both_runs_in_progress),
        etm_test(test_delete_from_interrupt_context_does_not_wait),
        etm_test(test_delete_does_not_wait_for_another_task),
    };
    return cmocka_run_group_tests_name("etm threads", tests, NULL, NULL);
}
