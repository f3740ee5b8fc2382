/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * @brief The Async memcpy API, as documented for the ESP32-H2.
 *
 * A program hands over destination, source, size and callback and goes on working; an engine copies (a DMA
 * controller on the chip, worker threads on Linux); the callback tells when.
 *
 *     async_memcpy_config_t config = ASYNC_MEMCPY_DEFAULT_CONFIG();
 *     async_memcpy_t driver = NULL;
 *     ESP_ERROR_CHECK(esp_async_memcpy_install(&config, &driver));
 *     ESP_ERROR_CHECK(esp_async_memcpy(driver, to, from, size, on_done, NULL));
 *
 * Copies complete in the order in which they were accepted, each exactly once. Waiting, results, named
 * engines and an event's function tasks are in esp_async_memcpy_ext.h. Every refusal logs one line (tag
 * "async_memcpy") that says what was wrong and what would be right; a full backlog and calls from interrupt
 * context do not log.
 */
#ifndef ESP_ASYNC_MEMCPY_H
#define ESP_ASYNC_MEMCPY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "esp_err.h"
#include "esp_etm.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Handle of an installed driver. Valid from install until uninstall returns. */
typedef struct async_memcpy_context_t *async_memcpy_t;

/** The name that later versions of the API give the same handle. */
typedef async_memcpy_t async_memcpy_handle_t;

/** What a callback is told. */
typedef struct async_memcpy_event_t {
    /** Points to a `const async_memcpy_result_t` (esp_async_memcpy_ext.h), during the callback. */
    void *data;
} async_memcpy_event_t;

/**
 * @brief Function called once for a completed copy.
 *
 * Context: interrupt (on Linux the engine's completion context, where xPortInIsrContext() is true): it must
 * not block. It may submit copies, on its own driver too: the slot of its own copy is kept for it until it
 * submits or returns, so one copy is accepted, whatever the backlog and whoever else submits. It may run
 * before the call that submitted the copy has returned. Callbacks of one driver never overlap, and no lock of
 * the library is held meanwhile. On the chip it belongs in IRAM (IRAM_ATTR).
 *
 * @param mcp_hdl  The driver that made the copy.
 * @param event    The copy's result, in event->data; both are valid until the callback returns.
 * @param cb_args  The argument given with the copy.
 * @return true if it woke a task that should run at once; asks for one yield at the end of the interrupt.
 */
typedef bool (*async_memcpy_isr_cb_t)(async_memcpy_t mcp_hdl, async_memcpy_event_t *event, void *cb_args);

/** How to install a driver. Start from ASYNC_MEMCPY_DEFAULT_CONFIG(). */
typedef struct async_memcpy_config_t {
    uint32_t backlog; /**< Copies that may be in flight at once, of any size; 0 means 8. */
    /** Declared alignment in bytes of destination and size in SRAM: 0 (any address and size) or a power of
     * two up to 64. Where a DMA has data bursts, a multiple of 4 turns them on. */
    size_t sram_trans_align;
    size_t psram_trans_align; /**< The same for destinations in PSRAM: 0 (means 16), 16, 32 or 64. */
    uint32_t flags;           /**< 0, or hints: ASYNC_MEMCPY_FLAG_... in esp_async_memcpy_ext.h. */
    size_t dma_burst_size;    /**< For newer programs: accepted, ignored by engines without a use for it. */
    uint32_t weight;          /**< For newer programs: accepted, ignored by engines without a use for it. */
} async_memcpy_config_t;

/** Default configuration: a backlog of 8, no declared alignment, no flags. */
#define ASYNC_MEMCPY_DEFAULT_CONFIG()                                                                        \
    {                                                                                                        \
        8, 0, 0, 0, 0, 0                                                                                     \
    }

/** Events that a driver can give to ETM. */
typedef enum async_memcpy_etm_event_t {
    ASYNC_MEMCPY_ETM_EVENT_COPY_DONE, /**< A copy is in its place: once per copy, before its
                                           callback. One that failed raises none. */
} async_memcpy_etm_event_t;

/**
 * @brief Install a driver on the default engine.
 *
 * The default is the general DMA on the chip and the worker thread on Linux; esp_async_memcpy_ext.h names an
 * installer per engine. All memory is taken here; nothing is allocated per copy.
 *
 * Context: task. Not from interrupt context.
 *
 * @param config  Read during the call only.
 * @param asmcp   Receives the handle, or NULL after any failure; a failed install holds nothing.
 * @return ESP_OK;
 *         ESP_ERR_INVALID_ARG: config or asmcp is NULL; an alignment or a flag is not one of the above;
 *         ESP_ERR_NO_MEM: no memory for this backlog;
 *         ESP_FAIL: no DMA channel is free, the worker cannot be created, or called from interrupt context.
 */
esp_err_t esp_async_memcpy_install(const async_memcpy_config_t *config, async_memcpy_t *asmcp);

/**
 * @brief Uninstall a driver, after the copies in flight.
 *
 * From the beginning of the call, new copies get ESP_FAIL (from callbacks too). The copies in flight, their
 * callbacks, and waits already begun are waited for; then everything is given back. An ETM event of this
 * driver becomes inert and can still be deleted. In a child of fork() the copies of the parent are not waited
 * for.
 *
 * Context: task. No call on the handle may begin after this one has returned ESP_OK.
 *
 * @param asmcp  The driver; unusable afterwards.
 * @return ESP_OK;
 *         ESP_ERR_INVALID_ARG: asmcp is NULL;
 *         ESP_FAIL: called from interrupt context or a callback, or while another task uninstalls the driver;
 *         the driver is unharmed.
 */
esp_err_t esp_async_memcpy_uninstall(async_memcpy_t asmcp);

/**
 * @brief Hand over one copy.
 *
 * Context: any (task, interrupt, callback; a signal handler is none of these), several at once. Bounded, and
 * allocates nothing. Destination and source belong to the driver until the copy has completed; the source may
 * not be written, the destination neither read nor written meanwhile.
 *
 * @param asmcp    The driver.
 * @param dst      Destination, aligned as declared in the configuration.
 * @param src      Source, of any alignment; equal to dst is fine, any other overlap is refused.
 * @param n        Size in bytes, from 1; a multiple of the alignment declared for the destination's memory.
 * @param cb_isr   Called once when the copy has completed; NULL for none.
 * @param cb_args  Given to cb_isr.
 * @return ESP_OK: accepted; it completes exactly once, after every copy accepted before;
 *         ESP_ERR_INVALID_ARG: asmcp, dst or src is NULL; n is 0; dst or n breaks the declared alignment;
 *         dst and src overlap; the engine cannot reach that memory;
 *         ESP_FAIL: the backlog is full (try again later), the driver has an ETM task
 *         (esp_async_memcpy_new_etm_task()) or is being uninstalled, or this is a child of the process that
 *         installed it.
 *         After any refusal nothing has changed and cb_isr is never called.
 */
esp_err_t esp_async_memcpy(async_memcpy_t asmcp, void *dst, void *src, size_t n, async_memcpy_isr_cb_t cb_isr,
                           void *cb_args);

/**
 * @brief Get an ETM event that a driver raises once for each completed copy, before the copy's callback.
 *
 * On the chip the DMA itself raises it when the copy's last byte is in memory. A copy that the hardware
 * failed raises none there, and one that had to be begun again after a fault may raise a second.
 *
 * Context: task. The event lives until esp_etm_del_event(), before or after the driver is uninstalled.
 *
 * @param asmcp       The driver.
 * @param event_type  ASYNC_MEMCPY_ETM_EVENT_COPY_DONE.
 * @param out_event   Receives the event; not written on failure.
 * @return ESP_OK;
 *         ESP_ERR_INVALID_ARG: asmcp or out_event is NULL;
 *         ESP_ERR_NOT_SUPPORTED: another event_type, or the engine has no ETM;
 *         ESP_ERR_NO_MEM: no memory for the event;
 *         ESP_FAIL: the driver is being uninstalled.
 */
esp_err_t esp_async_memcpy_new_etm_event(async_memcpy_t asmcp, async_memcpy_etm_event_t event_type,
                                         esp_etm_event_handle_t *out_event);

#ifdef __cplusplus
}
#endif

#endif
