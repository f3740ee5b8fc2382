/* SPDX-License-Identifier: Apache-2.0 */
#include "hardware.h"

#include <errno.h>
#include <rte_dev.h>
#include <string.h>

#include "esp_async_memcpy_dpdk.h"

#define NAME   "dma_skeleton0"
#define PLACES 4096

struct hardware_plan hardware_plan;
struct hardware_fault_at hardware_fault;
struct hardware_seen hardware_seen;

struct copy {
    rte_iova_t src;
    rte_iova_t dst;
    uint32_t length;
    bool ran;
    bool stands;
    enum rte_dma_status_code status;
};

/* One thread uses it at a time: the driver's. Reported < told < taken. */
static struct copy queue[PLACES];
static unsigned reported, told, taken;

/* The device in software is DPDK's own, whole; hardware is played here, down to what it must not be asked. */
static bool running;

static int played(bool wrong, int result)
{
    atomic_fetch_add(&hardware_seen.misuses, wrong);
    return result;
}

void hardware_reset(void)
{
    running = false;
    hardware_plan = (struct hardware_plan){.most = 4000, .batch = 4000, .longest = UINT32_MAX};
    hardware_fault = (struct hardware_fault_at){.fault = HARDWARE_NO_FAULT};
    memset(&hardware_seen, 0, sizeof hardware_seen);
    reported = told = taken = 0;
}

static void raise_to(atomic_uint *most, unsigned value)
{
    if (value > atomic_load(most)) {
        atomic_store(most, value);
    }
}

/* ---- Copying ---- */

static bool is_at(enum hardware_fault fault, unsigned copy)
{
    return hardware_fault.fault == fault && copy - hardware_fault.at < hardware_fault.times;
}

static uint16_t room(const void *device, uint16_t channel)
{
    (void)device, (void)channel;
    unsigned left = hardware_plan.most - (taken - reported);
    unsigned batch = hardware_plan.batch - (taken - told);
    return hardware_plan.mute ? 0 : (uint16_t)(left < batch ? left : batch);
}

static int copy(void *device, uint16_t channel, rte_iova_t src, rte_iova_t dst, uint32_t length,
                uint64_t flags)
{
    (void)device, (void)channel, (void)flags;
    unsigned number = atomic_load(&hardware_seen.copies);
    played(!running || length == 0, 0);
    if (is_at(HARDWARE_REFUSES, number)) {
        hardware_fault.times--;
        atomic_fetch_add(&hardware_seen.refused, 1);
        return hardware_fault.refusal;
    }
    if (taken - reported >= hardware_plan.most) {
        atomic_fetch_add(&hardware_seen.refused, 1);
        return -ENOSPC;
    }
    if (taken - told >= hardware_plan.batch) {
        played(true, 0); /* as a DSA, it does not say so */
    }
    bool fails = is_at(HARDWARE_FAILS, number);
    queue[taken % PLACES] = (struct copy){
        .src = src,
        .dst = dst,
        .length = length,
        .stands = is_at(HARDWARE_STANDS, number),
        .status = length > hardware_plan.longest ? RTE_DMA_STATUS_INVALID_LENGTH
                  : fails                        ? hardware_fault.code
                                                 : RTE_DMA_STATUS_SUCCESSFUL,
    };
    taken++;
    atomic_fetch_add(&hardware_seen.copies, 1);
    raise_to(&hardware_seen.most, taken - reported);
    raise_to(&hardware_seen.longest_batch, taken - told);
    raise_to(&hardware_seen.longest, length);
    return (int)(number & UINT16_MAX);
}

static void run(struct copy *copy)
{
    if (copy->status == RTE_DMA_STATUS_SUCCESSFUL) {
        memcpy((void *)(uintptr_t)copy->dst, (const void *)(uintptr_t)copy->src, copy->length);
    } else if (copy->status != RTE_DMA_STATUS_NOT_ATTEMPTED) {
        memset((void *)(uintptr_t)copy->dst, 0xEE, copy->length / 2);
    }
    copy->ran = true;
}

static int doorbell(void *device, uint16_t channel)
{
    (void)device, (void)channel;
    if (is_at(HARDWARE_NO_DOORBELL, atomic_load(&hardware_seen.copies) - 1)) {
        hardware_fault.fault = HARDWARE_NO_FAULT;
        return -EIO;
    }
    for (unsigned i = told; hardware_plan.backwards && i != taken; i++) {
        struct copy *one = &queue[(taken - 1 - (i - told)) % PLACES];
        if (!one->stands) {
            run(one);
        }
    }
    told = taken;
    atomic_fetch_add(&hardware_seen.doorbells, 1);
    return 0;
}

/* What is told runs now, in order, up to one that stands still. */
static void move(void)
{
    for (unsigned i = reported; i != told && !queue[i % PLACES].stands; i++) {
        if (!queue[i % PLACES].ran) {
            run(&queue[i % PLACES]);
        }
    }
}

static uint16_t completed(void *device, uint16_t channel, const uint16_t most, uint16_t *last, bool *failed)
{
    (void)device, (void)channel, (void)last;
    uint16_t count = 0;
    played(!running, 0);
    move();
    while (count < most && reported != told && queue[reported % PLACES].ran) {
        if (queue[reported % PLACES].status != RTE_DMA_STATUS_SUCCESSFUL) {
            *failed = true;
            break;
        }
        reported++;
        count++;
    }
    return count;
}

static uint16_t completed_status(void *device, uint16_t channel, const uint16_t most, uint16_t *last,
                                 enum rte_dma_status_code *codes)
{
    (void)device, (void)channel, (void)last;
    uint16_t count = 0;
    move();
    while (!hardware_plan.reports_fail && count < most && reported != told && queue[reported % PLACES].ran) {
        codes[count++] = queue[reported++ % PLACES].status;
    }
    return count;
}

/* ---- Configuring, starting, stopping ---- */

static bool is_played(int16_t id)
{
    return !hardware_plan.is_software && id == rte_dma_get_dev_id_by_name(NAME);
}

int __real_rte_dma_info_get(int16_t id, struct rte_dma_info *info);
int __wrap_rte_dma_info_get(int16_t id, struct rte_dma_info *info);
int __wrap_rte_dma_info_get(int16_t id, struct rte_dma_info *info)
{
    int result = __real_rte_dma_info_get(id, info);
    if (!is_played(id)) {
        return result;
    }
    info->dev_capa &= ~hardware_plan.lacks;
    info->min_desc = hardware_plan.min_desc != 0 ? hardware_plan.min_desc : info->min_desc;
    info->max_desc = hardware_plan.max_desc != 0 ? hardware_plan.max_desc : info->max_desc;
    return result;
}

int __real_rte_dma_configure(int16_t id, const struct rte_dma_conf *conf);
int __wrap_rte_dma_configure(int16_t id, const struct rte_dma_conf *conf);
int __wrap_rte_dma_configure(int16_t id, const struct rte_dma_conf *conf)
{
    if (!is_played(id)) {
        return __real_rte_dma_configure(id, conf);
    }
    played(conf->nb_vchans != 1 || conf->enable_silent, 0);
    return running ? -EBUSY : hardware_plan.configure;
}

int __real_rte_dma_vchan_setup(int16_t id, uint16_t channel, const struct rte_dma_vchan_conf *conf);
int __wrap_rte_dma_vchan_setup(int16_t id, uint16_t channel, const struct rte_dma_vchan_conf *conf);
int __wrap_rte_dma_vchan_setup(int16_t id, uint16_t channel, const struct rte_dma_vchan_conf *conf)
{
    if (!is_played(id)) {
        return __real_rte_dma_vchan_setup(id, channel, conf);
    }
    hardware_seen.places = conf->nb_desc;
    return played(running || channel != 0 || conf->direction != RTE_DMA_DIR_MEM_TO_MEM, hardware_plan.setup);
}

int __real_rte_dma_start(int16_t id);
int __wrap_rte_dma_start(int16_t id);
int __wrap_rte_dma_start(int16_t id)
{
    atomic_fetch_add(&hardware_seen.starts, 1);
    if (!is_played(id)) {
        return __real_rte_dma_start(id);
    }
    int result = played(running, hardware_plan.start);
    running = result == 0;
    reported = told = taken;
    return result;
}

int __real_rte_dma_stop(int16_t id);
int __wrap_rte_dma_stop(int16_t id);
int __wrap_rte_dma_stop(int16_t id)
{
    atomic_fetch_add(&hardware_seen.stops, 1);
    if (!is_played(id)) {
        return __real_rte_dma_stop(id);
    }
    int result = played(!running, hardware_plan.stop);
    running = result != 0;
    return result;
}

int __wrap_rte_dma_vchan_status(int16_t id, uint16_t channel, enum rte_dma_vchan_status *status);
int __wrap_rte_dma_vchan_status(int16_t id, uint16_t channel, enum rte_dma_vchan_status *status)
{
    (void)id, (void)channel;
    *status = hardware_plan.stays_active ? RTE_DMA_VCHAN_ACTIVE : RTE_DMA_VCHAN_IDLE;
    return 0;
}

const char *__real_rte_dev_name(const struct rte_device *device);
const char *__wrap_rte_dev_name(const struct rte_device *device);
const char *__wrap_rte_dev_name(const struct rte_device *device)
{
    const char *name = __real_rte_dev_name(device);
    return hardware_plan.is_software || strcmp(name, NAME) != 0 ? name : "";
}

/* ---- Installing ---- */

/* DPDK is set up by the first install, of the device in software; until then there is no table. */
static void set_up_dpdk(void)
{
    async_memcpy_config_t config = {.backlog = 1};
    async_memcpy_t driver = NULL;
    struct hardware_plan plan = hardware_plan;
    hardware_plan.is_software = true;
    if (esp_async_memcpy_install_dpdk(&config, NAME, &driver) == ESP_OK) {
        esp_async_memcpy_uninstall(driver);
    }
    hardware_plan = plan;
    memset(&hardware_seen, 0, sizeof hardware_seen);
}

static void exchange(struct rte_dma_fp_object *functions)
{
    functions->copy = copy;
    functions->submit = doorbell;
    functions->completed = completed;
    functions->completed_status = completed_status;
    functions->burst_capacity = room;
}

esp_err_t hardware_install(const async_memcpy_config_t *config, async_memcpy_t *driver)
{
    static bool exchanged;
    if (!exchanged) {
        set_up_dpdk();
        exchange(rte_dma_fp_objs + rte_dma_get_dev_id_by_name(NAME));
        exchanged = true;
    }
    return esp_async_memcpy_install_dpdk(config, NAME, driver);
}
