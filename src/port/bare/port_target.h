/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The inline half of the bare port: one RISC-V core, one task, no kernel. The functions are in ../bare.c.
 * What each part is: ../../port.h. PORT_LOG=0 leaves every message of the driver out of the program.
 */
#ifndef PORT_TARGET_H
#define PORT_TARGET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PORT_LINE            4
#define PORT_SLOT            PORT_LINE
#define PORT_LISTENERS_APART false

#define MSTATUS_MIE 8u

/* The state is mstatus as it was. Nothing else in it changes while interrupts are off, so that writing its
 * ones back restores just the interrupt bit. */
static inline unsigned port_irq_mask(void)
{
    unsigned state;
    __asm__ volatile("csrrci %0, mstatus, %1" : "=r"(state) : "i"(MSTATUS_MIE) : "memory");
    return state;
}

static inline void port_irq_unmask(unsigned state)
{
    __asm__ volatile("csrs mstatus, %0" : : "r"(state) : "memory");
}

#include "../ring_critical.h"

struct port_lock {
};

#define PORT_LOCK_INIT                                                                                       \
    {                                                                                                        \
    }

static inline void port_lock_init(struct port_lock *lock)
{
    (void)lock;
}

static inline unsigned port_lock(struct port_lock *lock)
{
    (void)lock;
    return port_irq_mask();
}

static inline void port_unlock(struct port_lock *lock, unsigned state)
{
    (void)lock;
    port_irq_unmask(state);
}

/* Only the one task takes keys, so a mark that it sets first is enough. 0 is signalled: that takes one store.
 */
struct port_event {
    volatile bool quiet;
};

static inline bool port_event_is_awaited(struct port_event *event)
{
    (void)event;
    return true;
}

static inline void port_event_signal(struct port_event *event)
{
    event->quiet = false;
}

typedef void (*port_function)(void);

/* The interrupt at hand. It ends with port_isr_dispatch(), which also forgets the callback. */
struct port_isr {
    volatile bool inside;
    volatile port_function callback;
};

extern struct port_isr port_isr;

static inline bool port_in_isr(void)
{
    return port_isr.inside;
}

static inline void port_isr_callback(port_function function)
{
    if (function != NULL) {
        port_isr.callback = function;
    }
}

/* There is one task. */
static inline void port_isr_yield(void)
{
}

#include "../no_polls.h"

struct port_fork {
};

/* What the vector table calls, with the CPU's interrupt line. */
void port_isr_dispatch(uint32_t line);

/* Deadlines are counts of the system timer. */
#define PORT_COUNTS_PER_MS 16000

int64_t port_now(void);

#if defined(PORT_LOG) && !PORT_LOG
static inline void port_log(char level, const char *format, ...)
{
    (void)level;
    (void)format;
}
#endif

#endif
