/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A child of fork() uses and deletes what it inherited, whatever other threads of the parent were doing. A
 * child says how it went by its exit status, and prints the check that failed.
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>
#include "etm_fixture.h"

#define CHILD_SECONDS 20

#define check(condition)                                                                                     \
    do {                                                                                                     \
        if (!(condition)) {                                                                                  \
            fprintf(stderr, "in the child, line %d: %s\n", __LINE__, #condition);                            \
            _exit(1);                                                                                        \
        }                                                                                                    \
    } while (0)

struct family {
    struct etm_source source;
    atomic_uint runs;
    esp_etm_event_handle_t event;
    esp_etm_task_handle_t task;
    esp_etm_channel_handle_t channel;
};

static void open_family(struct family *family, etm_function function, void *arg)
{
    memset(family, 0, sizeof *family);
    family->event = new_event(&family->source);
    family->task = new_task(function, arg == NULL ? &family->runs : arg);
    family->channel = wire(family->event, family->task);
}

static void close_family(struct family *family)
{
    unwire(family->channel);
    assert_ok(esp_etm_del_task(family->task));
    assert_ok(esp_etm_del_event(family->event));
}

/* Run child() in a child, with an alarm that ends it if it hangs; whether it went well. */
static bool child_succeeds(void (*child)(struct family *), struct family *family)
{
    fflush(NULL);
    pid_t pid = fork();
    if (pid == 0) {
        alarm(CHILD_SECONDS);
        child(family);
        _exit(0);
    }
    int status = -1;
    return pid > 0 && waitpid(pid, &status, 0) == pid && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

/* Everything that needs no memory: in a child it may not be to be had under a sanitizer. */
static void use_and_delete(struct family *family)
{
    const esp_etm_channel_config_t config = {.flags = {.allow_pd = 0}};
    esp_etm_channel_handle_t more;
    check(esp_etm_new_channel(&config, &more) == ESP_OK);
    check(esp_etm_channel_connect(more, family->event, family->task) == ESP_OK);
    check(esp_etm_channel_enable(more) == ESP_OK);
    check(family->source.channels == 2);
    family->runs = 0;
    pulse(&family->source);
    check(family->runs == 2);
    check(esp_etm_channel_disable(more) == ESP_OK);
    check(esp_etm_del_channel(more) == ESP_OK);
    check(esp_etm_del_task(family->task) == ESP_OK);
    check(family->source.channels == 0);
    etm_retire(&family->source);
    check(esp_etm_del_event(family->event) == ESP_OK);
    check(esp_etm_channel_disable(family->channel) == ESP_OK);
    check(esp_etm_del_channel(family->channel) == ESP_OK);
}

static void test_a_child_uses_what_it_inherits(void **state)
{
    (void)state;
    struct family family;
    open_family(&family, count_run, NULL);
    pulse(&family.source);
    assert_true(child_succeeds(use_and_delete, &family));
    assert_int_equal(family.runs, 1); /* of the child's doings the parent sees nothing */
    pulse(&family.source);
    assert_int_equal(family.runs, 2);
    close_family(&family);
}

static void have_a_child(struct family *family)
{
    check(child_succeeds(use_and_delete, family));
    use_and_delete(family);
}

static void test_a_grandchild_does(void **state)
{
    (void)state;
    struct family family;
    open_family(&family, count_run, NULL);
    assert_true(child_succeeds(have_a_child, &family));
    close_family(&family);
}

/* ---- While a thread of the parent runs the task ---- */

struct stand {
    struct family family;
    atomic_bool inside;
    atomic_bool go;
};

static void stand_still(void *arg)
{
    struct stand *stand = arg;
    atomic_store(&stand->inside, true);
    await(&stand->go);
}

static void *raise_once(void *arg)
{
    pulse(&((struct stand *)arg)->family.source);
    return NULL;
}

static void delete_running(struct family *family)
{
    check(esp_etm_del_task(family->task) == ESP_OK);
    etm_retire(&family->source);
    check(esp_etm_del_event(family->event) == ESP_OK);
}

static void test_a_child_waits_for_no_run_of_the_parent(void **state)
{
    (void)state;
    struct stand stand;
    memset(&stand, 0, sizeof stand);
    open_family(&stand.family, stand_still, &stand);
    pthread_t raiser;
    assert_int_equal(pthread_create(&raiser, NULL, raise_once, &stand), 0);
    assert_true(await(&stand.inside));
    bool succeeded = child_succeeds(delete_running, &stand.family);
    atomic_store(&stand.go, true);
    assert_int_equal(pthread_join(raiser, NULL), 0);
    assert_true(succeeded);
    close_family(&stand.family);
}

/* ---- While a thread of the parent is anywhere in the matrix, its lock held or not ---- */

struct changer {
    struct family family;
    atomic_bool stop;
    unsigned failed;
};

static void *change(void *arg)
{
    struct changer *changer = arg;
    const esp_etm_channel_config_t config = {.flags = {.allow_pd = 0}};
    while (!atomic_load(&changer->stop)) {
        esp_etm_channel_handle_t channel = NULL;
        changer->failed += esp_etm_new_channel(&config, &channel) != ESP_OK;
        for (unsigned i = 0; i < 50; i++) {
            changer->failed +=
                esp_etm_channel_connect(channel, i % 2 ? changer->family.event : NULL, NULL) != ESP_OK;
        }
        changer->failed += esp_etm_del_channel(channel) != ESP_OK;
    }
    return NULL;
}

static void test_children_of_a_busy_parent(void **state)
{
    (void)state;
    struct changer changer;
    memset(&changer, 0, sizeof changer);
    open_family(&changer.family, count_run, NULL);
    pthread_t thread;
    assert_int_equal(pthread_create(&thread, NULL, change, &changer), 0);
    unsigned succeeded = 0;
    for (unsigned i = 0; i < 100; i++) {
        succeeded += child_succeeds(use_and_delete, &changer.family);
    }
    atomic_store(&changer.stop, true);
    assert_int_equal(pthread_join(thread, NULL), 0);
    assert_int_equal(succeeded, 100);
    assert_int_equal(changer.failed, 0);
    close_family(&changer.family);
}

/* ---- From inside a task ---- */

struct forker {
    struct family family;
    pid_t parent;
    pid_t child;
    atomic_uint later_runs;
};

static void fork_inside(void *arg)
{
    struct forker *forker = arg;
    forker->child = fork();
    if (forker->child == 0) {
        alarm(CHILD_SECONDS);
        check(esp_etm_del_task(forker->family.task) == ESP_OK); /* itself: its run was the parent's */
    }
}

static void test_a_task_forks(void **state)
{
    (void)state;
    struct forker forker;
    memset(&forker, 0, sizeof forker);
    forker.parent = getpid();
    open_family(&forker.family, fork_inside, &forker);
    esp_etm_task_handle_t later = new_task(count_run, &forker.later_runs);
    esp_etm_channel_handle_t channel = wire(forker.family.event, later);
    fflush(NULL);
    pulse(&forker.family.source);
    if (getpid() != forker.parent) {
        check(forker.later_runs == 0); /* the event was the parent's */
        pulse(&forker.family.source);
        check(forker.later_runs == 1);
        check(esp_etm_del_task(later) == ESP_OK);
        check(live_objects() == 1);
        _exit(0);
    }
    int status = -1;
    assert_int_equal(waitpid(forker.child, &status, 0), forker.child);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    assert_int_equal(forker.later_runs, 1);
    unwire(channel);
    assert_ok(esp_etm_del_task(later));
    close_family(&forker.family);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        etm_test(test_a_child_uses_what_it_inherits),
        etm_test(test_a_grandchild_does),
        etm_test(test_a_child_waits_for_no_run_of_the_parent),
        etm_test(test_children_of_a_busy_parent),
        etm_test(test_a_task_forks),
    };
    return cmocka_run_group_tests_name("etm fork", tests, NULL, NULL);
}
