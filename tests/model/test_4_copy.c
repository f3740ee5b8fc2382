/* SPDX-License-Identifier: Apache-2.0 */
/* Sections 4.1 to 4.4: starting, data flow, end of list, errors. */
#include "bench.h"

static void s4_1_order_of_the_two_starts_does_not_matter(void **state)
{
    (void)state;
    pair_up(0, IN_PLAIN, OUT_PLAIN, 0);
    start_out(0, tx(0, SRC, 100, EOF_BIT, 0));
    run();
    start_in(0, rx(0, DST, 100, 0));
    run();
    check_copied(DST, SRC, 100);
    bench_up(NULL);
    pair_up(0, IN_PLAIN, OUT_PLAIN, 0);
    start_in(0, rx(0, DST, 100, 0));
    run();
    start_out(0, tx(0, SRC, 100, EOF_BIT, 0));
    run();
    check_copied(DST, SRC, 100);
}

static void s4_1_all_pairs_copy_at_once(void **state)
{
    (void)state;
    for (unsigned n = 0; n < CHIP_GDMA_PAIRS; n++) {
        pair_up(n, IN_PLAIN, OUT_PLAIN, 0);
        start(n, rx(n, DST + 0x800 * n, 500, 0), tx(n, SRC + 0x300 * n, 500, EOF_BIT, 0));
    }
    run();
    for (unsigned n = 0; n < CHIP_GDMA_PAIRS; n++) {
        check_copied(DST + 0x800 * n, SRC + 0x300 * n, 500);
        assert_int_equal(in_raw(n), GDMA_IN_DONE | GDMA_IN_SUC_EOF);
        assert_int_equal(out_raw(n), GDMA_OUT_DONE | GDMA_OUT_EOF | GDMA_OUT_TOTAL_EOF);
    }
    assert_int_equal(chip.counters.misuse, 0);
}

static void s4_1_a_new_list_starts_after_the_old_without_rst(void **state)
{
    (void)state;
    pair_up(0, IN_PLAIN, OUT_PLAIN, 0);
    start(0, rx(0, DST, 100, 0), tx(0, SRC, 100, EOF_BIT, 0));
    run();
    start(0, rx(1, DST + 0x100, 50, 0), tx(1, SRC + 0x100, 50, EOF_BIT, 0));
    run();
    check_copied(DST + 0x100, SRC + 0x100, 50);
    assert_int_equal(chip.counters.misuse, 0);
}

static void s4_2_two_tx_nodes_into_one_rx_node(void **state)
{
    uint32_t out = tx(0, SRC, 64, 0, tx(1, SRC + 0x100, 64, EOF_BIT, 0));

    (void)state;
    pair_up(0, IN_PLAIN, OUT_PLAIN, 0);
    start(0, rx(0, DST, 256, 0), out);
    run();
    assert_memory_equal((void *)(uintptr_t)DST, (void *)(uintptr_t)SRC, 64);
    check_copied(DST + 64, SRC + 0x100, 64);
    check_rx_closed(0, 128, true);
}

static void s4_2_one_tx_node_into_many_rx_nodes(void **state)
{
    uint32_t in = rx(0, DST, 7, rx(1, DST + 7, 1, rx(2, DST + 8, 13, rx(3, DST + 21, 100, 0))));

    (void)state;
    pair_up(0, IN_PLAIN, OUT_PLAIN, 0);
    start(0, in, tx(0, SRC, 50, EOF_BIT, 0));
    run();
    check_copied(DST, SRC, 50);
    check_rx_closed(0, 7, false);
    check_rx_closed(1, 1, false);
    check_rx_closed(2, 13, false);
    check_rx_closed(3, 29, true);
}

static void s4_2_splits_are_independent(void **state)
{
    (void)state;
    for (uint32_t split = 1; split < 40; split++) {
        uint32_t out, in;

        bench_up(NULL);
        out = tx(0, SRC, split, 0, tx(1, SRC + split, 97 - split, EOF_BIT, 0));
        in = rx(0, DST, 41 - split, rx(1, DST + 41 - split, 97, 0));
        pair_up(0, IN_PLAIN, OUT_PLAIN, 0);
        start(0, in, out);
        run();
        check_copied(DST, SRC, 97);
        check_rx_closed(0, 41 - split, false);
        check_rx_closed(1, 56 + split, true);
    }
}

static void s4_2_frame_end_closes_the_rx_node_and_the_next_frame_takes_the_next(void **state)
{
    uint32_t out = tx(0, SRC, 10, EOF_BIT, tx(1, SRC + 10, 10, EOF_BIT, 0));
    uint32_t in = rx(0, DST, 64, rx(1, DST + 64, 64, 0));

    (void)state;
    pair_up(0, IN_PLAIN, OUT_PLAIN, 0);
    start(0, in, out);
    run();
    check_copied(DST, SRC, 10);
    check_untouched(DST + 10, 54);
    check_copied(DST + 64, SRC + 10, 10);
}

static void exact_fit(void)
{
    uint32_t out = tx(0, SRC, 32, EOF_BIT, tx(1, SRC + 32, 8, EOF_BIT, 0));
    uint32_t in = rx(0, DST, 32, rx(1, DST + 64, 32, rx(2, DST + 128, 32, 0)));

    pair_up(0, IN_PLAIN, OUT_PLAIN, 0);
    start(0, in, out);
    run();
}

static void s4_2_exact_fit_ends_in_the_same_node(void **state)
{
    (void)state;
    exact_fit();
    check_rx_closed(0, 32, true);
    check_rx_closed(1, 8, true);
    check_rx_open(2);
}

static void s4_2_knob_rx_exact_fit_extra(void **state)
{
    (void)state;
    bench_knob("rx_exact_fit", "extra");
    exact_fit();
    check_rx_closed(0, 32, false);
    check_rx_closed(1, 0, true);
    check_rx_closed(2, 8, true);
    check_copied(DST + 128, SRC + 32, 8);
}

static void s4_2_full_node_before_the_frames_end_is_in_done_only(void **state)
{
    uint32_t in = rx(0, DST, 32, rx(1, DST + 32, 32, 0));

    (void)state;
    pair_up(0, IN_PLAIN, OUT_PLAIN, 0);
    start(0, in, tx(0, SRC, 64, EOF_BIT, 0));
    run_until_in(0, GDMA_IN_DONE);
    assert_int_equal(in_raw(0), GDMA_IN_DONE);
    check_rx_closed(0, 32, false);
    run();
    assert_int_equal(in_raw(0), GDMA_IN_DONE | GDMA_IN_SUC_EOF);
}

static void short_rx_list(void)
{
    uint32_t in = rx(0, DST, 32, 0);

    pair_up(0, IN_PLAIN, OUT_PLAIN, 0);
    start(0, in, tx(0, SRC, 100, EOF_BIT, 0));
    run();
    check_rx_closed(0, 32, false);
    set_next(in, rx(1, DST + 32, 100, 0));
    clear(0, GDMA_IN_INT_ALL, 0);
}

static void s4_2_rx_exhausted_raises_dscr_empty_and_holds_tx_back(void **state)
{
    (void)state;
    pair_up(0, IN_PLAIN, OUT_PLAIN, 0);
    start(0, rx(0, DST, 32, 0), tx(0, SRC, 100, EOF_BIT, 0));
    run();
    assert_int_equal(in_raw(0), GDMA_IN_DONE | GDMA_IN_DSCR_EMPTY);
    assert_int_equal(out_raw(0), 0);
    assert_int_equal(tx_dw0(0) & OWNED, OWNED);
    check_copied(DST, SRC, 32);
    assert_int_equal(chip.channel[MODEL_OUT(0)].fifo_count, 16);
}

static void s4_2_rx_resumes_with_a_restart_and_no_byte_is_lost(void **state)
{
    (void)state;
    short_rx_list();
    restart_in(0);
    run();
    check_copied(DST, SRC, 100);
    check_rx_closed(1, 68, true);
    assert_int_equal(in_raw(0), GDMA_IN_DONE | GDMA_IN_SUC_EOF);
}

static void s4_2_knob_rx_empty_lost(void **state)
{
    (void)state;
    bench_knob("rx_empty", "lost");
    short_rx_list();
    restart_in(0);
    run();
    assert_memory_not_equal((void *)(uintptr_t)(DST + 32), (void *)(uintptr_t)(SRC + 32), 8);
    assert_true(chip.counters.bytes < 100);
}

static void s4_2_knob_rx_empty_dead(void **state)
{
    (void)state;
    bench_knob("rx_empty", "dead");
    short_rx_list();
    restart_in(0);
    run();
    check_rx_open(1);
    assert_int_equal(in_raw(0), 0);
}

static void s4_2_without_suc_eof_there_is_none(void **state)
{
    uint32_t in = rx(0, DST, 16, rx(1, DST + 16, 16, rx(2, DST + 32, 100, 0)));

    (void)state;
    pair_up(0, IN_PLAIN, OUT_PLAIN, 0);
    start(0, in, tx(0, SRC, 48, 0, 0));
    run();
    assert_int_equal(in_raw(0), GDMA_IN_DONE);
    assert_int_equal(out_raw(0), GDMA_OUT_DONE | GDMA_OUT_TOTAL_EOF);
}

static void s4_2_open_tail_leaves_the_rx_node_open(void **state)
{
    (void)state;
    pair_up(0, IN_PLAIN, OUT_PLAIN, 0);
    start(0, rx(0, DST, 100, 0), tx(0, SRC, 48, 0, 0));
    run();
    check_rx_open(0);
    assert_int_equal(in_raw(0), 0);
    assert_int_not_equal(rd(gdma_out(0, GDMA_LINK)) & GDMA_OUT_LINK_PARK, 0);
}

static void full_node_in_an_open_frame(void)
{
    uint32_t in = rx(0, DST, 48, rx(1, DST + 48, 100, 0));

    pair_up(0, IN_PLAIN, OUT_PLAIN, 0);
    start(0, in, tx(0, SRC, 48, 0, 0));
    run();
}

static void sA4_full_rx_node_is_closed_at_once(void **state)
{
    (void)state;
    full_node_in_an_open_frame();
    check_rx_closed(0, 48, false);
}

static void sA4_knob_rx_full_next_byte(void **state)
{
    (void)state;
    bench_knob("rx_full", "next_byte");
    full_node_in_an_open_frame();
    check_rx_open(0);
    set_next(TX_NODES, tx(1, SRC + 48, 4, EOF_BIT, 0));
    restart_out(0);
    run();
    check_rx_closed(0, 48, false);
    check_rx_closed(1, 4, true);
    check_copied(DST, SRC, 52);
}

static void open_tail_then_restart(void)
{
    uint32_t in = rx(0, DST, 100, rx(1, DST + 0x100, 100, 0));

    pair_up(0, IN_PLAIN, OUT_PLAIN, 0);
    start(0, in, tx(0, SRC, 45, 0, 0));
    run();
    set_next(TX_NODES, tx(1, SRC + 45, 20, EOF_BIT, 0));
    restart_out(0);
    run();
}

static void sA4_open_tail_goes_on_with_the_same_frame(void **state)
{
    (void)state;
    open_tail_then_restart();
    check_copied(DST, SRC, 65);
    check_rx_closed(0, 65, true);
    check_rx_open(1);
}

static void sA4_knob_tx_open_tail_split(void **state)
{
    (void)state;
    bench_knob("tx_open_tail", "split");
    open_tail_then_restart();
    check_copied(DST, SRC, 45);
    check_rx_closed(0, 45, false);
    check_copied(DST + 0x100, SRC + 45, 20);
    check_rx_closed(1, 20, true);
}

static void sA4_knob_tx_open_tail_split_only_where_the_list_ran_out(void **state)
{
    uint32_t out;

    (void)state;
    bench_knob("tx_open_tail", "split");
    out = tx(0, SRC, 45, 0, 0);
    pair_up(0, IN_PLAIN, OUT_PLAIN, 0);
    start(0, rx(0, DST, 100, 0), out);
    steps(6);
    set_next(out, tx(1, SRC + 45, 20, EOF_BIT, 0));
    restart_out(0);
    run();
    check_rx_closed(0, 65, true);
}

static void sA4_knob_tx_open_tail_split_cuts_once(void **state)
{
    uint32_t in;

    (void)state;
    bench_knob("tx_open_tail", "split");
    in = rx(0, DST, 100, rx(1, DST + 0x100, 100, rx(2, DST + 0x200, 100, 0)));
    pair_up(0, IN_PLAIN, OUT_PLAIN, 0);
    start(0, in, tx(0, SRC, 45, 0, 0));
    run();
    set_next(TX_NODES, tx(1, SRC + 45, 20, 0, tx(2, SRC + 65, 20, EOF_BIT, 0)));
    restart_out(0);
    run();
    check_rx_closed(0, 45, false);
    check_rx_closed(1, 40, true);
    check_rx_open(2);
}

static void s4_2_knobs_extra_and_lost_lose_the_frames_end_too(void **state)
{
    uint32_t in;

    (void)state;
    bench_knob("rx_exact_fit", "extra");
    bench_knob("rx_empty", "lost");
    in = rx(0, DST, 32, 0);
    pair_up(0, IN_PLAIN, OUT_PLAIN, 0);
    start(0, in, tx(0, SRC, 32, EOF_BIT, 0));
    run();
    assert_int_equal(in_raw(0), GDMA_IN_DONE | GDMA_IN_DSCR_EMPTY);
    set_next(in, rx(1, DST + 0x100, 32, 0));
    restart_in(0);
    run();
    check_rx_open(1);
}

static void s4_3_events_of_tx(void **state)
{
    uint32_t out = tx(0, SRC, 100, 0, tx(1, SRC + 100, 100, EOF_BIT, tx(2, SRC + 200, 100, EOF_BIT, 0)));

    (void)state;
    pair_up(0, IN_PLAIN, OUT_PLAIN, 0);
    start(0, rx(0, DST, 200, rx(1, DST + 200, 200, 0)), out);
    run_until_out(0, GDMA_OUT_DONE);
    assert_int_equal(out_raw(0), GDMA_OUT_DONE);
    run_until_out(0, GDMA_OUT_EOF);
    assert_int_equal(out_raw(0), GDMA_OUT_DONE | GDMA_OUT_EOF);
    assert_int_equal(rd(gdma_out(0, GDMA_EOF_DES_ADDR)), TX_NODES + 16);
    assert_int_equal(rd(gdma_out(0, GDMA_BFR_DES_ADDR)), TX_NODES);
    run();
    assert_int_equal(out_raw(0), GDMA_OUT_DONE | GDMA_OUT_EOF | GDMA_OUT_TOTAL_EOF);
    assert_int_equal(rd(gdma_out(0, GDMA_EOF_DES_ADDR)), TX_NODES + 32);
    assert_int_equal(rd(gdma_out(0, GDMA_BFR_DES_ADDR)), TX_NODES + 16);
}

static void s4_3_rx_at_the_end_waits_without_an_error(void **state)
{
    (void)state;
    pair_up(0, IN_PLAIN, OUT_PLAIN, GDMA_CONF1_CHECK_OWNER);
    start(0, rx(0, DST, 16, 0), tx(0, SRC, 16, EOF_BIT, 0));
    run();
    assert_int_equal(in_raw(0), GDMA_IN_DONE | GDMA_IN_SUC_EOF);
}

/* RX ends exactly, and its tail points to a node that is the CPU's. */
static void tail_points_to_cpu_owned(void)
{
    uint32_t next = rx(1, DST + 0x100, 16, 0);

    set_dw0(next, gdma_dw0(16, 0, 0));
    pair_up(0, IN_PLAIN, OUT_PLAIN, GDMA_CONF1_CHECK_OWNER);
    start(0, rx(0, DST, 16, next), tx(0, SRC, 16, EOF_BIT, 0));
}

static void s4_3_prefetch_of_a_cpu_owned_node_raises_dscr_err(void **state)
{
    (void)state;
    tail_points_to_cpu_owned();
    run_until_in(0, GDMA_IN_DSCR_ERR);
    assert_int_equal(in_raw(0) & GDMA_IN_SUC_EOF, 0);
    run();
    assert_int_equal(in_raw(0), GDMA_IN_DONE | GDMA_IN_SUC_EOF | GDMA_IN_DSCR_ERR);
    check_copied(DST, SRC, 16);
    check_rx_closed(0, 16, true);
}

static void s4_3_knob_check_at_use(void **state)
{
    (void)state;
    bench_knob("check_at", "use");
    tail_points_to_cpu_owned();
    run_until_in(0, GDMA_IN_SUC_EOF);
    run();
    assert_int_equal(in_raw(0), GDMA_IN_DONE | GDMA_IN_SUC_EOF | GDMA_IN_DSCR_ERR);
}

static void s4_3_knob_check_at_data(void **state)
{
    (void)state;
    bench_knob("check_at", "data");
    tail_points_to_cpu_owned();
    run();
    assert_int_equal(in_raw(0), GDMA_IN_DONE | GDMA_IN_SUC_EOF);
    start_out(0, tx(1, SRC, 1, EOF_BIT, 0));
    run();
    assert_int_equal(in_raw(0), GDMA_IN_DONE | GDMA_IN_SUC_EOF | GDMA_IN_DSCR_ERR);
}

static void s4_4_owner_is_checked_only_if_enabled(void **state)
{
    uint32_t node = tx(0, SRC, 16, EOF_BIT, 0);

    (void)state;
    set_dw0(node, gdma_dw0(16, 16, EOF_BIT));
    pair_up(0, IN_PLAIN, OUT_PLAIN, 0);
    start(0, rx(0, DST, 16, 0), node);
    run();
    check_copied(DST, SRC, 16);
    set_dw0(node, gdma_dw0(16, 16, EOF_BIT));
    pair_up(0, IN_PLAIN, OUT_PLAIN, GDMA_CONF1_CHECK_OWNER);
    start(0, rx(0, DST, 16, 0), node);
    run();
    assert_int_equal(out_raw(0), GDMA_OUT_DSCR_ERR);
    assert_int_equal(in_raw(0), 0);
}

static void s4_4_buffer_must_be_in_sram(void **state)
{
    static const uint32_t wrong[] = {0, CHIP_SRAM_FIRST - 4, CHIP_SRAM_LAST + 1, 0x42000000, 0x50000000};

    (void)state;
    for (unsigned i = 0; i < 5; i++) {
        bench_up(NULL);
        pair_up(0, IN_PLAIN, OUT_PLAIN, 0);
        start(0, rx(0, wrong[i], 16, 0), tx(0, wrong[i], 16, EOF_BIT, 0));
        run();
        assert_int_equal(in_raw(0), GDMA_IN_DSCR_ERR);
        assert_int_equal(out_raw(0), GDMA_OUT_DSCR_ERR);
        assert_int_equal(chip.counters.misuse, MISUSE_BAD_NODE);
    }
}

static void s4_4_first_and_last_word_of_sram_are_fine(void **state)
{
    (void)state;
    pair_up(0, IN_PLAIN, OUT_PLAIN, 0);
    start(0, rx(0, CHIP_SRAM_LAST - 3, 4, 0), tx(0, SRC, 4, EOF_BIT, 0));
    run();
    assert_memory_equal((void *)(uintptr_t)(CHIP_SRAM_LAST - 3), (void *)(uintptr_t)SRC, 4);
    start(0, rx(0, CHIP_SRAM_FIRST, 4, 0), tx(0, SRC, 4, EOF_BIT, 0));
    run();
    assert_memory_equal((void *)(uintptr_t)CHIP_SRAM_FIRST, (void *)(uintptr_t)SRC, 4);
    assert_int_equal(chip.counters.misuse, 0);
}

static void s4_4_error_halts_until_rst_and_start(void **state)
{
    (void)state;
    pair_up(0, IN_PLAIN, OUT_PLAIN, 0);
    start(0, rx(0, 0, 16, 0), tx(0, SRC, 16, EOF_BIT, 0));
    run();
    start_in(0, rx(1, DST, 16, 0));
    run();
    check_rx_open(1);
    assert_true((chip.counters.misuse & MISUSE_START_HALTED) != 0);
    pair_up(0, IN_PLAIN, OUT_PLAIN, 0);
    start(0, RX_NODES + 16, TX_NODES);
    run();
    check_copied(DST, SRC, 16);
}

static void s4_4_stop_does_not_lift_the_halt(void **state)
{
    (void)state;
    pair_up(0, IN_PLAIN, OUT_PLAIN, 0);
    start_in(0, rx(0, 0, 16, 0));
    run();
    wr(gdma_in(0, GDMA_LINK), GDMA_IN_LINK_AUTO_RET | GDMA_IN_LINK_STOP);
    start_in(0, rx(1, DST, 16, 0));
    run();
    assert_true((chip.counters.misuse & MISUSE_START_HALTED) != 0);
}

static void s4_4_bad_node_in_the_middle_spares_what_comes_before(void **state)
{
    uint32_t out = tx(0, SRC, 16, EOF_BIT, tx(1, 0, 16, EOF_BIT, 0));

    (void)state;
    pair_up(0, IN_PLAIN, OUT_PLAIN, 0);
    start(0, rx(0, DST, 16, rx(1, DST + 0x100, 16, 0)), out);
    run();
    check_copied(DST, SRC, 16);
    check_rx_closed(0, 16, true);
    assert_int_equal(out_raw(0), GDMA_OUT_DONE | GDMA_OUT_EOF | GDMA_OUT_DSCR_ERR);
    check_rx_open(1);
}

static void owner_error_then_restart(void)
{
    uint32_t node = tx(0, SRC, 16, EOF_BIT, 0);

    set_dw0(node, gdma_dw0(16, 16, EOF_BIT));
    pair_up(0, IN_PLAIN, OUT_PLAIN, GDMA_CONF1_CHECK_OWNER);
    start(0, rx(0, DST, 16, 0), node);
    run();
    assert_int_equal(out_raw(0), GDMA_OUT_DSCR_ERR);
    set_dw0(node, gdma_dw0(16, 16, EOF_BIT | OWNED));
    restart_out(0);
    run();
}

static void s4_4_restart_reads_the_same_node_again(void **state)
{
    (void)state;
    owner_error_then_restart();
    check_copied(DST, SRC, 16);
    check_rx_closed(0, 16, true);
}

static void s4_4_knob_restart_error_dead(void **state)
{
    (void)state;
    bench_knob("restart_error", "dead");
    owner_error_then_restart();
    check_untouched(DST, 16);
}

/* The rest of the buffer lies behind the end of memory. */
static void buffer_over_the_end(void)
{
    pair_up(0, IN_PLAIN, OUT_PLAIN, 0);
    start(0, rx(0, CHIP_SRAM_LAST - 7, 32, 0), tx(0, SRC, 32, EOF_BIT, 0));
    run();
}

static void s4_4_buffer_over_the_end_goes_to_nothing(void **state)
{
    (void)state;
    buffer_over_the_end();
    assert_memory_equal((void *)(uintptr_t)(CHIP_SRAM_LAST - 7), (void *)(uintptr_t)SRC, 8);
    assert_int_equal(chip.counters.misuse, MISUSE_DMA_NOTHING);
    assert_int_equal(chip.counters.misuse_address, CHIP_SRAM_LAST + 1);
    check_rx_closed(0, 32, true);
}

static void s4_4_knob_buffer_end_error(void **state)
{
    (void)state;
    bench_knob("buffer_end", "error");
    buffer_over_the_end();
    assert_int_equal(in_raw(0), GDMA_IN_DSCR_ERR);
}

/* A next pointer into the hole behind memory, with another node still to come. */
static void next_to_nothing(void)
{
    pair_up(0, IN_PLAIN, OUT_PLAIN, 0);
    start(0, rx(0, DST, 100, 0), tx(0, SRC, 32, 0, CHIP_SRAM_LAST + 1));
    run();
}

static void s4_4_next_to_nothing_reads_zeros_and_fails(void **state)
{
    (void)state;
    next_to_nothing();
    assert_int_equal(out_raw(0), GDMA_OUT_DONE | GDMA_OUT_DSCR_ERR);
    assert_true((chip.counters.misuse & MISUSE_DMA_NOTHING) != 0);
}

static void s4_4_knob_next_check_yes(void **state)
{
    (void)state;
    bench_knob("next_check", "yes");
    next_to_nothing();
    assert_int_equal(out_raw(0), GDMA_OUT_DSCR_ERR);
    assert_int_equal(chip.counters.misuse, MISUSE_BAD_NODE);
}

static void s4_4_knob_bus_nothing_error(void **state)
{
    (void)state;
    bench_knob("bus_nothing", "error");
    next_to_nothing();
    assert_true((out_raw(0) & GDMA_OUT_DSCR_ERR) != 0);
    assert_int_equal(chip.channel[MODEL_OUT(0)].fetch, FETCH_FATAL);
    assert_int_equal(chip.channel[MODEL_OUT(0)].fetch_address, CHIP_SRAM_LAST + 1);
}

static void s4_4_knob_bus_nothing_hang(void **state)
{
    (void)state;
    bench_knob("bus_nothing", "hang");
    next_to_nothing();
    assert_int_equal(chip.channel[MODEL_OUT(0)].dead, 1);
    assert_int_equal(out_raw(0), 0);
    restart_out(0);
    run();
    assert_int_equal(out_raw(0), 0);
}

static void s4_4_link_address_in_the_hole(void **state)
{
    (void)state;
    pair_up(0, IN_PLAIN, OUT_PLAIN, 0);
    start_in(0, CHIP_GDMA_LINK_HIGH | 0xFFFF0);
    run();
    assert_int_equal(in_raw(0), GDMA_IN_DSCR_ERR);
    assert_true((chip.counters.misuse & MISUSE_DMA_NOTHING) != 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        T(s4_1_order_of_the_two_starts_does_not_matter),
        T(s4_1_all_pairs_copy_at_once),
        T(s4_1_a_new_list_starts_after_the_old_without_rst),
        T(s4_2_two_tx_nodes_into_one_rx_node),
        T(s4_2_one_tx_node_into_many_rx_nodes),
        T(s4_2_splits_are_independent),
        T(s4_2_frame_end_closes_the_rx_node_and_the_next_frame_takes_the_next),
        T(s4_2_exact_fit_ends_in_the_same_node),
        T(s4_2_knob_rx_exact_fit_extra),
        T(s4_2_full_node_before_the_frames_end_is_in_done_only),
        T(s4_2_rx_exhausted_raises_dscr_empty_and_holds_tx_back),
        T(s4_2_rx_resumes_with_a_restart_and_no_byte_is_lost),
        T(s4_2_knob_rx_empty_lost),
        T(s4_2_knob_rx_empty_dead),
        T(s4_2_without_suc_eof_there_is_none),
        T(s4_2_open_tail_leaves_the_rx_node_open),
        T(sA4_full_rx_node_is_closed_at_once),
        T(sA4_knob_rx_full_next_byte),
        T(sA4_open_tail_goes_on_with_the_same_frame),
        T(sA4_knob_tx_open_tail_split),
        T(sA4_knob_tx_open_tail_split_only_where_the_list_ran_out),
        T(sA4_knob_tx_open_tail_split_cuts_once),
        T(s4_2_knobs_extra_and_lost_lose_the_frames_end_too),
        T(s4_3_events_of_tx),
        T(s4_3_rx_at_the_end_waits_without_an_error),
        T(s4_3_prefetch_of_a_cpu_owned_node_raises_dscr_err),
        T(s4_3_knob_check_at_use),
        T(s4_3_knob_check_at_data),
        T(s4_4_owner_is_checked_only_if_enabled),
        T(s4_4_buffer_must_be_in_sram),
        T(s4_4_first_and_last_word_of_sram_are_fine),
        T(s4_4_error_halts_until_rst_and_start),
        T(s4_4_stop_does_not_lift_the_halt),
        T(s4_4_bad_node_in_the_middle_spares_what_comes_before),
        T(s4_4_restart_reads_the_same_node_again),
        T(s4_4_knob_restart_error_dead),
        T(s4_4_buffer_over_the_end_goes_to_nothing),
        T(s4_4_knob_buffer_end_error),
        T(s4_4_next_to_nothing_reads_zeros_and_fails),
        T(s4_4_knob_next_check_yes),
        T(s4_4_knob_bus_nothing_error),
        T(s4_4_knob_bus_nothing_hang),
        T(s4_4_link_address_in_the_hole),
    };

    return RUN(tests);
}
