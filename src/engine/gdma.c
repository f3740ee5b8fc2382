/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The GDMA engine: copies through one pair (a TX and an RX channel) of the AHB general DMA.
 *
 * A request is cut into segments; a segment is one TX node and one RX node of the same size. The segments lie
 * in a ring and are linked into two lists in step, each ending in NULL, so that the DMA goes from copy to
 * copy alone:
 *
 *                    (DMA is here)
 *   ────●─────────●────────●────────●────────●───────○───────○──── ring of segments
 *      kept     linked   linked   linked    tail,    free    free
 *   closed last                            next = 0
 *
 *   take now:  one segment for a copy that needs no more: write its nodes, link RX and
 *              RESTART it, then link TX and RESTART it                                    any context
 *   feed:      the same for all else that waits                                           any context
 *   interrupt: a copy is done when the DMA has given its last segment back
 *   check:     nothing closed for a while: RESTART, then reset and fail the oldest copy   timer's interrupt
 *
 * The segment closed last is kept: the engine may still re-read its `next` (hardware facts, 4.5, consequence
 * 1). Nobody writes a TX node back, so a TX node is free as soon as the RX node after it is closed.
 * DESIGN.md, "The append", tells why this is right at every answer to the hardware's open questions, and
 * "What a copy costs" why some of it is written as it is.
 */
#include "esp_async_memcpy_ext.h"
#include "gdma.h"

#define REDOS_MAX    2 /* attempts at a copy whose RX list comes up short */
#define SEGMENTS_MIN 4 /* a refill must never hang on the newest node */
#define RUN_MAX      3 /* segments linked in one critical section */
/* Looks at a node whose end of frame is signalled and whose write-back is on its way (R8): more than the
 * cycles it may take, for a look takes at least one. */
#define WRITEBACK_POLL 48

#define IN_INTERRUPTS (GDMA_IN_SUC_EOF | GDMA_IN_DSCR_ERR | GDMA_IN_DSCR_EMPTY)
#define IN_TROUBLE    (GDMA_IN_DSCR_ERR | GDMA_IN_DSCR_EMPTY)
#define OUT_TROUBLE   GDMA_OUT_DSCR_ERR
#define CLEAR_EACH    (GDMA_IN_SUC_EOF | GDMA_IN_DONE)

/* ---- The channel ---- */

/* Have both directions look again for nodes behind their last: RX first, so that data finds a place (R3). */
static void restart(const struct gdma_engine *engine)
{
    const uint32_t in = gdma_pair_in(engine, 0);
    mmio_write(in + GDMA_LINK, GDMA_IN_LINK_AUTO_RET | GDMA_IN_LINK_RESTART);
    mmio_write(in + GDMA_OUT_OFFSET - GDMA_IN_OFFSET + GDMA_LINK, GDMA_OUT_LINK_RESTART);
}

/* The pair-th of the ids that connect a pair's two channels: every pair needs its own (hardware facts, 2.5).
 */
static uint32_t m2m_id(unsigned pair)
{
    uint32_t id = 0;
    while ((CHIP_GDMA_M2M_IDS >> id & 1u) == 0 || pair-- != 0) {
        id++;
    }
    return id;
}

/* Stop is not acknowledged; the reset behind it is the barrier after which nothing is written any more (R9).
 */
void gdma_stop(const struct gdma_engine *engine)
{
    const uint32_t in_int = gdma_pair_in_int(engine, 0);
    const uint32_t in = gdma_pair_in(engine, 0);
    const uint32_t out = gdma_pair_out(engine, 0);
    mmio_write(in_int + GDMA_INT_ENA, 0);
    mmio_write(in + GDMA_LINK, GDMA_IN_LINK_AUTO_RET | GDMA_IN_LINK_STOP);
    mmio_write(out + GDMA_LINK, GDMA_OUT_LINK_STOP);
    mmio_write(out + GDMA_CONF0, GDMA_OUT_CONF0_RST);
    mmio_write(in + GDMA_CONF0, GDMA_IN_CONF0_RST);
    mmio_write(out + GDMA_CONF0, 0);
    mmio_write(in + GDMA_CONF0, 0);
    mmio_write(in_int + GDMA_INT_CLR, GDMA_IN_INT_ALL);
    mmio_write(in_int + GDMA_INT_OUT + GDMA_INT_CLR, GDMA_OUT_INT_ALL);
}

/* What the hardware says went wrong; ESP_OK: nothing. */
esp_err_t gdma_trouble(const struct gdma_engine *engine)
{
    uint32_t in_raw = mmio_read(gdma_pair_in_int(engine, GDMA_INT_RAW));
    uint32_t out_raw = mmio_read(gdma_pair_out_int(engine, GDMA_INT_RAW));
    if ((in_raw & GDMA_IN_DSCR_ERR) != 0 || (out_raw & GDMA_OUT_DSCR_ERR) != 0) {
        return ESP_ERR_INVALID_RESPONSE;
    }
    return (in_raw & GDMA_IN_DSCR_EMPTY) != 0 ? ESP_ERR_INVALID_SIZE : ESP_OK;
}

/* ---- Segments ---- */

static struct gdma_segment *after(const struct gdma_engine *engine, struct gdma_segment *segment)
{
    return segment == engine->last ? gdma_first(engine) : segment + 1;
}

/* The segment linked behind this one, which is not the tail. */
static struct gdma_segment *linked_to(const struct gdma_segment *segment)
{
    return (struct gdma_segment *)(uintptr_t)desc_read(&segment->rx.next);
}

/* Has the DMA given it back? */
static bool is_closed(const struct gdma_segment *segment)
{
    return (desc_read(&segment->rx.dw0) & GDMA_DW0_OWNER_DMA) == 0;
}

/* DW0 comes last in each node: it hands the node over (R11). */
static inline void write_segment(struct gdma_segment *segment, uint32_t dst, uint32_t src, uint32_t rx_dw0,
                                 uint32_t tx_dw0, const struct request *ends)
{
    segment->ends = ends;
    desc_write(&segment->rx.buffer, dst);
    desc_write(&segment->rx.dw0, rx_dw0);
    desc_write(&segment->tx.buffer, src);
    desc_write(&segment->tx.dw0, tx_dw0);
}

static uint32_t rx_dw0_of(uint32_t size)
{
    return gdma_dw0(size, 0, GDMA_DW0_OWNER_DMA);
}

static uint32_t tx_dw0_of(uint32_t size, uint32_t suc_eof)
{
    return gdma_dw0(size, size, GDMA_DW0_OWNER_DMA | suc_eof);
}

/* Nothing is linked behind this segment. */
static inline void end_lists(struct gdma_segment *segment)
{
    desc_write(&segment->rx.next, 0);
    desc_write(&segment->tx.next, 0);
}

/* Where a segment that is not the tail points to: the next in the ring. */
static void link_on(struct gdma_engine *engine, struct gdma_segment *segment)
{
    struct gdma_segment *next = after(engine, segment);
    desc_write(&segment->rx.next, gdma_bus_address(&next->rx));
    desc_write(&segment->tx.next, gdma_bus_address(&next->tx));
}

void gdma_link_ring(struct gdma_engine *engine)
{
    for (struct gdma_segment *segment = gdma_first(engine); segment <= engine->last; segment++) {
        link_on(engine, segment);
    }
}

/*
 * Append to both lists what begins with this segment. Everything about RX is in place before TX gets to know
 * anything: TX that runs on at once must find a place for its data (R3). Links are stored before the strobe
 * that has them read (R2).
 */
static inline void append(const struct gdma_engine *engine, struct gdma_segment *tail,
                          const struct gdma_segment *segment)
{
    const uint32_t in = gdma_pair_in(engine, 0);
    mmio_fence();
    desc_write(&tail->rx.next, gdma_bus_address(&segment->rx));
    mmio_fence();
    mmio_write(in + GDMA_LINK, GDMA_IN_LINK_AUTO_RET | GDMA_IN_LINK_RESTART);
    desc_write(&tail->tx.next, gdma_bus_address(&segment->tx));
    mmio_fence();
    mmio_write(in + GDMA_OUT_OFFSET - GDMA_IN_OFFSET + GDMA_LINK, GDMA_OUT_LINK_RESTART);
}

/* After open() or a reset: the lists begin with this segment. */
static void start(struct gdma_engine *engine, const struct gdma_segment *segment)
{
    engine->started = true;
    mmio_fence();
    gdma_write_in_link(engine, (gdma_bus_address(&segment->rx) & GDMA_LINK_ADDR_MASK) | GDMA_IN_LINK_START);
    gdma_write_out_link(engine, (gdma_bus_address(&segment->tx) & GDMA_LINK_ADDR_MASK) | GDMA_OUT_LINK_START);
}

/* Reset the pair, with nothing linked, and configure it; a reset may clear the configuration too. */
void gdma_reset(struct gdma_engine *engine)
{
    gdma_stop(engine);
    const uint32_t in = gdma_pair_in(engine, 0);
    const uint32_t out = gdma_pair_out(engine, 0);
    const uint32_t id = m2m_id(engine->pair);
    mmio_write(in + GDMA_PERI_SEL, id);
    mmio_write(out + GDMA_PERI_SEL, id);
    mmio_write(in + GDMA_CONF1, 0); /* no owner check: lists end in NULL */
    mmio_write(out + GDMA_CONF1, 0);
    mmio_write(out + GDMA_CONF0,
               GDMA_OUT_CONF0_EOF_MODE | GDMA_OUT_CONF0_DSCR_BURST | GDMA_OUT_CONF0_DATA_BURST);
    mmio_write(in + GDMA_CONF0, engine->in_conf0);
    mmio_write(gdma_pair_in_int(engine, GDMA_INT_ENA), IN_INTERRUPTS);
    engine->hungry = false;
    engine->started = false;
    link_on(engine, engine->tail);
    engine->kept = engine->last;
    engine->tail = engine->last;
    engine->ready = NULL;
    engine->feeding = NULL;
    engine->feeder = 0;
}

/* ---- Feed: from requests to linked segments. Inside port_irq_mask() ---- */

/* IN_DONE interrupts are wanted only while a request waits for nodes. */
static void set_hungry(struct gdma_engine *engine, bool hungry)
{
    if (engine->hungry != hungry) {
        engine->hungry = hungry;
        mmio_write(gdma_pair_in_int(engine, GDMA_INT_ENA), IN_INTERRUPTS | (hungry ? GDMA_IN_DONE : 0));
    }
}

/* All is linked that can be; hungry: a request waits for nodes. Who had been at it looks everything up again.
 */
static void rest(struct gdma_engine *engine, bool hungry)
{
    set_hungry(engine, hungry);
    engine->feeder = 0;
    engine->ready = NULL;
    if (engine->kept != engine->tail) {
        port_check_arm(&engine->check);
        engine->ready = engine->cautious || hungry ? NULL : engine->tail;
    }
}

/*
 * May segments be linked now? A cautious engine appends to no list at work: when all of the last one is
 * closed, it begins a new one, with whatever waits by then. A copy in between goes on where it was.
 */
static bool may_link(struct gdma_engine *engine)
{
    if (engine->cautious && engine->started) {
        if (engine->kept != engine->tail) {
            return false;
        }
        const struct request *feeding = engine->feeding;
        gdma_reset(engine);
        engine->feeding = feeding;
    }
    return after(engine, engine->tail) != engine->kept;
}

/* Is there anything to link, and a place for it? If not, let it rest. */
static bool is_food(struct gdma_engine *engine)
{
    const struct request *request = engine->feeding;
    if (request == NULL) {
        engine->ready = NULL;
        request = driver_take(engine->base.driver);
        engine->feeding = request;
        engine->fed = 0;
    }
    if (request == NULL || !may_link(engine)) {
        rest(engine, request != NULL);
        return false;
    }
    return true;
}

/*
 * Link what waits of a request, a few segments in each critical section, so that their length does not grow
 * with the copy; in between, others may feed, and then this call ends. False: nothing waits, or no node is
 * free.
 *
 * A cautious engine ends a list with a frame, also within a copy: only that is sure to close the last RX
 * node.
 */
static bool feed_request(struct gdma_engine *engine)
{
    unsigned state = port_irq_mask();
    if (!is_food(engine)) {
        port_irq_unmask(state);
        return false;
    }
    const struct request *const request = engine->feeding;
    const uint32_t begin = gdma_bus_address(request->dst);
    const uint32_t end = begin + (uint32_t)request->n;
    const uint32_t to_src = gdma_bus_address(request->src) - begin;
    const bool cautious = engine->cautious;
    uint32_t size = engine->node_max;
    const uint32_t run = RUN_MAX * size;
    const uint32_t last =
        request->n > size ? end - size : begin; /* the last segment begins there or behind */
    uint32_t rx_dw0 = rx_dw0_of(size);
    uint32_t tx_dw0 = tx_dw0_of(size, 0);
    uint32_t dst = begin + (uint32_t)engine->fed;
    struct gdma_segment *tail = engine->tail;
    const char here = 0;
    const uintptr_t feeder = (uintptr_t)&here;
    engine->feeder = feeder;
    do {
        port_irq_unmask(state);
        state = port_irq_mask();
        struct gdma_segment *const first = after(engine, tail);
        struct gdma_segment *const kept = engine->kept;
        if (engine->feeder != feeder || first == kept) {
            break;
        }
        const struct request *ends = NULL;
        uint32_t stop = dst + run < last ? dst + run : last;
        if (dst >= last) {
            stop = end;
            size = end - dst;
            rx_dw0 = rx_dw0_of(size);
            tx_dw0 = tx_dw0_of(size, GDMA_DW0_SUC_EOF);
            ends = request;
        }
        struct gdma_segment *const bound = first < kept ? kept - 1 : engine->last; /* free ones in a row */
        struct gdma_segment *segment = first - 1;
        do {
            segment++;
            write_segment(segment, dst, dst + to_src, rx_dw0, tx_dw0, ends);
            dst += size;
        } while (dst < stop && segment != bound);
        if (cautious) {
            desc_write(&segment->tx.dw0, tx_dw0 | GDMA_DW0_SUC_EOF);
        }
        end_lists(segment);
        if (engine->started) {
            append(engine, tail, first);
        } else {
            start(engine, first);
        }
        tail = segment;
        engine->tail = tail;
        engine->fed = dst - begin;
    } while (dst != end && !cautious);
    if (dst == end) {
        engine->feeding = NULL;
    }
    port_irq_unmask(state);
    return true;
}

static __attribute__((noinline)) void feed(struct gdma_engine *engine)
{
    while (feed_request(engine)) {
    }
}

static void gdma_kick(struct engine *base)
{
    feed((struct gdma_engine *)base);
}

/* One segment for a copy that needs no more, if it may be appended just so. */
static bool gdma_take_now(struct engine *base, const struct request *request)
{
    struct gdma_engine *engine = (struct gdma_engine *)base;
    struct gdma_segment *tail = engine->ready;
    if (tail == NULL || request->n > engine->node_max) {
        return false;
    }
    struct gdma_segment *segment = after(engine, tail);
    if (segment == engine->kept) {
        return false;
    }
    uint32_t size = (uint32_t)request->n;
    write_segment(segment, gdma_bus_address(request->dst), gdma_bus_address(request->src), rx_dw0_of(size),
                  tx_dw0_of(size, GDMA_DW0_SUC_EOF), request);
    end_lists(segment);
    append(engine, tail, segment);
    engine->tail = segment;
    engine->ready = segment;
    return true;
}

/* ---- Recover ---- */

/*
 * Reset the pair and begin again with the oldest copy not completed; doing a part of a copy twice is
 * harmless. If there is a status, that copy is not tried again but fails with it.
 */
static void recover(struct gdma_engine *engine, esp_err_t status)
{
    unsigned state = port_irq_mask();
    bool fail = status != ESP_OK && engine->kept != engine->tail;
    gdma_reset(engine);
    driver_rewind(engine->base.driver, fail);
    engine->stalls = 0;
    port_irq_unmask(state);
    if (fail) {
        engine->redos = 0;
        driver_failed(engine->base.driver, status);
    }
    feed(engine);
}

/*
 * A short RX list comes from a lost RESTART: begin again, and from then on rely on none, at the price of a
 * gap between lists. A list that is short even so is an error.
 */
static void recover_from(struct gdma_engine *engine, esp_err_t trouble)
{
    if (trouble == ESP_ERR_INVALID_SIZE) {
        engine->cautious = true;
        trouble = engine->redos++ < REDOS_MAX ? ESP_OK : trouble;
    }
    recover(engine, trouble);
}

/* ---- Complete: from closed segments to copies that are done ---- */

/* The end of a frame is signalled: wait for the write-back of its node, which is only cycles behind (R8). */
void gdma_await_writeback(const struct gdma_engine *engine)
{
    uint32_t node = mmio_read(gdma_pair_in(engine, GDMA_EOF_DES_ADDR));
    if (node < gdma_bus_address(gdma_first(engine)) || node > gdma_bus_address(engine->last)) {
        return; /* nothing has ended since the chip's reset, or it was another driver's */
    }
    const struct gdma_node *ended = (const struct gdma_node *)(uintptr_t)node;
    for (unsigned look = 0; look < WRITEBACK_POLL; look++) {
        if ((desc_read(&ended->dw0) & GDMA_DW0_OWNER_DMA) == 0) {
            return;
        }
    }
}

/* The last segment of the oldest copy with the DMA; NULL: there is none, or not all of it is linked. */
static inline struct gdma_segment *end_of_oldest(const struct gdma_engine *engine)
{
    struct gdma_segment *segment = engine->kept;
    do {
        if (segment == engine->tail) {
            return NULL;
        }
        segment = linked_to(segment);
    } while (segment->ends == NULL);
    return segment;
}

static inline bool is_in_trouble(const struct gdma_engine *engine)
{
    uint32_t in_raw = mmio_read(gdma_pair_in_int(engine, GDMA_INT_RAW));
    uint32_t out_raw = mmio_read(gdma_pair_out_int(engine, GDMA_INT_RAW));
    return ((in_raw & IN_TROUBLE) | (out_raw & OUT_TROUBLE)) != 0;
}

/*
 * Complete the oldest copy if its last segment is closed; all before that are, then. Before it is believed,
 * the error bits are looked at, after the node was seen closed: after a halt, a RESTART may have let data run
 * into the wrong node.
 */
static inline bool complete_oldest(struct gdma_engine *engine)
{
    struct gdma_segment *segment = end_of_oldest(engine);
    if (segment == NULL || !is_closed(segment)) {
        return false;
    }
    const struct request *request = segment->ends;
    if (is_in_trouble(engine)) {
        return false;
    }
    engine->kept = segment;
    engine->stalls = 0;
    engine->redos = 0;
    driver_succeeded(engine->base.driver, request);
    return true;
}

/* Segments within a copy that the DMA has given back: their nodes are free. */
static void reclaim(struct gdma_engine *engine)
{
    while (engine->kept != engine->tail) {
        struct gdma_segment *segment = linked_to(engine->kept);
        if (segment->ends != NULL || !is_closed(segment)) {
            return;
        }
        engine->kept = segment;
        engine->stalls = 0;
    }
}

/* Has this interrupt signalled the end of a frame that lies behind `kept`? Then it is written back by now. */
static __attribute__((noinline)) bool await_end(struct gdma_engine *engine)
{
    bool signalled = (engine->signalled & GDMA_IN_SUC_EOF) != 0;
    engine->signalled = 0;
    if (!signalled ||
        mmio_read(gdma_pair_in(engine, GDMA_EOF_DES_ADDR)) == gdma_bus_address(&engine->kept->rx)) {
        return false;
    }
    gdma_await_writeback(engine);
    return true;
}

/* Not all is done: an error, copies with the DMA, requests that wait for nodes. */
static __attribute__((noinline)) void go_on(struct gdma_engine *engine)
{
    if (engine->task != NULL) {
        gdma_task_interrupt(engine);
        return;
    }
    esp_err_t trouble = gdma_trouble(engine);
    if (trouble != ESP_OK) {
        recover_from(engine, trouble);
        return;
    }
    if (engine->hungry) {
        reclaim(engine);
        feed(engine);
    }
    if (engine->kept != engine->tail) {
        restart(engine);
    }
}

static void gdma_interrupt(void *argument)
{
    struct gdma_engine *engine = argument;
    unsigned rounds = engine->rounds_max;
    /*
     * Clear first, look at the segments then: what ends in between interrupts once more (R6, R7). Only what
     * is enabled: a segment that ended before a request was short of nodes interrupts when that is enabled.
     */
    uint32_t status = mmio_read(gdma_pair_in_int(engine, GDMA_INT_ST));
    mmio_write(gdma_pair_in_int(engine, GDMA_INT_CLR), status & CLEAR_EACH);
    engine->signalled = (uint8_t)status;
    do {
        if (!complete_oldest(engine) && !await_end(engine)) {
            break;
        }
        if (engine->kept == engine->ready) {
            return; /* all is done, and nothing waits */
        }
    } while (--rounds != 0);
    go_on(engine);
}

/*
 * Nothing closed since the last look: first assume a lost RESTART, which the interrupt's handler strobes
 * again, then that the hardware cannot do this copy.
 */
static bool gdma_check(struct port_check *check)
{
    struct gdma_engine *engine = (struct gdma_engine *)((char *)check - offsetof(struct gdma_engine, check));
    gdma_interrupt(engine);
    reclaim(engine);
    if (engine->kept == engine->tail) {
        engine->stalls = 1;
        engine->cautious = false;
        engine->ready = NULL; /* who submits next has the check armed again */
        return false;
    }
    if (engine->stalls++ == 2) {
        recover(engine, ESP_ERR_TIMEOUT);
    }
    return engine->kept != engine->tail;
}

/* ---- Open and close ---- */

static struct gdma_engine *pair_users[CHIP_GDMA_PAIRS];

static bool take_pair(struct gdma_engine *engine)
{
    unsigned pair = 0;
    unsigned state = port_irq_mask();
    while (pair < CHIP_GDMA_PAIRS && pair_users[pair] != NULL) {
        pair++;
    }
    if (pair < CHIP_GDMA_PAIRS) {
        pair_users[pair] = engine;
        engine->pair = (uint8_t)pair;
    }
    port_irq_unmask(state);
    return pair < CHIP_GDMA_PAIRS;
}

static size_t segment_count(uint32_t backlog)
{
    return backlog + 1u > SEGMENTS_MIN ? backlog + 1u : SEGMENTS_MIN;
}

static size_t gdma_room(const struct engine_config *config)
{
    size_t count = segment_count(config->backlog);
    return count > UINT16_MAX ? SIZE_MAX : count * sizeof(struct gdma_segment);
}

static esp_err_t gdma_open(struct engine *base, const struct engine_config *config)
{
    struct gdma_engine *engine = (struct gdma_engine *)base;
    base->reach_first = CHIP_SRAM_FIRST;
    base->reach_last = CHIP_SRAM_LAST;
    engine->last = gdma_first(engine) + segment_count(config->backlog) - 1;
    engine->tail = engine->last;
    gdma_link_ring(engine);
    engine->rounds_max = (uint16_t)(config->backlog + 1);
    /* RX data bursts want aligned buffers and sizes (section 3): only when declared. */
    bool bursts = config->sram_align >= sizeof(uint32_t);
    engine->in_conf0 =
        GDMA_IN_CONF0_MEM_TRANS | GDMA_IN_CONF0_DSCR_BURST | (bursts ? GDMA_IN_CONF0_DATA_BURST : 0);
    engine->node_max = (uint16_t)(GDMA_NODE_MAX & ~(config->sram_align - 1));
    if (!take_pair(engine)) {
        port_log('E', "install: all %u DMA pairs are in use; uninstall a driver first", CHIP_GDMA_PAIRS);
        return ESP_FAIL;
    }
    engine->in_int = gdma_in_int(engine->pair, 0);
    engine->in = gdma_in(engine->pair, 0);
    if (!port_irq_attach(gdma_in_source(engine->pair), gdma_interrupt, engine)) {
        pair_users[engine->pair] = NULL;
        port_log('E', "install: no CPU interrupt line is free; uninstall a driver first");
        return ESP_FAIL;
    }
    gdma_reset(engine);
    port_check_add(&engine->check, gdma_check);
    driver_set_event(base->driver, GDMA_EVENT_IN_SUC_EOF + engine->pair); /* one end of a frame a copy */
    return ESP_OK;
}

static void gdma_close(struct engine *base)
{
    struct gdma_engine *engine = (struct gdma_engine *)base;
    gdma_retire_task(engine);
    port_check_remove(&engine->check);
    gdma_stop(engine);
    port_irq_detach(gdma_in_source(engine->pair));
    const uint32_t in = gdma_pair_in(engine, 0);
    mmio_write(in + GDMA_PERI_SEL, GDMA_PERI_SEL_NONE);
    mmio_write(in + GDMA_OUT_OFFSET - GDMA_IN_OFFSET + GDMA_PERI_SEL, GDMA_PERI_SEL_NONE);
    pair_users[engine->pair] = NULL;
}

static const struct engine_ops gdma_ops = {
    .name = CHIP_NAME " gdma",
    .size = sizeof(struct gdma_engine),
    .dma_memory = true,
    .room = gdma_room,
    .open = gdma_open,
    .kick = gdma_kick,
    .take_now = gdma_take_now,
    .new_event = CHIP_HAS_ETM ? driver_new_event : NULL,
    .new_task = CHIP_HAS_ETM ? gdma_new_task : NULL,
    .close = gdma_close,
};

esp_err_t esp_async_memcpy_install_gdma_ahb(const async_memcpy_config_t *config, async_memcpy_t *asmcp)
{
    if (!port_chip_start()) {
        if (asmcp != NULL) {
            *asmcp = NULL;
        }
        return ESP_FAIL;
    }
    return driver_install(&gdma_ops, config, asmcp);
}
