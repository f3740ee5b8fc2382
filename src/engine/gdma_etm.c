/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A copy that an event starts, with no CPU in between: the event goes through ETM to the START task of TX.
 *
 *   event ─▶ OUT_START ─▶ TX: node ─▶ node ─▶ 0          the copy's nodes, the last with suc_eof
 *                              │ bytes
 *                         RX: node ─▶ node ─▶ node ─▶ node ─┐   two laps or more of the copy's nodes,
 *                          ▲   lap 0            lap 1        │   for ever; the CPU started it once
 *                          └────────────────────────────────┘
 *
 * Each run sends the TX list from its first node and fills one lap of RX, so neither needs the CPU again: no
 * RESTART, no owner checked, nothing written back that the next run would miss. While TX runs, another START
 * is lost. The CPU only counts: it marks the last node of each lap as the DMA's, and a run is over when the
 * DMA has given that node back. If it does not get to look for as many runs as there are laps, those share a
 * callback.
 */
#include "esp_async_memcpy_ext.h"
#include "etm_objects.h"
#include "gdma.h"

#define LAPS_MIN 2 /* one that the DMA fills while the CPU looks at the other */
#define TRIES    3 /* failures with no good run between them, before the channel is left alone */

struct gdma_task {
    struct esp_etm_task_t base;
    struct gdma_engine *engine; /* NULL: the driver is gone. Under port_irq_mask() */
    const struct request *copy;
    uint16_t nodes; /* of a lap */
    uint16_t laps;
    uint16_t lap; /* the next to end */
    uint8_t failures;
};

/* ---- The lists ---- */

/* Bytes of the copy's node-th node. */
static uint32_t node_size(const struct gdma_task *task, unsigned node)
{
    size_t before = (size_t)node * task->engine->node_max;
    size_t left = task->copy->n - before;
    return left < task->engine->node_max ? (uint32_t)left : task->engine->node_max;
}

static void write_node(struct gdma_node *node, const void *buffer, size_t offset,
                       const struct gdma_node *next, uint32_t dw0)
{
    desc_write(&node->buffer, gdma_bus_address(buffer) + (uint32_t)offset);
    desc_write(&node->next, next != NULL ? gdma_bus_address(next) : 0);
    desc_write(&node->dw0, dw0 | GDMA_DW0_OWNER_DMA);
}

static void write_lists(const struct gdma_task *task)
{
    const struct gdma_engine *engine = task->engine;
    unsigned all = (unsigned)task->nodes * task->laps;
    for (unsigned i = 0; i < all; i++) {
        unsigned node = i % task->nodes;
        bool last = node + 1 == task->nodes;
        uint32_t size = node_size(task, node);
        size_t offset = (size_t)node * engine->node_max;
        struct gdma_segment *segment = &gdma_first(engine)[i];
        write_node(&segment->rx, task->copy->dst, offset, &gdma_first(engine)[i + 1 == all ? 0 : i + 1].rx,
                   gdma_dw0(size, 0, 0));
        write_node(&segment->tx, task->copy->src, offset, last ? NULL : &segment[1].tx,
                   gdma_dw0(size, size, last ? GDMA_DW0_SUC_EOF : 0));
    }
}

/* The node whose return says that the run at hand is over. */
static struct gdma_node *end_of_lap(const struct gdma_task *task)
{
    return &gdma_first(task->engine)[((unsigned)task->lap + 1) * task->nodes - 1].rx;
}

/* ---- Ready for events, and no longer. Inside port_irq_mask() ---- */

/* TX is opened to events last, when all that they need is in place. */
static void arm(struct gdma_task *task)
{
    struct gdma_engine *engine = task->engine;
    uint32_t out_conf0 = gdma_pair_out(engine, GDMA_CONF0);
    gdma_reset(engine);
    task->lap = 0;
    write_lists(task);
    mmio_write(gdma_pair_out_int(engine, GDMA_INT_ENA), GDMA_OUT_DSCR_ERR);
    mmio_fence();
    gdma_write_in_link(engine, (gdma_bus_address(&gdma_first(engine)->rx) & GDMA_LINK_ADDR_MASK) |
                                   GDMA_IN_LINK_START);
    gdma_write_out_link(engine, gdma_bus_address(&gdma_first(engine)->tx) & GDMA_LINK_ADDR_MASK);
    mmio_write(out_conf0, mmio_read(out_conf0) | GDMA_OUT_CONF0_ETM_EN);
}

/* TX is closed to events first: ETM_EN may also gate the STOP that comes with a reset. */
static void disarm(const struct gdma_engine *engine)
{
    uint32_t out_conf0 = gdma_pair_out(engine, GDMA_CONF0);
    mmio_write(out_conf0, mmio_read(out_conf0) & ~GDMA_OUT_CONF0_ETM_EN);
    mmio_write(gdma_pair_out_int(engine, GDMA_INT_ENA), 0);
    gdma_stop(engine);
}

/* The pair is for submitted copies again. */
static void leave(struct gdma_task *task)
{
    struct gdma_engine *engine = task->engine;
    disarm(engine);
    port_irq_detach(gdma_out_source(engine->pair));
    gdma_link_ring(engine);
    gdma_reset(engine);
    engine->task = NULL;
    task->engine = NULL;
}

/* ---- Runs ---- */

/* The run failed, and whatever it left in the channel goes. */
static void fail_run(struct gdma_task *task, esp_err_t status)
{
    disarm(task->engine);
    if (++task->failures < TRIES) {
        arm(task);
    }
    driver_ran(task->engine->base.driver, status);
}

/* Report the runs that are over. Any callback may delete the task. */
static void harvest_runs(struct gdma_engine *engine)
{
    for (unsigned left = engine->task->laps; left != 0 && engine->task != NULL; left--) {
        struct gdma_task *task = engine->task;
        struct gdma_node *end = end_of_lap(task);
        uint32_t size = node_size(task, task->nodes - 1u);
        uint32_t dw0 = desc_read(&end->dw0);
        if ((dw0 & GDMA_DW0_OWNER_DMA) != 0) {
            break;
        }
        if ((dw0 & GDMA_DW0_SUC_EOF) == 0 || gdma_dw0_length(dw0) != size) {
            fail_run(task, ESP_ERR_INVALID_SIZE); /* lists out of step */
            return;
        }
        desc_write(&end->dw0, gdma_dw0(size, 0, GDMA_DW0_OWNER_DMA));
        task->lap = (uint16_t)(task->lap + 1 == task->laps ? 0 : task->lap + 1);
        task->failures = 0;
        driver_ran(engine->base.driver, ESP_OK);
    }
}

void gdma_task_interrupt(void *argument)
{
    struct gdma_engine *engine = argument;
    uint32_t ended = mmio_read(gdma_pair_in_int(engine, GDMA_INT_RAW)) & GDMA_IN_SUC_EOF;
    mmio_write(gdma_pair_in_int(engine, GDMA_INT_CLR), ended); /* before the nodes are looked at (R6, R7) */
    if (ended != 0) {
        gdma_await_writeback(engine);
    }
    harvest_runs(engine);
    esp_err_t status = engine->task != NULL ? gdma_trouble(engine) : ESP_OK;
    if (status != ESP_OK) {
        fail_run(engine->task, status);
    }
}

/* ---- Making and deleting ---- */

static esp_err_t del_task(esp_etm_task_handle_t base)
{
    struct gdma_task *task = (struct gdma_task *)base;
    etm_disconnect_task(base);
    unsigned state = port_irq_mask(); /* against close(), and a handler at work */
    if (task->engine != NULL) {
        async_memcpy_t driver = task->engine->base.driver;
        leave(task);
        driver_release(driver);
    }
    port_irq_unmask(state);
    port_free(task);
    return ESP_OK;
}

void gdma_retire_task(struct gdma_engine *engine)
{
    unsigned state = port_irq_mask();
    if (engine->task != NULL) {
        etm_retire_task(&engine->task->base);
        leave(engine->task);
    }
    port_irq_unmask(state);
}

/* Laps of this copy that the nodes are enough for; 0: too few to have it started by events. */
static unsigned count_laps(const struct gdma_engine *engine, size_t n)
{
    size_t count = (size_t)(engine->last - gdma_first(engine)) + 1;
    size_t nodes = (n - 1) / engine->node_max + 1;
    size_t laps = count / nodes;
    if (laps < LAPS_MIN) {
        port_log('E', "task: n %zu; %zu is the most for this backlog, a larger backlog takes more", n,
                 count / LAPS_MIN * engine->node_max);
        return 0;
    }
    return (unsigned)laps;
}

esp_err_t gdma_new_task(struct engine *base, const struct request *copy, esp_etm_task_handle_t *out_task)
{
    struct gdma_engine *engine = (struct gdma_engine *)base;
    unsigned laps = count_laps(engine, copy->n);
    if (laps == 0) {
        return ESP_ERR_INVALID_ARG;
    }
    struct gdma_task *task = port_alloc(sizeof *task, _Alignof(struct gdma_task), false);
    if (task == NULL) {
        port_log('E', "task: no memory for an ETM task; free some first");
        return ESP_ERR_NO_MEM;
    }
    if (!port_irq_attach(gdma_out_source(engine->pair), gdma_task_interrupt, engine)) {
        port_log('E', "task: no CPU interrupt line is free; uninstall a driver first");
        port_free(task);
        return ESP_FAIL;
    }
    task->base.del = del_task;
    task->base.hardware = GDMA_TASK_OUT_START + engine->pair;
    task->engine = engine;
    task->copy = copy;
    task->nodes = (uint16_t)((copy->n - 1) / engine->node_max + 1);
    task->laps = (uint16_t)laps;
    unsigned state = port_irq_mask();
    engine->task = task;
    arm(task);
    port_irq_unmask(state);
    *out_task = &task->base;
    return ESP_OK;
}
