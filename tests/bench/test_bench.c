/* SPDX-License-Identifier: Apache-2.0 */
/* The benchmark's judgement: does it see copies that are wrong, and does it compute what it says? */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

#include "clock.h"
#include "cpus.h"
#include "drive.h"
#include "goals.h"
#include "measure.h"
#include "places.h"
#include "report.h"
#include "samples.h"
#include "sizes.h"

#define HOT  ((size_t)1 << 20)
#define COLD ((size_t)4 << 20)

/* ---- Subjects that copy in their own way ---- */

static void (*make)(struct copy copy);

static void honest(struct copy copy)
{
    memcpy(copy.dst, copy.src, copy.n);
}

/* Not every seventh. */
static void leave_one_out(struct copy copy)
{
    static unsigned turn;
    if (++turn % 7 != 0) {
        honest(copy);
    }
}

static void one_byte_short(struct copy copy)
{
    memcpy(copy.dst, copy.src, copy.n - 1);
}

static void from_elsewhere(struct copy copy)
{
    memcpy(copy.dst, copy.src + 8, copy.n);
}

static void never(struct copy copy)
{
    (void)copy;
}

static void *fake_open(unsigned depth)
{
    (void)depth;
    return &make;
}

static void fake_nothing(void *self)
{
    (void)self;
}

static bool fake_submit(void *self, struct copy copy)
{
    (void)self;
    make(copy);
    return true;
}

static bool fake_idle(void *self)
{
    (void)self;
    return true;
}

static const struct drive fake_drive = {fake_submit, fake_nothing, fake_nothing, fake_idle};

DRIVE(fake, fake_drive)

static const struct subject fake = {
    .name = "fake", .label = "a fake", .open = fake_open, .close = fake_nothing, DRIVEN(fake)};

/* ---- Verification ---- */

static const size_t some[] = {64, 256, 4096, 65536};

/* Copies honestly, as a warm-up does, then as told; does the check hold? */
static bool holds(struct places places, void (*how)(struct copy copy), unsigned copies)
{
    for (unsigned i = 0; i < copies; i++) {
        honest(places_next(&places));
    }
    places_check_from(&places);
    for (unsigned i = 0; i < copies; i++) {
        how(places_next(&places));
    }
    bool right = places_check(&places);
    places_leave(&places);
    return right;
}

static void test_right_copies_pass(void **state)
{
    (void)state;
    for (size_t i = 0; i < 4; i++) {
        for (unsigned lap = 1; lap < 300; lap *= 3) {
            assert_true(holds(places_hot(some[i], 8), honest, 8 * lap));
            assert_true(holds(places_cold(some[i]), honest, lap));
        }
    }
}

static void test_wrong_copies_are_seen(void **state)
{
    (void)state;
    void (*const wrong[])(struct copy copy) = {leave_one_out, from_elsewhere, never};
    for (size_t i = 0; i < 4; i++) {
        for (size_t j = 0; j < 3; j++) {
            assert_false(holds(places_hot(some[i], 8), wrong[j], 8));
            assert_false(holds(places_cold(some[i]), wrong[j], 20));
        }
    }
    assert_false(holds(places_cold(4096), one_byte_short, 20));
}

/* The source of a cold walk is longer than its destination: old data never passes for new. */
static void test_second_lap_needs_new_copies(void **state)
{
    (void)state;
    const unsigned lap = COLD / 65536;
    assert_true(holds(places_cold(65536), honest, lap));
    assert_false(holds(places_cold(65536), never, lap));
}

static void test_two_walks_do_not_meet(void **state)
{
    (void)state;
    struct places hot = places_hot(4096, 8), hot_other = hot;
    places_skip(&hot_other);
    assert_ptr_equal(hot_other.dst, hot.dst + 8 * 4096);
    struct places cold = places_cold(65536), cold_other = cold;
    places_skip(&cold_other);
    for (size_t i = 0; i < COLD / 65536 / 2 - 1; i++) {
        assert_ptr_not_equal(places_next(&cold).dst, cold_other.dst + cold_other.dst_at);
    }
}

static int status_of_measuring(void (*how)(struct copy copy))
{
    fflush(NULL);
    pid_t child = fork();
    if (child == 0) {
        make = how;
        fclose(stderr);
        measure_stream(&fake, (struct point){4096, 8, false});
        measure_submit(&fake, (struct point){256, 8, false});
        _exit(EXIT_SUCCESS);
    }
    int status = -1;
    waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void test_a_wrong_copy_ends_the_program(void **state)
{
    (void)state;
    assert_int_equal(status_of_measuring(honest), EXIT_SUCCESS);
    assert_int_equal(status_of_measuring(never), EXIT_FAILURE);
    assert_int_equal(status_of_measuring(from_elsewhere), EXIT_FAILURE);
}

/* ---- Figures ---- */

static void test_medians_and_ratios(void **state)
{
    (void)state;
    static const double values[] = {9, 1, 5, 3, 7};
    for (size_t i = 0; i < 5; i++) {
        samples_add("test", "a", 1, 1, values[i]);
        samples_add("test", "b", 1, 1, values[i] * 2);
    }
    assert_true(samples_median(samples_find("test", "a", 1, 1)) == 5);
    samples_add("test", "a", 1, 1, 4);
    assert_true(samples_median(samples_find("test", "a", 1, 1)) == 4.5);
    assert_true(samples_ratio(samples_find("test", "b", 1, 1), samples_find("test", "a", 1, 1)) == 2);
    assert_null(samples_find("test", "a", 1, 2));
    assert_true(isnan(samples_median(NULL)));
    assert_true(isnan(samples_ratio(NULL, samples_find("test", "a", 1, 1))));
}

static char *text_of(void (*report)(FILE *out))
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    report(out);
    fclose(out);
    return text;
}

/* A caller that loses 1000 ns per copy, beside memcpy at 1 GB/s: 1 KiB takes 1024 ns. */
static void test_words_say_from_which_size(void **state)
{
    (void)state;
    for (const size_t *size = sizes; *size != 0; size++) {
        double gb_per_s = (double)*size / 10000;
        samples_add("cold", "memcpy", *size, sizes_depth(*size), 1);
        samples_add("cold", "ours", *size, sizes_depth(*size), 0.5);
        samples_add("cold", "blocking", *size, 1, *size >= 65536 ? 2 : 0.9);
        samples_add("kept", "ours", *size, sizes_keep_depth(*size), 0.9);
        samples_add("kept_rate", "ours", *size, sizes_keep_depth(*size), gb_per_s);
    }
    char *text = text_of(report_words);
    assert_non_null(strstr(text, "A caller with work of its own: from 1 KiB on"));
    assert_non_null(strstr(text, "At 256 bytes and below, call memcpy"));
    assert_non_null(strstr(text, "nothing else to do: call memcpy"));
    assert_non_null(strstr(text, "waits for each copy: from 64 KiB on"));
    free(text);
}

static void print_measured_goals(FILE *out)
{
    goals_print(out, true);
}

static void test_goals_are_met_or_short(void **state)
{
    (void)state;
    samples_add("submit", "ours", 4096, 64, 25);
    samples_add("submit", "batched", 4096, 64, 100);
    samples_add("hot", "ours", 1024, 64, 60);
    samples_add("hot", "flagged", 1024, 64, 2);
    samples_add("hot", "batched", 1024, 64, 10);
    char *text = text_of(print_measured_goals);
    assert_non_null(strstr(text, "0.25  <= 0.25   met"));
    assert_non_null(strstr(text, "6  >= 7      short"));
    assert_null(strstr(text, "not there yet"));
    free(text);
}

static int set_up(void **state)
{
    (void)state;
    cpus_init();
    clock_calibrate();
    return places_init(HOT, COLD) ? 0 : -1;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_right_copies_pass),
        cmocka_unit_test(test_wrong_copies_are_seen),
        cmocka_unit_test(test_second_lap_needs_new_copies),
        cmocka_unit_test(test_two_walks_do_not_meet),
        cmocka_unit_test(test_a_wrong_copy_ends_the_program),
        cmocka_unit_test(test_medians_and_ratios),
        cmocka_unit_test(test_words_say_from_which_size),
        cmocka_unit_test(test_goals_are_met_or_short),
    };
    return cmocka_run_group_tests_name("bench", tests, set_up, NULL);
}
