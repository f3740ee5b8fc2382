/* SPDX-License-Identifier: Apache-2.0 */
/* The counters that a program may read. The cases run in this order: the first finds the chip off. */
#include "esp_async_memcpy_ext.h"
#include "scene.h"

static const async_memcpy_chip_counters_t untouched = {1, 2, 3};

static void chip_that_is_off_has_none(void **state)
{
    (void)state;
    async_memcpy_chip_counters_t counters = untouched;
    assert_int_equal(esp_async_memcpy_chip_counters(&counters), ESP_ERR_INVALID_STATE);
    assert_memory_equal(&counters, &untouched, sizeof counters);
}

static void null_is_refused(void **state)
{
    (void)state;
    assert_refused(esp_async_memcpy_chip_counters(NULL), ESP_ERR_INVALID_ARG, "counters is NULL");
}

static void differences_are_those_of_the_copy(void **state)
{
    (void)state;
    const size_t n = 4000;
    struct areas areas;
    async_memcpy_t driver = install(1);
    areas_open(&areas, n);
    async_memcpy_chip_counters_t before, after;
    assert_int_equal(esp_async_memcpy_chip_counters(&before), ESP_OK);
    copy_and_check(driver, &areas, 0, 0, n);
    assert_int_equal(esp_async_memcpy_chip_counters(&after), ESP_OK);
    /* In and out, a word: a cycle at the best, two at the worst for a byte. */
    assert_in_range(after.data_cycles - before.data_cycles, 2 * n / 4, 2 * 2 * n);
    assert_true(after.bus_cycles - before.bus_cycles > after.data_cycles - before.data_cycles);
    assert_in_range(after.interrupts - before.interrupts, 1, 10);
    areas_close(&areas);
    uninstall(driver);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(chip_that_is_off_has_none),
        cmocka_unit_test(null_is_refused),
        cmocka_unit_test(differences_are_those_of_the_copy),
    };
    return cmocka_run_group_tests_name("softchip.counters", tests, NULL, NULL);
}
