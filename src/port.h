/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the operating system and the CPU give: one port per program, chosen at link time. port_target.h,
 * beside each port, holds the types and what must be inline. It defines:
 *
 * - PORT_LINE: bytes that one CPU can write without disturbing another (4 on a one-core chip). PORT_SLOT:
 * what a slot of the ring is aligned to. PORT_LISTENERS_APART: lie the slots' listeners behind all slots, so
 * that a slot is PORT_SLOT bytes large?
 *
 * - struct port_lock: a short critical section against tasks and interrupts, in any context; not held across
 *   a callback. PORT_LOCK_INIT is its initial value, port_lock_init(lock) the same at run time. state =
 *   port_lock(lock) enters it, port_unlock(lock, state) leaves it.
 *
 * - struct port_ring, port_mark, port_claim and the calls on them: who may use which slot of the driver's
 *   ring. On a host they are those of ring_biased.h.
 *
 * - struct port_event: tasks wait here for a change; zeroed, it is ready for use. port_event_signal(event)
 *   says that something has changed and wakes them; port_event_is_awaited(event) says whether that would wake
 *   anybody. Any context; costs next to nothing while nobody waits.
 *
 * - port_function, port_isr_callback(function): this function of the program runs next in this interrupt (for
 *   messages); NULL: none any more.
 *
 * - port_relax(): one turn of a short busy wait. PORT_POLLS: is there ever sense in one, before sleeping?
 *
 * - struct port_poll: a busy wait of as long as it takes to sleep and be woken, or, if it is patient, of some
 *   milliseconds. port_poll_begin(poll, patient), then look and port_poll_goes_on(poll) in turns; false: it
 *   is over.
 *
 * - struct port_fork: told to a child of fork(); see port_fork_watch().
 */
#ifndef PORT_H
#define PORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum port_memory { PORT_SRAM, PORT_PSRAM };

#include "port_target.h"

/* ---- Memory ---- */

/*
 * Zeroed memory, or NULL; dma: where the chip's DMA can reach it. align: a power of two. Task; on a host also
 * interrupt context, in which ETM's objects may be made and deleted.
 */
void *port_alloc(size_t size, size_t align, bool dma);
void port_free(void *memory);

/* Which alignment rule an address falls under. Any context. */
enum port_memory port_memory_of(const void *address);

/* ---- Interrupt context ---- */

/* Is this interrupt context? Any context. */
bool port_in_isr(void);

/* On a host an engine marks the beginning and end of its completion work; on a chip the vector table does. */
void port_isr_enter(void);
void port_isr_leave(void);

/* A task that was woken should run at once, when this interrupt ends: once, however often it is asked for. */
void port_isr_yield(void);

/* ---- A chip's interrupts: ports with a chip, real or modelled ---- */

/*
 * Have a chip: true on a chip; on a host, switch its software chip on, with all clocks running and the DMA
 * let through the permission filters. False: it cannot be (logged). Task.
 */
bool port_chip_start(void);

/* Is this a program for the chip: on one, or on a host whose environment names one? Any context. */
bool port_for_chip(void);

bool port_chip_is_on(void);  /* Any context. */
bool port_chip_wanted(void); /* Is it on, or does the environment ask for it? Task. */

/*
 * A critical section on the chip's one core: no interrupt handler starts and no other task enters until the
 * matching port_irq_unmask(). Nests. Any context.
 */
/* NOLINTBEGIN(readability-redundant-declaration): some targets need them earlier */
unsigned port_irq_mask(void);
void port_irq_unmask(unsigned state);
/* NOLINTEND(readability-redundant-declaration) */

/*
 * Let an interrupt source call a handler, in interrupt context. After detach the handler is not running and
 * is not called again. Task. False: no interrupt line is free.
 */
bool port_irq_attach(unsigned source, void (*handler)(void *argument), void *argument);
void port_irq_detach(unsigned source);

/*
 * A periodic look at work in progress, in interrupt context and never during a handler of port_irq_attach(),
 * every PORT_CHECK_MS from port_check_arm() until look() says that nothing is pending.
 */
struct port_check {
    struct port_check *next;
    bool (*look)(struct port_check *check);
    bool armed;
};

#define PORT_CHECK_MS 10

void port_check_add(struct port_check *check, bool (*look)(struct port_check *check));
void port_check_remove(struct port_check *check); /* look() is not running and is not called again */
void port_check_start(void);

/* Something is pending. Any context, inside port_irq_mask(). */
static inline void port_check_arm(struct port_check *check)
{
    if (!check->armed) {
        check->armed = true;
        port_check_start();
    }
}

/* ---- Time and waiting ---- */

#define PORT_FOREVER INT64_MAX

/* The moment timeout_ms (-1: never) from now, for port_event_wait(). Task. */
int64_t port_deadline(int32_t timeout_ms);

/*
 * Waiting without a lost wake-up: take a key, look whether what you wait for has happened, then either cancel
 * or wait with the key. A port_event_signal() after the key was taken ends the wait. Task.
 */
uint32_t port_event_key(struct port_event *event);
void port_event_cancel(struct port_event *event);
/* false: the deadline passed */
bool port_event_wait(struct port_event *event, uint32_t key, int64_t deadline);

/* Let others run for a moment, when there is nothing to wait on. Task. */
void port_pause(void);

/* ---- The rest ---- */

/* One line for the developer: level 'E' or 'W'. Any context; says nothing from interrupt context. */
void port_log(char level, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Have child() called in a child process of fork(), until forgotten. Task. */
void port_fork_watch(struct port_fork *fork, void (*child)(struct port_fork *fork));
void port_fork_forget(struct port_fork *fork);

#endif
