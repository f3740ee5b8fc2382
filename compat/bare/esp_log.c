/* SPDX-License-Identifier: Apache-2.0 */
/* The log: levels per tag, and lines on the UART. Levels belong to the one task. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "esp_log.h"
#include "stop.h"

struct tag {
    struct tag *next;
    esp_log_level_t level;
    char name[];
};

static struct tag *tags;
static volatile esp_log_level_t level_of_all = ESP_LOG_INFO;
static vprintf_like_t print = vprintf;

/* ---- Levels ---- */

static struct tag *find(const char *name)
{
    struct tag *tag = tags;
    while (tag != NULL && strcmp(tag->name, name) != 0) {
        tag = tag->next;
    }
    return tag;
}

static void set_all(esp_log_level_t level)
{
    while (tags != NULL) {
        struct tag *first = tags;
        tags = first->next;
        free(first);
    }
    level_of_all = level;
}

static void set_one(const char *name, esp_log_level_t level)
{
    struct tag *tag = find(name);
    if (tag == NULL) {
        tag = malloc(sizeof *tag + strlen(name) + 1);
        if (tag == NULL) {
            return;
        }
        strcpy(tag->name, name);
        tag->next = tags;
        tags = tag;
    }
    tag->level = level;
}

void esp_log_level_set(const char *tag, esp_log_level_t level)
{
    if (strcmp(tag, "*") == 0) {
        set_all(level);
    } else {
        set_one(tag, level);
    }
}

esp_log_level_t esp_log_level_get(const char *tag)
{
    const struct tag *found = tag != NULL ? find(tag) : NULL;
    return found != NULL ? found->level : level_of_all;
}

/* ---- Lines ---- */

vprintf_like_t esp_log_set_vprintf(vprintf_like_t function)
{
    vprintf_like_t before = print;
    print = function != NULL ? function : vprintf;
    return before;
}

void esp_log_writev(esp_log_level_t level, const char *tag, const char *format, va_list arguments)
{
    if (level <= esp_log_level_get(tag)) {
        compat_task_only("ESP_LOGx()");
        print(format, arguments);
    }
}

void esp_log_write(esp_log_level_t level, const char *tag, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    esp_log_writev(level, tag, format, arguments);
    va_end(arguments);
}

void esp_log_write_early(esp_log_level_t level, const char *format, ...)
{
    if (level <= level_of_all) {
        va_list arguments;
        va_start(arguments, format);
        vprintf(format, arguments);
        va_end(arguments);
    }
}
