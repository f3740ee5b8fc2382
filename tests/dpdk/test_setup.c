/* SPDX-License-Identifier: Apache-2.0 */
/* How DPDK is set up. Once per process, so each test runs in a child of its own, and the parent never does
 * it. */
#define _GNU_SOURCE
#include <dirent.h>
#include <rte_dmadev.h>
#include <rte_eal.h>
#include <rte_lcore.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "child.h"
#include "esp_async_memcpy_dpdk.h"
#include "faults.h"
#include "scene.h"

#define CHECK(condition)                                                                                     \
    do {                                                                                                     \
        if (!(condition)) {                                                                                  \
            fprintf(stderr, "line %d: %s\n", __LINE__, #condition);                                          \
            return 1;                                                                                        \
        }                                                                                                    \
    } while (0)

#define VARIABLE "ASYNC_MEMCPY_DPDK"
#define SOFTWARE "--no-huge --no-shconf --no-pci --no-telemetry --log-level=warning --vdev=dma_skeleton"

static const async_memcpy_config_t config = ASYNC_MEMCPY_DEFAULT_CONFIG();

/* Install, copy, compare, uninstall. */
static bool works(const char *device)
{
    static char from[5000], to[5000];
    async_memcpy_t driver = NULL;
    memset(from, 'x', sizeof from);
    memset(to, 0, sizeof to);
    return esp_async_memcpy_install_dpdk(&config, device, &driver) == ESP_OK &&
           esp_memcpy_blocking(driver, to, from, sizeof from, -1) == ESP_OK &&
           memcmp(to, from, sizeof from) == 0 && esp_async_memcpy_uninstall(driver) == ESP_OK;
}

/* The install fails and logs a line with both words. */
static bool is_refused(const char *word, const char *another)
{
    async_memcpy_t driver = (async_memcpy_t)&driver;
    log_capture_begin();
    esp_err_t status = esp_async_memcpy_install_dpdk(&config, NULL, &driver);
    log_capture_end();
    bool told = strstr(log_captured(), word) != NULL && strstr(log_captured(), another) != NULL;
    if (!told) {
        fprintf(stderr, "logged: %s\n", log_captured());
    }
    return status == ESP_FAIL && driver == NULL && told;
}

static int use_arguments(void)
{
    setenv(VARIABLE, "  " SOFTWARE "5\t\n--vdev=dma_skeleton8 ", 1);
    CHECK(works("dma_skeleton5"));
    CHECK(works("dma_skeleton8"));
    CHECK(works(NULL));
    CHECK(rte_dma_count_avail() == 2);
    return 0;
}

static void arguments_come_from_the_environment(void **state)
{
    (void)state;
    assert_child_passes(use_arguments);
}

static int set_up_before(void)
{
    char *arguments[] = {"program",
                         "--no-huge",
                         "--no-shconf",
                         "--no-pci",
                         "--log-level=warning",
                         "--no-telemetry",
                         "--vdev=dma_skeleton3",
                         NULL};
    setenv(VARIABLE, "--no-such-option", 1);
    CHECK(rte_eal_init(7, arguments) == 6);
    CHECK(works("dma_skeleton3"));
    return 0;
}

static void program_may_have_set_dpdk_up_itself(void **state)
{
    (void)state;
    assert_child_passes(set_up_before);
}

static int fail_for_good(void)
{
    CHECK(freopen("/dev/null", "w", stdout) != NULL); /* DPDK explains its options there */
    setenv(VARIABLE, "--no-such-option", 1);
    CHECK(is_refused("DPDK cannot be set up (Invalid argument) with '--no-such-option'",
                     "--vdev=dma_skeleton0"));
    setenv(VARIABLE, SOFTWARE "0", 1);
    CHECK(is_refused("DPDK cannot be set up (Invalid argument)", VARIABLE));
    return 0;
}

static void arguments_that_dpdk_refuses_fail_every_install(void **state)
{
    (void)state;
    assert_child_passes(fail_for_good);
}

static int fail_at_first(void)
{
    char words[3000] = "";
    for (unsigned i = 0; i < 62; i++) {
        strcat(words, "-v ");
    }
    setenv(VARIABLE, words, 1);
    CHECK(is_refused("too many arguments", VARIABLE));
    memset(words, 'x', sizeof words - 1);
    setenv(VARIABLE, words, 1);
    CHECK(is_refused("too many arguments", VARIABLE));
    setenv(VARIABLE, SOFTWARE "0", 1);
    faults_refuse_threads(true);
    CHECK(is_refused("no thread can be created", VARIABLE));
    faults_refuse_threads(false);
    CHECK(works(NULL));
    return 0;
}

/* What never reached DPDK may be tried again. */
static void failure_on_the_way_to_dpdk_is_none_for_good(void **state)
{
    (void)state;
    assert_child_passes(fail_at_first);
}

/* ---- Threads ---- */

/* A thread that has ended since it was listed reads anything: the device's, while nothing is to be copied. */
static bool reads(const char *tid, const char *field, const char *wanted)
{
    char path[300], line[300], found[300] = "";
    snprintf(path, sizeof path, "/proc/self/task/%s/status", tid);
    FILE *file = fopen(path, "r");
    while (file != NULL && fgets(line, sizeof line, file) != NULL) {
        if (strncmp(line, field, strlen(field)) == 0) {
            snprintf(found, sizeof found, "%s", line + strlen(field));
        }
    }
    if (file != NULL) {
        fclose(file);
    }
    if (found[0] == '\0') {
        return true;
    }
    return wanted != NULL ? strcmp(found, wanted) == 0
                          : (strtoull(found, NULL, 16) & 1ULL << (SIGTERM - 1)) != 0;
}

static int look_at_threads(void)
{
    char cpus[300] = "", self[20];
    FILE *status = fopen("/proc/self/status", "r");
    while (fgets(cpus, sizeof cpus, status) != NULL && strncmp(cpus, "Cpus_allowed:", 13) != 0) {
    }
    fclose(status);
    setenv(VARIABLE, SOFTWARE "0", 1);
    async_memcpy_t driver = NULL;
    CHECK(esp_async_memcpy_install_dpdk(&config, NULL, &driver) == ESP_OK);
    snprintf(self, sizeof self, "%d", (int)getpid());
    unsigned threads = 0;
    DIR *dir = opendir("/proc/self/task");
    for (struct dirent *entry; (entry = readdir(dir)) != NULL;) {
        if (entry->d_name[0] != '.') {
            CHECK(reads(entry->d_name, "Cpus_allowed:", cpus + 13));
            CHECK(strcmp(entry->d_name, self) == 0 || reads(entry->d_name, "SigBlk:", NULL));
            threads++;
        }
    }
    closedir(dir);
    CHECK(threads >= 3);
    CHECK(rte_lcore_count() == 1);
    CHECK(esp_async_memcpy_uninstall(driver) == ESP_OK);
    return 0;
}

static void no_thread_is_pinned_and_none_takes_the_programs_signals(void **state)
{
    (void)state;
    assert_child_passes(look_at_threads);
}

/* The first CPU of this process. */
static int first_cpu(void)
{
    cpu_set_t cpus;
    int cpu = 0;
    sched_getaffinity(0, sizeof cpus, &cpus);
    while (!CPU_ISSET((size_t)cpu, &cpus)) {
        cpu++;
    }
    return cpu;
}

static int name_cores(void)
{
    char words[300];
    rte_cpuset_t cpus;
    snprintf(words, sizeof words, SOFTWARE "0 --lcores=7@%d", first_cpu());
    setenv(VARIABLE, words, 1);
    CHECK(works(NULL));
    CHECK(rte_get_main_lcore() == 7);
    cpus = rte_lcore_cpuset(7);
    CHECK(CPU_COUNT(&cpus) == 1 && CPU_ISSET((size_t)first_cpu(), &cpus));
    return 0;
}

static int name_core_list(void)
{
    char words[300];
    snprintf(words, sizeof words, SOFTWARE "0 -l %d", first_cpu());
    setenv(VARIABLE, words, 1);
    CHECK(works(NULL));
    CHECK((int)rte_get_main_lcore() == first_cpu());
    return 0;
}

static void cores_may_be_named(void **state)
{
    (void)state;
    assert_child_passes(name_cores);
    assert_child_passes(name_core_list);
}

/* ---- fork() ---- */

static int child_is_refused(void)
{
    pid_t child = fork();
    int status = -1;
    if (child == 0) {
        _exit(is_refused("DPDK was set up before this process was forked", "fork first") ? 0 : 1);
    }
    CHECK(waitpid(child, &status, 0) == child && status == 0);
    return 0;
}

/* By the program, which has not come to us before. */
static int fork_behind_our_back(void)
{
    CHECK(set_up_before() == 0);
    return child_is_refused();
}

static int fork_after_install(void)
{
    setenv(VARIABLE, SOFTWARE "0", 1);
    CHECK(works(NULL));
    CHECK(child_is_refused() == 0);
    CHECK(works(NULL));
    return 0;
}

static void child_of_who_set_dpdk_up_gets_no_driver(void **state)
{
    (void)state;
    assert_child_passes(fork_behind_our_back);
    assert_child_passes(fork_after_install);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(arguments_come_from_the_environment),
        cmocka_unit_test(program_may_have_set_dpdk_up_itself),
        cmocka_unit_test(arguments_that_dpdk_refuses_fail_every_install),
        cmocka_unit_test(failure_on_the_way_to_dpdk_is_none_for_good),
        cmocka_unit_test(no_thread_is_pinned_and_none_takes_the_programs_signals),
        cmocka_unit_test(cores_may_be_named),
        cmocka_unit_test(child_of_who_set_dpdk_up_gets_no_driver),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
