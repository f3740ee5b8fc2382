/* SPDX-License-Identifier: Apache-2.0 */
/* The inline half of the POSIX port (Linux); the functions are in ../posix.c. What each part is:
 * ../../port.h. */
#ifndef PORT_TARGET_H
#define PORT_TARGET_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PORT_LINE            64
#define PORT_SLOT            32
#define PORT_LISTENERS_APART true

struct port_lock {
    pthread_mutex_t mutex;
};

#define PORT_LOCK_INIT                                                                                       \
    {                                                                                                        \
        PTHREAD_MUTEX_INITIALIZER                                                                            \
    }

static inline void port_lock_init(struct port_lock *lock)
{
    pthread_mutex_init(&lock->mutex, NULL);
}

static inline unsigned port_lock(struct port_lock *lock)
{
    pthread_mutex_lock(&lock->mutex);
    return 0;
}

static inline void port_unlock(struct port_lock *lock, unsigned state)
{
    (void)state;
    pthread_mutex_unlock(&lock->mutex);
}

#define PORT_POLLS true

static inline void port_relax(void)
{
#if defined(__x86_64__) || defined(__i386__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    __asm__ volatile("yield");
#endif
}

struct port_poll {
    int64_t until; /* 0: the clock has not been looked at */
    unsigned turn;
    bool patient;
};

static inline void port_poll_begin(struct port_poll *poll, bool patient)
{
    *poll = (struct port_poll){0, 0, patient};
}

bool port_poll_look(struct port_poll *poll);

/* The clock costs more than a turn. */
static inline bool port_poll_goes_on(struct port_poll *poll)
{
    port_relax();
    return ++poll->turn % 32 != 0 || port_poll_look(poll);
}

/* ---- A barrier that one thread pays for ---- */

/* Is there one? Constant since before main(). */
extern bool port_has_barrier;

/*
 * A full barrier on every CPU that runs a thread of this process. So where another thread stores and then
 * loads with no barrier of its own (but atomic_signal_fence(), for the compiler): either its store is seen
 * from here on, or its load sees what was stored here before. Any context; microseconds.
 */
void port_barrier(void);

/* ---- Threads, and the ring ---- */

#define PORT_THREAD_STEP 16

/* initial-exec: found without a call, also in a shared library. */
extern _Thread_local uint64_t port_thread_number __attribute__((tls_model("initial-exec")));

/* This thread's number: a multiple of the step, not 0, that no other thread has or will have; until
 * port_thread_known() gives it one, a number that is nobody's. */
static inline uint64_t port_thread(void)
{
    return port_thread_number;
}

uint64_t port_thread_known(void);

#include "../ring_biased.h"

/* ---- Events ---- */

struct port_event {
    _Atomic uint32_t waiters;  /* tasks that hold a key */
    _Atomic uint32_t sequence; /* a futex: changes with every signal that somebody may wait for */
};

void port_event_wake(struct port_event *event);

/* Either this sees the waiter, or the waiter (port_event_key) sees the change: without a barrier, both add to
 * one word and read what the other added. */
static inline bool port_event_is_awaited(struct port_event *event)
{
    if (!port_has_barrier) {
        return atomic_fetch_or_explicit(&event->waiters, 0, memory_order_acq_rel) != 0;
    }
    atomic_signal_fence(memory_order_seq_cst);
    return atomic_load_explicit(&event->waiters, memory_order_relaxed) != 0;
}

static inline void port_event_signal(struct port_event *event)
{
    if (port_event_is_awaited(event)) {
        port_event_wake(event);
    }
}

/* ---- The rest ---- */

/* Memory that counts as PSRAM. Set once, by who has it: the size, then the first address. */
struct port_range {
    size_t size;
    _Atomic uintptr_t first; /* 0: there is none */
};

extern struct port_range port_psram;

static inline enum port_memory port_memory_of(const void *address)
{
    /* Acquire: the size was written before. */
    uintptr_t first = atomic_load_explicit(&port_psram.first, memory_order_acquire);
    return first != 0 && (uintptr_t)address - first < port_psram.size ? PORT_PSRAM : PORT_SRAM;
}

typedef void (*port_function)(void);

void port_isr_callback(port_function function);

/* The function that runs in this thread's interrupt context, or 0. */
port_function port_isr_current(void);

struct port_fork {
    struct port_fork *next;
    void (*child)(struct port_fork *fork);
};

#endif
