/* SPDX-License-Identifier: Apache-2.0 */
/* Declared alignment for destinations in PSRAM. Needs ASYNC_MEMCPY_PSRAM_KB in the environment. */
#include "esp_heap_caps.h"
#include "group.h"

#include <string.h>

#define AREA 512

/* One block of PSRAM, or a skipped test. */
static unsigned char *psram(void)
{
    unsigned char *block = row.reaches_psram ? heap_caps_aligned_alloc(64, AREA, MALLOC_CAP_SPIRAM) : NULL;
    if (block == NULL) {
        print_message("no PSRAM: the engine does not reach it, or ASYNC_MEMCPY_PSRAM_KB is not set\n");
        skip();
    }
    return block;
}

/* Every destination and size against one declaration for PSRAM, while ordinary memory is declared otherwise.
 */
static void check_declared(size_t psram_trans_align, size_t sram_trans_align)
{
    const size_t wanted = psram_trans_align != 0 ? psram_trans_align : 16;
    unsigned char *block = psram();
    unsigned char *source = row.alloc(AREA, 64);
    async_memcpy_t driver = install_aligned(sram_trans_align, psram_trans_align);
    assert_non_null(source);
    memset(source, 0x55, AREA);
    for (size_t dst = 0; dst < 128; dst++) {
        for (size_t n = 1; n <= 130; n++) {
            if (dst % wanted == 0 && n % wanted == 0) {
                memset(block, 0xAA, AREA);
                assert_ok(esp_async_memcpy(driver, block + dst, source + 1, n, NULL, NULL));
                assert_ok(esp_async_memcpy_wait(driver, -1));
                assert_memory_equal(block + dst, source + 1, n);
                assert_int_equal(block[dst + n], 0xAA);
            } else {
                assert_refused(esp_async_memcpy(driver, block + dst, source + 1, n, NULL, NULL),
                               ESP_ERR_INVALID_ARG, "declared alignment");
            }
        }
    }
    uninstall(driver);
    row.free(source);
    heap_caps_free(block);
}

static void psram_destination_and_size_are_bound_by_the_default_of_16(void **state)
{
    (void)state;
    check_declared(0, 0);
}

static void psram_destination_and_size_are_bound_as_declared(void **state)
{
    (void)state;
    check_declared(16, 0);
    check_declared(32, 64);
    check_declared(64, 4);
}

/* The rule is the destination's: from PSRAM to ordinary memory, ordinary memory's holds. */
static void psram_source_may_have_any_alignment(void **state)
{
    (void)state;
    unsigned char *block = psram();
    unsigned char *dst = row.alloc(AREA, 64);
    async_memcpy_t driver = install_aligned(0, 64);
    assert_non_null(dst);
    for (size_t at = 0; at < 64; at++) {
        memset(block, (int)(at + 1), AREA);
        assert_ok(esp_async_memcpy(driver, dst + at / 2, block + at, 100 + at, NULL, NULL));
        assert_ok(esp_async_memcpy_wait(driver, -1));
        assert_memory_equal(dst + at / 2, block + at, 100 + at);
    }
    uninstall(driver);
    row.free(dst);
    heap_caps_free(block);
}

static void psram_rules_do_not_bind_ordinary_memory(void **state)
{
    (void)state;
    unsigned char *block = psram();
    struct areas areas;
    async_memcpy_t driver = install_aligned(0, 64);
    areas_open(&areas, 100);
    copy_and_check(driver, &areas, 1, 1, 99);
    areas_close(&areas);
    uninstall(driver);
    heap_caps_free(block);
}

GROUP(psram, cmocka_unit_test(psram_destination_and_size_are_bound_by_the_default_of_16),
      cmocka_unit_test(psram_destination_and_size_are_bound_as_declared),
      cmocka_unit_test(psram_source_may_have_any_alignment),
      cmocka_unit_test(psram_rules_do_not_bind_ordinary_memory));
