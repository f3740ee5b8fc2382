/* SPDX-License-Identifier: Apache-2.0 */
/* The explorer's port and bus: what the driver asks of platform and hardware, with a choice at every access.
 */
#include <string.h>

#include "chip/mmio.h"
#include "etm.h"
#include "reach.h"
#include "world.h"

#define FIRST_LINE       9u /* of the CPU's, one a driver */
#define HANDLER_ACCESSES 120u
#define NODE_ACCESSES    30u
#define LOOKS_MAX        64u   /* at one word in a row */
#define POLLS_MAX        2u    /* such rows */
#define FORCED_MAX       2000u /* events in a row without an alternative */
#define COUNT_MAX        4u    /* counted no further, so that equal states stay equal */

struct world world;
struct model model;

/* ---- What may happen ---- */

/* The line that the interrupt controller delivers to somebody who listens, or NULL. */
static struct line *pending_line(void)
{
    int number = model_irq_line(&model);
    unsigned slot = (unsigned)number - FIRST_LINE;
    return number >= 0 && slot < DRIVERS_MAX && world.line[slot].handler != NULL ? &world.line[slot] : NULL;
}

static struct port_check *armed_check(void)
{
    for (unsigned i = 0; i < DRIVERS_MAX; i++) {
        if (world.check[i] != NULL && world.check[i]->armed) {
            return world.check[i];
        }
    }
    return NULL;
}

static void enter_isr(void)
{
    world.in_isr++;
    world.masked++;
    world.costs.accesses = 0;
    world.costs.polls = 0;
}

static void leave_isr(void)
{
    world.costs.accesses = 0;
    world.costs.polls = 0;
    world.masked--;
    world.in_isr--;
}

static void take_interrupt(void)
{
    struct line *line = pending_line();
    enter_isr();
    line->handler(line->argument);
    leave_isr();
}

/* Every check that is armed: they share a timer. */
static void run_checks(void)
{
    for (unsigned i = 0; i < DRIVERS_MAX; i++) {
        struct port_check *check = world.check[i];
        if (check != NULL && check->armed) {
            enter_isr();
            check->armed = check->look(check);
            leave_isr();
        }
    }
}

static void run_outsider(void)
{
    enter_isr();
    outsider();
    leave_isr();
}

/* Hardware at rest may let a cycle pass, after which a bit that it set is no longer being set. */
static bool can_step(void)
{
    for (unsigned ch = 0; ch < MODEL_CHANNELS; ch++) {
        if (model.channel[ch].set_now != 0) {
            return true;
        }
    }
    return !model_idle(&model);
}

static unsigned possible(void)
{
    unsigned options = 0;
    if (can_step()) {
        options |= 1u << STEP;
    }
    if (world.masked == 0 && pending_line() != NULL) {
        options |= 1u << TAKE;
    }
    if (world.faults_left != 0) {
        options |= 1u << FAULT;
    }
    if (world.masked == 0 && world.outsiders_left != 0) {
        options |= 1u << OUTSIDE;
    }
    if (world.masked == 0 && world.checks_left != 0 && armed_check() != NULL) {
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
        run_checks();
        break;
    default:
        break;
    }
}

/* What calls that have returned left below on the stack would make equal states look different. */
static __attribute__((noinline)) void wipe_stack(void)
{
    char below[2048];
    memset(below, 0, sizeof below);
    __asm__ volatile("" : : "r"(below) : "memory");
}

/* ---- Moments ---- */

/*
 * Does it make no difference whether the hardware moves before or after this access? So it is when the access
 * goes to memory that the hardware cannot get at in any way before the CPU's next access, and interrupts are
 * masked (a handler might be led there). Then every order with a step before the access leads to the same
 * state as one with the step after it, but for one thing: an access ends the cycle in which the hardware sets
 * a bit. So does a further step, which is on offer before the next access (can_step()).
 */
static bool commutes(uint32_t address, bool write)
{
    if (world.masked == 0 || address < CHIP_SRAM_FIRST || address > CHIP_SRAM_LAST) {
        return false;
    }
    return write ? !hardware_reads(address) : !hardware_writes(address);
}

static void moment_before(uint32_t address, bool write, bool again)
{
    if (!world.exploring || commutes(address, write)) {
        return;
    }
    enum choice choice;
    do {
        unsigned options = possible();
        again &= (options & 1u << STEP) != 0;
        choice = pick(again ? options : options | 1u << GO);
        again &= choice != STEP;
        let_happen(choice);
    } while (choice != GO);
    wipe_stack();
}

/*
 * Between accesses, steps of the hardware matter only if something else than the driver's next instruction
 * follows: otherwise they may as well come before the next access.
 */
void moment_between(void)
{
    if (!world.exploring || world.masked != 0) {
        return;
    }
    enum choice choice = GO;
    do {
        unsigned options = possible();
        if (choice != STEP || options == 0) {
            options |= 1u << GO;
        }
        choice = pick(options);
        let_happen(choice);
    } while (choice != GO);
    wipe_stack();
}

/* ---- The bus ---- */

/*
 * One interrupt's work is bounded: the registers that it looks at, a reset; and for each node one closed, one
 * linked for the driver and one for a callback's copy. To look again at a word that is about to change is
 * counted apart: else every state behind such a loop would be many.
 */
static void count_access(bool again)
{
    if (again) {
        world.looks++;
        world.costs.polls += world.looks == 2 && world.in_isr != 0; /* joint registers are read twice */
        if (world.looks > LOOKS_MAX || world.costs.polls > POLLS_MAX) {
            fail("an interrupt looks at the same word too often");
        }
        return;
    }
    world.looks = 0;

    uint32_t nodes = 0;
    for (unsigned i = 0; i < DRIVERS_MAX; i++) {
        nodes += world.driver[i] != NULL ? subject_nodes(world.driver[i]) : 0;
    }
    world.costs.accesses += world.in_isr != 0;
    if (world.costs.accesses > HANDLER_ACCESSES + NODE_ACCESSES * nodes) {
        fail("an interrupt takes more than %u accesses", HANDLER_ACCESSES + NODE_ACCESSES * (unsigned)nodes);
    }
}

uint32_t bus_read(uint32_t address)
{
    /* The CPU's access takes time, too: who reads the same word again finds that the hardware has moved. */
    bool again = world.read_last == address;
    world.read_last = address;
    count_access(again);
    moment_before(address, false, again);
    return model_read(&model, address);
}

/* An interrupt that resets a channel begins its copies again. */
static void count_reset(uint32_t address, uint32_t value)
{
    for (unsigned pair = 0; pair < CHIP_GDMA_PAIRS; pair++) {
        if (world.in_isr != 0 && address == gdma_in(pair, GDMA_CONF0) && (value & GDMA_IN_CONF0_RST) != 0) {
            world.costs.resets += world.costs.resets < COUNT_MAX;
        }
    }
}

void bus_write(uint32_t address, uint32_t value)
{
    world.read_last = 0;
    count_access(false);
    moment_before(address, true, false);
    count_reset(address, value);
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
    moment_between();
}

bool port_irq_attach(unsigned source, void (*handler)(void *argument), void *argument)
{
    unsigned slot = 0;
    while (slot < DRIVERS_MAX && world.line[slot].handler != NULL) {
        slot++;
    }
    if (world.refuse_line || slot == DRIVERS_MAX) {
        return false;
    }
    world.line[slot] = (struct line){handler, argument, source};
    mmio_write(intmtx_map(source), FIRST_LINE + slot);
    mmio_write(plic_priority(FIRST_LINE + slot), 2);
    mmio_write(PLIC_THRESH, 1);
    mmio_write(PLIC_ENABLE, mmio_read(PLIC_ENABLE) | 1u << (FIRST_LINE + slot));
    return true;
}

void port_irq_detach(unsigned source)
{
    for (unsigned slot = 0; slot < DRIVERS_MAX; slot++) {
        if (world.line[slot].handler != NULL && world.line[slot].source == source) {
            mmio_write(PLIC_ENABLE, mmio_read(PLIC_ENABLE) & ~(1u << (FIRST_LINE + slot)));
            mmio_write(intmtx_map(source), 0);
            world.line[slot] = (struct line){0};
        }
    }
}

void port_check_add(struct port_check *check, bool (*look)(struct port_check *check))
{
    check->look = look;
    for (unsigned slot = 0; slot < DRIVERS_MAX; slot++) {
        if (world.check[slot] == NULL) {
            world.check[slot] = check;
            return;
        }
    }
}

void port_check_remove(struct port_check *check)
{
    for (unsigned slot = 0; slot < DRIVERS_MAX; slot++) {
        if (world.check[slot] == check) {
            world.check[slot] = NULL;
        }
    }
}

void port_check_start(void)
{
}

bool port_chip_start(void)
{
    return true;
}

void *port_alloc(size_t size, size_t align, bool dma)
{
    (void)dma;
    if (world.sealed) {
        fail("memory is allocated after install");
    }
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
    moment_between();
    return event->sequence;
}

void port_event_cancel(struct port_event *event)
{
    (void)event;
}

/* The next thing that ends or shortens the sleep; the check only when nothing else is left to come. */
static unsigned possible_asleep(void)
{
    unsigned options = possible();
    if ((options & (1u << STEP | 1u << TAKE)) == 0 && armed_check() != NULL) {
        options |= 1u << CHECK;
    }
    return options;
}

/* Time goes on until something ends the wait; a world that stands still, or goes round, is a defect. */
bool port_event_wait(struct port_event *event, uint32_t key, int64_t deadline)
{
    for (unsigned forced = 0; event->sequence == key; forced++) {
        unsigned options = possible_asleep();
        options |= deadline != PORT_FOREVER ? 1u << TIMEOUT : 0;
        if ((options & ~(1u << FAULT | 1u << OUTSIDE)) == 0) {
            fail("everything stands still: the task waits, and no interrupt and no check is due");
        }
        if (forced == FORCED_MAX) {
            fail("a task waits for ever while interrupts and checks come and go");
        }
        world.costs.stood +=
            world.costs.stood < COUNT_MAX && (options & ~(1u << FAULT | 1u << OUTSIDE)) == 1u << CHECK;
        enum choice choice = pick(options);
        if (choice == TIMEOUT) {
            return false;
        }
        forced = (options & (options - 1)) == 0 ? forced : 0;
        let_happen(choice);
        wipe_stack();
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

/* Nobody makes an ETM task here. */
void etm_disconnect_task(esp_etm_task_handle_t task)
{
    (void)task;
}

void etm_retire_task(esp_etm_task_handle_t task)
{
    (void)task;
}
