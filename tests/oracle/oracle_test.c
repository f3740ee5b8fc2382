/* SPDX-License-Identifier: Apache-2.0 */
/* The oracle sees every kind of damage, wherever it is, and tells the kinds apart. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "oracle.h"

#define GUARD 16
#define N     100
#define AREA  (N + 2 * GUARD)

static unsigned char src_area[AREA];
static unsigned char dst_area[AREA];
static char message[200];

static struct oracle copied(uint32_t seed)
{
    struct oracle oracle = {dst_area + GUARD, src_area + GUARD, N, GUARD, seed};
    oracle_prepare(&oracle);
    memcpy(oracle.dst, oracle.src, N);
    return oracle;
}

static void assert_verdict(const struct oracle *oracle, enum oracle_verdict verdict, const char *words)
{
    assert_int_equal(oracle_check(oracle, message, sizeof message), verdict);
    assert_non_null(strstr(message, words));
}

static void oracle_accepts_a_perfect_copy(void **state)
{
    (void)state;
    for (uint32_t seed = 0; seed < 100; seed++) {
        struct oracle oracle = copied(seed);
        assert_int_equal(oracle_check(&oracle, message, sizeof message), ORACLE_GOOD);
        assert_string_equal(message, "");
    }
}

static void oracle_sees_each_byte_not_copied(void **state)
{
    (void)state;
    for (size_t i = 0; i < N; i++) {
        struct oracle oracle = copied(1);
        unsigned char copy = oracle.dst[i];
        oracle_prepare(&oracle);
        unsigned char own = oracle.dst[i];
        assert_int_not_equal(copy, own);
        memcpy(oracle.dst, oracle.src, N);
        oracle.dst[i] = own;
        assert_verdict(&oracle, ORACLE_NOT_COPIED, "not copied: 1 bytes");
    }
}

static void oracle_sees_copying_too_far(void **state)
{
    (void)state;
    for (size_t extra = 1; extra <= GUARD; extra++) {
        struct oracle oracle = copied(2);
        memcpy(oracle.dst, oracle.src, N + extra);
        assert_verdict(&oracle, ORACLE_TOO_FAR, "the first at 100 of a window of 100");
        oracle = copied(2);
        memcpy(oracle.dst - extra, oracle.src - extra, extra);
        assert_verdict(&oracle, ORACLE_TOO_FAR, "copied too far");
    }
}

static void oracle_sees_copying_from_elsewhere(void **state)
{
    (void)state;
    for (ptrdiff_t shift = -GUARD; shift <= GUARD; shift++) {
        struct oracle oracle = copied(3);
        memcpy(oracle.dst, oracle.src + shift, N);
        assert_verdict(&oracle, shift == 0 ? ORACLE_GOOD : ORACLE_ELSEWHERE, shift == 0 ? "" : "elsewhere");
    }
}

static void oracle_sees_stale_data_of_an_earlier_copy(void **state)
{
    (void)state;
    unsigned char stale[N];
    memcpy(stale, copied(4).dst, N);
    struct oracle oracle = copied(5);
    memcpy(oracle.dst, stale, N);
    assert_verdict(&oracle, ORACLE_ELSEWHERE, "elsewhere");
}

static void oracle_sees_each_damaged_byte(void **state)
{
    (void)state;
    for (size_t place = 0; place < AREA; place++) {
        struct oracle oracle = copied(6);
        src_area[place] ^= 1;
        assert_verdict(&oracle, ORACLE_SOURCE_DAMAGED, "source damaged: 1 bytes");
        oracle = copied(6);
        bool window = place >= GUARD && place < GUARD + N;
        dst_area[place] = (unsigned char)(window ? 0x3F & ~dst_area[place] : dst_area[place] ^ 0x41);
        assert_verdict(&oracle, ORACLE_DST_DAMAGED, "destination damaged: 1 bytes");
    }
}

static void oracle_in_place_accepts_no_change_and_sees_any(void **state)
{
    (void)state;
    struct oracle oracle = {src_area + GUARD, src_area + GUARD, N, GUARD, 7};
    oracle_prepare(&oracle);
    assert_int_equal(oracle_check(&oracle, message, sizeof message), ORACLE_GOOD);
    for (size_t place = 0; place < AREA; place++) {
        oracle_prepare(&oracle);
        src_area[place]++;
        assert_verdict(&oracle, ORACLE_SOURCE_DAMAGED, "source damaged");
    }
}

static void oracle_untouched_sees_any_copied_byte(void **state)
{
    (void)state;
    for (size_t i = 0; i < N; i++) {
        struct oracle oracle = {dst_area + GUARD, src_area + GUARD, N, GUARD, 8};
        oracle_prepare(&oracle);
        assert_int_equal(oracle_check_untouched(&oracle, message, sizeof message), ORACLE_GOOD);
        oracle.dst[i] = oracle.src[i];
        assert_int_equal(oracle_check_untouched(&oracle, message, sizeof message), ORACLE_TOO_FAR);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(oracle_accepts_a_perfect_copy),
        cmocka_unit_test(oracle_sees_each_byte_not_copied),
        cmocka_unit_test(oracle_sees_copying_too_far),
        cmocka_unit_test(oracle_sees_copying_from_elsewhere),
        cmocka_unit_test(oracle_sees_stale_data_of_an_earlier_copy),
        cmocka_unit_test(oracle_sees_each_damaged_byte),
        cmocka_unit_test(oracle_in_place_accepts_no_change_and_sees_any),
        cmocka_unit_test(oracle_untouched_sees_any_copied_byte),
    };
    return cmocka_run_group_tests_name("oracle", tests, NULL, NULL);
}
