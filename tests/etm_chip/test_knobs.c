/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Copies that events start, at every answer to the hardware's open questions: each value of each knob beside
 * the defaults, and then settings of all knobs at random. A failure prints the setting; the seed is
 * ASYNC_MEMCPY_SEED's, or the one printed.
 */
#include "fixture.h"
#include <stdio.h>
#include <stdlib.h>
#include "port.h"

#define RUNS  3
#define SIZES 3
#define BURST 4 /* runs that may share an interrupt */

/* Answers that nobody could live with; DESIGN.md has the reasons. */
static const struct {
    enum knob knob;
    unsigned value;
} excluded[] = {
    {KNOB_RX_EXACT_FIT, RX_EXACT_FIT_EXTRA},
    {KNOB_ETM_EVENT, ETM_EVENT_RAW_EDGE},
};

static bool is_excluded(unsigned knob, unsigned value)
{
    for (unsigned i = 0; i < sizeof excluded / sizeof *excluded; i++) {
        if (excluded[i].knob == knob && excluded[i].value == value) {
            return true;
        }
    }
    return false;
}

static void set_all(const struct model_knobs *knobs)
{
    for (unsigned knob = 0; knob < KNOB_COUNT; knob++) {
        softchip_set_knob(knob, knobs->value[knob]);
    }
}

static void print_setting(const struct model_knobs *knobs)
{
    for (unsigned knob = 0; knob < KNOB_COUNT; knob++) {
        if (knobs->value[knob] != 0) {
            print_error("  %s=%s", knob_table[knob].name, knob_table[knob].values[knobs->value[knob]].name);
        }
    }
    print_error("\n");
}

/* What may be wrong is told by a text; NULL: nothing. */
static const char *run(async_memcpy_t trigger, struct seen *seen, unsigned char *dst,
                       const unsigned char *src, size_t size)
{
    unsigned char *memory = new_memory(8);
    const char *wrong = NULL;
    for (unsigned i = 1; i <= RUNS && wrong == NULL; i++) {
        memset(dst, 0xEE, size);
        esp_err_t status = esp_memcpy_blocking(trigger, memory + 4, memory, 4, 5000);
        if (status != ESP_OK || !await(&seen->calls, i)) {
            wrong = status != ESP_OK ? "the trigger failed" : "no run";
        } else if (seen->result.status != ESP_OK || memcmp(dst, src, size) != 0) {
            wrong = "a bad run";
        }
    }
    heap_caps_free(memory);
    return wrong;
}

/* Where the hardware loses a RESTART, a copy that is begun again may raise its event a second time. */
static bool is_exact(const struct model_knobs *knobs, uint32_t count, uint32_t expected)
{
    return knobs->value[KNOB_RESTART_BUSY] == RESTART_BUSY_LOST ? count >= expected : count == expected;
}

/* Small runs, one right after the other, while interrupts wait. */
static const char *run_in_a_row(async_memcpy_t trigger, struct seen *seen, const struct model_knobs *knobs)
{
    unsigned char *memory = new_memory(600);
    unsigned before = atomic_load(&seen->calls);
    unsigned mask = port_irq_mask();
    for (unsigned i = 0; i < BURST; i++) {
        assert_ok(esp_async_memcpy(trigger, memory + 300, memory, 256, NULL, NULL));
    }
    sleep_ms(1);
    port_irq_unmask(mask);
    assert_ok(esp_async_memcpy_wait(trigger, -1));
    bool came = await(&seen->calls, before + BURST);
    heap_caps_free(memory);
    return came && is_exact(knobs, atomic_load(&seen->calls), before + BURST)
               ? NULL
               : "runs in a row were not all told";
}

static const char *try_size(async_memcpy_t trigger, async_memcpy_t driver, size_t size,
                            const struct model_knobs *knobs, uint32_t *changes)
{
    unsigned char *src = new_memory(size);
    unsigned char *dst = new_memory(size);
    struct seen seen = {.calls = 0};
    esp_etm_task_handle_t task = NULL;
    assert_ok(esp_async_memcpy_new_etm_task(driver, dst, src, size, see, &seen, &task));
    esp_etm_event_handle_t event = new_event(trigger);
    esp_etm_event_handle_t done = new_event(driver);
    esp_etm_task_handle_t toggle = new_pin_task(GPIO_ETM_TASK_ACTION_TOG, PIN);
    esp_etm_channel_handle_t to_copy = wire(event, task);
    esp_etm_channel_handle_t to_pin = wire(done, toggle);
    uint32_t before = softchip_pin_changes(PIN);
    const char *wrong = run(trigger, &seen, dst, src, size);
    if (wrong == NULL && size < 16) {
        wrong = run_in_a_row(trigger, &seen, knobs);
    }
    *changes = softchip_pin_changes(PIN) - before;
    if (wrong == NULL && (!await(&seen.calls, *changes) || *changes != atomic_load(&seen.calls))) {
        wrong = "the pin has another count";
    }
    unwire(to_pin);
    unwire(to_copy);
    assert_ok(esp_etm_del_task(task));
    del_pin_task(toggle, PIN);
    assert_ok(esp_etm_del_event(done));
    assert_ok(esp_etm_del_event(event));
    heap_caps_free(dst);
    heap_caps_free(src);
    return wrong;
}

static void try_setting(const struct model_knobs *knobs)
{
    static const size_t sizes[SIZES] = {7, 64, 4200};
    set_all(knobs);
    async_memcpy_t trigger = install(BURST);
    async_memcpy_t driver = install(8);
    for (unsigned i = 0; i < SIZES; i++) {
        uint32_t changes;
        const char *wrong = try_size(trigger, driver, sizes[i], knobs, &changes);
        if (wrong != NULL) {
            print_error("%s (size %zu, %u toggles) at\n", wrong, sizes[i], (unsigned)changes);
            print_setting(knobs);
            fail();
        }
    }
    uninstall(driver);
    uninstall(trigger);
    set_all(&(struct model_knobs){{0}});
}

static void every_value_of_every_knob(void **state)
{
    (void)state;
    for (unsigned knob = 0; knob < KNOB_COUNT; knob++) {
        for (unsigned value = 0; value < knob_table[knob].count; value++) {
            struct model_knobs knobs = {{0}};
            knobs.value[knob] = (uint8_t)value;
            if (!is_excluded(knob, value) && (value != 0 || knob == 0)) {
                try_setting(&knobs);
            }
        }
    }
}

static struct model_knobs any_setting(unsigned *seed)
{
    struct model_knobs knobs = {{0}};
    for (unsigned knob = 0; knob < KNOB_COUNT; knob++) {
        do {
            knobs.value[knob] = (uint8_t)((unsigned)rand_r(seed) % knob_table[knob].count);
        } while (is_excluded(knob, knobs.value[knob]));
    }
    return knobs;
}

static void settings_at_random(void **state)
{
    (void)state;
    const char *given = getenv("ASYNC_MEMCPY_SEED");
    bool quick = getenv("ASYNC_MEMCPY_TEST") != NULL;
    unsigned seed = given != NULL ? (unsigned)strtoul(given, NULL, 0) : 1;
    for (unsigned count = quick ? 20 : 200; count > 0; count--) {
        unsigned before = seed;
        struct model_knobs knobs = any_setting(&seed);
        print_message("# ASYNC_MEMCPY_SEED=%u\n", before);
        try_setting(&knobs);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {chip_test(every_value_of_every_knob), chip_test(settings_at_random)};
    return cmocka_run_group_tests(tests, switch_chip_on, NULL);
}
