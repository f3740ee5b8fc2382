/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SYSTIMER: counter 0 and the three targets that compare with it. Counter 1 is not there. Hardware facts,
 * section 1.5.
 */
#include <string.h>
#include "parts.h"

#define COUNT_MASK     0xFFFFFFFFFFFFFull
#define CONF_WRITTEN   0xFFC00003u
#define TARGET_WRITTEN (SYSTIMER_TARGET_PERIOD_MASK | SYSTIMER_TARGET_PERIOD_MODE)
#define TARGETS_ALL    ((1u << SYSTIMER_TARGETS) - 1u)

static uint64_t count(const struct model *model)
{
    const struct model_systimer *timer = &model->systimer;
    uint64_t ran = timer->running ? model->counters.cycles - model->timer_since : 0;

    return (timer->base + ran / MODEL_CYCLES_PER_COUNT) & COUNT_MASK;
}

static uint32_t period(const struct model_systimer *timer, unsigned target)
{
    return timer->target_conf[target] & SYSTIMER_TARGET_PERIOD_MASK;
}

static bool is_periodic(const struct model_systimer *timer, unsigned target)
{
    return (timer->target_conf[target] & SYSTIMER_TARGET_PERIOD_MODE) != 0;
}

static bool compares(const struct model_systimer *timer, unsigned target)
{
    return timer->running && (timer->loaded >> target & 1u) != 0 &&
           (timer->conf & systimer_conf_target(target)) != 0;
}

/* When does the next target go off? One whose count has passed: now. */
static void find_due(struct model *model)
{
    struct model_systimer *timer = &model->systimer;
    uint64_t now = count(model);

    timer->due = UINT64_MAX;
    for (unsigned target = 0; target < SYSTIMER_TARGETS; target++) {
        uint64_t at = model->counters.cycles;

        if (!compares(timer, target)) {
            continue;
        }
        if (timer->alarm[target] > now) {
            at = model->timer_since + (timer->alarm[target] - timer->base) * MODEL_CYCLES_PER_COUNT;
        }
        timer->due = at < timer->due ? at : timer->due;
    }
}

static void update_sources(struct model *model)
{
    for (unsigned target = 0; target < SYSTIMER_TARGETS; target++) {
        bool level = (model->systimer.raw & model->systimer.ena & 1u << target) != 0;

        model_source_set(model, CHIP_SYSTIMER_SOURCE + target, level);
    }
}

void model_systimer_clock(struct model *model)
{
    struct model_systimer *timer = &model->systimer;
    bool runs = model_clocked(model->pcr_systimer) && (model->pcr_systimer_func_clk & PCR_FUNC_CLK_EN) != 0 &&
                (timer->conf & SYSTIMER_CONF_UNIT0_WORK_EN) != 0;

    if (runs != timer->running) {
        timer->base = count(model);
        model->timer_since = model->counters.cycles;
        timer->running = runs;
    }
    find_due(model);
}

void model_systimer_reset(struct model *model)
{
    memset(&model->systimer, 0, sizeof(model->systimer));
    model->timer_since = model->counters.cycles;
    model->systimer.conf = SYSTIMER_CONF_UNIT0_WORK_EN;
    if (CHIP_HAS_FIRMWARE) {
        update_sources(model);
    }
    model_systimer_clock(model);
}

/* A periodic target that was passed more than once goes off once. */
static void set_next(struct model_systimer *timer, unsigned target, uint64_t now)
{
    uint64_t every = period(timer, target);

    if (is_periodic(timer, target) && every != 0) {
        timer->alarm[target] += (1u + (now - timer->alarm[target]) / every) * every;
    } else {
        timer->loaded &= ~(1u << target);
    }
}

void model_systimer_alarm(struct model *model)
{
    struct model_systimer *timer = &model->systimer;
    uint64_t now = count(model);

    for (unsigned target = 0; target < SYSTIMER_TARGETS; target++) {
        if (!compares(timer, target) || timer->alarm[target] > now) {
            continue;
        }
        timer->raw |= 1u << target;
        if ((timer->conf & SYSTIMER_CONF_ETM_EN) != 0) {
            model_etm_event(model, SYSTIMER_EVENT + target);
        }
        set_next(timer, target, now);
    }
    update_sources(model);
    find_due(model);
}

static void load(struct model *model, unsigned target)
{
    struct model_systimer *timer = &model->systimer;

    timer->alarm[target] =
        is_periodic(timer, target) ? count(model) + period(timer, target) : timer->target[target];
    timer->loaded |= 1u << target;
    find_due(model);
}

/* Registers of the targets, by their place. */
static bool find_target(uint32_t offset, uint32_t first, uint32_t stride, unsigned *target)
{
    *target = (offset - first) / stride;
    return offset >= first && *target < SYSTIMER_TARGETS && (offset - first) % stride == 0;
}

enum { TARGET_HI = 0x1C, TARGET_LO = 0x20, TARGET_CONF = 0x34, COMP_LOAD = 0x50 };

static uint32_t target_read(struct model *model, uint32_t offset)
{
    const struct model_systimer *timer = &model->systimer;
    unsigned target;

    if (find_target(offset, TARGET_HI, 8, &target)) {
        return (uint32_t)(timer->target[target] >> 32);
    }
    if (find_target(offset, TARGET_LO, 8, &target)) {
        return (uint32_t)timer->target[target];
    }
    if (find_target(offset, TARGET_CONF, 4, &target)) {
        return timer->target_conf[target];
    }
    if (!find_target(offset, COMP_LOAD, 4, &target)) {
        model_misuse(model, MISUSE_NOTHING, CHIP_SYSTIMER_BASE + offset);
    }
    return 0;
}

static void target_write(struct model *model, uint32_t offset, uint32_t value)
{
    struct model_systimer *timer = &model->systimer;
    unsigned target;

    if (find_target(offset, TARGET_HI, 8, &target)) {
        timer->target[target] = (uint64_t)(value & 0xFFFFFu) << 32 | (uint32_t)timer->target[target];
    } else if (find_target(offset, TARGET_LO, 8, &target)) {
        timer->target[target] = (timer->target[target] & ~(uint64_t)UINT32_MAX) | value;
    } else if (find_target(offset, TARGET_CONF, 4, &target) && (value & SYSTIMER_TARGET_UNIT_SEL) == 0) {
        timer->target_conf[target] = value & TARGET_WRITTEN;
    } else if (find_target(offset, COMP_LOAD, 4, &target)) {
        if ((value & 1u) != 0) {
            load(model, target);
        }
    } else {
        model_misuse(model, MISUSE_NOTHING, CHIP_SYSTIMER_BASE + offset);
    }
}

uint32_t model_systimer_read(struct model *model, uint32_t offset)
{
    const struct model_systimer *timer = &model->systimer;

    switch (CHIP_SYSTIMER_BASE + offset) {
    case SYSTIMER_CONF:
        return timer->conf;
    case SYSTIMER_UNIT0_OP:
        return SYSTIMER_OP_VALID;
    case SYSTIMER_VALUE_HI:
        return (uint32_t)(timer->value >> 32);
    case SYSTIMER_VALUE_LO:
        return (uint32_t)timer->value;
    case SYSTIMER_INT_ENA:
        return timer->ena;
    case SYSTIMER_INT_RAW:
        return timer->raw;
    case SYSTIMER_INT_ST:
        return timer->raw & timer->ena;
    case SYSTIMER_INT_CLR:
        return 0;
    default:
        return target_read(model, offset);
    }
}

void model_systimer_write(struct model *model, uint32_t offset, uint32_t value)
{
    struct model_systimer *timer = &model->systimer;

    switch (CHIP_SYSTIMER_BASE + offset) {
    case SYSTIMER_CONF:
        timer->conf = value & CONF_WRITTEN;
        model_systimer_clock(model);
        break;
    case SYSTIMER_UNIT0_OP:
        if ((value & SYSTIMER_OP_UPDATE) != 0) {
            timer->value = count(model);
        }
        break;
    case SYSTIMER_INT_ENA:
        timer->ena = value & TARGETS_ALL;
        update_sources(model);
        break;
    case SYSTIMER_INT_CLR:
        timer->raw &= ~value;
        update_sources(model);
        break;
    case SYSTIMER_VALUE_HI:
    case SYSTIMER_VALUE_LO:
    case SYSTIMER_INT_RAW:
    case SYSTIMER_INT_ST:
        break;
    default:
        target_write(model, offset, value);
        break;
    }
}
