/* SPDX-License-Identifier: Apache-2.0 */
/* ETM: 50 channels, each carrying an event's pulse to a task. Hardware facts, section 6. */
#include <string.h>
#include "parts.h"

#define ETM_ALL ((1ull << CHIP_ETM_CHANNELS) - 1u)

void model_etm_reset(struct model *model)
{
    model->etm_enabled = 0;
    model->etm_clk_en = 0;
    model->etm_in_flight = 0;
    memset(model->etm_pulses, 0, sizeof(model->etm_pulses));
    memset(model->etm_event_id, 0, sizeof(model->etm_event_id));
    memset(model->etm_task_id, 0, sizeof(model->etm_task_id));
}

static bool find_channel(uint32_t offset, unsigned *channel, bool *task)
{
    if (offset < 0x18u || offset >= 0x18u + 8u * CHIP_ETM_CHANNELS) {
        return false;
    }
    *channel = (offset - 0x18u) / 8u;
    *task = (offset & 4u) != 0;
    return true;
}

uint32_t model_etm_read(struct model *model, uint32_t offset)
{
    unsigned channel;
    bool task;

    if (find_channel(offset, &channel, &task)) {
        return task ? model->etm_task_id[channel] : model->etm_event_id[channel];
    }
    switch (offset) {
    case 0x00:
        return (uint32_t)model->etm_enabled;
    case 0x0C:
        return (uint32_t)(model->etm_enabled >> 32);
    case 0x04:
    case 0x08:
    case 0x10:
    case 0x14:
        return 0;
    case 0x1A8:
        return model->etm_clk_en;
    case 0x1AC:
        return 0x02203092u;
    default:
        model_misuse(model, MISUSE_NOTHING, CHIP_ETM_BASE + offset);
        return 0;
    }
}

void model_etm_write(struct model *model, uint32_t offset, uint32_t value)
{
    unsigned channel;
    bool task;

    if (find_channel(offset, &channel, &task)) {
        *(task ? &model->etm_task_id[channel] : &model->etm_event_id[channel]) = (uint8_t)value;
        return;
    }
    switch (offset) {
    case 0x04:
        model->etm_enabled |= value;
        break;
    case 0x08:
        model->etm_enabled &= ~(uint64_t)value;
        break;
    case 0x10:
        model->etm_enabled |= ((uint64_t)value << 32) & ETM_ALL;
        break;
    case 0x14:
        model->etm_enabled &= ~((uint64_t)value << 32);
        break;
    case 0x1A8:
        model->etm_clk_en = value & 1u;
        break;
    case 0x00:
    case 0x0C:
    case 0x1AC:
        break;
    default:
        model_misuse(model, MISUSE_NOTHING, CHIP_ETM_BASE + offset);
        break;
    }
}

void model_etm_event(struct model *model, uint32_t event)
{
    uint64_t left = model->etm_enabled;

    if (!CHIP_HAS_ETM || !model_clocked(model->pcr_etm) || event == 0) {
        return;
    }
    while (left != 0) {
        unsigned channel = (unsigned)__builtin_ctzll(left);

        left &= left - 1;
        if (model->etm_event_id[channel] != event || model->etm_task_id[channel] == 0) {
            continue;
        }
        model->etm_pulses[channel] |= (uint16_t)(1u << (knob_number(model, KNOB_ETM_LATENCY) - 1u));
        model->etm_in_flight = 1;
        if (knob(model, KNOB_ETM_FAN_OUT) == ETM_FAN_OUT_FIRST) {
            break;
        }
    }
}

static void deliver(struct model *model, uint32_t task)
{
    if (task >= GDMA_TASK_IN_START && task < GDMA_TASK_IN_START + CHIP_GDMA_PAIRS) {
        model_channel_start_strobe(model, MODEL_IN(task - GDMA_TASK_IN_START), true);
    } else if (task >= GDMA_TASK_OUT_START && task < GDMA_TASK_OUT_START + CHIP_GDMA_PAIRS) {
        model_channel_start_strobe(model, MODEL_OUT(task - GDMA_TASK_OUT_START), true);
    } else {
        model_gpio_task(model, task);
    }
}

static void one_cycle(struct model *model)
{
    bool high_first = knob(model, KNOB_ETM_ORDER) == ETM_ORDER_HIGH_FIRST;

    model->etm_in_flight = 0;
    for (unsigned i = 0; i < CHIP_ETM_CHANNELS; i++) {
        unsigned channel = high_first ? CHIP_ETM_CHANNELS - 1u - i : i;
        bool due = (model->etm_pulses[channel] & 1u) != 0;

        model->etm_pulses[channel] = (uint16_t)(model->etm_pulses[channel] >> 1);
        if (model->etm_pulses[channel] != 0) {
            model->etm_in_flight = 1;
        }
        if (due) {
            deliver(model, model->etm_task_id[channel]);
        }
    }
}

bool model_etm_tick(struct model *model, uint32_t cycles)
{
    if (model->etm_in_flight == 0) {
        return false;
    }
    while (cycles-- > 0 && model->etm_in_flight != 0) {
        one_cycle(model);
    }
    return true;
}
