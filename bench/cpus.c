/* SPDX-License-Identifier: Apache-2.0 */
#include "cpus.h"

#include <dirent.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/types.h>

#define MAX_THREADS 256

static cpu_set_t all, caller, worker, submitter;
static pid_t known[MAX_THREADS];
static int known_count;

void cpus_init(void)
{
    sched_getaffinity(0, sizeof all, &all);
    CPU_ZERO(&caller);
    CPU_ZERO(&worker);
    CPU_ZERO(&submitter);
    int found = 0;
    for (size_t cpu = 0; cpu < CPU_SETSIZE; cpu++) {
        if (!CPU_ISSET(cpu, &all)) {
            continue;
        }
        if (found == 0) {
            CPU_SET(cpu, &caller);
        }
        if (found == 1) {
            CPU_SET(cpu, &worker);
        } else {
            CPU_SET(cpu, &submitter);
        }
        found++;
    }
    if (found < 2) {
        worker = caller;
    }
}

int cpus_count(void)
{
    return CPU_COUNT(&all);
}

void cpus_pin_caller(void)
{
    sched_setaffinity(0, sizeof caller, &caller);
}

void cpus_pin_worker(void)
{
    sched_setaffinity(0, sizeof worker, &worker);
}

void cpus_unpin(void)
{
    sched_setaffinity(0, sizeof all, &all);
}

void cpus_pin_submitter(void)
{
    sched_setaffinity(0, sizeof submitter, &submitter);
}

static void each_thread(void (*visit)(pid_t thread))
{
    DIR *folder = opendir("/proc/self/task");
    if (folder == NULL) {
        return;
    }
    for (struct dirent *entry; (entry = readdir(folder)) != NULL;) {
        pid_t thread = (pid_t)strtol(entry->d_name, NULL, 10);
        if (thread > 0) {
            visit(thread);
        }
    }
    closedir(folder);
}

static void note(pid_t thread)
{
    if (known_count < MAX_THREADS) {
        known[known_count++] = thread;
    }
}

static void pin_if_new(pid_t thread)
{
    for (int i = 0; i < known_count; i++) {
        if (known[i] == thread) {
            return;
        }
    }
    sched_setaffinity(thread, sizeof worker, &worker);
}

void cpus_note_threads(void)
{
    known_count = 0;
    each_thread(note);
}

void cpus_pin_new_threads(void)
{
    each_thread(pin_if_new);
}

static double waited_ns;

static void add_wait(pid_t thread)
{
    char path[64];
    snprintf(path, sizeof path, "/proc/self/task/%d/schedstat", (int)thread);
    FILE *file = fopen(path, "r");
    if (file == NULL) {
        return;
    }
    double on_cpu, waiting;
    if (fscanf(file, "%lf %lf", &on_cpu, &waiting) == 2) {
        waited_ns += waiting;
    }
    fclose(file);
}

double cpus_waited_ns(void)
{
    waited_ns = 0;
    each_thread(add_wait);
    return waited_ns;
}
