/* SPDX-License-Identifier: Apache-2.0 */
/* The registers of GDMA. Hardware facts, section 2. */
#include "parts.h"

/* ---- Interrupt groups ---- */

/* Channels that an offset of the interrupt groups belongs to: one, or both of a pair where they are joint. */
static unsigned group_channels(uint32_t offset, unsigned channels[2])
{
    unsigned group = offset / GDMA_INT_STRIDE;

    if (group >= (CHIP_GDMA_INT_JOINT ? CHIP_GDMA_PAIRS : 2u * CHIP_GDMA_PAIRS)) {
        return 0;
    }
    channels[0] = group; /* IN groups come first, then OUT, as channels do */
    channels[1] = MODEL_OUT(group % CHIP_GDMA_PAIRS);
    return CHIP_GDMA_INT_JOINT ? 2 : 1;
}

static void drop_spurious(struct model *model, unsigned ch)
{
    if (model->channel[ch].spurious_left > 0) {
        model->channel[ch].spurious_left = 0;
        model_channel_timers(model, ch);
        model_channel_update_irq(model, ch);
    }
}

static uint32_t int_read(struct model *model, unsigned ch, uint32_t which)
{
    const struct model_channel *channel = &model->channel[ch];

    drop_spurious(model, ch);
    switch (which) {
    case GDMA_INT_RAW:
        return channel->raw;
    case GDMA_INT_ST:
        return channel->raw & channel->ena;
    case GDMA_INT_ENA:
        return channel->ena;
    default:
        return 0;
    }
}

static void int_write(struct model *model, unsigned ch, uint32_t which, uint32_t value)
{
    struct model_channel *channel = &model->channel[ch];

    drop_spurious(model, ch);
    if (which == GDMA_INT_ENA) {
        channel->ena = value & (is_out(ch) ? GDMA_OUT_INT_ALL : GDMA_IN_INT_ALL);
    } else if (which == GDMA_INT_CLR || which == GDMA_INT_RAW) {
        if (knob(model, KNOB_CLEAR_AND_SET) == CLEAR_AND_SET_SET) {
            value &= ~channel->set_now;
        }
        channel->raw &= ~value;
    }
    model_channel_update_irq(model, ch);
}

/* ---- Status ---- */

static uint32_t fifo_status(const struct model *model, unsigned ch)
{
    const struct model_channel *channel = &model->channel[ch];
    uint32_t count = channel->fifo_count;
    uint32_t status = count << GDMA_FIFO_CNT_SHIFT;

    for (uint32_t bytes = 1; bytes <= 4; bytes++) {
        status |= (uint32_t)(count < bytes) << (GDMA_FIFO_REMAIN_SHIFT + bytes - 1u);
    }
    status |= count == 0 ? GDMA_FIFO_EMPTY : 0;
    /* RX reports both before its first START: so the reset value says. */
    if (count == knob_number(model, KNOB_FIFO_DEPTH) || (!is_out(ch) && !channel->ever_started)) {
        status |= GDMA_FIFO_FULL;
    }
    return status;
}

/* The next node that is not at work yet, or the one at work if it is the last. */
static uint32_t next_node(const struct model_channel *channel)
{
    if (channel->nodes > 1) {
        return channel->node[1].address;
    }
    if (channel->fetch == FETCH_NODE || channel->fetch == FETCH_HALTED) {
        return channel->fetch_address;
    }
    return channel->nodes > 0 ? channel->node[0].address : channel->bf0;
}

static uint32_t state(const struct model *model, unsigned ch)
{
    const struct model_channel *channel = &model->channel[ch];
    uint32_t address = next_node(channel);
    uint32_t reading = channel->fetch == FETCH_NODE || channel->fetch == FETCH_REREAD;

    if (knob(model, KNOB_STATE_ADDRESS) == STATE_ADDRESS_WORDS) {
        address >>= 2;
    }
    return (address & GDMA_STATE_ADDR_MASK) | (reading << GDMA_STATE_DSCR_SHIFT) |
           ((uint32_t)(channel->nodes > 0) << GDMA_STATE_STATE_SHIFT);
}

static uint32_t link(const struct model *model, unsigned ch)
{
    uint32_t park = is_out(ch) ? GDMA_OUT_LINK_PARK : GDMA_IN_LINK_PARK;

    return model->channel[ch].link | (model_channel_parked(model, ch) ? park : 0);
}

static uint32_t channel_read(struct model *model, unsigned ch, uint32_t offset)
{
    const struct model_channel *channel = &model->channel[ch];

    switch (offset) {
    case GDMA_CONF0:
        return channel->conf0;
    case GDMA_CONF1:
        return channel->conf1;
    case GDMA_FIFO_STATUS:
        return fifo_status(model, ch);
    case GDMA_FIFO_ACCESS:
        return is_out(ch) ? 0 : 0x800;
    case GDMA_LINK:
        return link(model, ch);
    case GDMA_STATE:
        return state(model, ch);
    case GDMA_EOF_DES_ADDR:
        return channel->eof_address;
    case GDMA_BFR_DES_ADDR:
        return channel->bfr_address;
    case GDMA_DSCR:
        return channel->dscr;
    case GDMA_DSCR_BF0:
        return channel->bf0;
    case GDMA_DSCR_BF1:
        return channel->bf1;
    case GDMA_PRI:
        return channel->pri;
    default:
        return channel->peri_sel;
    }
}

/* ---- Control ---- */

static void link_write(struct model *model, unsigned ch, uint32_t value)
{
    bool out = is_out(ch);

    model->channel[ch].link = value & (GDMA_LINK_ADDR_MASK | (out ? 0 : GDMA_IN_LINK_AUTO_RET));
    if ((value & (out ? GDMA_OUT_LINK_STOP : GDMA_IN_LINK_STOP)) != 0) {
        model_channel_stop_strobe(model, ch);
    }
    if ((value & (out ? GDMA_OUT_LINK_START : GDMA_IN_LINK_START)) != 0) {
        model_channel_start_strobe(model, ch, false);
    }
    if ((value & (out ? GDMA_OUT_LINK_RESTART : GDMA_IN_LINK_RESTART)) != 0) {
        model_channel_restart_strobe(model, ch);
    }
}

static void channel_write(struct model *model, unsigned ch, uint32_t offset, uint32_t value)
{
    struct model_channel *channel = &model->channel[ch];

    switch (offset) {
    case GDMA_CONF0:
        channel->conf0 = value & (is_out(ch) ? GDMA_OUT_CONF0_ALL : GDMA_IN_CONF0_ALL);
        if ((value & GDMA_IN_CONF0_RST) != 0) {
            model_channel_rst(model, ch);
        }
        break;
    case GDMA_CONF1:
        channel->conf1 = value & GDMA_CONF1_CHECK_OWNER;
        break;
    case GDMA_LINK:
        link_write(model, ch, value);
        break;
    case GDMA_PRI:
        channel->pri = value & 0xFu;
        break;
    case GDMA_PERI_SEL:
        channel->peri_sel = value & GDMA_PERI_SEL_MASK;
        break;
    default:
        return;
    }
    model->dirty = 1;
}

/* ---- The block ---- */

static bool find_channel(uint32_t offset, unsigned *ch, uint32_t *within)
{
    uint32_t half = GDMA_OUT_OFFSET - GDMA_IN_OFFSET;
    unsigned pair = offset / GDMA_PAIR_STRIDE;

    if (offset > GDMA_LAST_OFFSET - GDMA_IN_OFFSET) {
        return false;
    }
    offset %= GDMA_PAIR_STRIDE;
    *ch = offset < half ? MODEL_IN(pair) : MODEL_OUT(pair);
    *within = offset % half;
    return *within <= GDMA_PERI_SEL;
}

uint32_t model_gdma_read(struct model *model, uint32_t offset)
{
    unsigned channels[2];
    unsigned count = offset < CHIP_GDMA_COMMON ? group_channels(offset, channels) : 0;
    uint32_t value = 0;
    uint32_t within;

    for (unsigned i = 0; i < count; i++) {
        value |= int_read(model, channels[i], offset % GDMA_INT_STRIDE);
    }
    if (count > 0) {
        return value;
    }
    switch (CHIP_GDMA_BASE + offset) {
    case GDMA_AHB_TEST:
        return model->ahb_test;
    case GDMA_MISC_CONF:
        return model->misc_conf;
    case GDMA_DATE:
        return CHIP_GDMA_DATE;
    default:
        break;
    }
    if (offset >= GDMA_IN_OFFSET && find_channel(offset - GDMA_IN_OFFSET, &channels[0], &within)) {
        return channel_read(model, channels[0], within);
    }
    model_misuse(model, MISUSE_NOTHING, CHIP_GDMA_BASE + offset);
    return 0;
}

void model_gdma_write(struct model *model, uint32_t offset, uint32_t value)
{
    unsigned channels[2];
    unsigned count = offset < CHIP_GDMA_COMMON ? group_channels(offset, channels) : 0;
    uint32_t within;

    for (unsigned i = 0; i < count; i++) {
        int_write(model, channels[i], offset % GDMA_INT_STRIDE, value);
    }
    if (count > 0) {
        return;
    }
    switch (CHIP_GDMA_BASE + offset) {
    case GDMA_AHB_TEST:
        model->ahb_test = value & 0x37u;
        return;
    case GDMA_MISC_CONF:
        model->misc_conf = value & (GDMA_MISC_AHBM_RST | GDMA_MISC_ARB_PRI_DIS | GDMA_MISC_CLK_EN);
        model->dirty = 1;
        return;
    case GDMA_DATE:
        return;
    default:
        break;
    }
    if (offset >= GDMA_IN_OFFSET && find_channel(offset - GDMA_IN_OFFSET, &channels[0], &within)) {
        channel_write(model, channels[0], within, value);
        return;
    }
    model_misuse(model, MISUSE_NOTHING, CHIP_GDMA_BASE + offset);
}

void model_gdma_reset(struct model *model)
{
    for (unsigned ch = 0; ch < MODEL_CHANNELS; ch++) {
        model_channel_power_on(&model->channel[ch], is_out(ch));
        model_channel_timers(model, ch);
        model_channel_update_irq(model, ch);
    }
    model->misc_conf = 0;
    model->ahb_test = 0;
    model->round_robin = 0;
    model->dirty = 1;
}

/* Reset by PCR: state for certain; are the registers at their reset values afterwards? */
void model_gdma_module_reset(struct model *model)
{
    if (knob(model, KNOB_MODULE_RESET) == MODULE_RESET_REGISTERS) {
        model_gdma_reset(model);
        return;
    }
    for (unsigned ch = 0; ch < MODEL_CHANNELS; ch++) {
        model_channel_rst(model, ch);
    }
}
