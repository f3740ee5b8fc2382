/* SPDX-License-Identifier: Apache-2.0 */
/* The backlog: how many copies, and what a full one refuses. */
#include "group.h"

#define MOST 20

struct crowd {
    async_memcpy_t driver;
    struct areas areas[MOST];
    struct record records[MOST];
};

static void gather(struct crowd *crowd, uint32_t backlog)
{
    crowd->driver = install(backlog);
    for (unsigned i = 0; i < MOST; i++) {
        areas_open(&crowd->areas[i], 50 + i);
        crowd->records[i] = (struct record){.calls = 0};
    }
}

static void disperse(struct crowd *crowd)
{
    for (unsigned i = 0; i < MOST; i++) {
        areas_close(&crowd->areas[i]);
    }
    uninstall(crowd->driver);
}

/* The first `accepted` have been copied, once; the others never. */
static void check_crowd(struct crowd *crowd, unsigned accepted)
{
    for (unsigned i = 0; i < MOST; i++) {
        assert_int_equal(atomic_load(&crowd->records[i].calls), i < accepted);
        if (i < accepted) {
            areas_check(&crowd->areas[i]);
        } else {
            areas_check_untouched(&crowd->areas[i]);
        }
    }
}

/* Of MOST copies on a held engine exactly `wanted` are accepted; the others are refused without a word. */
static void check_backlog(uint32_t backlog, unsigned wanted)
{
    struct crowd crowd;
    gather(&crowd, backlog);
    row.hold(crowd.driver);
    for (unsigned i = 0; i < MOST; i++) {
        assert_mute(submit(crowd.driver, &crowd.areas[i], &crowd.records[i]), i < wanted ? ESP_OK : ESP_FAIL);
    }
    row.release();
    assert_ok(esp_async_memcpy_wait(crowd.driver, -1));
    check_crowd(&crowd, wanted);
    assert_ok(submit(crowd.driver, &crowd.areas[wanted], &crowd.records[wanted]));
    assert_ok(esp_async_memcpy_wait(crowd.driver, -1));
    check_crowd(&crowd, wanted + 1);
    disperse(&crowd);
}

static void full_backlog_refuses_in_silence_and_changes_nothing(void **state)
{
    (void)state;
    if (row.hold == NULL) {
        skip();
    }
    const uint32_t backlogs[] = {1, 2, 3, 4, 5, 7, 8, 9, 16, 17};
    for (size_t i = 0; i < sizeof backlogs / sizeof *backlogs; i++) {
        check_backlog(backlogs[i], backlogs[i]);
    }
}

static void backlog_0_means_8(void **state)
{
    (void)state;
    if (row.hold == NULL) {
        skip();
    }
    check_backlog(0, 8);
}

static void backlog_counts_copies_and_not_bytes(void **state)
{
    (void)state;
    async_memcpy_t driver = install(2);
    struct areas areas[2];
    size_t n = row.max_size / (is_quick() ? 16 : 2);
    areas_open(&areas[0], n);
    areas_open(&areas[1], n);
    assert_ok(submit(driver, &areas[0], NULL));
    assert_ok(submit(driver, &areas[1], NULL));
    assert_ok(esp_async_memcpy_wait(driver, -1));
    areas_check(&areas[0]);
    areas_check(&areas[1]);
    areas_close(&areas[0]);
    areas_close(&areas[1]);
    uninstall(driver);
}

/* After a wait every slot is free, round after round, so that none leaks. */
static void slots_come_back_after_every_wait(void **state)
{
    (void)state;
    struct crowd crowd;
    const unsigned backlog = 7;
    gather(&crowd, backlog);
    for (unsigned long round = 0; round < times(3000, 300); round++) {
        for (unsigned i = 0; i < backlog; i++) {
            assert_ok(submit(crowd.driver, &crowd.areas[i], NULL));
        }
        assert_ok(esp_async_memcpy_wait(crowd.driver, -1));
    }
    for (unsigned i = 0; i < backlog; i++) {
        areas_check(&crowd.areas[i]);
    }
    disperse(&crowd);
}

GROUP(backlog, cmocka_unit_test(full_backlog_refuses_in_silence_and_changes_nothing),
      cmocka_unit_test(backlog_0_means_8), cmocka_unit_test(backlog_counts_copies_and_not_bytes),
      cmocka_unit_test(slots_come_back_after_every_wait));
