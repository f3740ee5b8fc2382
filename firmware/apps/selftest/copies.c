/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Sizes and alignments. Each byte tells where it belongs: source and destination, inside and outside the
 * window, carry different marks beside a counter, so that what was not copied, copied too far, copied from
 * elsewhere or damaged in the source is seen.
 */
#include "esp_heap_caps.h"
#include "freertos/FreeRTOS.h"
#include "selftest.h"

#define AROUND 8 /* bytes looked at on both sides of a window */

enum mark { SOURCE_INSIDE = 0x40, SOURCE_OUTSIDE = 0x00, TARGET = 0x80 };

static uint8_t marked(enum mark mark, size_t at)
{
    return (uint8_t)((unsigned)mark | ((at * 7 + (at >> 6)) & 0x3F));
}

static void paint(uint8_t *from, uint8_t *to, size_t n)
{
    for (size_t i = 0; i < n + (size_t)2 * AROUND; i++) {
        bool inside = i >= AROUND && i < n + AROUND;
        from[i] = marked(inside ? SOURCE_INSIDE : SOURCE_OUTSIDE, i);
        to[i] = marked(TARGET, i);
    }
}

static bool is_copied(const uint8_t *from, const uint8_t *to, size_t n)
{
    for (size_t i = 0; i < n + (size_t)2 * AROUND; i++) {
        bool inside = i >= AROUND && i < n + AROUND;
        if (from[i] != marked(inside ? SOURCE_INSIDE : SOURCE_OUTSIDE, i) ||
            to[i] != marked(inside ? SOURCE_INSIDE : TARGET, i)) {
            return false;
        }
    }
    return true;
}

/* from and to have AROUND bytes before and behind the window. */
static bool copy_is_exact(async_memcpy_t driver, uint8_t *from, uint8_t *to, size_t n)
{
    paint(from, to, n);
    return esp_memcpy_blocking(driver, to + AROUND, from + AROUND, n, 1000) == ESP_OK &&
           is_copied(from, to, n);
}

static void check_sizes(async_memcpy_t driver, size_t first, size_t last)
{
    uint8_t *from = buffer(last + 2 * AROUND);
    uint8_t *to = buffer(last + 2 * AROUND);
    for (size_t n = first; n <= last; n++) {
        EXPECT(copy_is_exact(driver, from, to, n));
    }
    heap_caps_free(from);
    heap_caps_free(to);
}

static void every_small_size(void)
{
    async_memcpy_t driver = install(4);
    check_sizes(driver, 1, 260);
    uninstall(driver);
}

static void sizes_around_ends_of_descriptors(void)
{
    async_memcpy_t driver = install(1);
    for (size_t nodes = 1; nodes <= 4; nodes++) {
        check_sizes(driver, nodes * 4092 - 2, nodes * 4095 + 2);
    }
    uninstall(driver);
}

/* More than the descriptors at hand cover, up to what the memory has. */
static void large_sizes_at_every_backlog(void)
{
    static const size_t sizes[] = {16384, 65535, 65536, 65537, 100001, 120000};
    for (uint32_t backlog = 1; backlog <= 32; backlog *= 2) {
        async_memcpy_t driver = install(backlog);
        for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
            check_sizes(driver, sizes[i], sizes[i]);
        }
        uninstall(driver);
    }
}

static void every_alignment_of_both_sides(void)
{
    async_memcpy_t driver = install(1);
    uint8_t *from = heap_caps_aligned_alloc(64, 256, MALLOC_CAP_DMA);
    uint8_t *to = heap_caps_aligned_alloc(64, 256, MALLOC_CAP_DMA);
    for (size_t target = 0; target < 64; target += target < 8 ? 1 : 7) {
        for (size_t source = 0; source < 64; source += source < 8 ? 1 : 7) {
            EXPECT(copy_is_exact(driver, from + source, to + target, 33));
        }
    }
    uninstall(driver);
    heap_caps_free(from);
    heap_caps_free(to);
}

static void bursts_copy_as_exactly(void)
{
    for (size_t align = 4; align <= 64; align *= 2) {
        async_memcpy_config_t config = {.sram_trans_align = align};
        async_memcpy_t driver = NULL;
        ESP_ERROR_CHECK(esp_async_memcpy_install(&config, &driver));
        uint8_t *from = buffer(9000);
        uint8_t *to = heap_caps_aligned_alloc(64, 9000, MALLOC_CAP_DMA);
        for (size_t source = 0; source < 4; source++) {
            for (size_t n = align; n <= 8192; n = n < 256 ? n + align : n * 2) {
                EXPECT(copy_is_exact(driver, from + source, to + 64 - AROUND, n));
            }
        }
        uninstall(driver);
        heap_caps_free(from);
        heap_caps_free(to);
    }
}

static void copy_in_place_changes_nothing(void)
{
    async_memcpy_t driver = install(1);
    uint8_t *bytes = buffer(1000);
    for (size_t i = 0; i < 1000; i++) {
        bytes[i] = marked(TARGET, i);
    }
    EXPECT_CODE(ESP_OK, esp_memcpy_blocking(driver, bytes + 1, bytes + 1, 998, 1000));
    for (size_t i = 0; i < 1000; i++) {
        EXPECT(bytes[i] == marked(TARGET, i));
    }
    uninstall(driver);
    heap_caps_free(bytes);
}

static void first_and_last_byte_of_memory_can_be_read(void)
{
    async_memcpy_t driver = install(1);
    uint8_t *to = buffer(4);
    EXPECT_CODE(ESP_OK, esp_memcpy_blocking(driver, to, (void *)0x40800000, 4, 1000));
    EXPECT_CODE(ESP_OK, esp_memcpy_blocking(driver, to, (void *)0x4084FFFC, 4, 1000));
    uninstall(driver);
    heap_caps_free(to);
}

void test_copies(void)
{
    TEST(every_small_size);
    TEST(sizes_around_ends_of_descriptors);
    TEST(large_sizes_at_every_backlog);
    TEST(every_alignment_of_both_sides);
    TEST(bursts_copy_as_exactly);
    TEST(copy_in_place_changes_nothing);
    TEST(first_and_last_byte_of_memory_can_be_read);
}
