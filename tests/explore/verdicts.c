/* SPDX-License-Identifier: Apache-2.0 */
#include "verdicts.h"

#include <stdio.h>

#include "explore.h"
#include "scenes.h"
#include "settings.h"
#include "world.h"

#define STATES_MAX 300000

struct cost {
    bool wrong;
    uint64_t gap_cycles;
    uint64_t stood;
    const char *scene; /* that shows the longest gap */
};

static struct cost cost_of(const struct model_knobs *knobs)
{
    static struct failure failure;
    struct cost cost = {.scene = ""};
    for (const struct scene *scene = scenes; scene->name != NULL && !cost.wrong; scene++) {
        if (scene->size > SCENE_MIDDLE) {
            continue;
        }
        struct totals totals = {0};
        stage = (struct stage){.scene = scene, .knobs = *knobs};
        cost.wrong = !explore_all(play, STATES_MAX, &totals, &failure);
        if (totals.gap_cycles > cost.gap_cycles || totals.stood > cost.stood) {
            cost.scene = scene->name;
        }
        cost.gap_cycles = totals.gap_cycles > cost.gap_cycles ? totals.gap_cycles : cost.gap_cycles;
        cost.stood = totals.stood > cost.stood ? totals.stood : cost.stood;
    }
    return cost;
}

static bool print_value(unsigned knob, unsigned value)
{
    const char *excluded = knob_excluded(knob, value);
    printf("| %s | `%s`: %s | ", knob_table[knob].name, knob_table[knob].values[value].name,
           knob_table[knob].values[value].text);
    if (excluded != NULL) {
        printf("*excluded*: %s |\n", excluded);
        return true;
    }
    struct model_knobs knobs = {0};
    knobs.value[knob] = (uint8_t)value;
    struct cost cost = cost_of(&knobs);
    if (cost.wrong) {
        printf("FAILS |\n");
    } else if (cost.stood != 0) {
        printf("*costs a gap*: up to %llu cycles, or until the check (scene %s) |\n",
               (unsigned long long)cost.gap_cycles, cost.scene);
    } else if (cost.gap_cycles != 0) {
        printf("*costs a gap*: up to %llu cycles (scene %s) |\n", (unsigned long long)cost.gap_cycles,
               cost.scene);
    } else if (allowance_of(&knobs).last_event_late) {
        printf("*costs order*: a copy's hardware event may come some cycles after its callback |\n");
    } else {
        printf("*invisible* |\n");
    }
    fflush(stdout);
    return !cost.wrong;
}

bool print_verdicts(void)
{
    bool good = true;
    printf("| knob | value | verdict |\n|---|---|---|\n");
    for (unsigned knob = 0; knob < KNOB_COUNT; knob++) {
        for (unsigned value = 0; value < knob_table[knob].count; value++) {
            good &= print_value(knob, value);
        }
    }
    return good;
}
