/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Every accepted copy completes exactly once and in order, data inside the window right when the callback
 * comes, everything around it untouched, as many copies fail as there were faults, nothing is kept.
 */
#include "oracle.h"

#include <string.h>

#include "chip/apm_v1.h"
#include "chip/gpio_v1.h"
#include "scenes.h"
#include "settings.h"

#define BATCH_MAX 3
#define SEGMENT   8 /* bytes, so that a copy of a few words has several segments */

/* ---- Buffers: source and destination of each copy in windows of their own, no two bytes marked alike ----
 */

static uint8_t *window(unsigned copy, bool destination)
{
    return (uint8_t *)(uintptr_t)(CHIP_SRAM_FIRST + ARENA_SIZE) + (2 * copy + destination) * WINDOW;
}

static uint8_t *data(unsigned copy, bool destination)
{
    return window(copy, destination) + GUARD;
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

void set_sizes(uint32_t first, uint32_t second, uint32_t third)
{
    const uint32_t sizes[] = {first, second, third};
    for (unsigned copy = 0; copy < COPIES_MAX; copy++) {
        world.copy[copy].size = sizes[copy % 3];
    }
}

/* A copy has completed: for the first time, in its turn, with its data in place if it says so. */
static void completed(unsigned number, esp_err_t status)
{
    struct copy *copy = &world.copy[number];
    if (++copy->callbacks != 1) {
        fail("copy %u completed twice", number);
    }
    if ((copy->before & ~world.completed) != 0) {
        fail("copy %u completed before one that was accepted earlier (%x)", number,
             (unsigned)(copy->before & ~world.completed));
    }
    if (copy->follows ? world.due != number : world.due != 0) {
        fail("copy %u completed within a batch of others", number);
    }
    world.due = copy->leads ? number + 1 : 0;
    world.completed |= 1u << number;
    copy->status = status;
    bool exact = status == ESP_OK && !may_be_silently_wrong();
    for (unsigned offset = 0; exact && offset < copy->size; offset++) {
        if (data(number, true)[offset] != mark(number, GUARD + offset, false)) {
            fail("copy %u was reported done, but byte %u is %02x", number, offset,
                 data(number, true)[offset]);
        }
    }
}

static bool on_done(async_memcpy_t driver, async_memcpy_event_t *event, void *argument)
{
    unsigned number = (unsigned)(uintptr_t)argument;
    const struct copy *copy = &world.copy[number];
    const async_memcpy_result_t *result = event->data;
    if (driver != world.driver[copy->driver] || result->dst != data(number, true) ||
        result->src != data(number, false) || result->size != copy->size) {
        fail("the callback of copy %u is told about another copy", number);
    }
    completed(number, result->status);
    if (copy->resubmits) {
        world.submitting = copy->driver;
        submit();
        if (!world.closing && !world.copy[world.copies - 1].accepted) {
            fail("the callback of copy %u cannot submit, although its slot is free", number);
        }
    }
    return false;
}

static uint32_t accepted_by(unsigned driver)
{
    uint32_t copies = 0;
    for (unsigned number = 0; number < world.copies; number++) {
        copies |= world.copy[number].driver == driver ? world.accepted & 1u << number : 0;
    }
    return copies;
}

static unsigned next_copy(void)
{
    unsigned number = world.copies;
    struct copy *copy = &world.copy[number];
    copy->driver = (uint8_t)world.submitting;
    copy->before = accepted_by(world.submitting);
    copy->accepted = true; /* the callback may come before the call returns */
    world.copies++;
    return number;
}

/* The call has returned; `refused` is the other status that is right. */
static void submitted(unsigned number, esp_err_t status, esp_err_t refused)
{
    struct copy *copy = &world.copy[number];
    copy->accepted = status == ESP_OK;
    if (status == ESP_OK) {
        world.accepted |= 1u << number;
    } else if (status != refused) {
        fail("copy %u was refused with 0x%x", number, (unsigned)status);
    } else if (copy->callbacks != 0) {
        fail("copy %u was refused, yet called back", number);
    }
}

/* Copies that may be in the backlog of the driver that is submitted to. */
static unsigned in_flight(void)
{
    unsigned copies = 0;
    for (unsigned number = 0; number < world.copies; number++) {
        const struct copy *copy = &world.copy[number];
        copies += copy->driver == world.submitting && copy->accepted && (copy->callbacks == 0 || copy->gone);
    }
    return copies;
}

/* A call has refused some copies: is that because those `before` it and those tried meanwhile may have filled
 * the backlog? */
static void check_refusal(unsigned first, unsigned count, unsigned before)
{
    unsigned meanwhile = world.copies - first - count;
    if (!world.closing && before + meanwhile + count <= world.backlog[world.copy[first].driver]) {
        fail("copy %u was refused although there was room", first);
    }
}

void submit(void)
{
    unsigned before = in_flight();
    unsigned number = next_copy();
    struct copy *copy = &world.copy[number];
    esp_err_t status = esp_async_memcpy(world.driver[copy->driver], data(number, true), data(number, false),
                                        copy->size, on_done, (void *)(uintptr_t)number);
    submitted(number, status, ESP_FAIL);
    if (status != ESP_OK) {
        check_refusal(number, 1, before);
    }
}

static async_memcpy_copy_t next_of_batch(bool follows, bool leads)
{
    unsigned number = next_copy();
    struct copy *copy = &world.copy[number];
    copy->before |= follows ? 1u << (number - 1) : 0;
    copy->follows = follows;
    copy->leads = leads;
    return (async_memcpy_copy_t){data(number, true), data(number, false), copy->size, on_done,
                                 (void *)(uintptr_t)number};
}

void submit_batch(unsigned count)
{
    async_memcpy_copy_t copies[BATCH_MAX] = {{0}};
    unsigned before = in_flight();
    unsigned first = world.copies;
    for (unsigned i = 0; i < count; i++) {
        copies[i] = next_of_batch(i != 0, i + 1 != count);
    }
    esp_err_t status = esp_async_memcpy_batch(world.driver[world.submitting], copies, count);
    for (unsigned i = 0; i < count; i++) {
        submitted(first + i, status, ESP_FAIL);
    }
    if (status != ESP_OK) {
        check_refusal(first, count, before);
    }
}

void submit_timed(int32_t timeout_ms)
{
    unsigned number = next_copy();
    struct copy *copy = &world.copy[number];
    esp_err_t status =
        esp_async_memcpy_timed(world.driver[copy->driver], data(number, true), data(number, false),
                               copy->size, on_done, (void *)(uintptr_t)number, timeout_ms);
    submitted(number, status, timeout_ms < 0 ? ESP_OK : ESP_ERR_TIMEOUT);
}

/* A blocking copy that times out may have been accepted: then it completes later, unseen but for its data. */
void submit_blocking(int32_t timeout_ms)
{
    unsigned number = next_copy();
    struct copy *copy = &world.copy[number];
    esp_err_t status = esp_memcpy_blocking(world.driver[copy->driver], data(number, true),
                                           data(number, false), copy->size, timeout_ms);
    if (status == ESP_ERR_TIMEOUT && timeout_ms >= 0) {
        copy->status = ESP_ERR_TIMEOUT;
        copy->callbacks = 1;
        copy->gone = true;
        return;
    }
    if (status != ESP_OK && !world.fault_fired) {
        fail("the blocking copy %u returned 0x%x", number, (unsigned)status);
    }
    completed(number, status);
}

void submit_nonsense(void)
{
    async_memcpy_t driver = world.driver[0];
    if (esp_async_memcpy(driver, data(0, true), data(0, false), 0, NULL, NULL) != ESP_ERR_INVALID_ARG ||
        esp_async_memcpy(driver, NULL, data(0, false), 1, NULL, NULL) != ESP_ERR_INVALID_ARG ||
        esp_async_memcpy(driver, data(0, true), data(0, true) + 1, 2, NULL, NULL) != ESP_ERR_INVALID_ARG ||
        esp_async_memcpy(driver, (void *)16, data(0, false), 1, NULL, NULL) != ESP_ERR_INVALID_ARG) {
        fail("a copy that must be refused is not");
    }
}

void outsider(void)
{
    submit();
}

void wait_for_all(void)
{
    uint32_t before = accepted_by(world.submitting);
    esp_err_t status = esp_async_memcpy_wait(world.driver[world.submitting], -1);
    if (status != ESP_OK && !world.fault_fired) {
        fail("wait returned 0x%x", (unsigned)status);
    }
    if ((before & ~world.completed) != 0) {
        fail("wait returned before copies %x completed", (unsigned)(before & ~world.completed));
    }
}

/* ---- Install and uninstall ---- */

/* As the start-up code does: let the DMA through the filters. */
static void open_filters(void)
{
#if CHIP_HAS_APM
    model_write(&model, HP_APM_FUNC_CTRL, 0);
    model_write(&model, LP_APM_FUNC_CTRL, 0);
    model_write(&model, LP_APM0_FUNC_CTRL, 0);
#endif
}

static esp_err_t try_install(uint32_t backlog, size_t align, async_memcpy_t *driver)
{
    async_memcpy_config_t config = ASYNC_MEMCPY_DEFAULT_CONFIG();
    config.backlog = backlog;
    config.sram_trans_align = align;
    return esp_async_memcpy_install_gdma_ahb(&config, driver);
}

void install(unsigned which, uint32_t backlog, size_t align)
{
    if (try_install(backlog, align, &world.driver[which]) != ESP_OK) {
        fail("driver %u cannot be installed", which);
    }
    subject_set_segment(world.driver[which], SEGMENT);
    world.backlog[which] = backlog;
}

void fail_to_install(uint32_t backlog)
{
    async_memcpy_t driver = (async_memcpy_t)&world;
    uint32_t blocks = world.arena_blocks;
    esp_err_t status = try_install(backlog, 0, &driver);
    if (status != ESP_FAIL || driver != NULL) {
        fail("an install that must fail returned 0x%x and %p", (unsigned)status, (void *)driver);
    }
    if (world.arena_blocks != blocks) {
        fail("a failed install keeps memory");
    }
}

void explore_from_here(unsigned drivers, unsigned copies)
{
    state_mark(drivers, model.etm_enabled != 0, copies);
    world.outsiders_left = stage.scene->outsiders;
    world.faults_left = stage.faulty;
    world.fault = stage.fault;
    world.fault_channel = stage.fault_channel;
    world.checks_left = stage.early_checks;
    world.sealed = true;
    world.exploring = true;
}

void uninstall(unsigned which)
{
    world.closing = true;
    esp_err_t status = esp_async_memcpy_uninstall(world.driver[which]);
    if (status != ESP_OK) {
        fail("uninstall returned 0x%x", (unsigned)status);
    }
    world.driver[which] = NULL;
}

/* ---- Ends of frames, counted on pin 0 ---- */

bool count_frames(void)
{
#if CHIP_HAS_ETM
    model_write(&model, GPIO_ENABLE, 1);
    model_write(&model, gpio_etm_task_cfg(0), gpio_etm_task_field(0, 0));
    model_write(&model, etm_event_id(0), GDMA_EVENT_IN_SUC_EOF);
    model_write(&model, etm_task_id(0), ETM_TASK_GPIO_TOGGLE);
    model_write(&model, etm_enable(0, ETM_SET), 1);
    return true;
#else
    return false;
#endif
}

static void check_frames(void)
{
    const struct allowance allowed = allowance_of(&stage.knobs);
    unsigned copies = (unsigned)__builtin_popcount(world.accepted);
    unsigned events = (unsigned)model.counters.pin_changes[0];
    if (model.etm_enabled == 0 || world.fault_fired) {
        return;
    }
    if (events + allowed.last_event_late < copies || (events > copies && !allowed.repeats_events)) {
        fail("%u copies raised %u events", copies, events);
    }
}

/* ---- Before and after ---- */

void oracle_begin(void)
{
    memset(&world, 0, sizeof world);
    memset((void *)(uintptr_t)CHIP_SRAM_FIRST, 0, MEMORY_SIZE);
    memset(subject_statics.address, 0, subject_statics.size);
    model_init(&model, &stage.knobs);
    open_filters();
    fill_windows();
}

static void check_copies(void)
{
    unsigned failed = 0;
    for (unsigned number = 0; number < world.copies; number++) {
        const struct copy *copy = &world.copy[number];
        if (copy->accepted != (copy->callbacks == 1)) {
            fail("copy %u: accepted %d, called back %u times", number, copy->accepted,
                 (unsigned)copy->callbacks);
        }
        failed += copy->accepted && copy->status != ESP_OK && !copy->gone;
    }
    if (failed > world.fault_fired) {
        fail("%u copies failed, of %u faults", failed, (unsigned)world.fault_fired);
    }
}

/* Segments that the accepted copies were cut into. */
static uint32_t segments(void)
{
    uint32_t count = 0;
    for (unsigned number = 0; number < world.copies; number++) {
        count += world.copy[number].accepted ? (world.copy[number].size + SEGMENT - 1) / SEGMENT : 0;
    }
    return count;
}

static uint64_t allowed_gap(const struct allowance *allowed)
{
    uint32_t count = segments();
    return (uint64_t)allowed->gap_cycles + (count != 0 ? count - 1 : 0) * (uint64_t)allowed->gap_a_node;
}

/* Never idle while a linked node waits, never left to the check, beyond what this setting costs. */
static void check_costs(void)
{
    const struct allowance allowed = allowance_of(&stage.knobs);
    if (world.fault_fired) {
        return;
    }
    if (model.counters.gap_cycles > allowed_gap(&allowed)) {
        fail("a linked node waited for %u idle cycles", (unsigned)model.counters.gap_cycles);
    }
    if (world.costs.resets > allowed.resets) {
        fail("without a fault the driver had to begin again");
    }
    if (world.costs.stood > allowed.stood) {
        fail("work was pending and only the check was left to come");
    }
}

void oracle_end(void)
{
    world.exploring = false;
    for (unsigned steps = 0; model_step(&model); steps++) {
        if (steps == 10000) {
            fail("the hardware never comes to rest after uninstall");
        }
    }
    check_copies();
    check_costs();
    check_windows();
    check_frames();
    bool kept = world.arena_blocks != 0 || subject_holds_pairs();
    for (unsigned i = 0; i < DRIVERS_MAX; i++) {
        kept |= world.check[i] != NULL || world.line[i].handler != NULL;
    }
    if (kept) {
        fail("something is kept after uninstall");
    }
    if (model.counters.misuse != 0 && !world.fault_fired) {
        fail("the driver misuses the hardware: %x, at %08x", (unsigned)model.counters.misuse,
             (unsigned)model.counters.misuse_address);
    }
}
