/* SPDX-License-Identifier: Apache-2.0 */
/*
 * TX: bytes from the buffers of the nodes into the FIFO, and from there to the RX of the same pair. Hardware
 * facts, sections 2.5, 4.2 and 4.3.
 */
#include <string.h>
#include "parts.h"

static bool eof_when_popped(const struct model_channel *channel)
{
    return (channel->conf0 & GDMA_OUT_CONF0_EOF_MODE) != 0;
}

uint32_t model_tx_wanted(const struct model *model, unsigned ch)
{
    const struct model_channel *channel = &model->channel[ch];
    uint32_t depth = knob_number(model, KNOB_FIFO_DEPTH);
    uint32_t rest, room, address, size;

    if (channel->nodes == 0 || channel->node[0].bad || model->channel[MODEL_IN(pair_of(ch))].cut_due) {
        return 0;
    }
    rest = gdma_dw0_length(channel->node[0].dw0) - channel->position;
    room = depth - channel->fifo_count;
    address = channel->node[0].buffer + channel->position;
    if ((channel->conf0 & GDMA_OUT_CONF0_DATA_BURST) != 0 && (address & 3u) == 0 && rest >= 16 &&
        depth >= 16) {
        return room >= 16 ? 16 : 0;
    }
    /* One word, of which the bytes before the address and after the node are left out: TX aligns by itself.
     */
    size = 4u - (address & 3u);
    size = size < rest ? size : rest;
    return room >= size ? size : 0;
}

void model_tx_data(struct model *model, unsigned ch, uint32_t size)
{
    struct model_channel *channel = &model->channel[ch];
    const struct model_node *node = &channel->node[0];
    enum bus_result result = model_dma_read(model, ch, node->buffer + channel->position,
                                            &channel->fifo[channel->fifo_count], size);

    if (result != BUS_DONE) {
        memset(&channel->fifo[channel->fifo_count], 0, size);
        model_dma_failed(model, ch, result, node->address);
        return;
    }
    channel->fifo_count = (uint8_t)(channel->fifo_count + size);
    channel->position += size;
    if (channel->position == gdma_dw0_length(node->dw0) && (node->dw0 & GDMA_DW0_SUC_EOF) != 0) {
        channel->fifo_eof |= 1ull << (channel->fifo_count - 1);
    }
}

static bool node_is_done(const struct model *model, const struct model_channel *channel)
{
    uint32_t length = gdma_dw0_length(channel->node[0].dw0);

    if (channel->position < length || channel->writeback != 0) {
        return false;
    }
    if (!eof_when_popped(channel)) {
        return true;
    }
    if (length == 0 && knob(model, KNOB_ZERO_LENGTH) == ZERO_LENGTH_HANG) {
        return false;
    }
    return channel->fifo_count == 0;
}

static void finish_node(struct model *model, unsigned ch)
{
    struct model_channel *channel = &model->channel[ch];
    uint32_t dw0 = channel->node[0].dw0;
    bool eof = (dw0 & GDMA_DW0_SUC_EOF) != 0;
    bool give_back = (channel->conf0 & GDMA_OUT_CONF0_AUTO_WRBACK) != 0 &&
                     (channel->conf0 & GDMA_OUT_CONF0_LOOP_TEST) == 0;

    model_channel_node_done(model, ch, give_back, dw0 & ~GDMA_DW0_OWNER_DMA,
                            GDMA_OUT_DONE | (eof ? GDMA_OUT_EOF : 0));
    model_fetch_drop_first(channel);
    channel->open_frame = eof ? 0 : 1;
}

/* The last node is done: the end of the list, once nothing more comes by a RESTART that is remembered. */
static bool settle_end(struct model *model, unsigned ch)
{
    struct model_channel *channel = &model->channel[ch];

    if (channel->fetch != FETCH_END) {
        return false;
    }
    if (channel->open_frame == 1) {
        channel->open_frame = 2;
    }
    if (channel->queued && !model_fetch_linked(channel)) {
        channel->queued = 0;
    }
    if (channel->total_due && channel->writeback == 0 &&
        (channel->fifo_count == 0 || !eof_when_popped(channel))) {
        channel->total_due = 0;
        model_channel_raise(model, ch, GDMA_OUT_TOTAL_EOF);
        return true;
    }
    return false;
}

bool model_tx_settle(struct model *model, unsigned ch)
{
    struct model_channel *channel = &model->channel[ch];

    if (channel->dead || channel->fetch == FETCH_NONE) {
        return false;
    }
    if (channel->nodes > 0 && channel->node[0].bad) {
        channel->nodes = 0;
        model_channel_halt(model, ch, channel->node[0].address, false);
        return true;
    }
    if (channel->nodes > 0 && node_is_done(model, channel)) {
        finish_node(model, ch);
        return true;
    }
    if (has_deferred(channel) && model_channel_deferred(model, ch)) {
        return true;
    }
    return channel->nodes == 0 && settle_end(model, ch);
}

/* ---- The way from TX to RX ---- */

void model_fifo_pop(struct model_channel *channel, uint32_t count)
{
    uint8_t bytes[2 * MODEL_FIFO_MAX] = {
        0}; /* copies of fixed size are cheap; what lies behind the data is 0 */

    memcpy(bytes, channel->fifo, MODEL_FIFO_MAX);
    memcpy(channel->fifo, &bytes[count], MODEL_FIFO_MAX);
    channel->fifo_eof = count < 64 ? channel->fifo_eof >> count : 0;
    channel->fifo_count = (uint8_t)(channel->fifo_count - count);
}

static bool is_m2m_id(uint32_t id)
{
    return id < 32 && (CHIP_GDMA_M2M_IDS & (1u << id)) != 0;
}

static bool wired(const struct model *model, unsigned pair)
{
    return (model->channel[MODEL_IN(pair)].conf0 & GDMA_IN_CONF0_MEM_TRANS) != 0;
}

static bool in_reset(const struct model *model, unsigned pair)
{
    return ((model->channel[MODEL_IN(pair)].conf0 | model->channel[MODEL_OUT(pair)].conf0) &
            GDMA_IN_CONF0_RST) != 0;
}

/* Both directions have the same id, one that serves for this, and no other pair has it. */
static bool ids_are_right(const struct model *model, unsigned pair)
{
    uint32_t id = model->channel[MODEL_IN(pair)].peri_sel;

    if (id != model->channel[MODEL_OUT(pair)].peri_sel || !is_m2m_id(id)) {
        return false;
    }
    for (unsigned other = 0; other < CHIP_GDMA_PAIRS; other++) {
        if (other != pair && wired(model, other) && model->channel[MODEL_IN(other)].peri_sel == id) {
            return false;
        }
    }
    return true;
}

bool model_pump(struct model *model, unsigned pair)
{
    struct model_channel *in = &model->channel[MODEL_IN(pair)];
    struct model_channel *out = &model->channel[MODEL_OUT(pair)];
    uint32_t room = knob_number(model, KNOB_FIFO_DEPTH) - in->fifo_count;
    uint32_t size = out->fifo_count < room ? out->fifo_count : room;

    if (size == 0 || out->dead || !wired(model, pair) || in_reset(model, pair)) {
        return false;
    }
    if (!ids_are_right(model, pair)) {
        model_misuse(model, MISUSE_PERI_SEL, gdma_in(pair, GDMA_PERI_SEL));
        return false;
    }
    memcpy(&in->fifo[in->fifo_count], out->fifo, size);
    in->fifo_eof |= (out->fifo_eof & (~0ull >> (64u - size))) << in->fifo_count;
    in->fifo_count = (uint8_t)(in->fifo_count + size);
    model_fifo_pop(out, size);
    return true;
}
