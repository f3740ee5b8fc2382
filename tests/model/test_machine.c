/* SPDX-License-Identifier: Apache-2.0 */
/* The model as a machine: steps, cycles, counters, snapshots, knobs by name, injected faults. */
#include "bench.h"

static struct model saved, again;

static void one_copy(uint32_t size)
{
    pair_up(0, IN_PLAIN, OUT_PLAIN, 0);
    start(0, rx(0, DST, size, 0), tx(0, SRC, size, EOF_BIT, 0));
}

/* ---- Steps and cycles ---- */

static void step_is_one_transaction_at_the_most(void **state)
{
    (void)state;
    one_copy(100);
    while (!model_idle(&chip)) {
        uint64_t transactions = chip.counters.transactions;
        uint64_t bytes = chip.counters.bytes;

        assert_true(model_step(&chip));
        assert_in_range(chip.counters.transactions - transactions, 0, 1);
        assert_in_range(chip.counters.bytes - bytes, 0, 16);
    }
    assert_false(model_step(&chip));
}

static void idle_chip_does_not_move(void **state)
{
    (void)state;
    run();
    assert_int_equal(chip.counters.transactions, 0);
    assert_false(model_step(&chip));
}

static void cycles_of_single_transactions(void **state)
{
    (void)state;
    one_copy(64);
    run();
    /* two nodes of three words, 16 words read, 16 written, two write-backs */
    assert_int_equal(chip.counters.transactions, 6 + 32 + 2);
    assert_int_equal(chip.counters.data_cycles, 32 * MODEL_CYCLES_SINGLE);
    assert_int_equal(chip.counters.node_cycles, 8 * MODEL_CYCLES_SINGLE);
    assert_int_equal(chip.counters.cycles,
                     chip.counters.data_cycles + chip.counters.node_cycles + chip.counters.idle_cycles);
}

static void cycles_of_bursts(void **state)
{
    (void)state;
    pair_up(0, IN_PLAIN | GDMA_IN_CONF0_DATA_BURST | GDMA_IN_CONF0_DSCR_BURST,
            OUT_PLAIN | GDMA_OUT_CONF0_DATA_BURST | GDMA_OUT_CONF0_DSCR_BURST, 0);
    start(0, rx(0, DST, 64, 0), tx(0, SRC, 64, EOF_BIT, 0));
    run();
    assert_int_equal(chip.counters.transactions, 2 + 8 + 2);
    assert_int_equal(chip.counters.data_cycles, 8 * MODEL_CYCLES_BURST4);
    assert_int_equal(chip.counters.node_cycles, 2 * MODEL_CYCLES_NODE + 2 * MODEL_CYCLES_SINGLE);
}

static void no_burst_with_a_fifo_too_small_for_one(void **state)
{
    (void)state;
    bench_knob("fifo_depth", "4");
    pair_up(0, IN_PLAIN | GDMA_IN_CONF0_DATA_BURST, OUT_PLAIN | GDMA_OUT_CONF0_DATA_BURST, 0);
    start(0, rx(0, DST, 64, 0), tx(0, SRC, 64, EOF_BIT, 0));
    run();
    check_copied(DST, SRC, 64);
    assert_int_equal(chip.counters.data_cycles, 32 * MODEL_CYCLES_SINGLE);
}

/* ---- Gaps ---- */

static void append(void)
{
    set_next(RX_NODES, rx(1, DST + 0x100, 64, 0));
    set_next(TX_NODES, tx(1, SRC + 0x100, 64, EOF_BIT, 0));
    restart_in(0);
    restart_out(0);
}

static void no_gap_when_appended_in_time(void **state)
{
    (void)state;
    for (unsigned step = 0; step < 35; step++) {
        bench_up(NULL);
        one_copy(64);
        steps(step);
        append();
        run();
        check_copied(DST + 0x100, SRC + 0x100, 64);
        assert_int_equal(chip.counters.gap_cycles, 0);
        assert_int_equal(chip.counters.wait_cycles, 0);
    }
}

static void lost_restart_is_a_gap(void **state)
{
    (void)state;
    bench_knob("restart_busy", "lost");
    one_copy(64);
    steps(20);
    append();
    run();
    steps(50);
    assert_in_range(chip.counters.gap_cycles, 50, 60);
    restart_in(0);
    restart_out(0);
    run();
    assert_in_range(chip.counters.gap_cycles, 50, 60);
    check_copied(DST + 0x100, SRC + 0x100, 64);
}

static void linked_without_restart_waits_but_is_no_gap(void **state)
{
    (void)state;
    one_copy(64);
    run();
    set_next(TX_NODES, tx(1, SRC + 0x100, 64, EOF_BIT, 0));
    steps(10);
    assert_int_equal(chip.counters.wait_cycles, 10);
    assert_int_equal(chip.counters.gap_cycles, 0);
}

static void tx_starved_of_rx_is_a_gap(void **state)
{
    (void)state;
    pair_up(0, IN_PLAIN, OUT_PLAIN, 0);
    start(0, rx(0, DST, 8, 0), tx(0, SRC, 64, EOF_BIT, 0));
    run();
    steps(10);
    assert_true(chip.counters.gap_cycles >= 10);
}

static void nothing_queued_is_no_gap(void **state)
{
    (void)state;
    one_copy(64);
    run();
    steps(100);
    assert_int_equal(chip.counters.gap_cycles, 0);
    assert_true(chip.counters.idle_cycles >= 100);
}

/* ---- Snapshots ---- */

static void snapshot_and_replay_are_the_same(void **state)
{
    static uint8_t memory[ARENA];

    (void)state;
    one_copy(200);
    for (unsigned step = 0; step < 90; step++) {
        memcpy(&saved, &chip, sizeof(chip));
        memcpy(memory, (void *)(uintptr_t)CHIP_SRAM_FIRST, ARENA);
        steps(7);
        memcpy(&again, &chip, sizeof(chip));
        memcpy(&chip, &saved, sizeof(chip));
        memcpy((void *)(uintptr_t)CHIP_SRAM_FIRST, memory, ARENA);
        steps(7);
        assert_memory_equal(&chip, &again, sizeof(chip));
        memcpy(&chip, &saved, sizeof(chip));
        memcpy((void *)(uintptr_t)CHIP_SRAM_FIRST, memory, ARENA);
        steps(1);
    }
}

/* Where a copy has been makes no difference once it is done, but for the nodes' addresses. */
static void equal_situations_are_equal_states(void **state)
{
    (void)state;
    one_copy(64);
    run();
    clear(0, GDMA_IN_INT_ALL, GDMA_OUT_INT_ALL);
    memcpy(&saved, &chip, sizeof(chip));
    rx(0, DST, 64, 0);
    start(0, RX_NODES, tx(0, SRC, 64, EOF_BIT, 0));
    run();
    clear(0, GDMA_IN_INT_ALL, GDMA_OUT_INT_ALL);
    saved.channel[MODEL_IN(0)].bf1 = RX_NODES;
    saved.channel[MODEL_OUT(0)].bf1 = TX_NODES;
    saved.channel[MODEL_OUT(0)].bfr_address = TX_NODES;
    assert_memory_equal(&chip, &saved, MODEL_STATE_SIZE);
}

static void reset_is_as_power_on(void **state)
{
    (void)state;
    bench_knob("writeback", "after");
    enable(0, GDMA_IN_SUC_EOF, GDMA_OUT_EOF);
    one_copy(64);
    enable(0, GDMA_IN_SUC_EOF, GDMA_OUT_EOF);
    route(0, 12);
    wr(PLIC_TYPE, 1);
    if (CHIP_HAS_ETM) {
        wr(etm_event_id(3), GDMA_EVENT_IN_SUC_EOF);
        wr(etm_task_id(3), ETM_TASK_GPIO_SET);
        wr(etm_enable(3, ETM_SET), 8);
    }
    wr(CHIP_GPIO_BASE + 0x20, 0xFF);
    wr(PCR_ETM_CONF, 0);
    wr(GDMA_MISC_CONF, GDMA_MISC_CLK_EN);
    steps(60);
    memcpy(&saved, &chip, sizeof(chip));
    model_reset(&chip);
    assert_memory_equal(&chip.counters, &saved.counters, sizeof(chip.counters));
    model_init(&saved, &chip.knobs);
    assert_memory_equal(&chip, &saved, MODEL_STATE_SIZE);
}

static void state_is_small(void **state)
{
    (void)state;
    assert_true(sizeof(struct model) < 4096);
}

/* ---- Knobs ---- */

static void knob_table_is_complete(void **state)
{
    struct model_knobs knobs = {0};

    (void)state;
    for (unsigned k = 0; k < KNOB_COUNT; k++) {
        const struct knob_info *info = &knob_table[k];

        assert_non_null(info->name);
        assert_true(info->section[0] != '\0' && info->text[0] != '\0');
        assert_in_range(info->count, 2, KNOB_VALUES_MAX);
        for (unsigned v = 0; v < info->count; v++) {
            assert_true(model_knobs_set(&knobs, info->name, info->values[v].name));
            assert_int_equal(knobs.value[k], v);
            assert_non_null(info->values[v].text);
        }
        assert_false(model_knobs_set(&knobs, info->name, "nonsense"));
        assert_int_equal(knobs.value[k], info->count - 1);
        for (unsigned other = 0; other < k; other++) {
            assert_string_not_equal(info->name, knob_table[other].name);
        }
    }
    assert_false(model_knobs_set(&knobs, "nonsense", "1"));
}

/* The static alternative of section 4.5, each list ended by NULL and one RX node to spare, works at any
 * setting. */
static void two_copies_at_this_setting(void)
{
    uint32_t out = tx(0, SRC, 100, 0, tx(1, SRC + 100, 50, EOF_BIT, tx(2, SRC + 200, 60, EOF_BIT, 0)));
    uint32_t in = rx(0, DST, 80, rx(1, DST + 80, 200, rx(2, DST + 400, 200, 0)));

    pair_up(0, IN_PLAIN, OUT_PLAIN, GDMA_CONF1_CHECK_OWNER);
    start(0, in, out);
    run();
    check_copied(DST, SRC, 150);
    check_copied(DST + 400, SRC + 200, 60);
    assert_true((in_raw(0) & GDMA_IN_SUC_EOF) != 0);
    assert_int_equal(in_raw(0) & ~(GDMA_IN_DONE | GDMA_IN_SUC_EOF), 0);
    assert_int_equal(chip.counters.misuse, 0);
}

static void static_lists_work_at_every_value_of_every_knob(void **state)
{
    (void)state;
    for (unsigned k = 0; k < KNOB_COUNT; k++) {
        for (unsigned v = 0; v < knob_table[k].count; v++) {
            bench_up(NULL);
            bench_knob(knob_table[k].name, knob_table[k].values[v].name);
            two_copies_at_this_setting();
        }
    }
}

static void static_lists_work_at_every_pair_of_values(void **state)
{
    (void)state;
    for (unsigned k = 0; k < KNOB_COUNT; k++) {
        for (unsigned l = 0; l < k; l++) {
            bench_up(NULL);
            bench_knob(knob_table[k].name, knob_table[k].values[knob_table[k].count - 1].name);
            bench_knob(knob_table[l].name, knob_table[l].values[knob_table[l].count - 1].name);
            two_copies_at_this_setting();
        }
    }
}

/* ---- Faults ---- */

static void fault_bad_descriptor(void **state)
{
    (void)state;
    for (unsigned out = 0; out < 2; out++) {
        bench_up(NULL);
        one_copy(64);
        model_inject(&chip, FAULT_BAD_DESCRIPTOR, out ? MODEL_OUT(0) : MODEL_IN(0));
        run();
        assert_int_equal(in_raw(0), out ? 0 : GDMA_IN_DSCR_ERR);
        assert_int_equal(out_raw(0), out ? GDMA_OUT_DSCR_ERR : 0);
        assert_int_equal(chip.counters.misuse, 0);
        one_copy(64); /* begins with RST; the fault is over */
        run();
        check_copied(DST, SRC, 64);
    }
}

static void fault_bad_descriptor_on_reading_the_tail_again(void **state)
{
    (void)state;
    one_copy(64);
    run();
    model_inject(&chip, FAULT_BAD_DESCRIPTOR, MODEL_OUT(0));
    append();
    run();
    assert_true((out_raw(0) & GDMA_OUT_DSCR_ERR) != 0);
    check_rx_open(1);
    restart_out(0);
    run();
    check_copied(DST + 0x100, SRC + 0x100, 64);
}

static void fault_blocked_access(void **state)
{
    (void)state;
    one_copy(64);
    steps(30);
    model_inject(&chip, FAULT_BLOCKED_ACCESS, MODEL_IN(0));
    run();
    assert_int_equal(chip.counters.misuse, 0);
    assert_memory_not_equal((void *)(uintptr_t)DST, (void *)(uintptr_t)SRC, 64);
    bench_knob("apm_blocked", "error");
    one_copy(64);
    steps(30);
    model_inject(&chip, FAULT_BLOCKED_ACCESS, MODEL_OUT(0));
    run();
    assert_int_equal(out_raw(0), GDMA_OUT_DSCR_ERR);
    bench_knob("apm_blocked", "hang");
    one_copy(64);
    steps(30);
    model_inject(&chip, FAULT_BLOCKED_ACCESS, MODEL_OUT(0));
    run();
    assert_int_equal(out_raw(0) | in_raw(0), 0);
}

static void fault_blocked_access_of_rx(void **state)
{
    (void)state;
    bench_knob("apm_blocked", "error");
    one_copy(64);
    steps(30);
    model_inject(&chip, FAULT_BLOCKED_ACCESS, MODEL_IN(0));
    run();
    assert_int_equal(in_raw(0), GDMA_IN_DSCR_ERR);
    bench_knob("apm_blocked", "hang");
    one_copy(64);
    steps(30);
    model_inject(&chip, FAULT_BLOCKED_ACCESS, MODEL_IN(0));
    run();
    assert_int_equal(in_raw(0), 0);
    check_rx_open(0);
}

static void fault_blocked_access_is_one_access(void **state)
{
    unsigned different = 0;

    (void)state;
    one_copy(64);
    steps(30);
    model_inject(&chip, FAULT_BLOCKED_ACCESS, MODEL_IN(0));
    run();
    for (uint32_t i = 0; i < 64; i++) {
        different += *(uint8_t *)(uintptr_t)(DST + i) != *(uint8_t *)(uintptr_t)(SRC + i);
    }
    assert_int_equal(different, 4);
    check_rx_closed(0, 64, true);
}

static void faults_to_come_outlive_rst(void **state)
{
    (void)state;
    model_inject(&chip, FAULT_LOST_RESTART, MODEL_OUT(0));
    model_inject(&chip, FAULT_LATE_INTERRUPT, MODEL_IN(0));
    one_copy(64); /* begins with RST */
    enable(0, GDMA_IN_SUC_EOF, 0);
    run_until_in(0, GDMA_IN_SUC_EOF);
    assert_int_equal(chip.counters.interrupts, 0);
    run();
    assert_int_equal(chip.counters.interrupts, 1);
    append();
    run();
    check_rx_open(1);
}

static void stopped_channel_is_idle_at_once(void **state)
{
    (void)state;
    bench_knob("writeback", "after");
    bench_knob("writeback_delay", "32");
    one_copy(64);
    run_until_in(0, GDMA_IN_SUC_EOF);
    model_inject(&chip, FAULT_CHANNEL_STOPS, MODEL_IN(0));
    model_inject(&chip, FAULT_CHANNEL_STOPS, MODEL_OUT(0));
    assert_true(model_idle(&chip));
    run();
    check_rx_open(0);
}

static void fault_lost_restart(void **state)
{
    (void)state;
    one_copy(64);
    run();
    model_inject(&chip, FAULT_LOST_RESTART, MODEL_OUT(0));
    append();
    run();
    check_rx_open(1);
    restart_out(0);
    run();
    check_copied(DST + 0x100, SRC + 0x100, 64);
}

static void fault_spurious_interrupt_until_looked_at(void **state)
{
    (void)state;
    pair_up(0, IN_PLAIN, OUT_PLAIN, 0);
    route(0, 10);
    model_inject(&chip, FAULT_SPURIOUS_INTERRUPT, MODEL_IN(0));
    assert_int_equal(model_irq_line(&chip), 10);
    assert_int_equal(in_raw(0), 0);
    assert_int_equal(model_irq_line(&chip), -1);
}

static void fault_spurious_interrupt_goes_away_by_itself(void **state)
{
    (void)state;
    pair_up(0, IN_PLAIN, OUT_PLAIN, 0);
    route(0, 10);
    model_inject(&chip, FAULT_SPURIOUS_INTERRUPT, MODEL_OUT(0));
    assert_int_equal(model_irq_line(&chip), 10);
    run();
    assert_int_equal(model_irq_line(&chip), -1);
    assert_in_range(chip.counters.cycles, MODEL_SPURIOUS_CYCLES, MODEL_SPURIOUS_CYCLES + 1);
}

static void fault_late_interrupt(void **state)
{
    uint64_t set;

    (void)state;
    pair_up(0, IN_PLAIN, OUT_PLAIN, 0);
    route(0, 10);
    enable(0, GDMA_IN_SUC_EOF, 0);
    model_inject(&chip, FAULT_LATE_INTERRUPT, MODEL_IN(0));
    start(0, rx(0, DST, 64, 0), tx(0, SRC, 64, EOF_BIT, 0));
    run_until_in(0, GDMA_IN_SUC_EOF);
    set = chip.counters.cycles;
    while (model_irq_line(&chip) < 0) {
        assert_true(model_step(&chip));
    }
    assert_in_range(chip.counters.cycles - set, MODEL_LATE_CYCLES, MODEL_LATE_CYCLES + 5);
    clear(0, GDMA_IN_INT_ALL, 0);
    start(0, rx(0, DST, 64, 0), tx(0, SRC, 64, EOF_BIT, 0));
    run_until_in(0, GDMA_IN_SUC_EOF); /* once only */
    assert_int_equal(model_irq_line(&chip), 10);
}

static void fault_late_interrupt_cleared_before_it_came(void **state)
{
    (void)state;
    pair_up(0, IN_PLAIN, OUT_PLAIN, 0);
    route(0, 10);
    enable(0, GDMA_IN_SUC_EOF, 0);
    model_inject(&chip, FAULT_LATE_INTERRUPT, MODEL_IN(0));
    start(0, rx(0, DST, 64, 0), tx(0, SRC, 64, EOF_BIT, 0));
    run_until_in(0, GDMA_IN_SUC_EOF);
    rd(PLIC_EMIP);
    clear(0, GDMA_IN_INT_ALL, 0);
    assert_int_equal(chip.timers, 0);
    run();
    assert_int_equal(model_irq_line(&chip), -1);
    assert_int_equal(chip.counters.interrupts, 0);
}

static void fault_channel_stops_until_rst(void **state)
{
    (void)state;
    for (unsigned step = 0; step < 60; step++) {
        for (unsigned ch = 0; ch < 2; ch++) {
            uint64_t transactions;

            bench_up(NULL);
            one_copy(64);
            steps(step);
            model_inject(&chip, FAULT_CHANNEL_STOPS, ch ? MODEL_OUT(0) : MODEL_IN(0));
            run();
            transactions = chip.counters.transactions;
            restart_in(0);
            restart_out(0);
            run();
            assert_in_range(chip.counters.transactions - transactions, 0, 1);
            one_copy(64);
            run();
            check_copied(DST, SRC, 64);
            check_rx_closed(0, 64, true);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        T(step_is_one_transaction_at_the_most),
        T(idle_chip_does_not_move),
        T(cycles_of_single_transactions),
        T(cycles_of_bursts),
        T(no_burst_with_a_fifo_too_small_for_one),
        T(no_gap_when_appended_in_time),
        T(lost_restart_is_a_gap),
        T(linked_without_restart_waits_but_is_no_gap),
        T(tx_starved_of_rx_is_a_gap),
        T(nothing_queued_is_no_gap),
        T(snapshot_and_replay_are_the_same),
        T(equal_situations_are_equal_states),
        T(reset_is_as_power_on),
        T(state_is_small),
        T(knob_table_is_complete),
        T(static_lists_work_at_every_value_of_every_knob),
        T(static_lists_work_at_every_pair_of_values),
        T(fault_bad_descriptor),
        T(fault_bad_descriptor_on_reading_the_tail_again),
        T(fault_blocked_access),
        T(fault_blocked_access_of_rx),
        T(fault_blocked_access_is_one_access),
        T(faults_to_come_outlive_rst),
        T(stopped_channel_is_idle_at_once),
        T(fault_lost_restart),
        T(fault_spurious_interrupt_until_looked_at),
        T(fault_spurious_interrupt_goes_away_by_itself),
        T(fault_late_interrupt),
        T(fault_late_interrupt_cleared_before_it_came),
        T(fault_channel_stops_until_rst),
    };

    return RUN(tests);
}
