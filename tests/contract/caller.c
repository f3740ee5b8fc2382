/* SPDX-License-Identifier: Apache-2.0 */
/* Copies that are made by who submits or waits, while the worker sleeps; and the hints that rule it. */
#define _GNU_SOURCE
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "freertos/FreeRTOS.h"
#include "group.h"

#define SKIP_IF_NOBODY_ELSE_COPIES()                                                                         \
    do {                                                                                                     \
        if (!row.on_caller) {                                                                                \
            skip();                                                                                          \
        }                                                                                                    \
    } while (0)

static async_memcpy_t install_hinted(uint32_t backlog, uint32_t flags)
{
    async_memcpy_config_t config = {.backlog = backlog, .flags = flags};
    async_memcpy_t driver = NULL;
    assert_ok(row.install(&config, &driver));
    return driver;
}

/* ---- The worker, from outside ---- */

static bool read_task_file(const char *tid, const char *file, char *text, size_t size)
{
    char path[300];
    snprintf(path, sizeof path, "/proc/self/task/%s/%s", tid, file);
    FILE *stream = fopen(path, "r");
    size_t length = stream != NULL ? fread(text, 1, size - 1, stream) : 0;
    text[length] = '\0';
    if (stream != NULL) {
        fclose(stream);
    }
    return length != 0;
}

/* The worker that was made last: thread ids rise, in the time that a test takes. */
static void find_worker(char tid[32])
{
    DIR *dir = opendir("/proc/self/task");
    char name[64];
    assert_non_null(dir);
    long last = 0;
    for (struct dirent *entry; (entry = readdir(dir)) != NULL;) {
        if (read_task_file(entry->d_name, "comm", name, sizeof name) &&
            strncmp(name, row.worker, strlen(row.worker)) == 0 && atol(entry->d_name) > last) {
            last = atol(entry->d_name);
        }
    }
    closedir(dir);
    assert_int_not_equal(last, 0);
    snprintf(tid, 32, "%ld", last);
}

/* How often it has gone to sleep; 0: it is awake. */
static unsigned long naps_asleep(const char *tid)
{
    char status[4096];
    assert_true(read_task_file(tid, "status", status, sizeof status));
    const char *line = strstr(status, "State:\tS");
    const char *switches = strstr(status, "\nvoluntary_ctxt_switches:\t");
    return line == NULL || switches == NULL
               ? 0
               : strtoul(switches + strlen("\nvoluntary_ctxt_switches:\t"), NULL, 10);
}

/* The same, once it sleeps. Two looks: the kernel says that it does a moment before it counts it. */
static unsigned long naps(const char *tid)
{
    unsigned long last = 0;
    for (unsigned looks = 0; looks < 10000; looks++) {
        unsigned long now = naps_asleep(tid);
        if (now != 0 && now == last) {
            return now;
        }
        last = now;
        sleep_ms(1);
    }
    fail_msg("the worker does not sleep");
    return 0;
}

/* ---- On the spot ---- */

struct sleeper {
    async_memcpy_t driver;
    struct areas areas;
    char worker[32];
    unsigned long naps;
};

/* A driver whose worker sleeps, and has copied something before. */
static void sleeper_open(struct sleeper *sleeper, uint32_t backlog, uint32_t flags)
{
    sleeper->driver = install_hinted(backlog, flags);
    areas_open(&sleeper->areas, 300 << 10);
    copy_and_check(sleeper->driver, &sleeper->areas, 0, 0, 300 << 10);
    find_worker(sleeper->worker);
    sleep_ms(20);
    sleeper->naps = naps(sleeper->worker);
}

/* Has the worker been woken since? Waits for it to sleep again. */
static bool sleeper_was_woken(struct sleeper *sleeper)
{
    sleep_ms(2);
    unsigned long before = sleeper->naps;
    sleeper->naps = naps(sleeper->worker);
    return sleeper->naps != before;
}

static void sleeper_close(struct sleeper *sleeper)
{
    areas_close(&sleeper->areas);
    uninstall(sleeper->driver);
}

/* Complete when the call returns, and nobody was woken for it. */
static void small_copies_do_not_wake_the_worker(void **state)
{
    (void)state;
    SKIP_IF_NOBODY_ELSE_COPIES();
    struct sleeper sleeper;
    sleeper_open(&sleeper, 1, 0);
    const size_t sizes[] = {1, 64, 1000, 4096, 16384, 65536};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        areas_prepare(&sleeper.areas, i, 2 * i, sizes[i]);
        assert_ok(submit(sleeper.driver, &sleeper.areas, NULL));
        assert_ok(esp_async_memcpy_wait(sleeper.driver, 0));
        areas_check(&sleeper.areas);
        assert_false(sleeper_was_woken(&sleeper));
    }
    sleeper_close(&sleeper);
}

static void larger_copies_wake_the_worker(void **state)
{
    (void)state;
    SKIP_IF_NOBODY_ELSE_COPIES();
    struct sleeper sleeper;
    sleeper_open(&sleeper, 64, 0);
    areas_prepare(&sleeper.areas, 0, 0, 65537);
    assert_ok(submit(sleeper.driver, &sleeper.areas, NULL));
    assert_true(sleeper_was_woken(&sleeper));
    assert_ok(esp_async_memcpy_wait(sleeper.driver, 0));
    areas_check(&sleeper.areas);
    sleeper_close(&sleeper);
}

/* So many at once that they cost more than a caller gives, unless its thread is held up: once more, then. */
static void many_copies_in_a_row_wake_the_worker(void **state)
{
    (void)state;
    SKIP_IF_NOBODY_ELSE_COPIES();
    struct sleeper sleeper;
    sleeper_open(&sleeper, 512, 0);
    areas_prepare(&sleeper.areas, 0, 0, 1);
    bool woken = false;
    for (unsigned rounds = 0; !woken && rounds < 1000; rounds++) {
        for (unsigned i = 0; i < 512; i++) {
            assert_ok(submit(sleeper.driver, &sleeper.areas, NULL));
        }
        assert_ok(esp_async_memcpy_wait(sleeper.driver, -1));
        woken = sleeper_was_woken(&sleeper);
    }
    assert_true(woken);
    areas_check(&sleeper.areas);
    sleeper_close(&sleeper);
}

static void batch_of_small_copies_does_not_wake_the_worker(void **state)
{
    (void)state;
    SKIP_IF_NOBODY_ELSE_COPIES();
    struct sleeper sleeper;
    sleeper_open(&sleeper, 8, 0);
    async_memcpy_copy_t copies[8];
    areas_prepare(&sleeper.areas, 0, 0, 800);
    for (size_t i = 0; i < 8; i++) {
        unsigned char *dst = sleeper.areas.oracle.dst, *src = sleeper.areas.oracle.src;
        copies[i] = (async_memcpy_copy_t){dst + 100 * i, src + 100 * i, 100, NULL, NULL};
    }
    assert_ok(esp_async_memcpy_batch(sleeper.driver, copies, 8));
    assert_ok(esp_async_memcpy_wait(sleeper.driver, 0));
    areas_check(&sleeper.areas);
    assert_false(sleeper_was_woken(&sleeper));
    sleeper_close(&sleeper);
}

static void hint_keeps_all_copies_from_the_caller(void **state)
{
    (void)state;
    SKIP_IF_NOBODY_ELSE_COPIES();
    struct sleeper sleeper;
    sleeper_open(&sleeper, 1, ASYNC_MEMCPY_FLAG_NEVER_ON_CALLER | ASYNC_MEMCPY_FLAG_CALLBACK_ON_CALLER);
    areas_prepare(&sleeper.areas, 0, 0, 64);
    assert_ok(submit(sleeper.driver, &sleeper.areas, NULL));
    assert_true(sleeper_was_woken(&sleeper));
    assert_ok(
        esp_memcpy_blocking(sleeper.driver, sleeper.areas.oracle.dst, sleeper.areas.oracle.src, 64, -1));
    assert_true(sleeper_was_woken(&sleeper));
    areas_check(&sleeper.areas);
    sleeper_close(&sleeper);
}

/* ---- Where callbacks and ETM tasks run ---- */

struct witness {
    pid_t tid;
    bool in_isr;
    atomic_uint calls;
    esp_err_t again; /* of a copy that the callback submits */
    bool resubmits;
};

static void see(struct witness *witness)
{
    witness->tid = (pid_t)syscall(SYS_gettid);
    witness->in_isr = xPortInIsrContext();
    atomic_fetch_add(&witness->calls, 1);
}

static bool witness_callback(async_memcpy_t driver, async_memcpy_event_t *event, void *argument)
{
    const async_memcpy_result_t *result = event->data;
    struct witness *witness = argument;
    if (witness->resubmits) {
        witness->resubmits = false;
        witness->again =
            esp_async_memcpy(driver, result->dst, result->src, result->size, witness_callback, witness);
        return false; /* the next one is the witness */
    }
    see(witness);
    return false;
}

static void see_pulse(void *argument)
{
    see(argument);
}

static esp_err_t submit_watched(struct sleeper *sleeper, struct witness *witness, size_t n)
{
    areas_prepare(&sleeper->areas, 3, 7, n);
    const struct oracle *oracle = &sleeper->areas.oracle;
    return esp_async_memcpy(sleeper->driver, oracle->dst, oracle->src, n, witness_callback, witness);
}

static void callbacks_run_on_the_caller_only_if_asked_for(void **state)
{
    (void)state;
    SKIP_IF_NOBODY_ELSE_COPIES();
    for (unsigned asked = 0; asked < 2; asked++) {
        struct sleeper sleeper;
        struct witness witness = {.resubmits = false};
        sleeper_open(&sleeper, 1, asked ? ASYNC_MEMCPY_FLAG_CALLBACK_ON_CALLER : 0);
        assert_ok(submit_watched(&sleeper, &witness, 5000));
        assert_ok(esp_async_memcpy_wait(sleeper.driver, asked ? 0 : -1));
        assert_int_equal(atomic_load(&witness.calls), 1);
        assert_true(witness.in_isr);
        assert_int_equal(witness.tid == (pid_t)syscall(SYS_gettid), asked);
        assert_int_equal(sleeper_was_woken(&sleeper), !asked);
        assert_false(xPortInIsrContext());
        areas_check(&sleeper.areas);
        sleeper_close(&sleeper);
    }
}

static void callback_on_the_caller_may_submit(void **state)
{
    (void)state;
    SKIP_IF_NOBODY_ELSE_COPIES();
    struct sleeper sleeper;
    sleeper_open(&sleeper, 1, ASYNC_MEMCPY_FLAG_CALLBACK_ON_CALLER);
    for (unsigned i = 0; i < 100; i++) {
        struct witness witness = {.resubmits = true, .again = ESP_FAIL};
        assert_ok(submit_watched(&sleeper, &witness, 100 + i));
        assert_ok(esp_async_memcpy_wait(sleeper.driver, -1));
        assert_ok(esp_async_memcpy_wait(sleeper.driver, -1)); /* for the callback's copy */
        assert_ok(witness.again);
        assert_int_equal(atomic_load(&witness.calls), 1);
        areas_check(&sleeper.areas);
    }
    sleeper_close(&sleeper);
}

static void etm_tasks_run_on_the_caller_only_if_asked_for(void **state)
{
    (void)state;
    SKIP_IF_NOBODY_ELSE_COPIES();
    for (unsigned asked = 0; asked < 2; asked++) {
        struct sleeper sleeper;
        struct witness witness = {.calls = 0};
        esp_etm_event_handle_t event;
        esp_etm_task_handle_t task;
        esp_etm_channel_handle_t channel;
        esp_etm_channel_config_t config = {{0}};
        sleeper_open(&sleeper, 1, asked ? ASYNC_MEMCPY_FLAG_CALLBACK_ON_CALLER : 0);
        assert_ok(esp_async_memcpy_new_etm_event(sleeper.driver, ASYNC_MEMCPY_ETM_EVENT_COPY_DONE, &event));
        assert_ok(esp_etm_new_function_task(see_pulse, &witness, &task));
        assert_ok(esp_etm_new_channel(&config, &channel));
        assert_ok(esp_etm_channel_connect(channel, event, task));
        assert_ok(esp_etm_channel_enable(channel));
        areas_prepare(&sleeper.areas, 0, 0, 64);
        assert_ok(submit(sleeper.driver, &sleeper.areas, NULL));
        assert_ok(esp_async_memcpy_wait(sleeper.driver, -1));
        assert_int_equal(atomic_load(&witness.calls), 1);
        assert_true(witness.in_isr);
        assert_int_equal(witness.tid == (pid_t)syscall(SYS_gettid), asked);
        assert_ok(esp_etm_channel_disable(channel));
        assert_ok(esp_etm_del_channel(channel));
        assert_ok(esp_etm_del_task(task));
        assert_ok(esp_etm_del_event(event));
        sleeper_close(&sleeper);
    }
}

/* From a callback of one driver into another, whose worker sleeps. */
struct relay {
    async_memcpy_t other;
    struct areas *areas;
    struct witness *witness;
    esp_err_t status;
    pid_t tid;
};

static bool pass_on(async_memcpy_t driver, async_memcpy_event_t *event, void *argument)
{
    (void)driver, (void)event;
    struct relay *relay = argument;
    const struct oracle *oracle = &relay->areas->oracle;
    relay->tid = (pid_t)syscall(SYS_gettid);
    relay->status =
        esp_async_memcpy(relay->other, oracle->dst, oracle->src, oracle->n, witness_callback, relay->witness);
    return false;
}

static void interrupt_context_copies_nothing_on_the_spot(void **state)
{
    (void)state;
    SKIP_IF_NOBODY_ELSE_COPIES();
    struct sleeper sleeper;
    struct witness witness = {.resubmits = false};
    sleeper_open(&sleeper, 4, ASYNC_MEMCPY_FLAG_CALLBACK_ON_CALLER);
    async_memcpy_t first = install_hinted(1, ASYNC_MEMCPY_FLAG_NEVER_ON_CALLER);
    struct relay relay = {.other = sleeper.driver, .areas = &sleeper.areas, .witness = &witness};
    unsigned char from[1] = {1}, to[1] = {0};
    areas_prepare(&sleeper.areas, 0, 0, 64);
    assert_ok(esp_async_memcpy(first, to, from, 1, pass_on, &relay));
    assert_ok(esp_async_memcpy_wait(first, -1));
    assert_ok(relay.status);
    assert_true(sleeper_was_woken(&sleeper));
    assert_ok(esp_async_memcpy_wait(sleeper.driver, -1));
    assert_int_equal(atomic_load(&witness.calls), 1);
    assert_int_not_equal(witness.tid, relay.tid);
    areas_check(&sleeper.areas);
    uninstall(first);
    sleeper_close(&sleeper);
}

/* ---- Order, while the worker sleeps and wakes ---- */

#define SUBMITTERS 4

struct nervous {
    async_memcpy_t driver;
    unsigned long each;
    atomic_bool inside;
    atomic_ulong overlapping, completed;
};

struct nervous_submitter {
    struct nervous *scene;
    unsigned long submitted, wrong_order, wrong_bytes, refused;
    unsigned long completed; /* in the completion context */
    unsigned char src[64], dst[64];
    struct thread thread;
};

static bool nervous_ends(async_memcpy_t driver, async_memcpy_event_t *event, void *argument)
{
    (void)driver;
    struct nervous_submitter *submitter = argument;
    struct nervous *scene = submitter->scene;
    const async_memcpy_result_t *result = event->data;
    atomic_fetch_add(&scene->overlapping, atomic_exchange(&scene->inside, true));
    submitter->completed++;
    submitter->wrong_order += result->size != submitter->completed % 64 + 1;
    atomic_fetch_add(&scene->completed, 1);
    atomic_store(&scene->inside, false);
    return false;
}

/* Some copies, then a pause that the worker may fall asleep in. */
static void submit_nervously(void *argument)
{
    struct nervous_submitter *submitter = argument;
    struct nervous *scene = submitter->scene;
    uint32_t dice = (uint32_t)(uintptr_t)submitter;
    while (submitter->submitted < scene->each) {
        dice = dice * 1664525 + 1013904223;
        for (unsigned burst = dice >> 29; burst != 0 && submitter->submitted < scene->each; burst--) {
            submitter->submitted++;
            size_t n = submitter->submitted % 64 + 1;
            esp_err_t status = esp_async_memcpy_timed(scene->driver, submitter->dst, submitter->src, n,
                                                      nervous_ends, submitter, -1);
            submitter->refused += status != ESP_OK;
        }
        struct timespec pause = {0, (long)(dice >> 8 & 0x1FFFF)};
        nanosleep(&pause, NULL);
        if (dice % 8 == 0) {
            submitter->refused += esp_async_memcpy_wait(scene->driver, -1) != ESP_OK;
            submitter->wrong_bytes +=
                memcmp(submitter->dst, submitter->src, 64) != 0 && submitter->submitted >= 64;
        }
    }
}

static void order_holds_while_the_worker_sleeps_and_wakes(void **state)
{
    (void)state;
    if (!row.reaches_all) {
        skip();
        return;
    }
    struct nervous scene = {.each = times(4000, 1000)};
    struct nervous_submitter *submitters = calloc(SUBMITTERS, sizeof *submitters);
    assert_non_null(submitters);
    scene.driver = install_hinted(8, ASYNC_MEMCPY_FLAG_CALLBACK_ON_CALLER);
    for (unsigned i = 0; i < SUBMITTERS; i++) {
        submitters[i].scene = &scene;
        memset(submitters[i].src, (int)i + 1, sizeof submitters[i].src);
        thread_start(&submitters[i].thread, submit_nervously, &submitters[i]);
    }
    for (unsigned i = 0; i < SUBMITTERS; i++) {
        thread_join(&submitters[i].thread);
    }
    assert_ok(esp_async_memcpy_wait(scene.driver, -1));
    assert_int_equal(atomic_load(&scene.completed), SUBMITTERS * scene.each);
    assert_int_equal(atomic_load(&scene.overlapping), 0);
    for (unsigned i = 0; i < SUBMITTERS; i++) {
        assert_int_equal(submitters[i].refused + submitters[i].wrong_order + submitters[i].wrong_bytes, 0);
    }
    uninstall(scene.driver);
    free(submitters);
}

/* ---- Waiters help with large copies ---- */

static long own_faults(void)
{
    struct rusage usage;
    assert_int_equal(getrusage(RUSAGE_THREAD, &usage), 0);
    return usage.ru_minflt;
}

/* Pages of new memory come to the thread that writes them first: so these tell who has copied. */
static long pages_written_by_the_waiter(uint32_t flags, bool blocking)
{
    const size_t size = 64 << 20;
    async_memcpy_t driver = install_hinted(2, flags);
    unsigned char *src = malloc(size);
    unsigned char *dst =
        mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    assert_non_null(src);
    assert_ptr_not_equal(dst, MAP_FAILED);
    for (size_t i = 0; i < size; i++) {
        src[i] = (unsigned char)(i * UINT64_C(0x9E3779B97F4A7C15) >> 56);
    }
    long before = own_faults();
    if (blocking) {
        assert_ok(esp_memcpy_blocking(driver, dst, src, size, -1));
    } else {
        assert_ok(esp_async_memcpy(driver, dst, src, size, NULL, NULL));
        assert_ok(esp_async_memcpy_wait(driver, -1));
    }
    long faults = own_faults() - before;
    assert_int_equal(memcmp(dst, src, size), 0);
    munmap(dst, size);
    free(src);
    uninstall(driver);
    return faults;
}

static void who_waits_helps_with_a_large_copy(void **state)
{
    (void)state;
    SKIP_IF_NOBODY_ELSE_COPIES();
    assert_true(pages_written_by_the_waiter(0, false) > 32);
    assert_true(pages_written_by_the_waiter(0, true) > 32);
    assert_true(pages_written_by_the_waiter(ASYNC_MEMCPY_FLAG_NEVER_ON_CALLER, false) < 32);
    assert_true(pages_written_by_the_waiter(ASYNC_MEMCPY_FLAG_NEVER_ON_CALLER, true) < 32);
}

static void helped_copies_are_exact(void **state)
{
    (void)state;
    if (row.max_size < 4 << 20) {
        skip();
    }
    struct areas areas;
    async_memcpy_t driver = install(2);
    areas_open(&areas, 4 << 20);
    for (unsigned i = 0; i < times(60, 10); i++) {
        areas_prepare(&areas, i % 64, i * 7 % 64, (4 << 20) - i * 50021);
        const struct oracle *oracle = &areas.oracle;
        assert_ok(esp_memcpy_blocking(driver, oracle->dst, oracle->src, oracle->n, i % 2 == 0 ? -1 : 100000));
        areas_check(&areas);
    }
    areas_close(&areas);
    uninstall(driver);
}

/* It gives up in time although it helps, and the copy is made all the same. */
static void waiter_that_helps_keeps_its_time_out(void **state)
{
    (void)state;
    SKIP_IF_NOBODY_ELSE_COPIES();
    const size_t size = 64 << 20;
    async_memcpy_t driver = install(1);
    unsigned char *src =
        mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    unsigned char *dst =
        mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    assert_ptr_not_equal(src, MAP_FAILED);
    assert_ptr_not_equal(dst, MAP_FAILED);
    memset(src, 0x5A, size);
    assert_code(esp_memcpy_blocking(driver, dst, src, size, 1), ESP_ERR_TIMEOUT);
    assert_ok(esp_async_memcpy_wait(driver, -1));
    assert_int_equal(memcmp(dst, src, size), 0);
    esp_err_t status = ESP_OK;
    for (unsigned i = 0; i < 50 && status == ESP_OK; i++) { /* until it comes while the worker is at it */
        assert_ok(esp_async_memcpy(driver, dst, src, size, NULL, NULL));
        sleep_ms(1);
        status = esp_async_memcpy_wait(driver, 1);
        assert_ok(esp_async_memcpy_wait(driver, -1));
    }
    assert_code(status, ESP_ERR_TIMEOUT);
    munmap(src, size);
    munmap(dst, size);
    uninstall(driver);
}

GROUP(caller, cmocka_unit_test(small_copies_do_not_wake_the_worker),
      cmocka_unit_test(larger_copies_wake_the_worker), cmocka_unit_test(many_copies_in_a_row_wake_the_worker),
      cmocka_unit_test(batch_of_small_copies_does_not_wake_the_worker),
      cmocka_unit_test(hint_keeps_all_copies_from_the_caller),
      cmocka_unit_test(callbacks_run_on_the_caller_only_if_asked_for),
      cmocka_unit_test(callback_on_the_caller_may_submit),
      cmocka_unit_test(etm_tasks_run_on_the_caller_only_if_asked_for),
      cmocka_unit_test(interrupt_context_copies_nothing_on_the_spot),
      cmocka_unit_test(order_holds_while_the_worker_sleeps_and_wakes),
      cmocka_unit_test(who_waits_helps_with_a_large_copy), cmocka_unit_test(helped_copies_are_exact),
      cmocka_unit_test(waiter_that_helps_keeps_its_time_out));
