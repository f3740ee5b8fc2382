/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Hardware beyond what the model can do: registers and descriptors that read otherwise than they should. The
 * linker puts __wrap_bus_read() in place of bus_read(). No answer may hang the program or report a copy that
 * was not made.
 */
#include "chip/gdma_v1.h"
#include "chip/mmio.h"
#include "faults.h"
#include "port.h"
#include "scene.h"

#define PATIENCE_MS 120000

#define FOR_EVER INT32_MAX

/* Reads of this address, from the first one on for some time: what is added and what taken away. */
struct lie {
    _Atomic uint32_t address; /* 0: no lie */
    _Atomic uint32_t set, clear;
    _Atomic int32_t ms;
    _Atomic int64_t end; /* 0: not begun */
};

static struct lie lies[2];

static void tell_as(struct lie *lie, uint32_t address, uint32_t set, uint32_t clear, int32_t ms)
{
    lie->address = 0;
    lie->set = set;
    lie->clear = clear;
    lie->ms = ms;
    lie->end = 0;
    lie->address = address;
}

static void tell(uint32_t address, uint32_t set, uint32_t clear, int32_t ms)
{
    tell_as(&lies[0], address, set, clear, ms);
}

static void tell_the_truth(void)
{
    lies[0].address = 0;
    lies[1].address = 0;
}

uint32_t __real_bus_read(uint32_t address);
uint32_t __wrap_bus_read(uint32_t address);
uint32_t __wrap_bus_read(uint32_t address)
{
    uint32_t value = __real_bus_read(address);
    struct lie *lie = address == lies[1].address ? &lies[1] : &lies[0];
    if (address != lie->address) {
        return value;
    }
    if (lie->end == 0) {
        lie->end = now_ms() + lie->ms;
    }
    return now_ms() <= lie->end ? (value & ~lie->clear) | lie->set : value;
}

static void check_next_copy(async_memcpy_t driver, struct areas *areas, size_t n, esp_err_t wanted)
{
    struct record record = {.wants_yield = true};
    areas_prepare(areas, 1, 2, n);
    assert_ok(submit(driver, areas, &record));
    assert_code(esp_async_memcpy_wait(driver, PATIENCE_MS), wanted);
    assert_int_equal(atomic_load(&record.calls), 1);
    assert_code(record.result.status, wanted);
    if (wanted == ESP_OK) {
        areas_check(areas);
    }
}

/* The receiving list comes up short however often it is done again: the copy fails in the end. */
static void list_that_is_always_short_fails_the_copy(void **state)
{
    (void)state;
    async_memcpy_t driver = install(3);
    struct areas areas;
    areas_open(&areas, 9000);
    for (unsigned i = 0; i < 3; i++) {
        tell(gdma_in_int(0, GDMA_INT_RAW), GDMA_IN_DSCR_EMPTY, 0, FOR_EVER);
        check_next_copy(driver, &areas, 9000, ESP_ERR_INVALID_SIZE);
        tell_the_truth();
        check_next_copy(driver, &areas, 9000, ESP_OK);
    }
    areas_close(&areas);
    uninstall(driver);
}

/* No descriptor of the driver's, and none at all, while the one in question is not written back: nothing
 * there is looked at, and the copy is found nevertheless. */
static void end_of_frame_elsewhere_is_not_followed(void **state)
{
    (void)state;
    async_memcpy_t driver = install(3);
    struct areas areas;
    areas_open(&areas, 100);
    check_next_copy(driver, &areas, 100, ESP_OK);
    uint32_t node = mmio_read(gdma_in(0, GDMA_EOF_DES_ADDR));
    for (unsigned way = 0; way < 2; way++) {
        tell(gdma_in(0, GDMA_EOF_DES_ADDR), way == 0 ? 0 : UINT32_MAX, UINT32_MAX, FOR_EVER);
        tell_as(&lies[1], node, GDMA_DW0_OWNER_DMA, 0, PORT_CHECK_MS / 3);
        for (unsigned i = 0; i < 4; i++) { /* a ring of four: the node is used once more */
            check_next_copy(driver, &areas, 100, ESP_OK);
        }
        assert_true(lies[0].end != 0 && lies[1].end != 0);
    }
    tell_the_truth();
    areas_close(&areas);
    uninstall(driver);
}

/* The interrupt for a frame's end comes long before its descriptor is written back. */
static void late_write_back_is_found_by_the_next_look(void **state)
{
    (void)state;
    async_memcpy_t driver = install(3);
    struct areas areas;
    areas_open(&areas, 100);
    check_next_copy(driver, &areas, 100, ESP_OK);
    uint32_t node = mmio_read(gdma_in(0, GDMA_EOF_DES_ADDR));
    tell(node, GDMA_DW0_OWNER_DMA, 0, PORT_CHECK_MS / 3);
    for (unsigned i = 0; i < 4; i++) { /* a ring of four: the node is used once more */
        check_next_copy(driver, &areas, 100, ESP_OK);
    }
    assert_true(lies[0].end != 0);
    tell_the_truth();
    areas_close(&areas);
    uninstall(driver);
}

/* ---- Interrupt lines ---- */

static void never_called(void *argument)
{
    (void)argument;
}

static void install_without_an_interrupt_line_gives_its_pair_back(void **state)
{
    (void)state;
    unsigned attached = 0;
    while (attached < 32 && port_irq_attach(attached, never_called, NULL)) {
        attached++;
    }
    assert_in_range(attached, 4, 31);
    for (unsigned i = 0; i < 2 * CHIP_GDMA_PAIRS; i++) {
        async_memcpy_config_t config = ASYNC_MEMCPY_DEFAULT_CONFIG();
        async_memcpy_t driver = (async_memcpy_t)&config;
        long blocks = faults_live_blocks();
        assert_refused(row.install(&config, &driver), ESP_FAIL, "no CPU interrupt line is free");
        assert_null(driver);
        assert_int_equal(faults_live_blocks(), blocks);
    }
    while (attached != 0) {
        port_irq_detach(--attached);
    }
    row.exhaust(true);
    row.exhaust(false);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(list_that_is_always_short_fails_the_copy),
        cmocka_unit_test(end_of_frame_elsewhere_is_not_followed),
        cmocka_unit_test(late_write_back_is_found_by_the_next_look),
        cmocka_unit_test(install_without_an_interrupt_line_gives_its_pair_back),
    };
    return cmocka_run_group_tests_name("softchip.odd_hardware", tests, NULL, NULL);
}
