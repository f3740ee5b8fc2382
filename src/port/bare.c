/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The bare port: interrupts through matrix and PLIC, waiting with wfi, time from the system timer. Nothing
 * ticks: target 0 of the timer runs while a check is armed, target 1 while the task waits with a time-out, so
 * that a program in which nothing can happen any more sleeps for good, and whoever watches it can tell. What
 * each function promises: ../port.h.
 */
#include <stdarg.h>
#include <stdio.h>

#include "chip/intmtx_v1.h"
#include "chip/mmio.h"
#include "chip/plic_v1.h"
#include "chip/start.h"
#include "chip/systimer_v1.h"
#include "esp_heap_caps.h"
#include "esp_log.h"
#include "port.h"
#include "stop.h"

/* ---- Memory ---- */

void *port_alloc(size_t size, size_t align, bool dma)
{
    return heap_caps_aligned_calloc(align, 1, size, dma ? MALLOC_CAP_DMA : MALLOC_CAP_DEFAULT);
}

void port_free(void *memory)
{
    heap_caps_free(memory);
}

enum port_memory port_memory_of(const void *address)
{
    (void)address;
    return PORT_SRAM;
}

/* ---- Interrupts ---- */

struct irq {
    void (*handler)(void *argument); /* NULL: the line is free */
    void *argument;
    unsigned source;
};

struct port_isr port_isr;
static struct irq irqs[PLIC_LINES];

void port_isr_dispatch(uint32_t line)
{
    const struct irq *irq = &irqs[line % PLIC_LINES];
    port_isr.inside = true;
    if (irq->handler != NULL) {
        irq->handler(irq->argument);
    }
    port_isr.callback = NULL;
    port_isr.inside = false;
}

void port_isr_enter(void)
{
}

void port_isr_leave(void)
{
}

bool port_chip_start(void)
{
    return true;
}

bool port_for_chip(void)
{
    return true;
}

bool port_chip_is_on(void)
{
    return true;
}

bool port_chip_wanted(void)
{
    return true;
}

static bool is_free(unsigned line)
{
    return (PLIC_LINES_CLINT >> line & 1u) == 0 && irqs[line].handler == NULL;
}

bool port_irq_attach(unsigned source, void (*handler)(void *argument), void *argument)
{
    unsigned state = port_irq_mask();
    unsigned line = 0;
    while (line < PLIC_LINES && !is_free(line)) {
        line++;
    }
    if (line < PLIC_LINES) {
        irqs[line] = (struct irq){handler, argument, source};
        chip_route(source, line);
    }
    port_irq_unmask(state);
    return line < PLIC_LINES;
}

void port_irq_detach(unsigned source)
{
    unsigned state = port_irq_mask();
    for (unsigned line = 0; line < PLIC_LINES; line++) {
        if (irqs[line].handler != NULL && irqs[line].source == source) {
            chip_unroute(source, line);
            irqs[line].handler = NULL;
        }
    }
    port_irq_unmask(state);
}

/* ---- The system timer ---- */

_Static_assert(PORT_COUNTS_PER_MS == CHIP_SYSTIMER_PER_MS, "deadlines are in the timer's counts");

enum { CHECK_TARGET, WAIT_TARGET };

#define CONF_RUNS (SYSTIMER_CONF_CLK_EN | SYSTIMER_CONF_UNIT0_WORK_EN)

static uint32_t conf; /* of the system timer; written masked */

int64_t port_now(void)
{
    unsigned state = port_irq_mask();
    mmio_write(SYSTIMER_UNIT0_OP, SYSTIMER_OP_UPDATE);
    while ((mmio_read(SYSTIMER_UNIT0_OP) & SYSTIMER_OP_VALID) == 0) {
        /* a few cycles of the timer's clock */
    }
    uint64_t high = mmio_read(SYSTIMER_VALUE_HI);
    uint32_t low = mmio_read(SYSTIMER_VALUE_LO);
    port_irq_unmask(state);
    return (int64_t)(high << 32 | low);
}

/* Have a target compare, or not. Masked. */
static void run_target(unsigned target, bool on)
{
    uint32_t bit = systimer_conf_target(target);
    conf = on ? conf | bit : conf & ~bit;
    mmio_write(SYSTIMER_CONF, conf);
    if (!on) {
        mmio_write(SYSTIMER_INT_CLR, 1u << target);
    }
}

static void on_wait_target(void *unused)
{
    (void)unused;
    run_target(WAIT_TARGET, false); /* that was the purpose: wfi has ended */
}

/* ---- Checks ---- */

static struct port_check *checks; /* written masked */

static void on_check_target(void *unused)
{
    (void)unused;
    bool armed = false;
    mmio_write(SYSTIMER_INT_CLR, 1u << CHECK_TARGET);
    for (struct port_check *check = checks; check != NULL; check = check->next) {
        if (check->armed) {
            check->armed = check->look(check);
        }
    }
    /* A look may have armed one before it in the list: asked when all are through. */
    for (const struct port_check *check = checks; check != NULL; check = check->next) {
        armed |= check->armed;
    }
    if (!armed) {
        run_target(CHECK_TARGET, false);
    }
}

static void attach_timer(void)
{
    unsigned state = port_irq_mask();
    if (conf == 0) {
        conf = CONF_RUNS;
        mmio_write(SYSTIMER_CONF, conf);
        mmio_write(systimer_target_conf(CHECK_TARGET),
                   SYSTIMER_TARGET_PERIOD_MODE | PORT_CHECK_MS * CHIP_SYSTIMER_PER_MS);
        mmio_write(systimer_target_conf(WAIT_TARGET), 0);
        mmio_write(SYSTIMER_INT_ENA, 1u << CHECK_TARGET | 1u << WAIT_TARGET);
        /* The first two of all lines: there are some. */
        port_irq_attach(CHIP_SYSTIMER_SOURCE + CHECK_TARGET, on_check_target, NULL);
        port_irq_attach(CHIP_SYSTIMER_SOURCE + WAIT_TARGET, on_wait_target, NULL);
    }
    port_irq_unmask(state);
}

void port_check_add(struct port_check *check, bool (*look)(struct port_check *check))
{
    attach_timer();
    unsigned state = port_irq_mask();
    check->look = look;
    check->next = checks;
    checks = check;
    port_irq_unmask(state);
}

void port_check_remove(struct port_check *check)
{
    unsigned state = port_irq_mask();
    struct port_check **link = &checks;
    while (*link != check) {
        link = &(*link)->next;
    }
    *link = check->next;
    port_irq_unmask(state);
}

void port_check_start(void)
{
    uint32_t bit = systimer_conf_target(CHECK_TARGET);
    if ((conf & bit) == 0) {
        mmio_write(systimer_load(CHECK_TARGET), 1);
        conf |= bit;
        mmio_write(SYSTIMER_CONF, conf);
    }
}

/* ---- Time and waiting ---- */

int64_t port_deadline(int32_t timeout_ms)
{
    return timeout_ms < 0 ? PORT_FOREVER : port_now() + (int64_t)timeout_ms * CHIP_SYSTIMER_PER_MS;
}

uint32_t port_event_key(struct port_event *event)
{
    event->quiet = true;
    return 0;
}

void port_event_cancel(struct port_event *event)
{
    (void)event;
}

/* An interrupt at this moment, if not before. */
static void set_wake_up(int64_t moment)
{
    unsigned state = port_irq_mask();
    run_target(WAIT_TARGET, false);
    mmio_write(systimer_target_hi(WAIT_TARGET), (uint32_t)(moment >> 32));
    mmio_write(systimer_target_lo(WAIT_TARGET), (uint32_t)moment);
    mmio_write(systimer_load(WAIT_TARGET), 1);
    run_target(WAIT_TARGET, true);
    port_irq_unmask(state);
}

/*
 * Sleep until an interrupt, unless there was a signal since the key. Masked from the look to the sleep, so
 * that the signal cannot come in between; wfi ends for an interrupt that is masked, too. false: the deadline
 * passed.
 */
static bool sleep_once(const struct port_event *event, int64_t deadline)
{
    unsigned state = port_irq_mask();
    if ((state & MSTATUS_MIE) == 0) {
        compat_stop("a call that waits was made inside a critical section: nothing could end the wait");
    }
    bool in_time = deadline == PORT_FOREVER || port_now() < deadline;
    if (in_time && event->quiet) {
        __asm__ volatile("wfi" ::: "memory");
    }
    port_irq_unmask(state); /* what woke it runs here */
    return in_time;
}

bool port_event_wait(struct port_event *event, uint32_t key, int64_t deadline)
{
    (void)key;
    if (deadline != PORT_FOREVER) {
        attach_timer();
        set_wake_up(deadline);
    }
    bool in_time = true;
    while (in_time && event->quiet) {
        in_time = sleep_once(event, deadline);
    }
    if (deadline != PORT_FOREVER) {
        unsigned state = port_irq_mask();
        run_target(WAIT_TARGET, false);
        port_irq_unmask(state);
    }
    return !event->quiet;
}

/* There is nobody else to run. */
void port_pause(void)
{
}

/* ---- The rest ---- */

#if !defined(PORT_LOG) || PORT_LOG
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
#endif

void port_fork_watch(struct port_fork *fork, void (*child)(struct port_fork *fork))
{
    (void)fork;
    (void)child;
}

void port_fork_forget(struct port_fork *fork)
{
    (void)fork;
}
