/* SPDX-License-Identifier: Apache-2.0 */
/*
 * DPDK's dmadev with its software device, dma_skeleton: a doorbell per copy (flagged), or one per batch.
 * Batches either wait until a quarter of the window is free (batched), or take what there is room for
 * (eager). The device runs during its own measurements only: its thread never sleeps for long.
 */
#include <pthread.h>
#include <stdio.h>

#include <rte_dmadev.h>
#include <rte_eal.h>
#include <rte_errno.h>
#include <rte_version.h>

#include "cpus.h"
#include "drive.h"
#include "dpdk.h"

enum { VCHAN = 0, MAX_BATCH = 32, MIN_DESCRIPTORS = 32 };

struct skeleton {
    unsigned depth;
    unsigned in_flight; /* submitted, and not seen complete */
    unsigned batch;     /* copies per doorbell */
    unsigned queued;    /* without a doorbell so far */
    unsigned room;      /* free places with which a batch begins */
    bool filling;       /* a batch has begun */
};

static struct skeleton skeleton;
static int16_t device = -1;

static void *initialise(void *result)
{
    char *arguments[] = {"bench",
                         "--no-huge",
                         "--no-shconf",
                         "--no-pci",
                         "--no-telemetry",
                         "--vdev=dma_skeleton0",
                         "--vdev=dma_skeleton1",
                         "--log-level=error",
                         "-m",
                         "64"};
    cpus_unpin();
    int status = rte_eal_init((int)(sizeof arguments / sizeof arguments[0]), arguments);
    *(int *)result = status < 0 ? rte_errno : 0;
    return NULL;
}

/* rte_eal_init() pins who calls it: so a thread of its own calls it. */
bool dpdk_init(void)
{
    pthread_t thread;
    int error = 0;
    if (pthread_create(&thread, NULL, initialise, &error) != 0) {
        return false;
    }
    pthread_join(thread, NULL);
    if (error != 0) {
        fprintf(stderr, "bench: rte_eal_init: %s\n", rte_strerror(error));
        return false;
    }
    device = (int16_t)rte_dma_get_dev_id_by_name("dma_skeleton0");
    struct rte_dma_conf config = {.nb_vchans = 1};
    return device >= 0 && rte_dma_configure(device, &config) == 0;
}

void dpdk_close(void)
{
    rte_dma_close(device);
    rte_eal_cleanup();
}

const char *dpdk_version(void)
{
    return rte_version();
}

static void *skeleton_start(unsigned depth, unsigned batch, unsigned room)
{
    unsigned descriptors = MIN_DESCRIPTORS;
    while (descriptors <= depth) { /* one of its ring stays empty */
        descriptors *= 2;
    }
    struct rte_dma_vchan_conf vchan = {.direction = RTE_DMA_DIR_MEM_TO_MEM, .nb_desc = (uint16_t)descriptors};
    if (device < 0 || rte_dma_vchan_setup(device, VCHAN, &vchan) != 0 || rte_dma_start(device) != 0) {
        return NULL;
    }
    skeleton = (struct skeleton){.depth = depth, .batch = batch, .room = room, .filling = true};
    return &skeleton;
}

static void *flagged_open(unsigned depth)
{
    return skeleton_start(depth, 1, 1);
}

static void *eager_open(unsigned depth)
{
    return skeleton_start(depth, MAX_BATCH, 1);
}

static void *batched_open(unsigned depth)
{
    unsigned batch = depth < 4 ? 1 : depth / 4 < MAX_BATCH ? depth / 4 : MAX_BATCH;
    return skeleton_start(depth, batch, batch);
}

static void skeleton_close(void *self)
{
    (void)self;
    rte_dma_stop(device);
}

static inline void skeleton_poll(void *self)
{
    struct skeleton *skel = self;
    uint16_t last;
    bool error;
    skel->in_flight -= rte_dma_completed(device, VCHAN, (uint16_t)skel->depth, &last, &error);
}

static inline bool flagged_submit(void *self, struct copy copy)
{
    struct skeleton *skel = self;
    if (skel->in_flight == skel->depth ||
        rte_dma_copy(device, VCHAN, (rte_iova_t)copy.src, (rte_iova_t)copy.dst, (uint32_t)copy.n,
                     RTE_DMA_OP_FLAG_SUBMIT) < 0) {
        return false;
    }
    skel->in_flight++;
    return true;
}

static inline void batched_flush(void *self)
{
    struct skeleton *skel = self;
    if (skel->queued > 0) {
        rte_dma_submit(device, VCHAN);
        skel->queued = 0;
    }
}

/* A batch is begun when there is room for `room` copies, and ends when it is large enough or the window full.
 */
static inline bool batched_submit(void *self, struct copy copy)
{
    struct skeleton *skel = self;
    if (!skel->filling ||
        rte_dma_copy(device, VCHAN, (rte_iova_t)copy.src, (rte_iova_t)copy.dst, (uint32_t)copy.n, 0) < 0) {
        return false;
    }
    skel->in_flight++;
    skel->queued++;
    if (skel->queued == skel->batch || skel->in_flight == skel->depth) {
        batched_flush(skel);
        skel->filling = skel->depth - skel->in_flight >= skel->room;
    }
    return true;
}

static inline void batched_poll(void *self)
{
    struct skeleton *skel = self;
    skeleton_poll(skel);
    skel->filling = skel->queued > 0 || skel->depth - skel->in_flight >= skel->room;
}

static inline void flagged_flush(void *self)
{
    (void)self;
}

static inline bool skeleton_idle(void *self)
{
    struct skeleton *skel = self;
    skeleton_poll(skel);
    return skel->in_flight == 0;
}

static const struct drive flagged_drive = {flagged_submit, skeleton_poll, flagged_flush, skeleton_idle};
static const struct drive batched_drive = {batched_submit, batched_poll, batched_flush, skeleton_idle};

DRIVE(flagged, flagged_drive)
DRIVE(batched, batched_drive)

const struct subject subject_flagged = {.name = "flagged",
                                        .label = "DPDK dma_skeleton, a doorbell per copy",
                                        .open = flagged_open,
                                        .close = skeleton_close,
                                        DRIVEN(flagged)};

const struct subject subject_batched = {.name = "batched",
                                        .label = "DPDK dma_skeleton, a doorbell per quarter of the window",
                                        .open = batched_open,
                                        .close = skeleton_close,
                                        DRIVEN(batched)};

const struct subject subject_eager = {.name = "eager",
                                      .label = "DPDK dma_skeleton, a doorbell for what there is room for",
                                      .open = eager_open,
                                      .close = skeleton_close,
                                      DRIVEN(batched)};
