/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * @brief ESP-IDF's error codes and checks, for places without ESP-IDF. Values are ESP-IDF's.
 */
#ifndef ESP_ERR_H
#define ESP_ERR_H

#ifdef __cplusplus
extern "C" {
#endif

typedef int esp_err_t; /**< ESP_OK, or what went wrong. */

#define ESP_OK   0    /**< Success. */
#define ESP_FAIL (-1) /**< Failure without a code of its own. */

#define ESP_ERR_NO_MEM           0x101 /**< Out of memory. */
#define ESP_ERR_INVALID_ARG      0x102 /**< An argument is not allowed. */
#define ESP_ERR_INVALID_STATE    0x103 /**< Not in this state. */
#define ESP_ERR_INVALID_SIZE     0x104 /**< A size is not allowed. */
#define ESP_ERR_NOT_FOUND        0x105 /**< The thing asked for does not exist. */
#define ESP_ERR_NOT_SUPPORTED    0x106 /**< Not supported here. */
#define ESP_ERR_TIMEOUT          0x107 /**< The time is up. */
#define ESP_ERR_INVALID_RESPONSE 0x108 /**< The other side gave an answer that makes no sense. */
#define ESP_ERR_INVALID_CRC      0x109 /**< A checksum is wrong. */
#define ESP_ERR_INVALID_VERSION  0x10A /**< A version is not supported. */
#define ESP_ERR_INVALID_MAC      0x10B /**< A MAC address is not valid. */
#define ESP_ERR_NOT_FINISHED     0x10C /**< Begun, and not done yet. */
#define ESP_ERR_NOT_ALLOWED      0x10D /**< Not permitted. */

#define ESP_ERR_WIFI_BASE      0x3000 /**< First code of Wi-Fi. */
#define ESP_ERR_MESH_BASE      0x4000 /**< First code of the mesh. */
#define ESP_ERR_FLASH_BASE     0x6000 /**< First code of flash. */
#define ESP_ERR_HW_CRYPTO_BASE 0xc000 /**< First code of the crypto hardware. */
#define ESP_ERR_MEMPROT_BASE   0xd000 /**< First code of memory protection. */

/**
 * @brief The name of a code, "ESP_ERR_NO_MEM" for one.
 *
 * Context: any.
 *
 * @return A constant string; "UNKNOWN ERROR" for a code that this header does not define.
 */
const char *esp_err_to_name(esp_err_t code);

/** What ESP_ERROR_CHECK() does with a failure: says what failed where, on stderr, then abort(). */
void esp_error_check_stop(esp_err_t code, const char *file, int line, const char *function,
                          const char *expression) __attribute__((noreturn));

/** What ESP_ERROR_CHECK_WITHOUT_ABORT() does: the same line if code is a failure; returns code. */
esp_err_t esp_error_check_tell(esp_err_t code, const char *file, int line, const char *function,
                               const char *expression);

/** Evaluate an expression of type esp_err_t; stop the program with a message unless it is ESP_OK. */
#define ESP_ERROR_CHECK(expression)                                                                          \
    do {                                                                                                     \
        esp_err_t esp_error_code_ = (expression);                                                            \
        if (esp_error_code_ != ESP_OK) {                                                                     \
            esp_error_check_stop(esp_error_code_, __FILE__, __LINE__, __func__, #expression);                \
        }                                                                                                    \
    } while (0)

/** The same without stopping; the value of the expression is the macro's value. */
#define ESP_ERROR_CHECK_WITHOUT_ABORT(expression)                                                            \
    esp_error_check_tell((expression), __FILE__, __LINE__, __func__, #expression)

#ifdef __cplusplus
}
#endif

#endif
