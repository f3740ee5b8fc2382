/* SPDX-License-Identifier: Apache-2.0 */
/* The scenes: small programs against the API, each with its oracle. */
#ifndef SCENES_H
#define SCENES_H

#include <stdbool.h>
#include <stdint.h>

struct scene {
    const char *name;
    const char *text;
    void (*body)(void);
    uint32_t outsiders; /* interrupts of somebody else that submit a copy */
    bool small;         /* for the full product of knobs */
    bool large;         /* at random only */
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

/* Run a scene on this stage: the body to explore. */
extern struct stage stage;
void play(void);

#endif
