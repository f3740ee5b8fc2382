/* SPDX-License-Identifier: Apache-2.0 */
/* DPDK's environment: set up once per process, on a thread of its own, as rte_eal_init() pins its caller. */
#define _GNU_SOURCE
#include <rte_eal.h>
#include <rte_errno.h>
#include <rte_lcore.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dpdk.h"
#include "port.h"

#define VARIABLE  "ASYNC_MEMCPY_DPDK"
#define HARDWARE  "--in-memory --no-telemetry --log-level=warning"
#define SOFTWARE  "--no-huge --no-shconf --no-pci --vdev=dma_skeleton0"
#define ARGUMENTS 64

/* ---- Arguments ---- */

/* DPDK may keep what it is given. */
static char words[1024];
static char lcores[1024];
static char *arguments[ARGUMENTS + 1];
static int argument_count;

static bool add_argument(char *word)
{
    arguments[argument_count++] = word;
    return argument_count < ARGUMENTS - 1; /* one more, and NULL, have a place */
}

static bool is_core_option(const char *word)
{
    return strncmp(word, "--lcores", 8) == 0 ||
           (word[0] == '-' && word[1] != '\0' && strchr("clsS", word[1]) != NULL);
}

/* One lcore, on all CPUs that the process may use: "--lcores=0@(0-3,8)". */
static void name_cpus(void)
{
    cpu_set_t cpus;
    CPU_ZERO(&cpus);
    sched_getaffinity(0, sizeof cpus, &cpus);
    int used = snprintf(lcores, sizeof lcores, "--lcores=0@(");
    const char *separator = "";
    for (int cpu = 0; cpu < CPU_SETSIZE && used < (int)sizeof lcores - 16; cpu++) {
        int first = cpu;
        while (cpu < CPU_SETSIZE && CPU_ISSET((size_t)cpu, &cpus)) {
            cpu++;
        }
        if (cpu > first) {
            used +=
                snprintf(lcores + used, sizeof lcores - (size_t)used, "%s%d-%d", separator, first, cpu - 1);
            separator = ",";
        }
    }
    strcat(lcores, ")");
    add_argument(lcores);
}

/* false: too many, or too long. */
static bool read_arguments(const char *text)
{
    bool cores_named = false;
    char *rest = NULL;
    argument_count = 0;
    if (strlen(text) >= sizeof words) {
        return false;
    }
    strcpy(words, text);
    add_argument((char *)"async-memcpy");
    for (char *word = strtok_r(words, " \t\n", &rest); word != NULL; word = strtok_r(NULL, " \t\n", &rest)) {
        cores_named = cores_named || is_core_option(word);
        if (!add_argument(word)) {
            return false;
        }
    }
    if (!cores_named) {
        name_cpus();
    }
    return true;
}

/* ---- Setting up ---- */

/* In a child of a process that had set DPDK up: its threads are not here, its devices are the parent's. */
static bool inherited;

/* Before its first rte_eal_init(), DPDK has no lcores. */
static bool is_set_up(void)
{
    return rte_lcore_count() > 0;
}

static void note_fork(void)
{
    inherited = inherited || is_set_up();
}

/* From the beginning: a program may set DPDK up, and fork, before it comes to us. */
__attribute__((constructor)) static void watch_forks(void)
{
    pthread_atfork(NULL, NULL, note_fork);
}

static enum { UNTRIED, READY, FAILED } state; /* an attempt that failed half-way cannot be repeated */

static void *initialise(void *error)
{
    *(int *)error = rte_eal_init(argument_count, arguments) < 0 ? rte_errno : 0;
    return NULL;
}

/* Why DPDK could not be set up, or NULL. */
static const char *set_up(const char *text)
{
    pthread_t thread;
    int error;
    if (is_set_up()) {
        state = READY;
        return NULL;
    }
    if (!read_arguments(text)) {
        return "too many arguments";
    }
    if (pthread_create(&thread, NULL, initialise, &error) != 0) {
        return "no thread can be created";
    }
    pthread_join(thread, NULL);
    state = error == 0 ? READY : FAILED;
    return error == 0 ? NULL : rte_strerror(error);
}

esp_err_t dpdk_eal_start(void)
{
    static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
    static const char *reason;
    if (inherited) { /* before the lock, which a thread of the parent may have held */
        port_log('E',
                 "install: DPDK was set up before this process was forked; use it in the parent only, or "
                 "fork first");
        return ESP_FAIL;
    }
    const char *given = getenv(VARIABLE);
    const char *text = given != NULL ? given : HARDWARE;
    pthread_mutex_lock(&lock);
    if (state == UNTRIED) {
        reason = set_up(text);
    }
    bool ready = state == READY;
    pthread_mutex_unlock(&lock);
    if (!ready) {
        port_log('E',
                 "install: DPDK cannot be set up (%s) with '%.60s'; hardware needs huge pages; without, "
                 "set " VARIABLE " to '" SOFTWARE "'",
                 reason, text);
    }
    return ready ? ESP_OK : ESP_FAIL;
}
