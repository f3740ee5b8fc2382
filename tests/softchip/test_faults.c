/* SPDX-License-Identifier: Apache-2.0 */
/* Faults of the hardware: what becomes of the copy at hand, of those behind it, and of the channel. */
#include <sched.h>
#include <string.h>

#include "faults.h"
#include "model/model.h"
#include "scene.h"
#include "softchip.h"

#define COPIES      5
#define PATIENCE_MS 120000

/* COPIES submitted at once to a driver on the first pair, whose hardware stands still until they are. */
struct batch {
    async_memcpy_t driver;
    struct areas areas[COPIES];
    struct record records[COPIES];
};

static void load(struct batch *batch, uint32_t backlog, size_t size)
{
    *batch = (struct batch){.driver = install(backlog)};
    row.hold(batch->driver);
    for (unsigned i = 0; i < COPIES; i++) {
        areas_open(&batch->areas[i], size + i);
        assert_ok(submit(batch->driver, &batch->areas[i], &batch->records[i]));
    }
}

/* Each has completed once: one with this status, which wait() returns (none if it is ESP_OK), and the others
 * well. */
static void judge(struct batch *batch, esp_err_t wanted)
{
    unsigned failed = 0;
    row.release();
    assert_code(esp_async_memcpy_wait(batch->driver, PATIENCE_MS), wanted);
    assert_ok(esp_async_memcpy_wait(batch->driver, 0));
    for (unsigned i = 0; i < COPIES; i++) {
        assert_int_equal(atomic_load(&batch->records[i].calls), 1);
        if (batch->records[i].result.status == ESP_OK) {
            areas_check(&batch->areas[i]);
        } else {
            assert_code(batch->records[i].result.status, wanted);
            failed++;
        }
    }
    assert_int_equal(failed, wanted != ESP_OK);
}

static void unload(struct batch *batch)
{
    for (unsigned i = 0; i < COPIES; i++) {
        copy_and_check(batch->driver, &batch->areas[i], i, 0, 100);
        areas_close(&batch->areas[i]);
    }
    uninstall(batch->driver);
}

static void check_fault(enum model_fault fault, unsigned channel, size_t size, esp_err_t wanted)
{
    struct batch batch;
    load(&batch, COPIES, size);
    softchip_inject(fault, channel);
    judge(&batch, wanted);
    unload(&batch);
}

static void channel_that_stops_fails_one_copy_and_recovers(void **state)
{
    (void)state;
    check_fault(FAULT_CHANNEL_STOPS, MODEL_IN(0), 100, ESP_ERR_TIMEOUT);
    check_fault(FAULT_CHANNEL_STOPS, MODEL_OUT(0), 100, ESP_ERR_TIMEOUT);
    check_fault(FAULT_CHANNEL_STOPS, MODEL_IN(0), 20000, ESP_ERR_TIMEOUT);
    check_fault(FAULT_CHANNEL_STOPS, MODEL_OUT(0), 20000, ESP_ERR_TIMEOUT);
}

static void bad_descriptor_fails_one_copy_and_recovers(void **state)
{
    (void)state;
    check_fault(FAULT_BAD_DESCRIPTOR, MODEL_IN(0), 100, ESP_ERR_INVALID_RESPONSE);
    check_fault(FAULT_BAD_DESCRIPTOR, MODEL_OUT(0), 100, ESP_ERR_INVALID_RESPONSE);
    check_fault(FAULT_BAD_DESCRIPTOR, MODEL_IN(0), 20000, ESP_ERR_INVALID_RESPONSE);
    check_fault(FAULT_BAD_DESCRIPTOR, MODEL_OUT(0), 20000, ESP_ERR_INVALID_RESPONSE);
}

static void odd_interrupts_harm_nothing(void **state)
{
    (void)state;
    for (unsigned size = 100; size < 20000; size += 9000) {
        check_fault(FAULT_SPURIOUS_INTERRUPT, MODEL_IN(0), size, ESP_OK);
        check_fault(FAULT_LATE_INTERRUPT, MODEL_IN(0), size, ESP_OK);
    }
}

/* ---- At every moment, counted in steps of the hardware ---- */

#define LONG 20000 /* bytes: more descriptors than the driver has */

/* Two copies on their way for so many steps, then a fault and one more copy, of this size. Returns how many
 * failed. */
static unsigned fail_after(unsigned steps, enum model_fault fault, unsigned channel, size_t size,
                           esp_err_t wanted)
{
    enum { ALL = 3 };
    struct areas areas[ALL];
    struct record records[ALL] = {{.wants_yield = true}, {.wants_yield = true}, {.wants_yield = true}};
    unsigned failed = 0;
    async_memcpy_t driver = install(ALL);
    for (unsigned i = 0; i < ALL; i++) {
        areas_open(&areas[i], i == ALL - 1 ? size : 20 + i);
    }
    row.hold(driver);
    assert_ok(submit(driver, &areas[0], &records[0]));
    assert_ok(submit(driver, &areas[1], &records[1]));
    softchip_run(steps);
    softchip_inject(fault, channel);
    assert_ok(submit(driver, &areas[2], &records[2]));
    row.release();
    esp_err_t status = esp_async_memcpy_wait(driver, PATIENCE_MS);
    for (unsigned i = 0; i < ALL; i++) {
        assert_int_equal(atomic_load(&records[i].calls), 1);
        if (records[i].result.status == ESP_OK) {
            areas_check(&areas[i]);
        } else {
            assert_code(records[i].result.status, wanted);
            failed++;
        }
        areas_close(&areas[i]);
    }
    assert_code(status, failed != 0 ? wanted : ESP_OK);
    uninstall(driver);
    return failed;
}

/* At the most one copy fails, and at some moment one does if any may. */
static void sweep(enum model_fault fault, esp_err_t wanted)
{
    const unsigned channels[] = {MODEL_IN(0), MODEL_OUT(0)};
    unsigned long yields = faults_yields();
    for (unsigned i = 0; i < 2; i++) {
        unsigned failing = 0;
        for (unsigned steps = 0; steps < 90; steps += is_quick() ? 7 : 2) {
            unsigned failed = fail_after(steps, fault, channels[i], steps % 3 == 0 ? LONG : 30, wanted);
            assert_in_range(failed, 0, 1);
            failing += failed;
        }
        assert_int_equal(failing != 0, wanted != ESP_OK);
    }
    assert_true(faults_yields() > yields);
}

static void bad_descriptor_at_any_step_fails_one_copy(void **state)
{
    (void)state;
    sweep(FAULT_BAD_DESCRIPTOR, ESP_ERR_INVALID_RESPONSE);
}

static void stopping_channel_at_any_step_fails_one_copy(void **state)
{
    (void)state;
    sweep(FAULT_CHANNEL_STOPS, ESP_ERR_TIMEOUT);
}

static void restart_lost_at_any_step_fails_no_copy(void **state)
{
    (void)state;
    sweep(FAULT_LOST_RESTART, ESP_OK);
}

static void odd_interrupt_at_any_step_fails_no_copy(void **state)
{
    (void)state;
    sweep(FAULT_SPURIOUS_INTERRUPT, ESP_OK);
    sweep(FAULT_LATE_INTERRUPT, ESP_OK);
}

/* ---- Around the fault ---- */

static void fault_on_one_pair_leaves_the_others_alone(void **state)
{
    (void)state;
    struct batch batch;
    struct areas areas;
    load(&batch, COPIES, 3000);
    async_memcpy_t other = install(2);
    areas_open(&areas, 3000);
    assert_ok(submit(other, &areas, NULL));
    softchip_inject(FAULT_CHANNEL_STOPS, MODEL_IN(0));
    judge(&batch, ESP_ERR_TIMEOUT);
    assert_ok(esp_async_memcpy_wait(other, PATIENCE_MS));
    areas_check(&areas);
    unload(&batch);
    areas_close(&areas);
    uninstall(other);
}

static void uninstall_ends_although_the_channel_has_stopped(void **state)
{
    (void)state;
    struct batch batch;
    unsigned calls = 0;
    load(&batch, COPIES, 3000);
    softchip_inject(FAULT_CHANNEL_STOPS, MODEL_OUT(0));
    row.release();
    uninstall(batch.driver);
    for (unsigned i = 0; i < COPIES; i++) {
        calls += atomic_load(&batch.records[i].calls);
        areas_close(&batch.areas[i]);
    }
    assert_int_equal(calls, COPIES);
}

/* ---- Faults at any moment ---- */

struct stream {
    unsigned long completed;
    unsigned long failed;
    unsigned long damaged; /* reported as good */
};

static bool stream_on(async_memcpy_t driver, async_memcpy_event_t *event, void *argument)
{
    (void)driver;
    struct stream *stream = argument;
    const async_memcpy_result_t *result = event->data;
    stream->completed++;
    stream->failed += result->status != ESP_OK;
    stream->damaged += result->status == ESP_OK && memcmp(result->dst, result->src, result->size) != 0;
    memset(result->dst, 0, result->size);
    return false;
}

/* While copies flow, a fault every few of them: each copy completes once, and no more fail than faults came.
 */
static void check_stream(const enum model_fault *faults, size_t kinds, unsigned long most_failing)
{
    enum { SLOTS = 8, SIZE = 5000 };
    struct stream stream = {0};
    const unsigned long copies = times(2000, 200);
    async_memcpy_t driver = install(SLOTS);
    unsigned char *src = row.alloc(SIZE, 4);
    unsigned char *dst = row.alloc(SLOTS * SIZE, 4);
    assert_true(src != NULL && dst != NULL);
    for (unsigned i = 0; i < SIZE; i++) {
        src[i] = (unsigned char)(i % 251 + 1);
    }
    memset(dst, 0, SLOTS * SIZE);
    for (unsigned long i = 0; i < copies; i++) {
        assert_ok(esp_async_memcpy_timed(driver, dst + i % SLOTS * SIZE, src, 1 + i * 7 % SIZE, stream_on,
                                         &stream, PATIENCE_MS));
        if (i % 10 == 9) {
            softchip_inject(faults[i / 10 % kinds], i / 10 % 2 == 0 ? MODEL_IN(0) : MODEL_OUT(0));
        }
    }
    esp_async_memcpy_wait(driver, PATIENCE_MS);
    uninstall(driver);
    assert_int_equal(stream.completed, copies);
    assert_int_equal(stream.damaged, 0);
    assert_in_range(stream.failed, 0, most_failing * (copies / 10));
    row.free(src);
    row.free(dst);
}

static void harmless_faults_at_any_moment_fail_no_copy(void **state)
{
    (void)state;
    const enum model_fault faults[] = {FAULT_LOST_RESTART, FAULT_SPURIOUS_INTERRUPT, FAULT_LATE_INTERRUPT};
    check_stream(faults, sizeof faults / sizeof *faults, 0);
}

static void faults_at_any_moment_fail_a_copy_each_at_the_most(void **state)
{
    (void)state;
    const enum model_fault faults[] = {FAULT_CHANNEL_STOPS, FAULT_BAD_DESCRIPTOR, FAULT_LOST_RESTART,
                                       FAULT_SPURIOUS_INTERRUPT, FAULT_LATE_INTERRUPT};
    check_stream(faults, sizeof faults / sizeof *faults, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(channel_that_stops_fails_one_copy_and_recovers),
        cmocka_unit_test(bad_descriptor_fails_one_copy_and_recovers),
        cmocka_unit_test(odd_interrupts_harm_nothing),
        cmocka_unit_test(bad_descriptor_at_any_step_fails_one_copy),
        cmocka_unit_test(stopping_channel_at_any_step_fails_one_copy),
        cmocka_unit_test(restart_lost_at_any_step_fails_no_copy),
        cmocka_unit_test(odd_interrupt_at_any_step_fails_no_copy),
        cmocka_unit_test(fault_on_one_pair_leaves_the_others_alone),
        cmocka_unit_test(uninstall_ends_although_the_channel_has_stopped),
        cmocka_unit_test(harmless_faults_at_any_moment_fail_no_copy),
        cmocka_unit_test(faults_at_any_moment_fail_a_copy_each_at_the_most),
    };
    return cmocka_run_group_tests_name("softchip.faults", tests, NULL, NULL);
}
