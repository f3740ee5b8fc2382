/* SPDX-License-Identifier: Apache-2.0 */
/* Interrupt matrix: sources to lines. Hardware facts, section 1.6. */
#include <string.h>
#include "parts.h"

void model_intmtx_reset(struct model *model)
{
    memset(model->source_line, 0, sizeof(model->source_line));
}

uint32_t model_intmtx_read(struct model *model, uint32_t offset)
{
    uint32_t address = CHIP_INTMTX_BASE + offset;

    if (offset < 4u * CHIP_INTMTX_SOURCES) {
        return model->source_line[offset / 4u];
    }
    if (address < INTMTX_CLOCK_GATE) {
        return model->source_level[(address - INTMTX_STATUS_BASE) / 4u];
    }
    if (address == INTMTX_CLOCK_GATE) {
        return 1;
    }
    model_misuse(model, MISUSE_NOTHING, address);
    return 0;
}

void model_intmtx_write(struct model *model, uint32_t offset, uint32_t value)
{
    uint32_t before = model_intmtx_lines(model);

    if (offset < 4u * CHIP_INTMTX_SOURCES) {
        model->source_line[offset / 4u] = value & 0x1Fu;
        model_plic_lines_rose(model, model_intmtx_lines(model) & ~before);
    } else if (CHIP_INTMTX_BASE + offset > INTMTX_CLOCK_GATE) {
        model_misuse(model, MISUSE_NOTHING, CHIP_INTMTX_BASE + offset);
    }
}

/* A peripheral's interrupt signal changes, or stays as it is. */
void model_source_set(struct model *model, unsigned source, bool level)
{
    uint32_t *word = &model->source_level[source / 32u];
    uint32_t bit = 1u << (source % 32u);
    uint32_t before;

    if (((*word & bit) != 0) == level) {
        return;
    }
    before = model_intmtx_lines(model);
    *word ^= bit;
    model->counters.interrupts += level;
    model_plic_lines_rose(model, model_intmtx_lines(model) & ~before);
}

/* Lines with a source that is high; line 0 is none. */
uint32_t model_intmtx_lines(const struct model *model)
{
    uint32_t lines = 0;

    for (unsigned word = 0; word < INTMTX_STATUS_WORDS; word++) {
        for (uint32_t left = model->source_level[word]; left != 0; left &= left - 1) {
            lines |= 1u << model->source_line[32u * word + (unsigned)__builtin_ctz(left)];
        }
    }
    return lines & ~1u;
}
