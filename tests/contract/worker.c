/* SPDX-License-Identifier: Apache-2.0 */
/* The thread that an engine brings along, where it does. */
#include <dirent.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "faults.h"
#include "group.h"

/* A line of a file of a thread that begins with these words, without them; "" if there is none. */
static void read_line(const char *tid, const char *file, const char *begin, char *line, int size)
{
    char path[300];
    snprintf(path, sizeof path, "/proc/self/task/%s/%s", tid, file);
    FILE *stream = fopen(path, "r");
    bool found = false;
    while (stream != NULL && !found && fgets(line, size, stream) != NULL) {
        found = strncmp(line, begin, strlen(begin)) == 0;
    }
    if (stream != NULL) {
        fclose(stream);
    }
    line[found ? strcspn(line, "\n") : 0] = '\0';
    memmove(line, line + (found ? strlen(begin) : 0), strlen(line) + 1 - (found ? strlen(begin) : 0));
}

/* Threads of the worker's name; `blocked` gets the signals that the last of them blocks. */
static unsigned count_workers(uint64_t *blocked)
{
    DIR *dir = opendir("/proc/self/task");
    unsigned workers = 0;
    char line[300];
    assert_non_null(dir);
    for (struct dirent *entry; (entry = readdir(dir)) != NULL;) {
        read_line(entry->d_name, "comm", "", line, sizeof line);
        if (strcmp(line, row.worker) == 0) {
            read_line(entry->d_name, "status", "SigBlk:\t", line, sizeof line);
            *blocked = strtoull(line, NULL, 16);
            workers++;
        }
    }
    closedir(dir);
    return workers;
}

/* A thread that was joined may stay in /proc for a moment. */
static void check_no_worker_stays(void)
{
    uint64_t blocked;
    for (unsigned look = 0; look < 10000 && count_workers(&blocked) > 0; look++) {
        sleep_ms(1);
    }
    assert_int_equal(count_workers(&blocked), 0);
}

static void each_driver_has_one_named_worker(void **state)
{
    (void)state;
    if (row.worker == NULL) {
        skip();
    }
    uint64_t blocked;
    check_no_worker_stays();
    async_memcpy_t first = install(1);
    assert_int_equal(count_workers(&blocked), 1);
    async_memcpy_t second = install(1);
    assert_int_equal(count_workers(&blocked), 2);
    uninstall(first);
    uninstall(second);
    check_no_worker_stays();
}

static void worker_blocks_the_programs_signals(void **state)
{
    (void)state;
    if (row.worker == NULL) {
        skip();
    }
    const int signals[] = {SIGHUP,  SIGINT,  SIGQUIT, SIGTERM, SIGUSR1,   SIGUSR2, SIGALRM,
                           SIGCHLD, SIGPIPE, SIGIO,   SIGPROF, SIGVTALRM, SIGTSTP, SIGRTMAX};
    uint64_t blocked = 0;
    sigset_t before, after;
    struct areas areas;
    assert_int_equal(pthread_sigmask(SIG_BLOCK, NULL, &before), 0);
    async_memcpy_t driver = install(1);
    assert_int_equal(pthread_sigmask(SIG_BLOCK, NULL, &after), 0);
    areas_open(&areas, 8);
    copy_and_check(driver, &areas, 0, 0, 8); /* it runs: what libc blocks while a thread begins is over */
    assert_int_equal(count_workers(&blocked), 1);
    for (size_t i = 0; i < sizeof signals / sizeof *signals; i++) {
        assert_true(blocked >> (signals[i] - 1) & 1);
        assert_int_equal(sigismember(&before, signals[i]), sigismember(&after, signals[i]));
    }
    areas_close(&areas);
    uninstall(driver);
}

static async_memcpy_t install_workers(unsigned count)
{
    async_memcpy_config_t config = {
        .backlog = 4, .flags = ASYNC_MEMCPY_FLAG_WORKERS(count) | ASYNC_MEMCPY_FLAG_NEVER_ON_CALLER};
    async_memcpy_t driver = NULL;
    assert_ok(row.install(&config, &driver));
    return driver;
}

static void hint_asks_for_several_workers(void **state)
{
    (void)state;
    if (!row.on_caller) {
        skip(); /* an engine without a use for it */
    }
    struct areas areas;
    areas_open(&areas, 3 << 20);
    const unsigned counts[] = {1, 2, 4, 15};
    for (unsigned i = 0; i < sizeof counts / sizeof *counts; i++) {
        uint64_t blocked = 0;
        async_memcpy_t driver = install_workers(counts[i]);
        assert_int_equal(count_workers(&blocked), counts[i]);
        for (unsigned copy = 0; copy < 20; copy++) {
            copy_and_check(driver, &areas, copy, 2 * copy, (3 << 20) - 12345 * copy);
        }
        assert_true(blocked >> (SIGTERM - 1) & 1);
        uninstall(driver);
        check_no_worker_stays();
    }
    areas_close(&areas);
}

static void install_without_one_of_several_workers_holds_nothing(void **state)
{
    (void)state;
    if (!row.on_caller) {
        skip();
    }
    async_memcpy_config_t config = {.flags = ASYNC_MEMCPY_FLAG_WORKERS(5)};
    for (unsigned which = 1; which <= 5; which++) {
        long blocks = faults_live_blocks();
        async_memcpy_t driver = (async_memcpy_t)&config;
        faults_fail_thread(which);
        assert_refused(row.install(&config, &driver), ESP_FAIL, "no worker thread");
        faults_fail_thread(0);
        assert_null(driver);
        assert_int_equal(faults_live_blocks(), blocks);
        check_no_worker_stays();
    }
}

GROUP(worker, cmocka_unit_test(each_driver_has_one_named_worker),
      cmocka_unit_test(hint_asks_for_several_workers),
      cmocka_unit_test(install_without_one_of_several_workers_holds_nothing),
      cmocka_unit_test(worker_blocks_the_programs_signals));
