/* SPDX-License-Identifier: Apache-2.0 */
/* The software chip's one core: interrupts that come by themselves, and critical sections that hold them off.
 */
#include <sched.h>
#include <string.h>

#include "chip/gdma_v1.h"
#include "chip/mmio.h"
#include "freertos/FreeRTOS.h"
#include "scene.h"
#include "softchip.h"

#define PATIENCE_MS 120000

static bool raise_flag(async_memcpy_t driver, async_memcpy_event_t *event, void *argument)
{
    (void)driver, (void)event;
    atomic_store((atomic_bool *)argument, true);
    return false;
}

static esp_err_t submit_flagged(async_memcpy_t driver, const struct areas *areas, atomic_bool *flag)
{
    const struct oracle *oracle = &areas->oracle;
    return esp_async_memcpy(driver, oracle->dst, oracle->src, oracle->n, raise_flag, flag);
}

static bool flag_is_raised(const atomic_bool *flag)
{
    const int64_t end = now_ms() + PATIENCE_MS;
    while (!atomic_load(flag) && now_ms() < end) {
    }
    return atomic_load(flag);
}

/* The task makes no call of the library meanwhile. */
static void interrupts_come_while_the_task_computes(void **state)
{
    (void)state;
    async_memcpy_t driver = install(1);
    struct areas areas;
    areas_open(&areas, 5000);
    for (unsigned long i = 0; i < times(200, 50); i++) {
        atomic_bool flag = false;
        areas_prepare(&areas, i % 4, i % 3, 5000);
        assert_ok(submit_flagged(driver, &areas, &flag));
        assert_true(flag_is_raised(&flag));
        areas_check(&areas);
    }
    areas_close(&areas);
    uninstall(driver);
}

/* The first driver has the first pair. */
static bool hardware_has_ended(void)
{
    const int64_t end = now_ms() + PATIENCE_MS;
    while ((mmio_read(gdma_in_int(0, GDMA_INT_RAW)) & GDMA_IN_SUC_EOF) == 0 && now_ms() < end) {
    }
    return (mmio_read(gdma_in_int(0, GDMA_INT_RAW)) & GDMA_IN_SUC_EOF) != 0;
}

/* The hardware goes on in a critical section, and its interrupt stays due until the end of it. */
static void critical_section_delays_the_handler_and_not_the_hardware(void **state)
{
    (void)state;
    static portMUX_TYPE outer = portMUX_INITIALIZER_UNLOCKED, inner = portMUX_INITIALIZER_UNLOCKED;
    async_memcpy_t driver = install(1);
    struct areas areas;
    areas_open(&areas, 500);
    for (unsigned long i = 0; i < times(200, 50); i++) {
        atomic_bool flag = false;
        portENTER_CRITICAL(&outer);
        esp_err_t status = submit_flagged(driver, &areas, &flag);
        bool ended = hardware_has_ended();
        portENTER_CRITICAL(&inner);
        portEXIT_CRITICAL(&inner); /* masked still */
        for (unsigned turn = 0; turn < 20; turn++) {
            sched_yield();
        }
        bool too_early = atomic_load(&flag);
        portEXIT_CRITICAL(&outer);
        assert_ok(status);
        assert_true(ended);
        assert_false(too_early);
        assert_true(flag_is_raised(&flag));
    }
    areas_check(&areas);
    areas_close(&areas);
    uninstall(driver);
}

/* ---- Tasks in sections, and handlers ---- */

#define TASKS 2

/* `entries` has no lock of its own and is not atomic: what guards it is the chip's one core, so the sanitizer
 * for threads watches as well. */
struct core {
    portMUX_TYPE muxes[TASKS];
    unsigned long entries;
    unsigned long intrusions; /* entries that a handler saw come while it ran */
    unsigned long handlers;
    atomic_bool stop;
};

struct enterer {
    struct core *core;
    portMUX_TYPE *mux;
    unsigned long entries;
    struct thread thread;
};

static void enter_and_leave(void *argument)
{
    struct enterer *enterer = argument;
    do { /* once at least, however late it is let in */
        portENTER_CRITICAL(enterer->mux);
        unsigned long before = enterer->core->entries;
        sched_yield();
        enterer->core->entries = before + 1;
        portEXIT_CRITICAL(enterer->mux);
        enterer->entries++;
        sched_yield();
    } while (!atomic_load(&enterer->core->stop));
}

static bool look_for_intruders(async_memcpy_t driver, async_memcpy_event_t *event, void *argument)
{
    (void)driver, (void)event;
    struct core *core = argument;
    volatile unsigned long *entries = &core->entries;
    unsigned long before = *entries;
    for (unsigned turn = 0; turn < 10; turn++) {
        sched_yield();
        core->intrusions += *entries != before;
    }
    portENTER_CRITICAL_ISR(&core->muxes[0]); /* no task can hold it now */
    core->intrusions += *entries != before;
    portEXIT_CRITICAL_ISR(&core->muxes[0]);
    core->handlers++;
    return false;
}

/* The tasks have a mux each: on one core they exclude each other nevertheless, and handlers. */
static void no_task_enters_a_critical_section_while_a_handler_runs(void **state)
{
    (void)state;
    struct core core = {.muxes = {portMUX_INITIALIZER_UNLOCKED, portMUX_INITIALIZER_UNLOCKED}};
    struct enterer tasks[TASKS];
    struct areas areas;
    const unsigned long copies = times(1000, 200);
    async_memcpy_t driver = install(4);
    areas_open(&areas, 64);
    for (unsigned i = 0; i < TASKS; i++) {
        tasks[i] = (struct enterer){.core = &core, .mux = &core.muxes[i]};
        thread_start(&tasks[i].thread, enter_and_leave, &tasks[i]);
    }
    for (unsigned long i = 0; i < copies; i++) {
        assert_ok(esp_async_memcpy_timed(driver, areas.oracle.dst, areas.oracle.src, areas.oracle.n,
                                         look_for_intruders, &core, PATIENCE_MS));
    }
    assert_ok(esp_async_memcpy_wait(driver, PATIENCE_MS));
    atomic_store(&core.stop, true);
    for (unsigned i = 0; i < TASKS; i++) {
        thread_join(&tasks[i].thread);
    }
    assert_int_equal(core.handlers, copies);
    assert_int_equal(core.intrusions, 0);
    assert_int_equal(core.entries, tasks[0].entries + tasks[1].entries);
    assert_true(core.entries > 0);
    areas_close(&areas);
    uninstall(driver);
}

/* A task that enters sections without a pause lets the interrupts through in between. */
static void handlers_come_between_critical_sections(void **state)
{
    (void)state;
    portMUX_TYPE mux = portMUX_INITIALIZER_UNLOCKED;
    async_memcpy_t driver = install(1);
    struct areas areas;
    areas_open(&areas, 64);
    const int64_t end = now_ms() + PATIENCE_MS;
    for (unsigned long i = 0; i < times(500, 50); i++) {
        atomic_bool flag = false;
        bool seen = false;
        assert_ok(submit_flagged(driver, &areas, &flag));
        while (!seen && now_ms() < end) {
            portENTER_CRITICAL(&mux);
            seen = atomic_load(&flag);
            portEXIT_CRITICAL(&mux);
        }
        assert_true(seen);
    }
    areas_close(&areas);
    uninstall(driver);
}

/* ---- Several drivers ---- */

struct flow {
    async_memcpy_t driver;
    struct areas areas;
    unsigned long rounds;
    unsigned long wrong;
    struct thread thread;
};

static void flow_on(void *argument)
{
    struct flow *flow = argument;
    struct oracle *oracle = &flow->areas.oracle;
    char message[200];
    for (unsigned long i = 0; i < flow->rounds; i++) {
        oracle->seed += 16;
        oracle_prepare(oracle);
        flow->wrong +=
            esp_memcpy_blocking(flow->driver, oracle->dst, oracle->src, oracle->n, PATIENCE_MS) != ESP_OK ||
            oracle_check(oracle, message, sizeof message) != ORACLE_GOOD;
    }
}

static void run_flows(struct flow *flows, unsigned count)
{
    for (unsigned i = 0; i < count; i++) {
        flows[i].rounds = times(300, 60);
        areas_open(&flows[i].areas, 100 + 977 * i);
        thread_start(&flows[i].thread, flow_on, &flows[i]);
    }
    for (unsigned i = 0; i < count; i++) {
        thread_join(&flows[i].thread);
        areas_close(&flows[i].areas);
        assert_int_equal(flows[i].wrong, 0);
    }
}

/* Two tasks on each of all pairs. */
static void several_tasks_copy_on_every_pair_at_once(void **state)
{
    (void)state;
    enum { FLOWS = 2 * CHIP_GDMA_PAIRS };
    struct flow flows[FLOWS];
    for (unsigned i = 0; i < FLOWS; i += 2) {
        flows[i] = (struct flow){.driver = install(3)};
        flows[i + 1] = flows[i];
    }
    run_flows(flows, FLOWS);
    for (unsigned i = 0; i < FLOWS; i += 2) {
        uninstall(flows[i].driver);
    }
}

/* The chip's memory is ordinary memory for a thread. */
static void drivers_of_both_engines_live_in_one_program(void **state)
{
    (void)state;
    struct flow flows[2] = {{.driver = install(2)}, {.driver = NULL}};
    async_memcpy_config_t config = ASYNC_MEMCPY_DEFAULT_CONFIG();
    char outside[2][100] = {"outside of the chip"};
    assert_ok(esp_async_memcpy_install_threads(&config, &flows[1].driver));
    run_flows(flows, 2);
    assert_ok(esp_memcpy_blocking(flows[1].driver, outside[1], outside[0], sizeof outside[0], -1));
    assert_string_equal(outside[1], "outside of the chip");
    uninstall(flows[0].driver);
    uninstall(flows[1].driver);
}

/* ---- Counters ---- */

static void counters_tell_what_the_bus_did(void **state)
{
    (void)state;
    const size_t n = 4000;
    struct areas areas;
    async_memcpy_t driver = install(1);
    areas_open(&areas, n);
    struct softchip_counters before = softchip_read_counters();
    copy_and_check(driver, &areas, 0, 0, n);
    struct softchip_counters after = softchip_read_counters();
    assert_true(after.data_cycles - before.data_cycles >= 2 * n / 4); /* a word a cycle at the best */
    assert_true(after.busy_cycles - before.busy_cycles >= after.data_cycles - before.data_cycles);
    assert_true(after.cycles - before.cycles >= after.busy_cycles - before.busy_cycles);
    assert_in_range(after.interrupts - before.interrupts, 1, 10);
    areas_close(&areas);
    uninstall(driver);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(interrupts_come_while_the_task_computes),
        cmocka_unit_test(critical_section_delays_the_handler_and_not_the_hardware),
        cmocka_unit_test(no_task_enters_a_critical_section_while_a_handler_runs),
        cmocka_unit_test(handlers_come_between_critical_sections),
        cmocka_unit_test(several_tasks_copy_on_every_pair_at_once),
        cmocka_unit_test(drivers_of_both_engines_live_in_one_program),
        cmocka_unit_test(counters_tell_what_the_bus_did),
    };
    return cmocka_run_group_tests_name("softchip.core", tests, NULL, NULL);
}
