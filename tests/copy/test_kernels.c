/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Every kernel that this CPU has, at all alignments and at sizes around the edges of blocks. Source and
 * destination lie against pages that may not be touched, so that a byte too many faults, and inside of bytes
 * that must stay as they are.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include <cmocka.h>

#include "copy/copy.h"

#define AREA   ((size_t)64 << 10)
#define MARGIN 128

/* Memory of AREA bytes between two pages that may not be touched. */
static unsigned char *fenced_area(void)
{
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    unsigned char *block = mmap(NULL, AREA + 2 * page, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    assert_ptr_not_equal(block, MAP_FAILED);
    assert_int_equal(mprotect(block + page, AREA, PROT_READ | PROT_WRITE), 0);
    return block + page;
}

static void free_area(unsigned char *area)
{
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    munmap(area - page, AREA + 2 * page);
}

static unsigned char mark_of(size_t index)
{
    return (unsigned char)(index * 131 + index / 251 + 7);
}

/* Copy n bytes, and see that they came, and that nothing beside them changed. */
static void check_copy(const struct copy_kernel *kernel, unsigned char *dst, unsigned char *src, size_t n,
                       size_t before, size_t after)
{
    for (size_t i = 0; i < n; i++) {
        src[i] = mark_of(i);
    }
    memset(dst - before, 0xEE, before + n + after);
    copy_with(kernel, dst, src, n);
    for (size_t i = 0; i < n; i++) {
        if (dst[i] != mark_of(i) || src[i] != mark_of(i)) {
            fail_msg("%s: n %zu, dst %% 64 = %zu: byte %zu is wrong", kernel->name, n,
                     (size_t)((uintptr_t)dst % 64), i);
        }
    }
    for (size_t i = 0; i < before; i++) {
        assert_int_equal(dst[-1 - (ptrdiff_t)i], 0xEE);
    }
    for (size_t i = 0; i < after; i++) {
        assert_int_equal(dst[n + i], 0xEE);
    }
}

static unsigned for_each_kernel(void (*check)(const struct copy_kernel *kernel))
{
    unsigned checked = 0;
    for (const struct copy_kernel *kernel = copy_kernels; kernel->name != NULL; kernel++) {
        if (kernel->usable()) {
            check(kernel);
            checked++;
        } else {
            print_message("this CPU has no %s\n", kernel->name);
        }
    }
    if (checked == 0) {
        skip();
    }
    return checked;
}

static void check_alignments(const struct copy_kernel *kernel)
{
    unsigned char *dst = fenced_area(), *src = fenced_area();
    for (size_t to = 0; to < COPY_BLOCK; to++) {
        for (size_t from = 0; from < COPY_BLOCK; from++) {
            check_copy(kernel, dst + MARGIN + to, src + from, 5 * COPY_BLOCK + (to * from) % 64, MARGIN,
                       MARGIN);
        }
    }
    free_area(src);
    free_area(dst);
}

static void every_alignment_of_both_sides_is_copied(void **state)
{
    (void)state;
    for_each_kernel(check_alignments);
}

static void check_sizes(const struct copy_kernel *kernel)
{
    unsigned char *dst = fenced_area(), *src = fenced_area();
    const size_t offsets[] = {0, 1, 31, 32, 63};
    for (size_t i = 0; i < sizeof offsets / sizeof *offsets; i++) {
        for (size_t n = 1; n <= 6 * COPY_BLOCK + 1; n++) {
            check_copy(kernel, dst + MARGIN + offsets[i], src + offsets[4 - i], n, MARGIN, MARGIN);
        }
        for (size_t n = 4096 - 65; n <= 4096 + 65; n++) {
            check_copy(kernel, dst + MARGIN + offsets[i], src + offsets[4 - i], n, MARGIN, MARGIN);
        }
    }
    free_area(src);
    free_area(dst);
}

static void sizes_around_the_edges_of_blocks_are_copied(void **state)
{
    (void)state;
    for_each_kernel(check_sizes);
}

/* From the first byte of the memory that there is, and up to its last. */
static void check_fences(const struct copy_kernel *kernel)
{
    unsigned char *dst = fenced_area(), *src = fenced_area();
    for (size_t n = 1; n <= 4 * COPY_BLOCK + 1; n++) {
        check_copy(kernel, dst + AREA - n, src + AREA - n, n, MARGIN, 0);
        check_copy(kernel, dst, src, n, 0, MARGIN);
        check_copy(kernel, dst + AREA - n, src, n, MARGIN, 0);
        check_copy(kernel, dst, src + AREA - n, n, 0, MARGIN);
    }
    check_copy(kernel, dst, src, AREA, 0, 0);
    check_copy(kernel, dst + 1, src, AREA - 1, 1, 0);
    check_copy(kernel, dst, src + 1, AREA - 1, 0, 1);
    free_area(src);
    free_area(dst);
}

static void nothing_beyond_source_and_destination_is_touched(void **state)
{
    (void)state;
    for_each_kernel(check_fences);
}

static void large_and_small_copies_come_out_alike(void **state)
{
    (void)state;
    const size_t sizes[] = {1, 4096, ((size_t)1 << 20) - 1, (size_t)1 << 20, ((size_t)3 << 20) + 17};
    static unsigned char dst[((size_t)3 << 20) + 64], src[sizeof dst];
    for (size_t i = 0; i < sizeof src; i++) {
        src[i] = mark_of(i);
    }
    const struct copy_kernel *ways[] = {copy_best_kernel(), NULL};
    for (size_t way = 0; way < 2; way++) {
        for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
            memset(dst, 0xEE, sizeof dst);
            copy_bytes(ways[way], dst + 5, src + 3, sizes[i]);
            assert_memory_equal(dst + 5, src + 3, sizes[i]);
            assert_int_equal(dst[4], 0xEE);
            assert_int_equal(dst[5 + sizes[i]], 0xEE);
        }
    }
}

static void best_kernel_is_the_first_usable_one(void **state)
{
    (void)state;
    const struct copy_kernel *best = copy_best_kernel();
    for (const struct copy_kernel *kernel = copy_kernels; kernel->name != NULL && kernel != best; kernel++) {
        assert_false(kernel->usable());
    }
    assert_true(best == NULL || best->usable());
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_alignment_of_both_sides_is_copied),
        cmocka_unit_test(sizes_around_the_edges_of_blocks_are_copied),
        cmocka_unit_test(nothing_beyond_source_and_destination_is_touched),
        cmocka_unit_test(large_and_small_copies_come_out_alike),
        cmocka_unit_test(best_kernel_is_the_first_usable_one),
    };
    return cmocka_run_group_tests_name("copy_kernels", tests, NULL, NULL);
}
