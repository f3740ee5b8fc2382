/* SPDX-License-Identifier: Apache-2.0 */
/* How a GDMA channel tells of what it did: RAW bits, events, write-back, and when. Hardware facts,
 * sections 2.1, 4.5, 5. */
#include "parts.h"

/* ---- Interrupts and events ---- */

static bool channel_level(const struct model_channel *channel)
{
    return channel->spurious_left > 0 || (channel->irq_active && channel->late_left == 0);
}

void model_channel_update_irq(struct model *model, unsigned ch)
{
    struct model_channel *channel = &model->channel[ch];
    bool active = (channel->raw & channel->ena) != 0;
    unsigned pair = pair_of(ch);

    if (active && !channel->irq_active && channel->hold_irq) {
        channel->hold_irq = 0;
        channel->late_left = MODEL_LATE_CYCLES;
        model_channel_timers(model, ch);
    }
    if (!active && channel->late_left > 0) {
        channel->late_left = 0;
        model_channel_timers(model, ch);
    }
    channel->irq_active = active;
    if (CHIP_GDMA_INT_JOINT) {
        model_source_set(model, gdma_in_source(pair),
                         channel_level(&model->channel[MODEL_IN(pair)]) ||
                             channel_level(&model->channel[MODEL_OUT(pair)]));
    } else {
        model_source_set(model, is_out(ch) ? gdma_out_source(pair) : gdma_in_source(pair),
                         channel_level(channel));
    }
}

static void pulse(struct model *model, unsigned ch, uint32_t events, uint32_t rising, uint32_t bit,
                  uint32_t event)
{
    uint32_t counted = events;

    if (knob(model, KNOB_ETM_EVENT) == ETM_EVENT_RAW_EDGE) {
        counted = rising;
    } else if (knob(model, KNOB_ETM_EVENT) == ETM_EVENT_ENABLED) {
        counted = events & model->channel[ch].ena;
    }
    if ((counted & bit) != 0) {
        model_etm_event(model, event + pair_of(ch));
    }
}

void model_channel_raise(struct model *model, unsigned ch, uint32_t events)
{
    struct model_channel *channel = &model->channel[ch];
    uint32_t rising = events & ~channel->raw;

    channel->raw |= events;
    channel->set_now |= events;
    model->just_set |= 1u << ch;
    if (CHIP_HAS_ETM && model->etm_enabled != 0) {
        if (is_out(ch)) {
            pulse(model, ch, events, rising, GDMA_OUT_DONE, GDMA_EVENT_OUT_DONE);
            pulse(model, ch, events, rising, GDMA_OUT_EOF, GDMA_EVENT_OUT_EOF);
            pulse(model, ch, events, rising, GDMA_OUT_TOTAL_EOF, GDMA_EVENT_OUT_TOTAL_EOF);
        } else {
            pulse(model, ch, events, rising, GDMA_IN_DONE, GDMA_EVENT_IN_DONE);
            pulse(model, ch, events, rising, GDMA_IN_SUC_EOF, GDMA_EVENT_IN_SUC_EOF);
        }
    }
    model_channel_update_irq(model, ch);
}

/* ---- Write-back ---- */

static uint32_t eof_bit(unsigned ch)
{
    return is_out(ch) ? GDMA_OUT_EOF : GDMA_IN_SUC_EOF;
}

static void latch_eof_address(struct model_channel *channel, unsigned ch)
{
    channel->eof_address = channel->writeback_address;
    if (is_out(ch)) {
        channel->bfr_address = channel->writeback_previous;
    }
}

/* The address of a frame's end is there no later than the bit that tells of it. */
static void tell(struct model *model, unsigned ch)
{
    struct model_channel *channel = &model->channel[ch];
    uint32_t events = channel->writeback_events;

    channel->writeback_events = 0;
    if ((events & eof_bit(ch)) != 0 && knob(model, KNOB_EOF_ADDRESS) == EOF_ADDRESS_RAW) {
        latch_eof_address(channel, ch);
    }
    if (events != 0) {
        model_channel_raise(model, ch, events);
    }
}

/* The slot is free; what it held is forgotten, so that equal situations are equal states. */
static void free_slot(struct model_channel *channel)
{
    channel->writeback = 0;
    channel->writeback_address = 0;
    channel->writeback_value = 0;
    channel->writeback_previous = 0;
    channel->writeback_events = 0;
}

void model_channel_node_done(struct model *model, unsigned ch, bool write, uint32_t value, uint32_t events)
{
    struct model_channel *channel = &model->channel[ch];

    channel->writeback_address = channel->node[0].address & ~3u;
    channel->writeback_value = value;
    channel->writeback_previous = channel->previous;
    channel->previous = channel->writeback_address;
    channel->writeback_events = events;
    channel->writeback = write;
    if ((events & eof_bit(ch)) != 0 && knob(model, KNOB_EOF_ADDRESS) == EOF_ADDRESS_CLOSE) {
        latch_eof_address(channel, ch);
    }
    if (!write) {
        tell(model, ch);
        free_slot(channel);
    } else if (knob(model, KNOB_WRITEBACK) == WRITEBACK_AFTER) {
        channel->writeback_delay = (uint16_t)knob_number(model, KNOB_WRITEBACK_DELAY);
        model_channel_timers(model, ch);
        tell(model, ch);
    }
}

void model_channel_writeback(struct model *model, unsigned ch)
{
    struct model_channel *channel = &model->channel[ch];
    uint32_t node = channel->writeback_address;
    enum bus_result result = model_dma_write(model, ch, node, &channel->writeback_value, 4);

    if (result != BUS_DONE) {
        free_slot(channel);
        model_dma_failed(model, ch, result, node);
    } else if (knob(model, KNOB_WRITEBACK) == WRITEBACK_BEFORE) {
        channel->writeback = 2;
        channel->writeback_delay = (uint16_t)knob_number(model, KNOB_WRITEBACK_DELAY);
        model_channel_timers(model, ch);
    } else {
        tell(model, ch);
        free_slot(channel);
    }
}

/* ---- Time ---- */

void model_channel_timers(struct model *model, unsigned ch)
{
    const struct model_channel *channel = &model->channel[ch];
    uint32_t bit = 1u << ch;

    if ((channel->writeback_delay | channel->stop_left | channel->late_left | channel->spurious_left) != 0) {
        model->timers |= bit;
    } else {
        model->timers &= ~bit;
    }
}

/* Count a timer down; true: it has just run out. */
static bool runs_out(uint16_t *left, uint32_t cycles)
{
    if (*left == 0) {
        return false;
    }
    *left = (uint16_t)(*left > cycles ? *left - cycles : 0);
    return *left == 0;
}

bool model_channel_tick(struct model *model, unsigned ch, uint32_t cycles)
{
    struct model_channel *channel = &model->channel[ch];
    bool changed = false;

    if (runs_out(&channel->writeback_delay, cycles) && channel->writeback == 2) {
        tell(model, ch);
        free_slot(channel);
        changed = true;
    }
    if (runs_out(&channel->stop_left, cycles)) {
        model_channel_stop_now(model, ch);
        changed = true;
    }
    if (runs_out(&channel->late_left, cycles)) {
        model_channel_update_irq(model, ch);
    }
    if (runs_out(&channel->spurious_left, cycles)) {
        model_channel_update_irq(model, ch);
    }
    model_channel_timers(model, ch);
    return changed;
}
