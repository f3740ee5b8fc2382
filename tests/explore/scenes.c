/* SPDX-License-Identifier: Apache-2.0 */
/* Each scene installs (nothing is left to chance yet), then works with the API in a world where everything
 * may happen, and gives everything back. */
#include "scenes.h"

#include "oracle.h"
#include "world.h"

struct stage stage;

void play(void)
{
    oracle_begin();
    stage.scene->body();
    oracle_end();
}

/* One driver, from which on everything may happen, with so many copies to come. */
static void begin(uint32_t backlog, size_t align, unsigned copies)
{
    install(0, backlog, align);
    explore_from_here(1, copies);
}

static void one_copy(void)
{
    set_sizes(5, 0, 0);
    begin(1, 0, 1);
    submit();
    uninstall(0);
}

static void one_aligned(void)
{
    set_sizes(16, 0, 0);
    begin(1, 4, 1);
    submit();
    uninstall(0);
}

static void two_copies(void)
{
    set_sizes(3, 7, 0);
    begin(2, 0, 2);
    submit();
    submit();
    uninstall(0);
}

static void append(void)
{
    set_sizes(1, 1, 0);
    begin(2, 0, 2);
    submit();
    submit();
    uninstall(0);
}

static void append_late(void)
{
    set_sizes(4, 6, 0);
    begin(2, 0, 2);
    submit();
    wait_for_all();
    submit();
    uninstall(0);
}

static void three_copies(void)
{
    set_sizes(2, 10, 8);
    begin(2, 0, 3);
    submit();
    submit();
    submit(); /* accepted if one of the others has completed */
    uninstall(0);
}

static void long_copy(void)
{
    set_sizes(30, 0, 0); /* four segments on four nodes, of which one is kept */
    begin(1, 0, 1);
    submit();
    uninstall(0);
}

static void long_then_short(void)
{
    set_sizes(32, 3, 0);
    begin(2, 0, 2);
    submit();
    submit();
    wait_for_all();
    uninstall(0);
}

static void short_then_long(void)
{
    set_sizes(3, 31, 0);
    begin(2, 0, 2);
    submit();
    submit();
    uninstall(0);
}

static void resubmit(void)
{
    set_sizes(4, 9, 2);
    begin(1, 0, 3);
    world.copy[0].resubmits = true;
    world.copy[1].resubmits = true;
    submit();
    wait_for_all();
    uninstall(0);
}

static void resubmit_against_uninstall(void)
{
    set_sizes(4, 9, 2);
    begin(1, 0, 3);
    world.copy[0].resubmits = true;
    world.copy[1].resubmits = true;
    submit();
    uninstall(0);
}

static void outsider_between(void)
{
    set_sizes(3, 9, 4);
    begin(3, 0, 3);
    submit();
    submit();
    wait_for_all();
    uninstall(0);
}

static void outsider_alone(void)
{
    set_sizes(2, 3, 0);
    begin(2, 0, 2);
    submit();
    wait_for_all();
    uninstall(0);
}

/* Whoever comes first, the callbacks' copies are accepted. */
static void resubmit_beside_outsider(void)
{
    set_sizes(4, 3, 2);
    begin(1, 0, 5);
    for (unsigned copy = 0; copy < 3; copy++) {
        world.copy[copy].resubmits = true;
    }
    submit();
    wait_for_all();
    uninstall(0);
}

static void batch_and_outsider(void)
{
    set_sizes(3, 4, 2);
    begin(3, 0, 3);
    submit_batch(2);
    wait_for_all();
    uninstall(0);
}

/* There may be room for one of them, and not for both. */
static void batch_or_nothing(void)
{
    set_sizes(3, 4, 2);
    begin(2, 0, 4);
    world.copy[0].resubmits = true;
    submit();
    submit_batch(2);
    uninstall(0);
}

/* The first of the batch completes, and its callback submits, while the others are still to be written. */
static void batch_resubmits(void)
{
    set_sizes(2, 1, 3);
    begin(4, 0, 5);
    world.copy[1].resubmits = true;
    submit();
    submit_batch(3);
    uninstall(0);
}

static void waits(void)
{
    set_sizes(3, 4, 2);
    begin(2, 0, 3);
    submit();
    wait_for_all();
    wait_for_all();
    submit();
    submit();
    wait_for_all();
    uninstall(0);
}

static void timed(void)
{
    set_sizes(6, 4, 3);
    begin(1, 0, 3);
    submit();
    submit_timed(-1);
    submit_timed(5);
    wait_for_all();
    uninstall(0);
}

static void times_out(void)
{
    set_sizes(6, 4, 0);
    begin(1, 0, 2);
    submit();
    submit_blocking(5);
    uninstall(0);
}

static void two_drivers(void)
{
    set_sizes(3, 2, 0);
    install(0, 1, 0);
    install(1, 1, 0);
    explore_from_here(2, 2);
    submit();
    world.submitting = 1;
    submit();
    uninstall(0);
    uninstall(1);
}

static void one_event_a_copy(void)
{
    set_sizes(20, 3, 0);
    install(0, 2, 0);
    if (!count_frames()) {
        set_sizes(3, 3, 0);
    }
    explore_from_here(1, 2);
    submit();
    submit();
    uninstall(0);
}

static void refused(void)
{
    set_sizes(5, 0, 0);
    begin(1, 0, 1);
    submit_nonsense();
    submit();
    uninstall(0);
}

static void bare(void)
{
    begin(1, 0, 1);
    uninstall(0);
}

/* No line for the interrupt, more often than there are pairs; then all pairs are there, and no more. */
static void failed_installs(void)
{
    set_sizes(5, 0, 0);
    world.refuse_line = true;
    for (unsigned i = 0; i <= CHIP_GDMA_PAIRS; i++) {
        fail_to_install(1);
    }
    world.refuse_line = false;
    for (unsigned i = 0; i < CHIP_GDMA_PAIRS; i++) {
        install(i, 1, 0);
    }
    fail_to_install(1);
    explore_from_here(CHIP_GDMA_PAIRS, 1);
    world.submitting = CHIP_GDMA_PAIRS - 1;
    submit();
    for (unsigned i = 0; i < CHIP_GDMA_PAIRS; i++) {
        uninstall(i);
    }
}

static void ring_around(void)
{
    set_sizes(4, 12, 9);
    begin(3, 0, COPIES_MAX);
    for (unsigned copy = 0; copy < 12; copy++) {
        submit();
    }
    wait_for_all();
    submit();
    uninstall(0);
}

static void crowd(void)
{
    set_sizes(32, 1, 17);
    begin(2, 0, COPIES_MAX);
    world.copy[0].resubmits = true;
    world.copy[3].resubmits = true;
    world.copy[4].resubmits = true;
    for (unsigned copy = 0; copy < 6; copy++) {
        submit();
        if (copy == 3) {
            wait_for_all();
        }
    }
    uninstall(0);
}

const struct scene scenes[] = {
    {"one", "a copy of one segment", one_copy, 0, SCENE_TINY},
    {"aligned", "a copy of two segments with bursts", one_aligned, 0, SCENE_SMALL},
    {"two", "two copies, the second appended at any moment", two_copies, 0, SCENE_SMALL},
    {"late", "a copy appended to a list that has come to its end", append_late, 0, SCENE_TINY},
    {"append", "two copies of a byte, the second appended at any moment", append, 0, SCENE_TINY},
    {"bare", "uninstall right after install", bare, 0, SCENE_SMALL},
    {"refused", "nonsense before a copy", refused, 0, SCENE_SMALL},
    {"installs", "failed installs give the pair back", failed_installs, 0, SCENE_SMALL},
    {"timed", "copies that wait for a slot, with a time-out at any moment", timed, 0, SCENE_SMALL},
    {"timeout", "a blocking copy behind a full backlog, with a time-out at any moment", times_out, 0,
     SCENE_SMALL},
    {"joins", "an interrupt submits before, inside or after a submission", outsider_alone, 1, SCENE_SMALL},
    {"beside", "callbacks submit, at backlog 1, beside an interrupt that submits", resubmit_beside_outsider,
     1, SCENE_MIDDLE},
    {"batch", "an interrupt submits before, inside or after a batch", batch_and_outsider, 1, SCENE_MIDDLE},
    {"batch-full", "a batch that fits or not, and callbacks that submit", batch_or_nothing, 0, SCENE_MIDDLE},
    {"batch-chain", "a callback submits while its batch is half written", batch_resubmits, 0, SCENE_BIG},
    {"events", "one hardware event a copy, of any number of segments", one_event_a_copy, 0, SCENE_MIDDLE},
    {"uninstall", "callbacks submit while uninstall drains", resubmit_against_uninstall, 0, SCENE_MIDDLE},
    {"waits", "waits that begin and end at any moment", waits, 0, SCENE_MIDDLE},
    {"resubmit", "callbacks submit, at backlog 1", resubmit, 0, SCENE_MIDDLE},
    {"long", "a copy of more segments than there are nodes", long_copy, 0, SCENE_MIDDLE},
    {"drivers", "two drivers at once, on two pairs", two_drivers, 0, SCENE_MIDDLE},
    {"three", "three copies of one and two segments at backlog 2", three_copies, 0, SCENE_BIG},
    {"long-short", "a long copy and one behind it", long_then_short, 0, SCENE_BIG},
    {"short-long", "a long copy behind a short one", short_then_long, 0, SCENE_BIG},
    {"outsider", "an interrupt submits between and inside of two submissions", outsider_between, 1,
     SCENE_BIG},
    {"around", "thirteen copies, around the ring more than once", ring_around, 0, SCENE_RANDOM},
    {"crowd", "long and short copies, resubmission, outsiders", crowd, 3, SCENE_RANDOM},
    {0},
};
