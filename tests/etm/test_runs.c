/* SPDX-License-Identifier: Apache-2.0 */
/* Running tasks: who runs, how often, in what context; and functions that change the matrix while it runs
 * them. */
#include <pthread.h>
#include <stdio.h>
#include "etm_fixture.h"

/* ---- Who runs ---- */

static void test_once_per_pulse(void **state)
{
    (void)state;
    struct etm_source source = {0};
    atomic_uint runs = 0;
    esp_etm_event_handle_t event = new_event(&source);
    esp_etm_task_handle_t task = new_task(count_run, &runs);
    pulse(&source); /* nobody listens: not remembered */
    esp_etm_channel_handle_t channel = wire(event, task);
    assert_int_equal(runs, 0);
    for (unsigned i = 1; i <= 100; i++) {
        pulse(&source);
        assert_int_equal(runs, i);
    }
    assert_ok(esp_etm_channel_disable(channel));
    pulse(&source);
    assert_int_equal(runs, 100);
    assert_ok(esp_etm_channel_enable(channel));
    pulse(&source);
    assert_int_equal(runs, 101);
    unwire(channel);
    assert_ok(esp_etm_del_task(task));
    assert_ok(esp_etm_del_event(event));
}

static void test_one_event_many_tasks(void **state)
{
    (void)state;
    struct etm_source source = {0};
    atomic_uint runs[ALL_CHANNELS];
    esp_etm_task_handle_t tasks[ALL_CHANNELS];
    esp_etm_channel_handle_t channels[ALL_CHANNELS];
    esp_etm_event_handle_t event = new_event(&source);
    for (unsigned i = 0; i < ALL_CHANNELS; i++) {
        runs[i] = 0;
        tasks[i] = new_task(count_run, &runs[i]);
        channels[i] = wire(event, tasks[i]);
        assert_int_equal(source.channels, i + 1);
        pulse(&source);
        for (unsigned j = 0; j <= i; j++) {
            assert_int_equal(runs[j], i + 1 - j);
        }
    }
    for (unsigned i = 0; i < ALL_CHANNELS; i++) {
        unwire(channels[i]);
        assert_ok(esp_etm_del_task(tasks[i]));
        pulse(&source);
    }
    for (unsigned i = 0; i < ALL_CHANNELS; i++) {
        assert_int_equal(runs[i], ALL_CHANNELS); /* 50 - i pulses on the way up, i on the way down */
    }
    assert_ok(esp_etm_del_event(event));
}

static void test_many_events_one_task(void **state)
{
    (void)state;
    struct etm_source sources[4];
    memset(sources, 0, sizeof sources);
    atomic_uint runs = 0;
    esp_etm_event_handle_t events[4];
    esp_etm_channel_handle_t channels[4];
    esp_etm_task_handle_t task = new_task(count_run, &runs);
    for (unsigned i = 0; i < 4; i++) {
        events[i] = new_event(&sources[i]);
        channels[i] = wire(events[i], task);
    }
    for (unsigned i = 0; i < 4; i++) {
        pulse(&sources[i]);
        assert_int_equal(runs, i + 1);
    }
    unwire(channels[2]);
    pulse(&sources[2]); /* of no concern to the others */
    pulse(&sources[3]);
    assert_int_equal(runs, 5);
    assert_ok(esp_etm_del_task(task));
    for (unsigned i = 0; i < 4; i++) {
        if (i != 2) {
            unwire(channels[i]);
        }
        assert_ok(esp_etm_del_event(events[i]));
    }
}

static void test_several_events_of_one_source(void **state)
{
    (void)state;
    struct etm_source source = {0};
    atomic_uint runs[2] = {0};
    esp_etm_event_handle_t events[2];
    esp_etm_task_handle_t tasks[2];
    esp_etm_channel_handle_t channels[2];
    for (unsigned i = 0; i < 2; i++) {
        events[i] = new_event(&source);
        tasks[i] = new_task(count_run, &runs[i]);
        channels[i] = wire(events[i], tasks[i]);
    }
    pulse(&source);
    assert_int_equal(runs[0], 1);
    assert_int_equal(runs[1], 1);
    for (unsigned i = 0; i < 2; i++) {
        unwire(channels[i]);
        assert_ok(esp_etm_del_task(tasks[i]));
        assert_ok(esp_etm_del_event(events[i]));
    }
}

static void test_two_channels_alike_run_the_task_twice(void **state)
{
    (void)state;
    struct etm_source source = {0};
    atomic_uint runs = 0;
    esp_etm_event_handle_t event = new_event(&source);
    esp_etm_task_handle_t task = new_task(count_run, &runs);
    esp_etm_channel_handle_t first = wire(event, task);
    esp_etm_channel_handle_t second = wire(event, task);
    pulse(&source);
    assert_int_equal(runs, 2);
    unwire(first);
    pulse(&source);
    assert_int_equal(runs, 3);
    unwire(second);
    assert_ok(esp_etm_del_task(task));
    assert_ok(esp_etm_del_event(event));
}

static void test_running_needs_no_memory(void **state)
{
    (void)state;
    struct etm_source source = {0};
    atomic_uint runs = 0;
    esp_etm_event_handle_t event = new_event(&source);
    esp_etm_task_handle_t task = new_task(count_run, &runs);
    esp_etm_channel_handle_t channel = wire(event, task);
    fail_allocations(true);
    for (unsigned i = 0; i < 100; i++) {
        pulse(&source);
    }
    assert_int_equal(runs, 100);
    unwire(channel);
    assert_ok(esp_etm_del_task(task));
    assert_ok(esp_etm_del_event(event));
}

/* ---- In what context ---- */

struct context {
    unsigned runs;
    bool in_isr;
    port_function named;
};

static void look_around(void *arg)
{
    struct context *context = arg;
    context->runs++;
    context->in_isr = port_in_isr();
    context->named = port_isr_current();
}

static void test_function_runs_in_interrupt_context(void **state)
{
    (void)state;
    struct etm_source source = {0};
    struct context context = {0};
    esp_etm_event_handle_t event = new_event(&source);
    esp_etm_task_handle_t task = new_task(look_around, &context);
    esp_etm_channel_handle_t channel = wire(event, task);
    pulse(&source);
    assert_int_equal(context.runs, 1);
    assert_true(context.in_isr);
    assert_ptr_equal(context.named, look_around); /* for the message of a call that must not be made there */
    assert_null(port_isr_current());
    unwire(channel);
    assert_ok(esp_etm_del_task(task));
    assert_ok(esp_etm_del_event(event));
}

/* ---- Functions that change the matrix: each script is run by a task on the lowest channel of a pulse ----
 */

struct scene {
    struct etm_source source;
    esp_etm_event_handle_t event;
    esp_etm_task_handle_t actor; /* runs the script */
    esp_etm_task_handle_t later; /* counts; on the channel after it */
    esp_etm_channel_handle_t actor_channel;
    esp_etm_channel_handle_t later_channel;
    esp_etm_channel_handle_t spare_channel; /* the last one; connected to event and later, disabled */
    atomic_uint later_runs;
    unsigned actor_runs;
    esp_err_t codes[8]; /* what the script's calls returned; checked after the pulse */
    unsigned calls;
    int live_meanwhile;
    void (*script)(struct scene *scene);
};

static void act(void *arg)
{
    struct scene *scene = arg;
    if (scene->actor_runs++ == 0) {
        scene->script(scene);
    }
}

static void note(struct scene *scene, esp_err_t code)
{
    scene->codes[scene->calls++] = code;
}

static void open_scene(struct scene *scene, void (*script)(struct scene *))
{
    memset(scene, 0, sizeof *scene);
    scene->script = script;
    scene->event = new_event(&scene->source);
    scene->actor = new_task(act, scene);
    scene->later = new_task(count_run, &scene->later_runs);
    scene->actor_channel = wire(scene->event, scene->actor);
    scene->later_channel = wire(scene->event, scene->later);
    scene->spare_channel = new_channel();
    assert_ok(esp_etm_channel_connect(scene->spare_channel, scene->event, scene->later));
}

static void pulse_scene(struct scene *scene)
{
    pulse(&scene->source);
    for (unsigned i = 0; i < scene->calls; i++) {
        assert_ok(scene->codes[i]);
    }
}

/* Delete what the script has not: a handle that it deleted is NULL. */
static void close_scene(struct scene *scene)
{
    esp_etm_channel_handle_t channels[] = {scene->actor_channel, scene->later_channel, scene->spare_channel};
    for (unsigned i = 0; i < 3; i++) {
        if (channels[i] != NULL) {
            (void)esp_etm_channel_disable(channels[i]); /* enabled or not */
            assert_ok(esp_etm_del_channel(channels[i]));
        }
    }
    if (scene->event != NULL) {
        assert_ok(esp_etm_del_event(scene->event));
    }
    if (scene->actor != NULL) {
        assert_ok(esp_etm_del_task(scene->actor));
    }
    if (scene->later != NULL) {
        assert_ok(esp_etm_del_task(scene->later));
    }
}

static void disable_own(struct scene *scene)
{
    note(scene, esp_etm_channel_disable(scene->actor_channel));
}

static void test_a_function_disables_its_own_channel(void **state)
{
    (void)state;
    struct scene scene;
    open_scene(&scene, disable_own);
    pulse_scene(&scene);
    assert_int_equal(scene.source.channels, 1);
    pulse(&scene.source);
    assert_int_equal(scene.actor_runs, 1);
    assert_int_equal(scene.later_runs, 2);
    close_scene(&scene);
}

static void disable_later(struct scene *scene)
{
    note(scene, esp_etm_channel_disable(scene->later_channel));
}

static void test_a_function_disables_a_channel_of_the_same_pulse(void **state)
{
    (void)state;
    struct scene scene;
    open_scene(&scene, disable_later);
    pulse_scene(&scene);
    assert_int_equal(scene.later_runs, 0);
    pulse(&scene.source);
    assert_int_equal(scene.actor_runs, 2);
    assert_int_equal(scene.later_runs, 0);
    close_scene(&scene);
}

static void enable_spare(struct scene *scene)
{
    note(scene, esp_etm_channel_enable(scene->spare_channel));
}

static void test_a_channel_enabled_by_a_function_waits_for_the_next_pulse(void **state)
{
    (void)state;
    struct scene scene;
    open_scene(&scene, enable_spare);
    pulse_scene(&scene);
    assert_int_equal(scene.later_runs, 1);
    pulse(&scene.source);
    assert_int_equal(scene.later_runs, 3);
    close_scene(&scene);
}

static void connect_elsewhere(struct scene *scene)
{
    note(scene, esp_etm_channel_connect(scene->later_channel, scene->event, scene->actor));
    note(scene, esp_etm_channel_connect(scene->actor_channel, NULL, scene->actor));
}

static void test_a_function_connects(void **state)
{
    (void)state;
    struct scene scene;
    open_scene(&scene, connect_elsewhere);
    pulse_scene(&scene);
    assert_int_equal(scene.later_runs, 0);
    assert_int_equal(scene.actor_runs, 2); /* the second channel still listened, now for the actor */
    assert_int_equal(scene.source.channels, 1);
    pulse(&scene.source);
    assert_int_equal(scene.actor_runs, 3);
    close_scene(&scene);
}

static void delete_own_task(struct scene *scene)
{
    note(scene, esp_etm_del_task(scene->actor));
    scene->actor = NULL;
    scene->live_meanwhile = live_objects();
}

static void test_a_function_deletes_its_own_task(void **state)
{
    (void)state;
    struct scene scene;
    open_scene(&scene, delete_own_task);
    int live_before = live_objects();
    pulse_scene(&scene);
    assert_int_equal(scene.live_meanwhile, live_before); /* it lived until its run ended, */
    assert_int_equal(live_objects(), live_before - 1);   /* and no longer */
    pulse(&scene.source);
    assert_int_equal(scene.actor_runs, 1);
    assert_int_equal(scene.later_runs, 2);
    close_scene(&scene);
}

static void delete_later_task(struct scene *scene)
{
    note(scene, esp_etm_del_task(scene->later));
    scene->later = NULL;
    scene->live_meanwhile = live_objects();
}

static void test_a_function_deletes_a_task_of_the_same_pulse(void **state)
{
    (void)state;
    struct scene scene;
    open_scene(&scene, delete_later_task);
    int live_before = live_objects();
    pulse_scene(&scene);
    assert_int_equal(scene.live_meanwhile, live_before - 1); /* it did not run, so it was freed at once */
    pulse(&scene.source);
    assert_int_equal(scene.later_runs, 0);
    assert_int_equal(scene.source.channels, 1);
    close_scene(&scene);
}

static void delete_event(struct scene *scene)
{
    note(scene, esp_etm_del_event(scene->event));
    scene->event = NULL;
}

static void test_a_function_deletes_its_event(void **state)
{
    (void)state;
    struct scene scene;
    open_scene(&scene, delete_event);
    pulse_scene(&scene);
    assert_int_equal(scene.source.channels, 0);
    pulse(&scene.source);
    assert_int_equal(scene.actor_runs, 1);
    assert_int_equal(scene.later_runs, 0);
    close_scene(&scene);
}

static void delete_channels(struct scene *scene)
{
    note(scene, esp_etm_channel_disable(scene->actor_channel));
    note(scene, esp_etm_del_channel(scene->actor_channel));
    note(scene, esp_etm_channel_disable(scene->later_channel));
    note(scene, esp_etm_del_channel(scene->later_channel));
    scene->actor_channel = NULL;
    scene->later_channel = NULL;
}

static void test_a_function_deletes_channels(void **state)
{
    (void)state;
    struct scene scene;
    open_scene(&scene, delete_channels);
    pulse_scene(&scene);
    assert_int_equal(channels_in_use(), 1);
    pulse(&scene.source);
    assert_int_equal(scene.actor_runs, 1);
    assert_int_equal(scene.later_runs, 0);
    close_scene(&scene);
}

static void delete_all(struct scene *scene)
{
    delete_event(scene);
    delete_own_task(scene);
    delete_later_task(scene);
    delete_channels(scene);
}

static void test_a_function_deletes_everything(void **state)
{
    (void)state;
    struct scene scene;
    open_scene(&scene, delete_all);
    pulse_scene(&scene);
    assert_int_equal(scene.live_meanwhile, 1); /* its own task, which was still running */
    assert_int_equal(live_objects(), 0);
    close_scene(&scene);
}

static void make_new(struct scene *scene)
{
    esp_etm_channel_config_t config = {.flags = {.allow_pd = 0}};
    note(scene, esp_etm_del_channel(scene->spare_channel));
    note(scene, esp_etm_new_channel(&config, &scene->spare_channel));
    note(scene, esp_etm_del_task(scene->later));
    note(scene, esp_etm_new_function_task(count_run, &scene->later_runs, &scene->later));
    note(scene, esp_etm_channel_connect(scene->spare_channel, scene->event, scene->later));
    note(scene, esp_etm_channel_enable(scene->spare_channel));
}

static void test_a_function_makes_channels_and_tasks(void **state)
{
    (void)state;
    struct scene scene;
    open_scene(&scene, make_new);
    pulse_scene(&scene);
    assert_int_equal(scene.calls, 6);
    assert_int_equal(scene.later_runs, 0);
    pulse(&scene.source);
    assert_int_equal(scene.later_runs, 1);
    close_scene(&scene);
}

static void dump(struct scene *scene)
{
    FILE *sink = fopen("/dev/null", "w");
    note(scene, sink == NULL ? ESP_FAIL : esp_etm_dump(sink));
    if (sink != NULL) {
        fclose(sink);
    }
}

static void test_a_function_dumps(void **state)
{
    (void)state;
    struct scene scene;
    open_scene(&scene, dump);
    pulse_scene(&scene);
    assert_int_equal(scene.calls, 1);
    close_scene(&scene);
}

/* The function waits for a thread that uses the matrix: with a lock held this would never end. */
static void *use_matrix(void *arg)
{
    struct scene *scene = arg;
    note(scene, esp_etm_channel_enable(scene->spare_channel));
    note(scene, esp_etm_channel_disable(scene->spare_channel));
    note(scene, esp_etm_del_task(scene->later)); /* not running: nothing to wait for */
    scene->later = NULL;
    return NULL;
}

static void let_a_thread_work(struct scene *scene)
{
    pthread_t thread;
    if (pthread_create(&thread, NULL, use_matrix, scene) != 0) {
        note(scene, ESP_FAIL);
        return;
    }
    pthread_join(thread, NULL);
}

static void test_no_lock_is_held_while_a_function_runs(void **state)
{
    (void)state;
    struct scene scene;
    open_scene(&scene, let_a_thread_work);
    pulse_scene(&scene);
    assert_int_equal(scene.calls, 3);
    assert_int_equal(scene.later_runs, 0);
    close_scene(&scene);
}

static void raise_other(void *arg)
{
    etm_raise(arg);
}

static void test_a_function_raises_another_source(void **state)
{
    (void)state;
    struct etm_source first = {0};
    struct etm_source second = {0};
    atomic_uint runs = 0;
    esp_etm_event_handle_t events[] = {new_event(&first), new_event(&second)};
    esp_etm_task_handle_t chain = new_task(raise_other, &second);
    esp_etm_task_handle_t task = new_task(count_run, &runs);
    esp_etm_channel_handle_t channels[] = {wire(events[0], chain), wire(events[1], task),
                                           wire(events[0], task)};
    pulse(&first);
    assert_int_equal(runs, 2);
    for (unsigned i = 0; i < 3; i++) {
        unwire(channels[i]);
    }
    assert_ok(esp_etm_del_event(events[0]));
    assert_ok(esp_etm_del_event(events[1]));
    assert_ok(esp_etm_del_task(chain));
    assert_ok(esp_etm_del_task(task));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        etm_test(test_once_per_pulse),
        etm_test(test_one_event_many_tasks),
        etm_test(test_many_events_one_task),
        etm_test(test_several_events_of_one_source),
        etm_test(test_two_channels_alike_run_the_task_twice),
        etm_test(test_running_needs_no_memory),
        etm_test(test_function_runs_in_interrupt_context),
        etm_test(test_a_function_disables_its_own_channel),
        etm_test(test_a_function_disables_a_channel_of_the_same_pulse),
        etm_test(test_a_channel_enabled_by_a_function_waits_for_the_next_pulse),
        etm_test(test_a_function_connects),
        etm_test(test_a_function_deletes_its_own_task),
        etm_test(test_a_function_deletes_a_task_of_the_same_pulse),
        etm_test(test_a_function_deletes_its_event),
        etm_test(test_a_function_deletes_channels),
        etm_test(test_a_function_deletes_everything),
        etm_test(test_a_function_makes_channels_and_tasks),
        etm_test(test_a_function_dumps),
        etm_test(test_no_lock_is_held_while_a_function_runs),
        etm_test(test_a_function_raises_another_source),
    };
    return cmocka_run_group_tests_name("etm runs", tests, NULL, NULL);
}
