/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>

#include "settings.h"

const struct exclusion exclusions[] = {
    {KNOB_RX_EXACT_FIT, RX_EXACT_FIT_EXTRA,
     "every shipped driver relies on the contrary; the remedy, a node larger than the copy, would let a "
     "fault write "
     "beyond the destination; a board would show the first copy never completing"},
};
const size_t exclusion_count = sizeof exclusions / sizeof exclusions[0];

static const char *excluded(unsigned knob, unsigned value)
{
    for (size_t i = 0; i < exclusion_count; i++) {
        if (exclusions[i].knob == knob && exclusions[i].value == value) {
            return exclusions[i].reason;
        }
    }
    return NULL;
}

bool settings_named(const char *name, enum settings *kind)
{
    static const char *const names[] = {"one", "single", "pairwise", "product"};
    for (unsigned i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (strcmp(name, names[i]) == 0) {
            *kind = (enum settings)i;
            return true;
        }
    }
    return false;
}

struct settings_walk settings_begin(enum settings kind, const struct model_knobs *base)
{
    return (struct settings_walk){.kind = kind, .base = *base};
}

/* The at-th of all values other than the first; false: beyond the last. */
static bool nth_single(uint64_t at, unsigned *knob, unsigned *value)
{
    for (*knob = 0; *knob < KNOB_COUNT; ++*knob) {
        for (*value = 1; *value < knob_table[*knob].count; ++*value) {
            if (excluded(*knob, *value) == NULL && at-- == 0) {
                return true;
            }
        }
    }
    return false;
}

bool settings_next(struct settings_walk *walk, struct model_knobs *knobs)
{
    *knobs = walk->base;
    uint64_t at = walk->at++;
    if (at == 0) {
        return true;
    }
    if (walk->kind == SETTINGS_ONE) {
        return false;
    }
    unsigned knob, value;
    if (!nth_single(at - 1, &knob, &value)) {
        return false;
    }
    knobs->value[knob] = (uint8_t)value;
    return true;
}

void list_knobs(void)
{
    for (unsigned knob = 0; knob < KNOB_COUNT; knob++) {
        printf("knob %s (%s): %s\n", knob_table[knob].name, knob_table[knob].section, knob_table[knob].text);
        for (unsigned value = 0; value < knob_table[knob].count; value++) {
            const char *reason = excluded(knob, value);
            printf("  %-12s %s%s%s\n", knob_table[knob].values[value].name,
                   knob_table[knob].values[value].text, reason != NULL ? "; excluded: " : "",
                   reason != NULL ? reason : "");
        }
    }
}
