/* SPDX-License-Identifier: Apache-2.0 */
/* esp_heap_caps.h with PSRAM: ASYNC_MEMCPY_PSRAM_KB, the arena behind it, and its exact count. */
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "child.h"
#include "esp_heap_caps.h"
#include "heap_caps_private.h"

#define PSRAM    MALLOC_CAP_SPIRAM
#define SIZE_KB  256
#define SIZE     ((size_t)SIZE_KB * 1024)
#define SIZE_TXT "256"

/* ---- The environment: read once per process, so each of these is a process ---- */

static int psram_of(const char *text, size_t expected)
{
    setenv("ASYNC_MEMCPY_PSRAM_KB", text, 1);
    return heap_caps_get_total_size(PSRAM) == expected && heap_caps_get_free_size(PSRAM) == expected ? 0 : 1;
}

static int one_kilobyte(void)
{
    return psram_of("1", 1024);
}

static int nothing(void)
{
    return psram_of("0", 0);
}

static int empty(void)
{
    return psram_of("", 0);
}

static int no_number(void)
{
    return psram_of("much", 0);
}

static int negative(void)
{
    return psram_of("-1", 0);
}

static int with_unit(void)
{
    return psram_of("64k", 0);
}

static int beyond_counting(void)
{
    return psram_of("99999999999999999999999", 0);
}

static int beyond_the_address_space(void)
{
    return psram_of("18014398509481983", 0);
}

static void the_environment_sets_the_size(void **state)
{
    (void)state;
    assert_child_passes(one_kilobyte);
    assert_child_passes(nothing);
    assert_child_passes(empty);
}

static void a_size_that_makes_no_sense_is_told_and_means_none(void **state)
{
    (void)state;
    int (*const bodies[])(void) = {no_number, negative, with_unit, beyond_counting, beyond_the_address_space};
    for (size_t i = 0; i < sizeof bodies / sizeof bodies[0]; i++) {
        char said[1024];
        assert_int_equal(child_run(bodies[i], said, sizeof said), 0);
        assert_non_null(strstr(said, "W ("));
        assert_non_null(strstr(said, "no PSRAM"));
        assert_non_null(strstr(said, "ASYNC_MEMCPY_PSRAM_KB"));
    }
}

/* ---- The first call, while other threads submit copies ---- */

static atomic_bool asked, stop;

/* As a driver does for each copy. Relaxed: nothing else orders this thread. */
static void *ask_again_and_again(void *address)
{
    size_t found = 0;
    while (!atomic_load_explicit(&stop, memory_order_relaxed)) {
        found += heap_caps_is_psram(address);
        atomic_store_explicit(&asked, true, memory_order_relaxed);
    }
    return (void *)found;
}

/* ThreadSanitizer is the judge: the size may not be read before it is written. */
static void addresses_may_be_asked_for_while_it_opens(void **state)
{
    (void)state;
    static char ordinary;
    pthread_t thread;
    void *found;
    assert_int_equal(pthread_create(&thread, NULL, ask_again_and_again, &ordinary), 0);
    while (!atomic_load_explicit(&asked, memory_order_relaxed)) {
        sched_yield();
    }
    size_t size = heap_caps_get_total_size(PSRAM);
    atomic_store_explicit(&asked, false, memory_order_relaxed);
    while (!atomic_load_explicit(&asked, memory_order_relaxed)) {
        sched_yield(); /* it has begun once more since */
    }
    atomic_store_explicit(&stop, true, memory_order_relaxed);
    assert_int_equal(pthread_join(thread, &found), 0);
    assert_int_equal(size, SIZE);
    assert_null(found);
}

/* ---- The memory ---- */

static void psram_has_an_arena_of_its_own(void **state)
{
    (void)state;
    char *psram = heap_caps_malloc(100, PSRAM | MALLOC_CAP_8BIT | MALLOC_CAP_32BIT);
    char *sram = heap_caps_malloc(100, MALLOC_CAP_INTERNAL);
    char local = 0;
    assert_true(heap_caps_is_psram(psram));
    assert_true(heap_caps_is_psram(psram + 99));
    assert_false(heap_caps_is_psram(sram));
    assert_false(heap_caps_is_psram(&local));
    assert_false(heap_caps_is_psram(NULL));
    memset(psram, 0x5a, 100);
    heap_caps_free(psram);
    heap_caps_free(sram);
}

static void capabilities_that_psram_lacks_are_refused(void **state)
{
    (void)state;
    assert_null(heap_caps_malloc(16, PSRAM | MALLOC_CAP_DMA));
    assert_null(heap_caps_malloc(16, PSRAM | MALLOC_CAP_INTERNAL));
    assert_null(heap_caps_malloc(16, PSRAM | MALLOC_CAP_DEFAULT));
    assert_null(heap_caps_malloc(16, PSRAM | MALLOC_CAP_EXEC));
}

static void ordinary_memory_comes_first_and_kinds_are_counted_apart(void **state)
{
    (void)state;
    size_t internal = heap_caps_get_free_size(MALLOC_CAP_INTERNAL);
    assert_int_equal(heap_caps_get_total_size(PSRAM), SIZE);
    assert_int_equal(heap_caps_get_free_size(MALLOC_CAP_8BIT), internal + SIZE);
    void *either = heap_caps_malloc(100, MALLOC_CAP_8BIT);
    void *psram = heap_caps_malloc(10, PSRAM);
    assert_false(heap_caps_is_psram(either));
    assert_int_equal(heap_caps_get_free_size(MALLOC_CAP_INTERNAL), internal - 100);
    assert_int_equal(heap_caps_get_free_size(PSRAM), SIZE - 10);
    assert_int_equal(heap_caps_get_free_size(MALLOC_CAP_8BIT), internal + SIZE - 110);
    heap_caps_free(either);
    heap_caps_free(psram);
}

static void every_byte_can_be_given_out(void **state)
{
    (void)state;
    assert_null(heap_caps_malloc(SIZE + 1, PSRAM));
    unsigned char *all = heap_caps_malloc(SIZE, PSRAM);
    assert_non_null(all);
    memset(all, 0xff, SIZE);
    assert_true(heap_caps_is_psram(all + SIZE - 1));
    assert_false(heap_caps_is_psram(all + SIZE));
    assert_false(heap_caps_is_psram(all - 1));
    assert_int_equal(heap_caps_get_free_size(PSRAM), 0);
    assert_null(heap_caps_malloc(1, PSRAM));
    heap_caps_free(all);
    unsigned char *zeroed = heap_caps_calloc(SIZE / 4, 4, PSRAM);
    assert_non_null(zeroed);
    for (size_t i = 0; i < SIZE; i++) {
        assert_int_equal(zeroed[i], 0);
    }
    heap_caps_free(zeroed);
}

static void gaps_of_any_order_close_again(void **state)
{
    (void)state;
    static const int orders[6][3] = {{0, 1, 2}, {0, 2, 1}, {1, 0, 2}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}};
    for (int i = 0; i < 6; i++) {
        void *blocks[3];
        for (int j = 0; j < 3; j++) {
            blocks[j] = heap_caps_malloc(SIZE / 4 - 5, PSRAM);
            assert_non_null(blocks[j]);
        }
        for (int j = 0; j < 3; j++) {
            heap_caps_free(blocks[orders[i][j]]);
        }
        void *all = heap_caps_malloc(SIZE, PSRAM);
        assert_non_null(all);
        heap_caps_free(all);
    }
}

static void alignments_are_kept_beside_odd_blocks(void **state)
{
    (void)state;
    for (size_t align = 1; align <= 4096; align *= 2) {
        void *odd = heap_caps_malloc(1, PSRAM);
        void *aligned = heap_caps_aligned_alloc(align, 3, PSRAM);
        void *plain = heap_caps_malloc(3, PSRAM);
        assert_non_null(aligned);
        assert_int_equal((uintptr_t)aligned % align, 0);
        assert_int_equal((uintptr_t)plain % _Alignof(max_align_t), 0);
        assert_int_equal(heap_caps_get_free_size(PSRAM), SIZE - 7);
        heap_caps_free(aligned);
        heap_caps_free(plain);
        heap_caps_free(odd);
    }
}

/* ---- Many blocks of all sizes, each full of a mark of its own ---- */

#define SLOTS 64

static struct {
    unsigned char *start;
    size_t size;
} slots[SLOTS];

static void assert_marks_and_free(unsigned slot)
{
    for (size_t i = 0; i < slots[slot].size; i++) {
        assert_int_equal(slots[slot].start[i], slot + 1);
    }
    heap_caps_free(slots[slot].start);
    slots[slot].start = NULL;
    slots[slot].size = 0;
}

static void blocks_never_overlap_and_the_count_stays_exact(void **state)
{
    (void)state;
    unsigned seed = 4711;
    size_t given = 0;
    unsigned refused = 0;
    for (int i = 0; i < 20000; i++) {
        seed = seed * 1103515245U + 12345U;
        unsigned slot = (seed >> 16) % SLOTS;
        given -= slots[slot].size;
        assert_marks_and_free(slot);
        size_t size = 1 + (seed >> 10) % 12000;
        slots[slot].start = heap_caps_aligned_alloc((size_t)1 << (seed >> 28) % 8, size, PSRAM);
        slots[slot].size = slots[slot].start != NULL ? size : 0;
        refused += slots[slot].start == NULL;
        given += slots[slot].size;
        memset(slots[slot].start != NULL ? slots[slot].start : &(unsigned char){0}, (int)slot + 1,
               slots[slot].size);
        assert_int_equal(heap_caps_get_free_size(PSRAM), SIZE - given);
    }
    assert_in_range(refused, 1, 19000); /* it was full at times, and not all the time */
    for (unsigned slot = 0; slot < SLOTS; slot++) {
        assert_marks_and_free(slot);
    }
    every_byte_can_be_given_out(state);
}

static int free_inside(void)
{
    char *memory = heap_caps_malloc(100, PSRAM);
    heap_caps_free(memory + 1);
    return 0;
}

static int free_twice(void)
{
    void *memory = heap_caps_malloc(100, PSRAM);
    void *volatile again = memory; /* so that the compiler does not see it */
    heap_caps_free(memory);
    heap_caps_free(again);
    return 0;
}

static void what_was_not_given_out_cannot_be_given_back(void **state)
{
    (void)state;
    const char *const expected[] = {"heap_caps_free(0x", "did not give that out", NULL};
    assert_stops(free_inside, expected);
    assert_stops(free_twice, expected);
}

static int set_size_of_this_process(void **state)
{
    (void)state;
    return setenv("ASYNC_MEMCPY_PSRAM_KB", SIZE_TXT, 1);
}

int main(void)
{
    /* First those that need a process in which nobody has asked yet. */
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_environment_sets_the_size),
        cmocka_unit_test(a_size_that_makes_no_sense_is_told_and_means_none),
        cmocka_unit_test_setup(addresses_may_be_asked_for_while_it_opens, set_size_of_this_process),
        cmocka_unit_test(psram_has_an_arena_of_its_own),
        cmocka_unit_test(capabilities_that_psram_lacks_are_refused),
        cmocka_unit_test(ordinary_memory_comes_first_and_kinds_are_counted_apart),
        cmocka_unit_test(every_byte_can_be_given_out),
        cmocka_unit_test(gaps_of_any_order_close_again),
        cmocka_unit_test(alignments_are_kept_beside_odd_blocks),
        cmocka_unit_test(blocks_never_overlap_and_the_count_stays_exact),
        cmocka_unit_test(what_was_not_given_out_cannot_be_given_back),
    };
    return cmocka_run_group_tests_name("compat: PSRAM", tests, NULL, NULL);
}
