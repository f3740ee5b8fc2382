/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Each scene installs a driver (nothing is left to chance yet), then submits, waits and uninstalls in a world
 * where everything may happen, and in the end the oracle looks: every accepted copy completed exactly once
 * and in order, data inside the window right, everything around it untouched, nothing kept.
 */
#include <string.h>

#include "chip/apm_v1.h"
#include "world.h"
#include "scenes.h"

struct stage stage;

#define SEGMENT 8 /* bytes, so that a copy of a few words has several segments */

/* ---- Buffers: source and destination of copy i, each in a window of its own, no two bytes marked alike ----
 */

static uint8_t *window(unsigned copy, bool destination)
{
    return (uint8_t *)(uintptr_t)(CHIP_SRAM_FIRST + ARENA_SIZE) + (2 * copy + destination) * WINDOW;
}

static uint8_t mark(unsigned copy, unsigned offset, bool destination)
{
    return (uint8_t)(((copy * 37 + offset * 3) & 0x7F) | (destination ? 0x80 : 0));
}

static void fill_windows(void)
{
    for (unsigned copy = 0; copy < COPIES_MAX; copy++) {
        for (unsigned offset = 0; offset < WINDOW; offset++) {
            window(copy, false)[offset] = mark(copy, offset, false);
            window(copy, true)[offset] = mark(copy, offset, true);
        }
    }
}

/* An access that the permission filters swallow in silence cannot be seen: then data inside may be wrong. */
static bool may_be_silently_wrong(void)
{
    return world.fault_fired && world.fault == FAULT_BLOCKED_ACCESS;
}

/* One byte of a destination, after the run. */
static void check_byte(unsigned copy, unsigned offset)
{
    const struct copy *it = &world.copy[copy];
    bool inside = it->accepted && offset >= GUARD && offset < GUARD + it->size;
    uint8_t found = window(copy, true)[offset];
    if (!inside && found != mark(copy, offset, true)) {
        fail("copy %u (%u bytes) wrote outside: byte %d is %02x", copy, (unsigned)it->size,
             (int)offset - GUARD, found);
    }
    if (inside && it->status == ESP_OK && !may_be_silently_wrong() && found != mark(copy, offset, false)) {
        fail("copy %u (%u bytes) is wrong at byte %d: %02x", copy, (unsigned)it->size, (int)offset - GUARD,
             found);
    }
    if (window(copy, false)[offset] != mark(copy, offset, false)) {
        fail("the source of copy %u is damaged at byte %d", copy, (int)offset - GUARD);
    }
}

static void check_windows(void)
{
    for (unsigned copy = 0; copy < COPIES_MAX; copy++) {
        for (unsigned offset = 0; offset < WINDOW; offset++) {
            check_byte(copy, offset);
        }
    }
}

/* ---- Copies ---- */

static void submit(void);

static bool on_done(async_memcpy_t driver, async_memcpy_event_t *event, void *argument)
{
    unsigned number = (unsigned)(uintptr_t)argument;
    struct copy *copy = &world.copy[number];
    const async_memcpy_result_t *result = event->data;
    if (driver != world.driver || result->dst != window(number, true) + GUARD || result->size != copy->size) {
        fail("the callback of copy %u is told about another copy", number);
    }
    if (++copy->callbacks != 1) {
        fail("copy %u completed twice", number);
    }
    if ((copy->before & ~world.completed) != 0) {
        fail("copy %u completed before one that was accepted earlier (%x)", number,
             (unsigned)(copy->before & ~world.completed));
    }
    world.completed |= 1u << number;
    copy->status = result->status;
    bool exact = result->status == ESP_OK && !may_be_silently_wrong();
    for (unsigned offset = 0; exact && offset < copy->size; offset++) {
        if (window(number, true)[GUARD + offset] != mark(number, GUARD + offset, false)) {
            fail("copy %u was reported done, but byte %u is %02x", number, offset,
                 window(number, true)[GUARD + offset]);
        }
    }
    if (copy->resubmits) {
        submit();
    }
    return false;
}

/* Submit the next copy. A refusal is fine if the backlog may be full. */
static void submit(void)
{
    unsigned number = world.copies++;
    struct copy *copy = &world.copy[number];
    copy->before = world.accepted;
    copy->accepted = true; /* the callback may come first */
    esp_err_t status =
        esp_async_memcpy(world.driver, window(number, true) + GUARD, window(number, false) + GUARD,
                         copy->size, on_done, (void *)(uintptr_t)number);
    copy->accepted = status == ESP_OK;
    if (status == ESP_OK) {
        world.accepted |= 1u << number;
    } else if (status != ESP_FAIL) {
        fail("copy %u was refused with 0x%x", number, (unsigned)status);
    } else if (copy->callbacks != 0) {
        fail("copy %u was refused, yet called back", number);
    }
}

void outsider(void)
{
    submit();
}

static void set_sizes(uint32_t first, uint32_t second, uint32_t third)
{
    const uint32_t sizes[] = {first, second, third};
    for (unsigned copy = 0; copy < COPIES_MAX; copy++) {
        world.copy[copy].size = sizes[copy % 3];
    }
}

/* ---- Before and after ---- */

/* As the start-up code does: let the DMA through the filters. */
static void open_filters(void)
{
#if CHIP_HAS_APM
    model_write(&model, HP_APM_FUNC_CTRL, 0);
    model_write(&model, LP_APM_FUNC_CTRL, 0);
    model_write(&model, LP_APM0_FUNC_CTRL, 0);
#endif
}

static void install(uint32_t backlog, size_t align)
{
    async_memcpy_config_t config = ASYNC_MEMCPY_DEFAULT_CONFIG();
    config.backlog = backlog;
    config.sram_trans_align = align;
    if (esp_async_memcpy_install_gdma_ahb(&config, &world.driver) != ESP_OK) {
        fail("the driver cannot be installed");
    }
    subject_set_segment(world.driver, SEGMENT);
    world.outsiders_left = stage.scene->outsiders;
    world.faults_left = stage.faulty;
    world.fault = stage.fault;
    world.fault_channel = stage.fault_channel;
    world.checks_left = stage.early_checks;
    world.exploring = true;
}

static void wait_for_all(void)
{
    esp_err_t status = esp_async_memcpy_wait(world.driver, -1);
    if (status != ESP_OK && !world.fault_fired) {
        fail("wait returned 0x%x", (unsigned)status);
    }
}

static void uninstall(void)
{
    esp_err_t status = esp_async_memcpy_uninstall(world.driver);
    if (status != ESP_OK) {
        fail("uninstall returned 0x%x", (unsigned)status);
    }
    world.exploring = false;
}

static void check_end(void)
{
    for (unsigned steps = 0; model_step(&model); steps++) {
        if (steps == 10000) {
            fail("the hardware never comes to rest after uninstall");
        }
    }
    unsigned failed = 0;
    for (unsigned number = 0; number < world.copies; number++) {
        const struct copy *copy = &world.copy[number];
        if (copy->accepted != (copy->callbacks == 1)) {
            fail("copy %u: accepted %d, called back %u times", number, copy->accepted,
                 (unsigned)copy->callbacks);
        }
        failed += copy->accepted && copy->status != ESP_OK;
    }
    check_windows();
    if (failed > world.fault_fired) {
        fail("%u copies failed, of %u faults", failed, (unsigned)world.fault_fired);
    }
    if (world.arena_blocks != 0 || subject_holds_pairs() || world.check != NULL || world.handler != NULL) {
        fail("something is kept after uninstall");
    }
    if (model.counters.misuse != 0 && !world.fault_fired) {
        fail("the driver misuses the hardware: %x, at %08x", (unsigned)model.counters.misuse,
             (unsigned)model.counters.misuse_address);
    }
}

void play(void)
{
    memset(&world, 0, sizeof world);
    memset((void *)(uintptr_t)CHIP_SRAM_FIRST, 0, MEMORY_SIZE);
    memset(subject_statics.address, 0, subject_statics.size);
    model_init(&model, &stage.knobs);
    open_filters();
    fill_windows();
    stage.scene->body();
    check_end();
}

/* ---- The scenes ---- */

static void one_copy(void)
{
    set_sizes(5, 0, 0);
    install(1, 0);
    submit();
    uninstall();
}

static void one_aligned(void)
{
    set_sizes(16, 0, 0);
    install(1, 4);
    submit();
    uninstall();
}

static void two_copies(void)
{
    set_sizes(3, 7, 0);
    install(2, 0);
    submit();
    submit();
    uninstall();
}

static void append_late(void)
{
    set_sizes(4, 6, 0);
    install(2, 0);
    submit();
    wait_for_all();
    submit();
    uninstall();
}

static void three_copies(void)
{
    set_sizes(2, 10, 8);
    install(2, 0);
    submit();
    submit();
    submit(); /* accepted if one of the others has completed */
    uninstall();
}

static void long_copy(void)
{
    set_sizes(30, 0, 0); /* four segments on four nodes, of which one is kept */
    install(1, 0);
    submit();
    uninstall();
}

static void long_then_short(void)
{
    set_sizes(32, 3, 0);
    install(2, 0);
    submit();
    submit();
    wait_for_all();
    uninstall();
}

static void resubmit(void)
{
    set_sizes(4, 9, 2);
    install(1, 0);
    world.copy[0].resubmits = true;
    world.copy[1].resubmits = true;
    submit();
    wait_for_all();
    uninstall();
}

static void resubmit_against_uninstall(void)
{
    set_sizes(4, 9, 2);
    install(1, 0);
    world.copy[0].resubmits = true;
    world.copy[1].resubmits = true;
    submit();
    uninstall();
}

static void outsider_between(void)
{
    set_sizes(3, 9, 4);
    install(3, 0);
    submit();
    submit();
    wait_for_all();
    uninstall();
}

static void times_out(void)
{
    set_sizes(6, 4, 0);
    install(1, 0);
    submit();
    esp_err_t status =
        esp_memcpy_blocking(world.driver, window(9, true) + GUARD, window(9, false) + GUARD, 4, 5);
    if (status != ESP_OK && status != ESP_ERR_TIMEOUT && !world.fault_fired) {
        fail("blocking returned 0x%x", (unsigned)status);
    }
    memcpy(window(9, true) + GUARD, window(9, false) + GUARD, 0);
    wait_for_all();
    world.copy[9] = (struct copy){.size = 4, .accepted = window(9, true)[GUARD] == mark(9, GUARD, false)};
    uninstall();
}

static void ring_around(void)
{
    set_sizes(4, 12, 9);
    install(3, 0);
    for (unsigned copy = 0; copy < 12; copy++) {
        submit();
    }
    wait_for_all();
    submit();
    uninstall();
}

static void crowd(void)
{
    set_sizes(32, 1, 17);
    install(2, 0);
    world.copy[0].resubmits = true;
    world.copy[3].resubmits = true;
    world.copy[4].resubmits = true;
    for (unsigned copy = 0; copy < 6; copy++) {
        submit();
        if (copy == 3) {
            wait_for_all();
        }
    }
    uninstall();
}

const struct scene scenes[] = {
    {"one", "a copy of one segment", one_copy, 0, true, false},
    {"aligned", "a copy of two segments with bursts", one_aligned, 0, true, false},
    {"two", "two copies, the second appended at any moment", two_copies, 0, true, false},
    {"late", "a copy appended to a list that has come to its end", append_late, 0, true, false},
    {"three", "three copies of one and two segments at backlog 2", three_copies, 0, false, false},
    {"long", "a copy of more segments than there are nodes", long_copy, 0, false, false},
    {"long-short", "and one behind it", long_then_short, 0, false, false},
    {"resubmit", "callbacks submit, at backlog 1", resubmit, 0, false, false},
    {"uninstall", "callbacks submit while uninstall drains", resubmit_against_uninstall, 0, false, false},
    {"outsider", "an interrupt submits between and inside of two submissions", outsider_between, 1, false,
     false},
    {"timeout", "a blocking copy behind a full backlog, with a time-out at any moment", times_out, 0, false,
     false},
    {"around", "thirteen copies, around the ring more than once", ring_around, 0, false, true},
    {"crowd", "long and short copies, resubmission, outsiders", crowd, 3, false, true},
    {0},
};
