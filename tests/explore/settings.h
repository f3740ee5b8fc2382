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
    SETTINGS_PRODUCT,  /* every combination of the knobs that matter to an append and its completion */
};

/* Why no driver could live with this value, or NULL. */
const char *knob_excluded(unsigned knob, unsigned value);

/* What a setting costs at the most, if all else is well; a default setting costs nothing. */
struct allowance {
    uint32_t gap_cycles;  /* idle between linked nodes */
    uint32_t gap_a_node;  /* and so many for every node but the first */
    uint32_t resets;      /* a short list made the driver begin its copies again */
    uint32_t stood;       /* nothing but the check found out that there was work to do */
    bool repeats_events;  /* a copy done again raises its event again */
    bool last_event_late; /* the event may come some cycles after the callback, too late for an uninstall */
};
struct allowance allowance_of(const struct model_knobs *knobs);

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
