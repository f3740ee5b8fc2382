/* SPDX-License-Identifier: Apache-2.0 */
/** @file @brief Single bits, under ESP-IDF's names. */
#ifndef ESP_BIT_DEFS_H
#define ESP_BIT_DEFS_H

#define BIT(nr)   (1UL << (nr))  /**< Bit nr of a word. */
#define BIT64(nr) (1ULL << (nr)) /**< Bit nr of 64. */

#endif
