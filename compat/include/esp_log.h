/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * @brief ESP-IDF's log: a level, a tag and one line, on stderr (stdout belongs to the program's own output);
 * on the chip, on UART0 with all else.
 *
 *     ESP_LOGW("app", "only %d left", n);      prints      W (1234) app: only 3 left
 *
 * The number is the time in milliseconds since the library first looked at the clock. Lines of several
 * threads do not mix. The level is ESP_LOG_INFO until esp_log_level_set() changes it. ESP_LOGx takes locks:
 * from interrupt context it stops the program, as a chip would; ESP_EARLY_LOGx and ESP_DRAM_LOGx are for
 * there.
 */
#ifndef ESP_LOG_H
#define ESP_LOG_H

#include <inttypes.h>
#include <stdarg.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/** How much to tell; each level includes those before it. */
typedef enum {
    ESP_LOG_NONE,    /**< Nothing. */
    ESP_LOG_ERROR,   /**< It went wrong, and the program cannot go on as it wanted. */
    ESP_LOG_WARN,    /**< It went wrong, and has been dealt with. */
    ESP_LOG_INFO,    /**< The normal course of things. */
    ESP_LOG_DEBUG,   /**< What a developer wants to know. */
    ESP_LOG_VERBOSE, /**< Everything. */
} esp_log_level_t;

/** A function like vprintf(). */
typedef int (*vprintf_like_t)(const char *format, va_list arguments);

/** Lines above this level are not even compiled; define it before including this header. */
#ifndef LOG_LOCAL_LEVEL
#define LOG_LOCAL_LEVEL ESP_LOG_VERBOSE
#endif

/**
 * @brief Set the level of a tag; "*" sets that of all tags, and forgets what was set for each.
 *
 * Context: task. When memory for a new tag is short, its level stays what it was.
 */
void esp_log_level_set(const char *tag, esp_log_level_t level);

/** @brief The level of a tag: its own, or that of "*". Context: task. */
esp_log_level_t esp_log_level_get(const char *tag);

/**
 * @brief Have lines written by another function; several threads may call it at once.
 *
 * Context: task. ESP_EARLY_LOGx and ESP_DRAM_LOGx do not use it.
 *
 * @param function  Takes over; NULL: what the log began with.
 * @return The function that did so before.
 */
vprintf_like_t esp_log_set_vprintf(vprintf_like_t function);

/** @brief Milliseconds since the library first looked at the clock. Context: any. */
uint32_t esp_log_timestamp(void);

/** @brief Print, as it stands, what the tag's level lets through. Context: task. */
void esp_log_write(esp_log_level_t level, const char *tag, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/** @brief esp_log_write() with a va_list. */
void esp_log_writev(esp_log_level_t level, const char *tag, const char *format, va_list arguments)
    __attribute__((format(printf, 3, 0)));

/** @brief Print, as it stands, what the level of "*" lets through; takes no lock of the log. Context: any. */
void esp_log_write_early(esp_log_level_t level, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/** The format of a line. */
#define ESP_LOG_FORMAT_(letter, format) letter " (%" PRIu32 ") %s: " format "\n"

/** One line in the log. */
#define ESP_LOG_LINE_(level, letter, tag, format, ...)                                                       \
    do {                                                                                                     \
        if (LOG_LOCAL_LEVEL >= (level)) {                                                                    \
            esp_log_write((level), (tag), ESP_LOG_FORMAT_(letter, format), esp_log_timestamp(), (tag),       \
                          ##__VA_ARGS__);                                                                    \
        }                                                                                                    \
    } while (0)

/** One line that goes past the log. */
#define ESP_LOG_EARLY_LINE_(level, letter, tag, format, ...)                                                 \
    do {                                                                                                     \
        if (LOG_LOCAL_LEVEL >= (level)) {                                                                    \
            esp_log_write_early((level), ESP_LOG_FORMAT_(letter, format), esp_log_timestamp(), (tag),        \
                                ##__VA_ARGS__);                                                              \
        }                                                                                                    \
    } while (0)

/** @name Log a line */
/** @{ */
/** One line of a level; the format is a constant as for printf(), without newline. Context: task. */
#define ESP_LOGE(tag, format, ...) ESP_LOG_LINE_(ESP_LOG_ERROR, "E", tag, format, ##__VA_ARGS__)
#define ESP_LOGW(tag, format, ...) ESP_LOG_LINE_(ESP_LOG_WARN, "W", tag, format, ##__VA_ARGS__)
#define ESP_LOGI(tag, format, ...) ESP_LOG_LINE_(ESP_LOG_INFO, "I", tag, format, ##__VA_ARGS__)
#define ESP_LOGD(tag, format, ...) ESP_LOG_LINE_(ESP_LOG_DEBUG, "D", tag, format, ##__VA_ARGS__)
#define ESP_LOGV(tag, format, ...) ESP_LOG_LINE_(ESP_LOG_VERBOSE, "V", tag, format, ##__VA_ARGS__)
/** @} */

/** @name Log a line from anywhere */
/** @{ */
/** The same before the log works and in interrupt context: by the level of "*". Context: any. */
#define ESP_EARLY_LOGE(tag, format, ...) ESP_LOG_EARLY_LINE_(ESP_LOG_ERROR, "E", tag, format, ##__VA_ARGS__)
#define ESP_EARLY_LOGW(tag, format, ...) ESP_LOG_EARLY_LINE_(ESP_LOG_WARN, "W", tag, format, ##__VA_ARGS__)
#define ESP_EARLY_LOGI(tag, format, ...) ESP_LOG_EARLY_LINE_(ESP_LOG_INFO, "I", tag, format, ##__VA_ARGS__)
#define ESP_EARLY_LOGD(tag, format, ...) ESP_LOG_EARLY_LINE_(ESP_LOG_DEBUG, "D", tag, format, ##__VA_ARGS__)
#define ESP_EARLY_LOGV(tag, format, ...) ESP_LOG_EARLY_LINE_(ESP_LOG_VERBOSE, "V", tag, format, ##__VA_ARGS__)
/** @} */

/** @name Log a line while flash is off */
/** @{ */
/** The same with the flash off, which matters on the chip only. Context: any. */
#define ESP_DRAM_LOGE ESP_EARLY_LOGE
#define ESP_DRAM_LOGW ESP_EARLY_LOGW
#define ESP_DRAM_LOGI ESP_EARLY_LOGI
#define ESP_DRAM_LOGD ESP_EARLY_LOGD
#define ESP_DRAM_LOGV ESP_EARLY_LOGV
/** @} */

#ifdef __cplusplus
}
#endif

#endif
