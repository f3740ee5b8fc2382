/* SPDX-License-Identifier: Apache-2.0 */
/* The thread that an engine brings along, where it does. */
#include <dirent.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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

static void each_driver_has_one_named_worker(void **state)
{
    (void)state;
    if (row.worker == NULL) {
        skip();
    }
    uint64_t blocked;
    assert_int_equal(count_workers(&blocked), 0);
    async_memcpy_t first = install(1);
    assert_int_equal(count_workers(&blocked), 1);
    async_memcpy_t second = install(1);
    assert_int_equal(count_workers(&blocked), 2);
    uninstall(first);
    uninstall(second);
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

GROUP(worker, cmocka_unit_test(each_driver_has_one_named_worker),
      cmocka_unit_test(worker_blocks_the_programs_signals));
