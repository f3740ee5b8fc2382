/* SPDX-License-Identifier: Apache-2.0 */
/* Nothing is held after a failed install, nor after an uninstall, however often repeated. */
#include <dirent.h>
#include <malloc.h>

#include "faults.h"
#include "group.h"

struct holdings {
    unsigned threads;
    unsigned descriptors;
    long blocks; /* of port_alloc() */
    size_t heap; /* bytes that malloc() gave out; 0 under sanitizers, which have a heap of their own */
};

static unsigned entries_in(const char *folder)
{
    DIR *dir = opendir(folder);
    unsigned entries = 0;
    assert_non_null(dir);
    while (readdir(dir) != NULL) {
        entries++;
    }
    closedir(dir);
    return entries;
}

static struct holdings count_holdings(void)
{
    return (struct holdings){
        .threads = entries_in("/proc/self/task"),
        .descriptors = entries_in("/proc/self/fd"),
        .blocks = faults_live_blocks(),
        .heap = mallinfo2().uordblks,
    };
}

/* A thread that was joined may stay in /proc for a moment. */
static void check_holdings(const struct holdings *before)
{
    for (unsigned look = 0; look < 1000 && entries_in("/proc/self/task") > before->threads; look++) {
        sleep_ms(1);
    }
    struct holdings after = count_holdings();
    assert_int_equal(after.threads, before->threads);
    assert_int_equal(after.descriptors, before->descriptors);
    assert_int_equal(after.blocks, before->blocks);
    /* libc keeps small pieces for later; a thousand times its smallest block would be 32,000 bytes. */
    assert_in_range(after.heap, 0, before->heap + 16000);
}

/* A thousand failing installs; the first few may fill caches that stay. */
static void check_failing(const async_memcpy_config_t *config, void (*fault)(bool on), esp_err_t wanted)
{
    struct holdings before = {0};
    log_capture_begin();
    for (unsigned i = 0; i < 1010; i++) {
        if (i == 10) {
            before = count_holdings();
        }
        async_memcpy_t driver = (async_memcpy_t)&before;
        fault(true);
        esp_err_t status = row.install(config, &driver);
        fault(false);
        assert_code(status, wanted);
        assert_null(driver);
    }
    log_capture_end();
    check_holdings(&before);
}

static void no_fault(bool on)
{
    (void)on;
}

static void fail_next_alloc(bool on)
{
    faults_fail_alloc(on);
}

static void install_refused_for_its_arguments_holds_nothing(void **state)
{
    (void)state;
    check_failing(NULL, no_fault, ESP_ERR_INVALID_ARG);
    check_failing(&(async_memcpy_config_t){.sram_trans_align = 3}, no_fault, ESP_ERR_INVALID_ARG);
    check_failing(&(async_memcpy_config_t){.psram_trans_align = 8}, no_fault, ESP_ERR_INVALID_ARG);
    check_failing(&(async_memcpy_config_t){.flags = 1U << 31}, no_fault, ESP_ERR_INVALID_ARG);
}

static void install_without_memory_holds_nothing(void **state)
{
    (void)state;
    async_memcpy_config_t config = ASYNC_MEMCPY_DEFAULT_CONFIG();
    check_failing(&config, fail_next_alloc, ESP_ERR_NO_MEM);
    check_failing(&(async_memcpy_config_t){.backlog = UINT32_MAX}, no_fault, ESP_ERR_NO_MEM);
}

/* Each allocation in turn, until an install needs no more of them. */
static void install_with_each_allocation_failing_holds_nothing(void **state)
{
    (void)state;
    async_memcpy_config_t config = ASYNC_MEMCPY_DEFAULT_CONFIG();
    uninstall(install(8));
    struct holdings before = count_holdings();
    esp_err_t status = ESP_ERR_NO_MEM;
    for (unsigned which = 1; which < 100 && status != ESP_OK; which++) {
        async_memcpy_t driver = (async_memcpy_t)&before;
        log_capture_begin();
        faults_fail_alloc(which);
        status = row.install(&config, &driver);
        log_capture_end();
        assert_code(status, faults_alloc_failed() ? ESP_ERR_NO_MEM : ESP_OK);
        faults_fail_alloc(0);
        if (status == ESP_OK) {
            uninstall(driver);
        } else {
            assert_null(driver);
        }
        check_holdings(&before);
    }
    assert_ok(status);
}

static void install_without_channel_or_thread_holds_nothing(void **state)
{
    (void)state;
    if (row.exhaust == NULL) {
        skip();
        return;
    }
    async_memcpy_config_t config = ASYNC_MEMCPY_DEFAULT_CONFIG();
    check_failing(&config, row.exhaust, ESP_FAIL);
}

static void install_and_uninstall_hold_nothing(void **state)
{
    (void)state;
    struct holdings before = {0};
    struct areas areas;
    const unsigned sizes = 40;
    const unsigned long tries = times(1000, 200);
    areas_open(&areas, 100);
    for (unsigned long i = 0; i < tries + 2 * sizes; i++) {
        if (i == 2 * sizes) { /* the heap has seen each size twice */
            before = count_holdings();
        }
        async_memcpy_t driver = install((uint32_t)(i % sizes));
        assert_ok(submit(driver, &areas, NULL));
        uninstall(driver);
    }
    check_holdings(&before);
    areas_check(&areas);
    areas_close(&areas);
}

/* Copies need no memory: they go on when there is none. A thousand copies of one byte each would show. */
static void copies_allocate_nothing(void **state)
{
    (void)state;
    async_memcpy_t driver = install(4);
    struct areas areas;
    areas_open(&areas, 1000);
    const async_memcpy_copy_t copies[3] = {
        {.dst = areas.oracle.dst, .src = areas.oracle.src, .n = 1000},
        {.dst = areas.oracle.dst, .src = areas.oracle.src, .n = 999},
        {.dst = areas.oracle.dst, .src = areas.oracle.src, .n = 1},
    };
    faults_fail_alloc(1);
    size_t heap = mallinfo2().uordblks;
    for (unsigned i = 0; i < 200; i++) {
        assert_ok(submit(driver, &areas, NULL));
        assert_ok(esp_async_memcpy_batch(driver, copies, 3));
        assert_ok(esp_memcpy_blocking(driver, areas.oracle.dst, areas.oracle.src, 1000, -1));
    }
    assert_in_range(mallinfo2().uordblks + row.device_heap, heap, heap + 2 * row.device_heap);
    assert_false(faults_alloc_failed());
    faults_fail_alloc(0);
    areas_check(&areas);
    areas_close(&areas);
    uninstall(driver);
}

GROUP(leaks, cmocka_unit_test(install_refused_for_its_arguments_holds_nothing),
      cmocka_unit_test(install_without_memory_holds_nothing),
      cmocka_unit_test(install_with_each_allocation_failing_holds_nothing),
      cmocka_unit_test(install_without_channel_or_thread_holds_nothing),
      cmocka_unit_test(install_and_uninstall_hold_nothing), cmocka_unit_test(copies_allocate_nothing));
