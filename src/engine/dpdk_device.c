/* SPDX-License-Identifier: Apache-2.0 */
/* A device of DPDK's: finding one, having it alone, starting and stopping it, and which memory it reaches. */
#include <errno.h>
#include <rte_dev.h>
#include <rte_errno.h>
#include <rte_memory.h>
#include <stdio.h>
#include <string.h>

#include "dpdk.h"
#include "port.h"

#define MAX_DEVICES (INT16_MAX + 1)

/* ---- Which devices are free ---- */

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct dpdk_device *in_use;
static bool ours[MAX_DEVICES]; /* configured by us once: whoever else configures one, uses it */

static bool is_in_use(int16_t id)
{
    const struct dpdk_device *device = in_use;
    while (device != NULL && device->id != id) {
        device = device->next;
    }
    return device != NULL;
}

#define COPIES (RTE_DMA_CAPA_MEM_TO_MEM | RTE_DMA_CAPA_OPS_COPY)

static bool copies(const struct rte_dma_info *info)
{
    return (info->dev_capa & COPIES) == COPIES;
}

static bool is_free(int16_t id)
{
    struct rte_dma_info info;
    return rte_dma_info_get(id, &info) == 0 && copies(&info) && !is_in_use(id) &&
           (info.nb_vchans == 0 || ours[id]);
}

/* -1: none is free. */
static int16_t first_free(void)
{
    int16_t id = rte_dma_next_dev(0);
    while (id >= 0 && !is_free(id)) {
        id = rte_dma_next_dev((int16_t)(id + 1));
    }
    return id;
}

/* The names of all devices, for a message. */
static const char *list_devices(char *list, size_t size)
{
    size_t used = 0;
    snprintf(list, size, "none");
    for (int16_t id = rte_dma_next_dev(0); id >= 0 && used < size; id = rte_dma_next_dev((int16_t)(id + 1))) {
        struct rte_dma_info info;
        if (rte_dma_info_get(id, &info) == 0) {
            used += (size_t)snprintf(list + used, size - used, "%s%s", used != 0 ? ", " : "", info.dev_name);
        }
    }
    return list;
}

static esp_err_t choose(const char *name, int16_t *id)
{
    char list[120];
    int found = name == NULL ? first_free() : rte_dma_get_dev_id_by_name(name);
    *id = (int16_t)found;
    if (*id >= 0 && !is_in_use(*id)) {
        return ESP_OK;
    }
    if (*id < 0 && name != NULL) {
        port_log('E', "install: DPDK has no device '%s'; it has: %s", name, list_devices(list, sizeof list));
        return ESP_ERR_NOT_FOUND;
    }
    port_log('E', "install: %s%s; uninstall a driver, or give DPDK more devices",
             name != NULL ? name : "no device", name != NULL ? " is in use" : " of DPDK's is free");
    return ESP_FAIL;
}

/* ---- Having one ---- */

/* Devices on DPDK's virtual bus are threads. */
static bool is_virtual(const char *name)
{
    struct rte_dev_iterator iterator;
    const struct rte_device *device;
    bool found = false;
    RTE_DEV_FOREACH(device, "bus=vdev", &iterator)
    {
        found = found || strcmp(rte_dev_name(device), name) == 0;
    }
    return found;
}

/* A queue of a power of two, as some want it, with more places than depth: one may have to stay empty. */
static uint16_t queue_length(const struct rte_dma_info *info, uint16_t depth)
{
    unsigned length = 1;
    while ((length <= depth || length < info->min_desc) && length * 2 <= info->max_desc) {
        length *= 2;
    }
    return (uint16_t)length;
}

static int set_up(const struct dpdk_device *device)
{
    struct rte_dma_info info;
    struct rte_dma_conf conf = {.nb_vchans = 1};
    struct rte_dma_vchan_conf channel = {.direction = RTE_DMA_DIR_MEM_TO_MEM};
    int error = rte_dma_info_get(device->id, &info);
    if (error == 0) {
        error = rte_dma_configure(device->id, &conf);
    }
    channel.nb_desc = queue_length(&info, device->depth);
    return error != 0 ? error : rte_dma_vchan_setup(device->id, 0, &channel);
}

static esp_err_t start_first(struct dpdk_device *device, const char *name)
{
    int error = set_up(device);
    if (error == 0 && dpdk_device_start(device)) {
        device->tells_room = rte_dma_burst_capacity(device->id, 0) != 0;
        return ESP_OK;
    }
    port_log('E',
             "install: %s cannot be started (%s); is it in use by the program, or bound to another driver?",
             name, rte_strerror(error != 0 ? -error : EIO));
    return error == -ENOMEM ? ESP_ERR_NO_MEM : ESP_FAIL;
}

/* Under the lock. */
static esp_err_t open_locked(struct dpdk_device *device, const char *name)
{
    struct rte_dma_info info = {0};
    esp_err_t status = choose(name, &device->id);
    if (status != ESP_OK) {
        return status;
    }
    if (rte_dma_info_get(device->id, &info) != 0 || !copies(&info)) {
        port_log('E', "install: %s does not copy from memory to memory; choose another device", name);
        return ESP_ERR_NOT_SUPPORTED;
    }
    device->software = is_virtual(info.dev_name);
    device->all_memory = (info.dev_capa & RTE_DMA_CAPA_SVA) != 0;
    status = start_first(device, info.dev_name);
    if (status == ESP_OK) {
        ours[device->id] = true;
        device->next = in_use;
        in_use = device;
    }
    return status;
}

esp_err_t dpdk_device_open(struct dpdk_device *device, const char *name, uint16_t depth)
{
    device->depth = depth;
    pthread_mutex_lock(&lock);
    esp_err_t status = open_locked(device, name);
    pthread_mutex_unlock(&lock);
    return status;
}

void dpdk_device_close(struct dpdk_device *device)
{
    dpdk_device_stop(device);
    pthread_mutex_lock(&lock);
    struct dpdk_device **link = &in_use;
    while (*link != device) {
        link = &(*link)->next;
    }
    *link = device->next;
    ours[device->id] = !device->started; /* what cannot be stopped is not free */
    pthread_mutex_unlock(&lock);
}

/* ---- Starting and stopping ---- */

void dpdk_device_stop(struct dpdk_device *device)
{
    if (device->started) {
        device->started = rte_dma_stop(device->id) != 0;
        device->broken = device->broken || device->started;
    }
}

/* Hardware may go on after a stop that its driver could not pass on to it: it must not meet a queue set up
 * anew. */
static bool is_quiet(const struct dpdk_device *device)
{
    enum rte_dma_vchan_status status;
    return device->software || rte_dma_vchan_status(device->id, 0, &status) != 0 ||
           status != RTE_DMA_VCHAN_ACTIVE;
}

void dpdk_device_reset(struct dpdk_device *device)
{
    dpdk_device_stop(device);
    device->broken = device->started || !is_quiet(device) || set_up(device) != 0;
}

bool dpdk_device_start(struct dpdk_device *device)
{
    if (device->broken) {
        dpdk_device_reset(device);
    }
    if (!device->broken && !device->started) {
        device->started = rte_dma_start(device->id) == 0;
        device->broken = !device->started;
    }
    return !device->broken;
}

/* ---- Memory ---- */

static const struct rte_memseg *segment_of(const void *memory)
{
    const struct rte_memseg *segment = rte_mem_virt2memseg(memory, NULL);
    return segment != NULL && segment->addr != NULL && segment->iova != RTE_BAD_IOVA ? segment : NULL;
}

bool dpdk_knows(const void *memory, size_t n)
{
    uintptr_t first = (uintptr_t)memory;
    const void *last = (const void *)(first + n - 1);
    return first + n - 1 >= first && segment_of(memory) != NULL && segment_of(last) != NULL &&
           rte_mem_virt2memseg_list(memory) == rte_mem_virt2memseg_list(last);
}

rte_iova_t dpdk_address(const struct dpdk_device *device, const void *memory, size_t *n)
{
    if (device->all_memory) {
        return (uintptr_t)memory;
    }
    const struct rte_memseg *segment = segment_of(memory);
    if (segment == NULL) {
        return RTE_BAD_IOVA;
    }
    size_t offset = (size_t)((const char *)memory - (const char *)segment->addr);
    if (*n > segment->len - offset) {
        *n = segment->len - offset;
    }
    return segment->iova + offset;
}
