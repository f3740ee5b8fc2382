/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A loop that can never end: the CPU comes back to a place with every register as it was, memory has not
 * changed in between, and neither the model nor a fault has anything in store. Looked for now and then, at a
 * place where the CPU happens to be, for a while that grows, so that a program that computes loses no time by
 * it.
 */
#include "machine.h"

#define FIRST_PERIOD     (1u << 16) /* cycles from one look to the next */
#define LAST_PERIOD      (1u << 22)
#define PERIOD_PER_VISIT 64u /* a look ends after so many visits of the place */

static const int csrs[SPIN_CSRS] = {UC_RISCV_REG_MSTATUS, UC_RISCV_REG_MIE,    UC_RISCV_REG_MTVEC,
                                    UC_RISCV_REG_MEPC,    UC_RISCV_REG_MCAUSE, UC_RISCV_REG_MSCRATCH};

void spin_open(struct machine *machine)
{
    machine->spin.place = SPIN_NOWHERE;
    machine->spin.period = FIRST_PERIOD;
    machine->spin.next = FIRST_PERIOD;
}

static void remember(struct machine *machine, uint32_t pc)
{
    struct spin *spin = &machine->spin;

    for (unsigned n = 1; n < 32; n++) {
        spin->x[n] = cpu_x(machine, n);
    }
    for (unsigned i = 0; i < SPIN_CSRS; i++) {
        spin->csr[i] = cpu_get(machine, csrs[i]);
    }
    spin->place = pc;
    spin->visits = 0;
    spin->changes = machine->changes;
}

/* The registers that a loop counts in are among the last: they tell the difference at once. */
static bool is_as_remembered(const struct machine *machine)
{
    const struct spin *spin = &machine->spin;

    for (unsigned n = 31; n > 0; n--) {
        if (cpu_x(machine, n) != spin->x[n]) {
            return false;
        }
    }
    for (unsigned i = 0; i < SPIN_CSRS; i++) {
        if (cpu_get(machine, csrs[i]) != spin->csr[i]) {
            return false;
        }
    }
    return true;
}

void spin_look(struct machine *machine, uint32_t pc)
{
    struct spin *spin = &machine->spin;

    if (machine->cycle < spin->next) {
        return;
    }
    spin->next = machine->cycle + spin->period;
    spin->place = SPIN_NOWHERE;
    if (clock_is_quiet(machine)) {
        remember(machine, pc);
        spin->period = spin->period < LAST_PERIOD ? 2 * spin->period : LAST_PERIOD;
    }
}

void spin_visit(struct machine *machine)
{
    struct spin *spin = &machine->spin;

    spin->visits++;
    if (spin->changes != machine->changes || spin->visits > spin->period / PERIOD_PER_VISIT) {
        spin->place = SPIN_NOWHERE;
    } else if (spin->visits > 1 && is_as_remembered(machine)) {
        fail(machine, CAUSE_NONE,
             "a loop that never ends: nothing changes in it, and no interrupt will come");
    }
}
