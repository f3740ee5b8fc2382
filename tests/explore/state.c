/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The bytes that a run changes and that decide what happens next: what a snapshot holds, and what is hashed.
 * The less there is the faster the search; what is left out must be constant while a scene explores.
 */
#include <stddef.h>

#include "world.h"

/* Costs side by side in one word. They are counted no further than this: what goes round for ever comes to an
 * end. */
#define LANE      12u
#define LANE_TOPS UINT64_C(0x800800800800800)
#define COST_MAX  0x7FFu

struct state state;

static void add(void *address, size_t size)
{
    state.region[state.count++] = (struct region){address, size};
}

/* From one field of the model up to, and without, another. */
#define ADD_MODEL(from, to)                                                                                  \
    add((char *)&model + offsetof(struct model, from),                                                       \
        offsetof(struct model, to) - offsetof(struct model, from))

static void add_model(unsigned pairs, bool etm)
{
    for (unsigned pair = 0; pair < pairs; pair++) {
        add(&model.channel[MODEL_IN(pair)], sizeof(struct model_channel));
        add(&model.channel[MODEL_OUT(pair)], sizeof(struct model_channel));
    }
    ADD_MODEL(misc_conf, etm_enabled);
    if (etm) {
        ADD_MODEL(etm_enabled, source_level);
        add(model.counters.pin_changes, sizeof model.counters.pin_changes);
    }
    ADD_MODEL(source_level, pcr_gdma);
    add(&model.gpio_out, sizeof model.gpio_out);
    add(&model.counters.misuse, sizeof model.counters.misuse);
}

void state_mark(unsigned pairs, bool etm, unsigned copies)
{
    state.count = 0;
    add_model(pairs, etm);
    add(&world.masked,
        offsetof(struct world, copy) - offsetof(struct world, masked) + copies * sizeof(struct copy));
    add((void *)(uintptr_t)CHIP_SRAM_FIRST, world.arena_used);
    add((void *)(uintptr_t)(CHIP_SRAM_FIRST + ARENA_SIZE), 2 * copies * WINDOW);
    add(subject_statics.address, subject_statics.size);
}

uint64_t costs_so_far(void)
{
    bool whole = world.fault_fired == 0; /* after a fault only an interrupt's length still counts */
    const uint64_t costs[] = {
        world.costs.accesses,
        world.costs.polls,
        whole ? world.costs.stood : 0,
        whole ? world.costs.resets : 0,
        whole ? model.counters.gap_cycles : 0,
    };
    uint64_t lanes = 0;
    for (size_t i = 0; i < sizeof costs / sizeof costs[0]; i++) {
        lanes |= (costs[i] < COST_MAX ? costs[i] : COST_MAX) << (i * LANE);
    }
    return lanes;
}

/* A lane whose subtraction borrows loses its top bit, which no cost uses. */
bool costs_at_most(uint64_t costs, uint64_t others)
{
    return (((others | LANE_TOPS) - costs) & LANE_TOPS) == LANE_TOPS;
}
