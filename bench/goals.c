/* SPDX-License-Identifier: Apache-2.0 */
#include "goals.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "samples.h"

/* The better of the device's two ways, by their medians. */
static const char best_skeleton[] = "B";

struct goal {
    const char *name;
    const char *figure;
    const char *subject;
    size_t size;
    unsigned depth;
    const char *by_figure; /* NULL: no ratio */
    const char *by_subject;
    unsigned by_depth;
    bool at_most;
    double value;
};

static const struct goal goals[] = {
    {"submit, 4 KiB, depth 64, by skeleton batched", "submit", "ours", 4096, 64, "submit", "batched", 64,
     true, 0.25},
    {"64 B, depth 512, completed rate, by B", "hot", "ours", 64, 512, "hot", best_skeleton, 512, false, 10},
    {"1 KiB, depth 64, hot, by B", "hot", "ours", 1024, 64, "hot", best_skeleton, 64, false, 7},
    {"4 KiB, depth 64, hot, by B", "hot", "ours", 4096, 64, "hot", best_skeleton, 64, false, 3},
    {"4 KiB, depth 64, hot, a callback that counts, by B", "hot", "callback", 4096, 64, "hot", best_skeleton,
     64, false, 1.8},
    {"64 KiB, depth 8, hot, by B", "hot", "ours", 65536, 8, "hot", best_skeleton, 8, false, 1.15},
    {"64 KiB, depth 8, hot, by memcpy", "hot", "ours", 65536, 8, "hot", "memcpy", 8, false, 0.93},
    {"latency 64 B, worker awake, by skeleton", "awake", "ours", 64, 1, "awake", "flagged", 1, true, 0.42},
    {"latency 64 B, worker awake, by one-way ping-pong", "awake", "ours", 64, 1, "limit", "pingpong", 0, true,
     2.2},
    {"4 KiB after 2 ms idle, by skeleton", "idle", "ours", 4096, 1, "idle", "flagged", 1, true, 0.01},
    {"1 KiB, depth 64, hot, by a mutex/condvar worker", "hot", "ours", 1024, 64, "hot", "worker", 64, false,
     20},
};

static const struct series *find_by(const struct goal *goal)
{
    size_t size = strcmp(goal->by_figure, "limit") == 0 ? 0 : goal->size;
    if (goal->by_subject != best_skeleton) {
        return samples_find(goal->by_figure, goal->by_subject, size, goal->by_depth);
    }
    const struct series *flagged = samples_find(goal->by_figure, "flagged", size, goal->by_depth);
    const struct series *batched = samples_find(goal->by_figure, "batched", size, goal->by_depth);
    return samples_median(flagged) > samples_median(batched) ? flagged : batched;
}

unsigned goals_print(void)
{
    unsigned lacking = 0;
    printf("%-52s %9s %9s\n", "figure", "value", "goal");
    for (size_t i = 0; i < sizeof goals / sizeof goals[0]; i++) {
        const struct goal *goal = &goals[i];
        double value =
            samples_ratio(samples_find(goal->figure, goal->subject, goal->size, goal->depth), find_by(goal));
        bool met = goal->at_most ? value <= goal->value : value >= goal->value;
        printf("%-52s %9.4g %s %-6g %s\n", goal->name, value, goal->at_most ? "<=" : ">=", goal->value,
               met ? "met" : "short");
        lacking += !met;
    }
    return lacking;
}
