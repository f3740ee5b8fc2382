/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One thread plays the hardware and the interrupts of a one-core chip:
 *
 *   chip thread:  step the model ─▶ an interrupt is due? ─▶ enter the core ─▶ handler ─▶ leave the core ─▶
 * step … tasks:        register access (waits for the step at hand) · critical section = enter the core
 *
 * `core` is what interrupts being masked is on the chip: whoever holds it keeps handlers from starting and
 * other tasks out. `bus` guards the model for the length of a few steps. Order: core, then bus.
 */
#define _GNU_SOURCE
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "../model/model.h"
#include "chip/mmio.h"
#include "chip/start.h"
#include "port.h"
#include "softchip.h"

#define BURST 64 /* steps before a look at interrupts and checks */
#define STEPS_PER_CHECK                                                                                      \
    20000 /* that a check is due after, beside the time: a slow machine is no standstill */
#define LINES      32u
#define LINES_FREE (~PLIC_LINES_CLINT)

struct irq {
    void (*handler)(void *argument);
    void *argument;
    unsigned source;
};

static struct {
    struct model model;
    pthread_mutex_t core;
    pthread_mutex_t bus;
    struct port_event doorbell; /* something to do for a chip that stands still */
    _Atomic uint32_t at_bus;    /* tasks that want it: the chip thread lets them through */
    _Atomic bool on;
    bool paused;                /* written under core and bus, read under either */
    struct irq irqs[LINES];     /* under core */
    struct port_check *checks;  /* under core */
    uint64_t steps_since_check; /* under bus */
    uint64_t handlers;          /* under bus */
    int64_t check_at;           /* the chip thread's own */
    struct port_fork fork;
} chip = {.core = PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP, .bus = PTHREAD_MUTEX_INITIALIZER};

static pthread_mutex_t start_mutex = PTHREAD_MUTEX_INITIALIZER;

/* ---- The bus ---- */

static void lock_bus(void)
{
    atomic_fetch_add(&chip.at_bus, 1);
    pthread_mutex_lock(&chip.bus);
    atomic_fetch_sub(&chip.at_bus, 1);
}

/* The line of an interrupt that is due, or -1. The bus is held. */
static int irq_line(void)
{
    return chip.paused ? -1 : model_irq_line(&chip.model);
}

/* Nothing for the chip thread to do, checks aside. The bus is held. */
static bool is_idle(void)
{
    return chip.paused || (model_idle(&chip.model) && irq_line() < 0);
}

/* One step, unless time stands still; false: nothing has moved. The bus is held. */
static bool step(void)
{
    bool moved = !chip.paused && model_step(&chip.model);
    chip.steps_since_check += moved;
    return moved;
}

/* An access takes time: who polls a register sees the hardware move, in a handler too. */
uint32_t bus_read(uint32_t address)
{
    lock_bus();
    uint32_t value = model_read(&chip.model, address);
    step();
    pthread_mutex_unlock(&chip.bus);
    return value;
}

void bus_write(uint32_t address, uint32_t value)
{
    lock_bus();
    model_write(&chip.model, address, value);
    step();
    bool idle = is_idle();
    pthread_mutex_unlock(&chip.bus);
    if (!idle) {
        port_event_signal(&chip.doorbell);
    }
}

/* ---- The chip thread ---- */

struct progress {
    bool moved; /* false: nothing moves any more */
    bool check; /* checks are due */
    int line;   /* an interrupt that is due, or -1 */
};

/* A few steps, fewer if a task wants the bus. */
static struct progress step_model(void)
{
    struct progress progress = {.moved = true};
    pthread_mutex_lock(&chip.bus);
    for (unsigned count = 0;
         progress.moved && count < BURST && atomic_load_explicit(&chip.at_bus, memory_order_relaxed) == 0;
         count++) {
        progress.moved = step();
    }
    progress.line = irq_line();
    progress.check =
        (!progress.moved || chip.steps_since_check >= STEPS_PER_CHECK) && port_deadline(0) >= chip.check_at;
    pthread_mutex_unlock(&chip.bus);
    while (atomic_load_explicit(&chip.at_bus, memory_order_relaxed) != 0) {
        port_relax();
    }
    return progress;
}

/* The core is held. The line may have fallen while it was waited for. */
static void run_handler(void)
{
    pthread_mutex_lock(&chip.bus);
    int line = irq_line();
    bool runs = line >= 0 && chip.irqs[line].handler != NULL;
    chip.handlers += runs;
    pthread_mutex_unlock(&chip.bus);
    if (!runs) {
        return;
    }
    port_isr_enter();
    chip.irqs[line].handler(chip.irqs[line].argument);
    port_isr_leave();
}

static bool any_check_armed(void)
{
    for (const struct port_check *check = chip.checks; check != NULL; check = check->next) {
        if (check->armed) {
            return true;
        }
    }
    return false;
}

/* The core is held. */
static void run_checks(void)
{
    port_isr_enter();
    for (struct port_check *check = chip.checks; check != NULL; check = check->next) {
        if (check->armed) {
            check->armed = check->look(check);
        }
    }
    port_isr_leave();
    pthread_mutex_lock(&chip.bus);
    chip.steps_since_check = 0;
    pthread_mutex_unlock(&chip.bus);
    chip.check_at = port_deadline(PORT_CHECK_MS);
}

/* Nothing moves: sleep until a register is written, or a check is due. */
static void sleep_until_due(void)
{
    uint32_t key = port_event_key(&chip.doorbell);
    pthread_mutex_lock(&chip.core);
    bool armed = !chip.paused && any_check_armed();
    pthread_mutex_unlock(&chip.core);
    pthread_mutex_lock(&chip.bus);
    bool idle = is_idle();
    pthread_mutex_unlock(&chip.bus);
    if (idle) {
        port_event_wait(&chip.doorbell, key, armed ? chip.check_at : PORT_FOREVER);
    } else {
        port_event_cancel(&chip.doorbell);
    }
}

static void *run_chip(void *unused)
{
    (void)unused;
    for (;;) {
        struct progress now = step_model();
        if (now.line >= 0 || now.check) {
            /* While a task holds the core, the hardware goes on if it can. */
            if (now.moved ? pthread_mutex_trylock(&chip.core) == 0 : pthread_mutex_lock(&chip.core) == 0) {
                run_handler();
                if (now.check && !chip.paused) {
                    run_checks();
                }
                pthread_mutex_unlock(&chip.core);
            }
        }
        if (!now.moved && now.line < 0) {
            sleep_until_due();
        }
    }
    return NULL;
}

/* ---- Switching on ---- */

/* A child has no chip thread: its chip is off until it is asked for again. */
static void off_in_child(struct port_fork *fork)
{
    (void)fork;
    chip.core = (pthread_mutex_t)PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP;
    chip.bus = (pthread_mutex_t)PTHREAD_MUTEX_INITIALIZER;
    model_init(&chip.model, NULL); /* the fork may have come in the middle of a step */
    atomic_store(&chip.at_bus, 0);
    chip.paused = false;
    memset(&chip.doorbell, 0, sizeof chip.doorbell);
    memset(chip.irqs, 0, sizeof chip.irqs);
    chip.checks = NULL;
    atomic_store(&chip.on, false);
}

static bool create_thread(void)
{
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, &before);
    pthread_t thread;
    int error = pthread_create(&thread, NULL, run_chip, NULL);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (error != 0) {
        port_log('E', "chip: no thread can be created for it (%s)", strerror(error));
        return false;
    }
    pthread_setname_np(thread, CHIP_NAME);
    pthread_detach(thread);
    return true;
}

static bool map_memory(void)
{
    static bool mapped; /* a child of fork() inherits it */
    const char *reason;
    if (!mapped && !model_map_sram(&reason)) {
        port_log('E', "chip: its memory cannot lie at %08x to %08x: %s", CHIP_SRAM_FIRST, CHIP_SRAM_LAST,
                 reason);
        return false;
    }
    mapped = true;
    return true;
}

static pthread_once_t environment_once = PTHREAD_ONCE_INIT;
static const char
    *environment_chip; /* what ASYNC_MEMCPY_CHIP was at the first call into the library, or NULL */

static void read_environment(void)
{
    const char *name = getenv("ASYNC_MEMCPY_CHIP");
    environment_chip = name != NULL && name[0] != '\0' ? strdup(name) : NULL;
}

static bool environment_is_right(void)
{
    pthread_once(&environment_once, read_environment);
    if (environment_chip != NULL && strcmp(environment_chip, CHIP_NAME) != 0) {
        port_log('E', "chip: ASYNC_MEMCPY_CHIP is \"%s\"; this library has \"" CHIP_NAME "\"",
                 environment_chip);
        return false;
    }
    return true;
}

static bool switch_on(void)
{
    static bool watched;
    if (!environment_is_right() || !map_memory()) {
        return false;
    }
    model_init(&chip.model, NULL);
    chip_start();
    if (!create_thread()) {
        return false;
    }
    if (!watched) {
        port_fork_watch(&chip.fork, off_in_child);
        watched = true;
    }
    atomic_store(&chip.on, true);
    return true;
}

bool port_chip_is_on(void)
{
    return atomic_load_explicit(&chip.on, memory_order_acquire);
}

bool port_for_chip(void)
{
    pthread_once(&environment_once, read_environment);
    return environment_chip != NULL;
}

bool port_chip_wanted(void)
{
    return port_chip_is_on() || port_for_chip();
}

bool port_chip_start(void)
{
    if (port_chip_is_on()) {
        return true;
    }
    pthread_mutex_lock(&start_mutex);
    bool on = port_chip_is_on() || switch_on();
    pthread_mutex_unlock(&start_mutex);
    return on;
}

void *softchip_memory(size_t *size)
{
    *size = CHIP_SRAM_LAST - CHIP_SRAM_FIRST + 1u;
    return port_chip_is_on() ? (void *)(uintptr_t)CHIP_SRAM_FIRST : NULL;
}

struct softchip_counters softchip_read_counters(void)
{
    if (!port_chip_is_on()) {
        return (struct softchip_counters){0};
    }
    lock_bus();
    const struct model_counters *model = &chip.model.counters;
    struct softchip_counters counters = {model->cycles, model->cycles - model->idle_cycles,
                                         model->data_cycles, chip.handlers};
    pthread_mutex_unlock(&chip.bus);
    return counters;
}

uint32_t softchip_pin_changes(unsigned pin)
{
    if (!port_chip_is_on()) {
        return 0;
    }
    lock_bus();
    uint32_t changes = pin < CHIP_GPIO_PINS ? chip.model.counters.pin_changes[pin] : 0;
    pthread_mutex_unlock(&chip.bus);
    return changes;
}

void softchip_pause(bool pause)
{
    unsigned state = port_irq_mask();
    lock_bus();
    chip.paused = pause;
    pthread_mutex_unlock(&chip.bus);
    port_irq_unmask(state);
    port_event_signal(&chip.doorbell);
}

void softchip_run(unsigned steps)
{
    lock_bus();
    while (steps-- != 0 && model_step(&chip.model)) {
    }
    pthread_mutex_unlock(&chip.bus);
}

void softchip_inject(unsigned fault, unsigned channel)
{
    lock_bus();
    model_inject(&chip.model, (enum model_fault)fault, channel);
    pthread_mutex_unlock(&chip.bus);
    port_event_signal(&chip.doorbell);
}

void softchip_set_knob(unsigned knob, unsigned value)
{
    lock_bus();
    chip.model.knobs.value[knob] = (uint8_t)value;
    pthread_mutex_unlock(&chip.bus);
}

/* ---- The chip's side of the port ---- */

unsigned port_irq_mask(void)
{
    pthread_mutex_lock(&chip.core);
    return 0;
}

void port_irq_unmask(unsigned state)
{
    (void)state;
    pthread_mutex_unlock(&chip.core);
}

bool port_irq_attach(unsigned source, void (*handler)(void *argument), void *argument)
{
    unsigned state = port_irq_mask();
    unsigned line = 0;
    while (line < LINES && (chip.irqs[line].handler != NULL || (LINES_FREE >> line & 1) == 0)) {
        line++;
    }
    if (line < LINES) {
        chip.irqs[line] = (struct irq){handler, argument, source};
        chip_route(source, line);
    }
    port_irq_unmask(state);
    return line < LINES;
}

void port_irq_detach(unsigned source)
{
    unsigned state = port_irq_mask();
    for (unsigned line = 0; line < LINES; line++) {
        if (chip.irqs[line].handler != NULL && chip.irqs[line].source == source) {
            chip_unroute(source, line);
            chip.irqs[line].handler = NULL;
        }
    }
    port_irq_unmask(state);
}

void port_check_add(struct port_check *check, bool (*look)(struct port_check *check))
{
    unsigned state = port_irq_mask();
    check->look = look;
    check->next = chip.checks;
    chip.checks = check;
    port_irq_unmask(state);
}

void port_check_remove(struct port_check *check)
{
    unsigned state = port_irq_mask();
    for (struct port_check **link = &chip.checks; *link != NULL; link = &(*link)->next) {
        if (*link == check) {
            *link = check->next;
            break;
        }
    }
    port_irq_unmask(state);
}

void port_check_start(void)
{
    port_event_signal(&chip.doorbell);
}
