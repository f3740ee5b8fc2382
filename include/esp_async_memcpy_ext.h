/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * @brief What this library adds to the documented Async memcpy API: results, waiting, batches, named engines,
 * ETM tasks.
 *
 * Time-outs are in milliseconds; -1 waits for ever, 0 only looks. Calls that may wait are for tasks: from
 * interrupt context or a callback they return ESP_ERR_INVALID_STATE at once.
 */
#ifndef ESP_ASYNC_MEMCPY_EXT_H
#define ESP_ASYNC_MEMCPY_EXT_H

#include "esp_async_memcpy.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * @name Hints
 * Bits of async_memcpy_config_t.flags, in any combination, for every engine. They change what copies cost and
 * whom, nothing else that this API promises. An engine without a use for a hint does without: the chip's DMA
 * and DPDK's devices for all of them.
 * @{
 */

/** Destinations will be read soon after: copies of any size leave them in the CPU's caches. Otherwise copies
 * of 1 MiB and more go past the caches, which is faster for data that is not there and spares what is. */
#define ASYNC_MEMCPY_FLAG_READ_SOON (UINT32_C(1) << 16)

/** Latency first: after the last copy the worker, and who waits, looks for two milliseconds for what comes
 * next before it sleeps, which takes up to a CPU for each of them. Otherwise it looks for as long as it
 * takes to sleep and be woken, 50 microseconds. */
#define ASYNC_MEMCPY_FLAG_LOW_LATENCY (UINT32_C(1) << 17)

/** No copy is made by the thread that submits it, nor by one that waits. Otherwise, on Linux's threads,
 * - a copy of up to 64 KiB without a callback is made in the call that submits it, while the worker sleeps,
 *   nothing else is queued, no ETM channel listens to the driver, and the call is not from interrupt context:
 *   waking the worker would take longer. Not many in a row: the worker is woken for the next;
 * - a task that waits in esp_async_memcpy_wait(), esp_memcpy_blocking(), esp_async_memcpy_timed() or
 *   esp_async_memcpy_uninstall() copies parts of a copy of 512 KiB and more that is being made. */
#define ASYNC_MEMCPY_FLAG_NEVER_ON_CALLER (UINT32_C(1) << 18)

/** Copies with a callback, and those whose event is listened to, may be made by the caller like those without
 * (ASYNC_MEMCPY_FLAG_NEVER_ON_CALLER, which wins over this one, tells when). Callback and ETM tasks then run
 * in the call that submits or waits, as interrupt context of that thread: xPortInIsrContext() is true, and
 * nothing may block. They may be those of another thread's copy, and the worker's callbacks wait meanwhile.
 *
 * So a thread that submits or waits may hold no lock that a callback of this driver takes, or an ETM task
 * that its event starts: neither a mutex of the program's nor a spinlock (portENTER_CRITICAL(),
 * portENTER_CRITICAL_ISR()). It would wait for itself. */
#define ASYNC_MEMCPY_FLAG_CALLBACK_ON_CALLER (UINT32_C(1) << 19)

/**
 * So many worker threads, 1 to 15, on Linux's threads; 0 means 1. Copies are made and complete in order as
 * ever; the further workers help with one of 512 KiB and more, in parts of 256 KiB to 1 MiB. They sleep when
 * there is nothing of the kind to do. Of use if the memory has bandwidth for more than one CPU and nobody
 * waits (who waits helps anyway).
 */
#define ASYNC_MEMCPY_FLAG_WORKERS(count) ((uint32_t)(count) << 24 & UINT32_C(0x0F000000))

/** All of them. */
#define ASYNC_MEMCPY_FLAG_HINTS                                                                              \
    (ASYNC_MEMCPY_FLAG_READ_SOON | ASYNC_MEMCPY_FLAG_LOW_LATENCY | ASYNC_MEMCPY_FLAG_NEVER_ON_CALLER |       \
     ASYNC_MEMCPY_FLAG_CALLBACK_ON_CALLER | ASYNC_MEMCPY_FLAG_WORKERS(15))

/** @} */

/** How a copy ended; event->data points to one during the callback. */
typedef struct async_memcpy_result_t {
    /** ESP_OK, or what kept the hardware from copying: then the destination is undefined. */
    esp_err_t status;
    size_t size; /**< Size of the copy in bytes. */
    void *dst;   /**< Its destination. */
    void *src;   /**< Its source. */
} async_memcpy_result_t;

/**
 * @brief Install a driver on a worker thread of its own (Linux).
 *
 * Context, parameters and errors as esp_async_memcpy_install(). The worker sleeps when there is nothing to
 * copy, blocks all asynchronous signals and is named "async-memcpy". After fork() the child has no worker:
 * there, copies and waits get ESP_FAIL, and uninstall gives the memory back.
 */
esp_err_t esp_async_memcpy_install_threads(const async_memcpy_config_t *config, async_memcpy_t *asmcp);

/**
 * @brief Install a driver on a pair of the chip's AHB general DMA.
 *
 * Context, parameters and errors as esp_async_memcpy_install(); ESP_FAIL also when no pair is free (the
 * ESP32-H2 has three). Buffers must lie in the chip's SRAM: memory from heap_caps_malloc(n, MALLOC_CAP_DMA)
 * does. A copy that the hardware could not do ends with a failing status in its result:
 * ESP_ERR_INVALID_RESPONSE (a descriptor error), ESP_ERR_INVALID_SIZE (the receiving list came up short
 * twice) or ESP_ERR_TIMEOUT (the channel stood still).
 *
 * On Linux the chip is a model in software; the first such install switches it on.
 */
esp_err_t esp_async_memcpy_install_gdma_ahb(const async_memcpy_config_t *config, async_memcpy_t *asmcp);

/**
 * @brief Wait until every copy accepted before this call has completed, its event and callback included.
 *
 * Context: task; several at once.
 *
 * @param asmcp       The driver.
 * @param timeout_ms  Milliseconds to wait at the most; -1: for ever.
 * @return ESP_OK; otherwise the status of the first copy that failed since the last wait returned one, if any
 *         did;
 *         ESP_ERR_TIMEOUT: copies are still in flight (they go on);
 *         ESP_ERR_INVALID_ARG: asmcp is NULL, or timeout_ms is below -1;
 *         ESP_ERR_INVALID_STATE: called from interrupt context;
 *         ESP_FAIL: the driver is being uninstalled, or belongs to the parent process.
 */
esp_err_t esp_async_memcpy_wait(async_memcpy_t asmcp, int32_t timeout_ms);

/**
 * @brief Copy and wait: for a free slot in the backlog, then for the copy.
 *
 * Context: task; several at once. A copy that times out in flight still completes later, once, so its buffers
 * belong to the driver until then (esp_async_memcpy_wait() tells).
 *
 * @param asmcp       The driver.
 * @param dst,src,n   As esp_async_memcpy().
 * @param timeout_ms  Milliseconds to wait at the most, for slot and copy together; -1: for ever.
 * @return ESP_OK: copied; otherwise the status with which the copy failed;
 *         ESP_ERR_TIMEOUT: no slot came free (nothing was submitted), or the copy is still in flight;
 *         ESP_ERR_INVALID_ARG: as esp_async_memcpy(), or timeout_ms is below -1;
 *         ESP_ERR_INVALID_STATE: called from interrupt context;
 *         ESP_FAIL: the driver is being uninstalled, or belongs to the parent process.
 */
esp_err_t esp_memcpy_blocking(async_memcpy_t asmcp, void *dst, void *src, size_t n, int32_t timeout_ms);

/**
 * @brief Hand over one copy as esp_async_memcpy() does, but wait for a slot while the backlog is full.
 *
 * Context: task; several at once. Order among tasks that wait for a slot is not defined.
 *
 * @param asmcp                     The driver.
 * @param dst,src,n,cb_isr,cb_args  As esp_async_memcpy().
 * @param timeout_ms                Milliseconds to wait for a slot; -1: for ever.
 * @return ESP_OK: accepted;
 *         ESP_ERR_TIMEOUT: no slot came free; nothing was submitted;
 *         ESP_ERR_INVALID_ARG: as esp_async_memcpy(), or timeout_ms is below -1;
 *         ESP_ERR_INVALID_STATE: called from interrupt context;
 *         ESP_FAIL: the driver is being uninstalled, or belongs to the parent process.
 */
esp_err_t esp_async_memcpy_timed(async_memcpy_t asmcp, void *dst, void *src, size_t n,
                                 async_memcpy_isr_cb_t cb_isr, void *cb_args, int32_t timeout_ms);

/** One copy of a batch: the arguments of esp_async_memcpy(). */
typedef struct async_memcpy_copy_t {
    void *dst;                    /**< Destination. */
    void *src;                    /**< Source. */
    size_t n;                     /**< Size in bytes, from 1. */
    async_memcpy_isr_cb_t cb_isr; /**< Called once when this copy has completed; NULL for none. */
    void *cb_args;                /**< Given to cb_isr. */
} async_memcpy_copy_t;

/**
 * @brief Hand over several copies in one step: all of them, or none.
 *
 * They are copies like any others: each counts for the backlog, has its own callback, and completes exactly
 * once. They complete in the order of the array, no other copy comes in between, and one may read what those
 * before it have written. This costs less than a call for each, and wakes the engine once.
 *
 * Context: any (task, interrupt, callback), several at once. Bounded by count, and allocates nothing. On the
 * chip interrupts are masked for one slot at a time, however large the batch; an interrupt that submits while
 * a task is half-way through a batch writes the rest of it first, a few dozen instructions a copy.
 *
 * The array is read during the call only and may not change meanwhile. Destinations and sources belong to the
 * driver as with esp_async_memcpy().
 *
 * @param asmcp   The driver.
 * @param copies  An array of count copies.
 * @param count   Number of copies: from 1 to the driver's backlog.
 * @return ESP_OK: all are accepted;
 *         ESP_ERR_INVALID_ARG: asmcp or copies is NULL; count is 0, or beyond the backlog, so that the batch
 *         would never fit; esp_async_memcpy() would refuse one of the copies (the log names the first, as
 *         "copies[INDEX]");
 *         ESP_FAIL: not so many slots of the backlog are free (try again later), or as esp_async_memcpy().
 *         After any refusal nothing has changed, and no callback is ever called.
 */
esp_err_t esp_async_memcpy_batch(async_memcpy_t asmcp, const async_memcpy_copy_t *copies, size_t count);

/**
 * @brief Make an ETM task that runs a copy: prepared once, started by events, with no CPU in between.
 *
 * The copy runs at every event that an ETM channel carries to the task, until the task is deleted. An event
 * that meets a running copy is lost, as ETM's events are. Meanwhile the driver has no other work: ordinary
 * copies get ESP_FAIL. The driver's own copy-done event comes with every run, so that copies can be chained:
 * event, copy, event, copy, pin.
 *
 * Context: task. Waits for the copies in flight. Destination and source belong to the driver until the task
 * has been deleted; what the source holds at an event is copied.
 *
 * After each run cb_isr is called as for an ordinary copy; it may delete the task. Only the callback needs
 * the CPU: if interrupts are kept waiting while run after run ends, these may share a callback (the driver's
 * descriptors tell two runs apart at least, and the more the smaller n is). A run that failed tells why in
 * its result, and the next event starts a fresh one; after three failures in a row the task no longer runs.
 * esp_async_memcpy_wait() does not wait for runs, but returns the first failure.
 *
 * The task lives until esp_etm_del_task(). Deleting it, or uninstalling the driver, breaks off a run in
 * progress: its destination is undefined then, and its callback does not come. After an uninstall the task is
 * inert and can still be deleted.
 *
 * @param asmcp       The driver; one task at a time.
 * @param dst,src     As esp_async_memcpy().
 * @param n           As esp_async_memcpy(); at the most what half of the driver's descriptors hold: for
 * backlog b, (b + 1) / 2 times 4095 bytes (rounded down to the declared alignment), and never less than
 * twice.
 * @param cb_isr      Called once for each run; NULL for none.
 * @param cb_args     Given to cb_isr.
 * @param out_task    Receives the task; not written on failure.
 * @return ESP_OK: from now on events start the copy;
 *         ESP_ERR_INVALID_ARG: asmcp or out_task is NULL; as esp_async_memcpy(); or n is beyond the
 * descriptors; ESP_ERR_NOT_SUPPORTED: the engine has no ETM in hardware; ESP_ERR_INVALID_STATE: the driver
 * has such a task, or called from interrupt context; ESP_ERR_NO_MEM: no memory for the task; ESP_FAIL: the
 * driver is being uninstalled, belongs to the parent process, or no interrupt line is free.
 */
esp_err_t esp_async_memcpy_new_etm_task(async_memcpy_t asmcp, void *dst, void *src, size_t n,
                                        async_memcpy_isr_cb_t cb_isr, void *cb_args,
                                        esp_etm_task_handle_t *out_task);

/**
 * @brief Make an ETM task that runs a function, so that an event can be seen at a desk.
 *
 * Context: task. The function runs in interrupt context, once per event and connected channel, with no lock
 * of the library held; it may call every esp_etm_* function. The task lives until esp_etm_del_task(), which
 * waits for a run in progress (unless called from interrupt context).
 *
 * @param function  Called for each event, once per channel that connects the two.
 * @param arg       Given to function.
 * @param out_task  Receives the task; not written on failure.
 * @return ESP_OK;
 *         ESP_ERR_INVALID_ARG: function or out_task is NULL;
 *         ESP_ERR_NO_MEM: no memory for the task;
 *         ESP_ERR_NOT_SUPPORTED: this is a program for the chip, whose ETM is hardware and runs no functions:
 * it runs on one, or ASYNC_MEMCPY_CHIP in the environment names one. (Elsewhere the task can be made, but not
 * connected to an event of the software chip.)
 */
esp_err_t esp_etm_new_function_task(void (*function)(void *), void *arg, esp_etm_task_handle_t *out_task);

/** What the software chip has done since it was switched on; two readings tell what it did in between. */
typedef struct async_memcpy_chip_counters_t {
    uint64_t bus_cycles;  /**< Cycles of its bus. While nothing is to be done on the chip, none pass. */
    uint64_t data_cycles; /**< Of these, cycles of the DMA's accesses that moved data, not descriptors. */
    uint64_t interrupts;  /**< Interrupt handlers run. */
} async_memcpy_chip_counters_t;

/**
 * @brief Read the counters of the software chip (Linux).
 *
 * The cycles are those of a model: a single access of the DMA takes two, a burst of four words takes five; of
 * the CPU only the accesses to registers and descriptors take time.
 *
 * Context: any. A real chip does not count: there this function does not exist, and a program that calls it
 * does not link.
 *
 * @param counters  Receives the counters; not written on failure.
 * @return ESP_OK;
 *         ESP_ERR_INVALID_ARG: counters is NULL;
 *         ESP_ERR_INVALID_STATE: the chip is off (esp_async_memcpy_install_gdma_ahb() switches it on).
 */
esp_err_t esp_async_memcpy_chip_counters(async_memcpy_chip_counters_t *counters);

#ifdef __cplusplus
}
#endif

#endif
