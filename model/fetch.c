/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reading descriptors, ahead of the data. The words come one by one, in order, unless descriptor bursts are
 * on; a node is used as it was when it was read. Hardware facts, sections 2.5 and 4.3 to 4.5.
 */
#include <string.h>
#include "parts.h"

/* All words of the node in one burst? */
static bool reads_at_once(const struct model *model, unsigned ch)
{
    const struct model_channel *channel = &model->channel[ch];

    if (channel->fetch == FETCH_REREAD && knob(model, KNOB_RESTART_READS) == RESTART_READS_NEXT) {
        return false;
    }
    return (channel->conf0 & (is_out(ch) ? GDMA_OUT_CONF0_DSCR_BURST : GDMA_IN_CONF0_DSCR_BURST)) != 0;
}

static bool is_bad_next(const struct model *model, uint32_t next)
{
    return knob(model, KNOB_NEXT_CHECK) == NEXT_CHECK_YES && next != 0 && !sram_has(next, 12);
}

/* The check of a node just read; owner failures are ordinary life for a ring, wrong addresses are not. */
static bool is_bad(struct model *model, unsigned ch, const struct model_node *node)
{
    struct model_channel *channel = &model->channel[ch];
    uint32_t size = is_out(ch) ? gdma_dw0_length(node->dw0) : gdma_dw0_size(node->dw0);
    bool garbled = channel->garble_fetch;
    bool bad_address = !sram_has(node->buffer, 1) || is_bad_next(model, node->next) ||
                       (knob(model, KNOB_BUFFER_END) == BUFFER_END_ERROR && !sram_has(node->buffer, size));

    channel->garble_fetch = 0;
    if (bad_address) {
        model_misuse(model, MISUSE_BAD_NODE, node->address);
    }
    return garbled || bad_address ||
           ((channel->conf1 & GDMA_CONF1_CHECK_OWNER) != 0 && (node->dw0 & GDMA_DW0_OWNER_DMA) == 0);
}

static void look_for_misuse(struct model *model, unsigned ch, const struct model_node *node)
{
    uint32_t size = gdma_dw0_size(node->dw0);

    if ((is_out(ch) ? gdma_dw0_length(node->dw0) : size) == 0) {
        model_misuse(model, MISUSE_ZERO_LENGTH, node->address);
    }
    if (!is_out(ch) && (model->channel[ch].conf0 & GDMA_IN_CONF0_DATA_BURST) != 0 &&
        ((node->buffer | size) & 3u) != 0) {
        model_misuse(model, MISUSE_RX_ALIGNMENT, node->address);
    }
}

/* TX goes on after a list that ran out in the middle of a frame: does RX see one frame or two pieces? */
static void resume_frame(struct model *model, unsigned ch)
{
    struct model_channel *out = &model->channel[ch];

    if (out->open_frame == 2 && knob(model, KNOB_TX_OPEN_TAIL) == TX_OPEN_TAIL_SPLIT) {
        model->channel[MODEL_IN(pair_of(ch))].cut_due = 1;
    }
    out->open_frame = 0;
}

static void go_to(struct model_channel *channel, uint32_t next)
{
    channel->words = 0;
    memset(channel->fetched, 0, sizeof(channel->fetched));
    channel->fetch = next != 0 ? FETCH_NODE : FETCH_END;
    channel->fetch_address = next;
}

static void node_read(struct model *model, unsigned ch)
{
    struct model_channel *channel = &model->channel[ch];
    struct model_node node = {channel->fetch_address, channel->fetched[0], channel->fetched[1],
                              channel->fetched[2], 0};

    channel->bf1 = channel->bf0;
    channel->bf0 = node.address;
    channel->dscr = node.next;
    node.bad = is_bad(model, ch, &node);
    if (node.bad && knob(model, KNOB_CHECK_AT) == CHECK_AT_PREFETCH) {
        model_channel_halt(model, ch, node.address, false);
        return;
    }
    look_for_misuse(model, ch, &node);
    if (is_out(ch)) {
        resume_frame(model, ch);
        channel->total_due = 1;
    }
    channel->empty_raised = 0;
    channel->node[channel->nodes++] = node;
    go_to(channel, node.next);
}

/* The tail was read again, all of it or its next pointer only; its data is not sent again. */
static void tail_read(struct model *model, unsigned ch)
{
    struct model_channel *channel = &model->channel[ch];
    bool owned = (channel->fetched[0] & GDMA_DW0_OWNER_DMA) != 0;
    bool check = knob(model, KNOB_RESTART_READS) == RESTART_READS_CHECKED &&
                 (channel->conf1 & GDMA_CONF1_CHECK_OWNER) != 0;
    bool garbled = channel->garble_fetch;
    uint32_t next = channel->fetched[2];

    channel->garble_fetch = 0;
    channel->dscr = next;
    if (garbled || (check && !owned) || is_bad_next(model, next)) {
        model_channel_halt(model, ch, channel->bf0, true);
        return;
    }
    go_to(channel, next);
}

bool model_fetch_wanted(const struct model *model, unsigned ch)
{
    const struct model_channel *channel = &model->channel[ch];
    const struct model_node *newest;

    if (channel->fetch == FETCH_REREAD) {
        return true;
    }
    if (channel->fetch != FETCH_NODE) {
        return false;
    }
    if (channel->nodes == 0 || channel->words != 0) {
        return true;
    }
    newest = &channel->node[channel->nodes - 1];
    if (newest->bad ||
        channel->nodes > knob_number(model, is_out(ch) ? KNOB_TX_PREFETCH : KNOB_RX_PREFETCH)) {
        return false;
    }
    return !is_out(ch) || (newest->dw0 & GDMA_DW0_SUC_EOF) == 0 ||
           knob(model, KNOB_TX_PAST_EOF) == PAST_EOF_YES;
}

void model_fetch(struct model *model, unsigned ch)
{
    struct model_channel *channel = &model->channel[ch];
    bool reread = channel->fetch == FETCH_REREAD;
    uint32_t address = reread ? channel->bf0 : channel->fetch_address;
    enum bus_result result;

    if ((address & 3u) != 0) {
        model_misuse(model, MISUSE_DESCRIPTOR_ALIGNMENT, address);
    }
    address &= ~3u;
    if (reread && knob(model, KNOB_RESTART_READS) == RESTART_READS_NEXT) {
        channel->words = 2;
    }
    if (reads_at_once(model, ch)) {
        result = model_dma_read(model, ch, address, channel->fetched, sizeof(channel->fetched));
        channel->words = 3;
    } else {
        result =
            model_dma_read(model, ch, address + 4u * channel->words, &channel->fetched[channel->words], 4);
        channel->words++;
    }
    if (result != BUS_DONE) {
        model_dma_failed(model, ch, result, address);
    } else if (channel->words == 3) {
        if (reread) {
            tail_read(model, ch);
        } else {
            node_read(model, ch);
        }
    }
}

uint32_t model_fetch_cycles(const struct model *model, unsigned ch)
{
    return reads_at_once(model, ch) ? MODEL_CYCLES_NODE : MODEL_CYCLES_SINGLE;
}

void model_fetch_drop_first(struct model_channel *channel)
{
    channel->nodes--;
    memmove(&channel->node[0], &channel->node[1], channel->nodes * sizeof(channel->node[0]));
    memset(&channel->node[channel->nodes], 0, sizeof(channel->node[0]));
    channel->position = 0;
}

bool model_fetch_linked(const struct model_channel *channel)
{
    uint32_t next;

    if (!sram_has(channel->bf0, 12)) {
        return false;
    }
    memcpy(&next, sram_at((channel->bf0 & ~3u) + 8u), sizeof(next));
    return next != 0;
}
