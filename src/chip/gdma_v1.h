/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Register and descriptor map of the AHB GDMA, version 1 (ESP32-C3, C6, H2). Addresses are functions, bits
 * are constants, and nothing here touches the bus. Hardware facts, sections 2, 3 and 7.
 *
 * A pair n is RX channel n ("in", writes memory) and TX channel n ("out", reads memory). LINK control bits of
 * the two directions differ by one place: IN_LINK has AUTO_RET in between.
 */
#ifndef GDMA_V1_H
#define GDMA_V1_H

#include <assert.h>
#include <stddef.h>
#include <stdint.h>
#include "chip.h"

/* ---- Descriptor ---- */

#define GDMA_DW0_SIZE_SHIFT   0
#define GDMA_DW0_LENGTH_SHIFT 12
#define GDMA_DW0_FIELD_MASK   0xFFFu /* size and length have 12 bits each */
#define GDMA_DW0_ERR_EOF      (1u << 28)
#define GDMA_DW0_SUC_EOF      (1u << 30)
#define GDMA_DW0_OWNER_DMA    (1u << 31) /* 0: the CPU's */

#define GDMA_NODE_MAX         4095u
#define GDMA_NODE_MAX_ALIGNED 4092u /* the most that keeps the next buffer word-aligned */

/* Words of a node, in the chip's memory; accessed through desc_read() and desc_write() only. */
struct gdma_node {
    uint32_t dw0;    /* size, length, flags: written last and at once, for it holds the owner */
    uint32_t buffer; /* address */
    uint32_t next;   /* address of the next node, 0: end of list */
};

static_assert(sizeof(struct gdma_node) == 12, "a node has three words");
static_assert(offsetof(struct gdma_node, dw0) == 0, "DW0: size, length, flags");
static_assert(offsetof(struct gdma_node, buffer) == 4, "DW1: buffer");
static_assert(offsetof(struct gdma_node, next) == 8, "DW2: next");

static inline uint32_t gdma_dw0(uint32_t size, uint32_t length, uint32_t flags)
{
    return (size << GDMA_DW0_SIZE_SHIFT) | (length << GDMA_DW0_LENGTH_SHIFT) | flags;
}

static inline uint32_t gdma_dw0_size(uint32_t dw0)
{
    return (dw0 >> GDMA_DW0_SIZE_SHIFT) & GDMA_DW0_FIELD_MASK;
}

static inline uint32_t gdma_dw0_length(uint32_t dw0)
{
    return (dw0 >> GDMA_DW0_LENGTH_SHIFT) & GDMA_DW0_FIELD_MASK;
}

/* ---- Interrupts ----
 * Bits of IN and OUT. In the joint layout the two groups of a pair are one and the same register, so that a
 * write for one direction is a write for both: write both directions' bits at once there. */

#define GDMA_INT_BIT(split, joint) (1u << (CHIP_GDMA_INT_JOINT ? (joint) : (split)))

#define GDMA_IN_DONE       GDMA_INT_BIT(0, 0) /* a node was closed */
#define GDMA_IN_SUC_EOF    GDMA_INT_BIT(1, 1) /* a frame is complete in memory */
#define GDMA_IN_ERR_EOF    GDMA_INT_BIT(2, 2) /* never in memory to memory */
#define GDMA_IN_DSCR_ERR   GDMA_INT_BIT(3, 5) /* a node failed its check: the channel has halted */
#define GDMA_IN_DSCR_EMPTY GDMA_INT_BIT(4, 7) /* data, but no node for it */
#define GDMA_INFIFO_OVF    GDMA_INT_BIT(5, 9)
#define GDMA_INFIFO_UDF    GDMA_INT_BIT(6, 10)

#define GDMA_OUT_DONE      GDMA_INT_BIT(0, 3) /* a node was sent */
#define GDMA_OUT_EOF       GDMA_INT_BIT(1, 4) /* a node with suc_eof was sent */
#define GDMA_OUT_DSCR_ERR  GDMA_INT_BIT(2, 6)
#define GDMA_OUT_TOTAL_EOF GDMA_INT_BIT(3, 8) /* the whole list was sent */
#define GDMA_OUTFIFO_OVF   GDMA_INT_BIT(4, 11)
#define GDMA_OUTFIFO_UDF   GDMA_INT_BIT(5, 12)

#define GDMA_IN_INT_ALL                                                                                      \
    (GDMA_IN_DONE | GDMA_IN_SUC_EOF | GDMA_IN_ERR_EOF | GDMA_IN_DSCR_ERR | GDMA_IN_DSCR_EMPTY |              \
     GDMA_INFIFO_OVF | GDMA_INFIFO_UDF)
#define GDMA_OUT_INT_ALL                                                                                     \
    (GDMA_OUT_DONE | GDMA_OUT_EOF | GDMA_OUT_DSCR_ERR | GDMA_OUT_TOTAL_EOF | GDMA_OUTFIFO_OVF |              \
     GDMA_OUTFIFO_UDF)

#define GDMA_INT_RAW 0x0u /* latched by hardware whether enabled or not */
#define GDMA_INT_ST  0x4u /* RAW & ENA */
#define GDMA_INT_ENA 0x8u
#define GDMA_INT_CLR 0xCu /* write 1 to clear RAW */

#define GDMA_INT_STRIDE 0x10u
#define GDMA_INT_OUT    (CHIP_GDMA_INT_JOINT ? 0x00u : 0x30u)

static inline uint32_t gdma_in_int(unsigned pair, uint32_t which)
{
    return CHIP_GDMA_BASE + GDMA_INT_STRIDE * pair + which;
}

static inline uint32_t gdma_out_int(unsigned pair, uint32_t which)
{
    return CHIP_GDMA_BASE + GDMA_INT_OUT + GDMA_INT_STRIDE * pair + which;
}

static inline uint32_t gdma_in_source(unsigned pair)
{
    return CHIP_GDMA_IN_SOURCE + pair;
}

static inline uint32_t gdma_out_source(unsigned pair)
{
    return CHIP_GDMA_OUT_SOURCE + pair;
}

/* ---- Common registers ---- */

#define GDMA_AHB_TEST  (CHIP_GDMA_BASE + CHIP_GDMA_COMMON)
#define GDMA_MISC_CONF (CHIP_GDMA_BASE + CHIP_GDMA_COMMON + 0x4u)
#define GDMA_DATE      (CHIP_GDMA_BASE + CHIP_GDMA_COMMON + 0x8u)

#define GDMA_MISC_AHBM_RST    (1u << 0) /* write 1 then 0 */
#define GDMA_MISC_ARB_PRI_DIS (1u << 2)
#define GDMA_MISC_CLK_EN      (1u << 3)

/* ---- Channel registers ---- */

#define GDMA_PAIR_STRIDE 0xC0u
#define GDMA_IN_OFFSET   0x70u
#define GDMA_OUT_OFFSET  0xD0u
#define GDMA_LAST_OFFSET 0x280u

/* Offsets within either direction. */
#define GDMA_CONF0       0x00u
#define GDMA_CONF1       0x04u
#define GDMA_FIFO_STATUS 0x08u
#define GDMA_FIFO_ACCESS 0x0Cu /* IN_POP, OUT_PUSH */
#define GDMA_LINK        0x10u
#define GDMA_STATE       0x14u
#define GDMA_EOF_DES_ADDR                                                                                    \
    0x18u /* IN_SUC_EOF_DES_ADDR, OUT_EOF_DES_ADDR: the latest node that ended a frame */
#define GDMA_BFR_DES_ADDR 0x1Cu /* OUT_EOF_BFR_DES_ADDR: the node before it; IN: IN_ERR_EOF_DES_ADDR */
#define GDMA_DSCR         0x20u /* next pointer of the node in BF0 */
#define GDMA_DSCR_BF0     0x24u /* node pre-read last */
#define GDMA_DSCR_BF1     0x28u /* node pre-read before that */
#define GDMA_PRI          0x2Cu
#define GDMA_PERI_SEL     0x30u

static inline uint32_t gdma_in(unsigned pair, uint32_t offset)
{
    return CHIP_GDMA_BASE + GDMA_IN_OFFSET + GDMA_PAIR_STRIDE * pair + offset;
}

static inline uint32_t gdma_out(unsigned pair, uint32_t offset)
{
    return CHIP_GDMA_BASE + GDMA_OUT_OFFSET + GDMA_PAIR_STRIDE * pair + offset;
}

static_assert(GDMA_OUT_OFFSET + 2 * GDMA_PAIR_STRIDE + GDMA_PERI_SEL == GDMA_LAST_OFFSET,
              "the last register");

#define GDMA_IN_CONF0_RST        (1u << 0) /* a level: write 1 then 0 */
#define GDMA_IN_CONF0_LOOP_TEST  (1u << 1) /* leaves the owner bit alone: keep 0 */
#define GDMA_IN_CONF0_DSCR_BURST (1u << 2)
#define GDMA_IN_CONF0_DATA_BURST (1u << 3) /* wants word-aligned buffers and sizes */
#define GDMA_IN_CONF0_MEM_TRANS  (1u << 4) /* TX n feeds RX n */
#define GDMA_IN_CONF0_ETM_EN     (1u << 5) /* only the ETM task starts this direction */
#define GDMA_IN_CONF0_ALL        0x3Fu

#define GDMA_OUT_CONF0_RST         (1u << 0)
#define GDMA_OUT_CONF0_LOOP_TEST   (1u << 1)
#define GDMA_OUT_CONF0_AUTO_WRBACK (1u << 2) /* gives the owner bit of finished nodes back */
#define GDMA_OUT_CONF0_EOF_MODE    (1u << 3) /* OUT_EOF: 1 popped out of the FIFO, 0 pushed into it */
#define GDMA_OUT_CONF0_DSCR_BURST  (1u << 4)
#define GDMA_OUT_CONF0_DATA_BURST  (1u << 5)
#define GDMA_OUT_CONF0_ETM_EN      (1u << 6)
#define GDMA_OUT_CONF0_ALL         0x7Fu

#define GDMA_CONF1_CHECK_OWNER (1u << 12)

#define GDMA_FIFO_FULL         (1u << 0)
#define GDMA_FIFO_EMPTY        (1u << 1)
#define GDMA_FIFO_CNT_SHIFT    2
#define GDMA_FIFO_REMAIN_SHIFT 23 /* REMAIN_UNDER_1B..4B */

#define GDMA_LINK_ADDR_MASK   0xFFFFFu
#define GDMA_IN_LINK_AUTO_RET (1u << 20) /* keep 1 */
#define GDMA_IN_LINK_STOP     (1u << 21)
#define GDMA_IN_LINK_START    (1u << 22)
#define GDMA_IN_LINK_RESTART  (1u << 23)
#define GDMA_IN_LINK_PARK     (1u << 24) /* read-only: the descriptor machine is idle */
#define GDMA_OUT_LINK_STOP    (1u << 20)
#define GDMA_OUT_LINK_START   (1u << 21)
#define GDMA_OUT_LINK_RESTART (1u << 22)
#define GDMA_OUT_LINK_PARK    (1u << 23)

#define GDMA_STATE_ADDR_MASK   0x3FFFFu
#define GDMA_STATE_DSCR_SHIFT  18
#define GDMA_STATE_STATE_SHIFT 20

#define GDMA_PRI_MAX       5u
#define GDMA_PERI_SEL_MASK 0x3Fu
#define GDMA_PERI_SEL_NONE 0x3Fu

/* ---- ETM numbers; the pair is added ---- */

#define GDMA_EVENT_IN_DONE       138u
#define GDMA_EVENT_IN_SUC_EOF    141u
#define GDMA_EVENT_OUT_DONE      150u
#define GDMA_EVENT_OUT_EOF       153u
#define GDMA_EVENT_OUT_TOTAL_EOF 156u
#define GDMA_TASK_IN_START       159u
#define GDMA_TASK_OUT_START      162u

#endif
