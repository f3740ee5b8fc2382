/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "scene.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>
#include "freertos/FreeRTOS.h"

/* ---- Counts and clocks ---- */

bool is_quick(void)
{
    const char *wish = getenv("ASYNC_MEMCPY_TEST");
    return wish != NULL && strcmp(wish, "quick") == 0;
}

unsigned long times(unsigned long full, unsigned long quick)
{
    unsigned long count = (is_quick() ? quick : full) / row.divisor;
    return count != 0 ? count : 1;
}

int64_t now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

void sleep_ms(unsigned ms)
{
    struct timespec left = {ms / 1000, (long)(ms % 1000) * 1000000};
    while (nanosleep(&left, &left) != 0) {
    }
}

/* ---- Drivers ---- */

static async_memcpy_t install_config(const async_memcpy_config_t *config)
{
    async_memcpy_t driver = NULL;
    assert_ok(row.install(config, &driver));
    assert_non_null(driver);
    return driver;
}

async_memcpy_t install(uint32_t backlog)
{
    async_memcpy_config_t config = ASYNC_MEMCPY_DEFAULT_CONFIG();
    config.backlog = backlog;
    return install_config(&config);
}

async_memcpy_t install_aligned(size_t sram_trans_align, size_t psram_trans_align)
{
    async_memcpy_config_t config = ASYNC_MEMCPY_DEFAULT_CONFIG();
    config.sram_trans_align = sram_trans_align;
    config.psram_trans_align = psram_trans_align;
    return install_config(&config);
}

void uninstall(async_memcpy_t driver)
{
    assert_ok(esp_async_memcpy_uninstall(driver));
}

/* ---- Buffers ---- */

void areas_open(struct areas *areas, size_t size)
{
    size_t block = AREA_GUARD + AREA_OFFSETS + size + AREA_GUARD;
    areas->dst_block = row.alloc(block, AREA_OFFSETS);
    areas->src_block = row.alloc(block, AREA_OFFSETS);
    assert_non_null(areas->dst_block);
    assert_non_null(areas->src_block);
    areas_prepare(areas, 0, 0, size);
}

void areas_close(struct areas *areas)
{
    row.free(areas->dst_block);
    row.free(areas->src_block);
}

void areas_prepare(struct areas *areas, size_t dst_offset, size_t src_offset, size_t n)
{
    static uint32_t seed;
    seed++;
    areas->oracle = (struct oracle){
        .dst = areas->dst_block + AREA_GUARD + dst_offset,
        .src = areas->src_block + AREA_GUARD + src_offset,
        .n = n,
        .guard = AREA_GUARD,
        .seed = seed,
    };
    oracle_prepare(&areas->oracle);
}

static void check_verdict(const struct areas *areas, bool untouched)
{
    char message[200];
    enum oracle_verdict verdict = untouched ? oracle_check_untouched(&areas->oracle, message, sizeof message)
                                            : oracle_check(&areas->oracle, message, sizeof message);
    if (verdict != ORACLE_GOOD) {
        fail_msg("%s", message);
    }
}

void areas_check(const struct areas *areas)
{
    check_verdict(areas, false);
}

void areas_check_untouched(const struct areas *areas)
{
    check_verdict(areas, true);
}

void copy_and_check(async_memcpy_t driver, struct areas *areas, size_t dst_offset, size_t src_offset,
                    size_t n)
{
    areas_prepare(areas, dst_offset, src_offset, n);
    assert_ok(submit(driver, areas, NULL));
    assert_ok(esp_async_memcpy_wait(driver, -1));
    areas_check(areas);
}

/* ---- Callbacks ---- */

bool record_completion(async_memcpy_t driver, async_memcpy_event_t *event, void *argument)
{
    struct record *record = argument;
    record->driver = driver;
    record->result = *(const async_memcpy_result_t *)event->data;
    record->in_isr = xPortInIsrContext();
    atomic_fetch_add(&record->calls, 1);
    return record->wants_yield;
}

esp_err_t submit(async_memcpy_t driver, const struct areas *areas, struct record *record)
{
    const struct oracle *oracle = &areas->oracle;
    return esp_async_memcpy(driver, oracle->dst, oracle->src, oracle->n,
                            record != NULL ? record_completion : NULL, record);
}

/* ---- Threads ---- */

static void *run_thread(void *argument)
{
    struct thread *thread = argument;
    atomic_store(&thread->tid, gettid());
    thread->function(thread->argument);
    thread->ended_ms = now_ms();
    return NULL;
}

void thread_start(struct thread *thread, void (*function)(void *argument), void *argument)
{
    *thread = (struct thread){.function = function, .argument = argument};
    assert_int_equal(pthread_create(&thread->pthread, NULL, run_thread, thread), 0);
}

/* The first line of a file about a thread; false: there is none, or the thread has ended. */
static bool read_about(pid_t tid, const char *file_name, char line[256])
{
    char path[64];
    snprintf(path, sizeof path, "/proc/self/task/%d/%s", (int)tid, file_name);
    FILE *file = fopen(path, "r");
    if (file == NULL) {
        return false;
    }
    bool got = fgets(line, 256, file) != NULL;
    fclose(file);
    return got;
}

/* In a system call that is no nap: these end by themselves (port_pause(), and whom `make paused` holds up).
 */
static bool sleeps(pid_t tid)
{
    char line[256];
    if (read_about(tid, "syscall", line)) {
        return line[0] >= '0' && line[0] <= '9' && strtol(line, NULL, 10) != SYS_clock_nanosleep;
    }
    const char *name_end = read_about(tid, "stat", line) ? strrchr(line, ')') : NULL;
    return name_end != NULL && name_end[2] == 'S';
}

void thread_await_sleep(struct thread *thread)
{
    for (unsigned look = 0; look < 10000; look++) {
        pid_t tid = atomic_load(&thread->tid);
        if (tid != 0 && sleeps(tid)) {
            return;
        }
        sleep_ms(1);
    }
    fail_msg("the thread did not begin to wait");
}

void thread_join(struct thread *thread)
{
    assert_int_equal(pthread_join(thread->pthread, NULL), 0);
}
