/* SPDX-License-Identifier: Apache-2.0 */
/* The log: levels per tag, and lines on stderr. */
#include <pthread.h>
#include <stdatomic.h>
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

/* mutex: tags, and the step from one level of "*" to the next; both are read without a line being held up by
 * output. */
static pthread_once_t once = PTHREAD_ONCE_INIT;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static struct tag *tags;
static _Atomic esp_log_level_t level_of_all = ESP_LOG_INFO;

static int print_to_stderr(const char *format, va_list arguments)
{
    return vfprintf(stderr, format, arguments);
}

static _Atomic(vprintf_like_t) print = print_to_stderr;

/* ---- Levels ---- */

static void lock(void)
{
    pthread_mutex_lock(&mutex);
}

static void unlock(void)
{
    pthread_mutex_unlock(&mutex);
}

static void watch_forks(void)
{
    pthread_atfork(lock, unlock, unlock); /* a child finds the mutex free and the tags whole */
}

/* mutex is held. */
static struct tag *find(const char *name)
{
    struct tag *tag = tags;
    while (tag != NULL && strcmp(tag->name, name) != 0) {
        tag = tag->next;
    }
    return tag;
}

/* mutex is held. */
static void set_all(esp_log_level_t level)
{
    while (tags != NULL) {
        struct tag *first = tags;
        tags = first->next;
        free(first);
    }
    atomic_store(&level_of_all, level);
}

/* mutex is held. */
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
    pthread_once(&once, watch_forks);
    lock();
    if (strcmp(tag, "*") == 0) {
        set_all(level);
    } else {
        set_one(tag, level);
    }
    unlock();
}

esp_log_level_t esp_log_level_get(const char *tag)
{
    pthread_once(&once, watch_forks);
    lock();
    const struct tag *found = tag != NULL ? find(tag) : NULL;
    esp_log_level_t level = found != NULL ? found->level : atomic_load(&level_of_all);
    unlock();
    return level;
}

/* ---- Lines ---- */

vprintf_like_t esp_log_set_vprintf(vprintf_like_t function)
{
    return atomic_exchange(&print, function != NULL ? function : print_to_stderr);
}

void esp_log_writev(esp_log_level_t level, const char *tag, const char *format, va_list arguments)
{
    if (level <= esp_log_level_get(tag)) {
        compat_task_only("ESP_LOGx()");
        vprintf_like_t function = atomic_load(&print);
        function(format, arguments);
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
    if (level <= atomic_load(&level_of_all)) {
        va_list arguments;
        va_start(arguments, format);
        print_to_stderr(format, arguments);
        va_end(arguments);
    }
}
