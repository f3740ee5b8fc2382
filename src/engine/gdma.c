/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The GDMA engine: copies through one pair (a TX and an RX channel) of the AHB general DMA.
 *
 * A request is cut into segments; a segment is one TX node and one RX node of the same size and the same
 * index. Two rings of nodes are filled in step, each linked list ending in NULL, so that the DMA goes from
 * copy to copy alone:
 *
 *      kept     oldest            (DMA is here)            fill
 *   ────●─────────●────────●────────────●────────────●───────○───────○──── index, modulo count
 *    closed     linked   linked      linked       tail,    free    free
 *    last                                        next = 0
 *
 *   feed:    write both nodes, link RX and RESTART it, then link TX and RESTART it      any context
 *   harvest: RX nodes that the DMA has given back, in order; a copy is done with its last    interrupt
 *   check:   nothing closed for a while: RESTART, then reset and fail the oldest copy        interrupt
 * (timer)
 *
 * The node closed last is kept: the engine may still re-read its `next` (hardware facts, 4.5, consequence 1).
 * Nobody writes a TX node back, so a TX node is free as soon as the RX node after it is closed. DESIGN.md,
 * "The append", tells why this is right at every answer to the hardware's open questions.
 */
#include "esp_async_memcpy_ext.h"
#include "gdma.h"

#define REDOS_MAX    2 /* attempts at a copy whose RX list comes up short */
#define SEGMENTS_MIN 4 /* a refill must never hang on the newest node */
/* Looks at a node whose end of frame is signalled and whose write-back is on its way (R8): more than the
 * cycles it may take, for a look takes at least one. */
#define WRITEBACK_POLL 48

enum harvest { NOTHING, PART, COPY, TROUBLE };

#define IN_INTERRUPTS (GDMA_IN_SUC_EOF | GDMA_IN_DSCR_ERR | GDMA_IN_DSCR_EMPTY)
#define IN_TROUBLE    (GDMA_IN_DSCR_ERR | GDMA_IN_DSCR_EMPTY)
#define OUT_TROUBLE   GDMA_OUT_DSCR_ERR
#define CLEAR_EACH    (GDMA_IN_SUC_EOF | GDMA_IN_DONE)

/* ---- The channel ---- */

/* Have both directions look again for nodes behind their last: RX first, so that data finds a place (R3). */
static void restart(const struct gdma_engine *engine)
{
    gdma_write_in_link(engine, GDMA_IN_LINK_RESTART);
    gdma_write_out_link(engine, GDMA_OUT_LINK_RESTART);
}

/* The pair-th of the ids that connect a pair's two channels: every pair needs its own (hardware facts, 2.5).
 */
static uint32_t m2m_id(unsigned pair)
{
    uint32_t ids = CHIP_GDMA_M2M_IDS;
    for (unsigned skip = 0; skip < pair; skip++) {
        ids &= ids - 1;
    }
    return (uint32_t)__builtin_ctz(ids);
}

/* Stop is not acknowledged; the reset behind it is the barrier after which nothing is written any more (R9).
 */
void gdma_stop(const struct gdma_engine *engine)
{
    mmio_write(gdma_in_int(engine->pair, GDMA_INT_ENA), 0);
    gdma_write_in_link(engine, GDMA_IN_LINK_STOP);
    gdma_write_out_link(engine, GDMA_OUT_LINK_STOP);
    mmio_write(gdma_out(engine->pair, GDMA_CONF0), GDMA_OUT_CONF0_RST);
    mmio_write(gdma_in(engine->pair, GDMA_CONF0), GDMA_IN_CONF0_RST);
    mmio_write(gdma_out(engine->pair, GDMA_CONF0), 0);
    mmio_write(gdma_in(engine->pair, GDMA_CONF0), 0);
    mmio_write(gdma_in_int(engine->pair, GDMA_INT_CLR), GDMA_IN_INT_ALL);
    mmio_write(gdma_out_int(engine->pair, GDMA_INT_CLR), GDMA_OUT_INT_ALL);
}

/*
 * Reset the pair, with nothing linked, and configure it; a reset may clear the configuration too. RX data
 * bursts want aligned buffers and sizes (section 3): only when declared.
 */
void gdma_reset(struct gdma_engine *engine)
{
    unsigned pair = engine->pair;
    gdma_stop(engine);
    mmio_write(gdma_in(pair, GDMA_PERI_SEL), m2m_id(pair));
    mmio_write(gdma_out(pair, GDMA_PERI_SEL), m2m_id(pair));
    mmio_write(gdma_in(pair, GDMA_CONF1), 0); /* no owner check: lists end in NULL */
    mmio_write(gdma_out(pair, GDMA_CONF1), 0);
    mmio_write(gdma_out(pair, GDMA_CONF0),
               GDMA_OUT_CONF0_EOF_MODE | GDMA_OUT_CONF0_DSCR_BURST | GDMA_OUT_CONF0_DATA_BURST);
    mmio_write(gdma_in(pair, GDMA_CONF0), GDMA_IN_CONF0_MEM_TRANS | GDMA_IN_CONF0_DSCR_BURST |
                                              (engine->bursts ? GDMA_IN_CONF0_DATA_BURST : 0));
    mmio_write(gdma_in_int(pair, GDMA_INT_ENA), IN_INTERRUPTS);
    engine->hungry = false;
    engine->started = false;
    engine->fill = 0;
    engine->oldest = 0;
    engine->linked = engine->closed;
    engine->feeding = NULL;
}

/* What the hardware says went wrong; ESP_OK: nothing. */
esp_err_t gdma_trouble(const struct gdma_engine *engine)
{
    uint32_t in_raw = mmio_read(gdma_in_int(engine->pair, GDMA_INT_RAW));
    uint32_t out_raw = mmio_read(gdma_out_int(engine->pair, GDMA_INT_RAW));
    if ((in_raw & GDMA_IN_DSCR_ERR) != 0 || (out_raw & GDMA_OUT_DSCR_ERR) != 0) {
        return ESP_ERR_INVALID_RESPONSE;
    }
    return (in_raw & GDMA_IN_DSCR_EMPTY) != 0 ? ESP_ERR_INVALID_SIZE : ESP_OK;
}

/* ---- Feed: from requests to linked nodes ---- */

/* DW0 comes last in each node: it hands the node over (R11). */
static void write_nodes(struct gdma_node *rx, struct gdma_node *tx, uint32_t dst, uint32_t src, uint32_t size,
                        bool ends_frame)
{
    desc_write(&rx->buffer, dst);
    desc_write(&rx->next, 0);
    desc_write(&rx->dw0, gdma_dw0(size, 0, GDMA_DW0_OWNER_DMA));
    desc_write(&tx->buffer, src);
    desc_write(&tx->next, 0);
    desc_write(&tx->dw0, gdma_dw0(size, size, GDMA_DW0_OWNER_DMA | (ends_frame ? GDMA_DW0_SUC_EOF : 0)));
}

/*
 * Make a pair of nodes the end of both lists. Everything about RX is in place before TX gets to know
 * anything: TX that runs on at once must find a place for its data (R3). Links are stored before the strobe
 * that has them read (R2).
 */
static void link_nodes(struct gdma_engine *engine, struct gdma_node *rx, struct gdma_node *tx)
{
    unsigned tail = (engine->fill != 0 ? engine->fill : engine->count) - 1u;
    mmio_fence();
    desc_write(&engine->rx[tail].next, gdma_bus_address(rx));
    if (engine->started) {
        mmio_fence();
        gdma_write_in_link(engine, GDMA_IN_LINK_RESTART);
    }
    desc_write(&engine->tx[tail].next, gdma_bus_address(tx));
    if (engine->started) {
        mmio_fence();
        gdma_write_out_link(engine, GDMA_OUT_LINK_RESTART);
    }
}

/* After open() or a reset: everything is linked that can be, so that nothing hangs on a RESTART. */
static void start(struct gdma_engine *engine)
{
    engine->started = true;
    mmio_fence();
    gdma_write_in_link(engine, (gdma_bus_address(&engine->rx[engine->oldest]) & GDMA_LINK_ADDR_MASK) |
                                   GDMA_IN_LINK_START);
    gdma_write_out_link(engine, (gdma_bus_address(&engine->tx[engine->oldest]) & GDMA_LINK_ADDR_MASK) |
                                    GDMA_OUT_LINK_START);
}

/* IN_DONE interrupts are wanted only while a request waits for nodes. */
static void set_hungry(struct gdma_engine *engine, bool hungry)
{
    if (engine->hungry != hungry) {
        engine->hungry = hungry;
        mmio_write(gdma_in_int(engine->pair, GDMA_INT_ENA), IN_INTERRUPTS | (hungry ? GDMA_IN_DONE : 0));
    }
}

/*
 * May nodes be linked now? A cautious engine appends to no list at work: when all of the last one is closed,
 * it begins a new one, with whatever waits by then. A copy in between goes on where it was.
 */
static bool may_link(struct gdma_engine *engine)
{
    if (!engine->cautious || !engine->started) {
        return true;
    }
    if (engine->linked != engine->closed) {
        return false;
    }
    const struct request *feeding = engine->feeding;
    gdma_reset(engine);
    engine->feeding = feeding;
    return true;
}

/* A cautious engine ends a list with a frame, also within a copy: only that is sure to close the last RX
 * node. */
static bool ends_list(const struct gdma_engine *engine)
{
    return engine->cautious && engine->linked - engine->closed == engine->count - 2u;
}

/* Is the oldest segment, which ends a frame, not the end of its copy? Then it ended a list. */
static bool ends_within_copy(const struct gdma_engine *engine)
{
    return engine->cautious && engine->feeding != NULL && engine->fed != 0 &&
           engine->linked - engine->closed == 1;
}

/* Link one segment of the next request; false: there is no request, or no node for it. Inside
 * port_irq_mask(). */
static bool feed_segment(struct gdma_engine *engine)
{
    if (engine->feeding == NULL) {
        engine->feeding = driver_take(engine->base.driver);
        engine->fed = 0;
    }
    const struct request *request = engine->feeding;
    /* One node is kept, one more than those with the DMA. */
    bool full =
        request != NULL && (engine->linked - engine->closed == engine->count - 1u || !may_link(engine));
    set_hungry(engine, full);
    if (request == NULL || full) {
        if (!engine->started && engine->linked != engine->closed) {
            start(engine);
        }
        return false;
    }
    size_t left = request->n - engine->fed;
    uint32_t size = left > engine->node_max ? engine->node_max : (uint32_t)left;
    struct gdma_node *rx = &engine->rx[engine->fill];
    struct gdma_node *tx = &engine->tx[engine->fill];
    write_nodes(rx, tx, gdma_bus_address(request->dst) + (uint32_t)engine->fed,
                gdma_bus_address(request->src) + (uint32_t)engine->fed, size,
                size == left || ends_list(engine));
    link_nodes(engine, rx, tx);
    engine->fed += size;
    if (size == left) {
        engine->feeding = NULL;
    }
    engine->fill = (uint16_t)(engine->fill + 1u == engine->count ? 0 : engine->fill + 1u);
    engine->linked++;
    port_check_arm(&engine->check);
    return true;
}

/* One segment a critical section, so that its length does not grow with the copy. */
static void feed(struct gdma_engine *engine)
{
    bool more;
    do {
        unsigned state = port_irq_mask();
        more = feed_segment(engine);
        port_irq_unmask(state);
    } while (more);
}

static bool gdma_kick(struct engine *base, const struct request *next)
{
    struct gdma_engine *engine = (struct gdma_engine *)base;
    unsigned state = port_irq_mask();
    if (next != NULL && engine->feeding == NULL) {
        engine->feeding = next;
        engine->fed = 0;
    } else if (next != NULL) {
        driver_put_back(base->driver);
    }
    bool more = feed_segment(engine);
    port_irq_unmask(state);
    return more;
}

/* ---- Harvest: from closed nodes to completed copies ---- */

/*
 * Close the oldest segment if the DMA has given it back. Before the end of a copy is believed, the error bits
 * are looked at, after the node was seen closed: after a halt, a RESTART may have let data run into the wrong
 * node.
 */
static enum harvest close_oldest(struct gdma_engine *engine)
{
    if (engine->linked == engine->closed ||
        (desc_read(&engine->rx[engine->oldest].dw0) & GDMA_DW0_OWNER_DMA) != 0) {
        return NOTHING;
    }
    bool ends_copy =
        (desc_read(&engine->tx[engine->oldest].dw0) & GDMA_DW0_SUC_EOF) != 0 && !ends_within_copy(engine);
    if (ends_copy && gdma_trouble(engine) != ESP_OK) {
        return TROUBLE;
    }
    engine->oldest = (uint16_t)(engine->oldest + 1u == engine->count ? 0 : engine->oldest + 1u);
    engine->closed++;
    return ends_copy ? COPY : PART;
}

/* The end of a frame is signalled: wait for the write-back of its node, which is only cycles behind (R8). */
void gdma_await_writeback(const struct gdma_engine *engine)
{
    uint32_t node = mmio_read(gdma_in(engine->pair, GDMA_EOF_DES_ADDR));
    uint32_t offset = node - gdma_bus_address(engine->rx);
    if (offset >= engine->count * sizeof(struct gdma_node)) {
        return; /* nothing has ended since the chip's reset, or it was another driver's */
    }
    const struct gdma_node *ended = (const struct gdma_node *)(uintptr_t)node;
    for (unsigned look = 0; look < WRITEBACK_POLL; look++) {
        if ((desc_read(&ended->dw0) & GDMA_DW0_OWNER_DMA) == 0) {
            return;
        }
    }
}

/*
 * Reset the pair and begin again with the oldest copy not completed; doing a part of a copy twice is
 * harmless. If there is a status, that copy is not tried again but fails with it.
 */
static void recover(struct gdma_engine *engine, esp_err_t status)
{
    async_memcpy_t driver = engine->base.driver;
    unsigned state = port_irq_mask();
    bool fail = status != ESP_OK && engine->linked != engine->closed;
    gdma_reset(engine);
    driver_rewind(driver);
    if (fail) {
        driver_take(driver);
        engine->redos = 0;
    }
    port_irq_unmask(state);
    if (fail) {
        driver_done(driver, status);
    }
    feed(engine);
}

/*
 * A short RX list comes from a lost RESTART: begin again, and from then on rely on none, at the price of a
 * gap between lists. A list that is short even so is an error.
 */
static void recover_from_trouble(struct gdma_engine *engine)
{
    esp_err_t status = gdma_trouble(engine);
    if (status == ESP_ERR_INVALID_SIZE) {
        engine->cautious = true;
        status = engine->redos++ < REDOS_MAX ? ESP_OK : status;
    }
    recover(engine, status);
}

/* Complete what has ended; bounded by what was with the DMA when it began. */
static void harvest(struct gdma_engine *engine)
{
    enum harvest result = PART;
    uint32_t budget = engine->linked - engine->closed;
    for (uint32_t left = budget; left != 0 && result != NOTHING; left--) {
        unsigned state = port_irq_mask();
        result = close_oldest(engine);
        port_irq_unmask(state);
        if (result == COPY) {
            engine->redos = 0;
            driver_done(engine->base.driver, ESP_OK);
        } else if (result == TROUBLE) {
            recover_from_trouble(engine);
            return;
        }
    }
}

static void gdma_interrupt(void *argument)
{
    struct gdma_engine *engine = argument;
    if (engine->task != NULL) {
        gdma_task_interrupt(engine);
        return;
    }
    uint32_t closed = engine->closed;
    /* Clear first, look at the nodes then: what ends in between interrupts once more (R6, R7). */
    uint32_t raw = mmio_read(gdma_in_int(engine->pair, GDMA_INT_RAW));
    mmio_write(gdma_in_int(engine->pair, GDMA_INT_CLR), raw & CLEAR_EACH);
    if ((raw & GDMA_IN_SUC_EOF) != 0) {
        gdma_await_writeback(engine);
    }
    harvest(engine);
    feed(engine);
    if ((raw & IN_TROUBLE) != 0 && engine->closed == closed) {
        recover_from_trouble(engine);
    } else if (engine->linked != engine->closed) {
        restart(engine);
    }
}

/* Nothing closed since the last look: first assume a lost RESTART, then that the hardware cannot do this
 * copy. */
static bool gdma_check(struct port_check *check)
{
    struct gdma_engine *engine = (struct gdma_engine *)((char *)check - offsetof(struct gdma_engine, check));
    harvest(engine);
    feed(engine);
    if (engine->closed != engine->closed_at_check || engine->linked == engine->closed) {
        engine->closed_at_check = engine->closed;
        engine->stalls = 0;
        engine->cautious &= engine->linked != engine->closed;
        return engine->linked != engine->closed;
    }
    if (gdma_trouble(engine) != ESP_OK) {
        engine->stalls = 0;
        recover_from_trouble(engine);
    } else if (engine->stalls++ == 0) {
        restart(engine);
    } else {
        engine->stalls = 0;
        recover(engine, ESP_ERR_TIMEOUT);
    }
    return engine->linked != engine->closed;
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
    return count > UINT16_MAX ? SIZE_MAX : 2 * count * sizeof(struct gdma_node);
}

static esp_err_t gdma_open(struct engine *base, const struct engine_config *config)
{
    struct gdma_engine *engine = (struct gdma_engine *)base;
    base->reach_first = CHIP_SRAM_FIRST;
    base->reach_last = CHIP_SRAM_LAST;
    engine->count = (uint16_t)segment_count(config->backlog);
    engine->rx = config->room;
    engine->tx = engine->rx + engine->count;
    engine->node_max = (uint16_t)(GDMA_NODE_MAX & ~(config->sram_align - 1));
    if (!take_pair(engine)) {
        port_log('E', "install: all %u DMA pairs are in use; uninstall a driver first", CHIP_GDMA_PAIRS);
        return ESP_FAIL;
    }
    engine->bursts = config->sram_align >= sizeof(uint32_t);
    gdma_reset(engine);
    if (!port_irq_attach(gdma_in_source(engine->pair), gdma_interrupt, engine)) {
        gdma_stop(engine);
        pair_users[engine->pair] = NULL;
        port_log('E', "install: no CPU interrupt line is free; uninstall a driver first");
        return ESP_FAIL;
    }
    port_check_add(&engine->check, gdma_check);
    base->event =
        GDMA_EVENT_IN_SUC_EOF + engine->pair; /* once per copy: its last TX node alone has suc_eof */
    return ESP_OK;
}

static void gdma_close(struct engine *base)
{
    struct gdma_engine *engine = (struct gdma_engine *)base;
    gdma_retire_task(engine);
    port_check_remove(&engine->check);
    gdma_stop(engine);
    port_irq_detach(gdma_in_source(engine->pair));
    mmio_write(gdma_in(engine->pair, GDMA_PERI_SEL), GDMA_PERI_SEL_NONE);
    mmio_write(gdma_out(engine->pair, GDMA_PERI_SEL), GDMA_PERI_SEL_NONE);
    pair_users[engine->pair] = NULL;
}

static const struct engine_ops gdma_ops = {
    .name = CHIP_NAME " gdma",
    .size = sizeof(struct gdma_engine),
    .dma_memory = true,
    .room = gdma_room,
    .open = gdma_open,
    .kick = gdma_kick,
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
