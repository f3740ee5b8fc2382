/* SPDX-License-Identifier: Apache-2.0 */
/* The arena behind PSRAM when memory for its own list runs out at any point. */
#include <stdlib.h>

#include "arena.h"
#include "check.h"

static unsigned calls_until_failure; /* 0: never */

struct arena_block *arena_new_block(void)
{
    if (calls_until_failure != 0 && --calls_until_failure == 0) {
        return NULL;
    }
    return calloc(1, sizeof(struct arena_block));
}

void arena_drop_block(struct arena_block *block)
{
    free(block);
}

static _Alignas(4096) char piece[4096];

static void without_memory_for_the_list_it_does_not_open(void **state)
{
    (void)state;
    struct arena arena;
    calls_until_failure = 1;
    assert_false(arena_open(&arena, piece, sizeof piece));
    assert_null(arena.first);
    assert_null(arena_alloc(&arena, 1, 1));
    assert_int_equal(arena_free(&arena, piece), 0);
}

static void an_allocation_that_fails_midway_changes_nothing(void **state)
{
    (void)state;
    struct arena arena;
    calls_until_failure = 0;
    assert_true(arena_open(&arena, piece, sizeof piece));
    void *first = arena_alloc(&arena, 1, 1);
    assert_ptr_equal(first, piece);
    for (unsigned step = 1; step <= 2; step++) { /* the gap before the block, then the rest behind it */
        calls_until_failure = step;
        assert_null(arena_alloc(&arena, 64, 100));
        assert_int_equal(calls_until_failure, 0);
        /* The rest is still in one. */
        void *rest = arena_alloc(&arena, 1, sizeof piece - 1);
        assert_ptr_equal(rest, piece + 1);
        assert_int_equal(arena_free(&arena, rest), sizeof piece - 1);
    }
    void *aligned = arena_alloc(&arena, 64, 100);
    assert_ptr_equal(aligned, piece + 64);
    assert_int_equal(arena_free(&arena, first), 1);
    assert_int_equal(arena_free(&arena, first), 0);
    assert_int_equal(arena_free(&arena, aligned), 100);
    void *all = arena_alloc(&arena, 4096, sizeof piece);
    assert_ptr_equal(all, piece);
    assert_int_equal(arena_free(&arena, all), sizeof piece);
    free(arena.first);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_memory_for_the_list_it_does_not_open),
        cmocka_unit_test(an_allocation_that_fails_midway_changes_nothing),
    };
    return cmocka_run_group_tests_name("compat: arena", tests, NULL, NULL);
}
