/* SPDX-License-Identifier: Apache-2.0 */
/* The chip's memory at the chip's own addresses, so that a pointer is a bus address. */
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include "parts.h"

#define SRAM_SIZE ((size_t)(CHIP_SRAM_LAST - CHIP_SRAM_FIRST + 1u))

bool model_map_sram(const char **reason)
{
    static char text[160];
    void *wanted = sram_at(CHIP_SRAM_FIRST);
    void *memory = mmap(wanted, SRAM_SIZE, PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);

    if (memory == wanted) {
        return true;
    }
    if (memory != MAP_FAILED) { /* a kernel before 4.17 takes the address for a wish */
        munmap(memory, SRAM_SIZE);
        errno = EEXIST;
    }
    snprintf(text, sizeof(text), "cannot map the memory of the %s at 0x%x..0x%x: %s", CHIP_NAME,
             CHIP_SRAM_FIRST, CHIP_SRAM_LAST,
             errno == EEXIST ? "something else of this program lies there (build it position-independent)"
                             : strerror(errno));
    *reason = text;
    return false;
}

void model_unmap_sram(void)
{
    munmap(sram_at(CHIP_SRAM_FIRST), SRAM_SIZE);
}
