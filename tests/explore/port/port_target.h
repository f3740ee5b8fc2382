/* SPDX-License-Identifier: Apache-2.0 */
/* The explorer's port: one core whose interrupts come when the explorer chooses. What each part is:
 * src/port.h. */
#ifndef PORT_TARGET_H
#define PORT_TARGET_H

#include <stdbool.h>
#include <stdint.h>

#define PORT_LINE            8
#define PORT_SLOT            PORT_LINE
#define PORT_LISTENERS_APART false

unsigned port_irq_mask(void);
void port_irq_unmask(unsigned state);

#include "../../../src/port/ring_critical.h"

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

struct port_event {
    uint32_t sequence;
};

static inline bool port_event_is_awaited(struct port_event *event)
{
    (void)event;
    return true;
}

static inline void port_event_signal(struct port_event *event)
{
    event->sequence++;
}

typedef void (*port_function)(void);

static inline void port_isr_callback(port_function function)
{
    (void)function;
}

static inline void port_isr_yield(void)
{
}

#include "../../../src/port/no_polls.h"

struct port_fork {
};

#endif
