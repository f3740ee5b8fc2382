/* SPDX-License-Identifier: Apache-2.0 */
/* fork() beside a software chip (drivers in a child: the contract suite). */
#include <stdio.h>
#include <string.h>

#include "chip/chip.h"
#include "esp_heap_caps.h"
#include "freertos/FreeRTOS.h"
#include "scene.h"
#include "softchip.h"
#include "tests/compat/child.h"

#define CHECK(condition)                                                                                     \
    do {                                                                                                     \
        if (!(condition)) {                                                                                  \
            fprintf(stderr, "line %d: %s\n", __LINE__, #condition);                                          \
            return 1;                                                                                        \
        }                                                                                                    \
    } while (0)

static async_memcpy_t drivers[CHIP_GDMA_PAIRS];
static char *block; /* 2000 bytes of the chip's memory */

static int run_child_on_its_own_chip(void)
{
    const async_memcpy_config_t config = ASYNC_MEMCPY_DEFAULT_CONFIG();
    async_memcpy_t own = NULL;
    size_t size;
    CHECK(softchip_memory(&size) == NULL && softchip_read_counters().cycles == 0);
    CHECK(esp_async_memcpy_uninstall(drivers[0]) == ESP_OK);
    CHECK(esp_async_memcpy_install_gdma_ahb(&config, &own) == ESP_OK);
    CHECK(softchip_memory(&size) != NULL);
    memset(block, 0x33, 1000);
    for (unsigned i = 0; i < 50; i++) {
        memset(block + 1000, 0, 1000);
        CHECK(esp_memcpy_blocking(own, block + 1000, block, 1000, 10000) == ESP_OK);
        CHECK(memcmp(block, block + 1000, 1000) == 0);
    }
    CHECK(esp_async_memcpy_uninstall(drivers[1]) == ESP_OK);
    CHECK(esp_memcpy_blocking(own, block + 1000, block, 1000, 10000) == ESP_OK);
    CHECK(esp_async_memcpy_uninstall(own) == ESP_OK);
    heap_caps_free(block);
    return 0;
}

/* With the chip at work, or standing still, when the fork comes. */
static void child_has_a_fresh_chip_and_the_parents_goes_on(void **state)
{
    (void)state;
#ifdef __SANITIZE_THREAD__
    print_message("ThreadSanitizer does not allow a forked child to create threads\n");
    skip();
#endif
    struct areas areas[CHIP_GDMA_PAIRS];

    for (unsigned i = 0; i < CHIP_GDMA_PAIRS; i++) {
        drivers[i] = install(2);
        areas_open(&areas[i], 30000);
    }
    block = heap_caps_calloc(1, 2000, MALLOC_CAP_DMA); /* the chip is on by now */
    /* Its thread is up and running when this ends: AddressSanitizer's allocator, which that thread uses as it
     * begins, stays locked in a child that is forked meanwhile. */
    assert_ok(esp_memcpy_blocking(drivers[0], block + 1000, block, 1000, 20000));
    for (unsigned round = 0; round < 10; round++) {
        for (unsigned i = 0; i < CHIP_GDMA_PAIRS; i++) {
            areas_prepare(&areas[i], round, i, 30000);
            assert_ok(submit(drivers[i], &areas[i], NULL));
        }
        softchip_pause(round % 2 != 0);
        assert_child_passes(run_child_on_its_own_chip);
        softchip_pause(false);
        for (unsigned i = 0; i < CHIP_GDMA_PAIRS; i++) {
            assert_ok(esp_async_memcpy_wait(drivers[i], 20000));
            areas_check(&areas[i]);
        }
        assert_int_equal(block[0], 0);
    }
    for (unsigned i = 0; i < CHIP_GDMA_PAIRS; i++) {
        areas_close(&areas[i]);
        uninstall(drivers[i]);
    }
    heap_caps_free(block);
}

static int leave_critical_section(void)
{
    static portMUX_TYPE mux = portMUX_INITIALIZER_UNLOCKED;
    portENTER_CRITICAL(&mux);
    portEXIT_CRITICAL(&mux);
    return 0;
}

static void child_can_enter_critical_sections_without_a_chip(void **state)
{
    (void)state;
    async_memcpy_t driver = install(2);
    struct areas areas;
    areas_open(&areas, 20000);
    for (unsigned i = 0; i < 20; i++) {
        assert_ok(esp_async_memcpy_timed(driver, areas.oracle.dst, areas.oracle.src, 20000, NULL, NULL, -1));
        assert_child_passes(leave_critical_section);
    }
    assert_ok(esp_async_memcpy_wait(driver, -1));
    areas_check(&areas);
    areas_close(&areas);
    uninstall(driver);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(child_has_a_fresh_chip_and_the_parents_goes_on),
        cmocka_unit_test(child_can_enter_critical_sections_without_a_chip),
    };
    return cmocka_run_group_tests_name("softchip.fork", tests, NULL, NULL);
}
