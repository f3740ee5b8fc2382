/* SPDX-License-Identifier: Apache-2.0 */
/* The core's registers, traps, and the counters that Unicorn would read from the host's clock. */
#include <err.h>
#include "machine.h"

#define MSTATUS_MIE        (1u << 3)
#define MSTATUS_MPIE       (1u << 7)
#define MSTATUS_MPP        (3u << 11) /* 3: machine mode, the only one there is */
#define MTVEC_BASE         0xFFFFFF00u
#define MCAUSE_INTERRUPT   0x80000000u
#define CSR_MPCCR          0x7E2u /* Espressif's cycle counter */
#define CSR_MCYCLE         0xB00u
#define CSR_MINSTRET       0xB02u
#define CSR_HIGH_HALF      0x080u
#define CSR_USER           0x100u /* 0xC00: cycle, where 0xB00 is mcycle */
#define FUNCT3_NOT_WRITTEN 2u     /* csrrs, csrrc and their like write nothing if rs1 is 0 */

bool cpu_open(struct machine *machine)
{
    uc_err error = uc_open(UC_ARCH_RISCV, UC_MODE_RISCV32, &machine->uc);

    if (error == UC_ERR_OK) {
        error = uc_ctl_set_cpu_model(machine->uc, UC_CPU_RISCV32_SIFIVE_E31); /* rv32imac */
    }
    if (error != UC_ERR_OK) {
        warnx("Unicorn gives no RISC-V: %s", uc_strerror(error));
    }
    return error == UC_ERR_OK;
}

uint32_t cpu_get(const struct machine *machine, int reg)
{
    uint32_t value = 0;

    uc_reg_read(machine->uc, reg, &value);
    return value;
}

void cpu_set(struct machine *machine, int reg, uint32_t value)
{
    uc_reg_write(machine->uc, reg, &value);
}

uint32_t cpu_x(const struct machine *machine, unsigned n)
{
    return cpu_get(machine, UC_RISCV_REG_X0 + (int)n);
}

void cpu_set_x(struct machine *machine, unsigned n, uint32_t value)
{
    if (n != 0) {
        cpu_set(machine, UC_RISCV_REG_X0 + (int)n, value);
    }
}

/* Always vectored; an exception has the entry of line 0 (hardware facts, section 1.6). */
uint32_t cpu_trap(struct machine *machine, uint32_t cause, uint32_t pc)
{
    uint32_t status = cpu_get(machine, UC_RISCV_REG_MSTATUS);
    uint32_t base = cpu_get(machine, UC_RISCV_REG_MTVEC) & MTVEC_BASE;
    uint32_t before = (status & MSTATUS_MIE) != 0 ? MSTATUS_MPIE : 0;
    uint32_t line = (cause & MCAUSE_INTERRUPT) != 0 ? cause & 31u : 0;

    cpu_set(machine, UC_RISCV_REG_MSTATUS, (status & ~(MSTATUS_MIE | MSTATUS_MPIE)) | before | MSTATUS_MPP);
    cpu_set(machine, UC_RISCV_REG_MCAUSE, cause);
    cpu_set(machine, UC_RISCV_REG_MEPC, pc);
    cpu_set(machine, UC_RISCV_REG_MTVAL, 0);
    machine->interrupts_on = false;
    return base + 4 * line;
}

static bool is_user_counter(uint32_t csr)
{
    return (csr & ~CSR_HIGH_HALF & ~CSR_USER & ~2u) == (CSR_MCYCLE & ~CSR_USER) || csr == CSR_MPCCR;
}

bool cpu_is_counter(uint32_t word)
{
    return is_user_counter(insn_csr(word));
}

/* A write to a counter is not heeded. */
void cpu_read_counter(struct machine *machine, uint32_t word)
{
    uint32_t csr = insn_csr(word);
    bool instructions = csr != CSR_MPCCR && (csr & 2u) != 0;
    uint64_t value = instructions ? machine->cycle - machine->asleep : machine->cycle;

    if (csr != CSR_MPCCR && (csr & CSR_HIGH_HALF) != 0) {
        value >>= 32;
    }
    cpu_set_x(machine, insn_rd(word), (uint32_t)value);
}
