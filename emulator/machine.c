/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The run. Unicorn asks before each instruction; what it does not do itself (interrupts, wfi, requests to the
 * host, counters) makes it return there, is done here, and it goes on behind.
 */
#include <err.h>
#include "events.h"
#include "machine.h"

#define MSTATUS_MIE      (1u << 3)
#define MCAUSE_INTERRUPT 0x80000000u
#define NOWHERE          0xFFFFFFFFu /* where no run ends */

void machine_stop(struct machine *machine, enum stop why)
{
    machine->stop = why;
    uc_emu_stop(machine->uc);
}

/* A CSR has been written, or an interrupt left: what is masked now? */
static void look_at_masks(struct machine *machine)
{
    bool on = (cpu_get(machine, UC_RISCV_REG_MSTATUS) & MSTATUS_MIE) != 0;

    if (on != machine->interrupts_on) {
        machine->interrupts_on = on;
        count_interrupts_on(machine, on);
    }
    machine->mie = cpu_get(machine, UC_RISCV_REG_MIE);
    machine->line = model_irq_line_of(&machine->model, machine->mie);
}

static void follow(struct machine *machine, uint32_t pc)
{
    calls_follow(machine, pc);
    if (machine->previous == INSN_CSR || machine->previous == INSN_MRET) {
        look_at_masks(machine);
    }
    machine->previous = INSN_PLAIN;
}

static void tally(struct machine *machine, uint32_t pc)
{
    struct count *count = &machine->count;

    machine->cycle++;
    machine->calls.ran[machine->calls.level]++;
    if (count->on) {
        count->instructions++;
        count->in_interrupts += machine->calls.level != 0;
        count->executed[image_symbol_at(machine->image, pc)]++;
    }
}

static void stop_if_not_unicorns(struct machine *machine, uint32_t word)
{
    switch (machine->previous) {
    case INSN_CSR:
        if (cpu_is_counter(word)) {
            machine_stop(machine, STOP_COUNTER);
        }
        break;
    case INSN_WFI:
        machine_stop(machine, STOP_SLEEP);
        break;
    case INSN_ECALL:
        machine_stop(machine, STOP_ECALL);
        break;
    case INSN_EBREAK:
        if (semihost_asked(machine->pc)) {
            machine_stop(machine, STOP_SEMIHOST);
        } else {
            fail(machine, CAUSE_BREAKPOINT, "ebreak");
        }
        break;
    default:
        break;
    }
}

static void before_instruction(uc_engine *uc, uint64_t address, uint32_t size, void *context)
{
    struct machine *machine = context;
    uint32_t pc = (uint32_t)address;
    uint32_t word;

    (void)size;
    if (machine->stop != STOP_NOT) {
        uc_emu_stop(uc);
        return;
    }
    if (machine->previous != INSN_PLAIN) {
        follow(machine, pc);
    }
    if (machine->cycle >= machine->due) {
        spin_look(machine, pc);
        clock_catch_up(machine);
    }
    if (pc == machine->spin.place) {
        spin_visit(machine);
    }
    if (machine->stop != STOP_NOT) {
        return;
    }
    if (machine->line >= 0 && machine->interrupts_on) {
        machine_stop(machine, STOP_INTERRUPT);
        return;
    }
    word = machine_word(pc);
    machine->pc = pc;
    machine->previous = insn_of(word);
    tally(machine, pc);
    if (machine->previous > INSN_RETURN) {
        stop_if_not_unicorns(machine, word);
    }
}

/* Whatever Unicorn itself takes for an exception. */
static void on_exception(uc_engine *uc, uint32_t number, void *context)
{
    struct machine *machine = context;

    (void)uc;
    if (number == CAUSE_ILLEGAL) {
        uint32_t word = machine_word(machine->pc);

        fail(machine, CAUSE_ILLEGAL, "illegal instruction 0x%0*x", (int)(2 * insn_size(word)), word);
    } else {
        fail(machine, CAUSE_NONE, "exception %u", number);
    }
}

static bool on_illegal(uc_engine *uc, void *context)
{
    on_exception(uc, CAUSE_ILLEGAL, context);
    return false;
}

static uint32_t take_interrupt(struct machine *machine, uint32_t pc)
{
    unsigned line = (unsigned)machine->line;

    if (cpu_get(machine, UC_RISCV_REG_MTVEC) == 0) {
        fail(machine, CAUSE_NONE, "an interrupt on line %u, and mtvec is not set", line);
        return pc;
    }
    calls_interrupt(machine, line, pc);
    machine->changes++;
    pc = cpu_trap(machine, MCAUSE_INTERRUPT | line, pc);
    count_interrupts_on(machine, false);
    return pc;
}

static uint32_t environment_call(struct machine *machine, uint32_t pc)
{
    if (cpu_get(machine, UC_RISCV_REG_MTVEC) == 0) {
        fail(machine, CAUSE_ECALL, "ecall, and mtvec is not set");
        return pc;
    }
    calls_interrupt(machine, 0, pc);
    if (machine->interrupts_on) {
        count_interrupts_on(machine, false);
    }
    return cpu_trap(machine, CAUSE_ECALL, pc);
}

/* Do what Unicorn stopped for; returns where it goes on. */
static uint32_t attend(struct machine *machine, uint32_t pc)
{
    switch (machine->stop) {
    case STOP_INTERRUPT:
        return take_interrupt(machine, pc);
    case STOP_SLEEP:
        clock_sleep(machine);
        return pc + 4;
    case STOP_SEMIHOST:
        semihost_serve(machine);
        return pc + 4;
    case STOP_ECALL:
        return environment_call(machine, pc);
    case STOP_COUNTER:
        machine->changes++;
        cpu_read_counter(machine, machine_word(pc));
        return pc + 4;
    default:
        return pc;
    }
}

void machine_run(struct machine *machine)
{
    uint32_t pc = machine->image->entry;
    uc_hook hook;

    if (uc_hook_add(machine->uc, &hook, UC_HOOK_CODE, (void *)before_instruction, machine, 1, 0) !=
            UC_ERR_OK ||
        uc_hook_add(machine->uc, &hook, UC_HOOK_INTR, (void *)on_exception, machine, 1, 0) != UC_ERR_OK ||
        uc_hook_add(machine->uc, &hook, UC_HOOK_INSN_INVALID, (void *)on_illegal, machine, 1, 0) !=
            UC_ERR_OK) {
        errx(1, "Unicorn takes no hooks");
    }
    machine->line = -1;
    spin_open(machine);
    while (machine->stop < STOP_EXIT) {
        uc_err error;

        machine->stop = STOP_NOT;
        error = uc_emu_start(machine->uc, pc, NOWHERE, 0, 0);
        pc = cpu_get(machine, UC_RISCV_REG_PC);
        if (machine->stop == STOP_NOT) {
            fail(machine, CAUSE_NONE, "the emulated CPU stopped: %s", uc_strerror(error));
        }
        pc = attend(machine, pc);
    }
    calls_end(machine);
    events_end(machine);
}
