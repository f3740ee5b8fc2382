/* SPDX-License-Identifier: Apache-2.0 */
/* The explorer's port and bus: what the driver asks of platform and hardware, with a choice at every access.
 */
#include <string.h>

#include "chip/mmio.h"
#include "etm.h"
#include "world.h"

struct world world;
struct model model;

/* ---- What may happen ---- */

static bool can_take(void)
{
    return world.masked == 0 && world.handler != NULL && model_irq_line(&model) >= 0;
}

static bool check_is_armed(void)
{
    return world.check != NULL && world.check->armed;
}

static void enter_isr(void)
{
    world.in_isr++;
    world.masked++;
}

static void leave_isr(void)
{
    world.masked--;
    world.in_isr--;
}

static void take_interrupt(void)
{
    enter_isr();
    world.handler(world.argument);
    leave_isr();
}

static void run_check(void)
{
    enter_isr();
    bool yield = false;
    world.check->armed = world.check->look(world.check, &yield);
    leave_isr();
}

static void run_outsider(void)
{
    enter_isr();
    outsider();
    leave_isr();
}

static unsigned possible(void)
{
    unsigned options = 0;
    if (!model_idle(&model)) {
        options |= 1u << STEP;
    }
    if (can_take()) {
        options |= 1u << TAKE;
    }
    if (world.faults_left != 0) {
        options |= 1u << FAULT;
    }
    if (world.masked == 0 && world.outsiders_left != 0) {
        options |= 1u << OUTSIDE;
    }
    if (world.masked == 0 && world.checks_left != 0 && check_is_armed()) {
        options |= 1u << CHECK;
    }
    return options;
}

static void let_happen(enum choice choice)
{
    switch (choice) {
    case STEP:
        model_step(&model);
        break;
    case TAKE:
        take_interrupt();
        break;
    case FAULT:
        world.faults_left--;
        world.fault_fired = 1;
        model_inject(&model, (enum model_fault)world.fault, world.fault_channel);
        break;
    case OUTSIDE:
        world.outsiders_left--;
        run_outsider();
        break;
    case CHECK:
        world.checks_left -= world.checks_left != 0;
        run_check();
        break;
    default:
        break;
    }
}

void moment(void)
{
    if (!world.exploring) {
        return;
    }
    enum choice choice;
    do {
        choice = pick(possible() | 1u << GO);
        let_happen(choice);
    } while (choice != GO);
}

/* ---- The bus ---- */

uint32_t bus_read(uint32_t address)
{
    moment();
    return model_read(&model, address);
}

void bus_write(uint32_t address, uint32_t value)
{
    moment();
    model_write(&model, address, value);
}

/* ---- The port ---- */

unsigned port_irq_mask(void)
{
    return world.masked++;
}

void port_irq_unmask(unsigned state)
{
    world.masked = state;
    if (state == 0) {
        moment();
    }
}

bool port_irq_attach(unsigned source, bool (*handler)(void *argument), void *argument)
{
    world.handler = handler;
    world.argument = argument;
    world.source = source;
    mmio_write(intmtx_map(source), 1);
    mmio_write(plic_priority(1), 1);
    mmio_write(PLIC_THRESH, 1);
    mmio_write(PLIC_ENABLE, 1u << 1);
    return true;
}

void port_irq_detach(unsigned source)
{
    mmio_write(PLIC_ENABLE, 0);
    mmio_write(intmtx_map(source), 0);
    world.handler = NULL;
}

void port_check_add(struct port_check *check, bool (*look)(struct port_check *check, bool *yield))
{
    check->look = look;
    world.check = check;
}

void port_check_remove(struct port_check *check)
{
    if (world.check == check) {
        world.check = NULL;
    }
}

void port_check_start(void)
{
}

void *port_alloc(size_t size, size_t align, bool dma)
{
    (void)dma;
    uint32_t offset = (world.arena_used + (uint32_t)align - 1) & ~((uint32_t)align - 1);
    if (size > ARENA_SIZE - offset) {
        return NULL;
    }
    world.arena_used = offset + (uint32_t)size;
    world.arena_blocks++;
    return memset((void *)(uintptr_t)(CHIP_SRAM_FIRST + offset), 0, size);
}

void port_free(void *memory)
{
    (void)memory;
    world.arena_blocks--;
}

enum port_memory port_memory_of(const void *address)
{
    (void)address;
    return PORT_SRAM;
}

bool port_in_isr(void)
{
    return world.in_isr != 0;
}

int64_t port_deadline(int32_t timeout_ms)
{
    return timeout_ms < 0 ? PORT_FOREVER : timeout_ms;
}

uint32_t port_event_key(struct port_event *event)
{
    moment();
    return event->sequence;
}

void port_event_cancel(struct port_event *event)
{
    (void)event;
}

/* The task sleeps: time goes on until something ends the wait, and a world that stands still for ever is a
 * defect. */
bool port_event_wait(struct port_event *event, uint32_t key, int64_t deadline)
{
    while (event->sequence == key) {
        unsigned options = possible();
        if ((options & (1u << STEP | 1u << TAKE)) == 0) {
            options |= check_is_armed() ? 1u << CHECK : 0;
        }
        if (deadline != PORT_FOREVER) {
            options |= 1u << TIMEOUT;
        }
        if ((options & (1u << STEP | 1u << TAKE | 1u << CHECK | 1u << TIMEOUT)) == 0) {
            fail("everything stands still: the task waits, and no interrupt and no check is due");
        }
        enum choice choice = pick(options);
        if (choice == TIMEOUT) {
            return false;
        }
        let_happen(choice);
    }
    return true;
}

void port_pause(void)
{
    fail("a call is still inside the driver, but there is no other task");
}

void port_log(char level, const char *format, ...)
{
    (void)level;
    (void)format;
}

void port_fork_watch(struct port_fork *fork, void (*child)(struct port_fork *fork))
{
    (void)fork;
    (void)child;
}

void port_fork_forget(struct port_fork *fork)
{
    (void)fork;
}

/* ---- Events: not part of this ---- */

esp_err_t etm_new_event(struct etm_source *source, esp_etm_event_handle_t *out_event)
{
    (void)source;
    (void)out_event;
    return ESP_ERR_NOT_SUPPORTED;
}

void etm_run(struct etm_source *source)
{
    (void)source;
}

void etm_retire(struct etm_source *source)
{
    (void)source;
}
