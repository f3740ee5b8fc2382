/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The DPDK engine: one thread per driver hands copies to a DMA device, in pieces, and reports them done.
 *
 *   submitter ── kick ─▶ doorbell ── wakes ─▶ take ─▶ cut ─▶ pieces ─▶ device
 *                                                              │          │ completed, in order
 *                                             driver_done ◀── oldest ◀────┘
 *
 * A dmadev is not thread-safe, so everything that concerns it happens on that thread. A device need not work
 * in order, only report in order; so a piece waits while it meets one in flight (DESIGN.md, "The DPDK
 * engine").
 */
#define _GNU_SOURCE
#include <errno.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <unistd.h>

#include "dpdk.h"
#include "engine.h"
#include "esp_async_memcpy_dpdk.h"
#include "port.h"

#define DEPTH          64         /* pieces on the device at once; a batch of completions has no more */
#define PIECE          (32 << 10) /* bytes: below what any device takes at once */
#define SMALLEST_PIECE 512
#define DOORBELL       16 /* pieces after which the device is told to begin */

/* Deadlines of the POSIX port are in nanoseconds. */
#define US   INT64_C(1000)
#define MS   (1000 * US)
#define POLL (50 * US) /* looks without a pause after the last progress: the price of one wake-up */
#define NAP  (1 * MS)  /* longest sleep while copies are in flight */
#define LINGER                                                                                               \
    (5 * MS) /* a device in software, without work, runs on: as costly as stopping and starting it */
#define TOO_LONG (2000 * MS) /* without progress: it stands still */
#define LOOK     (10 * MS)   /* most that one look counts for: this thread may have been kept from looking */

struct piece {
    char *dst;
    const char *src;
    size_t n;         /* 0: not the device's business */
    bool last;        /* of its copy */
    esp_err_t status; /* known before */
};

struct dpdk_engine {
    struct engine base;
    struct dpdk_device device;
    pthread_t thread;
    int64_t poll;
    _Atomic bool stop;
    _Alignas(PORT_LINE) struct port_event doorbell;

    /* The rest is the thread's own. */
    const struct request *copy; /* being cut; NULL: to be taken */
    size_t cut;                 /* bytes of it */
    size_t piece_size;
    struct piece pieces[DEPTH];
    uint32_t oldest;    /* pieces begin here */
    uint32_t newest;    /* and end before this one */
    unsigned on_device; /* how many of them */
    unsigned unsaid;    /* of these, how many the device has not been told of */
    esp_err_t status;   /* so far, of the copy that the oldest piece belongs to */
    int64_t looked;     /* when, the last time */
    int64_t still;      /* for how long nothing has moved */
};

/* ---- Down: copies into pieces, pieces to the device ---- */

/* Have the device begin. */
static void ring(struct dpdk_engine *engine)
{
    if (engine->unsaid > 0 && rte_dma_submit(engine->device.id, 0) < 0) {
        engine->device.broken = true;
    }
    engine->unsaid = 0;
}

static bool overlap(const char *a, size_t a_n, const char *b, size_t b_n)
{
    return (uintptr_t)a - (uintptr_t)b < b_n || (uintptr_t)b - (uintptr_t)a < a_n;
}

/* Does the order of these two matter? */
static bool depend(const struct piece *a, const struct piece *b)
{
    return overlap(a->dst, a->n, b->dst, b->n) || overlap(a->dst, a->n, b->src, b->n) ||
           overlap(a->src, a->n, b->dst, b->n);
}

static bool must_wait(const struct dpdk_engine *engine, const struct piece *piece)
{
    bool meets = false;
    for (uint32_t i = engine->oldest; !engine->device.software && !meets && i != engine->newest; i++) {
        meets = depend(piece, &engine->pieces[i % DEPTH]);
    }
    return meets;
}

/* 0, or why the device does not take it. */
static int hand_over(struct dpdk_engine *engine, const struct piece *piece, rte_iova_t dst, rte_iova_t src)
{
    int16_t id = engine->device.id;
    if (engine->device.tells_room && rte_dma_burst_capacity(id, 0) == 0) {
        ring(engine); /* a batch may be as long as it can be */
        if (rte_dma_burst_capacity(id, 0) == 0) {
            return -ENOSPC;
        }
    }
    int index = rte_dma_copy(id, 0, src, dst, (uint32_t)piece->n, 0);
    if (index < 0) {
        return index;
    }
    engine->on_device++;
    engine->unsaid++;
    if (engine->unsaid >= DOORBELL) {
        ring(engine);
    }
    return 0;
}

/* Its copy ends here, for a reason that is not to be found in the device's reports. */
static bool fail(struct piece *piece, esp_err_t status)
{
    piece->n = 0;
    piece->last = true;
    piece->status = status;
    return true;
}

/* false: it has to wait. */
static bool send(struct dpdk_engine *engine, struct piece *piece)
{
    struct dpdk_device *device = &engine->device;
    rte_iova_t dst = dpdk_address(device, piece->dst, &piece->n);
    rte_iova_t src = dpdk_address(device, piece->src, &piece->n);
    if (dst == RTE_BAD_IOVA || src == RTE_BAD_IOVA) {
        return fail(piece, ESP_ERR_INVALID_ARG); /* given back since it was submitted */
    }
    if (must_wait(engine, piece)) {
        return false;
    }
    if (!dpdk_device_start(device)) {
        return fail(piece, ESP_ERR_INVALID_STATE);
    }
    int refusal = hand_over(engine, piece, dst, src);
    if (refusal == -ENOSPC && engine->on_device > 0) {
        return false;
    }
    if (refusal != 0) {
        device->broken = engine->on_device == 0; /* idle, and takes nothing */
        return fail(piece, ESP_ERR_INVALID_STATE);
    }
    return true;
}

/* The next piece of the copy at hand; false: it has to wait. */
static bool feed_piece(struct dpdk_engine *engine)
{
    const struct request *copy = engine->copy;
    struct piece piece = {
        .dst = (char *)copy->dst + engine->cut,
        .src = (const char *)copy->src + engine->cut,
    };
    if (copy->dst == copy->src) {
        piece.last = true;
    } else {
        size_t left = copy->n - engine->cut;
        piece.n = left < engine->piece_size ? left : engine->piece_size;
        if (!send(engine, &piece)) {
            return false;
        }
        piece.last = piece.last || piece.n == left;
    }
    engine->pieces[engine->newest++ % DEPTH] = piece;
    engine->cut += piece.n;
    if (piece.last) {
        engine->copy = NULL;
    }
    return true;
}

static bool has_copy(struct dpdk_engine *engine)
{
    if (engine->copy == NULL) {
        engine->copy = driver_take(engine->base.driver);
        engine->cut = 0;
    }
    return engine->copy != NULL;
}

/* It has stopped working, with pieces on it. */
static bool is_stuck(const struct dpdk_engine *engine)
{
    return engine->device.broken && engine->on_device > 0;
}

static bool feed(struct dpdk_engine *engine)
{
    uint32_t before = engine->newest;
    while (engine->newest - engine->oldest < DEPTH && !is_stuck(engine) && has_copy(engine) &&
           feed_piece(engine)) {
    }
    ring(engine);
    return engine->newest != before;
}

/* ---- Up: what the device has done ---- */

/* What this report means for the copy. What the device left undone, though it could be done, is done here:
 * nothing in flight depends on it. */
static esp_err_t settle(struct dpdk_engine *engine, const struct piece *piece,
                        enum rte_dma_status_code report)
{
    switch (report) {
    case RTE_DMA_STATUS_SUCCESSFUL:
        return ESP_OK;
    case RTE_DMA_STATUS_INVALID_LENGTH:
        engine->piece_size = engine->piece_size > SMALLEST_PIECE ? engine->piece_size / 2 : SMALLEST_PIECE;
        memcpy(piece->dst, piece->src, piece->n);
        return ESP_OK;
    case RTE_DMA_STATUS_PAGE_FAULT:
    case RTE_DMA_STATUS_NOT_ATTEMPTED:
    case RTE_DMA_STATUS_USER_ABORT:
        memcpy(piece->dst, piece->src, piece->n);
        return ESP_OK;
    case RTE_DMA_STATUS_INVALID_SRC_ADDR:
    case RTE_DMA_STATUS_INVALID_DST_ADDR:
    case RTE_DMA_STATUS_INVALID_ADDR:
        return ESP_ERR_INVALID_ARG;
    default:
        return ESP_ERR_INVALID_RESPONSE;
    }
}

/* The oldest piece is through. */
static void retire(struct dpdk_engine *engine, esp_err_t status)
{
    bool last = engine->pieces[engine->oldest++ % DEPTH].last;
    if (engine->status == ESP_OK) {
        engine->status = status;
    }
    if (last) {
        status = engine->status;
        engine->status = ESP_OK;
        driver_done(engine->base.driver, status);
    }
}

/* Reports of the device, and what is left of them. */
struct reports {
    uint16_t good; /* these come first */
    uint16_t told; /* the others have a code each */
    uint16_t next;
    enum rte_dma_status_code codes[DEPTH];
};

static void ask(struct dpdk_engine *engine, struct reports *reports)
{
    uint16_t index;
    bool failed = false;
    reports->good = rte_dma_completed(engine->device.id, 0, DEPTH, &index, &failed);
    if (failed) {
        reports->told = rte_dma_completed_status(engine->device.id, 0, DEPTH, &index, reports->codes);
        engine->device.broken |= reports->told == 0;
    }
}

/* Is the oldest piece through, and how? */
static bool is_through(struct dpdk_engine *engine, struct reports *reports, esp_err_t *status)
{
    const struct piece *piece = &engine->pieces[engine->oldest % DEPTH];
    *status = piece->status;
    if (piece->n == 0) {
        return true;
    }
    if (reports->good > 0) {
        reports->good--;
    } else if (reports->next < reports->told) {
        *status = settle(engine, piece, reports->codes[reports->next++]);
    } else {
        return false;
    }
    engine->on_device--;
    return true;
}

static bool harvest(struct dpdk_engine *engine)
{
    struct reports reports = {.good = 0};
    uint32_t before = engine->oldest;
    esp_err_t status;
    if (engine->on_device > 0) {
        ask(engine, &reports);
    }
    port_isr_enter();
    while (engine->oldest != engine->newest && is_through(engine, &reports, &status)) {
        retire(engine, status);
    }
    port_isr_leave();
    return engine->oldest != before;
}

/*
 * The device does not go on: reset it, fail the oldest copy, and begin anew with the one behind it. Those
 * behind may have been copied already: none depends on another, so that once more does no harm.
 */
static void recover(struct dpdk_engine *engine, esp_err_t status)
{
    dpdk_device_reset(&engine->device);
    engine->oldest = engine->newest;
    engine->on_device = engine->unsaid = 0;
    engine->copy = NULL;
    engine->status = ESP_OK;
    port_isr_enter();
    driver_done(engine->base.driver, status);
    driver_rewind(engine->base.driver, false);
    port_isr_leave();
}

/* ---- The thread ---- */

/* Has anything moved? */
static bool look(struct dpdk_engine *engine)
{
    bool moved = feed(engine);
    moved |= harvest(engine);
    if (is_stuck(engine)) {
        recover(engine, ESP_ERR_INVALID_STATE);
        moved = true;
    }
    int64_t now = port_deadline(0);
    int64_t since = now - engine->looked;
    engine->looked = now;
    engine->still = moved ? 0 : engine->still + (since < LOOK ? since : LOOK);
    return moved;
}

/* Until when there is nothing to look for, but for the doorbell. */
static int64_t next_look(const struct dpdk_engine *engine)
{
    int64_t nap = engine->still / 4; /* so a copy is told late by a part of its time at the most */
    if (engine->on_device > 0) {
        return engine->looked + (nap < NAP ? nap : NAP);
    }
    if (engine->device.software && engine->device.started) {
        return engine->looked + LINGER - engine->still;
    }
    return PORT_FOREVER;
}

static void rest(struct dpdk_engine *engine)
{
    uint32_t key = port_event_key(&engine->doorbell);
    if (look(engine) || atomic_load_explicit(&engine->stop, memory_order_acquire)) {
        port_event_cancel(&engine->doorbell);
    } else {
        port_event_wait(&engine->doorbell, key, next_look(engine));
    }
}

static void *work(void *argument)
{
    struct dpdk_engine *engine = argument;
    engine->looked = port_deadline(0);
    while (!atomic_load_explicit(&engine->stop, memory_order_acquire)) {
        if (look(engine)) {
            continue;
        }
        if (engine->on_device > 0 && engine->still > TOO_LONG) {
            recover(engine, ESP_ERR_TIMEOUT);
        } else if (engine->still < engine->poll) {
            port_relax();
        } else {
            if (engine->on_device == 0 && engine->device.software && engine->still >= LINGER) {
                dpdk_device_stop(&engine->device);
            }
            rest(engine);
        }
    }
    return NULL;
}

/* ---- What the driver calls ---- */

/* From the installer to open_all(), which driver_install() calls on the same thread. */
static _Thread_local const char *wanted_device;

static esp_err_t start_thread(struct dpdk_engine *engine)
{
    int error = pthread_create(&engine->thread, NULL, work, engine);
    if (error != 0) {
        port_log('E', "install: no thread can be created (%s); end some threads or raise the limit",
                 strerror(error));
        return ESP_FAIL;
    }
    pthread_setname_np(engine->thread, "async-dpdk");
    return ESP_OK;
}

static esp_err_t open_all(struct dpdk_engine *engine)
{
    esp_err_t status = dpdk_eal_start();
    if (status == ESP_OK) {
        status = dpdk_device_open(&engine->device, wanted_device, DEPTH);
    }
    if (status != ESP_OK) {
        return status;
    }
    engine->base.reach_last = engine->device.all_memory ? UINTPTR_MAX : 0; /* 0: dpdk_reach() tells */
    engine->piece_size = PIECE;
    engine->poll = sysconf(_SC_NPROCESSORS_ONLN) > 1 ? POLL : 0;
    status = start_thread(engine);
    if (status != ESP_OK) {
        dpdk_device_close(&engine->device);
    }
    return status;
}

/* Signals are for the program's own threads, so all that are created meanwhile, DPDK's too, block them. Those
 * that tell of a fault stay with the thread at fault. */
static esp_err_t dpdk_open(struct engine *base, const struct engine_config *config)
{
    (void)config;
    sigset_t signals, before;
    sigfillset(&signals);
    sigdelset(&signals, SIGBUS);
    sigdelset(&signals, SIGSEGV);
    sigdelset(&signals, SIGFPE);
    sigdelset(&signals, SIGILL);
    pthread_sigmask(SIG_BLOCK, &signals, &before);
    esp_err_t status = open_all((struct dpdk_engine *)base);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return status;
}

static bool dpdk_reach(const struct engine *base, const void *memory, size_t n)
{
    (void)base;
    return dpdk_knows(memory, n);
}

static void dpdk_kick(struct engine *base)
{
    port_event_signal(&((struct dpdk_engine *)base)->doorbell);
}

static void dpdk_close(struct engine *base)
{
    struct dpdk_engine *engine = (struct dpdk_engine *)base;
    if (base->orphan) {
        return; /* thread and device are the parent's */
    }
    atomic_store_explicit(&engine->stop, true, memory_order_release);
    port_event_signal(&engine->doorbell);
    pthread_join(engine->thread, NULL);
    dpdk_device_close(&engine->device);
}

static const struct engine_ops dpdk_ops = {
    .name = "dpdk",
    .size = sizeof(struct dpdk_engine),
    .remedy = "rte_malloc(), or rte_extmem_register() with rte_dev_dma_map(), makes memory known to DPDK",
    .open = dpdk_open,
    .reach = dpdk_reach,
    .kick = dpdk_kick,
    .new_event = driver_new_event,
    .close = dpdk_close,
};

esp_err_t esp_async_memcpy_install_dpdk(const async_memcpy_config_t *config, const char *device,
                                        async_memcpy_t *asmcp)
{
    wanted_device = device;
    return driver_install(&dpdk_ops, config, asmcp);
}
