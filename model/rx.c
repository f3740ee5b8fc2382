/* SPDX-License-Identifier: Apache-2.0 */
/*
 * RX: bytes out of the FIFO into the buffers of the nodes; a node is closed when it is full or a frame ends
 * in it. Hardware facts, sections 3 and 4.2.
 */
#include "parts.h"

static bool data_burst(const struct model_channel *channel)
{
    return (channel->conf0 & GDMA_IN_CONF0_DATA_BURST) != 0;
}

/* With bursts the hardware knows whole words only; what is not word-aligned goes wrong like this. */
static uint32_t node_size(const struct model_channel *channel)
{
    uint32_t size = gdma_dw0_size(channel->node[0].dw0);

    return data_burst(channel) ? (size + 3u) & ~3u : size;
}

static uint32_t node_address(const struct model_channel *channel)
{
    uint32_t address = channel->node[0].buffer;

    return (data_burst(channel) ? address & ~3u : address) + channel->position;
}

/* Bytes in the FIFO that belong to the frame at its head. */
static uint32_t frame_bytes(const struct model_channel *channel)
{
    if (channel->fifo_eof == 0) {
        return channel->fifo_count;
    }
    return (uint32_t)__builtin_ctzll(channel->fifo_eof) + 1u;
}

/* The widest access that is allowed at this address: 4, 2 or 1 bytes. */
static uint32_t widest(uint32_t address)
{
    if ((address & 1u) != 0) {
        return 1;
    }
    return (address & 2u) != 0 ? 2 : 4;
}

uint32_t model_rx_wanted(const struct model *model, unsigned ch)
{
    const struct model_channel *channel = &model->channel[ch];
    uint32_t room, present, take, width;
    bool final;

    if (channel->nodes == 0 || channel->node[0].bad || channel->close_due || channel->eof_carry ||
        channel->fifo_count == 0) {
        return 0;
    }
    room = node_size(channel) - channel->position;
    present = frame_bytes(channel);
    take = present < room ? present : room;
    /* No more bytes can join these: the frame ends, the node ends, or TX is cut off from them. */
    final = channel->fifo_eof != 0 || take == room || channel->cut_due;
    width = widest(node_address(channel));
    if (data_burst(channel) && width == 4 && room >= 16 && knob_number(model, KNOB_FIFO_DEPTH) >= 16) {
        if (take >= 16) {
            return 16;
        }
        if (!final) {
            return 0;
        }
    }
    if (take >= width) {
        return width;
    }
    return final && take > 0 ? (take >= 2 ? 2 : 1) : 0;
}

static void frame_ended(const struct model *model, struct model_channel *channel)
{
    bool fits_exactly = channel->position >= node_size(channel);

    channel->close_due = 1;
    if (fits_exactly && knob(model, KNOB_RX_EXACT_FIT) == RX_EXACT_FIT_EXTRA) {
        channel->eof_carry = 1;
    } else {
        channel->close_eof = 1;
    }
}

void model_rx_data(struct model *model, unsigned ch, uint32_t size)
{
    struct model_channel *channel = &model->channel[ch];
    bool eof = (channel->fifo_eof & (1ull << (size - 1))) != 0;
    enum bus_result result = model_dma_write(model, ch, node_address(channel), channel->fifo, size);

    if (result != BUS_DONE) {
        model_dma_failed(model, ch, result, channel->node[0].address);
        return;
    }
    model_fifo_pop(channel, size);
    channel->position += size;
    model->counters.bytes += size;
    if (eof) {
        frame_ended(model, channel);
    } else if (channel->position >= node_size(channel)) {
        channel->close_due = knob(model, KNOB_RX_FULL) == RX_FULL_AT_ONCE ? 1 : 2;
    }
}

static void close_node(struct model *model, unsigned ch)
{
    struct model_channel *channel = &model->channel[ch];
    uint32_t dw0 = channel->node[0].dw0;
    uint32_t owner = (channel->conf0 & GDMA_IN_CONF0_LOOP_TEST) != 0 ? dw0 & GDMA_DW0_OWNER_DMA : 0;
    uint32_t flags = owner | (channel->close_eof ? GDMA_DW0_SUC_EOF : 0);
    uint32_t done = channel->close_eof && knob(model, KNOB_IN_DONE_EOF) == IN_DONE_EOF_NO ? 0 : GDMA_IN_DONE;
    uint32_t events = done | (channel->close_eof ? GDMA_IN_SUC_EOF : 0);

    model_channel_node_done(model, ch, true, gdma_dw0(gdma_dw0_size(dw0), channel->position, flags), events);
    model_fetch_drop_first(channel);
    channel->close_due = 0;
    channel->close_eof = 0;
}

/* Nodes that end without a byte: of size 0, or reached by the end of a frame that filled the node before. */
static bool end_without_data(const struct model *model, struct model_channel *channel)
{
    if (channel->eof_carry) {
        channel->close_due = 1;
        channel->close_eof = 1;
        channel->eof_carry = 0;
        return true;
    }
    if (gdma_dw0_size(channel->node[0].dw0) == 0 && knob(model, KNOB_ZERO_LENGTH) == ZERO_LENGTH_SKIP) {
        channel->close_due = 1;
        return true;
    }
    if (channel->cut_due && channel->fifo_count == 0) {
        channel->cut_due = 0;
        channel->close_due = channel->position > 0;
        return true;
    }
    return false;
}

static bool settle_node(struct model *model, unsigned ch)
{
    struct model_channel *channel = &model->channel[ch];
    bool data = channel->fifo_count > 0 || channel->eof_carry;

    if (channel->node[0].bad) {
        if (knob(model, KNOB_CHECK_AT) == CHECK_AT_DATA && !data) {
            return false;
        }
        channel->nodes = 0;
        model_channel_halt(model, ch, channel->node[0].address, false);
        return true;
    }
    if (channel->close_due == 0) {
        return end_without_data(model, channel);
    }
    if (channel->writeback == 0 && (channel->close_due == 1 || data || channel->cut_due)) {
        close_node(model, ch);
        return true;
    }
    return false;
}

/* Data, and no node for it. */
static bool settle_empty(struct model *model, unsigned ch)
{
    struct model_channel *channel = &model->channel[ch];
    unsigned what = knob(model, KNOB_RX_EMPTY);

    if (channel->fetch != FETCH_END || (channel->fifo_count == 0 && !channel->eof_carry)) {
        return false;
    }
    if (what == RX_EMPTY_LOST) {
        model_fifo_pop(channel, channel->fifo_count);
        channel->eof_carry = 0;
    } else if (what == RX_EMPTY_DEAD) {
        channel->fetch = FETCH_FATAL;
    } else if (channel->empty_raised) {
        return false;
    }
    if (!channel->empty_raised) {
        channel->empty_raised = 1;
        model_channel_raise(model, ch, GDMA_IN_DSCR_EMPTY);
    }
    return true;
}

bool model_rx_settle(struct model *model, unsigned ch)
{
    struct model_channel *channel = &model->channel[ch];

    if (channel->dead || channel->fetch == FETCH_NONE) {
        return false;
    }
    if (channel->nodes > 0 && settle_node(model, ch)) {
        return true;
    }
    if (has_deferred(channel) && model_channel_deferred(model, ch)) {
        return true;
    }
    return channel->nodes == 0 && settle_empty(model, ch);
}
