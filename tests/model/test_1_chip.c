/* SPDX-License-Identifier: Apache-2.0 */
/* Section 1: memory, clocks and resets, interrupt path, permission filters. */
#include "bench.h"

static void s1_2_sram_is_at_the_chips_addresses(void **state)
{
    (void)state;
    wr(CHIP_SRAM_FIRST, 0x12345678);
    assert_int_equal(*(uint32_t *)(uintptr_t)CHIP_SRAM_FIRST, 0x12345678);
    wr(CHIP_SRAM_LAST - 3, 0x9ABCDEF0);
    assert_int_equal(rd(CHIP_SRAM_LAST - 3), 0x9ABCDEF0);
    assert_int_equal(chip.counters.misuse, 0);
}

static void s1_2_taken_address_is_a_clear_error(void **state)
{
    const char *reason = NULL;

    (void)state;
    assert_false(model_map_sram(&reason));
    assert_non_null(strstr(reason, CHIP_NAME));
}

static void s1_2_access_to_nothing_is_recorded(void **state)
{
    (void)state;
    assert_int_equal(rd(CHIP_SRAM_LAST + 1), 0);
    assert_int_equal(chip.counters.misuse, MISUSE_NOTHING);
    assert_int_equal(chip.counters.misuse_address, CHIP_SRAM_LAST + 1);
    wr(0x10, 1);
    assert_int_equal(chip.counters.misuse_address, CHIP_SRAM_LAST + 1);
}

static void s1_2_unaligned_register_access_is_recorded(void **state)
{
    (void)state;
    rd(GDMA_MISC_CONF + 1);
    assert_int_equal(chip.counters.misuse, MISUSE_NOTHING);
}

/* Bases and an offset in each block where nothing is. */
static void s1_3_holes_of_every_block_are_nothing(void **state)
{
    static const uint32_t holes[] = {
        CHIP_PLIC_BASE + 0xA0,     INTMTX_CLOCK_GATE + 4,     CHIP_PCR_BASE + 0xFF0,
        CHIP_GPIO_BASE + 0x100,    CHIP_HP_APM_BASE + 0x400,  CHIP_LP_APM_BASE + 0x400,
        CHIP_LP_APM0_BASE + 0x400, CHIP_GPIO_EXT_BASE + 0x10,
    };

    (void)state;
    for (unsigned i = 0; i < sizeof(holes) / sizeof(holes[0]); i++) {
        chip.counters.misuse = 0;
        assert_int_equal(rd(holes[i]), 0);
        assert_int_equal(chip.counters.misuse, MISUSE_NOTHING);
        chip.counters.misuse = 0;
        wr(holes[i], 1);
        assert_int_equal(chip.counters.misuse, MISUSE_NOTHING);
    }
}

static void s1_4_etm_and_intmtx_are_reset_and_clocked(void **state)
{
    (void)state;
    wr(intmtx_map(7), 5);
    wr(PCR_INTMTX_CONF, PCR_CONF_CLK_EN | PCR_CONF_RST_EN);
    wr(PCR_INTMTX_CONF, PCR_CONF_CLK_EN);
    assert_int_equal(rd(intmtx_map(7)), 0);
    wr(PCR_INTMTX_CONF, 0);
    assert_int_equal(chip.counters.misuse, 0);
    rd(intmtx_map(7));
    assert_int_equal(chip.counters.misuse, MISUSE_CLOCK);
}

static void s1_6_plic_registers(void **state)
{
    (void)state;
    wr(plic_priority(9), 0xFF);
    assert_int_equal(rd(plic_priority(9)), 15);
    wr(PLIC_THRESH, 0x1FF);
    assert_int_equal(rd(PLIC_THRESH), 0xFF);
    wr(PLIC_TYPE, 1u << 9);
    assert_int_equal(rd(PLIC_TYPE), 1u << 9);
    wr(PLIC_EMIP, 0xFF);
    wr(PLIC_CLAIM, 1);
    assert_int_equal(rd(PLIC_EMIP) | rd(PLIC_CLAIM) | rd(PLIC_CLEAR), 0);
    assert_int_equal(rd(INTMTX_CLOCK_GATE), 1);
    assert_int_equal(chip.counters.misuse, 0);
}

static void s1_7_registers_of_the_filters(void **state)
{
    (void)state;
    if (!CHIP_HAS_APM) {
        skip();
    }
    wr(LP_APM_FUNC_CTRL, 0xF3);
    wr(LP_APM0_FUNC_CTRL, 0xF5);
    wr(HP_APM_REGION_FILTER_EN, 0);
    assert_int_equal(rd(LP_APM_FUNC_CTRL), 3);
    assert_int_equal(rd(LP_APM0_FUNC_CTRL), 5);
    assert_int_equal(rd(HP_APM_REGION_FILTER_EN), 0);
    assert_int_equal(chip.counters.misuse, 0);
}

static void s1_4_reset_values(void **state)
{
    (void)state;
    assert_int_equal(rd(PCR_GDMA_CONF), 1);
    assert_int_equal(rd(PCR_ETM_CONF), 5);
    assert_int_equal(rd(PCR_INTMTX_CONF), 5);
}

static void s1_4_gdma_without_clock_does_not_answer(void **state)
{
    (void)state;
    wr(PCR_GDMA_CONF, 0);
    wr(gdma_in(0, GDMA_PRI), 3);
    assert_int_equal(chip.counters.misuse, MISUSE_CLOCK);
    wr(PCR_GDMA_CONF, PCR_CONF_CLK_EN);
    assert_int_equal(rd(gdma_in(0, GDMA_PRI)), 0);
}

static void s1_4_gdma_without_clock_stands_still(void **state)
{
    (void)state;
    pair_up(0, IN_PLAIN, OUT_PLAIN, 0);
    start(0, rx(0, DST, 100, 0), tx(0, SRC, 100, EOF_BIT, 0));
    steps(5);
    wr(PCR_GDMA_CONF, 0);
    run();
    check_rx_open(0);
    wr(PCR_GDMA_CONF, PCR_CONF_CLK_EN);
    run();
    check_copied(DST, SRC, 100);
}

static void s1_4_module_reset_is_a_level_and_clears(void **state)
{
    (void)state;
    wr(gdma_in(1, GDMA_PRI), 3);
    wr(PCR_GDMA_CONF, PCR_CONF_CLK_EN | PCR_CONF_RST_EN);
    wr(gdma_in(1, GDMA_PRI), 4);
    assert_int_equal(chip.counters.misuse, MISUSE_CLOCK);
    wr(PCR_GDMA_CONF, PCR_CONF_CLK_EN);
    assert_int_equal(rd(gdma_in(1, GDMA_PRI)), 0);
}

static void s1_4_module_reset_stops_channels(void **state)
{
    (void)state;
    pair_up(0, IN_PLAIN, OUT_PLAIN, 0);
    start(0, rx(0, DST, 100, 0), tx(0, SRC, 100, EOF_BIT, 0));
    steps(5);
    wr(PCR_GDMA_CONF, PCR_CONF_CLK_EN | PCR_CONF_RST_EN);
    wr(PCR_GDMA_CONF, PCR_CONF_CLK_EN);
    run();
    check_rx_open(0);
    assert_int_equal(in_raw(0), 0);
}

static void s1_4_knob_module_reset_state_keeps_registers(void **state)
{
    (void)state;
    bench_knob("module_reset", "state");
    wr(gdma_in(1, GDMA_PRI), 3);
    wr(PCR_GDMA_CONF, PCR_CONF_CLK_EN | PCR_CONF_RST_EN);
    wr(PCR_GDMA_CONF, PCR_CONF_CLK_EN);
    assert_int_equal(rd(gdma_in(1, GDMA_PRI)), 3);
}

static void s1_6_intmtx_maps_are_zero_after_reset_and_keep_5_bits(void **state)
{
    (void)state;
    for (unsigned source = 0; source < CHIP_INTMTX_SOURCES; source++) {
        assert_int_equal(rd(intmtx_map(source)), 0);
        wr(intmtx_map(source), 0xFFFFFFE0u | (source & 0x1F));
        assert_int_equal(rd(intmtx_map(source)), source & 0x1F);
    }
    assert_int_equal(chip.counters.misuse, 0);
}

static void copy_with_interrupt(void)
{
    pair_up(0, IN_PLAIN, OUT_PLAIN, 0);
    enable(0, GDMA_IN_SUC_EOF, 0);
    start(0, rx(0, DST, 100, 0), tx(0, SRC, 100, EOF_BIT, 0));
    run();
}

static void s1_6_source_status_shows_the_level(void **state)
{
    unsigned source = gdma_in_source(0);

    (void)state;
    copy_with_interrupt();
    assert_int_equal(rd(intmtx_status(source / 32)), 1u << (source % 32));
    clear(0, GDMA_IN_SUC_EOF, 0);
    assert_int_equal(rd(intmtx_status(source / 32)), 0);
}

static void s1_6_all_four_gates_let_the_line_through(void **state)
{
    (void)state;
    copy_with_interrupt();
    assert_int_equal(model_irq_line(&chip), -1);
    route(0, 12);
    assert_int_equal(model_irq_line(&chip), 12);
    assert_int_equal(rd(PLIC_EMIP), 1u << 12);
}

static void s1_6_each_gate_alone_holds_the_line_back(void **state)
{
    (void)state;
    copy_with_interrupt();
    route(0, 12);
    wr(PLIC_ENABLE, 0);
    assert_int_equal(model_irq_line(&chip), -1);
    wr(PLIC_ENABLE, 1u << 12);
    wr(PLIC_THRESH, 2);
    assert_int_equal(model_irq_line(&chip), -1);
    wr(PLIC_THRESH, 1);
    wr(intmtx_map(gdma_in_source(0)), 0);
    wr(intmtx_map(gdma_out_source(0)), 0);
    assert_int_equal(model_irq_line(&chip), -1);
}

static void s1_6_threshold_equal_to_priority_is_taken(void **state)
{
    (void)state;
    copy_with_interrupt();
    route(0, 12);
    for (uint32_t priority = 1; priority <= 15; priority++) {
        wr(plic_priority(12), priority);
        wr(PLIC_THRESH, priority);
        assert_int_equal(model_irq_line(&chip), 12);
        wr(PLIC_THRESH, priority + 1);
        assert_int_equal(model_irq_line(&chip), -1);
    }
}

static void s1_6_knob_plic_threshold_above(void **state)
{
    (void)state;
    bench_knob("plic_threshold", "above");
    copy_with_interrupt();
    route(0, 12);
    assert_int_equal(model_irq_line(&chip), -1);
    wr(plic_priority(12), 2);
    assert_int_equal(model_irq_line(&chip), 12);
}

static void s1_6_lines_of_the_clint_and_line_0_are_not_for_peripherals(void **state)
{
    static const unsigned lines[] = {0, 3, 4, 7};

    (void)state;
    copy_with_interrupt();
    for (unsigned i = 0; i < 4; i++) {
        route(0, lines[i]);
        assert_int_equal(model_irq_line(&chip), -1);
    }
}

static void s1_6_sources_share_a_line(void **state)
{
    (void)state;
    copy_with_interrupt();
    route(0, 9);
    route(1, 9);
    assert_int_equal(model_irq_line(&chip), 9);
    clear(0, GDMA_IN_SUC_EOF, 0);
    assert_int_equal(model_irq_line(&chip), -1);
    pair_up(1, IN_PLAIN, OUT_PLAIN, 0);
    enable(1, GDMA_IN_SUC_EOF, 0);
    start(1, rx(1, DST, 8, 0), tx(1, SRC, 8, EOF_BIT, 0));
    run();
    assert_int_equal(model_irq_line(&chip), 9);
}

static void s1_6_higher_priority_is_delivered(void **state)
{
    (void)state;
    copy_with_interrupt();
    pair_up(1, IN_PLAIN, OUT_PLAIN, 0);
    enable(1, GDMA_IN_SUC_EOF, 0);
    start(1, rx(1, DST, 8, 0), tx(1, SRC, 8, EOF_BIT, 0));
    run();
    route(0, 9);
    route(1, 14);
    assert_int_equal(model_irq_line(&chip), 9);
    wr(plic_priority(14), 5);
    assert_int_equal(model_irq_line(&chip), 14);
}

static void s1_6_level_line_follows_and_ignores_clear(void **state)
{
    (void)state;
    copy_with_interrupt();
    route(0, 12);
    wr(PLIC_CLEAR, 1u << 12);
    assert_int_equal(model_irq_line(&chip), 12);
    clear(0, GDMA_IN_SUC_EOF, 0);
    assert_int_equal(model_irq_line(&chip), -1);
}

static void s1_6_edge_line_latches_until_cleared(void **state)
{
    (void)state;
    wr(PLIC_TYPE, 1u << 12);
    route(0, 12);
    copy_with_interrupt();
    clear(0, GDMA_IN_SUC_EOF, 0);
    assert_int_equal(model_irq_line(&chip), 12);
    wr(PLIC_CLEAR, 1u << 12);
    assert_int_equal(model_irq_line(&chip), -1);
}

static void s1_7_reset_values(void **state)
{
    (void)state;
    if (!CHIP_HAS_APM) {
        skip();
    }
    bench_power_on();
    assert_int_equal(rd(HP_APM_FUNC_CTRL), 0xF);
    assert_int_equal(rd(HP_APM_REGION_FILTER_EN), 1);
    for (unsigned master = 0; master < TEE_MASTERS; master++) {
        assert_int_equal(rd(tee_mode(master)), master == 0 || master == 2 ? 0 : 3);
    }
}

static void s1_7_dma_is_blocked_out_of_reset(void **state)
{
    (void)state;
    if (!CHIP_HAS_APM) {
        skip();
    }
    bench_power_on();
    copy_with_interrupt();
    assert_true(chip.counters.misuse & MISUSE_APM);
    check_untouched(DST, 100);
    check_rx_open(0);
    assert_int_equal(in_raw(0) & GDMA_IN_SUC_EOF, 0);
}

static void s1_7_tee_mode_of_the_master_lets_it_pass(void **state)
{
    (void)state;
    if (!CHIP_HAS_APM) {
        skip();
    }
    bench_power_on();
    wr(CHIP_TEE_BASE + 0x40 + 4 * m2m_id(0), 0);
    copy_with_interrupt();
    check_copied(DST, SRC, 100);
    assert_int_equal(chip.counters.misuse, 0);
}

static void s1_7_tee_mode_of_another_master_does_not(void **state)
{
    (void)state;
    if (!CHIP_HAS_APM) {
        skip();
    }
    bench_power_on();
    wr(tee_mode(tee_gdma_master(m2m_id(1))), 0);
    copy_with_interrupt();
    check_untouched(DST, 100);
}

static void s1_7_filters_off_let_it_pass(void **state)
{
    (void)state;
    copy_with_interrupt();
    check_copied(DST, SRC, 100);
    assert_int_equal(chip.counters.misuse, 0);
}

static void s1_7_knob_apm_paths_all_wants_all_three_off(void **state)
{
    (void)state;
    if (!CHIP_HAS_APM) {
        skip();
    }
    bench_knob("apm_paths", "all");
    copy_with_interrupt();
    check_copied(DST, SRC, 100);
    wr(LP_APM0_FUNC_CTRL, 1);
    start(0, rx(0, DST, 100, 0), tx(0, SRC, 100, EOF_BIT, 0));
    run();
    assert_true(chip.counters.misuse & MISUSE_APM);
}

static void s1_7_knob_apm_paths_hp_wants_one_off(void **state)
{
    (void)state;
    if (!CHIP_HAS_APM) {
        skip();
    }
    wr(LP_APM_FUNC_CTRL, 0xF);
    wr(LP_APM0_FUNC_CTRL, 0xF);
    copy_with_interrupt();
    check_copied(DST, SRC, 100);
}

/* Filters come on in the middle of the data. */
static void block_while_copying(const char *knob)
{
    bench_knob("apm_blocked", knob);
    pair_up(0, IN_PLAIN, OUT_PLAIN, 0);
    start(0, rx(0, DST, 400, 0), tx(0, SRC, 400, EOF_BIT, 0));
    steps(60);
    wr(HP_APM_FUNC_CTRL, 0xF);
    run();
}

static void s1_7_knob_apm_blocked_silent(void **state)
{
    (void)state;
    if (!CHIP_HAS_APM) {
        skip();
    }
    block_while_copying("silent");
    assert_int_equal(in_raw(0), GDMA_IN_DONE | GDMA_IN_SUC_EOF);
    assert_int_equal(((uint8_t *)(uintptr_t)DST)[399], 0xEE);
    check_rx_open(0);
}

static void s1_7_knob_apm_blocked_error(void **state)
{
    (void)state;
    if (!CHIP_HAS_APM) {
        skip();
    }
    block_while_copying("error");
    /* whichever comes first: the other then waits for it */
    assert_true((in_raw(0) & GDMA_IN_DSCR_ERR) != 0 || (out_raw(0) & GDMA_OUT_DSCR_ERR) != 0);
    wr(HP_APM_FUNC_CTRL, 0);
    restart_in(0);
    restart_out(0);
    run();
    assert_int_equal(in_raw(0) & GDMA_IN_SUC_EOF, 0);
}

static void s1_7_knob_apm_blocked_hang(void **state)
{
    (void)state;
    if (!CHIP_HAS_APM) {
        skip();
    }
    block_while_copying("hang");
    assert_int_equal(in_raw(0) | out_raw(0), 0);
    wr(HP_APM_FUNC_CTRL, 0);
    copy_with_interrupt(); /* begins with RST */
    assert_memory_equal((void *)(uintptr_t)DST, (void *)(uintptr_t)SRC, 100);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        T(s1_2_sram_is_at_the_chips_addresses),
        T(s1_2_taken_address_is_a_clear_error),
        T(s1_2_access_to_nothing_is_recorded),
        T(s1_2_unaligned_register_access_is_recorded),
        T(s1_3_holes_of_every_block_are_nothing),
        T(s1_4_etm_and_intmtx_are_reset_and_clocked),
        T(s1_6_plic_registers),
        T(s1_7_registers_of_the_filters),
        T(s1_4_reset_values),
        T(s1_4_gdma_without_clock_does_not_answer),
        T(s1_4_gdma_without_clock_stands_still),
        T(s1_4_module_reset_is_a_level_and_clears),
        T(s1_4_module_reset_stops_channels),
        T(s1_4_knob_module_reset_state_keeps_registers),
        T(s1_6_intmtx_maps_are_zero_after_reset_and_keep_5_bits),
        T(s1_6_source_status_shows_the_level),
        T(s1_6_all_four_gates_let_the_line_through),
        T(s1_6_each_gate_alone_holds_the_line_back),
        T(s1_6_threshold_equal_to_priority_is_taken),
        T(s1_6_knob_plic_threshold_above),
        T(s1_6_lines_of_the_clint_and_line_0_are_not_for_peripherals),
        T(s1_6_sources_share_a_line),
        T(s1_6_higher_priority_is_delivered),
        T(s1_6_level_line_follows_and_ignores_clear),
        T(s1_6_edge_line_latches_until_cleared),
        T(s1_7_reset_values),
        T(s1_7_dma_is_blocked_out_of_reset),
        T(s1_7_tee_mode_of_the_master_lets_it_pass),
        T(s1_7_tee_mode_of_another_master_does_not),
        T(s1_7_filters_off_let_it_pass),
        T(s1_7_knob_apm_paths_all_wants_all_three_off),
        T(s1_7_knob_apm_paths_hp_wants_one_off),
        T(s1_7_knob_apm_blocked_silent),
        T(s1_7_knob_apm_blocked_error),
        T(s1_7_knob_apm_blocked_hang),
    };

    return RUN(tests);
}
