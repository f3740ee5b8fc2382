/* SPDX-License-Identifier: Apache-2.0 */
/* The contract suite's row for the GDMA engine on the software chip; one program per chip (CHIP_HEADER). */
#include "row.h"

#include "chip/chip.h"
#include "driver/gpio.h"
#include "driver/gpio_etm.h"
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

/* ---- ETM: a pin per counter, toggled by each event with no CPU in between ---- */

static struct {
    esp_etm_channel_handle_t channel;
    esp_etm_task_handle_t task;
    uint32_t changes_before;
} counters[ROW_COUNTERS];

static void count_begin(unsigned counter, esp_etm_event_handle_t event)
{
    esp_etm_channel_config_t channel = {{0}};
    gpio_etm_task_config_t toggle = {.actions = {GPIO_ETM_TASK_ACTION_TOG}};
    assert_ok(gpio_set_direction((gpio_num_t)counter, GPIO_MODE_OUTPUT));
    assert_ok(gpio_new_etm_task(&toggle, &counters[counter].task));
    assert_ok(gpio_etm_task_add_gpio(counters[counter].task, (int)counter));
    counters[counter].changes_before = softchip_pin_changes(counter);
    assert_ok(esp_etm_new_channel(&channel, &counters[counter].channel));
    assert_ok(esp_etm_channel_connect(counters[counter].channel, event, counters[counter].task));
    assert_ok(esp_etm_channel_enable(counters[counter].channel));
}

static unsigned long count(unsigned counter)
{
    return softchip_pin_changes(counter) - counters[counter].changes_before;
}

static void count_end(unsigned counter)
{
    assert_ok(esp_etm_channel_disable(counters[counter].channel));
    assert_ok(esp_etm_del_channel(counters[counter].channel));
    assert_ok(gpio_etm_task_rm_gpio(counters[counter].task, (int)counter));
    assert_ok(esp_etm_del_task(counters[counter].task));
    assert_ok(gpio_reset_pin((gpio_num_t)counter));
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
    .count_begin = CHIP_HAS_ETM ? count_begin : NULL,
    .count = count,
    .count_end = count_end,
};
