/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <getopt.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "clock.h"
#include "cpus.h"
#include "derive.h"
#include "dpdk.h"
#include "goals.h"
#include "machine.h"
#include "measure.h"
#include "places.h"
#include "plan.h"
#include "report.h"
#include "samples.h"

#define MIB ((size_t)1 << 20)

enum { LEAST_ROUNDS = 7, QUICK_ROUNDS = 9, QUICK_SECONDS = 36, QUICK_PATIENCE = 10, FULL_PATIENCE = 60 };

struct options {
    bool quick;
    unsigned rounds;
    const char *only;
    const char *results;
};

static void usage(FILE *out)
{
    fprintf(out, "usage: bench [--quick] [--rounds N] [--only GROUP] [--results FOLDER]\n\n"
                 "  --quick           only what the goals need, within 50 s\n"
                 "  --rounds N        values per figure, of which the median counts; 9, at the most 64\n"
                 "  --only GROUP      one of:");
    for (size_t i = 0; plan_group(i) != NULL; i++) {
        fprintf(out, " %s", plan_group(i));
    }
    fprintf(
        out,
        "\n  --results FOLDER  write machine.txt, tables.txt, goals.txt, words.txt and figures.csv there\n");
}

static bool take_option(struct options *options, int option)
{
    switch (option) {
    case 'q':
        options->quick = true;
        return true;
    case 'n':
        options->rounds = (unsigned)strtoul(optarg, NULL, 10);
        return options->rounds > 0 && options->rounds <= SAMPLES_ROUNDS;
    case 'o':
        options->only = optarg;
        return plan_has(optarg);
    case 'r':
        options->results = optarg;
        return true;
    default:
        return false;
    }
}

static struct options read_options(int argc, char **argv)
{
    static const struct option known[] = {
        {"quick", no_argument, NULL, 'q'},      {"rounds", required_argument, NULL, 'n'},
        {"only", required_argument, NULL, 'o'}, {"results", required_argument, NULL, 'r'},
        {"help", no_argument, NULL, 'h'},       {NULL, 0, NULL, 0}};
    struct options options = {.rounds = QUICK_ROUNDS};
    for (int option; (option = getopt_long(argc, argv, "", known, NULL)) != -1;) {
        if (option == 'h') {
            usage(stdout);
            exit(EXIT_SUCCESS);
        }
        if (!take_option(&options, option)) {
            usage(stderr);
            exit(EXIT_FAILURE);
        }
    }
    return options;
}

static void prepare(const struct options *options)
{
    machine_note_load();
    cpus_init();
    clock_calibrate();
    if (!places_init(128 * MIB, 1024 * MIB)) {
        fprintf(stderr, "bench: no memory; 2.5 GiB must be free\n");
        exit(EXIT_FAILURE);
    }
    if (!dpdk_init()) {
        exit(EXIT_FAILURE);
    }
    cpus_pin_caller();
    measure_set_patience(options->quick ? QUICK_PATIENCE : FULL_PATIENCE);
}

static unsigned run(const struct options *options)
{
    uint64_t begin = ticks();
    unsigned round = 0;
    while (round < options->rounds) {
        plan_round(!options->quick, options->only);
        round++;
        double seconds = clock_ns(ticks() - begin) / 1e9;
        if (options->quick && round >= LEAST_ROUNDS && seconds > QUICK_SECONDS) {
            break;
        }
        if (!options->quick) {
            fprintf(stderr, "round %u of %u, %.0f s\n", round, options->rounds, seconds);
        }
    }
    return round;
}

/* To the terminal, and to a file of the results. */
static void print(const struct options *options, const char *name, void (*report)(FILE *out), bool shown)
{
    if (shown) {
        report(stdout);
    }
    if (options->results == NULL) {
        return;
    }
    char path[512];
    snprintf(path, sizeof path, "%s/%s", options->results, name);
    FILE *file = fopen(path, "w");
    if (file == NULL) {
        fprintf(stderr, "bench: %s: %s\n", path, strerror(errno));
        exit(EXIT_FAILURE);
    }
    report(file);
    fclose(file);
}

static unsigned rounds_made;
static bool partly; /* one group only */

static void report_goals(FILE *out)
{
    goals_print(out, partly);
}

static void report_run(FILE *out)
{
    machine_print(out);
    fprintf(out, "rounds    %u, interleaved; every figure is the median\n", rounds_made);
    fprintf(out, "disturbed %u of %u measurements, by other programs, for more than 1 %% of their time\n",
            measure_disturbed(), measure_count());
}

int main(int argc, char **argv)
{
    struct options options = read_options(argc, argv);
    partly = options.only != NULL;
    prepare(&options);
    rounds_made = run(&options);
    derive_all();
    print(&options, "machine.txt", report_run, true);
    print(&options, "tables.txt", report_tables, !options.quick || partly);
    print(&options, "words.txt", report_words, true);
    putchar('\n');
    print(&options, "goals.txt", report_goals, true);
    print(&options, "figures.csv", report_csv, false);
    dpdk_close();
    return EXIT_SUCCESS;
}
