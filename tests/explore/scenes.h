/* SPDX-License-Identifier: Apache-2.0 */
/* The scenes: small programs against the API, each with its oracle. */
#ifndef SCENES_H
#define SCENES_H

#include <stdbool.h>
#include <stdint.h>

#include "../../model/knobs.h"

/* How much there is to explore: hundreds of states, thousands, tens of thousands, a million, too many. */
enum scene_size { SCENE_TINY, SCENE_SMALL, SCENE_MIDDLE, SCENE_BIG, SCENE_RANDOM };

struct scene {
    const char *name;
    const char *text;
    void (*body)(void);
    uint32_t outsiders; /* interrupts of somebody else that submit a copy */
    enum scene_size size;
};

extern const struct scene scenes[];

/* What the world begins with, beside the scene. */
struct stage {
    const struct scene *scene;
    struct model_knobs knobs;
    bool faulty;
    uint32_t fault;
    uint32_t fault_channel;
    uint32_t early_checks;
};

extern struct stage stage;

/* Run the scene on the stage: the body to explore. */
void play(void);

#endif
