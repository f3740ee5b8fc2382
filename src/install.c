/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A driver's beginning and end. Everything that it holds is one block of memory and what its engine took; a
 * failed install and an uninstall give back these two.
 */
#include "driver.h"

#define DEFAULT_BACKLOG     8
#define DEFAULT_PSRAM_ALIGN 16
#define MAX_ALIGN           64
#define MAX_BACKLOG         (UINT32_C(1) << 24) /* more is taken for a mistake */

_Static_assert(sizeof(struct slot) + sizeof(struct listener) <= SIZE_MAX / 4 / MAX_BACKLOG,
               "the size of the ring can be counted");

/* ---- Install ---- */

/* Of a value that is not 0. */
static bool is_power_of_two(size_t value)
{
    return (value & (value - 1)) == 0;
}

/* The one place that reads the program's configuration. */
static esp_err_t read_config(const async_memcpy_config_t *given, uint32_t known_flags,
                             struct engine_config *out)
{
    size_t sram = given->sram_trans_align;
    size_t psram = given->psram_trans_align;
    if (sram != 0 && (!is_power_of_two(sram) || sram > MAX_ALIGN)) {
        port_log('E', "sram_trans_align is %zu; it must be 0 or a power of two up to %d", sram, MAX_ALIGN);
        return ESP_ERR_INVALID_ARG;
    }
    if (psram != 0 && (!is_power_of_two(psram) || psram < DEFAULT_PSRAM_ALIGN || psram > MAX_ALIGN)) {
        port_log('E', "psram_trans_align is %zu; it must be 0, 16, 32 or 64", psram);
        return ESP_ERR_INVALID_ARG;
    }
    if ((given->flags & ~known_flags) != 0) {
        port_log('E', "flags 0x%x are unknown; this engine knows 0x%x", (unsigned)given->flags,
                 (unsigned)known_flags);
        return ESP_ERR_INVALID_ARG;
    }
    *out = (struct engine_config){
        .backlog = given->backlog != 0 ? given->backlog : DEFAULT_BACKLOG,
        .sram_align = sram != 0 ? sram : 1,
        .psram_align = psram != 0 ? psram : DEFAULT_PSRAM_ALIGN,
        .flags = given->flags,
        .burst_size = given->dma_burst_size,
        .weight = given->weight,
    };
    return ESP_OK;
}

/* Where the parts of a driver lie in its one block of memory. */
struct layout {
    uint32_t slot_count; /* the slots begin right behind the driver's struct */
    size_t engine;
    size_t room;
    size_t size; /* SIZE_MAX: beyond counting */
};

static size_t line_behind(size_t size)
{
    return (size + PORT_LINE - 1) & ~(size_t)(PORT_LINE - 1);
}

/* What lies before the room is in no danger of overflowing. */
static struct layout lay_out(const struct engine_ops *ops, const struct engine_config *config)
{
    struct layout layout = {.slot_count = 1, .size = SIZE_MAX};
    if (config->backlog > MAX_BACKLOG) {
        return layout;
    }
    while (layout.slot_count < config->backlog) {
        layout.slot_count *= 2;
    }
    layout.engine = line_behind(sizeof(struct async_memcpy_context_t) + size_of_slots(layout.slot_count));
    layout.room = line_behind(layout.engine + ops->size);
    size_t room = ops->room != NULL ? ops->room(config) : 0;
    if (room <= SIZE_MAX / 2 - layout.room) {
        layout.size = layout.room + room;
    }
    return layout;
}

/* A child of fork() has neither the worker nor the copies in flight: there, the driver accepts nothing any
 * more. */
static void become_orphan(struct port_fork *fork)
{
    async_memcpy_t driver = (async_memcpy_t)((char *)fork - offsetof(struct async_memcpy_context_t, fork));
    driver->engine->orphan = true;
    port_ring_abandon(&driver->ring);
}

static esp_err_t open_engine(async_memcpy_t driver, const struct engine_ops *ops,
                             const struct engine_config *config)
{
    driver->engine->ops = ops;
    driver->engine->driver = driver;
    driver->engine->reach_first = 1; /* NULL is nowhere */
    port_fork_watch(&driver->fork, become_orphan);
    esp_err_t status = ops->open(driver->engine, config);
    if (status != ESP_OK) {
        port_fork_forget(&driver->fork);
    }
    return status;
}

static esp_err_t new_driver(const struct engine_ops *ops, struct engine_config *config, async_memcpy_t *out)
{
    struct layout layout = lay_out(ops, config);
    char *block = layout.size == SIZE_MAX ? NULL : port_alloc(layout.size, PORT_LINE, ops->dma_memory);
    if (block == NULL) {
        port_log('E', "no memory for a backlog of %u copies; use a smaller one", (unsigned)config->backlog);
        return ESP_ERR_NO_MEM;
    }
    async_memcpy_t driver = (async_memcpy_t)block;
    driver->engine = (struct engine *)(block + layout.engine);
    driver->slot_mask = layout.slot_count - 1;
    driver->backlog = config->backlog;
    driver->sram_mask = (uint8_t)(config->sram_align - 1);
    driver->psram_mask = (uint8_t)(config->psram_align - 1);
    port_lock_init(&driver->lock);
    config->room = block + layout.room;
    esp_err_t status = open_engine(driver, ops, config);
    if (status != ESP_OK) {
        port_free(block);
        return status;
    }
    *out = driver;
    return ESP_OK;
}

esp_err_t driver_install(const struct engine_ops *ops, const async_memcpy_config_t *config,
                         async_memcpy_t *out)
{
    if (out == NULL) {
        port_log('E', "install: asmcp is NULL; it must point to a handle");
        return ESP_ERR_INVALID_ARG;
    }
    *out = NULL;
    if (config == NULL) {
        port_log('E', "install: config is NULL; start from ASYNC_MEMCPY_DEFAULT_CONFIG()");
        return ESP_ERR_INVALID_ARG;
    }
    if (port_in_isr()) {
        return ESP_FAIL;
    }
    struct engine_config checked;
    esp_err_t status = read_config(config, ops->flags | ASYNC_MEMCPY_FLAG_HINTS, &checked);
    return status != ESP_OK ? status : new_driver(ops, &checked, out);
}

/* ---- Uninstall ---- */

/* Closed to newcomers: let everything that was accepted or begun come to its end. */
static void drain(async_memcpy_t driver)
{
    port_event_signal(&driver->changed); /* those who wait for a slot: there will be none */
    uint32_t target = port_ring_accepted(&driver->ring);
    driver_wait_until(driver, driver_is_complete, &target, PORT_FOREVER);
    while (port_ring_calls(&driver->ring) != 0) { /* every call inside is on its way out */
        port_pause();
    }
}

esp_err_t esp_async_memcpy_uninstall(async_memcpy_t asmcp)
{
    if (asmcp == NULL) {
        port_log('E', "uninstall: the handle is NULL");
        return ESP_ERR_INVALID_ARG;
    }
    if (port_in_isr()) {
        return ESP_FAIL;
    }
    if (!asmcp->engine->orphan) {
        if (!port_ring_close(&asmcp->ring)) {
            port_log('E', "uninstall: another task is uninstalling this driver");
            return ESP_FAIL;
        }
        drain(asmcp);
    }
    etm_retire(&asmcp->etm); /* before another driver takes over the hardware that raises its events */
    asmcp->engine->ops->close(asmcp->engine);
    port_fork_forget(&asmcp->fork);
    port_free(asmcp);
    return ESP_OK;
}
