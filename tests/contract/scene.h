/* SPDX-License-Identifier: Apache-2.0 */
/* What the tests of the contract suite set up: drivers, buffers under the oracle, callbacks that write down
 * what they saw, threads, clocks. */
#ifndef SCENE_H
#define SCENE_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <sys/types.h>
#include "expect.h"
#include "oracle.h"
#include "row.h"

/* ---- Counts and clocks ---- */

/* Is this a build with sanitizers, which runs the smaller counts? */
bool is_quick(void);

/* How often: `full`, or `quick` under sanitizers; fewer on a slow engine. At least 1. */
unsigned long times(unsigned long full, unsigned long quick);

int64_t now_ms(void);
void sleep_ms(unsigned ms);

/* ---- Drivers ---- */

async_memcpy_t install(uint32_t backlog);
async_memcpy_t install_aligned(size_t sram_trans_align, size_t psram_trans_align);
void uninstall(async_memcpy_t driver);

/* ---- Buffers: windows of up to `size` bytes, at any offset below AREA_OFFSETS ---- */

#define AREA_GUARD   64
#define AREA_OFFSETS 64

struct areas {
    unsigned char *dst_block;
    unsigned char *src_block;
    struct oracle oracle;
};

void areas_open(struct areas *areas, size_t size);
void areas_close(struct areas *areas);

/* Mark a new pair of windows; areas->oracle has their addresses. */
void areas_prepare(struct areas *areas, size_t dst_offset, size_t src_offset, size_t n);

/* The copy has come out right; areas_check_untouched(): nothing has been copied at all. */
void areas_check(const struct areas *areas);
void areas_check_untouched(const struct areas *areas);

/* Prepare, copy, wait, check. */
void copy_and_check(async_memcpy_t driver, struct areas *areas, size_t dst_offset, size_t src_offset,
                    size_t n);

/* ---- Callbacks ---- */

/* What record_completion() saw of its copy, whose argument is a pointer to one of these. */
struct record {
    atomic_uint calls;
    async_memcpy_t driver;
    async_memcpy_result_t result;
    bool in_isr;
    bool wants_yield; /* what it is to return */
};

bool record_completion(async_memcpy_t driver, async_memcpy_event_t *event, void *argument);

/* Submit the oracle's windows. */
esp_err_t submit(async_memcpy_t driver, const struct areas *areas, struct record *record);

/* ---- Threads ---- */

struct thread {
    pthread_t pthread;
    void (*function)(void *argument);
    void *argument;
    _Atomic pid_t tid;
    int64_t ended_ms;
};

void thread_start(struct thread *thread, void (*function)(void *argument), void *argument);

/* Wait, some seconds at the most, until it sleeps: it has begun to wait inside its call. */
void thread_await_sleep(struct thread *thread);
void thread_join(struct thread *thread);

#endif
