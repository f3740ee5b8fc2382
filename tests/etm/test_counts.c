/* SPDX-License-Identifier: Apache-2.0 */
/*
 * etm_source.channels is exact after every change, and a pulse runs just the tasks that it counts: from each
 * state of a channel to each other one, and along random walks checked against a table kept beside them.
 */
#include <stdlib.h>
#include "etm_fixture.h"

/* What a channel may be connected to: nothing, one of two sources, or an event whose source has gone. */
enum { OPEN, SOURCE_A, SOURCE_B, INERT, EVENT_KINDS };

/* A channel's state is one of EVENT_KINDS, with a task or not, enabled or not. */
#define STATES (EVENT_KINDS * 4)

struct bench {
    struct etm_source a;
    struct etm_source b;
    esp_etm_event_handle_t events[EVENT_KINDS];
    esp_etm_task_handle_t task;
    atomic_uint runs;
};

static void open_bench(struct bench *bench)
{
    struct etm_source gone = {0};
    memset(bench, 0, sizeof *bench);
    bench->events[SOURCE_A] = new_event(&bench->a);
    bench->events[SOURCE_B] = new_event(&bench->b);
    bench->events[INERT] = new_event(&gone);
    etm_retire(&gone);
    bench->task = new_task(count_run, &bench->runs);
}

static void close_bench(struct bench *bench)
{
    for (unsigned kind = SOURCE_A; kind < EVENT_KINDS; kind++) {
        assert_ok(esp_etm_del_event(bench->events[kind]));
    }
    assert_ok(esp_etm_del_task(bench->task));
}

static unsigned kind_of(unsigned state)
{
    return state / 4;
}

static bool has_task(unsigned state)
{
    return (state & 2) != 0;
}

static bool is_on(unsigned state)
{
    return (state & 1) != 0;
}

static void go_to(struct bench *bench, esp_etm_channel_handle_t channel, unsigned from, unsigned to)
{
    assert_ok(
        esp_etm_channel_connect(channel, bench->events[kind_of(to)], has_task(to) ? bench->task : NULL));
    if (is_on(from) && !is_on(to)) {
        assert_ok(esp_etm_channel_disable(channel));
    } else if (!is_on(from) && is_on(to)) {
        assert_ok(esp_etm_channel_enable(channel));
    }
}

static unsigned feeds(unsigned kind, unsigned state)
{
    return kind_of(state) == kind && has_task(state) && is_on(state);
}

static void expect(struct bench *bench, unsigned a, unsigned b)
{
    assert_int_equal(bench->a.channels, a);
    assert_int_equal(bench->b.channels, b);
    bench->runs = 0;
    pulse(&bench->a);
    assert_int_equal(bench->runs, a);
    pulse(&bench->b);
    assert_int_equal(bench->runs, a + b);
}

static void test_every_change_of_one_channel(void **state)
{
    (void)state;
    struct bench bench;
    open_bench(&bench);
    esp_etm_channel_handle_t channel = new_channel();
    unsigned now = 0;
    for (unsigned from = 0; from < STATES; from++) {
        for (unsigned to = 0; to < STATES; to++) {
            go_to(&bench, channel, now, from);
            expect(&bench, feeds(SOURCE_A, from), feeds(SOURCE_B, from));
            go_to(&bench, channel, from, to);
            expect(&bench, feeds(SOURCE_A, to), feeds(SOURCE_B, to));
            now = to;
        }
    }
    go_to(&bench, channel, now, 0);
    assert_ok(esp_etm_del_channel(channel));
    close_bench(&bench);
}

static void test_every_change_beside_another_channel(void **state)
{
    (void)state;
    struct bench bench;
    open_bench(&bench);
    esp_etm_channel_handle_t still = wire(bench.events[SOURCE_A], bench.task);
    esp_etm_channel_handle_t channel = new_channel();
    unsigned now = 0;
    for (unsigned to = 0; to < STATES; to++) {
        go_to(&bench, channel, now, to);
        expect(&bench, 1 + feeds(SOURCE_A, to), feeds(SOURCE_B, to));
        go_to(&bench, channel, to, 0);
        expect(&bench, 1, 0);
        now = 0;
    }
    assert_ok(esp_etm_del_channel(channel));
    unwire(still);
    close_bench(&bench);
}

/* ---- Random walks ---- */

#define WALK_SOURCES  3
#define WALK_EVENTS   5
#define WALK_TASKS    4
#define WALK_CHANNELS 6
#define WALK_STEPS    3000

struct walk {
    struct etm_source sources[WALK_SOURCES];
    atomic_uint runs[WALK_TASKS];
    esp_etm_event_handle_t events[WALK_EVENTS];
    int event_source[WALK_EVENTS]; /* -1: inert */
    esp_etm_task_handle_t tasks[WALK_TASKS];
    struct {
        esp_etm_channel_handle_t handle;
        bool enabled;
        int event; /* -1: open */
        int task;
    } channels[WALK_CHANNELS];
};

static int pick(int count)
{
    return rand() % count;
}

/* One of count things, or none. */
static int pick_or_none(int count)
{
    return rand() % (count + 1) - 1;
}

static void step_channel(struct walk *walk, int number)
{
    if (walk->channels[number].handle == NULL) {
        walk->channels[number].handle = new_channel();
        walk->channels[number].event = -1;
        walk->channels[number].task = -1;
        walk->channels[number].enabled = false;
        return;
    }
    bool enabled = walk->channels[number].enabled;
    esp_err_t code = esp_etm_del_channel(walk->channels[number].handle);
    assert_int_equal(code, enabled ? ESP_ERR_INVALID_STATE : ESP_OK);
    if (!enabled) {
        walk->channels[number].handle = NULL;
    }
}

static void step_switch(struct walk *walk, int number)
{
    bool enabled = walk->channels[number].enabled;
    bool on = pick(2) != 0;
    if (walk->channels[number].handle == NULL) {
        return;
    }
    esp_err_t code = on ? esp_etm_channel_enable(walk->channels[number].handle)
                        : esp_etm_channel_disable(walk->channels[number].handle);
    assert_int_equal(code, on == enabled ? ESP_ERR_INVALID_STATE : ESP_OK);
    walk->channels[number].enabled = on;
}

static void step_connect(struct walk *walk, int number)
{
    if (walk->channels[number].handle == NULL) {
        return;
    }
    int event = pick_or_none(WALK_EVENTS);
    int task = pick_or_none(WALK_TASKS);
    event = event >= 0 && walk->events[event] == NULL ? -1 : event;
    task = task >= 0 && walk->tasks[task] == NULL ? -1 : task;
    assert_ok(esp_etm_channel_connect(walk->channels[number].handle, event < 0 ? NULL : walk->events[event],
                                      task < 0 ? NULL : walk->tasks[task]));
    walk->channels[number].event = event;
    walk->channels[number].task = task;
}

static void step_event(struct walk *walk, int event)
{
    if (walk->events[event] == NULL) {
        walk->event_source[event] = pick(WALK_SOURCES);
        walk->events[event] = new_event(&walk->sources[walk->event_source[event]]);
        return;
    }
    assert_ok(esp_etm_del_event(walk->events[event]));
    walk->events[event] = NULL;
    for (int i = 0; i < WALK_CHANNELS; i++) {
        walk->channels[i].event = walk->channels[i].event == event ? -1 : walk->channels[i].event;
    }
}

static void step_task(struct walk *walk, int task)
{
    if (walk->tasks[task] == NULL) {
        walk->tasks[task] = new_task(count_run, &walk->runs[task]);
        return;
    }
    assert_ok(esp_etm_del_task(walk->tasks[task]));
    walk->tasks[task] = NULL;
    for (int i = 0; i < WALK_CHANNELS; i++) {
        walk->channels[i].task = walk->channels[i].task == task ? -1 : walk->channels[i].task;
    }
}

static void step_retire(struct walk *walk, int source)
{
    etm_retire(&walk->sources[source]);
    for (int i = 0; i < WALK_EVENTS; i++) {
        walk->event_source[i] = walk->event_source[i] == source ? -1 : walk->event_source[i];
    }
}

static void step(struct walk *walk)
{
    switch (pick(20)) {
    case 0:
        step_retire(walk, pick(WALK_SOURCES));
        break;
    case 1:
    case 2:
        step_event(walk, pick(WALK_EVENTS));
        break;
    case 3:
    case 4:
        step_task(walk, pick(WALK_TASKS));
        break;
    case 5:
    case 6:
        step_channel(walk, pick(WALK_CHANNELS));
        break;
    case 7:
    case 8:
    case 9:
    case 10:
        step_switch(walk, pick(WALK_CHANNELS));
        break;
    default:
        step_connect(walk, pick(WALK_CHANNELS));
        break;
    }
}

/* Counts and runs of one source, as the table beside says. */
static void check_source(struct walk *walk, int source)
{
    unsigned expected[WALK_TASKS] = {0};
    unsigned channels = 0;
    for (int i = 0; i < WALK_CHANNELS; i++) {
        int event = walk->channels[i].event;
        int task = walk->channels[i].task;
        if (walk->channels[i].handle != NULL && walk->channels[i].enabled && event >= 0 && task >= 0 &&
            walk->event_source[event] == source) {
            expected[task]++;
            channels++;
        }
    }
    assert_int_equal(walk->sources[source].channels, channels);

    for (int i = 0; i < WALK_TASKS; i++) {
        walk->runs[i] = 0;
    }
    pulse(&walk->sources[source]);
    for (int i = 0; i < WALK_TASKS; i++) {
        assert_int_equal(walk->runs[i], expected[i]);
    }
}

static void end_walk(struct walk *walk)
{
    for (int i = 0; i < WALK_CHANNELS; i++) {
        if (walk->channels[i].handle != NULL && walk->channels[i].enabled) {
            assert_ok(esp_etm_channel_disable(walk->channels[i].handle));
        }
        if (walk->channels[i].handle != NULL) {
            assert_ok(esp_etm_del_channel(walk->channels[i].handle));
        }
    }
    for (int i = 0; i < WALK_EVENTS; i++) {
        if (walk->events[i] != NULL) {
            assert_ok(esp_etm_del_event(walk->events[i]));
        }
    }
    for (int i = 0; i < WALK_TASKS; i++) {
        if (walk->tasks[i] != NULL) {
            assert_ok(esp_etm_del_task(walk->tasks[i]));
        }
    }
}

static void test_random_walks(void **state)
{
    (void)state;
    for (unsigned seed = 1; seed <= 5; seed++) {
        struct walk walk;
        memset(&walk, 0, sizeof walk);
        srand(seed);
        print_message("# walk with seed %u\n", seed);
        for (unsigned i = 0; i < WALK_STEPS; i++) {
            step(&walk);
            for (int source = 0; source < WALK_SOURCES; source++) {
                check_source(&walk, source);
            }
        }
        end_walk(&walk);
        assert_int_equal(live_objects(), 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        etm_test(test_every_change_of_one_channel),
        etm_test(test_every_change_beside_another_channel),
        etm_test(test_random_walks),
    };
    return cmocka_run_group_tests_name("etm counts", tests, NULL, NULL);
}
