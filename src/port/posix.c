/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The POSIX port (Linux): memory, interrupt context, waiting on futexes, fork. What each function promises:
 * ../port.h.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <limits.h>
#include <linux/futex.h>
#include <linux/membarrier.h>
#include <sched.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "esp_heap_caps.h"
#include "esp_log.h"
#include "heap_caps_private.h"
#include "port.h"

#define NS_PER_S  1000000000
#define NS_PER_MS 1000000

/* ---- Memory ---- */

/* What lies before memory that port_alloc() gave. */
struct front {
    void *block; /* to be freed */
};

/* The C library's calloc() takes large blocks from the system, zeroed, and touches no page of them. */
void *port_alloc(size_t size, size_t align, bool dma)
{
    if (dma && port_chip_is_on()) {
        return heap_caps_aligned_calloc(align, 1, size, MALLOC_CAP_DMA);
    }
    align = align < _Alignof(struct front) ? _Alignof(struct front) : align;
    size_t room = sizeof(struct front) + align - 1;
    struct front *block = size > SIZE_MAX - room ? NULL : calloc(1, size + room);
    if (block == NULL) {
        return NULL;
    }
    struct front *memory = (struct front *)(((uintptr_t)block + room) & ~(align - 1));
    memory[-1].block = block;
    return memory;
}

void port_free(void *memory)
{
    if (heap_caps_is_chip(memory)) {
        heap_caps_free(memory);
    } else if (memory != NULL) {
        free(((struct front *)memory)[-1].block);
    }
}

struct port_range port_psram;

/* ---- Interrupt context: a thread that does completion work is in it ---- */

static _Thread_local unsigned isr_depth;
static _Thread_local bool isr_yields;
static _Thread_local port_function isr_function;

bool port_in_isr(void)
{
    return isr_depth != 0;
}

void port_isr_enter(void)
{
    isr_depth++;
}

void port_isr_leave(void)
{
    if (--isr_depth == 0 && isr_yields) {
        isr_yields = false;
        sched_yield();
    }
}

void port_isr_yield(void)
{
    isr_yields = true;
}

void port_isr_callback(port_function function)
{
    isr_function = function;
}

port_function port_isr_current(void)
{
    return isr_function;
}

_Thread_local const struct port_ring *port_ring_lent;

/* ---- A barrier that one thread pays for ---- */

static long membarrier(int command)
{
    return syscall(SYS_membarrier, command, 0, 0);
}

bool port_has_barrier;
static bool others_run; /* while one thread polls; constant since before main() */

/* Before any other code of the program can wait or signal: so both sides always agree. */
__attribute__((constructor(101))) static void look_at_the_system(void)
{
    others_run = sysconf(_SC_NPROCESSORS_ONLN) > 1;
    port_has_barrier = membarrier(MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED) == 0 &&
                       membarrier(MEMBARRIER_CMD_PRIVATE_EXPEDITED) == 0;
}

/* If the program has forbidden itself the call since then (seccomp), it fails: but a store leaves its CPU
 * within microseconds, whatever happens. */
void port_barrier(void)
{
    if (membarrier(MEMBARRIER_CMD_PRIVATE_EXPEDITED) != 0) {
        struct timespec long_enough = {0, 10 * NS_PER_MS};
        nanosleep(&long_enough, NULL);
    }
}

/* ---- Threads ---- */

#define NOBODY (UINT64_MAX - UINT64_MAX % PORT_THREAD_STEP)

_Thread_local uint64_t port_thread_number = NOBODY;

uint64_t port_thread_known(void)
{
    static _Atomic uint64_t last;
    if (port_thread_number == NOBODY) {
        port_thread_number =
            atomic_fetch_add_explicit(&last, PORT_THREAD_STEP, memory_order_relaxed) + PORT_THREAD_STEP;
    }
    return port_thread_number;
}

/* ---- Time and waiting ---- */

static int64_t now_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * NS_PER_S + now.tv_nsec;
}

int64_t port_deadline(int32_t timeout_ms)
{
    return timeout_ms < 0 ? PORT_FOREVER : now_ns() + (int64_t)timeout_ms * NS_PER_MS;
}

#define POLL_NS    (50 * 1000) /* about what it costs to sleep and be woken */
#define PATIENT_NS (2 * NS_PER_MS)
#define POLL_ALONE 128 /* turns; some microseconds */

bool port_poll_look(struct port_poll *poll)
{
    int64_t now = now_ns();
    if (poll->until == 0) {
        poll->until = now + (poll->patient ? PATIENT_NS : POLL_NS);
    }
    if (poll->turn > POLL_ALONE) {
        sched_yield(); /* who shares this CPU may have something to do */
    }
    return others_run && now < poll->until;
}

uint32_t port_event_key(struct port_event *event)
{
    /* Its reader is port_event_is_awaited(). */
    atomic_fetch_add_explicit(&event->waiters, 1, memory_order_acq_rel);
    if (port_has_barrier) {
        port_barrier();
    }
    return atomic_load_explicit(&event->sequence, memory_order_acquire);
}

void port_event_cancel(struct port_event *event)
{
    atomic_fetch_sub_explicit(&event->waiters, 1, memory_order_release);
}

bool port_event_wait(struct port_event *event, uint32_t key, int64_t deadline)
{
    struct timespec until = {deadline / NS_PER_S, deadline % NS_PER_S};
    bool signalled;
    do {
        signalled = atomic_load_explicit(&event->sequence, memory_order_acquire) != key;
    } while (!signalled &&
             (syscall(SYS_futex, &event->sequence, FUTEX_WAIT_BITSET_PRIVATE, key,
                      deadline == PORT_FOREVER ? NULL : &until, NULL, FUTEX_BITSET_MATCH_ANY) == 0 ||
              errno != ETIMEDOUT));
    port_event_cancel(event);
    return signalled;
}

void port_event_wake(struct port_event *event)
{
    atomic_fetch_add_explicit(&event->sequence, 1, memory_order_release);
    syscall(SYS_futex, &event->sequence, FUTEX_WAKE_PRIVATE, INT_MAX, NULL, NULL, 0);
}

void port_pause(void)
{
    struct timespec moment = {0, 50 * 1000};
    nanosleep(&moment, NULL);
}

/* ---- The rest ---- */

void port_log(char level, const char *format, ...)
{
    if (port_in_isr()) {
        return;
    }
    va_list arguments;
    va_start(arguments, format);
    char line[256];
    vsnprintf(line, sizeof line, format, arguments);
    va_end(arguments);
    if (level == 'E') {
        ESP_LOGE("async_memcpy", "%s", line);
    } else {
        ESP_LOGW("async_memcpy", "%s", line);
    }
}

static struct {
    pthread_once_t once;
    pthread_mutex_t mutex;
    struct port_fork *first;
} forks = {PTHREAD_ONCE_INIT, PTHREAD_MUTEX_INITIALIZER, NULL};

static void before_fork(void)
{
    pthread_mutex_lock(&forks.mutex);
}

static void after_fork_in_parent(void)
{
    pthread_mutex_unlock(&forks.mutex);
}

static void after_fork_in_child(void)
{
    for (struct port_fork *watcher = forks.first; watcher != NULL; watcher = watcher->next) {
        watcher->child(watcher);
    }
    pthread_mutex_unlock(&forks.mutex);
}

static void watch_forks(void)
{
    pthread_atfork(before_fork, after_fork_in_parent, after_fork_in_child);
}

void port_fork_watch(struct port_fork *fork, void (*child)(struct port_fork *fork))
{
    pthread_once(&forks.once, watch_forks);
    pthread_mutex_lock(&forks.mutex);
    fork->child = child;
    fork->next = forks.first;
    forks.first = fork;
    pthread_mutex_unlock(&forks.mutex);
}

void port_fork_forget(struct port_fork *fork)
{
    pthread_mutex_lock(&forks.mutex);
    struct port_fork **link = &forks.first;
    while (*link != fork) {
        link = &(*link)->next;
    }
    *link = fork->next;
    pthread_mutex_unlock(&forks.mutex);
}
