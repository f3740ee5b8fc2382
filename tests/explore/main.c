/* SPDX-License-Identifier: Apache-2.0 */
/* The explorer's command line: which scenes, on which settings of the knobs, with which faults. */
#include <argp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "explore.h"
#include "settings.h"
#include "world.h"
#include "scenes.h"

static const char *const fault_names[FAULT_COUNT] = {
    [FAULT_BAD_DESCRIPTOR] = "bad-descriptor", [FAULT_BLOCKED_ACCESS] = "blocked-access",
    [FAULT_LOST_RESTART] = "lost-restart",     [FAULT_SPURIOUS_INTERRUPT] = "spurious-interrupt",
    [FAULT_LATE_INTERRUPT] = "late-interrupt", [FAULT_CHANNEL_STOPS] = "channel-stops",
};

static struct {
    const char *scene; /* NULL: all */
    const char *fault; /* NULL: none */
    const char *trail; /* replay this */
    bool has_seed;
    uint64_t seed;
    uint64_t runs;
    uint64_t max_states;
    enum settings settings;
    struct model_knobs base;
    uint32_t early_checks;
    bool quiet;
    bool expect_failure;
} asked = {.runs = 2000, .max_states = 2000000, .settings = SETTINGS_ONE};

static struct totals grand;
static uint64_t explorations;

/* ---- One exploration ---- */

static void print_knobs(FILE *out)
{
    for (unsigned knob = 0; knob < KNOB_COUNT; knob++) {
        if (stage.knobs.value[knob] != 0) {
            fprintf(out, " --knob %s=%s", knob_table[knob].name,
                    knob_table[knob].values[stage.knobs.value[knob]].name);
        }
    }
}

static void print_failure(const struct failure *failure)
{
    printf("FAILED: %s: %s\n  replay: explore-%s --scene %s", stage.scene->name, failure->message, CHIP_NAME,
           stage.scene->name);
    print_knobs(stdout);
    if (stage.faulty) {
        printf(" --fault %s:%s", fault_names[stage.fault],
               stage.fault_channel < CHIP_GDMA_PAIRS ? "in" : "out");
    }
    if (stage.early_checks != 0) {
        printf(" --early-checks %u", (unsigned)stage.early_checks);
    }
    printf(" --trail %s\n", *failure->trail != '\0' ? failure->trail : ".");
}

static void add_totals(const struct totals *totals)
{
    explorations++;
    grand.runs += totals->runs;
    grand.states += totals->states;
    grand.merged += totals->merged;
    grand.choices += totals->choices;
    grand.incomplete |= totals->incomplete;
    grand.longest = totals->longest > grand.longest ? totals->longest : grand.longest;
    grand.gap_cycles = totals->gap_cycles > grand.gap_cycles ? totals->gap_cycles : grand.gap_cycles;
}

/* The stage is set: explore it. */
static bool explore_stage(void)
{
    static struct failure failure;
    struct totals totals = {0};
    bool good;
    if (asked.trail != NULL) {
        good = explore_replay(play, asked.trail, &totals, &failure);
    } else if (stage.scene->size == SCENE_RANDOM || asked.has_seed) {
        good = explore_random(play, asked.seed, asked.runs, &totals, &failure);
    } else {
        good = explore_all(play, asked.max_states, &totals, &failure);
    }
    add_totals(&totals);
    if (!good) {
        print_failure(&failure);
    } else if (!asked.quiet) {
        printf("%-10s runs %llu, states %llu, merged %llu, longest %llu, gap %llu%s", stage.scene->name,
               (unsigned long long)totals.runs, (unsigned long long)totals.states,
               (unsigned long long)totals.merged, (unsigned long long)totals.longest,
               (unsigned long long)totals.gap_cycles, totals.incomplete ? ", INCOMPLETE" : "");
        print_knobs(stdout);
        printf("%s%s\n", stage.faulty ? " fault " : "", stage.faulty ? fault_names[stage.fault] : "");
    }
    return good;
}

/* ---- All of them ---- */

static bool explore_faults(void)
{
    bool all = asked.fault != NULL && strcmp(asked.fault, "all") == 0;
    bool good = true;
    for (unsigned fault = 0; fault < FAULT_COUNT && good; fault++) {
        for (unsigned direction = 0; direction < 2 && good; direction++) {
            char name[64];
            snprintf(name, sizeof name, "%s:%s", fault_names[fault], direction == 0 ? "in" : "out");
            if (asked.fault == NULL || (!all && strcmp(asked.fault, name) != 0)) {
                continue;
            }
            stage.faulty = true;
            stage.fault = fault;
            stage.fault_channel = direction == 0 ? MODEL_IN(0) : MODEL_OUT(0);
            good = explore_stage();
        }
    }
    return good;
}

static bool explore_setting(const struct model_knobs *knobs)
{
    bool good = true;
    for (const struct scene *scene = scenes; scene->name != NULL && good; scene++) {
        if (asked.scene != NULL ? strcmp(scene->name, asked.scene) != 0
                                : asked.settings == SETTINGS_PRODUCT && scene->size != SCENE_SMALL) {
            continue;
        }
        stage = (struct stage){.scene = scene, .knobs = *knobs, .early_checks = asked.early_checks};
        good = asked.fault != NULL ? explore_faults() : explore_stage();
    }
    return good;
}

/* ---- Command line ---- */

static const struct argp_option options[] = {
    {"scene", 's', "NAME", 0, "Only this scene", 0},
    {"settings", 'S', "WHICH", 0, "one (default), single, pairwise, product", 0},
    {"knob", 'k', "NAME=VALUE", 0, "Begin with this setting", 0},
    {"fault", 'f', "NAME:in|out", 0, "With one fault at any moment; all: each in turn", 0},
    {"early-checks", 'c', "N", 0, "The check may come N times before it is due", 0},
    {"max-states", 'm', "N", 0, "States of one exploration at the most", 0},
    {"seed", 'r', "N", 0, "At random, with this seed", 0},
    {"runs", 'n', "N", 0, "Random runs of a scene", 0},
    {"trail", 't', "LETTERS", 0, "Replay: one letter a choice", 0},
    {"quiet", 'q', NULL, 0, "Totals and failures only", 0},
    {"list", 'l', NULL, 0, "List scenes, faults and knobs", 0},
    {0},
};

static void list(void)
{
    for (const struct scene *scene = scenes; scene->name != NULL; scene++) {
        printf("scene %-10s %s\n", scene->name, scene->text);
    }
    for (unsigned fault = 0; fault < FAULT_COUNT; fault++) {
        printf("fault %s\n", fault_names[fault]);
    }
    list_knobs();
}

static void set_knob(struct argp_state *state, char *setting)
{
    char *equals = strchr(setting, '=');
    if (equals == NULL) {
        argp_error(state, "'%s' is not NAME=VALUE", setting);
    }
    *equals = '\0';
    if (!model_knobs_set(&asked.base, setting, equals + 1)) {
        argp_error(state, "there is no knob %s with a value %s; --list shows them", setting, equals + 1);
    }
}

static error_t parse(int key, char *argument, struct argp_state *state)
{
    switch (key) {
    case 's':
        asked.scene = argument;
        break;
    case 'S':
        if (!settings_named(argument, &asked.settings)) {
            argp_error(state, "--settings: one, single, pairwise or product");
        }
        break;
    case 'k':
        set_knob(state, argument);
        break;
    case 'f':
        asked.fault = argument;
        break;
    case 'c':
        asked.early_checks = (uint32_t)strtoul(argument, NULL, 10);
        break;
    case 'm':
        asked.max_states = strtoull(argument, NULL, 10);
        break;
    case 'r':
        asked.seed = strtoull(argument, NULL, 10);
        asked.has_seed = true;
        break;
    case 'n':
        asked.runs = strtoull(argument, NULL, 10);
        break;
    case 't':
        asked.trail = argument;
        break;
    case 'q':
        asked.quiet = true;
        break;
    case 'l':
        list();
        exit(0);
    default:
        return ARGP_ERR_UNKNOWN;
    }
    return 0;
}

int main(int argc, char **argv)
{
    static const struct argp argp = {
        options, parse, NULL, "Explore the GDMA driver on the model of the chip.", NULL, NULL, NULL};
    argp_parse(&argp, argc, argv, 0, NULL, NULL);
    const char *reason;
    if (!model_map_sram(&reason)) {
        fprintf(stderr, "explore: %s\n", reason);
        return 2;
    }
    struct settings_walk walk = settings_begin(asked.settings, &asked.base);
    struct model_knobs knobs;
    bool good = true;
    uint64_t settings = 0;
    while (good && settings_next(&walk, &knobs)) {
        settings++;
        good = explore_setting(&knobs);
    }
    printf("%s: %llu settings, %llu explorations, %llu runs, %llu states, %llu merged, longest %llu choices, "
           "gap %llu "
           "cycles%s\n",
           CHIP_NAME, (unsigned long long)settings, (unsigned long long)explorations,
           (unsigned long long)grand.runs, (unsigned long long)grand.states, (unsigned long long)grand.merged,
           (unsigned long long)grand.longest, (unsigned long long)grand.gap_cycles,
           grand.incomplete ? "; some incomplete" : "");
    return good ? 0 : 1;
}
