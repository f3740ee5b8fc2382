/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * @brief ETM tasks that act on pins, under ESP-IDF's names.
 *
 * An event that reaches such a task through an ETM channel sets, clears or toggles the pins that were added
 * to the task, with no CPU in between. The chip has eight GPIO task channels; each gpio_new_etm_task() takes
 * one. Pins as sources of events are not supported: the library drives outputs only.
 */
#ifndef DRIVER_GPIO_ETM_H
#define DRIVER_GPIO_ETM_H

#include "esp_err.h"
#include "esp_etm.h"

#ifdef __cplusplus
extern "C" {
#endif

/** What a task does to its pins. */
typedef enum {
    GPIO_ETM_TASK_ACTION_SET = 1, /**< High. */
    GPIO_ETM_TASK_ACTION_CLR,     /**< Low. */
    GPIO_ETM_TASK_ACTION_TOG,     /**< The other level. */
} gpio_etm_task_action_t;

/** Actions that one GPIO task channel can have, a task each. */
#define GPIO_ETM_TASK_ACTIONS 3

/** How to make tasks: either form. */
typedef struct {
    union {
        gpio_etm_task_action_t action;                         /**< Of the one task. */
        gpio_etm_task_action_t actions[GPIO_ETM_TASK_ACTIONS]; /**< Of several; 0 ends the list. */
    };
} gpio_etm_task_config_t;

/**
 * @brief Make a task on a GPIO task channel of its own, or several that share one, and so their pins.
 *
 * Context: task. Tasks live until esp_etm_del_task(), which is refused with ESP_ERR_INVALID_STATE for the
 * last task of a channel while it has pins.
 *
 * @param config    Read during the call only. Initialise all of it: its other actions are read, too.
 * @param ret_task  Receives the task of the first action; not written on failure. One more such argument
 * follows for each further action.
 * @return ESP_OK;
 *         ESP_ERR_INVALID_ARG: config or a ret_task is NULL, or an action is none of the above or named
 * twice; ESP_ERR_NO_MEM: no memory for a task; ESP_ERR_NOT_FOUND: all eight GPIO task channels are in use;
 *         ESP_ERR_NOT_SUPPORTED: the chip has no ETM;
 *         ESP_FAIL: there is no chip and none can be switched on.
 */
esp_err_t gpio_new_etm_task(const gpio_etm_task_config_t *config, esp_etm_task_handle_t *ret_task, ...);

/**
 * @brief Have a task act on one more pin. It should be an output (gpio_config()).
 *
 * Context: task.
 *
 * @param task      From gpio_new_etm_task().
 * @param gpio_num  The pin.
 * @return ESP_OK;
 *         ESP_ERR_INVALID_ARG: task is NULL or no GPIO task, or the chip lacks this pin;
 *         ESP_ERR_INVALID_STATE: the pin is on a task already.
 */
esp_err_t gpio_etm_task_add_gpio(esp_etm_task_handle_t task, int gpio_num);

/**
 * @brief Have a task act on a pin no longer.
 *
 * Context: task.
 *
 * @param task      From gpio_new_etm_task().
 * @param gpio_num  The pin.
 * @return ESP_OK;
 *         ESP_ERR_INVALID_ARG: as gpio_etm_task_add_gpio();
 *         ESP_ERR_INVALID_STATE: the pin is not on this task.
 */
esp_err_t gpio_etm_task_rm_gpio(esp_etm_task_handle_t task, int gpio_num);

#ifdef __cplusplus
}
#endif

#endif
