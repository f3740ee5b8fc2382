/* SPDX-License-Identifier: Apache-2.0 */
/* Hardware may run what it was given in any order: copies see each other's results all the same. */
#include <stdlib.h>
#include <string.h>

#include "hardware.h"
#include "scene.h"

#define ARENA  (1 << 16)
#define COPIES 60

static async_memcpy_t install_backwards(void)
{
    async_memcpy_config_t config = {.backlog = COPIES};
    async_memcpy_t driver = NULL;
    hardware_reset();
    hardware_plan.backwards = true;
    assert_ok(hardware_install(&config, &driver));
    return driver;
}

struct arenas {
    unsigned char found[ARENA];
    unsigned char wanted[ARENA];
};

static void fill(struct arenas *arenas, unsigned seed)
{
    for (size_t i = 0; i < ARENA; i++) {
        arenas->found[i] = arenas->wanted[i] =
            (unsigned char)((i + seed) * UINT64_C(0x9E3779B97F4A7C15) >> 40);
    }
}

/* One copy inside the arena, by the driver; and in its model, at once. */
static void copy_within(async_memcpy_t driver, struct arenas *arenas, size_t dst, size_t src, size_t n)
{
    assert_ok(esp_async_memcpy_timed(driver, arenas->found + dst, arenas->found + src, n, NULL, NULL, -1));
    memcpy(arenas->wanted + dst, arenas->wanted + src, n);
}

static void check_arenas(async_memcpy_t driver, struct arenas *arenas)
{
    assert_ok(esp_async_memcpy_wait(driver, -1));
    assert_memory_equal(arenas->found, arenas->wanted, ARENA);
}

static struct arenas arenas;

static void chain_of_copies_hands_data_on(void **state)
{
    (void)state;
    async_memcpy_t driver = install_backwards();
    fill(&arenas, 1);
    row.hold(driver);
    for (size_t i = 0; i < 20; i++) { /* written, then read */
        copy_within(driver, &arenas, (i + 1) * 1000, i * 1000, 1000);
    }
    for (size_t i = 0; i < 20; i++) { /* read, then written */
        copy_within(driver, &arenas, i * 1000, (i + 1) * 1000, 1000);
    }
    for (size_t i = 0; i < 10; i++) { /* written twice */
        copy_within(driver, &arenas, 30000, 40000 + i * 1000, 1000);
    }
    row.release();
    check_arenas(driver, &arenas);
    uninstall(driver);
}

/* The least of overlaps counts, at either end and of either kind, and neighbours do not wait. */
static void one_byte_in_common_is_enough(void **state)
{
    (void)state;
    static const struct {
        size_t dst, src;
        bool depends;
    } seconds[] = {
        {1099, 5000, true}, {901, 5000, true},   {900, 5000, false},  {1100, 5000, false}, {2099, 5000, true},
        {1901, 5000, true}, {1900, 5000, false}, {2100, 5000, false}, {5000, 1099, true},  {5000, 901, true},
        {5000, 900, false}, {5000, 1100, false}, {5000, 2000, false}, {5000, 2050, false},
    };
    for (size_t i = 0; i < sizeof seconds / sizeof *seconds; i++) {
        async_memcpy_t driver = install_backwards();
        fill(&arenas, (unsigned)i);
        row.hold(driver);
        copy_within(driver, &arenas, 1000, 2000, 100);
        copy_within(driver, &arenas, seconds[i].dst, seconds[i].src, 100);
        row.release();
        check_arenas(driver, &arenas);
        assert_int_equal(atomic_load(&hardware_seen.most), seconds[i].depends ? 1 : 2);
        uninstall(driver);
    }
}

static void copies_at_random_come_out_as_in_order(void **state)
{
    (void)state;
    unsigned seed = (unsigned)now_ms();
    print_message("seed %u\n", seed);
    async_memcpy_t driver = install_backwards();
    for (unsigned long round = 0; round < times(300, 100); round++) {
        fill(&arenas, seed);
        for (unsigned i = 0; i < COPIES; i++) {
            size_t n = (size_t)rand_r(&seed) % (round % 2 == 0 ? 500 : 5000) + 1;
            size_t dst = (size_t)rand_r(&seed) % (ARENA - n);
            size_t src = (size_t)rand_r(&seed) % (ARENA - n);
            if (dst == src || dst + n <= src || src + n <= dst) {
                copy_within(driver, &arenas, dst, src, n);
            }
        }
        check_arenas(driver, &arenas);
    }
    assert_in_range(atomic_load(&hardware_seen.most), 2,
                    COPIES); /* they have not just been made one by one */
    uninstall(driver);
}

/* Those in flight when a piece is left undone are independent of it; those that are not come after it. */
static void piece_left_undone_is_in_time_for_those_that_need_it(void **state)
{
    (void)state;
    for (unsigned at = 0; at < 12; at++) {
        async_memcpy_t driver = install_backwards();
        fill(&arenas, at);
        row.hold(driver);
        hardware_fault = (struct hardware_fault_at){HARDWARE_FAILS, at + 1, 3, RTE_DMA_STATUS_PAGE_FAULT, 0};
        for (size_t i = 0; i < 12; i++) {
            copy_within(driver, &arenas, (i + 1) % 5 * 2000, i % 5 * 2000, 1500);
        }
        row.release();
        check_arenas(driver, &arenas);
        uninstall(driver);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(chain_of_copies_hands_data_on),
        cmocka_unit_test(one_byte_in_common_is_enough),
        cmocka_unit_test(copies_at_random_come_out_as_in_order),
        cmocka_unit_test(piece_left_undone_is_in_time_for_those_that_need_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
