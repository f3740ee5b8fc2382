/* SPDX-License-Identifier: Apache-2.0 */
/* The command line of `emulate`. */
#ifndef OPTIONS_H
#define OPTIONS_H

#include "machine.h"

struct options {
    const char *firmware;
    bool count;
    const char *count_file; /* NULL: standard output */
    const char *count_in;
    const char *trace;
    const char *timeline;
    bool pins;
    uint32_t ratio;
    uint64_t max_cycles;
    uint64_t max_instructions;
    struct model_knobs knobs;
    struct fault faults[FAULTS_MAX]; /* by cycle */
    unsigned fault_count;
};

/* Ends the program if something is wrong with it, or --help or --list-knobs is asked for. */
void options_parse(struct options *options, int argc, char **argv);

#endif
