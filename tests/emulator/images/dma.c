/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A copy by hand: descriptors, a pair, its interrupt through matrix and PLIC. FILTERS: leaves the permission
 * filters as they are. ETM: the end of the copy toggles a pin. POLL: waits awake.
 */
#include <string.h>
#include "board.h"
#include "etm_v1.h"

#define SIZE 3000
#define LINE 5

static char from[SIZE];
static char to[SIZE + 4];
static struct gdma_node in;
static struct gdma_node out;
static volatile uint32_t done;

void interrupt(uint32_t cause, uint32_t *saved)
{
    (void)saved;
    if (cause == (0x80000000u | LINE) && (rd(gdma_in_int(0, GDMA_INT_ST)) & GDMA_IN_SUC_EOF) != 0) {
        done++;
    }
    wr(gdma_in_int(0, GDMA_INT_CLR), GDMA_IN_INT_ALL);
}

static void open_filters(void)
{
#ifndef FILTERS
    wr(HP_APM_FUNC_CTRL, 0);
    wr(LP_APM_FUNC_CTRL, 0);
    wr(LP_APM0_FUNC_CTRL, 0);
#endif
}

static void set_up_etm(void)
{
#ifdef ETM
    wr(GPIO_ENABLE_W1TS, 1u << 3);
    wr(gpio_etm_task_cfg(3), gpio_etm_task_field(3, 0));
    wr(etm_event_id(0), GDMA_EVENT_IN_SUC_EOF);
    wr(etm_task_id(0), ETM_TASK_GPIO_TOGGLE);
    wr(etm_enable(0, ETM_SET), 1);
#endif
}

static void set_up_pair(void)
{
    wr(gdma_in(0, GDMA_CONF0), GDMA_IN_CONF0_MEM_TRANS);
    wr(gdma_out(0, GDMA_CONF0), GDMA_OUT_CONF0_EOF_MODE);
    wr(gdma_in(0, GDMA_PERI_SEL), 1);
    wr(gdma_out(0, GDMA_PERI_SEL), 1);
    wr(gdma_in_int(0, GDMA_INT_ENA), GDMA_IN_SUC_EOF);
    route(CHIP_GDMA_IN_SOURCE, LINE, 1);
}

static void start(void *source, void *destination)
{
    out =
        (struct gdma_node){gdma_dw0(SIZE, SIZE, GDMA_DW0_SUC_EOF | GDMA_DW0_OWNER_DMA), (uint32_t)source, 0};
    in = (struct gdma_node){gdma_dw0(SIZE, 0, GDMA_DW0_OWNER_DMA), (uint32_t)destination, 0};
    __asm__ volatile("fence" ::: "memory");
    wr(gdma_in(0, GDMA_LINK),
       ((uint32_t)&in & GDMA_LINK_ADDR_MASK) | GDMA_IN_LINK_AUTO_RET | GDMA_IN_LINK_START);
    wr(gdma_out(0, GDMA_LINK), ((uint32_t)&out & GDMA_LINK_ADDR_MASK) | GDMA_OUT_LINK_START);
}

int main(void)
{
    bool same = true;

    for (uint32_t i = 0; i < SIZE; i++) {
        from[i] = (char)(i * 7);
    }
    open_filters();
    set_up_etm();
    set_up_pair();
    unmask(MIE);
#ifdef FROM_FLASH
    start((void *)0x42000000, to);
#else
    start(from, to);
#endif
    while (done == 0) {
#ifndef POLL
        wait();
#endif
    }
    for (uint32_t i = 0; i < SIZE; i++) {
        same = same && from[i] == to[i];
    }
    print(same && to[SIZE] == 0 ? "copied\n" : "not copied\n");
    say("interrupts", done);
    say("pin", rd(GPIO_IN) >> 3 & 1u);
    return 0;
}
