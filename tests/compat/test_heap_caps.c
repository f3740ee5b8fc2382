/* SPDX-License-Identifier: Apache-2.0 */
/* esp_heap_caps.h without PSRAM: what is served, at which address, and how it is counted. */
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "child.h"
#include "esp_heap_caps.h"
#include "heap_caps_private.h"

#define DMA MALLOC_CAP_DMA

static void each_capability_of_ordinary_memory_is_served(void **state)
{
    (void)state;
    static const uint32_t caps[] = {
        MALLOC_CAP_DEFAULT, MALLOC_CAP_INTERNAL,
        MALLOC_CAP_DMA,     MALLOC_CAP_8BIT,
        MALLOC_CAP_32BIT,   MALLOC_CAP_DMA | MALLOC_CAP_INTERNAL | MALLOC_CAP_8BIT | MALLOC_CAP_32BIT,
    };
    for (size_t i = 0; i < sizeof caps / sizeof caps[0]; i++) {
        char *memory = heap_caps_malloc(100, caps[i]);
        assert_non_null(memory);
        assert_false(heap_caps_is_psram(memory));
        memset(memory, 0xa5, 100);
        heap_caps_free(memory);
    }
}

static void what_no_memory_has_is_refused(void **state)
{
    (void)state;
    static const uint32_t caps[] = {
        0,
        MALLOC_CAP_EXEC,
        MALLOC_CAP_SPIRAM, /* off */
        MALLOC_CAP_SPIRAM | MALLOC_CAP_DMA,
        MALLOC_CAP_SPIRAM | MALLOC_CAP_INTERNAL,
        MALLOC_CAP_IRAM_8BIT,
        MALLOC_CAP_RETENTION,
        MALLOC_CAP_RTCRAM,
        MALLOC_CAP_INVALID,
        MALLOC_CAP_DEFAULT | UINT32_C(1) << 20,
    };
    size_t before = heap_caps_get_free_size(DMA);
    for (size_t i = 0; i < sizeof caps / sizeof caps[0]; i++) {
        assert_null(heap_caps_malloc(16, caps[i]));
        assert_null(heap_caps_calloc(1, 16, caps[i]));
        assert_null(heap_caps_aligned_alloc(64, 16, caps[i]));
        assert_null(heap_caps_aligned_calloc(64, 1, 16, caps[i]));
    }
    assert_int_equal(heap_caps_get_free_size(DMA), before);
    assert_int_equal(heap_caps_get_free_size(MALLOC_CAP_SPIRAM), 0);
    assert_int_equal(heap_caps_get_total_size(MALLOC_CAP_SPIRAM), 0);
    assert_int_equal(heap_caps_get_free_size(MALLOC_CAP_EXEC), 0);
}

static void sizes_that_make_no_sense_are_refused(void **state)
{
    (void)state;
    size_t before = heap_caps_get_free_size(DMA);
    assert_null(heap_caps_malloc(0, DMA));
    assert_null(heap_caps_calloc(0, 8, DMA));
    assert_null(heap_caps_calloc(8, 0, DMA));
    assert_null(heap_caps_malloc(SIZE_MAX, DMA));
    assert_null(heap_caps_malloc(before + 1, DMA));
    assert_null(heap_caps_calloc(SIZE_MAX / 4 + 2, 4, DMA));
    assert_null(heap_caps_aligned_calloc(64, SIZE_MAX / 4 + 2, 4, DMA));
    assert_null(heap_caps_aligned_alloc(64, SIZE_MAX, DMA));
    assert_int_equal(heap_caps_get_free_size(DMA), before);
}

static void alignments_are_kept_and_checked(void **state)
{
    (void)state;
    for (size_t align = 1; align <= 65536; align *= 2) {
        unsigned char *plain = heap_caps_aligned_alloc(align, 33, DMA);
        unsigned char *zeroed = heap_caps_aligned_calloc(align, 11, 3, DMA);
        assert_non_null(plain);
        assert_non_null(zeroed);
        assert_int_equal((uintptr_t)plain % align, 0);
        assert_int_equal((uintptr_t)zeroed % align, 0);
        for (int i = 0; i < 33; i++) {
            assert_int_equal(zeroed[i], 0);
        }
        heap_caps_free(plain);
        heap_caps_free(zeroed);
    }
    static const size_t bad[] = {0, 3, 24, 100, SIZE_MAX};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_null(heap_caps_aligned_alloc(bad[i], 64, DMA));
        assert_null(heap_caps_aligned_calloc(bad[i], 1, 64, DMA));
    }
}

static void calloc_zeroes(void **state)
{
    (void)state;
    for (int round = 0; round < 4; round++) {
        unsigned char *memory = heap_caps_calloc(50, 7, DMA);
        assert_non_null(memory);
        for (int i = 0; i < 350; i++) {
            assert_int_equal(memory[i], 0);
        }
        memset(memory, 0xff, 350);
        heap_caps_free(memory);
    }
}

static void free_size_is_exact_to_the_byte(void **state)
{
    (void)state;
    size_t total = heap_caps_get_total_size(DMA);
    size_t expected = heap_caps_get_free_size(DMA);
    assert_true(expected <= total && total > 1024 * 1024);
    void *blocks[100];
    for (size_t i = 0; i < 100; i++) {
        size_t size = 1 + i * i;
        blocks[i] = i % 2 == 0 ? heap_caps_malloc(size, DMA) : heap_caps_aligned_alloc(64, size, DMA);
        assert_non_null(blocks[i]);
        expected -= size;
        assert_int_equal(heap_caps_get_free_size(DMA), expected);
        assert_int_equal(heap_caps_get_free_size(MALLOC_CAP_INTERNAL | MALLOC_CAP_8BIT), expected);
    }
    for (size_t i = 0; i < 100; i++) {
        heap_caps_free(blocks[(i * 37) % 100]);
        size_t given = (i * 37) % 100;
        expected += 1 + given * given;
        assert_int_equal(heap_caps_get_free_size(DMA), expected);
    }
    heap_caps_free(NULL);
    assert_int_equal(heap_caps_get_free_size(DMA), expected);
    assert_int_equal(heap_caps_get_total_size(DMA), total);
}

static void *allocate_often(void *seed_of_thread)
{
    unsigned seed = (unsigned)(uintptr_t)seed_of_thread;
    void *blocks[16] = {NULL};
    for (int i = 0; i < 2000; i++) {
        seed = seed * 1103515245U + 12345U;
        unsigned slot = seed >> 16 & 15;
        heap_caps_free(blocks[slot]);
        blocks[slot] = heap_caps_malloc(1 + (seed >> 20 & 511), DMA);
    }
    for (int i = 0; i < 16; i++) {
        heap_caps_free(blocks[i]);
    }
    return NULL;
}

static void several_threads_leave_the_count_right(void **state)
{
    (void)state;
    size_t before = heap_caps_get_free_size(DMA);
    pthread_t threads[4];
    for (uintptr_t i = 0; i < 4; i++) {
        assert_int_equal(pthread_create(&threads[i], NULL, allocate_often, (void *)(i + 1)), 0);
    }
    for (int i = 0; i < 4; i++) {
        pthread_join(threads[i], NULL);
    }
    assert_int_equal(heap_caps_get_free_size(DMA), before);
}

static int allocate_in_child(void)
{
    size_t before = heap_caps_get_free_size(DMA);
    void *memory = heap_caps_malloc(1000, DMA);
    bool exact = memory != NULL && heap_caps_get_free_size(DMA) == before - 1000;
    heap_caps_free(memory);
    return exact && heap_caps_get_free_size(DMA) == before ? 0 : 1;
}

static _Atomic bool enough;

static void *allocate_until_enough(void *unused)
{
    while (!atomic_load(&enough)) {
        allocate_often(unused);
    }
    return NULL;
}

static void it_works_in_a_child_forked_while_others_allocate(void **state)
{
    (void)state;
    atomic_store(&enough, false);
    pthread_t thread;
    assert_int_equal(pthread_create(&thread, NULL, allocate_until_enough, NULL), 0);
    for (int i = 0; i < 50; i++) {
        assert_child_passes(allocate_in_child);
    }
    atomic_store(&enough, true);
    pthread_join(thread, NULL);
}

static int free_foreign(void)
{
    static long foreign;
    heap_caps_free(&foreign);
    return 0;
}

static int free_inside(void)
{
    char *memory = heap_caps_malloc(100, DMA);
    heap_caps_free(memory + 16);
    return 0;
}

static int free_twice(void)
{
    void *memory = heap_caps_malloc(100, DMA);
    void *volatile again = memory; /* so that the compiler does not see it */
    heap_caps_free(memory);
    heap_caps_free(again);
    return 0;
}

static void what_was_not_given_out_cannot_be_given_back(void **state)
{
    (void)state;
    const char *const expected[] = {"heap_caps_free(0x", "did not give that out", NULL};
    assert_stops(free_foreign, expected);
    assert_stops(free_inside, expected);
    assert_stops(free_twice, expected);
}

static void a_block_given_to_free_is_forgotten_when_its_place_is_used_again(void **state)
{
    (void)state;
    size_t before = heap_caps_get_free_size(DMA);
    void *first = heap_caps_malloc(1000, DMA);
    uintptr_t place = (uintptr_t)first;
    free(first);
    assert_int_equal(heap_caps_get_free_size(DMA), before - 1000);
    void *second = heap_caps_malloc(1000, DMA);
    /* Sanitizers hold freed memory back, so the place may be another one. */
    size_t given = (uintptr_t)second == place ? 1000 : 2000;
    assert_int_equal(heap_caps_get_free_size(DMA), before - given);
    heap_caps_free(second);
    assert_int_equal(heap_caps_get_free_size(DMA), before - given + 1000);
}

int main(void)
{
    unsetenv("ASYNC_MEMCPY_PSRAM_KB");
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_capability_of_ordinary_memory_is_served),
        cmocka_unit_test(what_no_memory_has_is_refused),
        cmocka_unit_test(sizes_that_make_no_sense_are_refused),
        cmocka_unit_test(alignments_are_kept_and_checked),
        cmocka_unit_test(calloc_zeroes),
        cmocka_unit_test(free_size_is_exact_to_the_byte),
        cmocka_unit_test(several_threads_leave_the_count_right),
        cmocka_unit_test(it_works_in_a_child_forked_while_others_allocate),
        cmocka_unit_test(what_was_not_given_out_cannot_be_given_back),
        cmocka_unit_test(a_block_given_to_free_is_forgotten_when_its_place_is_used_again),
    };
    return cmocka_run_group_tests_name("compat: esp_heap_caps.h", tests, NULL, NULL);
}
