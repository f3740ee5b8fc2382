/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * @brief ESP-IDF's memory by capability.
 *
 * Two kinds of memory, each of a stated size (heap_caps_get_total_size()):
 *
 * - ordinary memory: MALLOC_CAP_DEFAULT, _INTERNAL, _8BIT, _32BIT, _DMA; its size is the machine's;
 * - PSRAM: MALLOC_CAP_SPIRAM, _8BIT, _32BIT; its size is ASYNC_MEMCPY_PSRAM_KB kilobytes (1024 bytes each) of
 * the environment, read at the first call of this header, or 0.
 *
 * On the chip there is one kind, what program and stack leave of its SRAM, and it has the capabilities of
 * ordinary memory and MALLOC_CAP_EXEC.
 *
 * A request is served by the first kind that has all capabilities asked for, and NULL if there is none. Free
 * is what is stated minus the bytes asked for and not given back: exact, whatever alignment or bookkeeping
 * cost besides. Context: task, for all of them; several at once. They work in a child of fork() too.
 */
#ifndef ESP_HEAP_CAPS_H
#define ESP_HEAP_CAPS_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/** @name Capabilities. Those not named above belong to no memory here. */
/** @{ */
#define MALLOC_CAP_EXEC      (UINT32_C(1) << 0)  /**< Code can run in it. */
#define MALLOC_CAP_32BIT     (UINT32_C(1) << 1)  /**< Access by 32 bits. */
#define MALLOC_CAP_8BIT      (UINT32_C(1) << 2)  /**< Access by 8 bits. */
#define MALLOC_CAP_DMA       (UINT32_C(1) << 3)  /**< The DMA reaches it. */
#define MALLOC_CAP_SPIRAM    (UINT32_C(1) << 10) /**< PSRAM. */
#define MALLOC_CAP_INTERNAL  (UINT32_C(1) << 11) /**< Inside the chip. */
#define MALLOC_CAP_DEFAULT   (UINT32_C(1) << 12) /**< What malloc() would take. */
#define MALLOC_CAP_IRAM_8BIT (UINT32_C(1) << 13) /**< Instruction RAM with access by 8 bits. */
#define MALLOC_CAP_RETENTION (UINT32_C(1) << 14) /**< Keeps its content in sleep. */
#define MALLOC_CAP_RTCRAM    (UINT32_C(1) << 15) /**< RTC memory. */
#define MALLOC_CAP_INVALID   (UINT32_C(1) << 31) /**< No memory has it. */
/** @} */

/** @brief Memory, or NULL: no kind has these capabilities and that much left, or size is 0. */
void *heap_caps_malloc(size_t size, uint32_t caps);

/** @brief Zeroed memory for n elements of size bytes. NULL: as heap_caps_malloc(), or n * size is too large.
 */
void *heap_caps_calloc(size_t n, size_t size, uint32_t caps);

/** @brief Memory at a multiple of alignment. NULL: as heap_caps_malloc(), or alignment is no power of two. */
void *heap_caps_aligned_alloc(size_t alignment, size_t size, uint32_t caps);

/** @brief heap_caps_aligned_alloc() of n elements of size bytes, zeroed. NULL: also if n * size is too large.
 */
void *heap_caps_aligned_calloc(size_t alignment, size_t n, size_t size, uint32_t caps);

/**
 * @brief Give memory back; NULL is fine.
 *
 * A pointer that the functions above did not return, or one given back already, stops the program. free()
 * also takes ordinary memory, but then it stays counted as given out until the system's allocator uses the
 * place again for heap_caps memory; it never takes PSRAM.
 */
void heap_caps_free(void *ptr);

/** @brief Bytes free in all memory that has these capabilities: the stated size minus what was given out. */
size_t heap_caps_get_free_size(uint32_t caps);

/** @brief The stated size of all memory that has these capabilities. */
size_t heap_caps_get_total_size(uint32_t caps);

#ifdef __cplusplus
}
#endif

#endif
