/* SPDX-License-Identifier: Apache-2.0 */
/* What install accepts and refuses. */
#include <stdio.h>
#include <unistd.h>

#include "faults.h"
#include "group.h"

static void *const not_null = &(char){0};

static const uint32_t hints = ASYNC_MEMCPY_FLAG_HINTS;
static const uint32_t yes_or_no = ASYNC_MEMCPY_FLAG_HINTS & ~ASYNC_MEMCPY_FLAG_WORKERS(15);

static void assert_config_refused(const async_memcpy_config_t *config, const char *words)
{
    async_memcpy_t driver = not_null;
    assert_refused(row.install(config, &driver), ESP_ERR_INVALID_ARG, words);
    assert_null(driver);
}

static void install_refuses_null_arguments(void **state)
{
    (void)state;
    async_memcpy_config_t config = ASYNC_MEMCPY_DEFAULT_CONFIG();
    assert_refused(row.install(&config, NULL), ESP_ERR_INVALID_ARG, "asmcp is NULL");
    assert_config_refused(NULL, "config is NULL");
}

static void default_config_is_backlog_8_and_zeros(void **state)
{
    (void)state;
    async_memcpy_config_t config = ASYNC_MEMCPY_DEFAULT_CONFIG();
    assert_int_equal(config.backlog, 8);
    assert_int_equal(config.sram_trans_align, 0);
    assert_int_equal(config.psram_trans_align, 0);
    assert_int_equal(config.flags, 0);
    assert_int_equal(config.dma_burst_size, 0);
    assert_int_equal(config.weight, 0);
}

static void install_takes_sram_alignments_of_0_and_powers_of_two_up_to_64(void **state)
{
    (void)state;
    for (size_t align = 0; align <= 130; align++) {
        async_memcpy_config_t config = {.sram_trans_align = align};
        if (align <= 64 && (align & (align - 1)) == 0) {
            uninstall(install_aligned(align, 0));
        } else {
            assert_config_refused(&config, "0 or a power of two up to 64");
        }
    }
    async_memcpy_config_t huge = {.sram_trans_align = SIZE_MAX / 2 + 1};
    assert_config_refused(&huge, "sram_trans_align");
}

static void install_takes_psram_alignments_of_0_16_32_and_64(void **state)
{
    (void)state;
    for (size_t align = 0; align <= 130; align++) {
        async_memcpy_config_t config = {.psram_trans_align = align};
        if (align == 0 || align == 16 || align == 32 || align == 64) {
            uninstall(install_aligned(0, align));
        } else {
            assert_config_refused(&config, "0, 16, 32 or 64");
        }
    }
    async_memcpy_config_t huge = {.psram_trans_align = SIZE_MAX / 2 + 1};
    assert_config_refused(&huge, "psram_trans_align");
}

static void install_refuses_each_unknown_flag(void **state)
{
    (void)state;
    for (unsigned bit = 0; bit < 32; bit++) {
        async_memcpy_config_t config = {.flags = UINT32_C(1) << bit};
        if ((config.flags & hints) == 0) {
            assert_config_refused(&config, "flags");
            config.flags |= hints;
            assert_config_refused(&config, "flags");
        }
    }
}

/* Every combination of them, beside several numbers of workers; the copies are large enough for any way to
 * make them. */
static void hints_are_accepted_and_change_no_copy(void **state)
{
    (void)state;
    const size_t largest = (2 << 20) + 4321;
    const size_t size = row.max_size < largest ? row.max_size : largest;
    struct areas areas;
    areas_open(&areas, size);
    const unsigned workers[] = {0, 15, 1, 2, 3};
    unsigned round = 0;
    for (uint32_t chosen = yes_or_no;; chosen = (chosen - 1) & yes_or_no) {
        async_memcpy_config_t config = {.backlog = 4,
                                        .flags = chosen | ASYNC_MEMCPY_FLAG_WORKERS(workers[round++ % 5])};
        async_memcpy_t driver = NULL;
        assert_ok(row.install(&config, &driver));
        copy_and_check(driver, &areas, 1, 2, 1);
        copy_and_check(driver, &areas, 3, 5, size);
        uninstall(driver);
        if (chosen == 0) {
            break;
        }
    }
    areas_close(&areas);
}

static void install_accepts_the_fields_of_newer_programs(void **state)
{
    (void)state;
    async_memcpy_config_t config = {.backlog = 4, .dma_burst_size = 64, .weight = 3};
    async_memcpy_t driver = NULL;
    struct areas areas;
    assert_ok(row.install(&config, &driver));
    areas_open(&areas, 1000);
    copy_and_check(driver, &areas, 1, 2, 999);
    areas_close(&areas);
    uninstall(driver);
}

static void absurd_backlog_is_no_memory(void **state)
{
    (void)state;
    const uint32_t backlogs[] = {UINT32_MAX, UINT32_MAX - 1, UINT32_C(1) << 31, (UINT32_C(1) << 30) + 1};
    for (size_t i = 0; i < sizeof backlogs / sizeof *backlogs; i++) {
        async_memcpy_config_t config = {.backlog = backlogs[i]};
        async_memcpy_t driver = not_null;
        assert_refused(row.install(&config, &driver), ESP_ERR_NO_MEM, "no memory for a backlog of");
        assert_null(driver);
    }
}

/* Bytes of memory that this process has really got. */
static size_t resident(void)
{
    unsigned long size = 0, pages = 0;
    FILE *file = fopen("/proc/self/statm", "r");
    assert_non_null(file);
    assert_int_equal(fscanf(file, "%lu %lu", &size, &pages), 2);
    fclose(file);
    return pages * (size_t)sysconf(_SC_PAGESIZE);
}

/* A slot takes a line of 64 bytes at the least, but not before a copy lies in it. */
static void largest_backlog_takes_memory_as_it_is_used(void **state)
{
    (void)state;
    if (!row.reaches_all || is_quick()) {
        skip(); /* its memory is a chip's, or a sanitizer's */
    }
    const uint32_t largest = UINT32_C(1) << 24;
    struct areas areas;
    areas_open(&areas, 100);
    size_t before = resident();
    async_memcpy_t driver = install(largest);
    assert_true(resident() < before + largest);
    for (unsigned i = 0; i < 10; i++) {
        copy_and_check(driver, &areas, 0, 0, 100);
    }
    assert_true(resident() < before + largest);
    uninstall(driver);
    areas_close(&areas);
}

static void install_without_channel_or_thread_fails(void **state)
{
    (void)state;
    if (row.exhaust == NULL) {
        skip();
        return;
    }
    async_memcpy_config_t config = ASYNC_MEMCPY_DEFAULT_CONFIG();
    async_memcpy_t driver = not_null;
    row.exhaust(true);
    assert_refused(row.install(&config, &driver), ESP_FAIL, "install");
    row.exhaust(false);
    assert_null(driver);
    uninstall(install(8));
}

static void default_installer_gives_a_driver(void **state)
{
    (void)state;
    async_memcpy_config_t config = ASYNC_MEMCPY_DEFAULT_CONFIG();
    async_memcpy_t driver = NULL;
    struct areas areas;
    assert_ok(esp_async_memcpy_install(&config, &driver));
    areas_open(&areas, 100);
    copy_and_check(driver, &areas, 0, 0, 100);
    areas_close(&areas);
    uninstall(driver);
}

static void two_drivers_live_side_by_side(void **state)
{
    (void)state;
    async_memcpy_t first = install(2);
    async_memcpy_t second = install(2);
    struct areas areas[2];
    areas_open(&areas[0], 500);
    areas_open(&areas[1], 500);
    assert_ok(submit(first, &areas[0], NULL));
    assert_ok(submit(second, &areas[1], NULL));
    assert_ok(esp_async_memcpy_wait(second, -1));
    uninstall(second);
    assert_ok(esp_async_memcpy_wait(first, -1));
    areas_check(&areas[0]);
    areas_check(&areas[1]);
    copy_and_check(first, &areas[0], 3, 5, 333);
    uninstall(first);
    areas_close(&areas[0]);
    areas_close(&areas[1]);
}

GROUP(installing, cmocka_unit_test(install_refuses_null_arguments),
      cmocka_unit_test(default_config_is_backlog_8_and_zeros),
      cmocka_unit_test(install_takes_sram_alignments_of_0_and_powers_of_two_up_to_64),
      cmocka_unit_test(install_takes_psram_alignments_of_0_16_32_and_64),
      cmocka_unit_test(install_refuses_each_unknown_flag),
      cmocka_unit_test(hints_are_accepted_and_change_no_copy),
      cmocka_unit_test(install_accepts_the_fields_of_newer_programs),
      cmocka_unit_test(absurd_backlog_is_no_memory),
      cmocka_unit_test(largest_backlog_takes_memory_as_it_is_used),
      cmocka_unit_test(install_without_channel_or_thread_fails),
      cmocka_unit_test(default_installer_gives_a_driver), cmocka_unit_test(two_drivers_live_side_by_side));
