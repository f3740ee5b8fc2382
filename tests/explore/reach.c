/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A channel gets at memory through the nodes it has read, the node it is to read, the tail it may read again,
 * a write-back on its way, and every node and buffer that these lead to as memory is now. Only the CPU can
 * lead it elsewhere.
 */
#include "reach.h"
#include "world.h"
#include "../../model/parts.h"

#define CHAIN_MAX 64 /* nodes followed; longer, or going round, counts as everywhere */

struct query {
    uint32_t word;
    bool writes; /* ask for what is written only */
    bool out;
    bool gives_back; /* writes DW0 of its nodes */
};

static bool has(uint32_t first, uint32_t size, uint32_t word)
{
    return word + 4 > first && word < first + size;
}

/* A node as read or as it is in memory: its own words, and its buffer. */
static bool node_has(const struct query *query, uint32_t address, uint32_t dw0, uint32_t buffer)
{
    if ((!query->writes && has(address & ~3u, 12, query->word)) ||
        (query->gives_back && has(address & ~3u, 4, query->word))) {
        return true;
    }
    if (query->out && query->writes) {
        return false;
    }
    uint32_t size = query->out ? gdma_dw0_length(dw0) : gdma_dw0_size(dw0) + 3; /* bursts round up */
    return has(buffer & ~3u, size + 3, query->word);
}

static bool chain_has(const struct query *query, uint32_t address)
{
    for (unsigned nodes = 0; address != 0; nodes++) {
        if (nodes == CHAIN_MAX) {
            return true;
        }
        if (!sram_has(address & ~3u, 12)) {
            return false;
        }
        const uint32_t *node = sram_at(address & ~3u);
        if (node_has(query, address, node[0], node[1])) {
            return true;
        }
        address = node[2];
    }
    return false;
}

static bool channel_has(unsigned ch, struct query query)
{
    const struct model_channel *channel = &model.channel[ch];
    query.out = is_out(ch);
    query.gives_back = !query.out || (channel->conf0 & GDMA_OUT_CONF0_AUTO_WRBACK) != 0;
    for (unsigned i = 0; i < channel->nodes; i++) {
        const struct model_node *node = &channel->node[i];
        if (node_has(&query, node->address, node->dw0, node->buffer)) {
            return true;
        }
    }
    /* Half a node is read: what its words were then may lead elsewhere than now. */
    if (channel->words != 0 &&
        node_has(&query, channel->fetch_address, channel->fetched[0], channel->fetched[1])) {
        return true;
    }
    return (channel->writeback != 0 && has(channel->writeback_address, 4, query.word)) ||
           chain_has(&query, channel->fetch_address) || chain_has(&query, channel->bf0) ||
           chain_has(&query, channel->dscr) ||
           (channel->start_queued &&
            chain_has(&query, CHIP_GDMA_LINK_HIGH | (channel->link & GDMA_LINK_ADDR_MASK)));
}

static bool any_channel_has(struct query query)
{
    for (unsigned ch = 0; ch < MODEL_CHANNELS; ch++) {
        if (model.channel[ch].fetch != FETCH_NONE || model.channel[ch].writeback != 0) {
            if (channel_has(ch, query)) {
                return true;
            }
        }
    }
    return false;
}

bool hardware_reads(uint32_t word)
{
    return any_channel_has((struct query){.word = word});
}

bool hardware_writes(uint32_t word)
{
    return any_channel_has((struct query){.word = word, .writes = true});
}
