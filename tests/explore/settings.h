/* SPDX-License-Identifier: Apache-2.0 */
/* Settings of the model's knobs to explore, without the values that no driver could live with. */
#ifndef SETTINGS_H
#define SETTINGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../../model/knobs.h"

enum settings {
    SETTINGS_ONE,      /* the base */
    SETTINGS_SINGLE,   /* the base, then each knob at each other value */
    SETTINGS_PAIRWISE, /* few settings in which every pair of values of two knobs occurs */
    SETTINGS_PRODUCT,  /* every combination of the knobs that matter to an append */
};

/* What a knob's value means to the driver. */
struct exclusion {
    enum knob knob;
    unsigned value;
    const char *reason;
};

extern const struct exclusion exclusions[];
extern const size_t exclusion_count;

struct settings_walk {
    enum settings kind;
    struct model_knobs base;
    uint64_t at;
};

bool settings_named(const char *name, enum settings *kind);
struct settings_walk settings_begin(enum settings kind, const struct model_knobs *base);
bool settings_next(struct settings_walk *walk, struct model_knobs *knobs);
void list_knobs(void);

#endif
