/* SPDX-License-Identifier: Apache-2.0 */
/* Errors of a device: what becomes of the copy concerned, of those behind it, and of the device. */
#include <errno.h>
#include <limits.h>
#include <stdlib.h>

#include "hardware.h"
#include "scene.h"

#define COPIES      6
#define SIZE        100000 /* four pieces */
#define PIECES      (4 * COPIES)
#define PATIENCE_MS 120000

/* Every piece in turn; under sanitizers every fifth, which meets each piece of a copy. */
static unsigned step(void)
{
    return is_quick() ? 5 : 1;
}

struct batch {
    async_memcpy_t driver;
    struct areas areas[COPIES];
    struct record records[COPIES];
    unsigned failed; /* counted by judge() */
    unsigned first;  /* that failed */
};

static void open_batch(struct batch *batch)
{
    async_memcpy_config_t config = {.backlog = COPIES};
    *batch = (struct batch){.failed = 0};
    assert_ok(hardware_install(&config, &batch->driver));
    for (unsigned i = 0; i < COPIES; i++) {
        areas_open(&batch->areas[i], SIZE);
    }
}

static void submit_batch(struct batch *batch)
{
    for (unsigned i = 0; i < COPIES; i++) {
        batch->records[i] = (struct record){.calls = 0};
        areas_prepare(&batch->areas[i], i, 2 * i, SIZE - i);
        assert_ok(submit(batch->driver, &batch->areas[i], &batch->records[i]));
    }
}

/* Each has completed once: well, and then it is copied; or with this status, which wait() returns. */
static void judge(struct batch *batch, esp_err_t wanted)
{
    batch->failed = 0;
    assert_code(esp_async_memcpy_wait(batch->driver, PATIENCE_MS), wanted);
    assert_ok(esp_async_memcpy_wait(batch->driver, 0));
    for (unsigned i = COPIES; i-- > 0;) {
        assert_int_equal(atomic_load(&batch->records[i].calls), 1);
        if (batch->records[i].result.status == ESP_OK) {
            areas_check(&batch->areas[i]);
        } else {
            assert_code(batch->records[i].result.status, wanted);
            batch->first = i;
            batch->failed++;
        }
    }
}

/* The device works again. */
static void close_batch(struct batch *batch)
{
    submit_batch(batch);
    judge(batch, ESP_OK);
    assert_int_equal(atomic_load(&hardware_seen.misuses), 0);
    for (unsigned i = 0; i < COPIES; i++) {
        areas_close(&batch->areas[i]);
    }
    uninstall(batch->driver);
}

static void check_fault(struct hardware_fault_at fault, unsigned at, esp_err_t wanted)
{
    struct batch batch;
    hardware_reset();
    open_batch(&batch);
    hardware_fault = fault;
    hardware_fault.at = at;
    submit_batch(&batch);
    judge(&batch, wanted);
    assert_int_equal(batch.failed, wanted != ESP_OK);
    assert_true(wanted == ESP_OK || batch.first == at / 4);
    close_batch(&batch);
}

/* With this fault at each piece in turn. */
static void sweep(struct hardware_fault_at fault, esp_err_t wanted)
{
    for (unsigned at = 0; at < PIECES; at += step()) {
        check_fault(fault, at, wanted);
    }
}

static void report_at_any_piece_fails_its_copy_only(void **state)
{
    (void)state;
    sweep((struct hardware_fault_at){HARDWARE_FAILS, 0, 1, RTE_DMA_STATUS_INVALID_ADDR, 0},
          ESP_ERR_INVALID_ARG);
    sweep((struct hardware_fault_at){HARDWARE_FAILS, 0, 1, RTE_DMA_STATUS_BUS_ERROR, 0},
          ESP_ERR_INVALID_RESPONSE);
}

static void every_report_has_its_status(void **state)
{
    (void)state;
    static const struct {
        enum rte_dma_status_code code;
        esp_err_t status;
    } reports[] = {
        {RTE_DMA_STATUS_INVALID_SRC_ADDR, ESP_ERR_INVALID_ARG},
        {RTE_DMA_STATUS_INVALID_DST_ADDR, ESP_ERR_INVALID_ARG},
        {RTE_DMA_STATUS_INVALID_ADDR, ESP_ERR_INVALID_ARG},
        {RTE_DMA_STATUS_INVALID_OPCODE, ESP_ERR_INVALID_RESPONSE},
        {RTE_DMA_STATUS_BUS_READ_ERROR, ESP_ERR_INVALID_RESPONSE},
        {RTE_DMA_STATUS_BUS_WRITE_ERROR, ESP_ERR_INVALID_RESPONSE},
        {RTE_DMA_STATUS_BUS_ERROR, ESP_ERR_INVALID_RESPONSE},
        {RTE_DMA_STATUS_DATA_POISION, ESP_ERR_INVALID_RESPONSE},
        {RTE_DMA_STATUS_DESCRIPTOR_READ_ERROR, ESP_ERR_INVALID_RESPONSE},
        {RTE_DMA_STATUS_DEV_LINK_ERROR, ESP_ERR_INVALID_RESPONSE},
        {RTE_DMA_STATUS_ERROR_UNKNOWN, ESP_ERR_INVALID_RESPONSE},
        {(enum rte_dma_status_code)(RTE_DMA_STATUS_ERROR_UNKNOWN + 1), ESP_ERR_INVALID_RESPONSE},
    };
    for (size_t i = 0; i < sizeof reports / sizeof *reports; i++) {
        struct hardware_fault_at fault = {HARDWARE_FAILS, 0, 1, reports[i].code, 0};
        check_fault(fault, (unsigned)(7 * i % PIECES), reports[i].status);
    }
}

/* The device left them alone, for a reason that is none of theirs: a page that is not there, a failure
 * before. */
static void piece_that_the_device_leaves_undone_is_copied_all_the_same(void **state)
{
    (void)state;
    const enum rte_dma_status_code codes[] = {RTE_DMA_STATUS_PAGE_FAULT, RTE_DMA_STATUS_NOT_ATTEMPTED,
                                              RTE_DMA_STATUS_USER_ABORT, RTE_DMA_STATUS_INVALID_LENGTH};
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++) {
        sweep((struct hardware_fault_at){HARDWARE_FAILS, 0, 1, codes[i], 0}, ESP_OK);
        sweep((struct hardware_fault_at){HARDWARE_FAILS, 0, PIECES, codes[i], 0}, ESP_OK);
    }
}

/* Several pieces of one copy, and several copies. */
static void failures_in_a_row_fail_the_copies_they_belong_to(void **state)
{
    (void)state;
    for (unsigned at = 0; at < PIECES; at += step()) {
        for (unsigned times = 1; at + times <= PIECES; times += 3) {
            struct batch batch;
            hardware_reset();
            open_batch(&batch);
            hardware_fault =
                (struct hardware_fault_at){HARDWARE_FAILS, at, times, RTE_DMA_STATUS_BUS_ERROR, 0};
            submit_batch(&batch);
            judge(&batch, ESP_ERR_INVALID_RESPONSE);
            assert_int_equal(batch.first, at / 4);
            assert_int_equal(batch.failed, (at + times - 1) / 4 - at / 4 + 1);
            close_batch(&batch);
        }
    }
}

static void device_that_takes_shorter_copies_only_is_given_shorter_ones(void **state)
{
    (void)state;
    for (uint32_t longest = 65536; longest >= 64; longest /= 3) {
        struct batch batch;
        hardware_reset();
        hardware_plan.longest = longest;
        open_batch(&batch);
        submit_batch(&batch);
        judge(&batch, ESP_OK);
        close_batch(&batch);
    }
}

static void refusal_at_any_piece_fails_its_copy_only(void **state)
{
    (void)state;
    sweep((struct hardware_fault_at){HARDWARE_REFUSES, 0, 1, 0, -EINVAL}, ESP_ERR_INVALID_STATE);
    sweep((struct hardware_fault_at){HARDWARE_REFUSES, 0, 1, 0, -EPERM}, ESP_ERR_INVALID_STATE);
}

/* It is idle, and yet takes nothing. */
static void device_that_takes_nothing_is_reset(void **state)
{
    (void)state;
    struct batch batch;
    hardware_reset();
    hardware_plan.mute = true;
    open_batch(&batch);
    hardware_fault = (struct hardware_fault_at){HARDWARE_REFUSES, 0, 1, 0, -ENOSPC};
    unsigned before = atomic_load(&hardware_seen.starts);
    submit_batch(&batch);
    judge(&batch, ESP_ERR_INVALID_STATE);
    assert_int_equal(batch.failed, 1);
    assert_int_equal(batch.first, 0);
    assert_int_equal(atomic_load(&hardware_seen.starts), before + 1);
    close_batch(&batch);
}

/* Few places, or short batches, whether it tells or not. */
static void device_that_is_full_takes_the_piece_later(void **state)
{
    (void)state;
    for (unsigned most = 1; most < 2 * PIECES; most += step()) {
        for (unsigned mute = 0; mute < 2; mute++) {
            struct batch batch;
            hardware_reset();
            hardware_plan.most = (uint16_t)most;
            hardware_plan.mute = mute != 0;
            hardware_plan.batch = mute != 0 ? 4000 : (uint16_t)(most % 7 + 1);
            open_batch(&batch);
            submit_batch(&batch);
            judge(&batch, ESP_OK);
            close_batch(&batch);
            assert_in_range(atomic_load(&hardware_seen.most), 1, most);
            assert_in_range(atomic_load(&hardware_seen.longest_batch), 1, hardware_plan.batch);
        }
    }
}

static void doorbell_that_fails_costs_one_copy(void **state)
{
    (void)state;
    for (unsigned at = 0; at < PIECES; at += step()) {
        struct batch batch;
        hardware_reset();
        open_batch(&batch);
        hardware_fault = (struct hardware_fault_at){HARDWARE_NO_DOORBELL, at, UINT_MAX, 0, 0};
        submit_batch(&batch);
        judge(&batch, ESP_ERR_INVALID_STATE);
        assert_int_equal(batch.failed, 1);
        close_batch(&batch);
    }
}

static void failure_without_a_report_costs_one_copy(void **state)
{
    (void)state;
    for (unsigned at = 0; at < PIECES; at += step()) {
        struct batch batch;
        hardware_reset();
        hardware_plan.reports_fail = true;
        open_batch(&batch);
        hardware_fault = (struct hardware_fault_at){HARDWARE_FAILS, at, 1, RTE_DMA_STATUS_BUS_ERROR, 0};
        submit_batch(&batch);
        judge(&batch, ESP_ERR_INVALID_STATE);
        assert_int_equal(batch.failed, 1);
        assert_int_equal(batch.first, at / 4);
        close_batch(&batch);
    }
}

/* Two seconds each. */
static void device_that_stands_still_fails_one_copy_and_is_reset(void **state)
{
    (void)state;
    const unsigned ats[] = {0, 9, PIECES - 1};
    for (size_t i = 0; i < sizeof ats / sizeof *ats; i++) {
        struct batch batch;
        hardware_reset();
        hardware_plan.backwards = i == 1; /* those behind have been copied before */
        open_batch(&batch);
        hardware_fault = (struct hardware_fault_at){HARDWARE_STANDS, ats[i], 1, 0, 0};
        unsigned starts = atomic_load(&hardware_seen.starts);
        int64_t before = now_ms();
        submit_batch(&batch);
        judge(&batch, ESP_ERR_TIMEOUT);
        assert_in_range(now_ms() - before, 1990, PATIENCE_MS);
        assert_int_equal(batch.failed, 1);
        assert_int_equal(batch.first, ats[i] / 4);
        close_batch(&batch);
        assert_int_equal(atomic_load(&hardware_seen.starts), starts + 1);
    }
}

static void uninstall_ends_although_the_device_stands_still(void **state)
{
    (void)state;
    struct batch batch;
    hardware_reset();
    open_batch(&batch);
    hardware_fault = (struct hardware_fault_at){HARDWARE_STANDS, 4, 1, 0, 0};
    submit_batch(&batch);
    uninstall(batch.driver);
    for (unsigned i = 0; i < COPIES; i++) {
        assert_int_equal(atomic_load(&batch.records[i].calls), 1);
        assert_code(batch.records[i].result.status, i == 1 ? ESP_ERR_TIMEOUT : ESP_OK);
        areas_close(&batch.areas[i]);
    }
}

/* The reset of a device that stands still fails: no copy is kept waiting, and once it can be reset all is
 * well. */
static void check_failing_reset(void (*set)(bool fails))
{
    struct batch batch;
    hardware_reset();
    open_batch(&batch);
    hardware_fault = (struct hardware_fault_at){HARDWARE_STANDS, 2, 1, 0, 0};
    set(true);
    submit_batch(&batch);
    assert_code(esp_async_memcpy_wait(batch.driver, PATIENCE_MS), ESP_ERR_TIMEOUT);
    for (unsigned i = 0; i < COPIES; i++) {
        assert_int_equal(atomic_load(&batch.records[i].calls), 1);
        assert_code(batch.records[i].result.status, i == 0 ? ESP_ERR_TIMEOUT : ESP_ERR_INVALID_STATE);
    }
    submit_batch(&batch);
    judge(&batch, ESP_ERR_INVALID_STATE);
    assert_int_equal(batch.failed, COPIES);
    set(false);
    close_batch(&batch);
}

static void start_fails(bool fails)
{
    hardware_plan.start = fails ? -EIO : 0;
}

static void stop_fails(bool fails)
{
    hardware_plan.stop = fails ? -EBUSY : 0;
}

static void setup_fails(bool fails)
{
    hardware_plan.setup = fails ? -ENOMEM : 0;
}

static void configure_fails(bool fails)
{
    hardware_plan.configure = fails ? -EINVAL : 0;
}

static void stays_active(bool active)
{
    hardware_plan.stays_active = active;
}

static void device_that_cannot_be_reset_fails_every_copy_until_it_can(void **state)
{
    (void)state;
    check_failing_reset(start_fails);
    check_failing_reset(stop_fails);
    check_failing_reset(setup_fails);
    check_failing_reset(configure_fails);
    check_failing_reset(stays_active);
}

/* Whatever fails whenever, also where copies are made in another order: each completes once, and those that
 * completed well are copied. Prints the seed. */
static void faults_at_random(void **state)
{
    (void)state;
    const enum rte_dma_status_code codes[] = {RTE_DMA_STATUS_BUS_ERROR, RTE_DMA_STATUS_PAGE_FAULT,
                                              RTE_DMA_STATUS_INVALID_LENGTH, RTE_DMA_STATUS_NOT_ATTEMPTED};
    const enum hardware_fault faults[] = {HARDWARE_FAILS, HARDWARE_REFUSES, HARDWARE_NO_DOORBELL};
    unsigned seed = (unsigned)now_ms();
    print_message("seed %u\n", seed);
    for (unsigned long i = 0; i < times(300, 100); i++) {
        struct batch batch;
        hardware_reset();
        hardware_plan.backwards = rand_r(&seed) % 2 == 0;
        hardware_plan.most = (uint16_t)(rand_r(&seed) % 70 + 1);
        hardware_plan.batch = (uint16_t)(rand_r(&seed) % 70 + 1);
        open_batch(&batch);
        hardware_fault = (struct hardware_fault_at){
            .fault = faults[rand_r(&seed) % 3],
            .at = (unsigned)rand_r(&seed) % PIECES,
            .times = (unsigned)rand_r(&seed) % 8,
            .code = codes[rand_r(&seed) % 4],
            .refusal = -EIO,
        };
        submit_batch(&batch);
        esp_async_memcpy_wait(batch.driver, PATIENCE_MS);
        esp_async_memcpy_wait(batch.driver, PATIENCE_MS);
        for (unsigned copy = 0; copy < COPIES; copy++) {
            assert_int_equal(atomic_load(&batch.records[copy].calls), 1);
            if (batch.records[copy].result.status == ESP_OK) {
                areas_check(&batch.areas[copy]);
            }
        }
        hardware_fault.fault = HARDWARE_NO_FAULT;
        close_batch(&batch);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_report_has_its_status),
        cmocka_unit_test(report_at_any_piece_fails_its_copy_only),
        cmocka_unit_test(piece_that_the_device_leaves_undone_is_copied_all_the_same),
        cmocka_unit_test(failures_in_a_row_fail_the_copies_they_belong_to),
        cmocka_unit_test(device_that_takes_shorter_copies_only_is_given_shorter_ones),
        cmocka_unit_test(refusal_at_any_piece_fails_its_copy_only),
        cmocka_unit_test(device_that_takes_nothing_is_reset),
        cmocka_unit_test(device_that_is_full_takes_the_piece_later),
        cmocka_unit_test(doorbell_that_fails_costs_one_copy),
        cmocka_unit_test(failure_without_a_report_costs_one_copy),
        cmocka_unit_test(device_that_stands_still_fails_one_copy_and_is_reset),
        cmocka_unit_test(uninstall_ends_although_the_device_stands_still),
        cmocka_unit_test(device_that_cannot_be_reset_fails_every_copy_until_it_can),
        cmocka_unit_test(faults_at_random),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
