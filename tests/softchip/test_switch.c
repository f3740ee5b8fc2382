/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How the software chip is switched on. Each test runs in a child: the parent never calls into the library,
 * so that every child makes the first call.
 */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "chip/chip.h"
#include "esp_heap_caps.h"
#include "faults.h"
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

typedef esp_err_t (*installer)(const async_memcpy_config_t *config, async_memcpy_t *driver);

static const async_memcpy_config_t config = ASYNC_MEMCPY_DEFAULT_CONFIG();

static bool in_sram(const void *address)
{
    return (uintptr_t)address >= CHIP_SRAM_FIRST && (uintptr_t)address <= CHIP_SRAM_LAST;
}

static bool is_on(void)
{
    size_t size;
    return softchip_memory(&size) != NULL;
}

/* The install fails and logs a line with both words. */
static bool is_refused(installer install_driver, const char *word, const char *another)
{
    async_memcpy_t driver = (async_memcpy_t)&driver;
    log_capture_begin();
    esp_err_t status = install_driver(&config, &driver);
    log_capture_end();
    bool told = strstr(log_captured(), word) != NULL && strstr(log_captured(), another) != NULL;
    if (!told) {
        fprintf(stderr, "logged: %s\n", log_captured());
    }
    return status == ESP_FAIL && driver == NULL && told;
}

/* Copy and compare between blocks of this memory; the status of the copy. */
static esp_err_t try_copy(async_memcpy_t driver, char *to, char *from, size_t size)
{
    memset(from, 0x5A, size);
    memset(to, 0, size);
    esp_err_t status = esp_memcpy_blocking(driver, to, from, size, -1);
    return status == ESP_OK && memcmp(to, from, size) != 0 ? ESP_ERR_INVALID_CRC : status;
}

static esp_err_t copy_in_chip(async_memcpy_t driver)
{
    char *block = heap_caps_malloc(2000, MALLOC_CAP_DMA);
    esp_err_t status = in_sram(block) ? try_copy(driver, block, block + 1000, 1000) : ESP_ERR_NOT_FOUND;
    heap_caps_free(block);
    return status;
}

static esp_err_t copy_outside(async_memcpy_t driver)
{
    static char from[1000], to[1000];
    log_capture_begin();
    esp_err_t status = try_copy(driver, to, from, sizeof to);
    log_capture_end();
    return status;
}

/* ---- By a driver ---- */

static int stays_off(void)
{
    void *block = heap_caps_malloc(100, MALLOC_CAP_DMA);
    async_memcpy_t driver = NULL;
    CHECK(!is_on() && block != NULL && !in_sram(block));
    CHECK(esp_async_memcpy_install(&config, &driver) == ESP_OK);
    CHECK(copy_outside(driver) == ESP_OK && !in_sram(driver));
    CHECK(!is_on() && softchip_read_counters().cycles == 0);
    CHECK(esp_async_memcpy_uninstall(driver) == ESP_OK);
    heap_caps_free(block);
    return 0;
}

static void chip_is_off_until_it_is_asked_for(void **state)
{
    (void)state;
    assert_child_passes(stays_off);
}

static int goes_on(void)
{
    async_memcpy_t first = NULL, second = NULL;
    CHECK(esp_async_memcpy_install_gdma_ahb(&config, &first) == ESP_OK);
    CHECK(is_on() && copy_in_chip(first) == ESP_OK);
    CHECK(softchip_read_counters().data_cycles >= 2 * 1000 / 4 && softchip_read_counters().interrupts >= 1);
    CHECK(esp_async_memcpy_install(&config, &second) == ESP_OK);
    CHECK(copy_in_chip(second) == ESP_OK && copy_outside(second) == ESP_ERR_INVALID_ARG);
    CHECK(esp_async_memcpy_uninstall(first) == ESP_OK && esp_async_memcpy_uninstall(second) == ESP_OK);
    return 0;
}

static void first_gdma_install_switches_the_chip_on_and_is_the_default_then(void **state)
{
    (void)state;
    assert_child_passes(goes_on);
}

/* ---- By the environment ---- */

static int obeys_environment_in_heap_caps(void)
{
    setenv("ASYNC_MEMCPY_CHIP", CHIP_NAME, 1);
    void *block = heap_caps_malloc(100, MALLOC_CAP_DMA);
    CHECK(is_on() && in_sram(block));
    heap_caps_free(block);
    return 0;
}

static int obeys_environment_in_install(void)
{
    async_memcpy_t driver = NULL;
    setenv("ASYNC_MEMCPY_CHIP", CHIP_NAME, 1);
    CHECK(esp_async_memcpy_install(&config, &driver) == ESP_OK && is_on());
    CHECK(copy_in_chip(driver) == ESP_OK && copy_outside(driver) == ESP_ERR_INVALID_ARG);
    CHECK(esp_async_memcpy_uninstall(driver) == ESP_OK);
    return 0;
}

static int ignores_empty_environment(void)
{
    setenv("ASYNC_MEMCPY_CHIP", "", 1);
    return stays_off();
}

static void environment_switches_the_chip_on_at_the_first_call(void **state)
{
    (void)state;
    assert_child_passes(obeys_environment_in_heap_caps);
    assert_child_passes(obeys_environment_in_install);
    assert_child_passes(ignores_empty_environment);
}

static int refuses_unknown_chip(void)
{
    async_memcpy_t driver = NULL;
    setenv("ASYNC_MEMCPY_CHIP", "esp8266", 1);
    CHECK(is_refused(esp_async_memcpy_install, "ASYNC_MEMCPY_CHIP is \"esp8266\"", CHIP_NAME));
    CHECK(is_refused(esp_async_memcpy_install_gdma_ahb, "esp8266", CHIP_NAME));
    CHECK(!is_on());
    CHECK(esp_async_memcpy_install_threads(&config, &driver) == ESP_OK);
    CHECK(copy_outside(driver) == ESP_OK && esp_async_memcpy_uninstall(driver) == ESP_OK);
    return 0;
}

static void unknown_chip_in_the_environment_gives_no_driver(void **state)
{
    (void)state;
    assert_child_passes(refuses_unknown_chip);
}

/* ---- What can be in the way ---- */

static int refuses_taken_addresses(void)
{
    const size_t page = 4096;
    async_memcpy_t driver = NULL;
    void *wanted = (void *)(uintptr_t)(CHIP_SRAM_LAST + 1 - page);
    void *taken = mmap(wanted, page, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);
    CHECK(taken == wanted);
    for (unsigned i = 0; i < 3; i++) {
        CHECK(is_refused(esp_async_memcpy_install_gdma_ahb, "its memory cannot lie at", "lies there"));
        CHECK(!is_on());
    }
    CHECK(esp_async_memcpy_install(&config, &driver) == ESP_OK); /* threads: nobody wants a chip */
    CHECK(esp_async_memcpy_uninstall(driver) == ESP_OK);
    munmap(taken, page);
    CHECK(esp_async_memcpy_install_gdma_ahb(&config, &driver) == ESP_OK && copy_in_chip(driver) == ESP_OK);
    CHECK(esp_async_memcpy_uninstall(driver) == ESP_OK);
    return 0;
}

static void taken_addresses_give_no_driver(void **state)
{
    (void)state;
    assert_child_passes(refuses_taken_addresses);
}

static int refuses_without_a_thread(void)
{
    async_memcpy_t driver = NULL;
    faults_refuse_threads(true);
    for (unsigned i = 0; i < 3; i++) {
        CHECK(is_refused(esp_async_memcpy_install_gdma_ahb, "chip", "thread") && !is_on());
    }
    faults_refuse_threads(false);
    CHECK(esp_async_memcpy_install_gdma_ahb(&config, &driver) == ESP_OK && copy_in_chip(driver) == ESP_OK);
    CHECK(esp_async_memcpy_uninstall(driver) == ESP_OK);
    return 0;
}

static void chip_without_a_thread_gives_no_driver(void **state)
{
    (void)state;
    assert_child_passes(refuses_without_a_thread);
}

static int refuses_null(void)
{
    CHECK(esp_async_memcpy_install_gdma_ahb(&config, NULL) == ESP_ERR_INVALID_ARG);
    faults_refuse_threads(true);
    CHECK(esp_async_memcpy_install_gdma_ahb(&config, NULL) == ESP_ERR_INVALID_ARG);
    return 0;
}

static int refuses_null_without_a_chip(void)
{
    faults_refuse_threads(true);
    CHECK(esp_async_memcpy_install_gdma_ahb(&config, NULL) != ESP_OK);
    CHECK(esp_async_memcpy_install_gdma_ahb(NULL, NULL) != ESP_OK);
    return 0;
}

static void null_arguments_are_refused_with_and_without_a_chip(void **state)
{
    (void)state;
    assert_child_passes(refuses_null);
    assert_child_passes(refuses_null_without_a_chip);
}

/* ---- Several at once ---- */

static void *first_install(void *out)
{
    async_memcpy_t *driver = out;
    esp_async_memcpy_install_gdma_ahb(&config, driver);
    return NULL;
}

static int goes_on_once(void)
{
    enum { TASKS = CHIP_GDMA_PAIRS };
    pthread_t threads[TASKS];
    async_memcpy_t drivers[TASKS] = {NULL};
    for (unsigned i = 0; i < TASKS; i++) {
        CHECK(pthread_create(&threads[i], NULL, first_install, &drivers[i]) == 0);
    }
    for (unsigned i = 0; i < TASKS; i++) {
        CHECK(pthread_join(threads[i], NULL) == 0);
    }
    for (unsigned i = 0; i < TASKS; i++) {
        CHECK(drivers[i] != NULL && copy_in_chip(drivers[i]) == ESP_OK);
        CHECK(esp_async_memcpy_uninstall(drivers[i]) == ESP_OK);
    }
    return 0;
}

static void tasks_that_switch_it_on_at_once_share_one_chip(void **state)
{
    (void)state;
    for (unsigned long i = 0; i < times(20, 2); i++) {
        assert_child_passes(goes_on_once);
    }
}

int main(void)
{
    unsetenv("ASYNC_MEMCPY_CHIP");
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(chip_is_off_until_it_is_asked_for),
        cmocka_unit_test(first_gdma_install_switches_the_chip_on_and_is_the_default_then),
        cmocka_unit_test(environment_switches_the_chip_on_at_the_first_call),
        cmocka_unit_test(unknown_chip_in_the_environment_gives_no_driver),
        cmocka_unit_test(taken_addresses_give_no_driver),
        cmocka_unit_test(chip_without_a_thread_gives_no_driver),
        cmocka_unit_test(null_arguments_are_refused_with_and_without_a_chip),
        cmocka_unit_test(tasks_that_switch_it_on_at_once_share_one_chip),
    };
    return cmocka_run_group_tests_name("softchip.switch", tests, NULL, NULL);
}
