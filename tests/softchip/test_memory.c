/* SPDX-License-Identifier: Apache-2.0 */
/* The software chip's memory: what heap_caps gives out of it, and what the DMA reaches. */
#include <stdlib.h>
#include <string.h>

#include "chip/chip.h"
#include "esp_heap_caps.h"
#include "scene.h"

#define SRAM_SIZE ((size_t)(CHIP_SRAM_LAST - CHIP_SRAM_FIRST + 1u))

static size_t free_size(void)
{
    return heap_caps_get_free_size(MALLOC_CAP_DMA);
}

static bool in_sram(const void *first, size_t size)
{
    return (uintptr_t)first >= CHIP_SRAM_FIRST && (uintptr_t)first + size - 1 <= CHIP_SRAM_LAST;
}

/* First of all: what was given out before the chip was there. */
static void memory_given_out_before_the_chip_is_refused_and_freed_as_ever(void **state)
{
    (void)state;
    size_t before = heap_caps_get_free_size(MALLOC_CAP_DEFAULT);
    char *old = heap_caps_calloc(2, 100, MALLOC_CAP_DMA);
    assert_non_null(old);
    assert_false(in_sram(old, 200));
    async_memcpy_t driver = install(1);
    assert_refused(esp_async_memcpy(driver, old, old + 100, 100, NULL, NULL), ESP_ERR_INVALID_ARG,
                   "heap_caps_malloc(n, MALLOC_CAP_DMA)");
    assert_int_equal(heap_caps_get_free_size(MALLOC_CAP_DEFAULT), before - 200);
    heap_caps_free(old);
    assert_int_equal(heap_caps_get_free_size(MALLOC_CAP_DEFAULT), before);
    uninstall(driver);
}

static void free_size_is_the_chips_minus_what_was_given_out(void **state)
{
    (void)state;
    assert_int_equal(heap_caps_get_total_size(MALLOC_CAP_DMA), SRAM_SIZE);
    assert_int_equal(free_size(), SRAM_SIZE);
    void *one = heap_caps_malloc(1001, MALLOC_CAP_DMA);
    void *two = heap_caps_aligned_calloc(64, 7, 11, MALLOC_CAP_DMA | MALLOC_CAP_INTERNAL);
    assert_true(in_sram(one, 1001) && in_sram(two, 77) && (uintptr_t)two % 64 == 0);
    assert_int_equal(free_size(), SRAM_SIZE - 1001 - 77);
    heap_caps_free(one);
    assert_int_equal(free_size(), SRAM_SIZE - 77);
    heap_caps_free(two);
    assert_int_equal(free_size(), SRAM_SIZE);
}

static void only_memory_for_the_dma_lies_in_the_chip(void **state)
{
    (void)state;
    void *ordinary = heap_caps_malloc(100, MALLOC_CAP_DEFAULT);
    void *internal = heap_caps_malloc(100, MALLOC_CAP_INTERNAL | MALLOC_CAP_8BIT);
    assert_false(in_sram(ordinary, 100));
    assert_true(in_sram(internal, 100));
    heap_caps_free(ordinary);
    heap_caps_free(internal);
}

/* Its struct, slots and descriptors: the handle is the beginning of the one block that holds them. */
static void drivers_own_memory_lies_in_the_chip(void **state)
{
    (void)state;
    async_memcpy_t driver = install(16);
    size_t taken = SRAM_SIZE - free_size();
    assert_true(taken >= 2 * 17 * 12 + 16 * 4 * sizeof(void *)); /* descriptors and requests */
    assert_true(in_sram(driver, taken));
    uninstall(driver);
    assert_int_equal(free_size(), SRAM_SIZE);
}

/* To the last byte; then there is no room for a driver, and every block is whole. */
static void all_of_the_chips_memory_can_be_given_out(void **state)
{
    (void)state;
    enum { BLOCK = 4096, BLOCKS = SRAM_SIZE / BLOCK };
    unsigned char *blocks[BLOCKS];
    async_memcpy_config_t config = ASYNC_MEMCPY_DEFAULT_CONFIG();
    async_memcpy_t driver = (async_memcpy_t)&config;
    for (unsigned i = 0; i < BLOCKS; i++) {
        blocks[i] = heap_caps_malloc(BLOCK, MALLOC_CAP_DMA);
        assert_true(in_sram(blocks[i], BLOCK));
        memset(blocks[i], (int)i, BLOCK);
    }
    assert_int_equal(free_size(), 0);
    assert_null(heap_caps_malloc(1, MALLOC_CAP_DMA));
    assert_refused(row.install(&config, &driver), ESP_ERR_NO_MEM, "no memory");
    assert_null(driver);
    for (unsigned i = 0; i < BLOCKS; i++) {
        assert_true(blocks[i][0] == (unsigned char)i && blocks[i][BLOCK - 1] == (unsigned char)i);
        heap_caps_free(blocks[i]);
    }
    assert_int_equal(free_size(), SRAM_SIZE);
    uninstall(install(1));
}

/* ---- Reach ---- */

static void assert_both_ways_refused(async_memcpy_t driver, void *good, void *other, size_t n)
{
    assert_refused(esp_async_memcpy(driver, good, other, n, NULL, NULL), ESP_ERR_INVALID_ARG, "reaches",
                   "heap_caps_malloc(n, MALLOC_CAP_DMA)");
    assert_refused(esp_async_memcpy(driver, other, good, n, NULL, NULL), ESP_ERR_INVALID_ARG, "reaches",
                   "heap_caps_malloc(n, MALLOC_CAP_DMA)");
}

static void other_memory_is_refused_and_the_remedy_named(void **state)
{
    (void)state;
    static char of_program[64];
    char on_stack[64];
    void *from_heap = malloc(64);
    async_memcpy_t driver = install(1);
    char *good = heap_caps_malloc(64, MALLOC_CAP_DMA);
    assert_true(from_heap != NULL && good != NULL);
    assert_both_ways_refused(driver, good, of_program, 64);
    assert_both_ways_refused(driver, good, on_stack, 64);
    assert_both_ways_refused(driver, good, from_heap, 64);
    assert_both_ways_refused(driver, good, (char *)(uintptr_t)(CHIP_SRAM_FIRST - 1), 1);
    assert_both_ways_refused(driver, good, (char *)(uintptr_t)(CHIP_SRAM_LAST + 1u), 1);
    assert_both_ways_refused(driver, good, (char *)(uintptr_t)CHIP_SRAM_LAST, 2);
    heap_caps_free(good);
    uninstall(driver);
    free(from_heap);
}

/* The first and the last byte of the chip's memory, which nobody else uses here. */
static void whole_memory_is_within_reach(void **state)
{
    (void)state;
    async_memcpy_t driver = install(1);
    size_t rest = free_size() - 4096;
    unsigned char *block = heap_caps_malloc(rest, MALLOC_CAP_DMA);
    unsigned char *last = (unsigned char *)(uintptr_t)CHIP_SRAM_LAST;
    assert_true(in_sram(block, rest));
    *last = 0x77;
    assert_ok(esp_memcpy_blocking(driver, block, last, 1, -1));
    assert_int_equal(block[0], 0x77);
    block[1] = 0x78;
    assert_ok(esp_memcpy_blocking(driver, last, block + 1, 1, -1));
    assert_int_equal(*last, 0x78);
    assert_ok(esp_memcpy_blocking(driver, block + rest / 2, block, rest / 2, -1));
    assert_int_equal(block[rest / 2 + 1], 0x78);
    heap_caps_free(block);
    uninstall(driver);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(memory_given_out_before_the_chip_is_refused_and_freed_as_ever),
        cmocka_unit_test(free_size_is_the_chips_minus_what_was_given_out),
        cmocka_unit_test(only_memory_for_the_dma_lies_in_the_chip),
        cmocka_unit_test(drivers_own_memory_lies_in_the_chip),
        cmocka_unit_test(all_of_the_chips_memory_can_be_given_out),
        cmocka_unit_test(other_memory_is_refused_and_the_remedy_named),
        cmocka_unit_test(whole_memory_is_within_reach),
    };
    return cmocka_run_group_tests_name("softchip.memory", tests, NULL, NULL);
}
