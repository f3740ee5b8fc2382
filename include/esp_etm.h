/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * @brief The event task matrix: channels that let an event of one peripheral start a task of another.
 *
 * On the ESP32-H2 the matrix is hardware with 50 channels, which carries an event to a task with no CPU in
 * between. On Linux the library plays it: a connected and enabled channel runs its task in the event's
 * completion context. Events are pulses: they are not queued or remembered.
 *
 * A Linux program may have both: events and tasks of the software chip (esp_async_memcpy_install_gdma_ahb(),
 * driver/gpio_etm.h) are hardware's, those of other engines, and function tasks, are software's. A channel
 * connects two sides of the same kind. A pulse of hardware that is on its way while its channel changes may
 * still arrive, a few cycles later.
 *
 * Where a function's context is "task", it may be called by several tasks at once, and also from inside a
 * function task (esp_etm_new_function_task() in esp_async_memcpy_ext.h), which runs in interrupt context. A
 * change takes effect at once: a channel disabled while an event goes round its channels does not run its
 * task any more.
 */
#ifndef ESP_ETM_H
#define ESP_ETM_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include "esp_err.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct esp_etm_channel_t *esp_etm_channel_handle_t; /**< A channel. */
typedef struct esp_etm_event_t *esp_etm_event_handle_t;     /**< An event, made by its peripheral's driver. */
typedef struct esp_etm_task_t *esp_etm_task_handle_t;       /**< A task, made by its peripheral's driver. */

/** How to make a channel. */
typedef struct esp_etm_channel_config_t {
    /** Channel flags. */
    struct etm_chan_flags {
        uint32_t allow_pd : 1; /**< May lose power in sleep: not supported, so 0. */
    } flags;                   /**< All 0, for an ordinary channel. */
} esp_etm_channel_config_t;

/**
 * @brief Take a free channel. It is disabled and connected to nothing.
 *
 * Context: task. The channel lives until esp_etm_del_channel().
 *
 * @param config    Read during the call only.
 * @param ret_chan  Receives the channel; not written on failure.
 * @return ESP_OK;
 *         ESP_ERR_INVALID_ARG: config or ret_chan is NULL;
 *         ESP_ERR_NOT_SUPPORTED: flags.allow_pd is set;
 *         ESP_ERR_NOT_FOUND: all 50 channels are in use.
 */
esp_err_t esp_etm_new_channel(const esp_etm_channel_config_t *config, esp_etm_channel_handle_t *ret_chan);

/**
 * @brief Give a channel back.
 *
 * Context: task.
 *
 * @param chan  The channel; not to be used afterwards.
 * @return ESP_OK;
 *         ESP_ERR_INVALID_ARG: chan is NULL or was deleted;
 *         ESP_ERR_INVALID_STATE: it is enabled; it stays as it was.
 */
esp_err_t esp_etm_del_channel(esp_etm_channel_handle_t chan);

/**
 * @brief Let events through.
 *
 * Context: task.
 *
 * @param chan  The channel.
 * @return ESP_OK;
 *         ESP_ERR_INVALID_ARG: chan is NULL or was deleted;
 *         ESP_ERR_INVALID_STATE: it is enabled already.
 */
esp_err_t esp_etm_channel_enable(esp_etm_channel_handle_t chan);

/**
 * @brief Let no event through. A task that is running meanwhile still ends.
 *
 * Context: task.
 *
 * @param chan  The channel.
 * @return ESP_OK;
 *         ESP_ERR_INVALID_ARG: chan is NULL or was deleted;
 *         ESP_ERR_INVALID_STATE: it is not enabled.
 */
esp_err_t esp_etm_channel_disable(esp_etm_channel_handle_t chan);

/**
 * @brief Connect a channel's two sides, in any state of the channel.
 *
 * Context: task.
 *
 * @param chan   The channel.
 * @param event  Its event; NULL: that side is open.
 * @param task   Its task; NULL: that side is open.
 * @return ESP_OK;
 *         ESP_ERR_INVALID_ARG: chan is NULL or was deleted;
 *         ESP_ERR_NOT_SUPPORTED: one side is hardware's, the other one software's; the channel stays as it
 * was.
 */
esp_err_t esp_etm_channel_connect(esp_etm_channel_handle_t chan, esp_etm_event_handle_t event,
                                  esp_etm_task_handle_t task);

/**
 * @brief Delete an event. A channel that it was connected to is left with that side open.
 *
 * Context: task.
 *
 * @param event  The event; not to be used afterwards.
 * @return ESP_OK;
 *         ESP_ERR_INVALID_ARG: event is NULL;
 *         otherwise what the event's own driver says.
 */
esp_err_t esp_etm_del_event(esp_etm_event_handle_t event);

/**
 * @brief Delete a task. A channel that it was connected to is left with that side open.
 *
 * Context: task. Waits for a run of the task in progress, unless called from interrupt context: there the run
 * goes on to its end.
 *
 * @param task  The task; not to be used afterwards.
 * @return ESP_OK;
 *         ESP_ERR_INVALID_ARG: task is NULL;
 *         otherwise what the task's own driver says.
 */
esp_err_t esp_etm_del_task(esp_etm_task_handle_t task);

/**
 * @brief Print a table of the channels that are in use.
 *
 * Context: task.
 *
 * @param out_stream  Where to.
 * @return ESP_OK;
 *         ESP_ERR_INVALID_ARG: out_stream is NULL.
 */
esp_err_t esp_etm_dump(FILE *out_stream);

#ifdef __cplusplus
}
#endif

#endif
