/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The parts of the DPDK engine: dpdk_eal.c sets DPDK up, dpdk_device.c has a device for itself, starts, stops
 * and restarts it and knows which memory it reaches, dpdk.c keeps it busy.
 */
#ifndef DPDK_H
#define DPDK_H

#include <pthread.h>
#include <rte_dmadev.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "esp_err.h"

/* ---- dpdk_eal.c ---- */

/* Have DPDK set up, by the program or by us. ESP_FAIL: it cannot be, or was before a fork (logged). Task. */
esp_err_t dpdk_eal_start(void);

/* ---- dpdk_device.c ---- */

struct dpdk_device {
    struct dpdk_device *next; /* of those in use */
    int16_t id;
    uint16_t depth;
    bool software;   /* a thread that copies: burns CPU until it is stopped, and works strictly in order */
    bool all_memory; /* shares the process's addresses */
    bool tells_room; /* its driver tells how many more copies it takes */
    bool started;    /* as far as DPDK knows */
    bool broken;     /* to be reset before it is used again */
};

/*
 * Take a device, of this name or any (NULL), and start it, with room for `depth` copies. All or nothing, in
 * the codes of esp_async_memcpy_install_dpdk(). Task.
 */
esp_err_t dpdk_device_open(struct dpdk_device *device, const char *name, uint16_t depth);
void dpdk_device_close(struct dpdk_device *device);

/* The next three are for whoever hands over copies. Started already is fine; false: it cannot be. */
bool dpdk_device_start(struct dpdk_device *device);

/* Nothing is in flight. */
void dpdk_device_stop(struct dpdk_device *device);

/* Have it forget what is in flight. It stays stopped, or broken. */
void dpdk_device_reset(struct dpdk_device *device);

/* Is this memory that DPDK knows? Looks at both ends. Any context. */
bool dpdk_knows(const void *memory, size_t n);

/* Where the device finds this memory, and how many bytes, *n at the most, follow each other there.
 * RTE_BAD_IOVA: it does not. */
rte_iova_t dpdk_address(const struct dpdk_device *device, const void *memory, size_t *n);

#endif
