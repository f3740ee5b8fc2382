/* SPDX-License-Identifier: Apache-2.0 */
/* Section 2: GDMA's registers. */
#include "bench.h"

static const uint32_t whole[] = {0x70, 0xD0};

static void s2_layout_of_the_channels(void **state)
{
    (void)state;
    for (unsigned n = 0; n < 3; n++) {
        assert_int_equal(gdma_in(n, GDMA_CONF0), CHIP_GDMA_BASE + whole[0] + 0xC0 * n);
        assert_int_equal(gdma_out(n, GDMA_CONF0), CHIP_GDMA_BASE + whole[1] + 0xC0 * n);
    }
    assert_int_equal(gdma_in(0, GDMA_LINK), CHIP_GDMA_BASE + 0x80);
    assert_int_equal(gdma_in(0, GDMA_EOF_DES_ADDR), CHIP_GDMA_BASE + 0x88);
    assert_int_equal(gdma_in(0, GDMA_PERI_SEL), CHIP_GDMA_BASE + 0xA0);
    assert_int_equal(gdma_out(0, GDMA_LINK), CHIP_GDMA_BASE + 0xE0);
    assert_int_equal(gdma_out(0, GDMA_PERI_SEL), CHIP_GDMA_BASE + 0x100);
    assert_int_equal(gdma_out(2, GDMA_PERI_SEL), CHIP_GDMA_BASE + 0x280);
}

static void s2_holes_are_nothing(void **state)
{
    (void)state;
    rd(gdma_in(0, 0x34));
    assert_int_equal(chip.counters.misuse, MISUSE_NOTHING);
    chip.counters.misuse = 0;
    rd(CHIP_GDMA_BASE + GDMA_LAST_OFFSET + 4);
    assert_int_equal(chip.counters.misuse, MISUSE_NOTHING);
    chip.counters.misuse = 0;
    for (unsigned n = 0; n < 3; n++) {
        for (uint32_t offset = 0; offset <= GDMA_PERI_SEL; offset += 4) {
            rd(gdma_in(n, offset));
            rd(gdma_out(n, offset));
        }
    }
    assert_int_equal(chip.counters.misuse, 0);
}

static void s2_read_only_and_strobe_registers_take_no_value(void **state)
{
    static const uint32_t offsets[] = {GDMA_FIFO_STATUS,  GDMA_FIFO_ACCESS, GDMA_STATE,    GDMA_EOF_DES_ADDR,
                                       GDMA_BFR_DES_ADDR, GDMA_DSCR,        GDMA_DSCR_BF0, GDMA_DSCR_BF1};

    (void)state;
    for (unsigned i = 0; i < 8; i++) {
        uint32_t before = rd(gdma_in(0, offsets[i]));

        wr(gdma_in(0, offsets[i]), 0x55555555);
        assert_int_equal(rd(gdma_in(0, offsets[i])), before);
    }
    wr(GDMA_DATE, 0);
    assert_int_equal(rd(GDMA_DATE), CHIP_GDMA_DATE);
    wr(GDMA_AHB_TEST, 0xFFFFFFFF);
    assert_int_equal(rd(GDMA_AHB_TEST), 0x37);
    assert_int_equal(rd(gdma_in_int(0, GDMA_INT_CLR)), 0);
    assert_int_equal(chip.counters.misuse, 0);
    wr(gdma_in(0, 0x34), 1);
    assert_int_equal(chip.counters.misuse, MISUSE_NOTHING);
}

static void s2_reset_values(void **state)
{
    (void)state;
    for (unsigned n = 0; n < 3; n++) {
        assert_int_equal(rd(gdma_in(n, GDMA_CONF0)), 0);
        assert_int_equal(rd(gdma_in(n, GDMA_CONF1)), 0);
        assert_int_equal(rd(gdma_in(n, GDMA_FIFO_STATUS)), 3 | 0xFu << 23);
        assert_int_equal(rd(gdma_in(n, GDMA_FIFO_ACCESS)), 0x800);
        assert_int_equal(rd(gdma_in(n, GDMA_LINK)), GDMA_IN_LINK_AUTO_RET | GDMA_IN_LINK_PARK);
        assert_int_equal(rd(gdma_in(n, GDMA_PRI)), 0);
        assert_int_equal(rd(gdma_in(n, GDMA_PERI_SEL)), 0x3F);
        assert_int_equal(rd(gdma_out(n, GDMA_CONF0)), GDMA_OUT_CONF0_EOF_MODE);
        assert_int_equal(rd(gdma_out(n, GDMA_FIFO_STATUS)), 2 | 0xFu << 23);
        assert_int_equal(rd(gdma_out(n, GDMA_LINK)), GDMA_OUT_LINK_PARK);
        assert_int_equal(rd(gdma_out(n, GDMA_PERI_SEL)), 0x3F);
        assert_int_equal(in_raw(n) | out_raw(n), 0);
    }
    assert_int_equal(rd(GDMA_MISC_CONF), 0);
    assert_int_equal(rd(GDMA_DATE), CHIP_GDMA_DATE);
}

static void s2_control_bits_keep_what_they_have(void **state)
{
    (void)state;
    wr(gdma_in(0, GDMA_CONF0), 0x3E);
    assert_int_equal(rd(gdma_in(0, GDMA_CONF0)), 0x3E);
    wr(gdma_out(0, GDMA_CONF0), 0xFFFFFFFE);
    assert_int_equal(rd(gdma_out(0, GDMA_CONF0)), 0x7E);
    wr(gdma_in(0, GDMA_CONF1), 0xFFFFFFFF);
    assert_int_equal(rd(gdma_in(0, GDMA_CONF1)), GDMA_CONF1_CHECK_OWNER);
    wr(gdma_in(0, GDMA_PERI_SEL), 0xFF);
    assert_int_equal(rd(gdma_in(0, GDMA_PERI_SEL)), 0x3F);
    wr(gdma_in(0, GDMA_PRI), 0xFF);
    assert_int_equal(rd(gdma_in(0, GDMA_PRI)), 0xF);
}

static void s2_1_st_is_raw_and_ena(void **state)
{
    (void)state;
    pair_up(0, IN_PLAIN, OUT_PLAIN, 0);
    start(0, rx(0, DST, 16, 0), tx(0, SRC, 16, EOF_BIT, 0));
    run();
    assert_int_equal(rd(gdma_in_int(0, GDMA_INT_ST)), 0);
    enable(0, GDMA_IN_SUC_EOF, GDMA_OUT_EOF);
    assert_int_equal(rd(gdma_in_int(0, GDMA_INT_ST)) & GDMA_IN_INT_ALL, GDMA_IN_SUC_EOF);
    assert_int_equal(rd(gdma_out_int(0, GDMA_INT_ST)) & GDMA_OUT_INT_ALL, GDMA_OUT_EOF);
}

static void s2_1_clr_clears_only_its_bits(void **state)
{
    (void)state;
    pair_up(0, IN_PLAIN, OUT_PLAIN, 0);
    start(0, rx(0, DST, 16, 0), tx(0, SRC, 16, EOF_BIT, 0));
    run();
    assert_int_equal(in_raw(0), GDMA_IN_DONE | GDMA_IN_SUC_EOF);
    clear(0, GDMA_IN_SUC_EOF, 0);
    assert_int_equal(in_raw(0), GDMA_IN_DONE);
    assert_int_equal(out_raw(0), GDMA_OUT_DONE | GDMA_OUT_EOF | GDMA_OUT_TOTAL_EOF);
}

static void s2_1_write_1_to_raw_clears_too(void **state)
{
    (void)state;
    pair_up(0, IN_PLAIN, OUT_PLAIN, 0);
    start(0, rx(0, DST, 16, 0), tx(0, SRC, 16, EOF_BIT, 0));
    run();
    wr(gdma_in_int(0, GDMA_INT_RAW), GDMA_IN_DONE);
    assert_int_equal(in_raw(0), GDMA_IN_SUC_EOF);
    wr(gdma_in_int(0, GDMA_INT_ST), GDMA_IN_SUC_EOF);
    assert_int_equal(in_raw(0), GDMA_IN_SUC_EOF);
}

static void s2_2_ahbm_rst_keeps_the_bus_free(void **state)
{
    (void)state;
    wr(GDMA_MISC_CONF, GDMA_MISC_AHBM_RST);
    pair_up(0, IN_PLAIN, OUT_PLAIN, 0);
    start(0, rx(0, DST, 16, 0), tx(0, SRC, 16, EOF_BIT, 0));
    run();
    assert_int_equal(chip.counters.transactions, 0);
    wr(GDMA_MISC_CONF, 0);
    run();
    check_copied(DST, SRC, 16);
}

static void s2_5_dscr_registers_show_fetch_order(void **state)
{
    uint32_t c = rx(2, DST + 32, 16, 0);
    uint32_t b = rx(1, DST + 16, 16, c);
    uint32_t a = rx(0, DST, 16, b);

    (void)state;
    pair_up(0, IN_PLAIN | GDMA_IN_CONF0_DSCR_BURST, OUT_PLAIN, 0);
    start_in(0, a);
    run(); /* no data: one node at work, one read ahead */
    assert_int_equal(rd(gdma_in(0, GDMA_DSCR_BF0)), b);
    assert_int_equal(rd(gdma_in(0, GDMA_DSCR)), c);
    assert_int_equal(rd(gdma_in(0, GDMA_DSCR_BF1)), a);
}

static void s2_5_state_shows_next_unprocessed_node(void **state)
{
    uint32_t b = rx(1, DST + 16, 16, 0);
    uint32_t a = rx(0, DST, 16, b);

    (void)state;
    pair_up(0, IN_PLAIN, OUT_PLAIN, 0);
    start_in(0, a);
    run();
    assert_int_equal(rd(gdma_in(0, GDMA_STATE)) & GDMA_STATE_ADDR_MASK, b & GDMA_STATE_ADDR_MASK);
    start_in(1, b);
    run();
    assert_int_equal(rd(gdma_in(1, GDMA_STATE)) & GDMA_STATE_ADDR_MASK, b & GDMA_STATE_ADDR_MASK);
}

static void s2_5_state_shows_the_node_that_failed(void **state)
{
    (void)state;
    pair_up(0, IN_PLAIN, OUT_PLAIN, 0);
    start_in(0, rx(0, 0, 16, 0));
    run();
    assert_int_equal(rd(gdma_in(0, GDMA_STATE)) & GDMA_STATE_ADDR_MASK, RX_NODES & GDMA_STATE_ADDR_MASK);
}

static void s2_5_knob_state_address_words(void **state)
{
    uint32_t a;

    (void)state;
    bench_knob("state_address", "words");
    a = rx(0, DST, 16, 0);
    start_in(0, a);
    run();
    assert_int_equal(rd(gdma_in(0, GDMA_STATE)) & GDMA_STATE_ADDR_MASK, a >> 2 & GDMA_STATE_ADDR_MASK);
}

static void s2_5_link_address_gets_the_chips_upper_bits(void **state)
{
    (void)state;
    pair_up(0, IN_PLAIN, OUT_PLAIN, 0);
    start_in(0, rx(0, DST, 16, 0));
    run();
    assert_int_equal(rd(gdma_in(0, GDMA_DSCR_BF0)), RX_NODES);
    assert_int_equal(CHIP_GDMA_LINK_HIGH >> 20, CHIP_SRAM_FIRST >> 20);
}

static void s2_5_strobes_clear_themselves(void **state)
{
    (void)state;
    pair_up(0, IN_PLAIN, OUT_PLAIN, 0);
    start(0, rx(0, DST, 16, 0), tx(0, SRC, 16, EOF_BIT, 0));
    assert_int_equal(
        rd(gdma_in(0, GDMA_LINK)) & (GDMA_IN_LINK_START | GDMA_IN_LINK_STOP | GDMA_IN_LINK_RESTART), 0);
    assert_int_equal(
        rd(gdma_out(0, GDMA_LINK)) & (GDMA_OUT_LINK_START | GDMA_OUT_LINK_STOP | GDMA_OUT_LINK_RESTART), 0);
}

static void s2_5_link_control_bits_differ_by_direction(void **state)
{
    (void)state;
    assert_int_equal(GDMA_IN_LINK_STOP, 1u << 21);
    assert_int_equal(GDMA_IN_LINK_PARK, 1u << 24);
    assert_int_equal(GDMA_OUT_LINK_STOP, 1u << 20);
    assert_int_equal(GDMA_OUT_LINK_PARK, 1u << 23);
}

static void s2_5_park_is_0_at_work_and_1_at_rest(void **state)
{
    (void)state;
    pair_up(0, IN_PLAIN, OUT_PLAIN, 0);
    start(0, rx(0, DST, 64, 0), tx(0, SRC, 64, EOF_BIT, 0));
    steps(4);
    assert_int_equal(rd(gdma_in(0, GDMA_LINK)) & GDMA_IN_LINK_PARK, 0);
    assert_int_equal(rd(gdma_out(0, GDMA_LINK)) & GDMA_OUT_LINK_PARK, 0);
    run();
    assert_int_not_equal(rd(gdma_in(0, GDMA_LINK)) & GDMA_IN_LINK_PARK, 0);
    assert_int_not_equal(rd(gdma_out(0, GDMA_LINK)) & GDMA_OUT_LINK_PARK, 0);
}

/* Both nodes have been read, data is still on its way. */
static uint32_t park_in_the_middle(void)
{
    pair_up(0, IN_PLAIN, OUT_PLAIN, 0);
    start(0, rx(0, DST, 64, 0), tx(0, SRC, 64, EOF_BIT, 0));
    steps(10);
    assert_int_equal(chip.channel[MODEL_OUT(0)].fetch, FETCH_END);
    return rd(gdma_out(0, GDMA_LINK)) & GDMA_OUT_LINK_PARK;
}

static void s2_5_knob_park_fetched(void **state)
{
    (void)state;
    assert_int_equal(park_in_the_middle(), 0);
    bench_knob("park", "fetched");
    assert_int_not_equal(park_in_the_middle(), 0);
}

static void s4_3_knob_park_rx_end_waits(void **state)
{
    (void)state;
    bench_knob("park_rx_end", "waits");
    pair_up(0, IN_PLAIN, OUT_PLAIN, 0);
    start(0, rx(0, DST, 64, 0), tx(0, SRC, 64, EOF_BIT, 0));
    run();
    assert_int_equal(rd(gdma_in(0, GDMA_LINK)) & GDMA_IN_LINK_PARK, 0);
    assert_int_not_equal(rd(gdma_out(0, GDMA_LINK)) & GDMA_OUT_LINK_PARK, 0);
}

static void s7_knob_park_reset_0(void **state)
{
    (void)state;
    bench_knob("park_reset", "0");
    assert_int_equal(rd(gdma_in(0, GDMA_LINK)) & GDMA_IN_LINK_PARK, 0);
    assert_int_equal(rd(gdma_out(0, GDMA_LINK)) & GDMA_OUT_LINK_PARK, 0);
}

static void s2_5_rst_is_a_level_that_keeps_start_away(void **state)
{
    (void)state;
    pair_up(0, IN_PLAIN | GDMA_IN_CONF0_RST, OUT_PLAIN, 0);
    start(0, rx(0, DST, 16, 0), tx(0, SRC, 16, EOF_BIT, 0));
    run();
    check_rx_open(0);
    wr(gdma_in(0, GDMA_CONF0), IN_PLAIN);
    start_in(0, RX_NODES);
    run();
    check_copied(DST, SRC, 16);
}

static void s2_5_rst_clears_fifo_and_state_not_registers(void **state)
{
    (void)state;
    pair_up(0, 0, OUT_PLAIN, 0); /* not wired: TX fills its FIFO */
    wr(gdma_out(0, GDMA_PRI), 2);
    enable(0, 0, GDMA_OUT_DONE);
    start_out(0, tx(0, SRC, 64, EOF_BIT, 0));
    run();
    assert_int_equal(rd(gdma_out(0, GDMA_FIFO_STATUS)) >> GDMA_FIFO_CNT_SHIFT & 0x3F, 16);
    assert_int_equal(rd(gdma_out(0, GDMA_FIFO_STATUS)) & 3, GDMA_FIFO_FULL);
    wr(gdma_out(0, GDMA_CONF0), OUT_PLAIN | GDMA_OUT_CONF0_RST);
    wr(gdma_out(0, GDMA_CONF0), OUT_PLAIN);
    assert_int_equal(rd(gdma_out(0, GDMA_FIFO_STATUS)) & 3, GDMA_FIFO_EMPTY);
    assert_int_not_equal(rd(gdma_out(0, GDMA_LINK)) & GDMA_OUT_LINK_PARK, 0);
    assert_int_equal(rd(gdma_out(0, GDMA_PRI)), 2);
    assert_int_equal(rd(gdma_out(0, GDMA_PERI_SEL)), m2m_id(0));
    assert_int_equal(rd(gdma_out_int(0, GDMA_INT_ENA)) & GDMA_OUT_INT_ALL, GDMA_OUT_DONE);
    assert_int_equal(rd(gdma_out(0, GDMA_LINK)) & GDMA_LINK_ADDR_MASK, TX_NODES & GDMA_LINK_ADDR_MASK);
}

static void rst_after_a_copy(void)
{
    pair_up(0, IN_PLAIN, OUT_PLAIN, GDMA_CONF1_CHECK_OWNER);
    wr(gdma_in(0, GDMA_PRI), 2);
    enable(0, GDMA_IN_DSCR_ERR, 0);
    start(0, rx(0, DST, 16, 0), tx(0, SRC, 16, EOF_BIT, 0));
    run();
    wr(gdma_in(0, GDMA_CONF0), IN_PLAIN | GDMA_IN_CONF0_RST);
    wr(gdma_out(0, GDMA_CONF0), OUT_PLAIN | GDMA_OUT_CONF0_RST);
}

static void s2_5_rst_keeps_raw_and_ena(void **state)
{
    (void)state;
    rst_after_a_copy();
    assert_int_equal(in_raw(0), GDMA_IN_DONE | GDMA_IN_SUC_EOF);
    assert_int_equal(rd(gdma_in_int(0, GDMA_INT_ENA)), GDMA_IN_DSCR_ERR);
}

static void s2_5_knob_rst_clears_config(void **state)
{
    (void)state;
    bench_knob("rst_clears", "config");
    rst_after_a_copy();
    assert_int_equal(rd(gdma_in(0, GDMA_CONF0)), GDMA_IN_CONF0_RST);
    assert_int_equal(rd(gdma_in(0, GDMA_CONF1)), 0);
    assert_int_equal(rd(gdma_in(0, GDMA_PRI)), 0);
    assert_int_equal(rd(gdma_in(0, GDMA_PERI_SEL)), GDMA_PERI_SEL_NONE);
    assert_int_equal(in_raw(0), GDMA_IN_DONE | GDMA_IN_SUC_EOF);
}

static void s2_5_knob_rst_clears_all(void **state)
{
    (void)state;
    bench_knob("rst_clears", "all");
    rst_after_a_copy();
    assert_int_equal(in_raw(0), 0);
    assert_int_equal(rd(gdma_in_int(0, GDMA_INT_ENA)), 0);
}

static void s2_5_loop_test_leaves_the_owner_alone(void **state)
{
    (void)state;
    pair_up(0, IN_PLAIN | GDMA_IN_CONF0_LOOP_TEST, OUT_PLAIN | GDMA_OUT_CONF0_LOOP_TEST, 0);
    start(0, rx(0, DST, 16, 0), tx(0, SRC, 16, EOF_BIT, 0));
    run();
    assert_int_equal(rx_dw0(0) & (OWNED | EOF_BIT), OWNED | EOF_BIT);
    assert_int_equal(tx_dw0(0) & OWNED, OWNED);
}

static void s2_5_auto_wrback_gives_tx_nodes_back(void **state)
{
    (void)state;
    pair_up(0, IN_PLAIN, OUT_PLAIN, 0);
    start(0, rx(0, DST, 16, 0), tx(0, SRC, 16, EOF_BIT, 0));
    run();
    assert_int_equal(tx_dw0(0), gdma_dw0(16, 16, EOF_BIT));
}

static void s2_5_without_auto_wrback_tx_nodes_stay(void **state)
{
    (void)state;
    pair_up(0, IN_PLAIN, GDMA_OUT_CONF0_EOF_MODE, 0);
    start(0, rx(0, DST, 16, 0), tx(0, SRC, 16, EOF_BIT, 0));
    run();
    assert_int_equal(tx_dw0(0), gdma_dw0(16, 16, EOF_BIT | OWNED));
    check_rx_closed(0, 16, true);
    assert_int_equal(out_raw(0), GDMA_OUT_DONE | GDMA_OUT_EOF | GDMA_OUT_TOTAL_EOF);
}

/* RX is not there to take the bytes: they are pushed, and not popped. */
static uint32_t out_raw_when_pushed(uint32_t out_conf0)
{
    pair_up(0, 0, out_conf0, 0);
    start_out(0, tx(0, SRC, 8, EOF_BIT, 0));
    run();
    return out_raw(0);
}

static void s2_5_eof_mode_0_tells_when_pushed(void **state)
{
    (void)state;
    assert_true((out_raw_when_pushed(0) & GDMA_OUT_EOF) != 0);
}

static void s2_5_eof_mode_1_tells_when_popped(void **state)
{
    (void)state;
    assert_int_equal(out_raw_when_pushed(GDMA_OUT_CONF0_EOF_MODE) & GDMA_OUT_EOF, 0);
    wr(gdma_in(0, GDMA_CONF0), IN_PLAIN);
    run();
    assert_true((out_raw(0) & GDMA_OUT_EOF) != 0);
}

static void s2_5_fifo_holds_tx_back(void **state)
{
    static const char *const depths[] = {"4", "16", "32", "63"};
    static const uint32_t held[] = {4, 16, 32, 60};

    (void)state;
    for (unsigned i = 0; i < 4; i++) {
        bench_knob("fifo_depth", depths[i]);
        pair_up(0, 0, OUT_PLAIN, 0);
        start_out(0, tx(0, SRC, 200, EOF_BIT, 0));
        run();
        assert_int_equal(chip.channel[MODEL_OUT(0)].fifo_count, held[i]);
        wr(gdma_in(0, GDMA_CONF0), IN_PLAIN);
        start_in(0, rx(0, DST, 200, 0));
        run();
        check_copied(DST, SRC, 200);
    }
}

static void s2_5_nothing_flows_without_mem_trans(void **state)
{
    (void)state;
    pair_up(0, 0, OUT_PLAIN, 0);
    start(0, rx(0, DST, 16, 0), tx(0, SRC, 16, EOF_BIT, 0));
    run();
    check_untouched(DST, 16);
    check_rx_open(0);
}

static void copy_with_ids(uint32_t in_id, uint32_t out_id)
{
    pair_up(0, IN_PLAIN, OUT_PLAIN, 0);
    wr(gdma_in(0, GDMA_PERI_SEL), in_id);
    wr(gdma_out(0, GDMA_PERI_SEL), out_id);
    start(0, rx(0, DST, 16, 0), tx(0, SRC, 16, EOF_BIT, 0));
    run();
}

static void s2_5_each_free_id_serves_and_no_other(void **state)
{
    (void)state;
    for (uint32_t id = 0; id < 64; id++) {
        bool serves = id < 16 && (CHIP_GDMA_M2M_IDS >> id & 1) != 0;

        bench_up(NULL);
        copy_with_ids(id, id);
        assert_int_equal((in_raw(0) & GDMA_IN_SUC_EOF) != 0, serves);
        assert_int_equal((chip.counters.misuse & MISUSE_PERI_SEL) != 0, !serves);
    }
}

static void s2_5_ids_of_a_pair_must_agree(void **state)
{
    (void)state;
    copy_with_ids(m2m_id(0), m2m_id(1));
    check_untouched(DST, 16);
    assert_int_equal(chip.counters.misuse, MISUSE_PERI_SEL);
}

static void s2_5_every_pair_needs_its_own_id(void **state)
{
    (void)state;
    pair_up(1, IN_PLAIN, OUT_PLAIN, 0);
    copy_with_ids(m2m_id(1), m2m_id(1));
    check_untouched(DST, 16);
    assert_int_equal(chip.counters.misuse, MISUSE_PERI_SEL);
}

static void s2_5_rx_n_is_connected_to_tx_n_only(void **state)
{
    (void)state;
    pair_up(0, IN_PLAIN, OUT_PLAIN, 0);
    pair_up(1, IN_PLAIN, OUT_PLAIN, 0);
    start_in(0, rx(0, DST, 16, 0));
    start_out(1, tx(1, SRC, 16, EOF_BIT, 0));
    run();
    check_untouched(DST, 16);
    start_in(1, rx(1, DST + 0x100, 16, 0));
    run();
    check_copied(DST + 0x100, SRC, 16);
    check_untouched(DST, 16);
}

/* Two pairs copy the same amount: who is done first, and how far is the other then? */
static uint32_t bytes_of_pair_1_when_0_is_done(uint32_t priority_0, uint32_t priority_1)
{
    pair_up(0, IN_PLAIN, OUT_PLAIN, 0);
    pair_up(1, IN_PLAIN, OUT_PLAIN, 0);
    wr(gdma_in(0, GDMA_PRI), priority_0);
    wr(gdma_out(0, GDMA_PRI), priority_0);
    wr(gdma_in(1, GDMA_PRI), priority_1);
    wr(gdma_out(1, GDMA_PRI), priority_1);
    start(0, rx(0, DST, 400, 0), tx(0, SRC, 400, EOF_BIT, 0));
    start(1, rx(1, DST + 0x800, 400, 0), tx(1, SRC, 400, EOF_BIT, 0));
    run_until_in(0, GDMA_IN_SUC_EOF);
    return (uint32_t)chip.counters.bytes - 400;
}

static void s2_5_larger_priority_wins(void **state)
{
    (void)state;
    assert_in_range(bytes_of_pair_1_when_0_is_done(5, 0), 0, 16);
    bench_up(NULL);
    assert_int_equal(bytes_of_pair_1_when_0_is_done(0, 5), 400);
}

static void s2_5_equal_priorities_take_turns(void **state)
{
    (void)state;
    assert_in_range(bytes_of_pair_1_when_0_is_done(3, 3), 380, 400);
}

static void s2_2_arb_pri_dis_makes_all_equal(void **state)
{
    (void)state;
    wr(GDMA_MISC_CONF, GDMA_MISC_ARB_PRI_DIS);
    assert_in_range(bytes_of_pair_1_when_0_is_done(5, 0), 380, 400);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        T(s2_layout_of_the_channels),
        T(s2_holes_are_nothing),
        T(s2_read_only_and_strobe_registers_take_no_value),
        T(s2_reset_values),
        T(s2_control_bits_keep_what_they_have),
        T(s2_1_st_is_raw_and_ena),
        T(s2_1_clr_clears_only_its_bits),
        T(s2_1_write_1_to_raw_clears_too),
        T(s2_2_ahbm_rst_keeps_the_bus_free),
        T(s2_2_arb_pri_dis_makes_all_equal),
        T(s2_5_dscr_registers_show_fetch_order),
        T(s2_5_state_shows_next_unprocessed_node),
        T(s2_5_state_shows_the_node_that_failed),
        T(s2_5_knob_state_address_words),
        T(s2_5_link_address_gets_the_chips_upper_bits),
        T(s2_5_strobes_clear_themselves),
        T(s2_5_link_control_bits_differ_by_direction),
        T(s2_5_park_is_0_at_work_and_1_at_rest),
        T(s2_5_knob_park_fetched),
        T(s4_3_knob_park_rx_end_waits),
        T(s7_knob_park_reset_0),
        T(s2_5_rst_is_a_level_that_keeps_start_away),
        T(s2_5_rst_clears_fifo_and_state_not_registers),
        T(s2_5_rst_keeps_raw_and_ena),
        T(s2_5_knob_rst_clears_config),
        T(s2_5_knob_rst_clears_all),
        T(s2_5_loop_test_leaves_the_owner_alone),
        T(s2_5_auto_wrback_gives_tx_nodes_back),
        T(s2_5_without_auto_wrback_tx_nodes_stay),
        T(s2_5_eof_mode_0_tells_when_pushed),
        T(s2_5_eof_mode_1_tells_when_popped),
        T(s2_5_fifo_holds_tx_back),
        T(s2_5_nothing_flows_without_mem_trans),
        T(s2_5_each_free_id_serves_and_no_other),
        T(s2_5_ids_of_a_pair_must_agree),
        T(s2_5_every_pair_needs_its_own_id),
        T(s2_5_rx_n_is_connected_to_tx_n_only),
        T(s2_5_larger_priority_wins),
        T(s2_5_equal_priorities_take_turns),
    };

    return RUN(tests);
}
