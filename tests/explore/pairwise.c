/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A covering array, made greedily: each row begins with a pair not covered yet and takes, knob by knob, the
 * value that covers most. Not the smallest possible, but no more than twice that, and the same on every
 * machine.
 */
#include "pairwise.h"

#include <string.h>

#include "settings.h"

#define ROWS_MAX 64

static struct model_knobs rows[ROWS_MAX];
static unsigned row_count;
/* covered[a][x][b][y]: some row has knob a at x and knob b at y; both ways round. */
static bool covered[KNOB_COUNT][KNOB_VALUES_MAX][KNOB_COUNT][KNOB_VALUES_MAX];

static bool usable(unsigned knob, unsigned value)
{
    return value < knob_table[knob].count && knob_excluded(knob, value) == NULL;
}

/* Pairs that this value would newly cover, with the knobs fixed so far. */
static unsigned gain(const struct model_knobs *row, const bool *fixed, unsigned knob, unsigned value)
{
    unsigned pairs = 0;
    for (unsigned other = 0; other < KNOB_COUNT; other++) {
        pairs += fixed[other] && !covered[knob][value][other][row->value[other]];
    }
    return pairs;
}

static unsigned best_value(const struct model_knobs *row, const bool *fixed, unsigned knob)
{
    unsigned best = 0;
    unsigned best_gain = 0;
    for (unsigned i = 0; i < knob_table[knob].count; i++) {
        unsigned value = (i + row_count) % knob_table[knob].count; /* ties: not always the same */
        unsigned value_gain = usable(knob, value) ? gain(row, fixed, knob, value) + 1 : 0;
        if (value_gain > best_gain) {
            best = value;
            best_gain = value_gain;
        }
    }
    return best;
}

static bool find_uncovered(struct model_knobs *row, bool *fixed)
{
    for (unsigned a = 0; a < KNOB_COUNT; a++) {
        for (unsigned b = a + 1; b < KNOB_COUNT; b++) {
            for (unsigned x = 0; x < KNOB_VALUES_MAX; x++) {
                for (unsigned y = 0; y < KNOB_VALUES_MAX; y++) {
                    if (usable(a, x) && usable(b, y) && !covered[a][x][b][y]) {
                        row->value[a] = (uint8_t)x;
                        row->value[b] = (uint8_t)y;
                        fixed[a] = fixed[b] = true;
                        return true;
                    }
                }
            }
        }
    }
    return false;
}

static void cover(const struct model_knobs *row)
{
    for (unsigned a = 0; a < KNOB_COUNT; a++) {
        for (unsigned b = 0; b < KNOB_COUNT; b++) {
            covered[a][row->value[a]][b][row->value[b]] = true;
        }
    }
}

static void make_rows(void)
{
    for (; row_count < ROWS_MAX; row_count++) {
        bool fixed[KNOB_COUNT] = {false};
        struct model_knobs row;
        memset(&row, 0, sizeof row);
        if (!find_uncovered(&row, fixed)) {
            return;
        }
        for (unsigned knob = 0; knob < KNOB_COUNT; knob++) {
            if (!fixed[knob]) {
                row.value[knob] = (uint8_t)best_value(&row, fixed, knob);
                fixed[knob] = true;
            }
        }
        cover(&row);
        rows[row_count] = row;
    }
}

bool pairwise_row(unsigned n, struct model_knobs *knobs)
{
    if (row_count == 0) {
        make_rows();
    }
    if (n >= row_count) {
        return false;
    }
    *knobs = rows[n];
    return true;
}
