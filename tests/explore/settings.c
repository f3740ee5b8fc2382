/* SPDX-License-Identifier: Apache-2.0 */
#include "settings.h"

#include <stdio.h>
#include <string.h>

#include "../../model/model.h"
#include "pairwise.h"

/* ---- Values that no driver could live with ---- */

static const struct exclusion {
    enum knob knob;
    unsigned value;
    const char *reason;
} exclusions[] = {
    {KNOB_RX_EXACT_FIT, RX_EXACT_FIT_EXTRA,
     "every shipped driver relies on the contrary, and the remedy, a node larger than the copy, would let a "
     "fault write beyond the destination; a board would show the first copy never completing"},
    {KNOB_ETM_EVENT, ETM_EVENT_RAW_EDGE,
     "two copies that end before one interrupt would raise one event, which no software can see; a board "
     "would "
     "show fewer pin toggles than copies, and the vendor's test on the chip counts as many"},
};

const char *knob_excluded(unsigned knob, unsigned value)
{
    for (size_t i = 0; i < sizeof exclusions / sizeof exclusions[0]; i++) {
        if (exclusions[i].knob == knob && exclusions[i].value == value) {
            return exclusions[i].reason;
        }
    }
    return NULL;
}

/* ---- What a setting may cost ---- */

/* Cycles that the bus is busy with a segment of one byte: two nodes read, a byte read and written, RX's node
 * written back. */
#define SHORTEST_NODE (2 * MODEL_CYCLES_NODE + 3 * MODEL_CYCLES_SINGLE)
#define SHORTEST_READ (3 * MODEL_CYCLES_SINGLE) /* when both nodes have been read before */

struct allowance allowance_of(const struct model_knobs *knobs)
{
    struct allowance allowance = {0};
    if (knobs->value[KNOB_RESTART_BUSY] == RESTART_BUSY_LOST) {
        allowance.gap_cycles = UINT32_MAX;
        allowance.stood = UINT32_MAX;
        allowance.resets = UINT32_MAX;
        allowance.repeats_events = true;
    }
    /* RX has one write-back in hand: a node that is there sooner waits for the one before it. */
    uint32_t delay = model_knobs_number(knobs, KNOB_WRITEBACK_DELAY);
    bool read_ahead = model_knobs_number(knobs, KNOB_RX_PREFETCH) > 1;
    if (knobs->value[KNOB_WRITEBACK] == WRITEBACK_WITH) {
        allowance.gap_a_node = 0;
    } else if (delay > SHORTEST_NODE) {
        allowance.gap_a_node = delay - SHORTEST_NODE;
    } else if (read_ahead && delay > SHORTEST_READ) {
        allowance.gap_a_node = delay - SHORTEST_READ;
    }
    if (knobs->value[KNOB_WRITEBACK] == WRITEBACK_BEFORE) {
        allowance.last_event_late = true;
    }
    return allowance;
}

/* ---- Kinds ---- */

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
static bool next_single(uint64_t at, struct model_knobs *knobs)
{
    if (at-- == 0) {
        return true;
    }
    for (unsigned knob = 0; knob < KNOB_COUNT; knob++) {
        for (unsigned value = 1; value < knob_table[knob].count; value++) {
            if (knob_excluded(knob, value) == NULL && at-- == 0) {
                knobs->value[knob] = (uint8_t)value;
                return true;
            }
        }
    }
    return false;
}

/*
 * Those that decide how an append meets the end of a list, and how its completion is told. Left out are the
 * checks of nodes (none fails without a fault), starting and stopping (nothing runs then), forbidden
 * accesses, ETM, and the longer delays: these are met in the pairs.
 */
static const enum knob product_knobs[] = {
    KNOB_RESTART_BUSY, KNOB_RESTART_ACTS, KNOB_RESTART_READS, KNOB_RX_PREFETCH, KNOB_TX_PREFETCH,
    KNOB_TX_PAST_EOF,  KNOB_FIFO_DEPTH,   KNOB_RX_FULL,       KNOB_RX_EMPTY,    KNOB_TX_OPEN_TAIL,
    KNOB_WRITEBACK,    KNOB_EOF_ADDRESS,  KNOB_CLEAR_AND_SET};

/* The third way to read a tail again differs with owner checks only; a FIFO deeper than the copies is deep
 * enough. */
static bool is_a_repetition(const struct model_knobs *knobs)
{
    return knobs->value[KNOB_RESTART_READS] == RESTART_READS_CHECKED ||
           model_knobs_number(knobs, KNOB_FIFO_DEPTH) > 16;
}

static bool nth_product(uint64_t at, struct model_knobs *knobs)
{
    for (size_t i = 0; i < sizeof product_knobs / sizeof product_knobs[0]; i++) {
        enum knob knob = product_knobs[i];
        knobs->value[knob] = (uint8_t)(at % knob_table[knob].count);
        at /= knob_table[knob].count;
    }
    return at == 0;
}

bool settings_next(struct settings_walk *walk, struct model_knobs *knobs)
{
    *knobs = walk->base;
    bool found;
    switch (walk->kind) {
    case SETTINGS_ONE:
        return walk->at++ == 0;
    case SETTINGS_SINGLE:
        return next_single(walk->at++, knobs);
    case SETTINGS_PAIRWISE:
        return pairwise_row((unsigned)walk->at++, knobs);
    default:
        do {
            found = nth_product(walk->at++, knobs);
        } while (found && is_a_repetition(knobs));
        return found;
    }
}

/* ---- The list ---- */

void list_knobs(void)
{
    for (unsigned knob = 0; knob < KNOB_COUNT; knob++) {
        printf("knob %s (%s): %s\n", knob_table[knob].name, knob_table[knob].section, knob_table[knob].text);
        for (unsigned value = 0; value < knob_table[knob].count; value++) {
            const char *reason = knob_excluded(knob, value);
            printf("  %-12s %s%s%s\n", knob_table[knob].values[value].name,
                   knob_table[knob].values[value].text, reason != NULL ? "; excluded: " : "",
                   reason != NULL ? reason : "");
        }
    }
}
