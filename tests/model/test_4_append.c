/* SPDX-License-Identifier: Apache-2.0 */
/* Section 4.5: appending to a list at work, RESTART, and the hazards R1 to R3. */
#include "two_copies.h"

static void s4_5_next_alone_is_not_enough_once_the_tail_was_read(void **state)
{
    (void)state;
    first_copy(0);
    steps(12);
    assert_int_equal(chip.channel[MODEL_OUT(0)].fetch, FETCH_END);
    link_both();
    run();
    check_copied(DST, SRC, 64);
    assert_false(second_copy_is_done());
}

static void s4_5_next_alone_is_enough_before_the_tail_was_read(void **state)
{
    (void)state;
    first_copy(0);
    link_both();
    run();
    assert_true(second_copy_is_done());
}

/* Append after any number of steps: from before the first descriptor word to long after the end. */
static void append_at_every_step(void)
{
    for (unsigned step = 0; step < 80; step++) {
        bench_up(NULL);
        first_copy(0);
        steps(step);
        link_both();
        restart_both();
        run();
        check_copied(DST, SRC, 64);
        assert_true(second_copy_is_done());
        check_rx_closed(0, 64, true);
        assert_int_equal(chip.counters.bytes, 80);
        assert_int_equal(chip.counters.misuse, 0);
    }
}

static void s4_5_link_then_restart_never_loses_the_new_node(void **state)
{
    (void)state;
    append_at_every_step();
}

static void s4_5_r2_restart_before_the_link_is_lost(void **state)
{
    (void)state;
    first_copy(0);
    run();
    restart_both();
    run();
    link_both();
    run();
    assert_false(second_copy_is_done());
}

static void s4_5_restart_with_nothing_new_is_harmless(void **state)
{
    (void)state;
    first_copy(0);
    for (unsigned i = 0; i < 60; i++) {
        restart_both();
        steps(1);
    }
    run();
    check_copied(DST, SRC, 64);
    assert_int_equal(chip.counters.bytes, 64);
    assert_int_equal(out_raw(0), GDMA_OUT_DONE | GDMA_OUT_EOF | GDMA_OUT_TOTAL_EOF);
    assert_int_equal(in_raw(0), GDMA_IN_DONE | GDMA_IN_SUC_EOF);
}

static void s4_5_c1_a_recycled_tail_leads_astray(void **state)
{
    (void)state;
    first_copy(0);
    run();
    tx(5, SRC + 0x200, 4, EOF_BIT, 0);
    set_next(RX_NODES, RX_NODES + 16);
    set_next(TX_NODES, TX_NODES + 16 * 5); /* the tail now belongs to something else */
    restart_both();
    run();
    assert_false(second_copy_is_done());
    assert_memory_equal((void *)(uintptr_t)(DST + 0x100), (void *)(uintptr_t)(SRC + 0x200), 4);
}

static void s4_5_c2_the_tails_data_is_not_sent_again(void **state)
{
    static const char *const reads[] = {"next", "node"};

    (void)state;
    for (unsigned i = 0; i < 2; i++) {
        bench_knob("restart_reads", reads[i]);
        first_copy(0);
        run();
        link_both();
        restart_both();
        run();
        assert_true(second_copy_is_done());
        assert_int_equal(chip.counters.bytes, 80);
    }
}

/* A tail that was written back, and CHECK_OWNER. */
static void append_to_a_tail_written_back(const char *reads)
{
    bench_knob("restart_reads", reads);
    first_copy(GDMA_CONF1_CHECK_OWNER);
    run();
    link_both();
    restart_both();
    run();
}

static void s4_5_c3_check_owner_does_not_matter_where_only_next_is_read(void **state)
{
    (void)state;
    append_to_a_tail_written_back("next");
    assert_true(second_copy_is_done());
    append_to_a_tail_written_back("node");
    assert_true(second_copy_is_done());
}

static void s4_5_c3_knob_restart_reads_checked(void **state)
{
    (void)state;
    append_to_a_tail_written_back("checked");
    assert_false(second_copy_is_done());
    assert_true((in_raw(0) & GDMA_IN_DSCR_ERR) != 0);
    assert_true((out_raw(0) & GDMA_OUT_DSCR_ERR) != 0);
    restart_both(); /* fails at the same tail again */
    clear(0, GDMA_IN_INT_ALL, GDMA_OUT_INT_ALL);
    run();
    assert_int_equal(in_raw(0), GDMA_IN_DSCR_ERR);
}

static void s4_5_c3_checked_is_fine_without_check_owner(void **state)
{
    (void)state;
    bench_knob("restart_reads", "checked");
    first_copy(0);
    run();
    link_both();
    restart_both();
    run();
    assert_true(second_copy_is_done());
}

/* Two RESTARTs while busy: the second link is written after the first strobe, and strobed for. */
static void two_appends_while_busy(void)
{
    first_copy(0);
    steps(3); /* the tail is being read */
    link_both();
    restart_both();
    set_next(RX_NODES + 16, rx(2, DST + 0x200, 16, 0));
    set_next(TX_NODES + 16, tx(2, SRC + 0x200, 16, EOF_BIT, 0));
    restart_both();
    run();
}

static void s4_5_c4_merged_restarts_follow_all_links(void **state)
{
    (void)state;
    two_appends_while_busy();
    check_copied(DST + 0x200, SRC + 0x200, 16);
}

static void s4_5_c4_knob_restart_busy_counted(void **state)
{
    (void)state;
    bench_knob("restart_busy", "counted");
    two_appends_while_busy();
    check_copied(DST + 0x200, SRC + 0x200, 16);
    /* each strobe is worth one look at a tail, even where there is nothing new */
    bench_knob("restart_busy", "counted");
    first_copy(0);
    for (unsigned i = 0; i < 5; i++) {
        restart_out(0);
    }
    assert_int_equal(chip.channel[MODEL_OUT(0)].restarts, 5);
    run();
    assert_int_equal(chip.channel[MODEL_OUT(0)].restarts, 0);
    check_copied(DST, SRC, 64);
}

static void s4_5_c4_knob_restart_busy_lost(void **state)
{
    (void)state;
    bench_knob("restart_busy", "lost");
    first_copy(0);
    steps(20);
    link_both();
    restart_both();
    run();
    assert_false(second_copy_is_done());
    restart_both(); /* at rest it works */
    run();
    assert_true(second_copy_is_done());
}

static void s4_5_knob_restart_acts_at_end(void **state)
{
    (void)state;
    bench_knob("restart_acts", "at_end");
    first_copy(0);
    steps(20);
    link_both();
    restart_both();
    assert_int_equal(chip.channel[MODEL_OUT(0)].fetch, FETCH_END);
    assert_int_equal(chip.channel[MODEL_OUT(0)].restarts, 1);
    run();
    assert_true(second_copy_is_done());
}

/* RESTART with no list to go on with, after never, RST or STOP. */
static void restart_after(const char *what)
{
    if (strcmp(what, "never") != 0) {
        first_copy(0);
        run();
        link_both();
    } else {
        pair_up(0, IN_PLAIN, OUT_PLAIN, 0);
        tx(0, SRC, 16, EOF_BIT, 0);
        wr(gdma_out(0, GDMA_LINK), TX_NODES & GDMA_LINK_ADDR_MASK);
        start_in(0, rx(0, DST, 64, 0));
    }
    if (strcmp(what, "rst") == 0) {
        wr(gdma_out(0, GDMA_CONF0), OUT_PLAIN | GDMA_OUT_CONF0_RST);
        wr(gdma_out(0, GDMA_CONF0), OUT_PLAIN);
    } else if (strcmp(what, "stop") == 0) {
        wr(gdma_out(0, GDMA_LINK), (TX_NODES & GDMA_LINK_ADDR_MASK) | GDMA_OUT_LINK_STOP);
    }
    clear(0, GDMA_IN_INT_ALL, GDMA_OUT_INT_ALL);
    restart_out(0);
    run();
    assert_true((chip.counters.misuse & MISUSE_RESTART_UNBASED) != 0);
}

static void s4_5_c5_restart_without_a_base_is_misuse_and_ignored(void **state)
{
    static const char *const what[] = {"never", "rst", "stop"};

    (void)state;
    for (unsigned i = 0; i < 3; i++) {
        bench_up(NULL);
        restart_after(what[i]);
        assert_int_equal(out_raw(0), 0);
    }
}

static void s4_5_c5_knob_restart_unbased_last(void **state)
{
    (void)state;
    bench_knob("restart_unbased", "last");
    restart_after("rst");
    assert_int_equal(rd(gdma_out(0, GDMA_DSCR_BF0)), TX_NODES + 16);
    bench_knob("restart_unbased", "last");
    restart_after("never"); /* node 0: nothing there */
    assert_true((chip.counters.misuse & MISUSE_DMA_NOTHING) != 0);
}

static void s4_5_c5_knob_restart_unbased_link(void **state)
{
    (void)state;
    bench_knob("restart_unbased", "link");
    restart_after("never");
    check_copied(DST, SRC, 16);
}

static void s4_5_c6_words_of_a_node_are_read_in_order(void **state)
{
    uint32_t node = tx(0, SRC, 64, EOF_BIT, 0);

    (void)state;
    pair_up(0, IN_PLAIN, OUT_PLAIN, 0);
    start_out(0, node);
    steps(1);
    set_dw0(node, gdma_dw0(8, 8, OWNED)); /* too late for DW0, in time for the others */
    wr(node + 4, SRC + 4);
    steps(1);
    set_next(node, TX_NODES + 16);
    steps(1);
    assert_int_equal(chip.channel[MODEL_OUT(0)].node[0].dw0, gdma_dw0(64, 64, EOF_BIT | OWNED));
    assert_int_equal(chip.channel[MODEL_OUT(0)].node[0].buffer, SRC + 4);
    assert_int_equal(chip.channel[MODEL_OUT(0)].node[0].next, TX_NODES + 16);
}

static void s4_5_c6_a_descriptor_burst_reads_all_words_at_once(void **state)
{
    uint32_t node = tx(0, SRC, 64, EOF_BIT, 0);

    (void)state;
    pair_up(0, IN_PLAIN, OUT_PLAIN | GDMA_OUT_CONF0_DSCR_BURST, 0);
    start_out(0, node);
    steps(1);
    assert_int_equal(chip.channel[MODEL_OUT(0)].nodes, 1);
    assert_int_equal(chip.counters.cycles, MODEL_CYCLES_NODE);
}

/* A chain of four RX nodes without data: how many has the hardware read? */
static unsigned nodes_read_ahead(void)
{
    uint32_t list = rx(0, DST, 16, rx(1, DST + 16, 16, rx(2, DST + 32, 16, rx(3, DST + 48, 16, 0))));

    pair_up(0, IN_PLAIN, OUT_PLAIN, 0);
    start_in(0, list);
    run();
    return chip.channel[MODEL_IN(0)].nodes - 1u;
}

static void s4_5_r1_knob_rx_prefetch(void **state)
{
    (void)state;
    assert_int_equal(nodes_read_ahead(), 1);
    bench_knob("rx_prefetch", "2");
    assert_int_equal(nodes_read_ahead(), 2);
}

static void s4_5_r1_knob_tx_prefetch(void **state)
{
    (void)state;
    for (unsigned depth = 1; depth <= 2; depth++) {
        uint32_t list;

        bench_knob("tx_prefetch", depth == 1 ? "1" : "2");
        list = tx(0, SRC, 64, 0, tx(1, SRC, 64, 0, tx(2, SRC, 64, 0, tx(3, SRC, 64, 0, 0))));
        pair_up(0, IN_PLAIN, OUT_PLAIN, 0);
        start_out(0, list);
        run();
        assert_int_equal(chip.channel[MODEL_OUT(0)].nodes, depth + 1);
    }
}

static void s4_5_r1_a_node_read_ahead_is_used_as_it_was(void **state)
{
    uint32_t second = tx(1, SRC + 64, 16, EOF_BIT, 0);

    (void)state;
    pair_up(0, IN_PLAIN, OUT_PLAIN, 0);
    start_out(0, tx(0, SRC, 64, 0, second));
    run(); /* without RX: both nodes are read */
    set_dw0(second, gdma_dw0(8, 8, EOF_BIT | OWNED));
    start_in(0, rx(0, DST, 200, 0));
    run();
    check_rx_closed(0, 80, true);
    assert_int_equal(gdma_dw0_length(tx_dw0(1)), 16); /* the write-back undoes the CPU's store */
}

static void s10_3_knob_tx_past_eof_no(void **state)
{
    (void)state;
    bench_knob("tx_past_eof", "no");
    pair_up(0, IN_PLAIN, OUT_PLAIN, 0);
    start_out(0, tx(0, SRC, 64, EOF_BIT, tx(1, SRC + 64, 16, EOF_BIT, 0)));
    run();
    assert_int_equal(chip.channel[MODEL_OUT(0)].nodes, 1);
    start_in(0, rx(0, DST, 64, rx(1, DST + 0x100, 64, 0)));
    run();
    check_copied(DST + 0x100, SRC + 64, 16);
}

static void s4_5_r3_tx_extended_before_rx_meets_an_exhausted_list(void **state)
{
    (void)state;
    first_copy(0);
    run();
    clear(0, GDMA_IN_INT_ALL, GDMA_OUT_INT_ALL);
    link_both();
    restart_out(0);
    run();
    assert_int_equal(in_raw(0), GDMA_IN_DSCR_EMPTY);
    restart_in(0);
    run();
    assert_true(second_copy_is_done());
}

/* The ring of recipe B: two nodes each way, ended by owner. */
static void owner_ring(void)
{
    uint32_t in = rx(0, DST, 64, RX_NODES + 16);
    uint32_t out = tx(0, SRC, 64, EOF_BIT, TX_NODES + 16);

    rx(1, DST + 0x100, 16, in);
    tx(1, SRC + 0x100, 16, EOF_BIT, out);
    set_dw0(RX_NODES, gdma_dw0(64, 0, 0));
    set_dw0(RX_NODES + 16, gdma_dw0(16, 0, 0));
    set_dw0(TX_NODES, gdma_dw0(64, 64, EOF_BIT));
    set_dw0(TX_NODES + 16, gdma_dw0(16, 16, EOF_BIT));
    pair_up(0, IN_PLAIN, OUT_PLAIN, GDMA_CONF1_CHECK_OWNER);
    start(0, in, out);
    run();
}

static void give(unsigned index)
{
    set_dw0(RX_NODES + 16 * index, rx_dw0(index) | OWNED);
    set_dw0(TX_NODES + 16 * index, tx_dw0(index) | OWNED);
    restart_both();
}

static void s4_5_recipe_b_start_on_cpu_owned_nodes_halts_at_once(void **state)
{
    (void)state;
    owner_ring();
    assert_int_equal(in_raw(0), GDMA_IN_DSCR_ERR);
    assert_int_equal(out_raw(0), GDMA_OUT_DSCR_ERR);
}

static void s4_5_recipe_b_works_at_every_step(void **state)
{
    static const char *const when[] = {"prefetch", "use", "data"};

    (void)state;
    for (unsigned i = 0; i < 3 * 60; i++) {
        bench_up(NULL);
        bench_knob("check_at", when[i / 60]);
        owner_ring();
        give(0);
        steps(i % 60);
        give(1);
        run();
        assert_memory_equal((void *)(uintptr_t)DST, (void *)(uintptr_t)SRC, 64);
        assert_true(second_copy_is_done());
    }
}

static void s4_5_recipe_d_endless_ring(void **state)
{
    (void)state;
    rx(0, DST, 64, RX_NODES);
    pair_up(0, IN_PLAIN, OUT_PLAIN, 0);
    start_in(0, RX_NODES);
    for (unsigned i = 0; i < 5; i++) {
        start_out(0, tx(0, SRC + i, 16, EOF_BIT, 0));
        run();
        check_copied(DST, SRC + i, 16);
    }
    assert_int_equal(chip.counters.misuse, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        T(s4_5_next_alone_is_not_enough_once_the_tail_was_read),
        T(s4_5_next_alone_is_enough_before_the_tail_was_read),
        T(s4_5_link_then_restart_never_loses_the_new_node),
        T(s4_5_r2_restart_before_the_link_is_lost),
        T(s4_5_restart_with_nothing_new_is_harmless),
        T(s4_5_c1_a_recycled_tail_leads_astray),
        T(s4_5_c2_the_tails_data_is_not_sent_again),
        T(s4_5_c3_check_owner_does_not_matter_where_only_next_is_read),
        T(s4_5_c3_knob_restart_reads_checked),
        T(s4_5_c3_checked_is_fine_without_check_owner),
        T(s4_5_c4_merged_restarts_follow_all_links),
        T(s4_5_c4_knob_restart_busy_counted),
        T(s4_5_c4_knob_restart_busy_lost),
        T(s4_5_knob_restart_acts_at_end),
        T(s4_5_c5_restart_without_a_base_is_misuse_and_ignored),
        T(s4_5_c5_knob_restart_unbased_last),
        T(s4_5_c5_knob_restart_unbased_link),
        T(s4_5_c6_words_of_a_node_are_read_in_order),
        T(s4_5_c6_a_descriptor_burst_reads_all_words_at_once),
        T(s4_5_r1_knob_rx_prefetch),
        T(s4_5_r1_knob_tx_prefetch),
        T(s4_5_r1_a_node_read_ahead_is_used_as_it_was),
        T(s10_3_knob_tx_past_eof_no),
        T(s4_5_r3_tx_extended_before_rx_meets_an_exhausted_list),
        T(s4_5_recipe_b_start_on_cpu_owned_nodes_halts_at_once),
        T(s4_5_recipe_b_works_at_every_step),
        T(s4_5_recipe_d_endless_ring),
    };

    return RUN(tests);
}
