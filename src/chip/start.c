/* SPDX-License-Identifier: Apache-2.0 */
#include "chip/apm_v1.h"
#include "chip/intmtx_v1.h"
#include "chip/mmio.h"
#include "chip/pcr_v1.h"
#include "chip/plic_v1.h"
#include "chip/start.h"

static void reset_module(uint32_t conf)
{
    mmio_write(conf, PCR_CONF_CLK_EN | PCR_CONF_RST_EN);
    mmio_write(conf, PCR_CONF_CLK_EN);
}

void chip_start(void)
{
    reset_module(PCR_GDMA_CONF);
    mmio_write(PCR_INTMTX_CONF, PCR_CONF_CLK_EN);
#if CHIP_HAS_ETM
    reset_module(PCR_ETM_CONF);
#endif
#if CHIP_HAS_APM
    /* Out of reset they let nobody but the CPU reach memory (hardware facts, 1.7). */
    mmio_write(HP_APM_FUNC_CTRL, 0);
    mmio_write(LP_APM_FUNC_CTRL, 0);
    mmio_write(LP_APM0_FUNC_CTRL, 0);
#endif
    mmio_write(PLIC_THRESH, 1);
}

void chip_route(unsigned source, unsigned line)
{
    uint32_t bit = UINT32_C(1) << line;
    mmio_write(intmtx_map(source), line);
    mmio_write(PLIC_TYPE, mmio_read(PLIC_TYPE) & ~bit);
    mmio_write(plic_priority(line), 2); /* taken whether the threshold of 1 must be reached or passed */
    mmio_write(PLIC_ENABLE, mmio_read(PLIC_ENABLE) | bit);
}

void chip_unroute(unsigned source, unsigned line)
{
    uint32_t bit = UINT32_C(1) << line;
    mmio_write(PLIC_ENABLE, mmio_read(PLIC_ENABLE) & ~bit);
    mmio_write(intmtx_map(source), 0);
}
