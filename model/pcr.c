/* SPDX-License-Identifier: Apache-2.0 */
/*
 * PCR: clocks and resets of GDMA, ETM, the interrupt matrix, UART0 and SYSTIMER. Frequencies are kept, and
 * that is all: the clock of the bus is the model's unit of time. Hardware facts, section 1.4.
 */
#include <string.h>
#include "parts.h"

void model_pcr_reset(struct model *model)
{
    model->pcr_gdma = PCR_CONF_CLK_EN;
    model->pcr_etm = PCR_CONF_CLK_EN;
    model->pcr_intmtx = PCR_CONF_CLK_EN;
    model->pcr_uart0 = PCR_CONF_CLK_EN;
    model->pcr_uart0_sclk = PCR_FUNC_CLK_EN | 3u << PCR_UART0_SCLK_SEL_SHIFT;
    model->pcr_systimer = PCR_CONF_CLK_EN;
    model->pcr_systimer_func_clk = PCR_FUNC_CLK_EN;
    model->pcr_sysclk = 0;
    memset(model->pcr_divider, 0, sizeof(model->pcr_divider));
}

static uint32_t frequency_read(struct model *model, uint32_t address)
{
    switch (address) {
    case PCR_SYSCLK_CONF:
        return model->pcr_sysclk | 32u << PCR_SYSCLK_XTAL_SHIFT;
    case PCR_CPU_FREQ:
    case PCR_AHB_FREQ:
    case PCR_APB_FREQ:
        return model->pcr_divider[(address - PCR_CPU_FREQ) / 4u];
    case PCR_BUS_CLK_UPDATE:
        return 0;
    default:
        model_misuse(model, MISUSE_NOTHING, address);
        return 0;
    }
}

static void frequency_write(struct model *model, uint32_t address, uint32_t value)
{
    switch (address) {
    case PCR_SYSCLK_CONF:
        model->pcr_sysclk = value & 3u << PCR_SYSCLK_SOURCE_SHIFT;
        break;
    case PCR_CPU_FREQ:
    case PCR_AHB_FREQ:
    case PCR_APB_FREQ:
        model->pcr_divider[(address - PCR_CPU_FREQ) / 4u] = value;
        break;
    case PCR_BUS_CLK_UPDATE:
        break;
    default:
        model_misuse(model, MISUSE_NOTHING, address);
        break;
    }
}

uint32_t model_pcr_read(struct model *model, uint32_t offset)
{
    switch (CHIP_PCR_BASE + offset) {
    case PCR_GDMA_CONF:
        return model->pcr_gdma;
    case PCR_ETM_CONF:
        return model->pcr_etm | PCR_CONF_READY;
    case PCR_INTMTX_CONF:
        return model->pcr_intmtx | PCR_CONF_READY;
    case PCR_UART0_CONF:
        return model->pcr_uart0 | PCR_CONF_READY;
    case PCR_UART0_SCLK:
        return model->pcr_uart0_sclk;
    case PCR_SYSTIMER_CONF:
        return model->pcr_systimer;
    case PCR_SYSTIMER_FUNC_CLK:
        return model->pcr_systimer_func_clk;
    default:
        return frequency_read(model, CHIP_PCR_BASE + offset);
    }
}

void model_pcr_write(struct model *model, uint32_t offset, uint32_t value)
{
    uint32_t conf = value & (PCR_CONF_CLK_EN | PCR_CONF_RST_EN);
    bool reset = (value & PCR_CONF_RST_EN) != 0;

    switch (CHIP_PCR_BASE + offset) {
    case PCR_GDMA_CONF:
        model->pcr_gdma = conf;
        model->dirty = 1;
        if (reset) {
            model_gdma_module_reset(model);
        }
        break;
    case PCR_ETM_CONF:
        model->pcr_etm = conf;
        if (reset) {
            model_etm_reset(model);
        }
        break;
    case PCR_INTMTX_CONF:
        model->pcr_intmtx = conf;
        if (reset) {
            model_intmtx_reset(model);
        }
        break;
    case PCR_UART0_CONF:
        model->pcr_uart0 = conf;
        if (reset) {
            model_uart_reset(model);
        }
        break;
    case PCR_UART0_SCLK:
        model->pcr_uart0_sclk = value & 0x7FFFFFu;
        break;
    case PCR_SYSTIMER_CONF:
        model->pcr_systimer = conf;
        if (reset) {
            model_systimer_reset(model);
        }
        model_systimer_clock(model);
        break;
    case PCR_SYSTIMER_FUNC_CLK:
        model->pcr_systimer_func_clk = value & (PCR_FUNC_CLK_EN | 1u << 20);
        model_systimer_clock(model);
        break;
    default:
        frequency_write(model, CHIP_PCR_BASE + offset, value);
        break;
    }
}
