/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The model's time follows the CPU's, `ratio` cycles of the CPU to one of the bus. While nothing moves in the
 * model, it stays behind until its next alarm, a register access or a sleep: that saves the steps.
 */
#include "events.h"
#include "machine.h"

static uint64_t bus_now(const struct machine *machine)
{
    return machine->cycle / machine->ratio;
}

static uint64_t smaller(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

/* CPU cycle of the next fault to be injected. */
static uint64_t next_fault(const struct machine *machine)
{
    bool any = machine->faults_done < machine->fault_count;

    return any ? machine->faults[machine->faults_done].cycle : UINT64_MAX;
}

/* Faults whose time has come at this cycle of the bus. */
static void inject(struct machine *machine, uint64_t bus_cycle)
{
    while (next_fault(machine) <= bus_cycle * machine->ratio) {
        const struct fault *fault = &machine->faults[machine->faults_done++];

        model_inject(&machine->model, fault->kind, fault->channel);
    }
}

static void step(struct machine *machine)
{
    model_step(&machine->model);
    events_step(machine);
    if (machine->model.counters.misuse != 0) {
        warn_of_misuse(machine);
    }
}

/* Cycle at which the firmware has executed as many instructions as it may. */
static uint64_t last_instruction(const struct machine *machine)
{
    return machine->asleep + machine->max_instructions;
}

/* When is the model to be looked at again, whatever the CPU does? */
static void find_due(struct machine *machine)
{
    uint64_t quiet = model_quiet(&machine->model);
    uint64_t due = UINT64_MAX;

    if (quiet != UINT64_MAX) {
        due = (machine->model.counters.cycles + quiet) * machine->ratio;
    }
    due = smaller(due, smaller(next_fault(machine), machine->spin.next));
    machine->due = smaller(due, smaller(machine->limit, last_instruction(machine)));
}

bool clock_is_quiet(const struct machine *machine)
{
    return model_quiet(&machine->model) == UINT64_MAX && next_fault(machine) == UINT64_MAX;
}

static void find_line(struct machine *machine)
{
    machine->line = model_irq_line_of(&machine->model, machine->mie);
}

void clock_changed(struct machine *machine)
{
    events_step(machine);
    if (machine->model.counters.misuse != 0) {
        warn_of_misuse(machine);
    }
    find_due(machine);
    find_line(machine);
}

void clock_sync(struct machine *machine)
{
    uint64_t now = bus_now(machine);

    if (machine->model.counters.cycles < now) {
        model_pass(&machine->model, now - machine->model.counters.cycles);
    }
}

void clock_catch_up(struct machine *machine)
{
    struct model *model = &machine->model;

    if (machine->cycle >= machine->limit) {
        fail(machine, CAUSE_NONE, "still running after %llu cycles (--max-cycles)",
             (unsigned long long)machine->limit);
        return;
    }
    if (machine->cycle >= last_instruction(machine)) {
        fail(machine, CAUSE_NONE, "still running after %llu instructions (--max-instructions)",
             (unsigned long long)machine->max_instructions);
        return;
    }
    while (model->counters.cycles <= bus_now(machine)) {
        uint64_t quiet;
        uint64_t behind = bus_now(machine) - model->counters.cycles;

        inject(machine, model->counters.cycles);
        quiet = model_quiet(model);
        if (quiet == 0) {
            step(machine);
        } else if (behind == 0) {
            break;
        } else {
            model_pass(model, smaller(quiet, behind));
            events_step(machine);
        }
    }
    find_due(machine);
    find_line(machine);
}

/* Go on to the next thing that happens in the model. False: there is none. */
static bool advance(struct machine *machine)
{
    struct model *model = &machine->model;
    uint64_t quiet;

    inject(machine, model->counters.cycles);
    quiet = model_quiet(model);
    if (quiet == 0) {
        step(machine);
        return true;
    }
    if (next_fault(machine) != UINT64_MAX) {
        uint64_t cycles =
            (next_fault(machine) + machine->ratio - 1) / machine->ratio - model->counters.cycles;

        quiet = smaller(quiet, cycles);
    }
    if (quiet == UINT64_MAX) {
        return false;
    }
    model_pass(model, quiet);
    events_step(machine);
    return true;
}

void clock_sleep(struct machine *machine)
{
    uint64_t begin = machine->cycle;

    clock_catch_up(machine);
    while (machine->stop < STOP_EXIT && machine->line < 0) {
        if (!advance(machine)) {
            fail(machine, CAUSE_NONE, "everything sleeps and nothing will wake it");
            return;
        }
        machine->cycle = machine->model.counters.cycles * machine->ratio;
        if (machine->cycle < begin) {
            machine->cycle = begin;
        }
        if (machine->cycle >= machine->limit) {
            clock_catch_up(machine);
        }
        find_line(machine);
    }
    machine->asleep += machine->cycle - begin;
    machine->changes++;
    find_due(machine);
    events_sleep(machine, begin);
}
