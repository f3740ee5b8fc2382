/* SPDX-License-Identifier: Apache-2.0 */
/* Section 3: descriptors, alignment, lengths. */
#include "bench.h"

static void s3_fields_of_dw0(void **state)
{
    uint32_t dw0 = gdma_dw0(0xABC, 0x123, EOF_BIT | OWNED);

    (void)state;
    assert_int_equal(dw0, 0xC0123ABC);
    assert_int_equal(gdma_dw0_size(dw0), 0xABC);
    assert_int_equal(gdma_dw0_length(dw0), 0x123);
    assert_int_equal(GDMA_DW0_ERR_EOF, 1u << 28);
}

static void s3_rx_write_back_keeps_size(void **state)
{
    (void)state;
    pair_up(0, IN_PLAIN, OUT_PLAIN, 0);
    start(0, rx(0, DST, 300, 0), tx(0, SRC, 100, EOF_BIT, 0));
    run();
    assert_int_equal(rx_dw0(0), gdma_dw0(300, 100, EOF_BIT));
}

static void s3_tx_hardware_uses_length_not_size(void **state)
{
    uint32_t node = tx(0, SRC, 20, EOF_BIT, 0);

    (void)state;
    set_dw0(node, gdma_dw0(8, 20, EOF_BIT | OWNED));
    pair_up(0, IN_PLAIN, OUT_PLAIN, 0);
    start(0, rx(0, DST, 300, 0), node);
    run();
    check_copied(DST, SRC, 20);
}

static void s3_tx_goes_on_after_suc_eof(void **state)
{
    uint32_t out = tx(0, SRC, 20, EOF_BIT, tx(1, SRC + 20, 30, EOF_BIT, 0));
    uint32_t in = rx(0, DST, 64, rx(1, DST + 0x100, 64, 0));

    (void)state;
    pair_up(0, IN_PLAIN, OUT_PLAIN, 0);
    start(0, in, out);
    run();
    check_copied(DST, SRC, 20);
    check_copied(DST + 0x100, SRC + 20, 30);
    check_rx_closed(0, 20, true);
    check_rx_closed(1, 30, true);
}

/* Any start, any length, in all combinations of bursts that the table allows. */
static void copy_any(uint32_t from, uint32_t to, uint32_t size, uint32_t in_burst, uint32_t out_burst)
{
    bench_power_on();
    if (CHIP_HAS_APM) {
        wr(HP_APM_FUNC_CTRL, 0);
    }
    pair_up(0, IN_PLAIN | in_burst, OUT_PLAIN | out_burst, 0);
    start(0, rx(0, DST + to, in_burst ? (size + 3) & ~3u : size, 0), tx(0, SRC + from, size, EOF_BIT, 0));
    run();
    check_copied(DST + to, SRC + from, size);
    check_untouched(DST, to);
    check_rx_closed(0, size, true);
    assert_int_equal(chip.counters.misuse, 0);
    assert_int_equal(chip.counters.bytes, size);
}

static void s3_burst_off_any_alignment(void **state)
{
    (void)state;
    for (uint32_t i = 0; i < 4 * 4 * 40; i++) {
        copy_any(i % 4, i / 4 % 4, i / 16 + 1, 0, 0);
    }
}

static void s3_tx_burst_any_alignment(void **state)
{
    (void)state;
    for (uint32_t i = 0; i < 4 * 4 * 40; i++) {
        copy_any(i % 4, i / 4 % 4, i / 16 + 1, 0, GDMA_OUT_CONF0_DATA_BURST);
    }
}

static void s3_rx_burst_aligned_any_frame_length(void **state)
{
    (void)state;
    for (uint32_t i = 0; i < 4 * 70; i++) {
        copy_any(i % 4, 0, i / 4 + 1, GDMA_IN_CONF0_DATA_BURST, GDMA_OUT_CONF0_DATA_BURST);
    }
}

static void s3_descriptor_burst_changes_nothing_but_cycles(void **state)
{
    uint64_t cycles;

    (void)state;
    copy_any(0, 0, 100, 0, 0);
    cycles = chip.counters.node_cycles;
    copy_any(0, 0, 100, GDMA_IN_CONF0_DSCR_BURST, GDMA_OUT_CONF0_DSCR_BURST);
    assert_int_equal(cycles - chip.counters.node_cycles, 2 * (3 * MODEL_CYCLES_SINGLE - MODEL_CYCLES_NODE));
}

static void rx_burst_at(uint32_t to, uint32_t size)
{
    pair_up(0, IN_PLAIN | GDMA_IN_CONF0_DATA_BURST, OUT_PLAIN, 0);
    start(0, rx(0, DST + to, size, 0), tx(0, SRC, size, EOF_BIT, 0));
    run();
}

static void s3_rx_burst_unaligned_buffer_is_misuse_and_goes_wrong(void **state)
{
    (void)state;
    rx_burst_at(6, 32);
    assert_int_equal(chip.counters.misuse, MISUSE_RX_ALIGNMENT);
    assert_int_equal(chip.counters.misuse_address, RX_NODES);
    assert_memory_not_equal((void *)(uintptr_t)(DST + 6), (void *)(uintptr_t)SRC, 32);
}

static void s3_rx_burst_unaligned_size_is_misuse(void **state)
{
    (void)state;
    rx_burst_at(0, 30);
    assert_int_equal(chip.counters.misuse, MISUSE_RX_ALIGNMENT);
}

static void s3_node_of_4095_bytes(void **state)
{
    (void)state;
    copy_any(1, 3, GDMA_NODE_MAX, 0, GDMA_OUT_CONF0_DATA_BURST);
    copy_any(0, 0, GDMA_NODE_MAX_ALIGNED, GDMA_IN_CONF0_DATA_BURST, GDMA_OUT_CONF0_DATA_BURST);
}

static void zero_length_tx(uint32_t out_conf0)
{
    uint32_t out = tx(0, SRC, 0, 0, tx(1, SRC, 20, EOF_BIT, 0));

    pair_up(0, IN_PLAIN, out_conf0, 0);
    start(0, rx(0, DST, 64, 0), out);
    run();
    assert_int_equal(chip.counters.misuse, MISUSE_ZERO_LENGTH);
}

static void s3_zero_length_tx_node_is_misuse_and_skipped(void **state)
{
    (void)state;
    zero_length_tx(OUT_PLAIN);
    check_copied(DST, SRC, 20);
    assert_int_equal(tx_dw0(0) & OWNED, 0);
}

static void s3_knob_zero_length_hang_tx_with_eof_mode_1(void **state)
{
    (void)state;
    bench_knob("zero_length", "hang");
    zero_length_tx(OUT_PLAIN);
    check_rx_open(0);
    bench_knob("zero_length", "hang");
    zero_length_tx(GDMA_OUT_CONF0_AUTO_WRBACK);
    check_copied(DST, SRC, 20);
}

static void zero_size_rx(void)
{
    uint32_t in = rx(0, DST, 0, rx(1, DST, 64, 0));

    pair_up(0, IN_PLAIN, OUT_PLAIN, 0);
    start(0, in, tx(0, SRC, 20, EOF_BIT, 0));
    run();
    assert_int_equal(chip.counters.misuse, MISUSE_ZERO_LENGTH);
}

static void s3_zero_size_rx_node_is_misuse_and_skipped(void **state)
{
    (void)state;
    zero_size_rx();
    check_rx_closed(0, 0, false);
    check_copied(DST, SRC, 20);
}

static void s3_knob_zero_length_hang_rx(void **state)
{
    (void)state;
    bench_knob("zero_length", "hang");
    zero_size_rx();
    check_rx_open(0);
    check_untouched(DST, 20);
}

static void s3_node_address_is_word_aligned(void **state)
{
    (void)state;
    pair_up(0, IN_PLAIN, OUT_PLAIN, 0);
    rx(0, DST, 16, 0);
    start_in(0, RX_NODES + 2);
    run();
    assert_int_equal(chip.counters.misuse, MISUSE_DESCRIPTOR_ALIGNMENT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        T(s3_fields_of_dw0),
        T(s3_rx_write_back_keeps_size),
        T(s3_tx_hardware_uses_length_not_size),
        T(s3_tx_goes_on_after_suc_eof),
        T(s3_burst_off_any_alignment),
        T(s3_tx_burst_any_alignment),
        T(s3_rx_burst_aligned_any_frame_length),
        T(s3_descriptor_burst_changes_nothing_but_cycles),
        T(s3_rx_burst_unaligned_buffer_is_misuse_and_goes_wrong),
        T(s3_rx_burst_unaligned_size_is_misuse),
        T(s3_node_of_4095_bytes),
        T(s3_zero_length_tx_node_is_misuse_and_skipped),
        T(s3_knob_zero_length_hang_tx_with_eof_mode_1),
        T(s3_zero_size_rx_node_is_misuse_and_skipped),
        T(s3_knob_zero_length_hang_rx),
        T(s3_node_address_is_word_aligned),
    };

    return RUN(tests);
}
