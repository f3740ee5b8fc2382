/* SPDX-License-Identifier: Apache-2.0 */
/* Section 6: ETM, its GDMA side, and pins. */
#include "../../src/chip/gpio_v1.h"
#include "bench.h"

#define TIMER_EVENT 50 /* SYSTIMER_CMP0: comes from outside the model */
#define PIN         5

static void connect(unsigned channel, uint32_t event, uint32_t task)
{
    wr(etm_event_id(channel), event);
    wr(etm_task_id(channel), task);
    wr(etm_enable(channel, ETM_SET), 1u << (channel % 32));
}

static void listen_on_pin(unsigned pin, unsigned gpio_channel)
{
    wr(GPIO_ENABLE_W1TS, 1u << pin);
    wr(gpio_etm_task_cfg(pin), rd(gpio_etm_task_cfg(pin)) | gpio_etm_task_field(pin, gpio_channel));
}

static void toggle_per_frame(void)
{
    listen_on_pin(PIN, 0);
    connect(0, GDMA_EVENT_IN_SUC_EOF, ETM_TASK_GPIO_TOGGLE);
}

static void prepare(void)
{
    pair_up(0, IN_PLAIN, OUT_PLAIN, 0);
    rx(0, DST, 16, 0);
    tx(0, SRC, 16, EOF_BIT, 0);
}

static void s6_1_enable_bits_set_and_clear(void **state)
{
    (void)state;
    wr(etm_enable(3, ETM_SET), 1u << 3);
    wr(etm_enable(49, ETM_SET), 0xFFFFFFFF);
    assert_int_equal(rd(etm_enable(0, ETM_ENABLE)), 8);
    assert_int_equal(rd(etm_enable(32, ETM_ENABLE)), 0x3FFFF);
    wr(etm_enable(49, ETM_CLR), 1u << 17);
    wr(etm_enable(3, ETM_CLR), 8);
    assert_int_equal(rd(etm_enable(0, ETM_ENABLE)), 0);
    assert_int_equal(rd(etm_enable(32, ETM_ENABLE)), 0x1FFFF);
}

static void s6_1_other_registers(void **state)
{
    (void)state;
    wr(ETM_CLK_EN, 3);
    assert_int_equal(rd(ETM_CLK_EN), 1);
    wr(ETM_DATE, 0);
    wr(etm_enable(0, ETM_ENABLE), 0xFF);
    assert_int_equal(rd(etm_enable(0, ETM_ENABLE)), 0);
    assert_int_equal(rd(etm_enable(0, ETM_SET)) | rd(etm_enable(32, ETM_CLR)), 0);
    assert_int_equal(chip.counters.misuse, 0);
    wr(CHIP_ETM_BASE + 0x1B0, 1);
    assert_int_equal(chip.counters.misuse, MISUSE_NOTHING);
}

static void s6_1_there_are_50_channels(void **state)
{
    (void)state;
    assert_int_equal(etm_task_id(49), CHIP_ETM_BASE + 0x1A4);
    for (unsigned channel = 0; channel < 50; channel++) {
        assert_int_equal(rd(etm_event_id(channel)), 0);
        wr(etm_event_id(channel), 0x100 | channel);
        wr(etm_task_id(channel), 200 - channel);
        assert_int_equal(rd(etm_event_id(channel)), channel);
        assert_int_equal(rd(etm_task_id(channel)), 200 - channel);
    }
    assert_int_equal(rd(ETM_DATE), 35664018);
    assert_int_equal(chip.counters.misuse, 0);
    rd(CHIP_ETM_BASE + 0x1B0);
    assert_int_equal(chip.counters.misuse, MISUSE_NOTHING);
}

static void s6_2_event_runs_its_task(void **state)
{
    (void)state;
    toggle_per_frame();
    prepare();
    start(0, RX_NODES, TX_NODES);
    run();
    assert_int_equal(chip.counters.pin_changes[PIN], 1);
    assert_int_equal(model_pin_level(&chip, PIN), 1);
}

static void s6_2_disabled_channel_does_nothing(void **state)
{
    (void)state;
    toggle_per_frame();
    wr(etm_enable(0, ETM_CLR), 1);
    model_etm_event(&chip, GDMA_EVENT_IN_SUC_EOF);
    run();
    assert_int_equal(chip.counters.pin_changes[PIN], 0);
}

static void s6_2_id_0_is_disabled(void **state)
{
    (void)state;
    listen_on_pin(PIN, 0);
    connect(0, 0, ETM_TASK_GPIO_TOGGLE);
    model_etm_event(&chip, 0);
    connect(1, TIMER_EVENT, 0);
    model_etm_event(&chip, TIMER_EVENT);
    run();
    assert_int_equal(chip.counters.pin_changes[PIN], 0);
    assert_int_equal(chip.etm_in_flight, 0);
}

static void two_channels_one_event(void)
{
    listen_on_pin(5, 0);
    listen_on_pin(6, 1);
    connect(0, TIMER_EVENT, ETM_TASK_GPIO_TOGGLE);
    connect(40, TIMER_EVENT, ETM_TASK_GPIO_TOGGLE + 1);
    model_etm_event(&chip, TIMER_EVENT);
    run();
}

static void s6_2_channels_share_an_event(void **state)
{
    (void)state;
    two_channels_one_event();
    assert_int_equal(chip.counters.pin_changes[5], 1);
    assert_int_equal(chip.counters.pin_changes[6], 1);
}

static void s6_2_knob_etm_fan_out_first(void **state)
{
    (void)state;
    bench_knob("etm_fan_out", "first");
    two_channels_one_event();
    assert_int_equal(chip.counters.pin_changes[5], 1);
    assert_int_equal(chip.counters.pin_changes[6], 0);
}

static void s6_2_channels_share_a_task(void **state)
{
    (void)state;
    listen_on_pin(PIN, 0);
    connect(0, 48, ETM_TASK_GPIO_TOGGLE);
    connect(1, 49, ETM_TASK_GPIO_TOGGLE);
    model_etm_event(&chip, 48);
    run();
    model_etm_event(&chip, 49);
    run();
    assert_int_equal(chip.counters.pin_changes[PIN], 2);
}

static void s6_2_reset_by_pcr_clears_all_channels(void **state)
{
    (void)state;
    toggle_per_frame();
    wr(PCR_ETM_CONF, PCR_CONF_CLK_EN | PCR_CONF_RST_EN);
    wr(PCR_ETM_CONF, PCR_CONF_CLK_EN);
    assert_int_equal(rd(etm_enable(0, ETM_ENABLE)), 0);
    assert_int_equal(rd(etm_event_id(0)), 0);
}

static void s6_2_without_clock_no_event_passes(void **state)
{
    (void)state;
    toggle_per_frame();
    wr(PCR_ETM_CONF, 0);
    model_etm_event(&chip, GDMA_EVENT_IN_SUC_EOF);
    run();
    assert_int_equal(chip.counters.pin_changes[PIN], 0);
    rd(etm_event_id(0));
    assert_int_equal(chip.counters.misuse, MISUSE_CLOCK);
}

static void s6_2_knob_etm_latency(void **state)
{
    static const char *const values[] = {"1", "2", "8"};
    static const unsigned cycles[] = {1, 2, 8};

    (void)state;
    for (unsigned i = 0; i < 3; i++) {
        bench_knob("etm_latency", values[i]);
        toggle_per_frame();
        steps(1);
        model_etm_event(&chip, GDMA_EVENT_IN_SUC_EOF);
        for (unsigned cycle = 1; cycle < cycles[i]; cycle++) {
            steps(1);
            assert_int_equal(chip.counters.pin_changes[PIN], 0);
        }
        steps(1);
        assert_int_equal(chip.counters.pin_changes[PIN], 1);
    }
}

static void s6_2_pulses_one_cycle_apart_both_arrive(void **state)
{
    (void)state;
    bench_knob("etm_latency", "8");
    toggle_per_frame();
    model_etm_event(&chip, GDMA_EVENT_IN_SUC_EOF);
    steps(1);
    model_etm_event(&chip, GDMA_EVENT_IN_SUC_EOF);
    model_etm_event(&chip, GDMA_EVENT_IN_SUC_EOF); /* in the same cycle: lost */
    run();
    assert_int_equal(chip.counters.pin_changes[PIN], 2);
}

static void s6_3_events_of_gdma(void **state)
{
    static const uint32_t events[] = {GDMA_EVENT_IN_DONE, GDMA_EVENT_IN_SUC_EOF, GDMA_EVENT_OUT_DONE,
                                      GDMA_EVENT_OUT_EOF, GDMA_EVENT_OUT_TOTAL_EOF};
    static const unsigned expected[] = {3, 2, 3, 2, 1};

    (void)state;
    for (unsigned n = 0; n < 3; n++) {
        bench_up(NULL);
        for (unsigned i = 0; i < 5; i++) {
            listen_on_pin(i, i);
            connect(i, events[i] + n, ETM_TASK_GPIO_TOGGLE + i);
        }
        pair_up(n, IN_PLAIN, OUT_PLAIN, 0);
        start(n, rx(0, DST, 30, rx(1, DST + 30, 50, rx(2, DST + 80, 20, 0))),
              tx(0, SRC, 20, 0, tx(1, SRC + 20, 30, EOF_BIT, tx(2, SRC + 50, 20, EOF_BIT, 0))));
        run();
        for (unsigned i = 0; i < 5; i++) {
            assert_int_equal(chip.counters.pin_changes[i], expected[i]);
        }
    }
}

static void s6_3_set_clear_and_toggle(void **state)
{
    (void)state;
    listen_on_pin(PIN, 7);
    connect(0, 48, ETM_TASK_GPIO_SET + 7);
    connect(1, 49, ETM_TASK_GPIO_CLEAR + 7);
    model_etm_event(&chip, 48);
    run();
    assert_int_equal(model_pin_level(&chip, PIN), 1);
    model_etm_event(&chip, 48);
    run();
    assert_int_equal(model_pin_level(&chip, PIN), 1);
    model_etm_event(&chip, 49);
    run();
    assert_int_equal(model_pin_level(&chip, PIN), 0);
    assert_int_equal(chip.counters.pin_changes[PIN], 2);
}

static void s6_4_a_pin_needs_its_own_enable(void **state)
{
    (void)state;
    toggle_per_frame();
    wr(gpio_etm_task_cfg(PIN), 0);
    model_etm_event(&chip, GDMA_EVENT_IN_SUC_EOF);
    run();
    assert_int_equal(chip.counters.pin_changes[PIN], 0);
}

static void s6_4_etm_en_takes_start_from_the_cpu(void **state)
{
    (void)state;
    prepare();
    wr(gdma_out(0, GDMA_CONF0), OUT_PLAIN | GDMA_OUT_CONF0_ETM_EN);
    start(0, RX_NODES, TX_NODES);
    run();
    check_untouched(DST, 16);
    assert_int_equal(chip.counters.misuse, MISUSE_START_GATED);
}

static void s6_4_task_starts_at_the_link_address(void **state)
{
    (void)state;
    prepare();
    connect(0, TIMER_EVENT, GDMA_TASK_IN_START);
    connect(1, TIMER_EVENT, GDMA_TASK_OUT_START);
    wr(gdma_in(0, GDMA_CONF0), IN_PLAIN | GDMA_IN_CONF0_ETM_EN);
    wr(gdma_out(0, GDMA_CONF0), OUT_PLAIN | GDMA_OUT_CONF0_ETM_EN);
    wr(gdma_in(0, GDMA_LINK), (RX_NODES & GDMA_LINK_ADDR_MASK) | GDMA_IN_LINK_AUTO_RET);
    wr(gdma_out(0, GDMA_LINK), TX_NODES & GDMA_LINK_ADDR_MASK);
    model_etm_event(&chip, TIMER_EVENT);
    run();
    check_copied(DST, SRC, 16);
    assert_int_equal(chip.counters.misuse, 0);
}

static void s6_4_task_does_nothing_without_etm_en(void **state)
{
    (void)state;
    prepare();
    connect(1, TIMER_EVENT, GDMA_TASK_OUT_START);
    start_in(0, RX_NODES);
    wr(gdma_out(0, GDMA_LINK), TX_NODES & GDMA_LINK_ADDR_MASK);
    model_etm_event(&chip, TIMER_EVENT);
    run();
    check_untouched(DST, 16);
}

/* RX is armed by the CPU as a ring of the copy's own node; only TX is started by the event. */
static void arm(void)
{
    pair_up(0, IN_PLAIN, OUT_PLAIN | GDMA_OUT_CONF0_ETM_EN, 0);
    rx(0, DST, 64, RX_NODES);
    tx(0, SRC, 64, EOF_BIT, 0);
    start_in(0, RX_NODES);
    wr(gdma_out(0, GDMA_LINK), TX_NODES & GDMA_LINK_ADDR_MASK);
    connect(0, TIMER_EVENT, GDMA_TASK_OUT_START);
    listen_on_pin(PIN, 0);
    connect(1, GDMA_EVENT_IN_SUC_EOF, ETM_TASK_GPIO_TOGGLE);
}

static void s6_4_a_copy_per_event_without_the_cpu(void **state)
{
    (void)state;
    arm();
    for (unsigned i = 1; i <= 5; i++) {
        model_etm_event(&chip, TIMER_EVENT);
        run();
        assert_int_equal(chip.counters.pin_changes[PIN], i);
        assert_int_equal(chip.counters.bytes, 64 * i);
    }
    check_copied(DST, SRC, 64);
}

static void event_in_the_middle(const char *knob)
{
    bench_knob("etm_start_running", knob);
    arm();
    model_etm_event(&chip, TIMER_EVENT);
    steps(20);
    model_etm_event(&chip, TIMER_EVENT);
    run();
}

static void s6_2_a_task_for_a_busy_target_is_lost(void **state)
{
    (void)state;
    event_in_the_middle("ignored");
    assert_int_equal(chip.counters.bytes, 64);
    assert_int_equal(chip.counters.pin_changes[PIN], 1);
}

static void s6_2_knob_etm_start_running_queued(void **state)
{
    (void)state;
    event_in_the_middle("queued");
    assert_int_equal(chip.counters.bytes, 128);
    assert_int_equal(chip.counters.pin_changes[PIN], 2);
}

static void s6_2_knob_etm_start_running_abandons(void **state)
{
    (void)state;
    event_in_the_middle("abandons");
    assert_in_range(chip.counters.bytes, 65, 127);
    assert_int_equal(chip.counters.misuse, 0);
}

static void s6_4_copy_starts_copy_starts_pin(void **state)
{
    (void)state;
    arm();
    pair_up(1, IN_PLAIN, OUT_PLAIN, 0);
    rx(1, DST + 0x200, 32, RX_NODES + 16);
    wr(etm_event_id(0), GDMA_EVENT_IN_SUC_EOF + 1); /* pair 1 done starts pair 0 */
    for (unsigned i = 1; i <= 3; i++) {
        start_in(1, rx(1, DST + 0x200, 32, 0));
        start_out(1, tx(1, SRC + 0x100, 32, EOF_BIT, 0));
        run();
        assert_int_equal(chip.counters.pin_changes[PIN], i);
    }
    check_copied(DST, SRC, 64);
    check_copied(DST + 0x200, SRC + 0x100, 32);
}

static uint32_t restart_under_etm(const char *knob)
{
    bench_knob("etm_gates", knob);
    arm();
    model_etm_event(&chip, TIMER_EVENT);
    run();
    set_next(TX_NODES, tx(1, SRC, 8, EOF_BIT, 0));
    restart_out(0);
    run();
    return (uint32_t)chip.counters.bytes;
}

static void s6_4_knob_etm_gates(void **state)
{
    (void)state;
    assert_int_equal(restart_under_etm("start"), 72);
    assert_int_equal(restart_under_etm("all"), 64);
}

static void s6_4_knob_etm_gates_stop(void **state)
{
    (void)state;
    for (unsigned all = 0; all < 2; all++) {
        bench_knob("etm_gates", all ? "all" : "start");
        arm();
        model_etm_event(&chip, TIMER_EVENT);
        steps(20);
        wr(gdma_out(0, GDMA_LINK), GDMA_OUT_LINK_STOP);
        run();
        assert_int_equal(chip.counters.bytes == 64, all);
    }
}

static uint32_t events_counted(const char *knob, uint32_t in_enable, bool clear_between)
{
    bench_knob("etm_event", knob);
    toggle_per_frame();
    prepare();
    enable(0, in_enable, 0);
    for (unsigned i = 0; i < 19; i++) {
        rx(0, DST, 16, 0);
        start(0, RX_NODES, tx(0, SRC, 16, EOF_BIT, 0));
        run();
        if (clear_between) {
            clear(0, GDMA_IN_INT_ALL, GDMA_OUT_INT_ALL);
        }
    }
    return chip.counters.pin_changes[PIN];
}

static void s6_4_an_event_per_frame_whatever_the_interrupts(void **state)
{
    (void)state;
    assert_int_equal(events_counted("always", 0, false), 19);
}

static void s6_4_knob_etm_event(void **state)
{
    (void)state;
    assert_int_equal(events_counted("raw_edge", 0, false), 1);
    assert_int_equal(events_counted("raw_edge", 0, true), 19);
    assert_int_equal(events_counted("enabled", 0, true), 0);
    assert_int_equal(events_counted("enabled", GDMA_IN_SUC_EOF, false), 19);
}

/* Two tasks in one cycle: set and clear of the same pin; the last one wins. */
static unsigned level_after_both(const char *knob)
{
    bench_knob("etm_order", knob);
    listen_on_pin(PIN, 0);
    connect(2, TIMER_EVENT, ETM_TASK_GPIO_SET);
    connect(7, TIMER_EVENT, ETM_TASK_GPIO_CLEAR);
    model_etm_event(&chip, TIMER_EVENT);
    run();
    return model_pin_level(&chip, PIN);
}

static void s6_4_knob_etm_order(void **state)
{
    (void)state;
    assert_int_equal(level_after_both("low_first"), 0);
    assert_int_equal(level_after_both("high_first"), 1);
}

static void gpio_registers_drive_pins(void **state)
{
    (void)state;
    wr(GPIO_OUT_W1TS, 1u << PIN);
    assert_int_equal(model_pin_level(&chip, PIN), 0);
    wr(GPIO_ENABLE_W1TS, 1u << PIN);
    assert_int_equal(model_pin_level(&chip, PIN), 1);
    wr(GPIO_OUT_W1TC, 1u << PIN);
    wr(GPIO_OUT, 1u << PIN);
    assert_int_equal(rd(GPIO_OUT), 1u << PIN);
    assert_int_equal(rd(GPIO_IN), 1u << PIN);
    wr(GPIO_ENABLE_W1TC, 1u << PIN);
    assert_int_equal(model_pin_level(&chip, PIN), 0);
    assert_int_equal(chip.counters.pin_changes[PIN], 4);
    assert_int_equal(rd(GPIO_ENABLE), 0);
    wr(GPIO_ENABLE, 0xFFFFFFFF);
    assert_int_equal(rd(GPIO_ENABLE), (1ull << CHIP_GPIO_PINS) - 1);
    assert_int_equal(rd(GPIO_OUT_W1TS) | rd(GPIO_ENABLE_W1TC), 0);
    wr(GPIO_FUNC_OUT_SEL(PIN), GPIO_FUNC_OUT_SIMPLE);
    wr(IO_MUX_PIN(PIN), 1);
    assert_int_equal(rd(GPIO_FUNC_OUT_SEL(PIN)) | rd(IO_MUX_PIN(PIN)), 0);
    assert_int_equal(chip.counters.misuse, 0);
}

int main(void)
{
    const struct CMUnitTest pins[] = {
        T(gpio_registers_drive_pins),
    };
    const struct CMUnitTest tests[] = {
        T(gpio_registers_drive_pins),
        T(s6_1_enable_bits_set_and_clear),
        T(s6_1_other_registers),
        T(s6_1_there_are_50_channels),
        T(s6_2_event_runs_its_task),
        T(s6_2_disabled_channel_does_nothing),
        T(s6_2_id_0_is_disabled),
        T(s6_2_channels_share_an_event),
        T(s6_2_knob_etm_fan_out_first),
        T(s6_2_channels_share_a_task),
        T(s6_2_reset_by_pcr_clears_all_channels),
        T(s6_2_without_clock_no_event_passes),
        T(s6_2_knob_etm_latency),
        T(s6_2_pulses_one_cycle_apart_both_arrive),
        T(s6_2_a_task_for_a_busy_target_is_lost),
        T(s6_2_knob_etm_start_running_queued),
        T(s6_2_knob_etm_start_running_abandons),
        T(s6_3_events_of_gdma),
        T(s6_3_set_clear_and_toggle),
        T(s6_4_a_pin_needs_its_own_enable),
        T(s6_4_etm_en_takes_start_from_the_cpu),
        T(s6_4_task_starts_at_the_link_address),
        T(s6_4_task_does_nothing_without_etm_en),
        T(s6_4_a_copy_per_event_without_the_cpu),
        T(s6_4_copy_starts_copy_starts_pin),
        T(s6_4_knob_etm_gates),
        T(s6_4_knob_etm_gates_stop),
        T(s6_4_an_event_per_frame_whatever_the_interrupts),
        T(s6_4_knob_etm_event),
        T(s6_4_knob_etm_order),
    };

    return CHIP_HAS_ETM ? RUN(tests) : RUN(pins);
}
