/* SPDX-License-Identifier: Apache-2.0 */
/* A large copy in chunks: by its owner alone, and with helpers that come at any moment. */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "copy/chunks.h"

#define HELPERS 3
#define LARGEST (((size_t)5 << 20) + 200)
#define CHUNK   ((size_t)256 << 10)
#define APART   ((size_t)1 << 20) /* no more is taken at once */

static struct chunks chunks;
static unsigned char *dst_block, *src_block;
static _Atomic bool stop;
static _Atomic unsigned long helped;

static unsigned char mark_of(size_t index, unsigned round)
{
    return (unsigned char)((index * UINT64_C(0x9E3779B97F4A7C15) + round * 77u) >> 32);
}

/* Every byte is the source's, and none beside them has changed. */
static void check_copy(const struct copy_kernel *kernel, size_t dst_offset, size_t n, unsigned round)
{
    unsigned char *dst = dst_block + dst_offset, *src = src_block + 1;
    for (size_t i = 0; i < n; i++) {
        src[i] = mark_of(i, round);
    }
    memset(dst_block, 0xEE, LARGEST + 256);
    chunks_open(&chunks, kernel, dst, src, n);
    chunks_finish(&chunks);
    size_t wrong = 0;
    for (size_t i = 0; i < dst_offset; i++) {
        wrong += dst_block[i] != 0xEE;
    }
    for (size_t i = dst_offset + n; i < LARGEST + 256; i++) {
        wrong += dst_block[i] != 0xEE;
    }
    if (memcmp(dst, src, n) != 0 || wrong != 0) {
        fail_msg("n %zu, dst %% 64 = %zu: wrong bytes, %zu of them beside the copy", n, dst_offset, wrong);
    }
}

/* Sizes around the ends of chunks, which lie where the destination's lines do. */
static void check_sizes(const struct copy_kernel *kernel)
{
    unsigned round = 0;
    for (size_t offset = 0; offset < 64; offset += 42) {
        for (size_t count = 1; count <= 20; count += 1 + count / 2) {
            for (size_t more = 0; more < 3; more++) {
                check_copy(kernel, offset, count * CHUNK - offset + more - 1, round++);
            }
            check_copy(kernel, offset, count * CHUNK + 100, round++);
        }
        check_copy(kernel, offset, 1, round++);
    }
}

static void every_byte_is_copied_by_the_owner_alone(void **state)
{
    (void)state;
    check_sizes(NULL);
    check_sizes(copy_best_kernel());
    assert_false(chunks_help(&chunks));
}

static void *help(void *argument)
{
    (void)argument;
    while (!atomic_load(&stop)) {
        if (chunks_help(&chunks)) {
            atomic_fetch_add(&helped, 1);
        }
    }
    return NULL;
}

static void every_byte_is_copied_once_with_helpers(void **state)
{
    (void)state;
    pthread_t helpers[HELPERS];
    atomic_store(&stop, false);
    for (unsigned i = 0; i < HELPERS; i++) {
        assert_int_equal(pthread_create(&helpers[i], NULL, help, NULL), 0);
    }
    check_sizes(NULL);
    check_sizes(copy_best_kernel());
    for (unsigned round = 0; round < 10000 && atomic_load(&helped) == 0; round++) {
        check_copy(copy_best_kernel(), 5, LARGEST, round);
    }
    atomic_store(&stop, true);
    for (unsigned i = 0; i < HELPERS; i++) {
        pthread_join(helpers[i], NULL);
    }
    assert_int_not_equal(atomic_load(&helped), 0);
}

static unsigned takings(uint32_t helpers, size_t count)
{
    unsigned taken = 0;
    chunks.helpers = helpers;
    chunks_open(&chunks, NULL, dst_block, src_block, count * CHUNK);
    while (chunks_help(&chunks)) {
        taken++;
    }
    chunks_finish(&chunks);
    chunks.helpers = 0;
    return taken;
}

static void many_chunks_are_taken_at_once_and_the_last_one_by_one(void **state)
{
    (void)state;
    assert_int_equal(takings(1, 3), 3);
    assert_int_equal(takings(1, 8), 1 + 6);          /* 2 */
    assert_int_equal(takings(1, 20), 2 + 1 + 1 + 7); /* 4, 4, 3, 2 */
    assert_int_equal(takings(0, 20), 4 + 1 + 2);     /* 4, 4, 4, 4, 2, 1, 1 */
    assert_int_equal(takings(15, 20), 20);
}

/* A range that is copied onto a window of the same memory at another address would show it. */
static void owner_alone_copies_upwards(void **state)
{
    (void)state;
    for (size_t i = 0; i < LARGEST; i++) {
        dst_block[i] = mark_of(i, 1);
    }
    chunks_open(&chunks, NULL, dst_block, dst_block + APART, LARGEST - APART);
    chunks_finish(&chunks);
    for (size_t i = 0; i < LARGEST - APART; i++) {
        if (dst_block[i] != mark_of(i + APART, 1)) {
            fail_msg("byte %zu was overwritten before it was read", i);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_byte_is_copied_by_the_owner_alone),
        cmocka_unit_test(every_byte_is_copied_once_with_helpers),
        cmocka_unit_test(many_chunks_are_taken_at_once_and_the_last_one_by_one),
        cmocka_unit_test(owner_alone_copies_upwards),
    };
    dst_block = aligned_alloc(64, (LARGEST + 256 + 63) & ~(size_t)63);
    src_block = malloc(LARGEST + 256);
    int failed = dst_block == NULL || src_block == NULL ? 1 : cmocka_run_group_tests(tests, NULL, NULL);
    free(dst_block);
    free(src_block);
    return failed;
}
