/* SPDX-License-Identifier: Apache-2.0 */
/* INTPRI: interrupts that software raises, and nothing else of it. Hardware facts, section 1.6. */
#include "parts.h"

static bool find(uint32_t offset, unsigned *n)
{
    *n = (offset - (intpri_from_cpu(0) - CHIP_INTPRI_BASE)) / 4u;
    return *n < INTPRI_FROM_CPU;
}

static void set(struct model *model, unsigned n, bool level)
{
    model->from_cpu = (model->from_cpu & ~(1u << n)) | (uint32_t)level << n;
    model_source_set(model, CHIP_FROM_CPU_SOURCE + n, level);
}

void model_intpri_reset(struct model *model)
{
    for (unsigned n = 0; CHIP_HAS_FIRMWARE && n < INTPRI_FROM_CPU; n++) {
        set(model, n, false);
    }
}

uint32_t model_intpri_read(struct model *model, uint32_t offset)
{
    unsigned n;

    if (find(offset, &n)) {
        return model->from_cpu >> n & 1u;
    }
    model_misuse(model, MISUSE_NOTHING, CHIP_INTPRI_BASE + offset);
    return 0;
}

void model_intpri_write(struct model *model, uint32_t offset, uint32_t value)
{
    unsigned n;

    if (find(offset, &n)) {
        set(model, n, (value & 1u) != 0);
    } else {
        model_misuse(model, MISUSE_NOTHING, CHIP_INTPRI_BASE + offset);
    }
}
