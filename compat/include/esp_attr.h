/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * @brief ESP-IDF's attributes for code and data. Where memory is all alike they place nothing.
 */
#ifndef ESP_ATTR_H
#define ESP_ATTR_H

/** Code in internal RAM, so that it runs while flash is off. */
#ifndef IRAM_ATTR
#define IRAM_ATTR
#endif

#define DRAM_ATTR              /**< Constant data in internal RAM. */
#define RTC_DATA_ATTR          /**< Data that survives deep sleep. */
#define RTC_NOINIT_ATTR        /**< The same, not initialised at start-up. */
#define EXT_RAM_BSS_ATTR       /**< Zeroed data in PSRAM. */
#define __NOINIT_ATTR          /**< Data that start-up leaves alone. */
#define DRAM_STR(str)    (str) /**< A string constant in internal RAM. */

#define WORD_ALIGNED_ATTR __attribute__((aligned(4)))                  /**< Data on a 4-byte boundary. */
#define DMA_ATTR          WORD_ALIGNED_ATTR DRAM_ATTR                  /**< Data that the DMA can use. */
#define NOINLINE_ATTR     __attribute__((noinline))                    /**< Never inlined. */
#define FORCE_INLINE_ATTR static inline __attribute__((always_inline)) /**< Always inlined. */

#endif
