/* SPDX-License-Identifier: Apache-2.0 */
/* fork(): the child has neither the engine nor the copies in flight. */
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "group.h"

/* What the child does; 0 or the number of the line that went wrong. It must not use cmocka's assertions. */
typedef int (*child_function)(async_memcpy_t driver, struct areas *areas);

#define CHECK(condition)                                                                                     \
    do {                                                                                                     \
        if (!(condition)) {                                                                                  \
            return __LINE__;                                                                                 \
        }                                                                                                    \
    } while (0)

/* Run the child, ten seconds at the most; its result, or -1: it hung, -2: it was killed by a signal. */
static int run_child(child_function function, async_memcpy_t driver, struct areas *areas, int *line)
{
    int ends[2], status = 0;
    assert_int_equal(pipe(ends), 0);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        int wrong = function(driver, areas);
        _exit(write(ends[1], &wrong, sizeof wrong) == sizeof wrong && wrong == 0 ? 0 : 1);
    }
    close(ends[1]);
    pid_t ended = 0;
    for (unsigned look = 0; look < 10000 && ended == 0; look++) {
        ended = waitpid(child, &status, WNOHANG);
        sleep_ms(1);
    }
    if (ended == 0) {
        kill(child, SIGKILL);
        waitpid(child, &status, 0);
    }
    *line = 0;
    bool told = read(ends[0], line, sizeof *line) == sizeof *line;
    close(ends[0]);
    return ended == 0 ? -1 : !told || !WIFEXITED(status) ? -2 : WEXITSTATUS(status);
}

static void assert_child(child_function function, async_memcpy_t driver, struct areas *areas)
{
    int line;
    int result = run_child(function, driver, areas, &line);
    if (result != 0) {
        fail_msg("the child %s (line %d)",
                 result == -1   ? "hung"
                 : result == -2 ? "was killed"
                                : "failed",
                 line);
    }
}

/* The call fails, and one line of the log says that the driver is the parent's. */
#define CHECK_PARENTS(call)                                                                                  \
    do {                                                                                                     \
        log_capture_begin();                                                                                 \
        esp_err_t returned_ = (call);                                                                        \
        log_capture_end();                                                                                   \
        CHECK(returned_ == ESP_FAIL && strstr(log_captured(), "the parent process's") != NULL);              \
    } while (0)

static int child_is_refused(async_memcpy_t driver, struct areas *areas)
{
    const struct oracle *oracle = &areas->oracle;
    esp_etm_event_handle_t event = NULL;
    const async_memcpy_copy_t copy = {.dst = oracle->dst, .src = oracle->src, .n = 1};
    CHECK_PARENTS(submit(driver, areas, NULL));
    CHECK_PARENTS(esp_async_memcpy_batch(driver, &copy, 1));
    CHECK_PARENTS(esp_async_memcpy_timed(driver, oracle->dst, oracle->src, 1, NULL, NULL, -1));
    CHECK_PARENTS(esp_memcpy_blocking(driver, oracle->dst, oracle->src, 1, -1));
    CHECK_PARENTS(esp_async_memcpy_wait(driver, -1));
    CHECK_PARENTS(esp_async_memcpy_wait(driver, 0));
    if (row.count_begin != NULL) {
        CHECK_PARENTS(esp_async_memcpy_new_etm_event(driver, ASYNC_MEMCPY_ETM_EVENT_COPY_DONE, &event));
    }
    CHECK(esp_async_memcpy_uninstall(driver) == ESP_OK);
    return 0;
}

/*
 * Install, and see the engine's thread up and running, with areas of n bytes: AddressSanitizer's allocator,
 * which that thread uses as it begins, would stay locked in a child that is forked meanwhile.
 */
static async_memcpy_t install_running(uint32_t backlog, struct areas *areas, size_t n)
{
    async_memcpy_t driver = install(backlog);
    areas_open(areas, n);
    copy_and_check(driver, areas, 1, 2, n);
    areas_prepare(areas, 0, 0, n);
    return driver;
}

static void child_of_fork_is_refused_and_can_uninstall(void **state)
{
    (void)state;
    struct areas areas;
    async_memcpy_t driver = install_running(4, &areas, 2000);
    assert_child(child_is_refused, driver, &areas);
    copy_and_check(driver, &areas, 1, 2, 2000);
    areas_close(&areas);
    uninstall(driver);
}

/* With copies and waits in flight, which in the child nobody will ever finish. */
static void child_of_fork_does_not_wait_for_the_parents_copies(void **state)
{
    (void)state;
    if (row.hold == NULL) {
        skip();
    }
    struct areas areas;
    struct record record = {.calls = 0};
    async_memcpy_t driver = install_running(3, &areas, 2000);
    row.hold(driver);
    for (unsigned i = 0; i < 3; i++) {
        assert_ok(submit(driver, &areas, &record));
    }
    assert_child(child_is_refused, driver, &areas);
    row.release();
    assert_ok(esp_async_memcpy_wait(driver, -1));
    assert_int_equal(atomic_load(&record.calls), 3);
    areas_check(&areas);
    areas_close(&areas);
    uninstall(driver);
}

static int child_uninstalls(async_memcpy_t driver, struct areas *areas)
{
    (void)areas;
    CHECK(esp_async_memcpy_uninstall(driver) == ESP_OK);
    return 0;
}

/* Forks at any moment of a busy driver, whose ETM runs too. */
static void forks_do_not_disturb_a_busy_driver(void **state)
{
    (void)state;
    esp_etm_event_handle_t event = NULL;
    struct areas areas;
    struct record record = {.calls = 0};
    const unsigned long rounds = times(100, 20);
    async_memcpy_t driver = install_running(8, &areas, 30000 < row.max_size ? 30000 : row.max_size);
    if (row.count_begin != NULL) {
        assert_ok(esp_async_memcpy_new_etm_event(driver, ASYNC_MEMCPY_ETM_EVENT_COPY_DONE, &event));
        row.count_begin(0, event);
    }
    for (unsigned long i = 0; i < rounds; i++) {
        for (unsigned copies = 0; copies < 8; copies++) {
            assert_ok(esp_async_memcpy_timed(driver, areas.oracle.dst, areas.oracle.src, areas.oracle.n,
                                             record_completion, &record, -1));
        }
        assert_child(child_uninstalls, driver, &areas);
    }
    assert_ok(esp_async_memcpy_wait(driver, -1));
    assert_int_equal(atomic_load(&record.calls), 8 * rounds);
    areas_check(&areas);
    if (row.count_begin != NULL) {
        assert_int_equal(row.count(0), 8 * rounds);
        row.count_end(0);
        assert_ok(esp_etm_del_event(event));
    }
    areas_close(&areas);
    uninstall(driver);
}

static int child_installs_its_own(async_memcpy_t driver, struct areas *areas)
{
    async_memcpy_config_t config = ASYNC_MEMCPY_DEFAULT_CONFIG();
    async_memcpy_t own = NULL;
    const struct oracle *oracle = &areas->oracle;
    char message[200];
    CHECK(esp_async_memcpy_uninstall(driver) == ESP_OK);
    if (row.stays_in_parent) {
        CHECK(row.install(&config, &own) == ESP_FAIL && own == NULL);
        return 0;
    }
    CHECK(row.install(&config, &own) == ESP_OK);
    CHECK(esp_memcpy_blocking(own, oracle->dst, oracle->src, oracle->n, 10000) == ESP_OK);
    CHECK(oracle_check(oracle, message, sizeof message) == ORACLE_GOOD);
    CHECK(esp_async_memcpy_uninstall(own) == ESP_OK);
    return 0;
}

static void child_of_fork_can_install_a_driver_of_its_own(void **state)
{
    (void)state;
#ifdef __SANITIZE_THREAD__
    print_message("ThreadSanitizer does not allow a forked child to create threads\n");
    skip();
#endif
    struct areas areas;
    async_memcpy_t driver = install_running(4, &areas, 2000);
    assert_child(child_installs_its_own, driver, &areas);
    areas_check_untouched(&areas);
    areas_close(&areas);
    uninstall(driver);
}

GROUP(forking, cmocka_unit_test(child_of_fork_is_refused_and_can_uninstall),
      cmocka_unit_test(child_of_fork_does_not_wait_for_the_parents_copies),
      cmocka_unit_test(forks_do_not_disturb_a_busy_driver),
      cmocka_unit_test(child_of_fork_can_install_a_driver_of_its_own));
