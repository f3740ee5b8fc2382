/* SPDX-License-Identifier: Apache-2.0 */
#include "manual_engine.h"

#include <stdatomic.h>
#include <string.h>
#include "port.h"

#define TAKEN_MOST 64

struct manual_engine {
    struct engine base;
    const struct request *taken[TAKEN_MOST]; /* and not yet reported */
    unsigned first, next;
};

struct manual_plan manual_plan;
struct manual_seen manual_seen;

void manual_reset(void)
{
    manual_plan = (struct manual_plan){.open = ESP_OK, .last = UINTPTR_MAX};
    manual_seen = (struct manual_seen){.engine = NULL};
}

static size_t manual_room(const struct engine_config *config)
{
    (void)config;
    return manual_plan.room;
}

static esp_err_t manual_open(struct engine *engine, const struct engine_config *config)
{
    manual_seen.engine = engine;
    manual_seen.config = *config;
    manual_seen.opens++;
    const unsigned char *room = config->room;
    for (size_t i = 0; manual_plan.has_room && i < manual_plan.room; i++) {
        manual_seen.room_in_use += room[i] != 0;
    }
    engine->reach_first = manual_plan.first != 0 ? manual_plan.first : engine->reach_first;
    engine->reach_last = manual_plan.last;
    return manual_plan.open;
}

static bool manual_reach(const struct engine *engine, const void *memory, size_t n)
{
    (void)engine;
    size_t offset = (uintptr_t)memory - (uintptr_t)manual_plan.island;
    return offset < manual_plan.island_size && n <= manual_plan.island_size - offset;
}

static void manual_kick(struct engine *engine)
{
    (void)engine;
    __atomic_fetch_add(&manual_seen.kicks, 1, __ATOMIC_RELAXED);
}

static void manual_close(struct engine *engine)
{
    (void)engine;
    manual_seen.closes++;
}

esp_err_t manual_install(const async_memcpy_config_t *config, async_memcpy_t *driver)
{
    static struct engine_ops ops;
    ops = (struct engine_ops){
        .name = "manual",
        .size = sizeof(struct manual_engine),
        .flags = manual_plan.flags,
        .dma_memory = manual_plan.dma_memory,
        .room = manual_plan.has_room ? manual_room : NULL,
        .open = manual_open,
        .reach = manual_plan.island != NULL ? manual_reach : NULL,
        .remedy = "go ashore",
        .kick = manual_kick,
        .new_event = manual_plan.no_events ? NULL : driver_new_event,
        .close = manual_close,
    };
    return driver_install(&ops, config, driver);
}

static struct manual_engine *engine_of(async_memcpy_t driver)
{
    return manual_seen.engine != NULL && manual_seen.engine->driver == driver
               ? (struct manual_engine *)manual_seen.engine
               : NULL;
}

const struct request *manual_take(async_memcpy_t driver)
{
    struct manual_engine *engine = engine_of(driver);
    const struct request *request = driver_take(driver);
    if (request != NULL) {
        engine->taken[engine->next++ % TAKEN_MOST] = request;
    }
    return request;
}

void manual_finish(async_memcpy_t driver, esp_err_t status)
{
    struct manual_engine *engine = engine_of(driver);
    const struct request *request = engine->taken[engine->first++ % TAKEN_MOST];
    if (status == ESP_OK && request->dst != request->src) {
        memcpy(request->dst, request->src, request->n);
    }
    port_isr_enter();
    driver_done(driver, status);
    port_isr_leave();
}

void manual_finish_later(async_memcpy_t driver)
{
    struct manual_engine *engine = engine_of(driver);
    bool heard = driver_is_heard(engine->taken[engine->first++ % TAKEN_MOST]);
    port_isr_enter();
    driver_done_later(driver, heard);
    port_isr_leave();
}

unsigned manual_finish_all(async_memcpy_t driver)
{
    unsigned finished = 0;
    while (manual_take(driver) != NULL) {
        manual_finish(driver, ESP_OK);
        finished++;
    }
    return finished;
}
