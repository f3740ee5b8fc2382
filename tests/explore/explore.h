/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The explorer: runs a scene along every sequence of choices (a depth-first search over snapshots, equal
 * states merged), along one sequence (replay), or along random ones.
 */
#ifndef EXPLORE_H
#define EXPLORE_H

#include <stdbool.h>
#include <stdint.h>

#define TRAIL_MAX 20000 /* choices of one run */

struct totals {
    uint64_t runs;   /* that came to their end */
    uint64_t states; /* different ones at which there was a choice */
    uint64_t merged; /* runs that met a state seen before */
    uint64_t choices;
    uint64_t faults;     /* moments at which the fault was let strike */
    uint64_t longest;    /* choices of the longest run */
    uint64_t gap_cycles; /* the most of any run */
    uint64_t stood;      /* times that only the check was left to come, the most of any run */
    uint64_t explorations;
    uint64_t cut_off; /* of these, whose states were too many to see all */
    bool incomplete;  /* the budget of states ran out */
    bool random;      /* some runs were random */
};

/* How a run failed; trail replays it. */
struct failure {
    char message[256];
    char trail[TRAIL_MAX + 1];
};

/* Run body() along every sequence of choices, within max_states. False: *failure says how it failed. */
bool explore_all(void (*body)(void), uint64_t max_states, struct totals *totals, struct failure *failure);

/* Run body() `runs` times at random, from this seed on. */
bool explore_random(void (*body)(void), uint64_t seed, uint64_t runs, struct totals *totals,
                    struct failure *failure);

/* Run body() once along a trail (choices beyond its end: the first possible). */
bool explore_replay(void (*body)(void), const char *trail, struct totals *totals, struct failure *failure);

#endif
