/* SPDX-License-Identifier: Apache-2.0 */
/* An alarm every millisecond wakes wfi, five times; then one at a moment. BUSY: the first is waited for
 * awake. */
#include "board.h"

#ifndef PERIOD
#define PERIOD 16000
#endif

static volatile uint32_t ticks;

void interrupt(uint32_t cause, uint32_t *saved)
{
    (void)saved;
    ticks++;
    wr(SYSTIMER_INT_CLR, 1);
    if (cause != 0x80000009) {
        leave(99);
    }
}

static uint32_t now(void)
{
    wr(SYSTIMER_UNIT0_OP, SYSTIMER_OP_UPDATE);
    while ((rd(SYSTIMER_UNIT0_OP) & SYSTIMER_OP_VALID) == 0) {
    }
    return rd(SYSTIMER_VALUE_LO);
}

static void set(uint32_t conf, uint32_t target)
{
    wr(SYSTIMER_CONF, SYSTIMER_CONF_UNIT0_WORK_EN);
    wr(systimer_target_hi(0), 0);
    wr(systimer_target_lo(0), target);
    wr(systimer_target_conf(0), conf);
    wr(systimer_load(0), 1);
    wr(SYSTIMER_CONF, SYSTIMER_CONF_UNIT0_WORK_EN | systimer_conf_target(0));
}

int main(void)
{
    uint32_t start = now();
    wr(SYSTIMER_INT_ENA, 1);
    route(CHIP_SYSTIMER_SOURCE, 9, 1);
    unmask(MIE);
    set(SYSTIMER_TARGET_PERIOD_MODE | PERIOD, 0);
#ifdef BUSY
    while (ticks == 0) {
    }
#endif
    while (ticks < 5) {
        wait();
    }
    say("ticks", ticks);
    say("about ms", (now() - start) / PERIOD);
    set(0, now() + 32000);
    start = now();
    wait();
    say("ticks", ticks);
    say("about ms", (now() - start + 100) / 16000);
    return 0;
}
