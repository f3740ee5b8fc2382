/* SPDX-License-Identifier: Apache-2.0 */
/* The explorer's command line: which scenes, on which settings of the knobs, with which faults. A test case
 * in TAP for each scene. */
#include <argp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "explore.h"
#include "scenes.h"
#include "settings.h"
#include "verdicts.h"
#include "world.h"

static const char *const fault_names[FAULT_COUNT] = {
    [FAULT_BAD_DESCRIPTOR] = "bad-descriptor", [FAULT_BLOCKED_ACCESS] = "blocked-access",
    [FAULT_LOST_RESTART] = "lost-restart",     [FAULT_SPURIOUS_INTERRUPT] = "spurious-interrupt",
    [FAULT_LATE_INTERRUPT] = "late-interrupt", [FAULT_CHANNEL_STOPS] = "channel-stops",
};

static const char *const size_names[] = {"tiny", "small", "middle", "big", "random"};

static struct {
    const char *scene;    /* NULL: all */
    enum scene_size size; /* up to this */
    const char *fault;    /* NULL: none; "all" */
    const char *trail;    /* replay this */
    bool has_seed;
    uint64_t seed;
    uint64_t runs;
    uint64_t max_states;
    enum settings settings;
    struct model_knobs base;
    uint32_t early_checks;
    unsigned part, parts; /* of the settings */
    bool partly;          /* what exceeds max_states goes on at random */
    bool verbose;
} asked = {.size = SCENE_RANDOM,
           .seed = 1,
           .runs = 2000,
           .max_states = 10000000,
           .settings = SETTINGS_ONE,
           .parts = 1};

/* ---- One exploration ---- */

static void print_knobs(void)
{
    for (unsigned knob = 0; knob < KNOB_COUNT; knob++) {
        if (stage.knobs.value[knob] != 0) {
            printf(" --knob %s=%s", knob_table[knob].name,
                   knob_table[knob].values[stage.knobs.value[knob]].name);
        }
    }
}

static void print_stage(void)
{
    print_knobs();
    if (stage.faulty) {
        printf(" --fault %s:%s", fault_names[stage.fault],
               stage.fault_channel < CHIP_GDMA_PAIRS ? "in" : "out");
    }
    if (stage.early_checks != 0) {
        printf(" --early-checks %u", (unsigned)stage.early_checks);
    }
}

static void print_failure(const struct failure *failure)
{
    printf("# %s: %s\n# replay: explore-%s --scene %s", stage.scene->name, failure->message, CHIP_NAME,
           stage.scene->name);
    print_stage();
    printf(" --trail %s\n", *failure->trail != '\0' ? failure->trail : ".");
}

static void print_counts(const struct totals *totals)
{
    printf("%llu runs, %llu states, %llu merged, longest %llu choices, gap %llu cycles, checks needed %llu",
           (unsigned long long)totals->runs, (unsigned long long)totals->states,
           (unsigned long long)totals->merged, (unsigned long long)totals->longest,
           (unsigned long long)totals->gap_cycles, (unsigned long long)totals->stood);
    if (totals->cut_off != 0) {
        printf(", CUT OFF %llu of them at %llu states", (unsigned long long)totals->cut_off,
               (unsigned long long)asked.max_states);
    }
    if (totals->random) {
        printf(", at random from seed %llu", (unsigned long long)asked.seed);
    }
    printf("%s", totals->incomplete ? ", INCOMPLETE" : "");
}

static void add_totals(struct totals *sum, const struct totals *totals)
{
    sum->explorations++;
    sum->runs += totals->runs;
    sum->states += totals->states;
    sum->merged += totals->merged;
    sum->choices += totals->choices;
    sum->faults += totals->faults;
    sum->incomplete |= totals->incomplete;
    sum->random |= totals->random;
    sum->cut_off += totals->cut_off;
    sum->longest = totals->longest > sum->longest ? totals->longest : sum->longest;
    sum->gap_cycles = totals->gap_cycles > sum->gap_cycles ? totals->gap_cycles : sum->gap_cycles;
    sum->stood = totals->stood > sum->stood ? totals->stood : sum->stood;
}

static bool explore_states(struct totals *totals, struct failure *failure)
{
    bool good = explore_all(play, asked.max_states, totals, failure);
    if (good && totals->incomplete && asked.partly) {
        totals->incomplete = false;
        totals->cut_off = 1;
        good = explore_random(play, asked.seed, asked.runs, totals, failure);
    }
    return good;
}

/* The stage is set: explore it. */
static bool explore_stage(struct totals *sum)
{
    static struct failure failure;
    struct totals totals = {0};
    bool good;
    if (asked.trail != NULL) {
        good = explore_replay(play, asked.trail, &totals, &failure);
    } else if (stage.scene->size == SCENE_RANDOM || asked.has_seed) {
        good = explore_random(play, asked.seed, asked.runs, &totals, &failure);
    } else {
        good = explore_states(&totals, &failure);
    }
    add_totals(sum, &totals);
    if (!good) {
        print_failure(&failure);
    } else if (asked.verbose) {
        printf("# %s:", stage.scene->name);
        print_stage();
        printf(" ");
        print_counts(&totals);
        printf("\n");
    }
    return good;
}

/* ---- All of them ---- */

static bool fault_wanted(unsigned fault, unsigned direction)
{
    char name[64];
    snprintf(name, sizeof name, "%s:%s", fault_names[fault], direction == 0 ? "in" : "out");
    return strcmp(asked.fault, "all") == 0 || strcmp(asked.fault, name) == 0;
}

static bool explore_faults(struct totals *sum)
{
    if (asked.fault == NULL) {
        return explore_stage(sum);
    }
    bool good = true;
    for (unsigned i = 0; i < 2 * FAULT_COUNT && good; i++) {
        if (fault_wanted(i / 2, i % 2)) {
            stage.faulty = true;
            stage.fault = i / 2;
            stage.fault_channel = i % 2 == 0 ? MODEL_IN(0) : MODEL_OUT(0);
            good = explore_stage(sum);
        }
    }
    return good;
}

/* A scene on every setting that was asked for; how many there were goes to *settings. */
static bool explore_scene(const struct scene *scene, uint64_t *settings, struct totals *sum)
{
    struct settings_walk walk = settings_begin(asked.settings, &asked.base);
    struct model_knobs knobs;
    bool good = true;
    while (good && settings_next(&walk, &knobs)) {
        if ((walk.at - 1) % asked.parts == asked.part) {
            stage = (struct stage){.scene = scene, .knobs = knobs, .early_checks = asked.early_checks};
            good = explore_faults(sum);
            ++*settings;
        }
    }
    return good && !sum->incomplete;
}

static bool scene_wanted(const struct scene *scene)
{
    return asked.scene != NULL ? strcmp(scene->name, asked.scene) == 0 : scene->size <= asked.size;
}

static bool explore_everything(void)
{
    struct totals grand = {0};
    uint64_t settings = 0;
    unsigned cases = 0;
    bool good = true;
    for (const struct scene *scene = scenes; scene->name != NULL; scene++) {
        if (scene_wanted(scene)) {
            struct totals sum = {0};
            settings = 0;
            bool scene_good = explore_scene(scene, &settings, &sum);
            printf("%s %u - %s: %llu settings, %llu explorations, ", scene_good ? "ok" : "not ok", ++cases,
                   scene->name, (unsigned long long)settings, (unsigned long long)sum.explorations);
            print_counts(&sum);
            printf("\n");
            fflush(stdout);
            add_totals(&grand, &sum);
            grand.explorations += sum.explorations - 1;
            good &= scene_good;
        }
    }
    printf("1..%u\n# %s: %u scenes, %llu settings, faults at %llu moments, %llu explorations, ", cases,
           CHIP_NAME, cases, (unsigned long long)settings, (unsigned long long)grand.faults,
           (unsigned long long)grand.explorations);
    print_counts(&grand);
    printf("\n");
    return good && cases != 0;
}

/* ---- Command line ---- */

static const struct argp_option options[] = {
    {"scene", 's', "NAME", 0, "Only this scene", 0},
    {"size", 'z', "SIZE", 0, "Scenes up to tiny, small, middle, big, random (default: all)", 0},
    {"settings", 'S', "WHICH", 0, "one (default), single, pairwise, product", 0},
    {"part", 'p', "K/N", 0, "Only the K-th of every N settings, from 0", 0},
    {"knob", 'k', "NAME=VALUE", 0, "Begin with this setting", 0},
    {"fault", 'f', "NAME:in|out", 0, "With one fault at any moment; all: each in turn", 0},
    {"early-checks", 'c', "N", 0, "The check may come N times before it is due", 0},
    {"max-states", 'm', "N", 0, "States of one exploration at the most", 0},
    {"partly", 'P', NULL, 0, "What has more is cut off, gets random runs instead, and is no failure", 0},
    {"seed", 'r', "N", 0, "At random, with this seed", 0},
    {"runs", 'n', "N", 0, "Random runs of a scene", 0},
    {"trail", 't', "LETTERS", 0, "Replay: one letter a choice", 0},
    {"verbose", 'v', NULL, 0, "A line for each exploration", 0},
    {"list", 'l', NULL, 0, "List scenes, faults and knobs", 0},
    {"verdicts", 'V', NULL, 0, "What each value of each knob means to the driver", 0},
    {0},
};

static void list(void)
{
    for (const struct scene *scene = scenes; scene->name != NULL; scene++) {
        printf("scene %-10s %-7s %s\n", scene->name, size_names[scene->size], scene->text);
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
        return;
    }
    *equals = '\0';
    if (!model_knobs_set(&asked.base, setting, equals + 1)) {
        argp_error(state, "there is no knob %s with a value %s; --list shows them", setting, equals + 1);
    }
}

static void set_size(struct argp_state *state, const char *name)
{
    for (unsigned i = 0; i < sizeof size_names / sizeof size_names[0]; i++) {
        if (strcmp(name, size_names[i]) == 0) {
            asked.size = (enum scene_size)i;
            return;
        }
    }
    argp_error(state, "--size: tiny, small, middle, big or random");
}

static uint64_t number(struct argp_state *state, const char *text)
{
    char *end;
    uint64_t value = strtoull(text, &end, 10);
    if (end == text || *end != '\0') {
        argp_error(state, "'%s' is not a number", text);
    }
    return value;
}

static error_t parse_setting(int key, char *argument, struct argp_state *state)
{
    switch (key) {
    case 'S':
        if (!settings_named(argument, &asked.settings)) {
            argp_error(state, "--settings: one, single, pairwise or product");
        }
        return 0;
    case 'p':
        if (sscanf(argument, "%u/%u", &asked.part, &asked.parts) != 2 || asked.part >= asked.parts) {
            argp_error(state, "--part: K/N, K below N");
        }
        return 0;
    case 'k':
        set_knob(state, argument);
        return 0;
    case 'z':
        set_size(state, argument);
        return 0;
    case 's':
        asked.scene = argument;
        return 0;
    case 'f':
        asked.fault = argument;
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static error_t parse(int key, char *argument, struct argp_state *state)
{
    switch (key) {
    case 'c':
        asked.early_checks = (uint32_t)number(state, argument);
        return 0;
    case 'm':
        asked.max_states = number(state, argument);
        return 0;
    case 'r':
        asked.seed = number(state, argument);
        asked.has_seed = true;
        return 0;
    case 'n':
        asked.runs = number(state, argument);
        return 0;
    case 't':
        asked.trail = argument;
        return 0;
    case 'v':
        asked.verbose = true;
        return 0;
    case 'P':
        asked.partly = true;
        return 0;
    case 'l':
        list();
        exit(0);
    case 'V':
        exit(print_verdicts() ? 0 : 1);
    default:
        return parse_setting(key, argument, state);
    }
}

int main(int argc, char **argv)
{
    static const struct argp argp = {
        options, parse, NULL, "Explore the GDMA driver on the model of the chip.", NULL, NULL, NULL};
    const char *reason;
    if (!model_map_sram(&reason)) {
        fprintf(stderr, "explore: %s\n", reason);
        return 2;
    }
    argp_parse(&argp, argc, argv, 0, NULL, NULL);
    return explore_everything() ? 0 : 1;
}
