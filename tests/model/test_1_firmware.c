/* SPDX-License-Identifier: Apache-2.0 */
/* Sections 1.5 and 1.6: what firmware needs beside the DMA. UART0, SYSTIMER, interrupts by software. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>
#include "../../model/model.h"

#define LINE    9
#define T(test) cmocka_unit_test_setup(test, power_on)

static struct model chip;

static int power_on(void **state)
{
    (void)state;
    model_init(&chip, NULL);
    return 0;
}

static uint32_t rd(uint32_t address)
{
    return model_read(&chip, address);
}

static void wr(uint32_t address, uint32_t value)
{
    model_write(&chip, address, value);
}

static void run_to(uint64_t cycle)
{
    while (chip.counters.cycles < cycle) {
        model_step(&chip);
    }
}

static void route(unsigned source)
{
    wr(intmtx_map(source), LINE);
    wr(plic_priority(LINE), 1);
    wr(PLIC_THRESH, 1);
    wr(PLIC_ENABLE, 1u << LINE);
}

/* ---- SYSTIMER ---- */

static uint64_t count(void)
{
    wr(SYSTIMER_UNIT0_OP, SYSTIMER_OP_UPDATE);
    assert_true(rd(SYSTIMER_UNIT0_OP) & SYSTIMER_OP_VALID);
    return (uint64_t)rd(SYSTIMER_VALUE_HI) << 32 | rd(SYSTIMER_VALUE_LO);
}

static void set_target(unsigned target, uint32_t conf, uint64_t at)
{
    wr(systimer_target_conf(target), conf);
    wr(systimer_target_hi(target), (uint32_t)(at >> 32));
    wr(systimer_target_lo(target), (uint32_t)at);
    wr(systimer_load(target), 1);
    wr(SYSTIMER_CONF, rd(SYSTIMER_CONF) | systimer_conf_target(target));
}

static void s1_5_timer_counts_half_the_crystal(void **state)
{
    (void)state;
    assert_int_equal(count(), 0);
    run_to(1001);
    assert_int_equal(rd(SYSTIMER_VALUE_LO), 0); /* as of the last UPDATE */
    assert_int_equal(count(), 500);
    assert_int_equal(rd(SYSTIMER_CONF), SYSTIMER_CONF_UNIT0_WORK_EN);
}

static void s1_5_timer_has_52_bits(void **state)
{
    (void)state;
    model_pass(&chip, 3ull << 33);
    assert_int_equal(rd(SYSTIMER_VALUE_HI), 0);
    assert_int_equal(count(), 3ull << 32);
}

static void s1_5_target_goes_off_once_at_its_count(void **state)
{
    (void)state;
    route(CHIP_SYSTIMER_SOURCE + 1);
    wr(SYSTIMER_INT_ENA, 2);
    set_target(1, 0, 100);
    run_to(199);
    assert_int_equal(rd(SYSTIMER_INT_RAW), 0);
    assert_int_equal(model_irq_line(&chip), -1);
    run_to(200);
    assert_int_equal(rd(SYSTIMER_INT_RAW), 2);
    assert_int_equal(rd(SYSTIMER_INT_ST), 2);
    assert_int_equal(model_irq_line(&chip), LINE);
    wr(SYSTIMER_INT_CLR, 2);
    assert_int_equal(model_irq_line(&chip), -1);
    assert_true(model_idle(&chip));
}

static void s1_5_target_in_the_past_goes_off_at_once(void **state)
{
    (void)state;
    run_to(1000);
    set_target(0, 0, 100);
    assert_int_equal(model_quiet(&chip), 0);
    assert_true(model_step(&chip));
    assert_int_equal(rd(SYSTIMER_INT_RAW), 1);
    assert_false(model_step(&chip));
}

static void s1_5_periodic_target_goes_off_each_period(void **state)
{
    (void)state;
    run_to(30);
    set_target(2, SYSTIMER_TARGET_PERIOD_MODE | 50, 0);
    for (uint64_t at = 130; at <= 430; at += 100) {
        run_to(at - 1);
        assert_int_equal(rd(SYSTIMER_INT_RAW), 0);
        run_to(at);
        assert_int_equal(rd(SYSTIMER_INT_RAW), 4);
        wr(SYSTIMER_INT_CLR, 4);
    }
    wr(SYSTIMER_CONF, SYSTIMER_CONF_UNIT0_WORK_EN);
    assert_true(model_idle(&chip));
}

static void s1_5_periodic_target_that_was_off_keeps_its_beat(void **state)
{
    (void)state;
    set_target(0, SYSTIMER_TARGET_PERIOD_MODE | 50, 0);
    wr(SYSTIMER_CONF, SYSTIMER_CONF_UNIT0_WORK_EN);
    run_to(330);
    assert_int_equal(rd(SYSTIMER_INT_RAW), 0);
    wr(SYSTIMER_CONF, SYSTIMER_CONF_UNIT0_WORK_EN | systimer_conf_target(0));
    model_step(&chip);
    assert_int_equal(rd(SYSTIMER_INT_RAW), 1); /* once for all that was missed */
    wr(SYSTIMER_INT_CLR, 1);
    run_to(399);
    assert_int_equal(rd(SYSTIMER_INT_RAW), 0);
    run_to(400);
    assert_int_equal(rd(SYSTIMER_INT_RAW), 1);
}

static void s1_5_interrupt_wants_enable(void **state)
{
    (void)state;
    route(CHIP_SYSTIMER_SOURCE);
    set_target(0, 0, 10);
    run_to(50);
    assert_int_equal(rd(SYSTIMER_INT_RAW), 1);
    assert_int_equal(rd(SYSTIMER_INT_ST), 0);
    assert_int_equal(model_irq_line(&chip), -1);
    wr(SYSTIMER_INT_ENA, 1);
    assert_int_equal(model_irq_line(&chip), LINE);
}

static void s1_4_timer_stands_still_without_clock(void **state)
{
    (void)state;
    set_target(0, 0, 100);
    run_to(100);
    wr(PCR_SYSTIMER_FUNC_CLK, 0);
    assert_true(model_idle(&chip));
    run_to(500);
    assert_int_equal(count(), 50);
    wr(PCR_SYSTIMER_FUNC_CLK, PCR_FUNC_CLK_EN);
    run_to(599);
    assert_int_equal(rd(SYSTIMER_INT_RAW), 0);
    run_to(600);
    assert_int_equal(rd(SYSTIMER_INT_RAW), 1);
    wr(SYSTIMER_CONF, 0);
    run_to(700);
    assert_int_equal(count(), 100);
}

static void s1_4_reset_of_the_timer(void **state)
{
    (void)state;
    set_target(0, 0, 100);
    run_to(300);
    wr(PCR_SYSTIMER_CONF, PCR_CONF_CLK_EN | PCR_CONF_RST_EN);
    rd(SYSTIMER_CONF);
    assert_int_equal(chip.counters.misuse, MISUSE_CLOCK);
    wr(PCR_SYSTIMER_CONF, PCR_CONF_CLK_EN);
    assert_int_equal(rd(SYSTIMER_INT_RAW), 0);
    assert_int_equal(rd(systimer_target_lo(0)), 0);
    assert_int_equal(count(), 0);
    run_to(400);
    assert_int_equal(count(), 50);
}

static void s6_3_alarm_reaches_etm_if_asked_to(void **state)
{
    (void)state;
    wr(etm_event_id(4), SYSTIMER_EVENT + 1);
    wr(etm_task_id(4), ETM_TASK_GPIO_TOGGLE);
    wr(etm_enable(4, ETM_SET), 1u << 4);
    wr(CHIP_GPIO_BASE + 0x20, 1u << 3);
    wr(gpio_etm_task_cfg(3), gpio_etm_task_field(3, 0));
    set_target(1, 0, 10);
    run_to(100);
    assert_int_equal(model_pin_level(&chip, 3), 0);
    wr(SYSTIMER_CONF, rd(SYSTIMER_CONF) | SYSTIMER_CONF_ETM_EN);
    set_target(1, 0, 100);
    run_to(199);
    assert_int_equal(model_pin_level(&chip, 3), 0);
    run_to(210);
    assert_int_equal(model_pin_level(&chip, 3), 1);
}

static void quiet_time_passes_in_one_go(void **state)
{
    (void)state;
    assert_int_equal(model_quiet(&chip), 0); /* registers have changed: they were reset */
    run_to(1);
    assert_true(model_idle(&chip));
    assert_int_equal(model_quiet(&chip), UINT64_MAX);
    set_target(0, 0, 1000000);
    assert_false(model_idle(&chip));
    assert_int_equal(model_quiet(&chip), 1999999);
    model_pass(&chip, 1999998);
    assert_int_equal(rd(SYSTIMER_INT_RAW), 0);
    assert_int_equal(model_quiet(&chip), 1);
    model_pass(&chip, 1);
    assert_int_equal(rd(SYSTIMER_INT_RAW), 1);
    assert_int_equal(chip.counters.cycles, 2000000);
    assert_int_equal(chip.counters.idle_cycles, 2000000);
}

/* Who does not look at the clock is in the same state whenever it is. */
static void counting_is_no_change_of_state(void **state)
{
    static struct model before;

    (void)state;
    run_to(1);
    before = chip;
    run_to(1000);
    assert_memory_equal(&before, &chip, MODEL_STATE_SIZE);
}

static void s1_5_holes_of_the_timer(void **state)
{
    static const uint32_t holes[] = {0x08, 0x0C, 0x40 + 8, 0x5C, 0x60, 0x78};

    (void)state;
    for (unsigned i = 0; i < sizeof(holes) / sizeof(holes[0]); i++) {
        chip.counters.misuse = 0;
        assert_int_equal(rd(CHIP_SYSTIMER_BASE + holes[i]), 0);
        assert_int_equal(chip.counters.misuse, MISUSE_NOTHING);
        chip.counters.misuse = 0;
        wr(CHIP_SYSTIMER_BASE + holes[i], 1);
        assert_int_equal(chip.counters.misuse, MISUSE_NOTHING);
    }
    chip.counters.misuse = 0;
    wr(systimer_target_conf(0), SYSTIMER_TARGET_UNIT_SEL); /* there is no unit 1 here */
    assert_int_equal(chip.counters.misuse, MISUSE_NOTHING);
}

/* ---- UART0 ---- */

static uint32_t waiting(void)
{
    return rd(UART_STATUS) >> UART_STATUS_TXFIFO_CNT_SHIFT & UART_STATUS_TXFIFO_CNT_MASK;
}

static void s1_5_uart_sends_in_order(void **state)
{
    uint8_t byte;

    (void)state;
    for (unsigned round = 0; round < 100; round++) {
        wr(UART_FIFO, 'a' + round % 26);
        wr(UART_FIFO, 0x100 | round);
        assert_int_equal(waiting(), 2);
        assert_true(model_uart_take(&chip, &byte));
        assert_int_equal(byte, 'a' + round % 26);
        assert_true(model_uart_take(&chip, &byte));
        assert_int_equal(byte, round);
        assert_false(model_uart_take(&chip, &byte));
    }
}

static void s1_5_uart_has_room_for_128(void **state)
{
    uint8_t byte;

    (void)state;
    for (unsigned i = 0; i < 200; i++) {
        wr(UART_FIFO, i);
    }
    assert_int_equal(waiting(), CHIP_UART_FIFO_SIZE);
    for (unsigned i = 0; i < CHIP_UART_FIFO_SIZE; i++) {
        assert_true(model_uart_take(&chip, &byte));
        assert_int_equal(byte, i);
    }
    assert_false(model_uart_take(&chip, &byte));
}

static void s1_5_uart_reset_takes_effect_with_update(void **state)
{
    (void)state;
    wr(UART_FIFO, 'x');
    wr(UART_CONF0, UART_CONF0_TXFIFO_RST);
    assert_int_equal(waiting(), 1);
    wr(UART_REG_UPDATE, 1);
    assert_int_equal(waiting(), 0);
    assert_int_equal(rd(UART_CONF0), UART_CONF0_TXFIFO_RST);
}

static void s1_4_uart_wants_its_clock(void **state)
{
    (void)state;
    wr(PCR_UART0_CONF, 0);
    wr(UART_FIFO, 'x');
    assert_int_equal(chip.counters.misuse, MISUSE_CLOCK);
    wr(PCR_UART0_CONF, PCR_CONF_CLK_EN);
    assert_int_equal(waiting(), 0);
    rd(CHIP_UART0_BASE + 0x30);
    assert_int_equal(chip.counters.misuse, MISUSE_CLOCK | MISUSE_NOTHING);
}

static void s1_4_reset_values_of_clocks(void **state)
{
    (void)state;
    assert_int_equal(rd(PCR_UART0_CONF), PCR_CONF_CLK_EN | PCR_CONF_READY);
    assert_int_equal(rd(PCR_UART0_SCLK), 3u << 20 | 1u << 22);
    assert_int_equal(rd(PCR_SYSTIMER_CONF), PCR_CONF_CLK_EN);
    assert_int_equal(rd(PCR_SYSTIMER_FUNC_CLK), 1u << 22);
    assert_int_equal(rd(PCR_SYSCLK_CONF), 32u << 24);
    assert_int_equal(rd(PCR_CPU_FREQ) | rd(PCR_AHB_FREQ) | rd(PCR_APB_FREQ) | rd(PCR_BUS_CLK_UPDATE), 0);
    wr(PCR_AHB_FREQ, 2);
    wr(PCR_BUS_CLK_UPDATE, 1);
    assert_int_equal(rd(PCR_AHB_FREQ), 2);
    assert_int_equal(chip.counters.misuse, 0);
}

/* ---- Interrupts by software ---- */

static void s1_6_software_raises_and_lowers_interrupts(void **state)
{
    (void)state;
    for (unsigned n = 0; n < INTPRI_FROM_CPU; n++) {
        power_on(NULL);
        route(CHIP_FROM_CPU_SOURCE + n);
        wr(intpri_from_cpu(n), 1);
        assert_int_equal(rd(intpri_from_cpu(n)), 1);
        assert_int_equal(rd(intmtx_status(0)), 1u << (7 + n));
        assert_int_equal(model_irq_line(&chip), LINE);
        wr(intpri_from_cpu(n), 0);
        assert_int_equal(model_irq_line(&chip), -1);
    }
    wr(CHIP_INTPRI_BASE, 1);
    assert_int_equal(chip.counters.misuse, MISUSE_NOTHING);
}

static void s1_6_mask_of_the_cpu_leaves_lower_lines(void **state)
{
    (void)state;
    route(CHIP_FROM_CPU_SOURCE);
    wr(intmtx_map(CHIP_FROM_CPU_SOURCE + 1), 2);
    wr(plic_priority(2), 7);
    wr(PLIC_ENABLE, 1u << LINE | 1u << 2);
    wr(intpri_from_cpu(0), 1);
    wr(intpri_from_cpu(1), 1);
    assert_int_equal(model_irq_line(&chip), 2);
    assert_int_equal(model_irq_line_of(&chip, ~(1u << 2)), LINE);
    assert_int_equal(model_irq_line_of(&chip, 1u << 2), 2);
    assert_int_equal(model_irq_line_of(&chip, 0), -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        T(s1_5_timer_counts_half_the_crystal),
        T(s1_5_timer_has_52_bits),
        T(s1_5_target_goes_off_once_at_its_count),
        T(s1_5_target_in_the_past_goes_off_at_once),
        T(s1_5_periodic_target_goes_off_each_period),
        T(s1_5_periodic_target_that_was_off_keeps_its_beat),
        T(s1_5_interrupt_wants_enable),
        T(s1_4_timer_stands_still_without_clock),
        T(s1_4_reset_of_the_timer),
        T(s6_3_alarm_reaches_etm_if_asked_to),
        T(quiet_time_passes_in_one_go),
        T(counting_is_no_change_of_state),
        T(s1_5_holes_of_the_timer),
        T(s1_5_uart_sends_in_order),
        T(s1_5_uart_has_room_for_128),
        T(s1_5_uart_reset_takes_effect_with_update),
        T(s1_4_uart_wants_its_clock),
        T(s1_4_reset_values_of_clocks),
        T(s1_6_software_raises_and_lowers_interrupts),
        T(s1_6_mask_of_the_cpu_leaves_lower_lines),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
