/* SPDX-License-Identifier: Apache-2.0 */
/* Declared alignment in ordinary memory (psram.c: in PSRAM). */
#include "group.h"

static esp_err_t try_copy(async_memcpy_t driver, struct areas *areas, size_t dst_offset, size_t n)
{
    areas_prepare(areas, dst_offset, (dst_offset * 7 + n) % AREA_OFFSETS, n);
    return submit(driver, areas, NULL);
}

/* Every destination and size against one declared alignment; any source. */
static void check_declared(size_t align)
{
    async_memcpy_t driver = install_aligned(align, 0);
    struct areas areas;
    areas_open(&areas, 192);
    const size_t wanted = align != 0 ? align : 1;
    for (size_t dst = 0; dst < AREA_OFFSETS; dst += is_quick() ? 3 : 1) {
        for (size_t n = 1; n <= 192; n += n < 130 ? 1 : 31) {
            if (dst % wanted == 0 && n % wanted == 0) {
                assert_ok(try_copy(driver, &areas, dst, n));
                assert_ok(esp_async_memcpy_wait(driver, -1));
                areas_check(&areas);
            } else {
                assert_refused(try_copy(driver, &areas, dst, n), ESP_ERR_INVALID_ARG, "declared alignment");
                assert_ok(esp_async_memcpy_wait(driver, -1));
                areas_check_untouched(&areas);
            }
        }
    }
    areas_close(&areas);
    uninstall(driver);
}

static void undeclared_alignment_takes_any_address_and_size(void **state)
{
    (void)state;
    check_declared(0);
    check_declared(1);
}

static void declared_alignment_binds_destination_and_size(void **state)
{
    (void)state;
    for (size_t align = 2; align <= 64; align *= 2) {
        check_declared(align);
    }
}

static void declared_alignment_leaves_the_source_free(void **state)
{
    (void)state;
    for (size_t align = 1; align <= 64; align *= 2) {
        async_memcpy_t driver = install_aligned(align, 64);
        struct areas areas;
        areas_open(&areas, 256);
        for (size_t src = 0; src < AREA_OFFSETS; src++) {
            copy_and_check(driver, &areas, 0, src, 256);
        }
        areas_close(&areas);
        uninstall(driver);
    }
}

GROUP(alignment, cmocka_unit_test(undeclared_alignment_takes_any_address_and_size),
      cmocka_unit_test(declared_alignment_binds_destination_and_size),
      cmocka_unit_test(declared_alignment_leaves_the_source_free));
