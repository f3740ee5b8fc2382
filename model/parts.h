/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the model's files tell each other. A peripheral is a file with read, write and reset; a new one gets a
 * line in the table of model.c.
 *
 *   model.c     init, the address map, arbitration, one step
 *   gdma.c      GDMA registers          channel.c  START, STOP, RESTART, RST
 *   fetch.c     reading descriptors     rx.c tx.c  data of either direction     bus.c  the DMA's way to
 * memory etm.c  intmtx.c  plic.c  pcr.c  apm.c  gpio.c  sram.c  systimer.c  uart.c  intpri.c
 */
#ifndef MODEL_PARTS_H
#define MODEL_PARTS_H

#include "model.h"

static inline unsigned knob(const struct model *model, enum knob which)
{
    return model->knobs.value[which];
}

static inline unsigned knob_number(const struct model *model, enum knob which)
{
    return model_knobs_number(&model->knobs, which);
}

static inline bool is_out(unsigned ch)
{
    return ch >= CHIP_GDMA_PAIRS;
}

static inline unsigned pair_of(unsigned ch)
{
    return is_out(ch) ? ch - CHIP_GDMA_PAIRS : ch;
}

static inline bool sram_has(uint32_t address, uint32_t size)
{
    return address >= CHIP_SRAM_FIRST && address <= CHIP_SRAM_LAST && size <= CHIP_SRAM_LAST - address + 1u;
}

/* Memory of the chip, at its own address on the host. */
static inline void *sram_at(uint32_t address)
{
    return (void *)(uintptr_t)address;
}

/* Does a module with this PCR configuration work? */
static inline bool model_clocked(uint32_t conf)
{
    return (conf & (PCR_CONF_CLK_EN | PCR_CONF_RST_EN)) == PCR_CONF_CLK_EN;
}

void model_misuse(struct model *model, enum model_misuse what, uint32_t address);

/* ---- bus.c ---- */

enum bus_result { BUS_DONE, BUS_ERROR, BUS_HANG };

/* One transaction of a channel, of at most 16 bytes. */
enum bus_result model_dma_read(struct model *model, unsigned ch, uint32_t address, void *data, uint32_t size);
enum bus_result model_dma_write(struct model *model, unsigned ch, uint32_t address, const void *data,
                                uint32_t size);

/* What a failed transaction does to its channel; node: the descriptor it belongs to. */
void model_dma_failed(struct model *model, unsigned ch, enum bus_result result, uint32_t node);

/* ---- channel.c ---- */

void model_channel_power_on(struct model_channel *channel, bool out);
void model_channel_rst(struct model *model, unsigned ch);
void model_channel_start(struct model *model, unsigned ch);
void model_channel_start_strobe(struct model *model, unsigned ch, bool by_etm);
void model_channel_stop_strobe(struct model *model, unsigned ch);
void model_channel_restart_strobe(struct model *model, unsigned ch);
void model_channel_stop_now(struct model *model, unsigned ch);
bool model_channel_parked(const struct model *model, unsigned ch);

/* A node failed its check. reread: on reading the tail again. */
void model_channel_halt(struct model *model, unsigned ch, uint32_t node, bool reread);
void model_channel_halt_for_good(struct model *model, unsigned ch, uint32_t node);

/* It does nothing any more until RST. */
void model_channel_die(struct model *model, unsigned ch);

/* Strobes that were put off: a RESTART remembered until the tail, a STOP after the node, a START after the
 * list. */
bool model_channel_deferred(struct model *model, unsigned ch);

static inline bool has_deferred(const struct model_channel *channel)
{
    return (channel->restarts | channel->stopping | channel->start_queued) != 0;
}

/* ---- signal.c ---- */

/* Set RAW bits, pulse the ETM events that go with them, update the interrupt. */
void model_channel_raise(struct model *model, unsigned ch, uint32_t events);
void model_channel_update_irq(struct model *model, unsigned ch);

/* node[0] is done: tell, and write DW0 back if write is set. The slot must be free. */
void model_channel_node_done(struct model *model, unsigned ch, bool write, uint32_t value, uint32_t events);
void model_channel_writeback(struct model *model, unsigned ch);
bool model_channel_tick(struct model *model, unsigned ch, uint32_t cycles);

/* After any change of a channel's timers. */
void model_channel_timers(struct model *model, unsigned ch);

/* ---- fetch.c ---- */

bool model_fetch_wanted(const struct model *model, unsigned ch);
void model_fetch(struct model *model, unsigned ch);
uint32_t model_fetch_cycles(const struct model *model, unsigned ch); /* of the next access */

/* Drop node[0], for it is done. */
void model_fetch_drop_first(struct model_channel *channel);

/* Does memory link a further node to the list that this channel is at the end of? */
bool model_fetch_linked(const struct model_channel *channel);

/* ---- rx.c, tx.c ---- */

uint32_t model_rx_wanted(const struct model *model, unsigned ch); /* bytes of the transaction, 0: none */
void model_rx_data(struct model *model, unsigned ch, uint32_t size);
bool model_rx_settle(struct model *model, unsigned ch); /* whatever needs no bus; false: nothing did */
uint32_t model_tx_wanted(const struct model *model, unsigned ch);
void model_tx_data(struct model *model, unsigned ch, uint32_t size);
bool model_tx_settle(struct model *model, unsigned ch);

/* The first bytes of the FIFO have gone. */
void model_fifo_pop(struct model_channel *channel, uint32_t count);

/* Move bytes from TX to RX of a connected pair. */
bool model_pump(struct model *model, unsigned pair);

/* ---- Peripherals: offsets from their base; reset as by the chip ---- */

uint32_t model_gdma_read(struct model *model, uint32_t offset);
void model_gdma_write(struct model *model, uint32_t offset, uint32_t value);
void model_gdma_reset(struct model *model);
void model_gdma_module_reset(struct model *model);

uint32_t model_etm_read(struct model *model, uint32_t offset);
void model_etm_write(struct model *model, uint32_t offset, uint32_t value);
void model_etm_reset(struct model *model);
bool model_etm_tick(struct model *model, uint32_t cycles);

uint32_t model_intmtx_read(struct model *model, uint32_t offset);
void model_intmtx_write(struct model *model, uint32_t offset, uint32_t value);
void model_intmtx_reset(struct model *model);
void model_source_set(struct model *model, unsigned source, bool level);
uint32_t model_intmtx_lines(const struct model *model);

uint32_t model_plic_read(struct model *model, uint32_t offset);
void model_plic_write(struct model *model, uint32_t offset, uint32_t value);
void model_plic_reset(struct model *model);
void model_plic_lines_rose(struct model *model, uint32_t lines);

uint32_t model_pcr_read(struct model *model, uint32_t offset);
void model_pcr_write(struct model *model, uint32_t offset, uint32_t value);
void model_pcr_reset(struct model *model);

uint32_t model_tee_read(struct model *model, uint32_t offset);
void model_tee_write(struct model *model, uint32_t offset, uint32_t value);
uint32_t model_hp_apm_read(struct model *model, uint32_t offset);
void model_hp_apm_write(struct model *model, uint32_t offset, uint32_t value);
uint32_t model_lp_apm_read(struct model *model, uint32_t offset);
void model_lp_apm_write(struct model *model, uint32_t offset, uint32_t value);
uint32_t model_lp_apm0_read(struct model *model, uint32_t offset);
void model_lp_apm0_write(struct model *model, uint32_t offset, uint32_t value);
void model_apm_reset(struct model *model);
bool model_apm_blocks(const struct model *model, unsigned ch);

uint32_t model_gpio_read(struct model *model, uint32_t offset);
void model_gpio_write(struct model *model, uint32_t offset, uint32_t value);
uint32_t model_gpio_ext_read(struct model *model, uint32_t offset);
void model_gpio_ext_write(struct model *model, uint32_t offset, uint32_t value);
uint32_t model_io_mux_read(struct model *model, uint32_t offset);
void model_io_mux_write(struct model *model, uint32_t offset, uint32_t value);
void model_gpio_reset(struct model *model);
void model_gpio_task(struct model *model, uint32_t task);

uint32_t model_systimer_read(struct model *model, uint32_t offset);
void model_systimer_write(struct model *model, uint32_t offset, uint32_t value);
void model_systimer_reset(struct model *model);
void model_systimer_clock(struct model *model); /* after any change of its clocks */
void model_systimer_alarm(struct model *model); /* .due has come */

uint32_t model_uart_read(struct model *model, uint32_t offset);
void model_uart_write(struct model *model, uint32_t offset, uint32_t value);
void model_uart_reset(struct model *model);

uint32_t model_intpri_read(struct model *model, uint32_t offset);
void model_intpri_write(struct model *model, uint32_t offset, uint32_t value);
void model_intpri_reset(struct model *model);

#endif
