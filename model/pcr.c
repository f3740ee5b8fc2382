/* SPDX-License-Identifier: Apache-2.0 */
/* PCR: clocks and resets of GDMA, ETM and the interrupt matrix. Hardware facts, section 1.4. */
#include "parts.h"

void model_pcr_reset(struct model *model)
{
    model->pcr_gdma = PCR_CONF_CLK_EN;
    model->pcr_etm = PCR_CONF_CLK_EN;
    model->pcr_intmtx = PCR_CONF_CLK_EN;
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
    default:
        model_misuse(model, MISUSE_NOTHING, CHIP_PCR_BASE + offset);
        return 0;
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
    default:
        model_misuse(model, MISUSE_NOTHING, CHIP_PCR_BASE + offset);
        break;
    }
}
