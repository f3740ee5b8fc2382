/* SPDX-License-Identifier: Apache-2.0 */
/* RISC-V semihosting: exit and plain output. */
#include <stdio.h>
#include <stdlib.h>
#include "machine.h"

/* An ebreak between these two is a request. */
#define BEFORE 0x01F01013u /* slli x0, x0, 31 */
#define EBREAK 0x00100073u
#define AFTER  0x40705013u /* srai x0, x0, 7 */

enum { SYS_WRITEC = 0x03, SYS_WRITE0 = 0x04, SYS_EXIT = 0x18, SYS_EXIT_EXTENDED = 0x20 };

#define APPLICATION_EXIT 0x20026u /* the one reason that is no failure */

static bool in_sram(uint32_t address, uint32_t size)
{
    return address >= CHIP_SRAM_FIRST && address <= CHIP_SRAM_LAST && size <= CHIP_SRAM_LAST - address + 1u;
}

static uint32_t word_at(uint32_t address)
{
    return in_sram(address, 4) && (address & 1u) == 0 ? machine_word(address) : 0;
}

bool semihost_asked(uint32_t pc)
{
    return word_at(pc - 4) == BEFORE && word_at(pc) == EBREAK && word_at(pc + 4) == AFTER;
}

static void end(struct machine *machine, uint32_t reason, uint32_t status)
{
    bool failed = reason != APPLICATION_EXIT;

    machine->status = (int)(status & 0xFFu);
    if (failed && machine->status == 0) {
        machine->status = EXIT_FAILURE;
    }
    if (failed) {
        tell_of_failure(machine);
    }
    machine_stop(machine, STOP_EXIT);
}

static void write_string(uint32_t address)
{
    for (; in_sram(address, 1) && *(const char *)(uintptr_t)address != '\0'; address++) {
        putchar(*(const char *)(uintptr_t)address);
    }
}

void semihost_serve(struct machine *machine)
{
    uint32_t operation = cpu_x(machine, 10);
    uint32_t parameter = cpu_x(machine, 11);
    const uint32_t *block = (const uint32_t *)(uintptr_t)parameter;
    bool readable = in_sram(parameter, 8) && (parameter & 3u) == 0;

    switch (operation) {
    case SYS_EXIT:
        end(machine, parameter, 0);
        break;
    case SYS_EXIT_EXTENDED:
        end(machine, readable ? block[0] : 0, readable ? block[1] : 1);
        break;
    case SYS_WRITEC:
        if (in_sram(parameter, 1)) {
            putchar(*(const char *)(uintptr_t)parameter);
        }
        break;
    case SYS_WRITE0:
        write_string(parameter);
        break;
    default:
        cpu_set_x(machine, 10, UINT32_MAX); /* not here */
        break;
    }
}
