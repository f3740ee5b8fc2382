/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Permission filters and security modes. A filter that is on lets masters in TEE mode pass and stops the
 * others: the regions that would grant them something keep what is written to them, and that is all. Hardware
 * facts, section 1.7.
 */
#include <string.h>
#include "parts.h"

void model_apm_reset(struct model *model)
{
    model->apm_hp = model->apm_lp = model->apm_lp0 = APM_FUNC_CTRL_RESET;
    model->apm_regions = 1;
    memset(model->tee_mode, TEE_MODE_REE2, sizeof(model->tee_mode));
    model->tee_mode[0] = TEE_MODE_TEE; /* the CPU */
    model->tee_mode[2] = TEE_MODE_TEE; /* REGDMA */
}

bool model_apm_blocks(const struct model *model, unsigned ch)
{
    uint32_t filters = model->apm_hp;
    unsigned master = tee_gdma_master(model->channel[ch].peri_sel) % TEE_MASTERS;

    if (!CHIP_HAS_APM || model->tee_mode[master] == TEE_MODE_TEE) {
        return false;
    }
    if (knob(model, KNOB_APM_PATHS) == APM_PATHS_ALL) {
        filters |= model->apm_lp | model->apm_lp0;
    }
    return filters != 0;
}

uint32_t model_tee_read(struct model *model, uint32_t offset)
{
    return model->tee_mode[offset / 4u];
}

void model_tee_write(struct model *model, uint32_t offset, uint32_t value)
{
    model->tee_mode[offset / 4u] = value & 3u;
}

uint32_t model_hp_apm_read(struct model *model, uint32_t offset)
{
    switch (CHIP_HP_APM_BASE + offset) {
    case HP_APM_FUNC_CTRL:
        return model->apm_hp;
    case HP_APM_REGION_FILTER_EN:
        return model->apm_regions;
    default:
        model_misuse(model, MISUSE_NOTHING, CHIP_HP_APM_BASE + offset);
        return 0;
    }
}

void model_hp_apm_write(struct model *model, uint32_t offset, uint32_t value)
{
    switch (CHIP_HP_APM_BASE + offset) {
    case HP_APM_FUNC_CTRL:
        model->apm_hp = value & APM_FUNC_CTRL_RESET;
        break;
    case HP_APM_REGION_FILTER_EN:
        model->apm_regions = value & 0xFFFFu;
        break;
    default:
        model_misuse(model, MISUSE_NOTHING, CHIP_HP_APM_BASE + offset);
        break;
    }
}

static uint32_t ctrl_read(struct model *model, uint32_t address, uint32_t ctrl, uint32_t value)
{
    if (address == ctrl) {
        return value;
    }
    model_misuse(model, MISUSE_NOTHING, address);
    return 0;
}

static void ctrl_write(struct model *model, uint32_t address, uint32_t ctrl, uint32_t value,
                       uint32_t *filters)
{
    if (address == ctrl) {
        *filters = value & APM_FUNC_CTRL_RESET;
    } else {
        model_misuse(model, MISUSE_NOTHING, address);
    }
}

uint32_t model_lp_apm_read(struct model *model, uint32_t offset)
{
    return ctrl_read(model, CHIP_LP_APM_BASE + offset, LP_APM_FUNC_CTRL, model->apm_lp);
}

void model_lp_apm_write(struct model *model, uint32_t offset, uint32_t value)
{
    ctrl_write(model, CHIP_LP_APM_BASE + offset, LP_APM_FUNC_CTRL, value, &model->apm_lp);
}

uint32_t model_lp_apm0_read(struct model *model, uint32_t offset)
{
    return ctrl_read(model, CHIP_LP_APM0_BASE + offset, LP_APM0_FUNC_CTRL, model->apm_lp0);
}

void model_lp_apm0_write(struct model *model, uint32_t offset, uint32_t value)
{
    ctrl_write(model, CHIP_LP_APM0_BASE + offset, LP_APM0_FUNC_CTRL, value, &model->apm_lp0);
}
