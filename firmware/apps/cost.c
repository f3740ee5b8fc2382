/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Copies for counting instructions: a function per size and depth, within which tools/cost counts. Depth is
 * how many copies are handed over before an interrupt may come, so that one interrupt harvests them all if
 * their descriptors suffice.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "chip/mmio.h"
#include "chip/plic_v1.h"
#include "esp_async_memcpy_ext.h"
#include "esp_err.h"
#include "esp_heap_caps.h"

#define LARGEST 65536
#define ROUNDS  16 /* that many times depth copies, */
#define FEW     2  /* of large ones */

void app_main(void);

static async_memcpy_t driver;
static uint8_t *to;
static uint8_t *from;

static bool nothing(async_memcpy_t of, async_memcpy_event_t *event, void *arg)
{
    (void)of;
    (void)event;
    (void)arg;
    return false;
}

/* By the threshold of the PLIC, so that the CPU's own interrupt bit tells of critical sections only. */
static void let_interrupts_come(bool come)
{
    mmio_write(PLIC_THRESH, come ? 1 : PLIC_PRIORITY_MAX);
}

/* Longer than the DMA takes, from the bus cycles of a byte and of a descriptor. */
static void give_time(size_t bytes)
{
    for (volatile size_t turn = bytes + 1000; turn != 0; turn--) {
    }
}

static void make_copies(size_t size, unsigned depth)
{
    for (unsigned round = 0; round < (size <= 4092 ? ROUNDS : FEW); round++) {
        let_interrupts_come(depth == 1);
        for (unsigned copy = 0; copy < depth; copy++) {
            ESP_ERROR_CHECK(esp_async_memcpy(driver, to, from, size, nothing, NULL));
        }
        if (depth > 1) {
            give_time(size * depth);
            let_interrupts_come(true);
        }
        ESP_ERROR_CHECK(esp_async_memcpy_wait(driver, -1));
    }
}

/* make_copies() goes before each, to get to the steady state. */
#define CASE(size, depth)                                                                                    \
    void cost_##size##_##depth(void);                                                                        \
    __attribute__((noinline)) void cost_##size##_##depth(void)                                               \
    {                                                                                                        \
        make_copies(size, depth);                                                                            \
    }

#define CASES(size)                                                                                          \
    CASE(size, 1)                                                                                            \
    CASE(size, 8)

CASES(4)
CASES(64)
CASES(1024)
CASES(4092)
CASES(16384)
CASES(65536)

#define RUN(size)                                                                                            \
    make_copies(size, 1);                                                                                    \
    cost_##size##_1();                                                                                       \
    make_copies(size, 8);                                                                                    \
    cost_##size##_8()

void app_main(void)
{
    async_memcpy_config_t config = {.backlog = 32};
    ESP_ERROR_CHECK(esp_async_memcpy_install(&config, &driver));
    from = heap_caps_malloc(LARGEST, MALLOC_CAP_DMA);
    to = heap_caps_calloc(1, LARGEST, MALLOC_CAP_DMA);
    for (size_t i = 0; i < LARGEST; i++) {
        from[i] = (uint8_t)(i * 13 + (i >> 8));
    }
    RUN(4);
    RUN(64);
    RUN(1024);
    RUN(4092);
    RUN(16384);
    RUN(65536);
    bool right = memcmp(from, to, LARGEST) == 0;
    printf("cost: the copies are %s\n", right ? "right" : "WRONG");
    exit(right ? 0 : 1);
}
