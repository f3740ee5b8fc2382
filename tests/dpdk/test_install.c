/* SPDX-License-Identifier: Apache-2.0 */
/* Which device a driver gets, and what it does with one that it cannot have. */
#include <dirent.h>
#include <errno.h>
#include <rte_dmadev.h>
#include <stdio.h>
#include <string.h>

#include "esp_async_memcpy_dpdk.h"
#include "hardware.h"
#include "scene.h"

static const async_memcpy_config_t config = ASYNC_MEMCPY_DEFAULT_CONFIG();
static void *const not_null = &(char){0};

static async_memcpy_t install_on(const char *device)
{
    async_memcpy_t driver = NULL;
    assert_ok(esp_async_memcpy_install_dpdk(&config, device, &driver));
    return driver;
}

#define assert_no_driver(device, code, ...)                                                                  \
    do {                                                                                                     \
        async_memcpy_t driver_ = not_null;                                                                   \
        assert_refused(esp_async_memcpy_install_dpdk(&config, device, &driver_), code, __VA_ARGS__);         \
        assert_null(driver_);                                                                                \
    } while (0)

/* dma_skeleton0 is hardware from here on; dma_skeleton1 is what it is. */
static int set_up(void **state)
{
    (void)state;
    async_memcpy_t driver = NULL;
    hardware_reset();
    assert_ok(hardware_install(&config, &driver));
    uninstall(driver);
    return 0;
}

static int reset(void **state)
{
    (void)state;
    hardware_reset();
    return 0;
}

static void device_is_found_by_its_name(void **state)
{
    (void)state;
    struct areas areas;
    areas_open(&areas, 1000);
    async_memcpy_t driver = install_on("dma_skeleton1");
    copy_and_check(driver, &areas, 0, 0, 1000);
    uninstall(driver);
    assert_int_equal(atomic_load(&hardware_seen.copies), 0);
    driver = install_on("dma_skeleton0");
    copy_and_check(driver, &areas, 0, 0, 1000);
    uninstall(driver);
    assert_int_equal(atomic_load(&hardware_seen.copies), 1);
    areas_close(&areas);
}

static void unknown_name_is_not_found_and_the_log_has_the_others(void **state)
{
    (void)state;
    assert_no_driver("dma_skeleton7", ESP_ERR_NOT_FOUND, "'dma_skeleton7'", "dma_skeleton0, dma_skeleton1");
    assert_no_driver("dma_skeleton", ESP_ERR_NOT_FOUND, "dma_skeleton0, dma_skeleton1");
}

static void device_belongs_to_one_driver(void **state)
{
    (void)state;
    async_memcpy_t first = install_on("dma_skeleton0");
    async_memcpy_t second = install_on("dma_skeleton1");
    async_memcpy_t third = install_on(NULL);
    assert_no_driver("dma_skeleton0", ESP_FAIL, "dma_skeleton0 is in use");
    assert_no_driver("dma_skeleton2", ESP_FAIL, "dma_skeleton2 is in use");
    assert_no_driver(NULL, ESP_FAIL, "no device of DPDK's is free");
    uninstall(second);
    second = install_on(NULL);
    assert_no_driver("dma_skeleton1", ESP_FAIL, "dma_skeleton1 is in use");
    uninstall(third);
    uninstall(second);
    uninstall(first);
}

/* Its program uses it: no driver gets it unasked, nor asked, until it is stopped. */
static void device_of_the_programs_own_is_left_alone(void **state)
{
    (void)state;
    struct rte_dma_conf conf = {.nb_vchans = 1};
    struct rte_dma_vchan_conf channel = {.direction = RTE_DMA_DIR_MEM_TO_MEM, .nb_desc = 64};
    int16_t id = (int16_t)rte_dma_get_dev_id_by_name("dma_skeleton2");
    hardware_plan.is_software = true;
    async_memcpy_t others[2] = {install_on("dma_skeleton0"), install_on("dma_skeleton1")};
    assert_int_equal(rte_dma_configure(id, &conf), 0);
    assert_no_driver(NULL, ESP_FAIL, "no device of DPDK's is free");
    assert_int_equal(rte_dma_vchan_setup(id, 0, &channel), 0);
    assert_int_equal(rte_dma_start(id), 0);
    assert_no_driver(NULL, ESP_FAIL, "no device of DPDK's is free");
    assert_no_driver("dma_skeleton2", ESP_FAIL, "dma_skeleton2 cannot be started (Device or resource busy)");
    assert_int_equal(rte_dma_stop(id), 0);
    uninstall(install_on("dma_skeleton2"));
    uninstall(install_on(NULL)); /* and now it was a driver's */
    uninstall(others[0]);
    uninstall(others[1]);
}

static void device_that_does_not_copy_is_not_supported(void **state)
{
    (void)state;
    async_memcpy_t others[2] = {install_on("dma_skeleton1"), install_on("dma_skeleton2")};
    const uint64_t lacks[] = {RTE_DMA_CAPA_MEM_TO_MEM, RTE_DMA_CAPA_OPS_COPY};
    for (size_t i = 0; i < 2; i++) {
        hardware_plan.lacks = lacks[i];
        assert_no_driver("dma_skeleton0", ESP_ERR_NOT_SUPPORTED, "does not copy from memory to memory");
        assert_no_driver(NULL, ESP_FAIL, "no device of DPDK's is free");
    }
    hardware_plan.lacks = 0;
    uninstall(install_on("dma_skeleton0"));
    uninstall(others[0]);
    uninstall(others[1]);
}

static void device_that_cannot_be_started_is_given_back(void **state)
{
    (void)state;
    static const struct {
        int *planned;
        int error;
        esp_err_t code;
        const char *reason;
    } faults[] = {
        {&hardware_plan.configure, -EINVAL, ESP_FAIL, "(Invalid argument)"},
        {&hardware_plan.setup, -ENOMEM, ESP_ERR_NO_MEM, "(Cannot allocate memory)"},
        {&hardware_plan.setup, -EINVAL, ESP_FAIL, "(Invalid argument)"},
        {&hardware_plan.start, -EIO, ESP_FAIL, "(Input/output error)"},
    };
    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) {
        for (unsigned tries = 0; tries < 3; tries++) {
            *faults[i].planned = faults[i].error;
            assert_no_driver("dma_skeleton0", faults[i].code, "install: dma_skeleton0 cannot be started",
                             faults[i].reason);
        }
        *faults[i].planned = 0;
        uninstall(install_on("dma_skeleton0"));
        assert_int_equal(atomic_load(&hardware_seen.misuses), 0);
    }
}

/* After an uninstall that could not stop it, nobody gets it unasked. */
static void device_that_cannot_be_stopped_is_not_free(void **state)
{
    (void)state;
    async_memcpy_t driver = install_on("dma_skeleton0");
    hardware_plan.stop = -EBUSY;
    uninstall(driver);
    hardware_plan.stop = 0;
    assert_no_driver("dma_skeleton0", ESP_FAIL, "dma_skeleton0 cannot be started (Device or resource busy)");
    async_memcpy_t others[2] = {install_on(NULL), install_on(NULL)};
    assert_no_driver(NULL, ESP_FAIL, "no device of DPDK's is free");
    hardware_reset(); /* it can be, after all */
    uninstall(install_on("dma_skeleton0"));
    uninstall(install_on(NULL));
    uninstall(others[0]);
    uninstall(others[1]);
}

/* Devices have queues of other lengths, and some of a power of two only. */
static void queue_is_of_a_length_that_the_device_allows(void **state)
{
    (void)state;
    static const struct {
        uint16_t min, max, places;
    } limits[] = {{1, 8192, 128}, {32, 128, 128}, {64, 4096, 128}, {200, 1000, 256}, {1024, 1024, 1024},
                  {1, 100, 64},   {1, 64, 64},    {16, 31, 16},    {1, 1, 1},        {32768, 65535, 32768}};
    struct areas areas;
    areas_open(&areas, 5000000);
    for (size_t i = 0; i < sizeof limits / sizeof *limits; i++) {
        hardware_plan.min_desc = limits[i].min;
        hardware_plan.max_desc = limits[i].max;
        async_memcpy_t driver = install_on("dma_skeleton0");
        assert_int_equal(atomic_load(&hardware_seen.places), limits[i].places);
        copy_and_check(driver, &areas, 3, 5, 4900000);
        assert_in_range(atomic_load(&hardware_seen.most), 1, 64);
        uninstall(driver);
    }
    areas_close(&areas);
}

/* ---- Idle ---- */

static unsigned threads_named(const char *name)
{
    DIR *dir = opendir("/proc/self/task");
    unsigned threads = 0;
    assert_non_null(dir);
    for (struct dirent *entry; (entry = readdir(dir)) != NULL;) {
        char path[300], line[40] = "";
        snprintf(path, sizeof path, "/proc/self/task/%s/comm", entry->d_name);
        FILE *file = fopen(path, "r");
        if (file != NULL) {
            threads += fgets(line, sizeof line, file) != NULL && strncmp(line, name, strlen(name)) == 0;
            fclose(file);
        }
    }
    closedir(dir);
    return threads;
}

static bool comes_to(unsigned threads)
{
    for (unsigned look = 0; look < 5000 && threads_named("dma_skel") != threads; look++) {
        sleep_ms(1);
    }
    return threads_named("dma_skel") == threads;
}

/* The thread that plays the device is there while there are copies, and not much longer. */
static void device_in_software_is_stopped_when_idle_and_started_by_the_next_copy(void **state)
{
    (void)state;
    struct areas areas;
    areas_open(&areas, 1000);
    hardware_plan.is_software = true;
    async_memcpy_t driver = install_on("dma_skeleton1");
    for (unsigned i = 0; i < 20; i++) {
        assert_true(comes_to(0));
        assert_int_equal(atomic_load(&hardware_seen.stops), i + 1);
        copy_and_check(driver, &areas, 0, 0, 1000);
        assert_int_equal(atomic_load(&hardware_seen.starts), i + 2);
    }
    uninstall(driver);
    assert_true(comes_to(0));
    areas_close(&areas);
}

static void hardware_runs_on_when_idle(void **state)
{
    (void)state;
    struct areas areas;
    areas_open(&areas, 1000);
    async_memcpy_t driver = install_on("dma_skeleton0");
    for (unsigned i = 0; i < 3; i++) {
        copy_and_check(driver, &areas, 0, 0, 1000);
        sleep_ms(50);
    }
    assert_int_equal(atomic_load(&hardware_seen.starts), 1);
    assert_int_equal(atomic_load(&hardware_seen.stops), 0);
    uninstall(driver);
    assert_int_equal(atomic_load(&hardware_seen.stops), 1);
    areas_close(&areas);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(device_of_the_programs_own_is_left_alone,
                               reset), /* first: dma_skeleton2 is fresh */
        cmocka_unit_test_setup(device_is_found_by_its_name, reset),
        cmocka_unit_test_setup(unknown_name_is_not_found_and_the_log_has_the_others, reset),
        cmocka_unit_test_setup(device_belongs_to_one_driver, reset),
        cmocka_unit_test_setup(device_that_does_not_copy_is_not_supported, reset),
        cmocka_unit_test_setup(device_that_cannot_be_started_is_given_back, reset),
        cmocka_unit_test_setup(device_that_cannot_be_stopped_is_not_free, reset),
        cmocka_unit_test_setup(queue_is_of_a_length_that_the_device_allows, reset),
        cmocka_unit_test_setup(device_in_software_is_stopped_when_idle_and_started_by_the_next_copy, reset),
        cmocka_unit_test_setup(hardware_runs_on_when_idle, reset),
    };
    return cmocka_run_group_tests(tests, set_up, NULL);
}
