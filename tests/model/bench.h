/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A chip to try statements of the hardware facts on, and the few moves of a driver: no policy, registers
 * only. Each test is named after the section and the statement that it holds the model to.
 */
#ifndef BENCH_H
#define BENCH_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>
#include "../../model/model.h"

extern struct model chip;

/* Where things lie in the chip's memory. Nodes have 16 bytes each. */
#define TX_NODES (CHIP_SRAM_FIRST + 0x1000u)
#define RX_NODES (CHIP_SRAM_FIRST + 0x2000u)
#define SRC      (CHIP_SRAM_FIRST + 0x4000u)
#define DST      (CHIP_SRAM_FIRST + 0xA000u)
#define ARENA    0x10000u

#define EOF_BIT GDMA_DW0_SUC_EOF
#define OWNED   GDMA_DW0_OWNER_DMA

/* The configuration most tests use; bursts off, owner check off. */
#define IN_PLAIN  GDMA_IN_CONF0_MEM_TRANS
#define OUT_PLAIN (GDMA_OUT_CONF0_AUTO_WRBACK | GDMA_OUT_CONF0_EOF_MODE)

/* cmocka group setup and teardown: map the memory; test setup: power on with default knobs, filters off. */
int bench_map(void **state);
int bench_unmap(void **state);
int bench_up(void **state);

#define RUN(tests) cmocka_run_group_tests(tests, bench_map, bench_unmap)
#define T(test)    cmocka_unit_test_setup(test, bench_up)

/* Set a knob and power on again. */
void bench_knob(const char *name, const char *value);

/* As after power-on, the permission filters included. */
void bench_power_on(void);

uint32_t rd(uint32_t address);
void wr(uint32_t address, uint32_t value);

/* Let the hardware run until it has nothing to do; or at the most so many steps. */
void run(void);
void steps(unsigned count);

/* Step until these bits are set in RAW, or fail. */
void run_until_in(unsigned pair, uint32_t bits);
void run_until_out(unsigned pair, uint32_t bits);

/* The id for PERI_SEL that tests give to this pair. */
uint32_t m2m_id(unsigned pair);

/* RST both directions, ids, configuration, interrupts cleared and off. */
void pair_up(unsigned pair, uint32_t in_conf0, uint32_t out_conf0, uint32_t conf1);

/* A node in memory, the DMA's; returns its address. */
uint32_t tx(unsigned index, uint32_t source, uint32_t length, uint32_t flags, uint32_t next);
uint32_t rx(unsigned index, uint32_t destination, uint32_t size, uint32_t next);
uint32_t tx_dw0(unsigned index);
uint32_t rx_dw0(unsigned index);
void set_next(uint32_t node, uint32_t next);
void set_dw0(uint32_t node, uint32_t dw0);

void start_in(unsigned pair, uint32_t node);
void start_out(unsigned pair, uint32_t node);
void restart_in(unsigned pair);
void restart_out(unsigned pair);
void start(unsigned pair, uint32_t in_node, uint32_t out_node); /* RX first */

uint32_t in_raw(unsigned pair);
uint32_t out_raw(unsigned pair);
void enable(unsigned pair, uint32_t in_bits, uint32_t out_bits);
void clear(unsigned pair, uint32_t in_bits, uint32_t out_bits);

/* The first size bytes at both places are the same, and the byte after the destination is untouched. */
void check_copied(uint32_t destination, uint32_t source, uint32_t size);
void check_untouched(uint32_t destination, uint32_t size);

/* A node that RX wrote back: length, end of frame or not, given back to the CPU. */
void check_rx_closed(unsigned index, uint32_t length, bool eof);
void check_rx_open(unsigned index);

/* Route the interrupts of a pair to a line, level, priority 1, threshold 1. */
void route(unsigned pair, unsigned line);

#endif
