/* SPDX-License-Identifier: Apache-2.0 */
/* Sections 5 and 7: interrupts of the two directions, and where the chips differ. */
#include "bench.h"

static void copy(void)
{
    start(0, rx(0, DST, 16, 0), tx(0, SRC, 16, EOF_BIT, 0));
    run();
}

static bool source_level(unsigned source)
{
    return (rd(intmtx_status(source / 32)) >> (source % 32) & 1) != 0;
}

static void s5_raw_latches_whether_enabled_or_not(void **state)
{
    (void)state;
    pair_up(0, IN_PLAIN, OUT_PLAIN, 0);
    copy();
    assert_int_equal(in_raw(0), GDMA_IN_DONE | GDMA_IN_SUC_EOF);
    assert_false(source_level(gdma_in_source(0)));
}

static void s5_enabling_a_pending_bit_raises_at_once(void **state)
{
    (void)state;
    pair_up(0, IN_PLAIN, OUT_PLAIN, 0);
    copy();
    enable(0, GDMA_IN_SUC_EOF, 0);
    assert_true(source_level(gdma_in_source(0)));
    assert_int_equal(chip.counters.interrupts, 1);
    enable(0, 0, 0);
    assert_false(source_level(gdma_in_source(0)));
}

static void s5_clearing_before_enabling_leaves_it_low(void **state)
{
    (void)state;
    pair_up(0, IN_PLAIN, OUT_PLAIN, 0);
    copy();
    clear(0, GDMA_IN_INT_ALL, GDMA_OUT_INT_ALL);
    enable(0, GDMA_IN_SUC_EOF, GDMA_OUT_EOF);
    assert_false(source_level(gdma_in_source(0)));
    assert_false(source_level(gdma_out_source(0)));
}

static void s5_each_direction_has_its_signal(void **state)
{
    (void)state;
    pair_up(2, IN_PLAIN, OUT_PLAIN, 0);
    enable(2, GDMA_IN_SUC_EOF, 0);
    start(2, rx(0, DST, 16, 0), tx(0, SRC, 16, EOF_BIT, 0));
    run();
    assert_true(source_level(gdma_in_source(2)));
    assert_int_equal(source_level(gdma_out_source(2)), CHIP_GDMA_INT_JOINT);
    enable(2, 0, GDMA_OUT_TOTAL_EOF);
    assert_true(source_level(gdma_out_source(2)));
    assert_int_equal(source_level(gdma_in_source(2)), CHIP_GDMA_INT_JOINT);
}

static void s5_signal_is_the_or_of_its_bits(void **state)
{
    (void)state;
    pair_up(0, IN_PLAIN, OUT_PLAIN, 0);
    enable(0, GDMA_IN_SUC_EOF | GDMA_IN_DONE, 0);
    copy();
    clear(0, GDMA_IN_SUC_EOF, 0);
    assert_true(source_level(gdma_in_source(0)));
    clear(0, GDMA_IN_DONE, 0);
    assert_false(source_level(gdma_in_source(0)));
}

static void s5_r7_many_frames_one_bit_and_the_latest_address(void **state)
{
    uint32_t out = tx(0, SRC, 4, EOF_BIT, tx(1, SRC, 4, EOF_BIT, tx(2, SRC, 4, EOF_BIT, 0)));
    uint32_t in = rx(0, DST, 4, rx(1, DST + 4, 4, rx(2, DST + 8, 4, 0)));

    (void)state;
    pair_up(0, IN_PLAIN, OUT_PLAIN, 0);
    enable(0, GDMA_IN_SUC_EOF, 0);
    start(0, in, out);
    run();
    assert_int_equal(chip.counters.interrupts, 1);
    assert_int_equal(rd(gdma_in(0, GDMA_EOF_DES_ADDR)), RX_NODES + 32);
    for (unsigned i = 0; i < 3; i++) {
        check_rx_closed(i, 4, true);
    }
}

static void s5_knob_in_done_eof_no(void **state)
{
    (void)state;
    bench_knob("in_done_eof", "no");
    pair_up(0, IN_PLAIN, OUT_PLAIN, 0);
    copy();
    assert_int_equal(in_raw(0), GDMA_IN_SUC_EOF);
    start(0, rx(0, DST, 8, rx(1, DST + 8, 8, 0)), tx(0, SRC, 16, EOF_BIT, 0));
    run();
    assert_int_equal(in_raw(0), GDMA_IN_DONE | GDMA_IN_SUC_EOF);
}

static void s5_fifo_interrupts_never_fire(void **state)
{
    (void)state;
    pair_up(0, IN_PLAIN, OUT_PLAIN, 0);
    start_out(0, tx(0, SRC, 4000, EOF_BIT, 0));
    run();
    start_in(0, rx(0, DST, 4000, 0));
    run();
    assert_int_equal(in_raw(0) & (GDMA_INFIFO_OVF | GDMA_INFIFO_UDF), 0);
    assert_int_equal(out_raw(0) & (GDMA_OUTFIFO_OVF | GDMA_OUTFIFO_UDF), 0);
}

/* CLR in the same cycle in which hardware sets the bit: nothing of the CPU's came in between. */
static uint32_t raw_after_coincidence(const char *knob)
{
    bench_knob("clear_and_set", knob);
    pair_up(0, IN_PLAIN, OUT_PLAIN, 0);
    start(0, rx(0, DST, 16, 0), tx(0, SRC, 16, EOF_BIT, 0));
    run_until_in(0, GDMA_IN_SUC_EOF);
    clear(0, GDMA_IN_SUC_EOF, 0);
    return in_raw(0) & GDMA_IN_SUC_EOF;
}

static void s5_set_wins_over_clr(void **state)
{
    (void)state;
    assert_int_equal(raw_after_coincidence("set"), GDMA_IN_SUC_EOF);
    clear(0, GDMA_IN_SUC_EOF, 0);
    assert_int_equal(in_raw(0) & GDMA_IN_SUC_EOF, 0);
}

static void s5_knob_clear_and_set_clear(void **state)
{
    (void)state;
    assert_int_equal(raw_after_coincidence("clear"), 0);
}

static void s5_an_access_in_between_is_no_coincidence(void **state)
{
    (void)state;
    pair_up(0, IN_PLAIN, OUT_PLAIN, 0);
    start(0, rx(0, DST, 16, 0), tx(0, SRC, 16, EOF_BIT, 0));
    run_until_in(0, GDMA_IN_SUC_EOF);
    assert_true((in_raw(0) & GDMA_IN_SUC_EOF) != 0);
    clear(0, GDMA_IN_SUC_EOF, 0);
    assert_int_equal(in_raw(0) & GDMA_IN_SUC_EOF, 0);
}

static void s7_interrupt_registers_split_or_joint(void **state)
{
    (void)state;
    if (CHIP_GDMA_INT_JOINT) {
        assert_int_equal(gdma_out_int(2, GDMA_INT_ENA), CHIP_GDMA_BASE + 0x28);
        wr(gdma_in_int(0, GDMA_INT_ENA), GDMA_IN_SUC_EOF | GDMA_OUT_DSCR_ERR);
        assert_int_equal(chip.channel[MODEL_IN(0)].ena, GDMA_IN_SUC_EOF);
        assert_int_equal(chip.channel[MODEL_OUT(0)].ena, GDMA_OUT_DSCR_ERR);
        assert_int_equal(rd(gdma_out_int(0, GDMA_INT_ENA)), GDMA_IN_SUC_EOF | GDMA_OUT_DSCR_ERR);
        rd(CHIP_GDMA_BASE + 0x30);
        assert_int_equal(chip.counters.misuse, MISUSE_NOTHING);
    } else {
        assert_int_equal(gdma_out_int(2, GDMA_INT_ENA), CHIP_GDMA_BASE + 0x58);
        wr(gdma_in_int(0, GDMA_INT_ENA), GDMA_IN_SUC_EOF);
        assert_int_equal(rd(gdma_out_int(0, GDMA_INT_ENA)), 0);
    }
}

static void s7_constants_of_the_chip(void **state)
{
    (void)state;
    if (strcmp(CHIP_NAME, "esp32c3") == 0) {
        assert_int_equal(CHIP_GDMA_BASE, 0x6003F000);
        assert_int_equal(GDMA_MISC_CONF, 0x6003F044);
        assert_int_equal(GDMA_IN_DSCR_ERR, 1u << 5);
        assert_int_equal(GDMA_OUT_TOTAL_EOF, 1u << 8);
        assert_int_equal(gdma_in_source(1), 45);
        assert_int_equal(gdma_out_source(1), 45);
        assert_int_equal(CHIP_GDMA_LINK_HIGH, 0x3FC00000);
        return;
    }
    assert_int_equal(CHIP_GDMA_BASE, 0x60080000);
    assert_int_equal(GDMA_MISC_CONF, 0x60080064);
    assert_int_equal(GDMA_IN_DSCR_ERR, 1u << 3);
    assert_int_equal(GDMA_OUT_TOTAL_EOF, 1u << 3);
    assert_int_equal(gdma_in_source(1), strcmp(CHIP_NAME, "esp32h2") == 0 ? 54 : 67);
    assert_int_equal(gdma_out_source(1), strcmp(CHIP_NAME, "esp32h2") == 0 ? 57 : 70);
    assert_int_equal(CHIP_GDMA_LINK_HIGH, 0x40800000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        T(s5_raw_latches_whether_enabled_or_not),
        T(s5_enabling_a_pending_bit_raises_at_once),
        T(s5_clearing_before_enabling_leaves_it_low),
        T(s5_each_direction_has_its_signal),
        T(s5_signal_is_the_or_of_its_bits),
        T(s5_r7_many_frames_one_bit_and_the_latest_address),
        T(s5_knob_in_done_eof_no),
        T(s5_fifo_interrupts_never_fire),
        T(s5_set_wins_over_clr),
        T(s5_knob_clear_and_set_clear),
        T(s5_an_access_in_between_is_no_coincidence),
        T(s7_interrupt_registers_split_or_joint),
        T(s7_constants_of_the_chip),
    };

    return RUN(tests);
}
