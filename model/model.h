/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The ESP32-H2's DMA side (or the C6's or C3's: chip.h chooses) as a deterministic machine: GDMA, ETM,
 * interrupt matrix, PLIC, PCR, APM and GPIO outputs; and what firmware needs beside: UART0, SYSTIMER and
 * interrupts by software.
 *
 *     CPU ── model_read, model_write ──▶ registers and memory words
 *     time ── model_step ──▶ one bus transaction at the most, or one idle cycle
 *     model_irq_line ──▶ the CPU line that the interrupt controller delivers
 *
 * struct model holds no pointers: a copy is a snapshot. The chip's memory is not in it: it lies at the chip's
 * own addresses (model_map_sram), and who takes snapshots saves what part of it he uses. Nothing here looks
 * at time or rolls dice: equal states have equal futures. A model is used by one thread at a time.
 */
#ifndef MODEL_H
#define MODEL_H

#include <stdbool.h>
#include <stdint.h>
#include "../src/chip/etm_v1.h"
#include "../src/chip/gdma_v1.h"
#include "../src/chip/intmtx_v1.h"
#include "../src/chip/plic_v1.h"
#include "../src/chip/pcr_v1.h"
#include "../src/chip/apm_v1.h"
#include "../src/chip/systimer_v1.h"
#include "../src/chip/uart_v1.h"
#include "../src/chip/intpri_v1.h"
#include "knobs.h"

/* Cycles of a transaction on the bus: one for the address, one for each word. */
#define MODEL_CYCLES_SINGLE 2u
#define MODEL_CYCLES_BURST4 5u /* INCR4: 16 bytes */
#define MODEL_CYCLES_NODE   4u /* a descriptor with descriptor bursts on */

/* Of the bus, while SYSTIMER counts one: 32 MHz to 16 MHz. */
#define MODEL_CYCLES_PER_COUNT 2u

/* What the program on the CPU did that the facts forbid or leave undefined: bits of model_counters.misuse. */
enum model_misuse {
    MISUSE_NOTHING = 1 << 0,         /* CPU access to an address without a register */
    MISUSE_CLOCK = 1 << 1,           /* CPU access to a module without clock, or held in reset */
    MISUSE_RX_ALIGNMENT = 1 << 2,    /* RX burst with a buffer or size that is not word-aligned */
    MISUSE_ZERO_LENGTH = 1 << 3,     /* TX node of length 0 or RX node of size 0 */
    MISUSE_START_RUNNING = 1 << 4,   /* START by the CPU while the direction runs */
    MISUSE_START_HALTED = 1 << 5,    /* START after a descriptor error without RST */
    MISUSE_START_GATED = 1 << 6,     /* START by the CPU while ETM_EN is set */
    MISUSE_RESTART_UNBASED = 1 << 7, /* RESTART of a direction that was never started, or stopped, or reset */
    MISUSE_DESCRIPTOR_ALIGNMENT = 1 << 8, /* node address not a multiple of 4 */
    MISUSE_DMA_NOTHING = 1 << 9,          /* DMA access outside its memory */
    MISUSE_PERI_SEL = 1 << 10, /* data for RX, but ids differ, are not for this, or are in use twice */
    MISUSE_APM = 1 << 11,      /* DMA access that the permission filters blocked */
    MISUSE_BAD_NODE = 1 << 12  /* a node's buffer or next address failed its check */
};

enum model_fault {
    FAULT_BAD_DESCRIPTOR,     /* the next descriptor read is garbled: DSCR_ERR */
    FAULT_BLOCKED_ACCESS,     /* the next access is blocked as by the permission filters (KNOB_APM_BLOCKED) */
    FAULT_LOST_RESTART,       /* the next RESTART strobe is swallowed */
    FAULT_SPURIOUS_INTERRUPT, /* the source rises with no RAW bit set, until the CPU looks or some cycles
                                 later */
    FAULT_LATE_INTERRUPT,     /* the source's next rise comes MODEL_LATE_CYCLES later */
    FAULT_CHANNEL_STOPS,      /* the channel does nothing any more until RST */
    FAULT_COUNT
};

#define MODEL_LATE_CYCLES     40u
#define MODEL_SPURIOUS_CYCLES 40u

/* Channels, for model_inject(): RX of the pairs first, then TX. */
#define MODEL_CHANNELS  (2u * CHIP_GDMA_PAIRS)
#define MODEL_IN(pair)  ((unsigned)(pair))
#define MODEL_OUT(pair) (CHIP_GDMA_PAIRS + (unsigned)(pair))

#define MODEL_FIFO_MAX  64u
#define MODEL_NODES_MAX 3u /* the node at work and two read ahead */

/* ---- State; the fields are the model's own business, but who prints a trace may read them ---- */

struct model_node {
    uint32_t address;
    uint32_t dw0;
    uint32_t buffer;
    uint32_t next;
    uint32_t bad; /* failed its check */
};

enum model_fetch {
    FETCH_NONE,   /* no base: never started, stopped or reset */
    FETCH_NODE,   /* reading, or about to read, the node at .fetch_address */
    FETCH_REREAD, /* reading the tail at .bf0 again, for its next pointer */
    FETCH_END,    /* the node at .bf0 had no next */
    FETCH_HALTED, /* descriptor error at .fetch_address */
    FETCH_FATAL   /* failed in the middle of the data: nothing but RST helps */
};

struct model_channel {
    /* Registers */
    uint32_t conf0, conf1, link, pri, peri_sel;
    uint32_t raw, ena;
    uint32_t eof_address, bfr_address;
    uint32_t dscr, bf0, bf1;
    uint32_t set_now; /* RAW bits that the latest step set (KNOB_CLEAR_AND_SET) */

    /* Reading descriptors */
    uint32_t fetch_address;
    uint32_t fetched[3];
    struct model_node node[MODEL_NODES_MAX]; /* [0] is at work */
    uint32_t position;                       /* bytes done of node[0] */
    uint32_t previous;                       /* TX: node done last, for OUT_EOF_BFR_DES_ADDR */

    /* Write-back that waits for the bus */
    uint32_t writeback_address;
    uint32_t writeback_value;
    uint32_t writeback_previous; /* node done before that one */
    uint32_t writeback_events;   /* raised once it is done */
    uint16_t writeback_delay;    /* cycles before it may go */

    uint16_t stop_left;     /* cycles until STOP takes effect */
    uint16_t late_left;     /* cycles that an interrupt is held back */
    uint16_t spurious_left; /* cycles that an interrupt without a cause remains */

    uint8_t fetch;    /* enum model_fetch */
    uint8_t words;    /* of the descriptor read so far */
    uint8_t nodes;    /* in node[] */
    uint8_t restarts; /* strobes remembered */
    uint8_t start_queued;
    uint8_t reread_failed; /* FETCH_HALTED came from FETCH_REREAD */
    uint8_t writeback;     /* 1 waits for the bus; 2 done, its events wait */
    uint8_t close_due;     /* RX: 1 node[0] is complete; 2 full, closed by the next byte */
    uint8_t close_eof;     /* RX: and ends a frame */
    uint8_t eof_carry;     /* RX: a frame's end that is to land in the next node (KNOB_RX_EXACT_FIT) */
    uint8_t cut_due;       /* RX: close the open node before more data comes (KNOB_TX_OPEN_TAIL) */
    uint8_t empty_raised;  /* RX: IN_DSCR_EMPTY for this end of list */
    uint8_t open_frame;    /* TX: 1 the node done last did not end a frame; 2 and the list ran out after it */
    uint8_t total_due;     /* TX: OUT_TOTAL_EOF at the end of the list */
    uint8_t queued;        /* TX: a linked node was announced by RESTART before the list ran out */
    uint8_t stopping;      /* 1 STOP takes effect after stop_left; 2 when node[0] is done */
    uint8_t dead;          /* until RST */
    uint8_t ever_started;
    uint8_t swallow_restart, garble_fetch, block_access; /* injected */
    uint8_t hold_irq;                                    /* injected: delay the next rise of the source */
    uint8_t irq_active;                                  /* RAW & ENA was not zero when last looked at */

    uint8_t fifo_count;
    uint8_t fifo[MODEL_FIFO_MAX];
    uint64_t fifo_eof; /* bit per byte: ends a frame */
};

/*
 * The timer is a reader of counters.cycles: nothing here changes while it merely counts, so that equal
 * situations stay equal states.
 */
struct model_systimer {
    uint64_t base;  /* count at timer_since, from which it has run, or at which it stands */
    uint64_t value; /* latched by UPDATE */
    uint64_t target[SYSTIMER_TARGETS];
    uint64_t alarm[SYSTIMER_TARGETS]; /* count at which a loaded target goes off */
    uint64_t due;                     /* cycle at which the next one does, or UINT64_MAX */
    uint32_t target_conf[SYSTIMER_TARGETS];
    uint32_t conf;
    uint32_t loaded; /* targets, a bit each */
    uint32_t raw, ena;
    bool running; /* it has its clocks, and counts */
};

struct model_uart {
    uint32_t conf0, conf1, clkdiv, ena;
    uint32_t first, count; /* bytes in the FIFO that is sent from */
    uint8_t fifo[CHIP_UART_FIFO_SIZE];
};

struct model_counters {
    uint64_t cycles;      /* of the bus, all told */
    uint64_t data_cycles; /* spent on transactions that moved data */
    uint64_t node_cycles; /* spent on descriptors, written back or read */
    uint64_t idle_cycles; /* without a transaction, of the steps taken */
    uint64_t wait_cycles; /* idle ones while a TX node waited that memory links to the list at work */
    uint64_t gap_cycles;  /* idle ones while such a node waited that a RESTART (or START) had announced */
    uint64_t bytes;       /* written by RX */
    uint64_t transactions;
    uint64_t interrupts;     /* rises of a source */
    uint32_t misuse;         /* enum model_misuse, or-ed */
    uint32_t misuse_address; /* of the first: register, node or memory */
    uint32_t pin_changes[32];
};

struct model {
    struct model_knobs knobs;

    struct model_channel channel[MODEL_CHANNELS];
    uint32_t misc_conf, ahb_test;
    uint32_t round_robin; /* channel served last */
    uint32_t dirty;       /* registers changed: there may be something to do */
    uint32_t timers;      /* channels with a timer that runs, a bit each */
    uint32_t just_set;    /* channels with RAW bits in set_now, a bit each */

    uint64_t etm_enabled;
    uint32_t etm_clk_en;
    uint32_t etm_in_flight;   /* some pulse is on its way */
    uint16_t etm_pulses[64];  /* per channel: bit k, a pulse arrives in k + 1 cycles */
    uint8_t etm_event_id[64]; /* per channel */
    uint8_t etm_task_id[64];

    uint32_t source_level[3]; /* interrupt sources, a bit each */
    uint8_t source_line[CHIP_INTMTX_SOURCES];
    uint8_t plic_priority[PLIC_LINES];
    uint32_t plic_enable, plic_type, plic_edge, plic_threshold;

    uint32_t pcr_gdma, pcr_etm, pcr_intmtx, pcr_uart0, pcr_systimer;
    uint32_t pcr_uart0_sclk, pcr_systimer_func_clk;
    uint32_t pcr_sysclk, pcr_divider[3]; /* of CPU, AHB, APB: kept, without an effect */
    uint32_t apm_hp, apm_lp, apm_lp0;    /* FUNC_CTRL */
    uint32_t apm_regions;
    uint8_t tee_mode[32];

    uint32_t gpio_out, gpio_enable;
    uint32_t gpio_task[8]; /* GPIO_EXT task configuration, four pins a word */

    struct model_systimer systimer;
    struct model_uart uart;
    uint32_t from_cpu; /* interrupts raised by software, a bit each */

    /* From here on no state: nothing of it has an influence on what happens, but that time goes by. */
    struct model_counters counters;
    uint64_t timer_since; /* cycle from which SYSTIMER has counted */
};

/* Bytes at the start of struct model that decide its future: to compare and to hash. */
#define MODEL_STATE_SIZE offsetof(struct model, counters)

/* ---- Functions ---- */

/* Map the chip's SRAM at its own addresses, zeroed. False: *reason says why not (the addresses are taken). */
bool model_map_sram(const char **reason);
void model_unmap_sram(void);

/* Power on: all registers at reset, counters 0. knobs: NULL for the defaults. */
void model_init(struct model *model, const struct model_knobs *knobs);

/* Chip reset: registers as after power-on; knobs and counters stay. */
void model_reset(struct model *model);

/*
 * A 32-bit access of the CPU to a register or a word of memory. Nothing moves meanwhile; time is
 * model_step()'s. What the chip does not answer is recorded as MISUSE_NOTHING and reads 0.
 */
uint32_t model_read(struct model *model, uint32_t address);
void model_write(struct model *model, uint32_t address, uint32_t value);

/*
 * Let time pass: one transaction on the bus, whichever is due, with the cycles it takes; if none is due, one
 * cycle. False: nothing has moved and nothing will until the CPU does something.
 */
bool model_step(struct model *model);

/* Would model_step() return false? */
bool model_idle(const struct model *model);

/*
 * Cycles that will pass before anything happens that is not the CPU's doing: 0 now, UINT64_MAX never. Only
 * SYSTIMER waits for a moment that is known.
 */
uint64_t model_quiet(const struct model *model);

/* Let cycles pass in which nothing happens: as many as model_quiet() says, at the most. */
void model_pass(struct model *model, uint64_t cycles);

/* The line the CPU would take an interrupt from now (its own mask aside), or -1. */
int model_irq_line(const struct model *model);

/* The same among these lines only: the CPU's own mask. */
int model_irq_line_of(const struct model *model, uint32_t lines);

/* Make a fault happen; channel: MODEL_IN(pair) or MODEL_OUT(pair). */
void model_inject(struct model *model, enum model_fault fault, unsigned channel);

/* An event from outside the model (a timer, a pin) reaches ETM. */
void model_etm_event(struct model *model, uint32_t event);

/* The next byte that UART0 sends: the line is as fast as who takes from it. False: there is none. */
bool model_uart_take(struct model *model, uint8_t *byte);

/* Level of a GPIO that is enabled as an output; 0 otherwise. */
unsigned model_pin_level(const struct model *model, unsigned pin);

#endif
