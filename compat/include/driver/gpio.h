/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * @brief Pins of the chip under ESP-IDF's names, as far as outputs go.
 *
 * On Linux the pins are the software chip's: the first call switches it on, as the first
 * esp_async_memcpy_install_gdma_ahb() does. A level can be read back from a pin that is an output.
 *
 * Where a function's context is "any", it may be called by several tasks and interrupts at once, for
 * different pins. A refusal logs one line (tag "async_memcpy"), but not from interrupt context.
 */
#ifndef DRIVER_GPIO_H
#define DRIVER_GPIO_H

#include <stdint.h>
#include "esp_bit_defs.h"
#include "esp_err.h"

#ifdef __cplusplus
extern "C" {
#endif

/** A pin. The ESP32-H2 has 0 to 27, the ESP32-C6 0 to 30, the ESP32-C3 0 to 21. */
typedef enum {
    GPIO_NUM_NC = -1, /**< No pin. */
    GPIO_NUM_0 = 0,
    GPIO_NUM_1,
    GPIO_NUM_2,
    GPIO_NUM_3,
    GPIO_NUM_4,
    GPIO_NUM_5,
    GPIO_NUM_6,
    GPIO_NUM_7,
    GPIO_NUM_8,
    GPIO_NUM_9,
    GPIO_NUM_10,
    GPIO_NUM_11,
    GPIO_NUM_12,
    GPIO_NUM_13,
    GPIO_NUM_14,
    GPIO_NUM_15,
    GPIO_NUM_16,
    GPIO_NUM_17,
    GPIO_NUM_18,
    GPIO_NUM_19,
    GPIO_NUM_20,
    GPIO_NUM_21,
    GPIO_NUM_22,
    GPIO_NUM_23,
    GPIO_NUM_24,
    GPIO_NUM_25,
    GPIO_NUM_26,
    GPIO_NUM_27,
    GPIO_NUM_28,
    GPIO_NUM_29,
    GPIO_NUM_30,
    GPIO_NUM_MAX
} gpio_num_t;

/** What a pin is: bit 0 input, bit 1 output, bit 2 open drain. */
typedef enum {
    GPIO_MODE_DISABLE = 0,         /**< Neither. */
    GPIO_MODE_INPUT = 1,           /**< Input only. */
    GPIO_MODE_OUTPUT = 2,          /**< Output only. */
    GPIO_MODE_INPUT_OUTPUT = 3,    /**< Output whose level can be read. */
    GPIO_MODE_OUTPUT_OD = 6,       /**< Open drain: not supported here. */
    GPIO_MODE_INPUT_OUTPUT_OD = 7, /**< Open drain: not supported here. */
} gpio_mode_t;

/** Pull-up resistor. */
typedef enum { GPIO_PULLUP_DISABLE = 0, GPIO_PULLUP_ENABLE = 1 } gpio_pullup_t;

/** Pull-down resistor. */
typedef enum { GPIO_PULLDOWN_DISABLE = 0, GPIO_PULLDOWN_ENABLE = 1 } gpio_pulldown_t;

/** What makes a pin interrupt; only GPIO_INTR_DISABLE is supported here. */
typedef enum {
    GPIO_INTR_DISABLE = 0,
    GPIO_INTR_POSEDGE = 1,
    GPIO_INTR_NEGEDGE = 2,
    GPIO_INTR_ANYEDGE = 3,
    GPIO_INTR_LOW_LEVEL = 4,
    GPIO_INTR_HIGH_LEVEL = 5,
} gpio_int_type_t;

/** How to configure pins. */
typedef struct {
    uint64_t pin_bit_mask;        /**< The pins, a bit each. */
    gpio_mode_t mode;             /**< What they become. */
    gpio_pullup_t pull_up_en;     /**< Their pull-up. */
    gpio_pulldown_t pull_down_en; /**< Their pull-down. */
    gpio_int_type_t intr_type;    /**< GPIO_INTR_DISABLE. */
} gpio_config_t;

/**
 * @brief Configure pins.
 *
 * Context: task.
 *
 * @param config  Read during the call only.
 * @return ESP_OK;
 *         ESP_ERR_INVALID_ARG: config is NULL, its mask has no pin or one that the chip lacks;
 *         ESP_ERR_NOT_SUPPORTED: open drain, or an interrupt;
 *         ESP_FAIL: there is no chip and none can be switched on.
 */
esp_err_t gpio_config(const gpio_config_t *config);

/**
 * @brief Make a pin what it is after a reset: neither input nor output, with its pull-up on.
 *
 * Context: task. Errors as gpio_config().
 */
esp_err_t gpio_reset_pin(gpio_num_t gpio_num);

/**
 * @brief Make a pin an input, an output, both or neither; its pull resistors stay.
 *
 * Context: task. Errors as gpio_config().
 */
esp_err_t gpio_set_direction(gpio_num_t gpio_num, gpio_mode_t mode);

/**
 * @brief Set an output's level. It is kept while the pin is no output.
 *
 * Context: any, once the chip is on.
 *
 * @param gpio_num  The pin.
 * @param level     0: low; anything else: high.
 * @return ESP_OK; ESP_ERR_INVALID_ARG: the chip lacks this pin; ESP_FAIL: there is no chip.
 */
esp_err_t gpio_set_level(gpio_num_t gpio_num, uint32_t level);

/**
 * @brief A pin's level.
 *
 * Context: any, once the chip is on.
 *
 * @return 1: high; 0: low, or the chip lacks this pin.
 */
int gpio_get_level(gpio_num_t gpio_num);

#ifdef __cplusplus
}
#endif

#endif
