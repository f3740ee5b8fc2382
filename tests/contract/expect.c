/* SPDX-License-Identifier: Apache-2.0 */
#include "expect.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include "esp_log.h"

void expect_code(esp_err_t found, esp_err_t wanted, const char *call, const char *file, int line)
{
    if (found != wanted) {
        print_error("%s returned %s (%d) instead of %s (%d)\n", call, esp_err_to_name(found), found,
                    esp_err_to_name(wanted), wanted);
        _fail(file, line);
    }
}

static struct {
    pthread_mutex_t mutex;
    vprintf_like_t before;
    size_t size;
    char text[2000];
} capture = {.mutex = PTHREAD_MUTEX_INITIALIZER};

static int keep(const char *format, va_list arguments)
{
    pthread_mutex_lock(&capture.mutex);
    int size = vsnprintf(capture.text + capture.size, sizeof capture.text - capture.size, format, arguments);
    capture.size += strlen(capture.text + capture.size);
    pthread_mutex_unlock(&capture.mutex);
    return size;
}

void log_capture_begin(void)
{
    capture.size = 0;
    capture.text[0] = '\0';
    capture.before = esp_log_set_vprintf(keep);
}

void log_capture_end(void)
{
    esp_log_set_vprintf(capture.before);
}

const char *log_captured(void)
{
    return capture.text;
}

/* "E (1234) async_memcpy: what was wrong and what would be right\n", and no second line. */
static bool is_one_error(const char *text)
{
    const char *end = strchr(text, '\n');
    return strncmp(text, "E (", 3) == 0 && strstr(text, ") async_memcpy: ") != NULL && end != NULL &&
           end[1] == '\0';
}

void expect_log(const char *const *words, const char *call, const char *file, int line)
{
    const char *text = capture.text;
    bool good = is_one_error(text);
    for (; *words != NULL && good; words++) {
        good = strstr(text, *words) != NULL;
    }
    if (!good) {
        print_error("%s should log one error with \"%s\"; it logged: %s\n", call, words[0] ? words[0] : "",
                    text);
        _fail(file, line);
    }
}
