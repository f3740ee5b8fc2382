/* SPDX-License-Identifier: Apache-2.0 */
/* A copy beyond 4 GiB, out of little memory: one small file mapped again and again. */
#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "group.h"

#define HUGE     ((UINT64_C(1) << 32) + 12345)
#define SRC_AT   3
#define DST_AT   5
#define SRC_FILE (size_t)(2 << 20)
#define DST_FILE                                                                                             \
    (size_t)((2 << 20) + (3 << 12)) /* another period than the source's: no two laps are alike               \
                                     */

/* HUGE bytes and more of addresses, behind which lies one file, over and over. */
static unsigned char *map_laps(size_t file_size, size_t *mapped)
{
    int file = memfd_create("laps", 0);
    assert_true(file >= 0);
    assert_int_equal(ftruncate(file, (off_t)file_size), 0);
    size_t laps = (HUGE + 4096) / file_size + 1;
    *mapped = laps * file_size;
    unsigned char *base = mmap(NULL, *mapped, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    assert_ptr_not_equal(base, MAP_FAILED);
    for (size_t lap = 0; lap < laps; lap++) {
        void *place = base + lap * file_size;
        assert_ptr_equal(mmap(place, file_size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, file, 0),
                         place);
    }
    close(file);
    return base;
}

/* The byte at this place of the source's file. */
static unsigned char src_byte(uint64_t place)
{
    return (unsigned char)(place % SRC_FILE * UINT64_C(0x9E3779B97F4A7C15) >> 56);
}

/* What the last lap, or the one before it, has left in the destination's file. */
static unsigned char wanted_byte(size_t place)
{
    uint64_t end = DST_AT + HUGE;
    uint64_t lap = (end - 1 - place) / DST_FILE;
    return src_byte(lap * DST_FILE + place - DST_AT + SRC_AT);
}

static async_memcpy_t install_hinted(uint32_t flags)
{
    async_memcpy_config_t config = {.backlog = 1, .flags = flags};
    async_memcpy_t driver = NULL;
    assert_ok(row.install(&config, &driver));
    return driver;
}

static void skip_if_out_of_reach(void)
{
    if (!row.reaches_all || is_quick()) {
        print_message("run without sanitizers only, and on engines that reach all memory\n");
        skip();
    }
}

/* By one thread or device, which copies upwards, so that the last lap of each place is known. */
static void copy_beyond_4_gib_is_copied_exactly(void **state)
{
    (void)state;
    skip_if_out_of_reach();
    size_t dst_mapped, src_mapped;
    unsigned char *dst = map_laps(DST_FILE, &dst_mapped);
    unsigned char *src = map_laps(SRC_FILE, &src_mapped);
    struct record record = {.calls = 0};
    async_memcpy_t driver = install_hinted(ASYNC_MEMCPY_FLAG_NEVER_ON_CALLER);
    for (size_t i = 0; i < SRC_FILE; i++) {
        src[i] = src_byte(i);
    }
    assert_ok(esp_async_memcpy(driver, dst + DST_AT, src + SRC_AT, HUGE, record_completion, &record));
    assert_ok(esp_async_memcpy_wait(driver, -1));
    assert_int_equal(record.result.size, HUGE);
    size_t wrong = 0;
    for (size_t i = 0; i < DST_FILE; i++) {
        wrong += dst[i] != wanted_byte(i);
    }
    assert_int_equal(wrong, 0);
    uninstall(driver);
    assert_int_equal(munmap(dst, dst_mapped), 0);
    assert_int_equal(munmap(src, src_mapped), 0);
}

/* Chunks of it in any order, so all laps leave the same. */
static void copy_beyond_4_gib_may_be_helped_with(void **state)
{
    (void)state;
    skip_if_out_of_reach();
    size_t dst_mapped, src_mapped;
    unsigned char *dst = map_laps(SRC_FILE, &dst_mapped);
    unsigned char *src = map_laps(SRC_FILE, &src_mapped);
    async_memcpy_t driver = install_hinted(0);
    for (size_t i = 0; i < SRC_FILE; i++) {
        src[i] = src_byte(i);
    }
    assert_ok(esp_memcpy_blocking(driver, dst + SRC_AT, src + SRC_AT, HUGE, -1));
    assert_int_equal(memcmp(dst, src, SRC_FILE), 0);
    memset(dst, 0, SRC_FILE);
    assert_ok(esp_memcpy_blocking(driver, dst + SRC_AT, src + SRC_AT, HUGE % SRC_FILE, -1));
    assert_int_equal(memcmp(dst + SRC_AT, src + SRC_AT, HUGE % SRC_FILE), 0);
    assert_int_equal(dst[SRC_AT + HUGE % SRC_FILE], 0); /* one as large as a size cut to 32 bits looks so */
    uninstall(driver);
    assert_int_equal(munmap(dst, dst_mapped), 0);
    assert_int_equal(munmap(src, src_mapped), 0);
}

GROUP(huge, cmocka_unit_test(copy_beyond_4_gib_is_copied_exactly),
      cmocka_unit_test(copy_beyond_4_gib_may_be_helped_with));
