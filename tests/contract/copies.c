/* SPDX-License-Identifier: Apache-2.0 */
/* What is copied: sizes, addresses, contents. */
#include "group.h"

/* The row's own limit, or a smaller one. */
static size_t at_most(size_t size)
{
    return size < row.max_size ? size : row.max_size;
}

static void every_small_size_is_copied_exactly(void **state)
{
    (void)state;
    async_memcpy_t driver = install(1);
    struct areas areas;
    areas_open(&areas, 600);
    for (size_t n = 1; n <= 600; n++) {
        copy_and_check(driver, &areas, n % 3, n % 5, n);
    }
    areas_close(&areas);
    uninstall(driver);
}

static void sizes_up_to_70000_are_copied_exactly(void **state)
{
    (void)state;
    async_memcpy_t driver = install(1);
    struct areas areas;
    const size_t most = at_most(70000);
    const size_t step = 97 * (size_t)(is_quick() ? 20 : 1) * row.divisor;
    areas_open(&areas, most);
    for (size_t n = 601; n <= most; n += step) {
        copy_and_check(driver, &areas, n % 64, n % 61, n);
    }
    copy_and_check(driver, &areas, 0, 0, most);
    areas_close(&areas);
    uninstall(driver);
}

/* Powers of two, and the sizes of DMA descriptors (4095 bytes at the most), are where counting goes wrong. */
static void sizes_around_powers_of_two_are_copied_exactly(void **state)
{
    (void)state;
    async_memcpy_t driver = install(1);
    struct areas areas;
    const size_t most = at_most(262144 / row.divisor + 2);
    areas_open(&areas, most);
    for (size_t power = 4; power <= most; power *= 2) {
        for (size_t n = power - 2; n <= power + 2 && n <= most; n++) {
            copy_and_check(driver, &areas, 1, 0, n);
        }
    }
    for (size_t pieces = 1; pieces <= (is_quick() ? 6U : 16U); pieces++) {
        for (size_t n = pieces * 4092 - 1; n <= pieces * 4095 + 1 && n <= most; n++) {
            copy_and_check(driver, &areas, 0, 0, n);
        }
    }
    areas_close(&areas);
    uninstall(driver);
}

static void sizes_of_several_megabytes_are_copied_exactly(void **state)
{
    (void)state;
    async_memcpy_t driver = install(2);
    struct areas areas;
    const size_t sizes[] = {1 << 20, (1 << 20) + 1, 3000017, at_most(5 << 20), row.max_size};
    areas_open(&areas, row.max_size);
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        size_t n = at_most(sizes[i]);
        if (!is_quick() || n <= 2 << 20) {
            copy_and_check(driver, &areas, i, 7 * i, n);
        }
    }
    areas_close(&areas);
    uninstall(driver);
}

static void every_alignment_of_both_sides_is_copied_exactly(void **state)
{
    (void)state;
    async_memcpy_t driver = install(1);
    struct areas areas;
    const size_t sizes[] = {1, 5, 63, 130};
    areas_open(&areas, 130);
    for (size_t dst = 0; dst < 64; dst++) {
        for (size_t src = 0; src < 64; src++) {
            for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i += (size_t)(is_quick() ? 3 : 1)) {
                copy_and_check(driver, &areas, dst, src, sizes[i]);
            }
        }
    }
    areas_close(&areas);
    uninstall(driver);
}

static void copy_in_place_changes_nothing(void **state)
{
    (void)state;
    async_memcpy_t driver = install(1);
    struct areas areas;
    struct record record = {.calls = 0};
    const size_t most = at_most(70000);
    areas_open(&areas, most);
    for (size_t n = 1; n <= most; n = n * 3 + 1) {
        areas_prepare(&areas, 0, 5, n);
        areas.oracle.dst = areas.oracle.src;
        atomic_store(&record.calls, 0);
        assert_ok(submit(driver, &areas, &record));
        assert_ok(esp_async_memcpy_wait(driver, -1));
        assert_int_equal(atomic_load(&record.calls), 1);
        areas_check(&areas);
    }
    areas_close(&areas);
    uninstall(driver);
}

/* What was copied is what the source held at that time, not what it held at an earlier copy. */
static void same_buffers_again_give_the_new_contents(void **state)
{
    (void)state;
    async_memcpy_t driver = install(3);
    struct areas areas;
    areas_open(&areas, 1024);
    for (unsigned long round = 0; round < times(2000, 200); round++) {
        copy_and_check(driver, &areas, 0, 0, 1024);
    }
    areas_close(&areas);
    uninstall(driver);
}

/* Queued copies of mixed sizes, of which one's destination is the next one's source. */
static void queued_copies_see_each_others_results(void **state)
{
    (void)state;
    enum { STAGES = 8 };
    async_memcpy_t driver = install(STAGES);
    struct areas areas[STAGES];
    const size_t n = at_most(20011);
    for (unsigned i = 0; i < STAGES; i++) {
        areas_open(&areas[i], n);
    }
    for (unsigned i = 0; i < STAGES; i++) {
        void *from = i == 0 ? areas[0].oracle.src : areas[i - 1].oracle.dst;
        assert_ok(esp_async_memcpy(driver, areas[i].oracle.dst, from, n, NULL, NULL));
    }
    assert_ok(esp_async_memcpy_wait(driver, -1));
    areas_check(&areas[0]);
    for (unsigned i = 1; i < STAGES; i++) {
        assert_memory_equal(areas[i].oracle.dst, areas[0].oracle.src, n);
    }
    for (unsigned i = 0; i < STAGES; i++) {
        areas_close(&areas[i]);
    }
    uninstall(driver);
}

GROUP(copies, cmocka_unit_test(every_small_size_is_copied_exactly),
      cmocka_unit_test(sizes_up_to_70000_are_copied_exactly),
      cmocka_unit_test(sizes_around_powers_of_two_are_copied_exactly),
      cmocka_unit_test(sizes_of_several_megabytes_are_copied_exactly),
      cmocka_unit_test(every_alignment_of_both_sides_is_copied_exactly),
      cmocka_unit_test(copy_in_place_changes_nothing),
      cmocka_unit_test(same_buffers_again_give_the_new_contents),
      cmocka_unit_test(queued_copies_see_each_others_results));
