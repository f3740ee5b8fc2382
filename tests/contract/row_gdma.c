/* SPDX-License-Identifier: Apache-2.0 */
/* The contract suite's row for the GDMA engine on the software chip; one program per chip (CHIP_HEADER). */
#include "row.h"

#include "chip/chip.h"
#include "esp_heap_caps.h"
#include "expect.h"
#include "softchip.h"

/* ---- The chip's memory ---- */

static void *alloc(size_t size, size_t align)
{
    return heap_caps_aligned_alloc(align, size, MALLOC_CAP_DMA);
}

#define SRAM_SIZE (CHIP_SRAM_LAST - CHIP_SRAM_FIRST + 1u)
#define SPARE     8192u /* for drivers, and what lies around the two buffers of the largest copy */

/* ---- Exhaust: take every pair ---- */

static async_memcpy_t holders[CHIP_GDMA_PAIRS];

static void exhaust(bool on)
{
    async_memcpy_config_t config = {.backlog = 1};
    for (unsigned pair = 0; pair < CHIP_GDMA_PAIRS; pair++) {
        assert_ok(on ? esp_async_memcpy_install_gdma_ahb(&config, &holders[pair])
                     : esp_async_memcpy_uninstall(holders[pair]));
    }
}

/* ---- Hold: time stands still on the chip ---- */

static void hold(async_memcpy_t driver)
{
    (void)driver;
    softchip_pause(true);
}

static void release(void)
{
    softchip_pause(false);
}

const struct row row = {
    .name = CHIP_NAME,
    .install = esp_async_memcpy_install_gdma_ahb,
    .alloc = alloc,
    .free = heap_caps_free,
    .max_size = (SRAM_SIZE - SPARE) / 2,
    .divisor = 4,
    .exhaust = exhaust,
    .hold = hold,
    .release = release,
};
