/* SPDX-License-Identifier: Apache-2.0 */
/* Section 4.5: what is true when a copy ends (R8), STOP (R9), and START while running (R13). */
#include "two_copies.h"

/* ---- R8 ---- */

static void s4_5_r8_with_write_back_and_bit_come_together(void **state)
{
    (void)state;
    first_copy(0);
    while ((chip.channel[MODEL_IN(0)].raw & GDMA_IN_SUC_EOF) == 0) {
        assert_int_not_equal(rx_dw0(0) & OWNED, 0);
        assert_true(model_step(&chip));
    }
    check_rx_closed(0, 64, true);
}

static void s4_5_r8_knob_writeback_before(void **state)
{
    uint64_t closed = 0;

    (void)state;
    bench_knob("writeback", "before");
    bench_knob("writeback_delay", "8");
    first_copy(0);
    while ((chip.channel[MODEL_IN(0)].raw & GDMA_IN_SUC_EOF) == 0) {
        assert_true(model_step(&chip));
        if (closed == 0 && (rx_dw0(0) & OWNED) == 0) {
            closed = chip.counters.cycles;
        }
    }
    assert_int_not_equal(closed, 0);
    assert_in_range(chip.counters.cycles - closed, 8, 10);
}

static void s4_5_r8_knob_writeback_after(void **state)
{
    static const char *const delays[] = {"2", "8", "32"};
    static const unsigned cycles[] = {2, 8, 32};

    (void)state;
    for (unsigned i = 0; i < 3; i++) {
        uint64_t told;

        bench_knob("writeback", "after");
        bench_knob("writeback_delay", delays[i]);
        first_copy(0);
        run_until_in(0, GDMA_IN_SUC_EOF);
        told = chip.counters.cycles;
        assert_int_not_equal(rx_dw0(0) & OWNED, 0);
        assert_int_equal(rd(gdma_in(0, GDMA_EOF_DES_ADDR)), RX_NODES);
        while ((rx_dw0(0) & OWNED) != 0) {
            assert_true(model_step(&chip));
        }
        assert_in_range(chip.counters.cycles - told, cycles[i], cycles[i] + 8);
        run();
        check_rx_closed(0, 64, true);
    }
}

static void s4_5_r8_data_is_in_memory_when_the_bit_is_set(void **state)
{
    static const char *const orders[] = {"with", "before", "after"};

    (void)state;
    for (unsigned i = 0; i < 3; i++) {
        bench_knob("writeback", orders[i]);
        first_copy(0);
        run_until_in(0, GDMA_IN_SUC_EOF);
        check_copied(DST, SRC, 64);
    }
}

/* Two frames, the second complete while the write-back of the first holds its bit back. */
static void sA4_eof_address_is_there_with_the_bit(void **state)
{
    static const char *const when[] = {"raw", "close"};

    (void)state;
    for (unsigned i = 0; i < 2; i++) {
        bool early = false;

        bench_knob("writeback", "before");
        bench_knob("writeback_delay", "32");
        bench_knob("eof_address", when[i]);
        first_copy(0);
        while ((chip.channel[MODEL_IN(0)].raw & GDMA_IN_SUC_EOF) == 0) {
            early |= rd(gdma_in(0, GDMA_EOF_DES_ADDR)) == RX_NODES;
            assert_true(model_step(&chip));
        }
        assert_int_equal(rd(gdma_in(0, GDMA_EOF_DES_ADDR)), RX_NODES);
        assert_int_equal(early, i == 1);
        bench_up(NULL);
    }
}

/* ---- R9, R13, START and STOP ---- */

static uint64_t bytes_after_stop(const char *knob)
{
    uint64_t before;

    bench_knob("stop", knob);
    pair_up(0, IN_PLAIN, OUT_PLAIN, 0);
    start(0, rx(0, DST, 200, rx(1, DST + 200, 200, 0)), tx(0, SRC, 400, EOF_BIT, 0));
    steps(60);
    before = chip.counters.bytes;
    wr(gdma_out(0, GDMA_LINK), GDMA_OUT_LINK_STOP);
    wr(gdma_in(0, GDMA_LINK), GDMA_IN_LINK_AUTO_RET | GDMA_IN_LINK_STOP);
    run();
    assert_int_equal(in_raw(0) & GDMA_IN_SUC_EOF, 0);
    return chip.counters.bytes - before;
}

static void s4_5_r9_knob_stop(void **state)
{
    (void)state;
    assert_int_equal(bytes_after_stop("at_once"), 0);
    assert_in_range(bytes_after_stop("after_8"), 4, 16);
    assert_in_range(bytes_after_stop("after_32"), 24, 40);
    assert_in_range(bytes_after_stop("after_node"), 64, 300);
}

static void s4_5_r9_stop_forgets_the_list_wherever_it_is(void **state)
{
    (void)state;
    for (unsigned step = 0; step < 80; step++) {
        bench_up(NULL);
        pair_up(0, IN_PLAIN, OUT_PLAIN, 0);
        start(0, rx(0, DST, 16, rx(1, DST + 16, 16, 0)), tx(0, SRC, 64, EOF_BIT, 0));
        restart_both();
        steps(step);
        wr(gdma_in(0, GDMA_LINK), GDMA_IN_LINK_AUTO_RET | GDMA_IN_LINK_STOP);
        wr(gdma_out(0, GDMA_LINK), GDMA_OUT_LINK_STOP);
        for (unsigned i = 0; i < 2; i++) {
            const struct model_channel *channel = &chip.channel[i ? MODEL_OUT(0) : MODEL_IN(0)];

            assert_int_equal(channel->fetch, FETCH_NONE);
            assert_int_equal(channel->nodes | channel->position | channel->words, 0);
            assert_int_equal(channel->restarts | channel->close_due | channel->close_eof, 0);
            assert_int_equal(channel->total_due | channel->empty_raised | channel->queued, 0);
        }
    }
}

static void s4_5_r9_fifo_keeps_its_bytes_after_stop(void **state)
{
    (void)state;
    pair_up(0, 0, OUT_PLAIN, 0);
    start_out(0, tx(0, SRC, 200, EOF_BIT, 0));
    run();
    wr(gdma_out(0, GDMA_LINK), GDMA_OUT_LINK_STOP);
    assert_int_equal(chip.channel[MODEL_OUT(0)].fifo_count, 16);
    wr(gdma_in(0, GDMA_CONF0), IN_PLAIN);
    start(0, rx(0, DST, 200, 0), tx(1, SRC + 0x100, 16, EOF_BIT, 0));
    run();
    check_rx_closed(0, 32, true); /* the stale bytes first */
}

static void s4_5_r9_rst_is_a_barrier(void **state)
{
    static const char *const stops[] = {"at_once", "after_8", "after_32", "after_node"};

    (void)state;
    for (unsigned i = 0; i < 4; i++) {
        bytes_after_stop(stops[i]);
        bench_knob("stop", stops[i]);
        pair_up(0, IN_PLAIN, OUT_PLAIN, 0);
        start(0, rx(0, DST, 200, 0), tx(0, SRC, 200, EOF_BIT, 0));
        steps(40);
        pair_up(0, IN_PLAIN, OUT_PLAIN, 0);
        memset((void *)(uintptr_t)DST, 0xEE, 200);
        run();
        check_untouched(DST, 200);
        check_rx_open(0);
        start(0, rx(0, DST, 16, 0), tx(0, SRC, 16, EOF_BIT, 0));
        run();
        check_copied(DST, SRC, 16);
    }
}

static void s4_5_r9_raw_of_before_stays(void **state)
{
    (void)state;
    first_copy(0);
    run();
    wr(gdma_in(0, GDMA_LINK), GDMA_IN_LINK_AUTO_RET | GDMA_IN_LINK_STOP);
    assert_true((in_raw(0) & GDMA_IN_SUC_EOF) != 0);
}

static void start_again_while_running(const char *knob)
{
    bench_knob("start_running", knob);
    first_copy(0);
    steps(30);
    start_in(0, RX_NODES + 16);
    start_out(0, TX_NODES + 16);
    run();
    assert_true((chip.counters.misuse & MISUSE_START_RUNNING) != 0);
}

static void s4_5_r13_start_while_running_is_misuse_and_ignored(void **state)
{
    (void)state;
    start_again_while_running("ignored");
    check_copied(DST, SRC, 64);
    assert_false(second_copy_is_done());
}

static void s4_5_r13_knob_start_running_abandons(void **state)
{
    (void)state;
    start_again_while_running("abandons");
    check_rx_open(0);
    assert_true((rx_dw0(1) & EOF_BIT) != 0 || gdma_dw0_length(rx_dw0(1)) == 16);
}

static void s4_5_r13_knob_start_running_queued(void **state)
{
    (void)state;
    start_again_while_running("queued");
    check_copied(DST, SRC, 64);
    assert_true(second_copy_is_done());
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        T(s4_5_r8_with_write_back_and_bit_come_together),
        T(s4_5_r8_knob_writeback_before),
        T(s4_5_r8_knob_writeback_after),
        T(s4_5_r8_data_is_in_memory_when_the_bit_is_set),
        T(sA4_eof_address_is_there_with_the_bit),
        T(s4_5_r9_knob_stop),
        T(s4_5_r9_stop_forgets_the_list_wherever_it_is),
        T(s4_5_r9_fifo_keeps_its_bytes_after_stop),
        T(s4_5_r9_rst_is_a_barrier),
        T(s4_5_r9_raw_of_before_stays),
        T(s4_5_r13_start_while_running_is_misuse_and_ignored),
        T(s4_5_r13_knob_start_running_abandons),
        T(s4_5_r13_knob_start_running_queued),
    };

    return RUN(tests);
}
