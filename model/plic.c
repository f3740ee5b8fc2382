/* SPDX-License-Identifier: Apache-2.0 */
/* PLIC_MX: which line the CPU takes. Hardware facts, section 1.6. CLAIM and CONF are there and do nothing. */
#include <string.h>
#include "parts.h"

void model_plic_reset(struct model *model)
{
    model->plic_enable = 0;
    model->plic_type = 0;
    model->plic_edge = 0;
    model->plic_threshold = 0;
    memset(model->plic_priority, 0, sizeof(model->plic_priority));
}

static uint32_t pending(const struct model *model)
{
    uint32_t lines = (model_intmtx_lines(model) & ~model->plic_type) | (model->plic_edge & model->plic_type);

    return lines & ~PLIC_LINES_CLINT;
}

static bool find_priority(uint32_t offset, unsigned *line)
{
    *line = (offset - 0x10u) / 4u;
    return offset >= 0x10u && *line < PLIC_LINES;
}

uint32_t model_plic_read(struct model *model, uint32_t offset)
{
    unsigned line;

    if (find_priority(offset, &line)) {
        return model->plic_priority[line];
    }
    switch (CHIP_PLIC_BASE + offset) {
    case PLIC_ENABLE:
        return model->plic_enable;
    case PLIC_TYPE:
        return model->plic_type;
    case PLIC_EMIP:
        return pending(model);
    case PLIC_THRESH:
        return model->plic_threshold;
    case PLIC_CLEAR:
    case PLIC_CLAIM:
    case CHIP_PLIC_BASE + 0x3FCu:
        return 0;
    default:
        model_misuse(model, MISUSE_NOTHING, CHIP_PLIC_BASE + offset);
        return 0;
    }
}

void model_plic_write(struct model *model, uint32_t offset, uint32_t value)
{
    unsigned line;

    if (find_priority(offset, &line)) {
        model->plic_priority[line] = value & PLIC_PRIORITY_MAX;
        return;
    }
    switch (CHIP_PLIC_BASE + offset) {
    case PLIC_ENABLE:
        model->plic_enable = value;
        break;
    case PLIC_TYPE:
        model->plic_type = value;
        break;
    case PLIC_CLEAR:
        model->plic_edge &= ~value;
        break;
    case PLIC_THRESH:
        model->plic_threshold = value & 0xFFu;
        break;
    case PLIC_EMIP:
    case PLIC_CLAIM:
    case CHIP_PLIC_BASE + 0x3FCu:
        break;
    default:
        model_misuse(model, MISUSE_NOTHING, CHIP_PLIC_BASE + offset);
        break;
    }
}

void model_plic_lines_rose(struct model *model, uint32_t lines)
{
    model->plic_edge |= lines & model->plic_type;
}

int model_irq_line(const struct model *model)
{
    return model_irq_line_of(model, UINT32_MAX);
}

int model_irq_line_of(const struct model *model, uint32_t lines)
{
    uint32_t left = pending(model) & model->plic_enable & lines;
    uint32_t lowest = model->plic_threshold + (knob(model, KNOB_PLIC_THRESHOLD) == PLIC_THRESHOLD_ABOVE);
    uint32_t best = 0;
    int line = -1;

    for (; left != 0; left &= left - 1) {
        unsigned candidate = (unsigned)__builtin_ctz(left);
        uint32_t priority = model->plic_priority[candidate];

        if (priority >= lowest && (line < 0 || priority > best)) {
            line = (int)candidate;
            best = priority;
        }
    }
    return line;
}
