/* SPDX-License-Identifier: Apache-2.0 */
/* The way of the DMA to memory: permission filters, and addresses with nothing behind them. */
#include <string.h>
#include "parts.h"

/* Both kinds of refusal have the same three outcomes; silent is the first of each knob. */
static enum bus_result refusal(const struct model *model, enum knob which)
{
    switch (knob(model, which)) {
    case APM_BLOCKED_ERROR:
        return BUS_ERROR;
    case APM_BLOCKED_HANG:
        return BUS_HANG;
    default:
        return BUS_DONE;
    }
}

_Static_assert((int)APM_BLOCKED_SILENT == (int)BUS_NOTHING_ZEROS &&
                   (int)APM_BLOCKED_ERROR == (int)BUS_NOTHING_ERROR &&
                   (int)APM_BLOCKED_HANG == (int)BUS_NOTHING_HANG,
               "one function reads both knobs");

/* May this access go through? If not, *result says what becomes of it. */
static bool admitted(struct model *model, unsigned ch, uint32_t address, uint32_t size,
                     enum bus_result *result)
{
    struct model_channel *channel = &model->channel[ch];
    bool injected = channel->block_access;

    *result = BUS_DONE;
    channel->block_access = 0;
    if (injected || model_apm_blocks(model, ch)) {
        if (!injected) {
            model_misuse(model, MISUSE_APM, address);
        }
        *result = refusal(model, KNOB_APM_BLOCKED);
        return false;
    }
    if (!sram_has(address, size)) {
        model_misuse(model, MISUSE_DMA_NOTHING, address);
        *result = refusal(model, KNOB_BUS_NOTHING);
        return false;
    }
    return true;
}

enum bus_result model_dma_read(struct model *model, unsigned ch, uint32_t address, void *data, uint32_t size)
{
    enum bus_result result;

    if (admitted(model, ch, address, size, &result)) {
        memcpy(data, sram_at(address), size);
    } else {
        memset(data, 0, size);
    }
    return result;
}

enum bus_result model_dma_write(struct model *model, unsigned ch, uint32_t address, const void *data,
                                uint32_t size)
{
    enum bus_result result;

    if (admitted(model, ch, address, size, &result)) {
        memcpy(sram_at(address), data, size);
    }
    return result;
}

void model_dma_failed(struct model *model, unsigned ch, enum bus_result result, uint32_t node)
{
    if (result == BUS_HANG) {
        model_channel_die(model, ch);
    } else if (result == BUS_ERROR) {
        model_channel_halt_for_good(model, ch, node);
    }
}
