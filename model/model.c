/* SPDX-License-Identifier: Apache-2.0 */
/* The whole: address map, arbitration for the bus, one step of time. */
#include <string.h>
#include "../src/chip/gpio_v1.h"
#include "parts.h"

/* ---- Address map ---- */

struct block {
    uint32_t base;
    uint32_t size;
    bool present;
    uint32_t (*read)(struct model *model, uint32_t offset);
    void (*write)(struct model *model, uint32_t offset, uint32_t value);
};

/* The most used first. A further peripheral is a further line, and a call in model_reset(). */
static const struct block blocks[] = {
    {CHIP_GDMA_BASE, 0x400, true, model_gdma_read, model_gdma_write},
    {CHIP_PLIC_BASE, 0x400, true, model_plic_read, model_plic_write},
    {CHIP_INTMTX_BASE, 0x800, true, model_intmtx_read, model_intmtx_write},
    {CHIP_PCR_BASE, 0x1000, true, model_pcr_read, model_pcr_write},
    {CHIP_ETM_BASE, 0x1000, CHIP_HAS_ETM, model_etm_read, model_etm_write},
    {CHIP_GPIO_BASE, 0xF00, true, model_gpio_read, model_gpio_write},
    {CHIP_GPIO_EXT_BASE, 0x100, CHIP_HAS_ETM, model_gpio_ext_read, model_gpio_ext_write},
    {CHIP_IO_MUX_BASE, 0x1000, true, model_io_mux_read, model_io_mux_write},
    {CHIP_TEE_BASE, 4u * TEE_MASTERS, CHIP_HAS_APM, model_tee_read, model_tee_write},
    {CHIP_HP_APM_BASE, 0x800, CHIP_HAS_APM, model_hp_apm_read, model_hp_apm_write},
    {CHIP_LP_APM0_BASE, 0x800, CHIP_HAS_APM, model_lp_apm0_read, model_lp_apm0_write},
    {CHIP_LP_APM_BASE, 0x800, CHIP_HAS_APM, model_lp_apm_read, model_lp_apm_write},
    {CHIP_UART0_BASE, 0x100, CHIP_HAS_FIRMWARE, model_uart_read, model_uart_write},
    {CHIP_SYSTIMER_BASE, 0x100, CHIP_HAS_FIRMWARE, model_systimer_read, model_systimer_write},
    {CHIP_INTPRI_BASE, 0x400, CHIP_HAS_FIRMWARE, model_intpri_read, model_intpri_write},
};

static const struct block *find_block(uint32_t address)
{
    for (size_t i = 0; i < sizeof(blocks) / sizeof(blocks[0]); i++) {
        if (blocks[i].present && address - blocks[i].base < blocks[i].size) {
            return &blocks[i];
        }
    }
    return NULL;
}

void model_misuse(struct model *model, enum model_misuse what, uint32_t address)
{
    if (model->counters.misuse == 0 && what != 0) {
        model->counters.misuse_address = address;
    }
    model->counters.misuse |= what;
}

/* Can the CPU get at the registers of this block now? */
static bool answers(const struct model *model, const struct block *block)
{
    switch (block->base) {
    case CHIP_GDMA_BASE:
        return model_clocked(model->pcr_gdma);
    case CHIP_INTMTX_BASE:
        return model_clocked(model->pcr_intmtx);
    default:
        break;
    }
    if (block->read == model_etm_read) {
        return model_clocked(model->pcr_etm);
    }
    if (block->read == model_systimer_read) {
        return model_clocked(model->pcr_systimer);
    }
    return block->read != model_uart_read || model_clocked(model->pcr_uart0);
}

static const struct block *register_block(struct model *model, uint32_t address)
{
    const struct block *block = find_block(address);

    if (block == NULL || (address & 3u) != 0) {
        model_misuse(model, MISUSE_NOTHING, address);
        return NULL;
    }
    if (!answers(model, block)) {
        model_misuse(model, MISUSE_CLOCK, address);
        return NULL;
    }
    return block;
}

/* Whatever the CPU accesses: the cycle in which hardware set bits last is over (KNOB_CLEAR_AND_SET). */
static void end_of_cycle(struct model *model)
{
    for (; model->just_set != 0; model->just_set &= model->just_set - 1) {
        model->channel[__builtin_ctz(model->just_set)].set_now = 0;
    }
}

uint32_t model_read(struct model *model, uint32_t address)
{
    const struct block *block;
    uint32_t value = 0;

    if (sram_has(address, 4) && (address & 3u) == 0) {
        memcpy(&value, sram_at(address), sizeof(value));
    } else {
        block = register_block(model, address);
        value = block != NULL ? block->read(model, address - block->base) : 0;
    }
    end_of_cycle(model);
    return value;
}

/* A list that is at its end gets a new node: none that a RESTART has announced. */
static void note_link(struct model *model, uint32_t address)
{
    for (unsigned pair = 0; pair < CHIP_GDMA_PAIRS; pair++) {
        struct model_channel *out = &model->channel[MODEL_OUT(pair)];

        if (out->fetch == FETCH_END && address == (out->bf0 & ~3u) + 8u) {
            out->queued = 0;
        }
    }
}

void model_write(struct model *model, uint32_t address, uint32_t value)
{
    const struct block *block;

    if (sram_has(address, 4) && (address & 3u) == 0) {
        memcpy(sram_at(address), &value, sizeof(value));
        note_link(model, address);
    } else {
        block = register_block(model, address);
        if (block != NULL) {
            block->write(model, address - block->base, value);
        }
    }
    end_of_cycle(model);
}

/* ---- Reset ---- */

void model_reset(struct model *model)
{
    model_gdma_reset(model);
    model_etm_reset(model);
    model_intmtx_reset(model);
    model_plic_reset(model);
    model_pcr_reset(model);
    model_apm_reset(model);
    model_gpio_reset(model);
    model_systimer_reset(model);
    model_uart_reset(model);
    model_intpri_reset(model);
}

void model_init(struct model *model, const struct model_knobs *knobs)
{
    memset(model, 0, sizeof(*model));
    if (knobs != NULL) {
        model->knobs = *knobs;
    }
    model_reset(model);
}

/* ---- One step ---- */

enum want { WANT_NOTHING, WANT_WRITEBACK, WANT_NODE, WANT_DATA };

static enum want wants(const struct model *model, unsigned ch, uint32_t *size)
{
    const struct model_channel *channel = &model->channel[ch];

    if ((channel->fetch == FETCH_NONE && channel->writeback == 0) || channel->dead) {
        return WANT_NOTHING;
    }
    if (channel->writeback == 1 && channel->writeback_delay == 0) {
        return WANT_WRITEBACK;
    }
    if (model_fetch_wanted(model, ch)) {
        return WANT_NODE;
    }
    *size = is_out(ch) ? model_tx_wanted(model, ch) : model_rx_wanted(model, ch);
    return *size > 0 ? WANT_DATA : WANT_NOTHING;
}

struct turn {
    enum want want;
    unsigned ch;
    uint32_t size;
};

/* Higher priority first, the longest not served among equals. */
static struct turn arbitrate(const struct model *model)
{
    struct turn best = {WANT_NOTHING, 0, 0};
    bool equal = (model->misc_conf & GDMA_MISC_ARB_PRI_DIS) != 0;
    uint32_t best_priority = 0;
    unsigned ch = model->round_robin;

    if (!model_clocked(model->pcr_gdma) || (model->misc_conf & GDMA_MISC_AHBM_RST) != 0) {
        return best;
    }
    for (unsigned i = 0; i < MODEL_CHANNELS; i++) {
        struct turn turn = {WANT_NOTHING, 0, 0};
        uint32_t priority;

        ch = ch + 1 < MODEL_CHANNELS ? ch + 1 : 0;
        priority = equal ? 0 : model->channel[ch].pri;
        if (best.want != WANT_NOTHING && priority <= best_priority) {
            continue;
        }
        turn.ch = ch;
        turn.want = wants(model, ch, &turn.size);
        if (turn.want != WANT_NOTHING) {
            best = turn;
            best_priority = priority;
        }
    }
    return best;
}

static uint32_t cycles_of(const struct model *model, const struct turn *turn)
{
    switch (turn->want) {
    case WANT_NOTHING:
        return 1;
    case WANT_NODE:
        return model_fetch_cycles(model, turn->ch);
    case WANT_DATA:
        return turn->size > 4 ? MODEL_CYCLES_BURST4 : MODEL_CYCLES_SINGLE;
    default:
        return MODEL_CYCLES_SINGLE;
    }
}

static void transact(struct model *model, const struct turn *turn, uint32_t cycles)
{
    if (turn->want == WANT_WRITEBACK) {
        model_channel_writeback(model, turn->ch);
    } else if (turn->want == WANT_NODE) {
        model_fetch(model, turn->ch);
    } else if (is_out(turn->ch)) {
        model_tx_data(model, turn->ch, turn->size);
    } else {
        model_rx_data(model, turn->ch, turn->size);
    }
    *(turn->want == WANT_DATA ? &model->counters.data_cycles : &model->counters.node_cycles) += cycles;
    model->round_robin = turn->ch;
    model->counters.transactions++;
}

/* Everything of a pair that needs no bus, until nothing changes any more. */
static bool settle_pair(struct model *model, unsigned pair)
{
    bool any = false;
    bool moved;

    do {
        moved = model_pump(model, pair);
        moved |= model_tx_settle(model, MODEL_OUT(pair));
        moved |= model_rx_settle(model, MODEL_IN(pair));
        any |= moved;
    } while (moved);
    return any;
}

static bool settle(struct model *model)
{
    bool any = false;

    if (!model_clocked(model->pcr_gdma)) {
        return false;
    }
    for (unsigned pair = 0; pair < CHIP_GDMA_PAIRS; pair++) {
        any |= settle_pair(model, pair);
    }
    return any;
}

static bool timers_run(const struct model *model)
{
    return (model->timers | model->etm_in_flight) != 0;
}

static bool tick(struct model *model, uint32_t cycles)
{
    uint32_t running = model->timers;
    bool changed = model_etm_tick(model, cycles);

    for (; running != 0; running &= running - 1) {
        changed |= model_channel_tick(model, (unsigned)__builtin_ctz(running), cycles);
    }
    return changed;
}

/* Cycles without a transaction: did a TX node wait that the list at work leads to? */
static void count_idle(struct model *model, uint64_t cycles)
{
    model->counters.idle_cycles += cycles;
    for (unsigned pair = 0; pair < CHIP_GDMA_PAIRS; pair++) {
        const struct model_channel *out = &model->channel[MODEL_OUT(pair)];
        bool waiting = out->nodes > 0 || out->fetch == FETCH_NODE || out->fetch == FETCH_REREAD ||
                       (out->fetch == FETCH_END && model_fetch_linked(out));

        if (waiting) {
            model->counters.wait_cycles += cycles;
            model->counters.gap_cycles += out->queued * cycles;
        }
    }
}

static bool alarm_is_set(const struct model *model)
{
    return model->systimer.due != UINT64_MAX;
}

static void sound_alarm(struct model *model)
{
    if (model->counters.cycles >= model->systimer.due) {
        model_systimer_alarm(model);
    }
}

bool model_step(struct model *model)
{
    bool timed = timers_run(model);
    bool moved;
    struct turn turn;
    uint32_t cycles;

    end_of_cycle(model);
    moved = model->dirty != 0 && settle(model);
    model->dirty = 0;
    turn = arbitrate(model);
    cycles = cycles_of(model, &turn);
    /* Time first, so that a timer that this transaction starts does not count the transaction itself. */
    if (timed && tick(model, cycles)) {
        settle(model);
        turn = arbitrate(model);
        cycles = cycles_of(model, &turn);
    }
    model->counters.cycles += cycles;
    if (turn.want == WANT_NOTHING) {
        count_idle(model, 1);
    } else {
        transact(model, &turn, cycles);
        settle_pair(model, pair_of(turn.ch));
        moved = true;
    }
    moved |= alarm_is_set(model);
    sound_alarm(model);
    return moved || timed;
}

uint64_t model_quiet(const struct model *model)
{
    uint64_t due = model->systimer.due;

    if (model->dirty != 0 || timers_run(model) || arbitrate(model).want != WANT_NOTHING) {
        return 0;
    }
    if (due == UINT64_MAX) {
        return due;
    }
    return due > model->counters.cycles ? due - model->counters.cycles : 0;
}

void model_pass(struct model *model, uint64_t cycles)
{
    end_of_cycle(model);
    model->counters.cycles += cycles;
    count_idle(model, cycles);
    sound_alarm(model);
}

bool model_idle(const struct model *model)
{
    return model_quiet(model) == UINT64_MAX;
}

/* ---- Faults ---- */

void model_inject(struct model *model, enum model_fault fault, unsigned ch)
{
    struct model_channel *channel = &model->channel[ch];

    switch (fault) {
    case FAULT_BAD_DESCRIPTOR:
        channel->garble_fetch = 1;
        break;
    case FAULT_BLOCKED_ACCESS:
        channel->block_access = 1;
        break;
    case FAULT_LOST_RESTART:
        channel->swallow_restart = 1;
        break;
    case FAULT_SPURIOUS_INTERRUPT:
        channel->spurious_left = MODEL_SPURIOUS_CYCLES;
        model_channel_timers(model, ch);
        model_channel_update_irq(model, ch);
        break;
    case FAULT_LATE_INTERRUPT:
        channel->hold_irq = 1;
        break;
    case FAULT_CHANNEL_STOPS:
        model_channel_die(model, ch);
        break;
    default:
        break;
    }
}
