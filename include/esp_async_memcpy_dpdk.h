/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * @brief Copies made by a server's copy hardware, through DPDK (Linux): library async-memcpy-dpdk.
 *
 * Intel's DSA and I/OAT, HiSilicon's, NXP's and others' DMA engines, and a device in software to try things
 * with: whatever DPDK has a dmadev driver for.
 *
 *     async_memcpy_config_t config = ASYNC_MEMCPY_DEFAULT_CONFIG();
 *     async_memcpy_t driver = NULL;
 *     ESP_ERROR_CHECK(esp_async_memcpy_install_dpdk(&config, "0000:6a:01.0-q0", &driver));
 *
 * From then on the driver is one like all others: copies, callbacks, waiting, events.
 *
 * **DPDK's environment (EAL).** A program that uses DPDK itself calls rte_eal_init() before the first
 * install, and not at the same time. Otherwise the first install does it, on a thread of its own, with the
 * arguments in the environment variable ASYNC_MEMCPY_DPDK, which spaces separate. Not set, they are
 * `--in-memory --no-telemetry --log-level=warning`: hardware, and memory in huge pages. For the device in
 * software, which needs neither:
 *
 *     ASYNC_MEMCPY_DPDK="--no-huge --no-shconf --no-pci --vdev=dma_skeleton0"
 *
 * Unless the arguments say otherwise (-c, -l, --lcores, -s, -S), DPDK gets one lcore, which may run on all
 * CPUs that the process has: no thread is pinned, and none is added per CPU. DPDK is set up once per process
 * and stays; an attempt that failed is not repeated.
 *
 * **Memory.** A device that shares the process's addresses (DPDK's capability SVA: DSA behind the kernel's
 * idxd driver, the device in software) reaches all memory. Any other reaches only what DPDK knows: memory
 * from rte_malloc() and its like, or of the program's own after rte_extmem_register() and rte_dev_dma_map().
 * Copies from or to other memory are refused. A page that is not there when the device comes to it is copied
 * by the CPU instead.
 *
 * **What a copy's result may say.** ESP_ERR_INVALID_ARG: the device could not use one of the addresses;
 * ESP_ERR_INVALID_RESPONSE: it reported another error; ESP_ERR_TIMEOUT: it stood still for two seconds, was
 * reset, and goes on with the copies behind; ESP_ERR_INVALID_STATE: it took no copy, or cannot be started any
 * more (each further copy tries). Where the status is ESP_ERR_TIMEOUT and DPDK's driver cannot stop its
 * device (a queue of the kernel's idxd driver), the destination may still be written to later.
 */
#ifndef ESP_ASYNC_MEMCPY_DPDK_H
#define ESP_ASYNC_MEMCPY_DPDK_H

#include "esp_async_memcpy.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * @brief Install a driver on a DMA device of DPDK's.
 *
 * The driver has the device for itself until it is uninstalled, and brings a thread, "async-dpdk", which
 * hands copies to the device and calls back. It polls while copies are in flight, the less often the longer
 * they take, sleeps when there are none, and blocks all asynchronous signals. A device in software is stopped
 * meanwhile, so that it sleeps too; the next copy starts it again.
 *
 * Context: task. Not from interrupt context.
 *
 * @param config  As esp_async_memcpy_install(); read during the call only.
 * @param device  DPDK's name of the device: "0000:6a:01.0-q0" (a queue of a DSA bound to vfio-pci), "wq0.1"
 * (a queue of the kernel's idxd driver), "0000:00:04.0" (I/OAT), "dma_skeleton0" (software), …; NULL: the
 * first one that nobody uses. Read during the call only.
 * @param asmcp   Receives the handle, or NULL after any failure; a failed install holds nothing but DPDK's
 *                environment.
 * @return ESP_OK;
 *         ESP_ERR_INVALID_ARG: config or asmcp is NULL; an alignment or a flag is not one of those allowed;
 *         ESP_ERR_NO_MEM: no memory for this backlog, or for the device's queue;
 *         ESP_ERR_NOT_FOUND: DPDK has no device of this name; the log has the names of those there are;
 *         ESP_ERR_NOT_SUPPORTED: the device does not copy from memory to memory;
 *         ESP_FAIL: DPDK cannot be set up with its arguments; no device is free, or this one is in use; the
 * device cannot be started; no thread can be created; DPDK was set up before this process was forked; or
 * called from interrupt context.
 */
esp_err_t esp_async_memcpy_install_dpdk(const async_memcpy_config_t *config, const char *device,
                                        async_memcpy_t *asmcp);

#ifdef __cplusplus
}
#endif

#endif
