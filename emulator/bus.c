/* SPDX-License-Identifier: Apache-2.0 */
/* Accesses of the CPU: registers go to the model, SRAM is memory, and all else is nothing. */
#include <stdio.h>
#include <string.h>
#include "machine.h"

/* What firmware may reach of the address space beside SRAM, in whole pages. */
#define PERIPHERALS      0x60000000u
#define PERIPHERALS_SIZE 0x00100000u
#define CPU_SUBSYSTEM    0x20001000u
#define CPU_SIZE         0x00001000u
#define REGISTER_BLOCK   0x00001000u

#define SRAM_SIZE (CHIP_SRAM_LAST - CHIP_SRAM_FIRST + 1u)

/* What the chip has at addresses where this machine has nothing. */
static const char *what_is_at(uint32_t address)
{
    if (address < 0x1000u) {
        return "nothing is there: a null pointer?";
    }
    if (address >= 0x42000000u && address <= 0x42FFFFFFu) {
        return "that is flash, which an image in SRAM has not";
    }
    if (address >= 0x40000000u && address <= 0x4001FFFFu) {
        return "that is ROM, which is not emulated";
    }
    if (address >= 0x50000000u && address <= 0x50000FFFu) {
        return "that is LP SRAM, which is not emulated";
    }
    return "nothing is there";
}

/* ---- Registers ---- */

/* The model has no width of access: registers are words. */
static bool check_width(struct machine *machine, uint32_t address, unsigned size, bool store)
{
    if (size == 4 && (address & 3u) == 0) {
        return true;
    }
    fail(machine, store ? CAUSE_STORE_ACCESS : CAUSE_LOAD_ACCESS,
         "%s of %u bytes at register 0x%08x: registers take aligned 32-bit accesses only",
         store ? "store" : "load", size, address);
    return false;
}

static void check_answer(struct machine *machine, uint32_t address, bool store)
{
    enum cause cause = store ? CAUSE_STORE_ACCESS : CAUSE_LOAD_ACCESS;
    uint32_t misuse = machine->model.counters.misuse;

    machine->model.counters.misuse &= ~(uint32_t)(MISUSE_NOTHING | MISUSE_CLOCK);
    if ((misuse & MISUSE_NOTHING) != 0) {
        fail(machine, cause, "%s 0x%08x: no register is there", store ? "store to" : "load from", address);
    } else if ((misuse & MISUSE_CLOCK) != 0) {
        fail(machine, cause, "%s 0x%08x: that module has no clock, or is held in reset",
             store ? "store to" : "load from", address);
    }
}

/* What such a register says next time is not what it said last time, though nothing happened in between. */
static bool tells_time(uint32_t address)
{
    return address - CHIP_SYSTIMER_BASE < REGISTER_BLOCK;
}

static uint32_t read_register(struct machine *machine, uint32_t address, unsigned size)
{
    uint32_t value = 0;

    if (check_width(machine, address, size, false)) {
        clock_sync(machine);
        value = model_read(&machine->model, address);
        machine->changes += tells_time(address);
        check_answer(machine, address, false);
        clock_changed(machine);
    }
    return value;
}

static void print_uart(struct machine *machine)
{
    uint8_t byte;

    while (model_uart_take(&machine->model, &byte)) {
        putchar(byte);
    }
}

static void write_register(struct machine *machine, uint32_t address, unsigned size, uint32_t value)
{
    if (check_width(machine, address, size, true)) {
        clock_sync(machine);
        model_write(&machine->model, address, value);
        machine->changes++;
        check_answer(machine, address, true);
        print_uart(machine);
        clock_changed(machine);
    }
}

static uint64_t on_peripheral_read(uc_engine *uc, uint64_t offset, unsigned size, void *machine)
{
    (void)uc;
    return read_register(machine, PERIPHERALS + (uint32_t)offset, size);
}

static void on_peripheral_write(uc_engine *uc, uint64_t offset, unsigned size, uint64_t value, void *machine)
{
    (void)uc;
    write_register(machine, PERIPHERALS + (uint32_t)offset, size, (uint32_t)value);
}

static uint64_t on_cpu_read(uc_engine *uc, uint64_t offset, unsigned size, void *machine)
{
    (void)uc;
    return read_register(machine, CPU_SUBSYSTEM + (uint32_t)offset, size);
}

static void on_cpu_write(uc_engine *uc, uint64_t offset, unsigned size, uint64_t value, void *machine)
{
    (void)uc;
    write_register(machine, CPU_SUBSYSTEM + (uint32_t)offset, size, (uint32_t)value);
}

/* ---- Memory ---- */

/* gcc makes no misaligned accesses for rv32imac, so one is a mistake; Unicorn would let it pass. */
static void on_memory(uc_engine *uc, uc_mem_type type, uint64_t address, int size, int64_t value,
                      void *context)
{
    struct machine *machine = context;
    bool store = type == UC_MEM_WRITE;

    (void)uc;
    machine->changes += store && memcmp((const void *)(uintptr_t)address, &value, (size_t)size) != 0;
    if ((address & (uint64_t)(size - 1)) != 0) {
        fail(machine, store ? CAUSE_STORE_MISALIGNED : CAUSE_LOAD_MISALIGNED,
             "misaligned %s of %d bytes at 0x%08x", store ? "store" : "load", size, (uint32_t)address);
    }
}

static bool on_nothing(uc_engine *uc, uc_mem_type type, uint64_t wide_address, int size, int64_t value,
                       void *context)
{
    struct machine *machine = context;
    uint32_t address = (uint32_t)wide_address;

    (void)uc;
    (void)size;
    (void)value;
    switch (type) {
    case UC_MEM_WRITE_UNMAPPED:
    case UC_MEM_WRITE_PROT:
        fail(machine, CAUSE_STORE_ACCESS, "store to 0x%08x: %s", address, what_is_at(address));
        break;
    case UC_MEM_FETCH_UNMAPPED:
    case UC_MEM_FETCH_PROT:
        fail(machine, CAUSE_FETCH_ACCESS, "jump to 0x%08x, where no code can be: %s", address,
             what_is_at(address));
        break;
    default:
        fail(machine, CAUSE_LOAD_ACCESS, "load from 0x%08x: %s", address, what_is_at(address));
        break;
    }
    return false;
}

bool bus_open(struct machine *machine)
{
    uc_engine *uc = machine->uc;
    uc_hook hook;

    return uc_mem_map_ptr(uc, CHIP_SRAM_FIRST, SRAM_SIZE, UC_PROT_ALL, (void *)(uintptr_t)CHIP_SRAM_FIRST) ==
               UC_ERR_OK &&
           uc_mmio_map(uc, PERIPHERALS, PERIPHERALS_SIZE, on_peripheral_read, machine, on_peripheral_write,
                       machine) == UC_ERR_OK &&
           uc_mmio_map(uc, CPU_SUBSYSTEM, CPU_SIZE, on_cpu_read, machine, on_cpu_write, machine) ==
               UC_ERR_OK &&
           uc_hook_add(uc, &hook, UC_HOOK_MEM_READ | UC_HOOK_MEM_WRITE, (void *)on_memory, machine,
                       CHIP_SRAM_FIRST, CHIP_SRAM_LAST) == UC_ERR_OK &&
           uc_hook_add(uc, &hook, UC_HOOK_MEM_INVALID, (void *)on_nothing, machine, 1, 0) == UC_ERR_OK;
}
