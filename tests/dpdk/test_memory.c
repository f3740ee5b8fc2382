/* SPDX-License-Identifier: Apache-2.0 */
/* A device that does not share the process's addresses: which memory it reaches, and where it finds it. */
#define _GNU_SOURCE
#include <rte_malloc.h>
#include <rte_memory.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "hardware.h"
#include "scene.h"

static async_memcpy_t install_apart(void)
{
    async_memcpy_config_t config = {.backlog = 8};
    async_memcpy_t driver = NULL;
    hardware_reset();
    hardware_plan.lacks = RTE_DMA_CAPA_SVA;
    assert_ok(hardware_install(&config, &driver));
    return driver;
}

static void memory_that_dpdk_gave_is_reached(void **state)
{
    (void)state;
    const size_t size = 200000;
    async_memcpy_t driver = install_apart();
    unsigned char *dst = rte_zmalloc(NULL, size, 64);
    unsigned char *src = rte_zmalloc(NULL, size, 64);
    assert_non_null(dst);
    assert_non_null(src);
    for (size_t n = 1; n < size; n = n * 3 + 1) {
        struct oracle oracle = {
            .dst = dst + 100, .src = src + 101, .n = n - n / 1000, .guard = 64, .seed = (uint32_t)n};
        char message[200];
        oracle_prepare(&oracle);
        assert_ok(esp_memcpy_blocking(driver, oracle.dst, oracle.src, oracle.n, -1));
        assert_int_equal(oracle_check(&oracle, message, sizeof message), ORACLE_GOOD);
    }
    rte_free(dst);
    rte_free(src);
    uninstall(driver);
}

static void assert_unknown(async_memcpy_t driver, void *dst, void *src, size_t n)
{
    assert_refused(esp_async_memcpy(driver, dst, src, n, NULL, NULL), ESP_ERR_INVALID_ARG,
                   "engine dpdk does not reach that", "rte_malloc()", "rte_extmem_register()");
}

static void other_memory_is_refused_and_its_remedy_named(void **state)
{
    (void)state;
    static char ours[100];
    async_memcpy_t driver = install_apart();
    char *known = rte_zmalloc(NULL, 100, 64);
    char *heap = malloc(100);
    char local[100];
    assert_unknown(driver, heap, known, 100);
    assert_unknown(driver, known, heap, 100);
    assert_unknown(driver, known, local, 100);
    assert_unknown(driver, ours, known, 1);
    assert_unknown(driver, known, known + 50, (size_t)1 << 40);
    assert_unknown(driver, known, known + 50, SIZE_MAX);
    assert_ok(esp_memcpy_blocking(driver, known, known + 50, 50, -1));
    assert_int_equal(atomic_load(&hardware_seen.copies), 1);
    rte_free(known);
    free(heap);
    uninstall(driver);
}

/* ---- Memory of the program's own, which the device finds elsewhere, page by page ---- */

#define PAGE  4096
#define PAGES 64

/* What the program names, and where the device is told to look: no two pages follow each other there. */
struct scattered {
    unsigned char *named;
    unsigned char *real;
    rte_iova_t places[PAGES];
};

static unsigned char *map(int access)
{
    void *memory = mmap(NULL, PAGE * PAGES, access, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    assert_ptr_not_equal(memory, MAP_FAILED);
    return memory;
}

static void scatter(struct scattered *memory)
{
    memory->named = map(PROT_NONE);
    memory->real = map(PROT_READ | PROT_WRITE);
    for (size_t i = 0; i < PAGES; i++) {
        memory->places[i] = (uintptr_t)memory->real + i * 37 % PAGES * PAGE;
    }
    assert_int_equal(rte_extmem_register(memory->named, PAGE * PAGES, memory->places, PAGES, PAGE), 0);
}

static void gather(struct scattered *memory)
{
    assert_int_equal(rte_extmem_unregister(memory->named, PAGE * PAGES), 0);
    munmap(memory->named, PAGE * PAGES);
    munmap(memory->real, PAGE * PAGES);
}

static unsigned char *byte_of(const struct scattered *memory, size_t place)
{
    return (unsigned char *)(uintptr_t)memory->places[place / PAGE] + place % PAGE;
}

static void check_window(async_memcpy_t driver, struct scattered *memory, size_t dst, size_t src, size_t n)
{
    for (size_t i = 0; i < PAGE * PAGES; i++) {
        *byte_of(memory, i) = (unsigned char)((i + n) * UINT64_C(0x9E3779B97F4A7C15) >> 32);
    }
    assert_ok(esp_memcpy_blocking(driver, memory->named + dst, memory->named + src, n, -1));
    for (size_t i = 0; i < PAGE * PAGES; i++) {
        size_t from = i - dst < n ? i - dst + src : i;
        assert_int_equal(*byte_of(memory, i),
                         (unsigned char)((from + n) * UINT64_C(0x9E3779B97F4A7C15) >> 32));
    }
}

static void copies_follow_the_addresses_of_the_device(void **state)
{
    (void)state;
    struct scattered memory;
    async_memcpy_t driver = install_apart();
    scatter(&memory);
    check_window(driver, &memory, 0, 20 * PAGE, PAGE);
    check_window(driver, &memory, 0, 20 * PAGE, 20 * PAGE);
    check_window(driver, &memory, 5, 20 * PAGE + 4000, 12 * PAGE + 77);
    check_window(driver, &memory, 40 * PAGE - 1, 3, 20 * PAGE);
    check_window(driver, &memory, PAGE * PAGES - 1, 0, 1);
    check_window(driver, &memory, PAGE * PAGES / 2, 0, PAGE * PAGES / 2);
    assert_in_range(atomic_load(&hardware_seen.longest), 1, PAGE);
    assert_unknown(driver, memory.named, memory.real, 10);
    assert_unknown(driver, memory.named + PAGE * PAGES - 5, memory.named, 6);
    assert_unknown(driver, memory.named, memory.named - 1, 1);
    assert_unknown(driver, memory.named + 10, memory.named + 10, PAGE * PAGES - 9);
    gather(&memory);
    assert_unknown(driver, memory.named, memory.named + 100, 10);
    uninstall(driver);
}

/* A page of the middle that has no address: told by the copy's result, as only both ends are looked at
 * before. */
static void page_without_an_address_fails_the_copy(void **state)
{
    (void)state;
    struct scattered memory;
    struct record record = {.calls = 0};
    async_memcpy_t driver = install_apart();
    memory.named = map(PROT_NONE);
    memory.real = map(PROT_READ | PROT_WRITE);
    for (size_t i = 0; i < PAGES; i++) {
        memory.places[i] = i == 11 ? RTE_BAD_IOVA : (uintptr_t)memory.real + i * PAGE;
    }
    assert_int_equal(rte_extmem_register(memory.named, PAGE * PAGES, memory.places, PAGES, PAGE), 0);
    assert_ok(esp_async_memcpy(driver, memory.named, memory.named + PAGE * 30, PAGE * 20, record_completion,
                               &record));
    assert_ok(esp_async_memcpy(driver, memory.named, memory.named + PAGE * 30, PAGE * 5, NULL, NULL));
    assert_code(esp_async_memcpy_wait(driver, -1), ESP_ERR_INVALID_ARG);
    assert_code(record.result.status, ESP_ERR_INVALID_ARG);
    assert_ok(esp_async_memcpy_wait(driver, -1));
    assert_unknown(driver, memory.named + 11 * PAGE, memory.named, 1);
    gather(&memory);
    uninstall(driver);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(memory_that_dpdk_gave_is_reached),
        cmocka_unit_test(other_memory_is_refused_and_its_remedy_named),
        cmocka_unit_test(copies_follow_the_addresses_of_the_device),
        cmocka_unit_test(page_without_an_address_fails_the_copy),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
