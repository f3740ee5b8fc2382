/* SPDX-License-Identifier: Apache-2.0 */
/* Names of error codes, and what the checks say. */
#include <stddef.h>
#include <stdio.h>

#include "esp_err.h"
#include "stop.h"

#define NAMED(code)                                                                                          \
    {                                                                                                        \
        code, #code                                                                                          \
    }

static const struct {
    esp_err_t code;
    const char *name;
} names[] = {
    NAMED(ESP_OK),
    NAMED(ESP_FAIL),
    NAMED(ESP_ERR_NO_MEM),
    NAMED(ESP_ERR_INVALID_ARG),
    NAMED(ESP_ERR_INVALID_STATE),
    NAMED(ESP_ERR_INVALID_SIZE),
    NAMED(ESP_ERR_NOT_FOUND),
    NAMED(ESP_ERR_NOT_SUPPORTED),
    NAMED(ESP_ERR_TIMEOUT),
    NAMED(ESP_ERR_INVALID_RESPONSE),
    NAMED(ESP_ERR_INVALID_CRC),
    NAMED(ESP_ERR_INVALID_VERSION),
    NAMED(ESP_ERR_INVALID_MAC),
    NAMED(ESP_ERR_NOT_FINISHED),
    NAMED(ESP_ERR_NOT_ALLOWED),
    NAMED(ESP_ERR_WIFI_BASE),
    NAMED(ESP_ERR_MESH_BASE),
    NAMED(ESP_ERR_FLASH_BASE),
    NAMED(ESP_ERR_HW_CRYPTO_BASE),
    NAMED(ESP_ERR_MEMPROT_BASE),
};

const char *esp_err_to_name(esp_err_t code)
{
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (names[i].code == code) {
            return names[i].name;
        }
    }
    return "UNKNOWN ERROR";
}

#define CHECK_FORMAT "%s:%d: %s(): %s gave %s (%#x)"

void esp_error_check_stop(esp_err_t code, const char *file, int line, const char *function,
                          const char *expression)
{
    compat_stop(CHECK_FORMAT, file, line, function, expression, esp_err_to_name(code), (unsigned)code);
}

esp_err_t esp_error_check_tell(esp_err_t code, const char *file, int line, const char *function,
                               const char *expression)
{
    if (code != ESP_OK) {
        fprintf(stderr, CHECK_FORMAT "\n", file, line, function, expression, esp_err_to_name(code),
                (unsigned)code);
    }
    return code;
}
