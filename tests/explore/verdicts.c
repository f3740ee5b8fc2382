/* SPDX-License-Identifier: Apache-2.0 */
#include "verdicts.h"

#include <stdio.h>
#include <string.h>

#include "explore.h"
#include "scenes.h"
#include "settings.h"
#include "world.h"

#define STATES_MAX 10000000
#define TEXT_MAX   400

struct cost {
    uint64_t gap_cycles;
    uint64_t stood;
    const char *scene; /* that shows the most of it */
};

static void take_most(struct cost *cost, const struct totals *totals)
{
    if (totals->gap_cycles > cost->gap_cycles || totals->stood > cost->stood) {
        cost->scene = stage.scene->name;
    }
    cost->gap_cycles = totals->gap_cycles > cost->gap_cycles ? totals->gap_cycles : cost->gap_cycles;
    cost->stood = totals->stood > cost->stood ? totals->stood : cost->stood;
}

/* What the scenes show at this setting; false: *text says which of them goes wrong. */
static bool cost_of(const struct model_knobs *knobs, struct cost *cost, char *text)
{
    static struct failure failure;
    for (const struct scene *scene = scenes; scene->name != NULL; scene++) {
        if (scene->size > SCENE_MIDDLE) {
            continue;
        }
        struct totals totals = {0};
        stage = (struct stage){.scene = scene, .knobs = *knobs};
        bool good = explore_all(play, STATES_MAX, &totals, &failure);
        if (!good || totals.incomplete) {
            snprintf(text, TEXT_MAX, "FAILS: scene %s: %s", scene->name,
                     good ? "too many states" : failure.message);
            return false;
        }
        take_most(cost, &totals);
    }
    return true;
}

static bool verdict_of(unsigned knob, unsigned value, char *text)
{
    const char *excluded = knob_excluded(knob, value);
    if (excluded != NULL) {
        snprintf(text, TEXT_MAX, "*excluded*: %s", excluded);
        return true;
    }
    struct model_knobs knobs = {0};
    struct cost cost = {0};
    knobs.value[knob] = (uint8_t)value;
    if (!cost_of(&knobs, &cost, text)) {
        return false;
    }
    if (cost.stood != 0) {
        snprintf(text, TEXT_MAX, "*costs a gap*: up to %llu cycles, or until the check (scene %s)",
                 (unsigned long long)cost.gap_cycles, cost.scene);
    } else if (cost.gap_cycles != 0) {
        snprintf(text, TEXT_MAX, "*costs a gap*: up to %llu cycles (scene %s)",
                 (unsigned long long)cost.gap_cycles, cost.scene);
    } else if (allowance_of(&knobs).last_event_late) {
        snprintf(text, TEXT_MAX,
                 "*costs order*: a copy's hardware event may come some cycles after its callback");
    } else {
        snprintf(text, TEXT_MAX, "*invisible*");
    }
    return true;
}

/* The names of the values whose verdict is this one, or of all. */
static void print_values(unsigned knob, const char (*texts)[TEXT_MAX], const char *text)
{
    const char *comma = "";
    for (unsigned value = 0; value < knob_table[knob].count; value++) {
        if (text == NULL || strcmp(texts[value], text) == 0) {
            printf("%s`%s`", comma, knob_table[knob].values[value].name);
            comma = ", ";
        }
    }
}

static bool is_told_before(const char (*texts)[TEXT_MAX], unsigned value)
{
    for (unsigned earlier = 0; earlier < value; earlier++) {
        if (strcmp(texts[earlier], texts[value]) == 0) {
            return true;
        }
    }
    return false;
}

static void print_row(unsigned knob, const char (*texts)[TEXT_MAX])
{
    bool alike = true;
    for (unsigned value = 1; value < knob_table[knob].count; value++) {
        alike &= strcmp(texts[value], texts[0]) == 0;
    }
    printf("| `%s` | ", knob_table[knob].name);
    print_values(knob, texts, NULL);
    printf(" | ");
    for (unsigned value = 0; value < knob_table[knob].count; value++) {
        if (is_told_before(texts, value)) {
            continue;
        }
        printf("%s", value != 0 ? "; " : "");
        if (!alike) {
            print_values(knob, texts, texts[value]);
            printf(" ");
        }
        printf("%s", texts[value]);
    }
    printf(" |\n");
    fflush(stdout);
}

bool print_verdicts(void)
{
    bool good = true;
    printf("| knob | values | verdict |\n|---|---|---|\n");
    for (unsigned knob = 0; knob < KNOB_COUNT; knob++) {
        char texts[KNOB_VALUES_MAX][TEXT_MAX];
        for (unsigned value = 0; value < knob_table[knob].count; value++) {
            good &= verdict_of(knob, value, texts[value]);
        }
        print_row(knob, (const char(*)[TEXT_MAX])texts);
    }
    return good;
}
