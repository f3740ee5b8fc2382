/* SPDX-License-Identifier: Apache-2.0 */
/* What both directions of GDMA share: START, STOP, RESTART, RST and errors. Hardware facts,
 * sections 2.5, 4.4, 4.5. */
#include <string.h>
#include "parts.h"

/* ---- Reset ---- */

static void reset_config(struct model_channel *channel, bool out)
{
    channel->conf0 = out ? GDMA_OUT_CONF0_EOF_MODE : 0;
    channel->conf1 = 0;
    channel->link = out ? 0 : GDMA_IN_LINK_AUTO_RET;
    channel->pri = 0;
    channel->peri_sel = GDMA_PERI_SEL_NONE;
}

void model_channel_power_on(struct model_channel *channel, bool out)
{
    memset(channel, 0, sizeof(*channel));
    reset_config(channel, out);
}

/* The bit of CONF0 that was just set stays set: it is a level. */
void model_channel_rst(struct model *model, unsigned ch)
{
    struct model_channel *channel = &model->channel[ch];
    struct model_channel old = *channel;

    memset(channel, 0, sizeof(*channel));
    memcpy(channel, &old, offsetof(struct model_channel, fetch_address)); /* the registers */
    channel->late_left = old.late_left;
    channel->spurious_left = old.spurious_left;
    channel->swallow_restart = old.swallow_restart;
    channel->garble_fetch = old.garble_fetch;
    channel->block_access = old.block_access;
    channel->hold_irq = old.hold_irq;
    channel->irq_active = old.irq_active;
    channel->ever_started = old.ever_started;
    model_channel_timers(model, ch);
    if (knob(model, KNOB_RST_CLEARS) != RST_CLEARS_STATE) {
        reset_config(channel, is_out(ch));
        channel->conf0 |= GDMA_IN_CONF0_RST;
    }
    if (knob(model, KNOB_RST_CLEARS) == RST_CLEARS_ALL) {
        channel->raw = channel->ena = 0;
        model_channel_update_irq(model, ch);
    }
}

/* NOLINTNEXTLINE(misc-redundant-expression) */
_Static_assert(GDMA_IN_CONF0_RST == GDMA_OUT_CONF0_RST, "one bit for both directions");

/* ---- START and STOP ---- */

static bool is_running(const struct model_channel *channel)
{
    return channel->nodes > 0 || channel->fetch == FETCH_NODE || channel->fetch == FETCH_REREAD;
}

static bool is_halted(const struct model_channel *channel)
{
    return channel->fetch == FETCH_HALTED || channel->fetch == FETCH_FATAL;
}

static void forget_list(struct model *model, unsigned ch)
{
    struct model_channel *channel = &model->channel[ch];

    channel->fetch = FETCH_NONE;
    channel->words = 0;
    channel->nodes = 0;
    memset(channel->node, 0, sizeof(channel->node));
    channel->position = 0;
    channel->restarts = 0;
    channel->start_queued = 0;
    channel->close_due = channel->close_eof = 0;
    channel->empty_raised = 0;
    channel->total_due = 0;
    channel->queued = 0;
    channel->stopping = 0;
    channel->stop_left = 0;
    model_channel_timers(model, ch);
}

/* Begin at ADDR, whatever went before. */
void model_channel_start(struct model *model, unsigned ch)
{
    struct model_channel *channel = &model->channel[ch];

    forget_list(model, ch);
    channel->fetch = FETCH_NODE;
    channel->fetch_address = CHIP_GDMA_LINK_HIGH | (channel->link & GDMA_LINK_ADDR_MASK);
    channel->ever_started = 1;
    channel->queued = 1;
}

static bool etm_controls(const struct model_channel *channel, bool out)
{
    return CHIP_HAS_ETM && (channel->conf0 & (out ? GDMA_OUT_CONF0_ETM_EN : GDMA_IN_CONF0_ETM_EN)) != 0;
}

static void start_while_running(struct model *model, unsigned ch, unsigned how)
{
    if (how == START_RUNNING_ABANDONS) {
        model_channel_start(model, ch);
    } else if (how == START_RUNNING_QUEUED) {
        model->channel[ch].start_queued = 1;
    }
}

void model_channel_start_strobe(struct model *model, unsigned ch, bool by_etm)
{
    struct model_channel *channel = &model->channel[ch];

    if (etm_controls(channel, is_out(ch)) != by_etm) {
        model_misuse(model, by_etm ? 0 : MISUSE_START_GATED, channel->link);
        return;
    }
    if (channel->dead || (channel->conf0 & GDMA_IN_CONF0_RST) != 0) {
        return;
    }
    if (is_halted(channel)) {
        model_misuse(model, MISUSE_START_HALTED, channel->link);
    } else if (is_running(channel)) {
        model_misuse(model, by_etm ? 0 : MISUSE_START_RUNNING, channel->link);
        start_while_running(model, ch, knob(model, by_etm ? KNOB_ETM_START_RUNNING : KNOB_START_RUNNING));
    } else {
        model_channel_start(model, ch);
    }
}

/* A write-back on its way arrives all the same; the FIFO keeps its bytes. */
void model_channel_stop_now(struct model *model, unsigned ch)
{
    forget_list(model, ch);
}

void model_channel_stop_strobe(struct model *model, unsigned ch)
{
    struct model_channel *channel = &model->channel[ch];

    if (channel->fetch == FETCH_NONE || is_halted(channel) || channel->dead ||
        (etm_controls(channel, is_out(ch)) && knob(model, KNOB_ETM_GATES) == ETM_GATES_ALL)) {
        return;
    }
    if (knob(model, KNOB_STOP) == STOP_AFTER_NODE) {
        channel->stopping = 2;
    } else if (knob_number(model, KNOB_STOP) == 0) {
        model_channel_stop_now(model, ch);
    } else if (channel->stopping == 0) {
        channel->stopping = 1;
        channel->stop_left = (uint16_t)knob_number(model, KNOB_STOP);
        model_channel_timers(model, ch);
    }
}

static bool late_stop_or_start(struct model *model, unsigned ch)
{
    struct model_channel *channel = &model->channel[ch];
    bool between_nodes = channel->nodes == 0 || (channel->position == 0 && channel->close_due == 0);

    if (channel->stopping == 2 && between_nodes) {
        model_channel_stop_now(model, ch);
        return true;
    }
    if (channel->start_queued && channel->fetch == FETCH_END && channel->nodes == 0) {
        model_channel_start(model, ch);
        return true;
    }
    return false;
}

bool model_channel_parked(const struct model *model, unsigned ch)
{
    const struct model_channel *channel = &model->channel[ch];

    if (channel->fetch == FETCH_NONE && !channel->ever_started) {
        return knob(model, KNOB_PARK_RESET) == PARK_RESET_1;
    }
    if (channel->fetch == FETCH_NODE || channel->fetch == FETCH_REREAD) {
        return false;
    }
    if (!is_out(ch) && channel->fetch == FETCH_END && knob(model, KNOB_PARK_RX_END) == PARK_RX_END_WAITS) {
        return false;
    }
    return knob(model, KNOB_PARK) == PARK_FETCHED || (channel->nodes == 0 && channel->writeback == 0);
}

/* ---- RESTART ---- */

/* A halted channel reads the same node again (section 4.4); one that failed on its tail, the tail. */
static void resume(struct model_channel *channel)
{
    channel->fetch = channel->reread_failed ? FETCH_REREAD : FETCH_NODE;
    channel->reread_failed = 0;
    channel->words = 0;
}

static void remember_restart(struct model *model, struct model_channel *channel)
{
    switch (knob(model, KNOB_RESTART_BUSY)) {
    case RESTART_BUSY_MERGED:
        channel->restarts = 1;
        break;
    case RESTART_BUSY_COUNTED:
        channel->restarts = (uint8_t)(channel->restarts + (channel->restarts < UINT8_MAX));
        break;
    default:
        break;
    }
}

static void restart_without_base(struct model *model, unsigned ch)
{
    struct model_channel *channel = &model->channel[ch];

    model_misuse(model, MISUSE_RESTART_UNBASED, channel->bf0);
    if (knob(model, KNOB_RESTART_UNBASED) == RESTART_UNBASED_LINK) {
        model_channel_start(model, ch);
    } else if (knob(model, KNOB_RESTART_UNBASED) == RESTART_UNBASED_LAST) {
        channel->fetch = FETCH_REREAD;
        channel->words = 0;
        channel->ever_started = 1;
    }
}

/* At the end of the list, but with data still to move: does the strobe come too early to be acted on? */
static bool end_is_busy(const struct model *model, const struct model_channel *channel)
{
    return channel->nodes > 0 &&
           (knob(model, KNOB_RESTART_ACTS) == RESTART_ACTS_AT_END ||
            knob(model, KNOB_RESTART_BUSY) == RESTART_BUSY_LOST || channel->node[channel->nodes - 1].bad);
}

static void restart(struct model *model, unsigned ch)
{
    struct model_channel *channel = &model->channel[ch];

    switch (channel->fetch) {
    case FETCH_NONE:
        restart_without_base(model, ch);
        break;
    case FETCH_HALTED:
        if (knob(model, KNOB_RESTART_ERROR) == RESTART_ERROR_RESUMES) {
            resume(channel);
        }
        break;
    case FETCH_FATAL:
        break;
    case FETCH_END:
        if (!end_is_busy(model, channel)) {
            channel->fetch = FETCH_REREAD;
            channel->words = 0;
            break;
        }
        remember_restart(model, channel);
        break;
    default:
        remember_restart(model, channel);
        break;
    }
}

void model_channel_restart_strobe(struct model *model, unsigned ch)
{
    struct model_channel *channel = &model->channel[ch];

    if (etm_controls(channel, is_out(ch)) && knob(model, KNOB_ETM_GATES) == ETM_GATES_ALL) {
        return;
    }
    if (channel->dead || (channel->conf0 & GDMA_IN_CONF0_RST) != 0) {
        return;
    }
    if (is_running(channel) || (channel->fetch == FETCH_END && model_fetch_linked(channel))) {
        channel->queued = 1;
    }
    if (channel->swallow_restart) {
        channel->swallow_restart = 0;
        return;
    }
    restart(model, ch);
}

static bool recall_restart(struct model *model, unsigned ch)
{
    struct model_channel *channel = &model->channel[ch];

    if (channel->fetch != FETCH_END || channel->restarts == 0 || end_is_busy(model, channel)) {
        return false;
    }
    channel->restarts--;
    channel->fetch = FETCH_REREAD;
    channel->words = 0;
    return true;
}

bool model_channel_deferred(struct model *model, unsigned ch)
{
    return recall_restart(model, ch) || late_stop_or_start(model, ch);
}

/* ---- Errors ---- */

void model_channel_halt(struct model *model, unsigned ch, uint32_t node, bool reread)
{
    struct model_channel *channel = &model->channel[ch];

    channel->fetch = FETCH_HALTED;
    channel->fetch_address = node;
    channel->reread_failed = reread;
    if (channel->restarts > 0 && knob(model, KNOB_RESTART_ERROR) == RESTART_ERROR_RESUMES) {
        channel->restarts--;
        resume(channel);
    }
    model_channel_raise(model, ch, is_out(ch) ? GDMA_OUT_DSCR_ERR : GDMA_IN_DSCR_ERR);
}

void model_channel_die(struct model *model, unsigned ch)
{
    struct model_channel *channel = &model->channel[ch];

    channel->dead = 1;
    channel->writeback = 0;
    channel->writeback_delay = 0;
    channel->stopping = 0;
    channel->stop_left = 0;
    model_channel_timers(model, ch);
}

void model_channel_halt_for_good(struct model *model, unsigned ch, uint32_t node)
{
    struct model_channel *channel = &model->channel[ch];

    forget_list(model, ch);
    channel->fetch = FETCH_FATAL;
    channel->fetch_address = node;
    model_channel_raise(model, ch, is_out(ch) ? GDMA_OUT_DSCR_ERR : GDMA_IN_DSCR_ERR);
}
