/* SPDX-License-Identifier: Apache-2.0 */
#include "goals.h"

#include <math.h>
#include <string.h>

#include "limits.h"
#include "samples.h"

#define KIB ((size_t)1024)
#define MIB (1024 * KIB)

/* What a figure is held against, where that is not one subject: the better of some, by their medians. */
static const char best_device[] = "B";      /* flagged, batched */
static const char best_worker[] = "worker"; /* waiting, polled */
static const char best_limit[] = "limit";   /* the fastest kernel on two threads */

struct figure {
    const char *figure; /* NULL: none */
    const char *subject;
    size_t size;
    unsigned depth;
};

struct goal {
    const char *name;
    struct figure figure;
    struct figure by; /* none: the figure itself is meant */
    bool at_most;
    double value;
};

#define AT_MOST  true
#define AT_LEAST false

static const struct goal goals[] = {
    {"submit, 4 KiB, depth 64 / skeleton batched",
     {"submit", "ours", 4 * KIB, 64},
     {"submit", "batched", 4 * KIB, 64},
     AT_MOST,
     0.25},
    {"batch of 32, 4 KiB, per copy / skeleton batched",
     {"submit", "batch", 4 * KIB, 64},
     {"submit", "batched", 4 * KIB, 64},
     AT_MOST,
     0.06},
    {"64 B, depth 512, completed rate / B",
     {"hot", "ours", 64, 512},
     {"hot", best_device, 64, 512},
     AT_LEAST,
     10},
    {"1 KiB, depth 64, hot / B",
     {"hot", "ours", 1 * KIB, 64},
     {"hot", best_device, 1 * KIB, 64},
     AT_LEAST,
     7},
    {"4 KiB, depth 64, hot / B",
     {"hot", "ours", 4 * KIB, 64},
     {"hot", best_device, 4 * KIB, 64},
     AT_LEAST,
     3},
    {"4 KiB, depth 64, hot, counting callback / B",
     {"hot", "callback", 4 * KIB, 64},
     {"hot", best_device, 4 * KIB, 64},
     AT_LEAST,
     1.8},
    {"64 KiB, depth 8, hot / B",
     {"hot", "ours", 64 * KIB, 8},
     {"hot", best_device, 64 * KIB, 8},
     AT_LEAST,
     1.15},
    {"64 KiB, depth 8, hot / memcpy",
     {"hot", "ours", 64 * KIB, 8},
     {"hot", "memcpy", 64 * KIB, 8},
     AT_LEAST,
     0.93},
    {"1 MiB cold, one worker / B",
     {"cold", "ours", 1 * MIB, 8},
     {"cold", best_device, 1 * MIB, 8},
     AT_LEAST,
     1.7},
    {"1 MiB cold, one worker / memcpy",
     {"cold", "ours", 1 * MIB, 8},
     {"cold", "memcpy", 1 * MIB, 8},
     AT_LEAST,
     1.7},
    {"16 MiB cold, one worker / B",
     {"cold", "ours", 16 * MIB, 8},
     {"cold", best_device, 16 * MIB, 8},
     AT_LEAST,
     1.7},
    {"16 MiB cold, one worker / memcpy",
     {"cold", "ours", 16 * MIB, 8},
     {"cold", "memcpy", 16 * MIB, 8},
     AT_LEAST,
     1.7},
    {"1 MiB hot with the hint / B",
     {"hot", "soon", 1 * MIB, 8},
     {"hot", best_device, 1 * MIB, 8},
     AT_LEAST,
     1},
    {"16 MiB cold, waiting caller helps / memcpy",
     {"cold", "blocking", 16 * MIB, 1},
     {"cold", "memcpy", 16 * MIB, 8},
     AT_LEAST,
     3},
    {"16 MiB cold, waiting caller helps / two-thread limit",
     {"cold", "blocking", 16 * MIB, 1},
     {"limit_2", best_limit, 16 * MIB, 2},
     AT_LEAST,
     0.93},
    {"latency 64 B, worker awake / skeleton",
     {"awake", "ours", 64, 1},
     {"awake", "flagged", 64, 1},
     AT_MOST,
     0.42},
    {"latency 64 B, worker awake / one-way ping-pong",
     {"awake", "ours", 64, 1},
     {"pingpong", "limit", 64, 1},
     AT_MOST,
     2.2},
    {"4 KiB after 2 ms idle, NULL callback / skeleton",
     {"idle", "ours", 4 * KIB, 1},
     {"idle", "flagged", 4 * KIB, 1},
     AT_MOST,
     0.01},
    {"caller's work kept: 4 KiB, depth 32",
     {"kept", "ours", 4 * KIB, 32},
     {NULL, NULL, 0, 0},
     AT_LEAST,
     0.96},
    {"caller's work kept: 64 KiB, depth 32",
     {"kept", "ours", 64 * KIB, 32},
     {NULL, NULL, 0, 0},
     AT_LEAST,
     0.99},
    {"caller's work kept: 1 MiB, depth 4", {"kept", "ours", 1 * MIB, 4}, {NULL, NULL, 0, 0}, AT_LEAST, 0.995},
    {"CPUs used from 10 ms after the last copy on",
     {"rest", "ours", 0, 0},
     {NULL, NULL, 0, 0},
     AT_MOST,
     0.001},
    {"1 KiB, depth 64, hot / a mutex/condvar worker",
     {"hot", "ours", 1 * KIB, 64},
     {"hot", best_worker, 1 * KIB, 64},
     AT_LEAST,
     20},
    {"8 submitting threads, 4 KiB / one thread",
     {"threads", "ours", 4 * KIB, 8},
     {"threads", "ours", 4 * KIB, 1},
     AT_LEAST,
     0.9},
    {"8 submitting threads, most copies / least",
     {"shares", "ours", 4 * KIB, 8},
     {NULL, NULL, 0, 0},
     AT_MOST,
     2},
};

static const struct series *find(const struct figure *figure, const char *subject)
{
    return samples_find(figure->figure, subject, figure->size, figure->depth);
}

static const struct series *better(const struct series *one, const struct series *other)
{
    return samples_median(other) > samples_median(one) || one == NULL ? other : one;
}

static const struct series *find_best(const struct figure *figure)
{
    if (figure->subject == best_device) {
        return better(find(figure, "flagged"), find(figure, "batched"));
    }
    if (figure->subject == best_worker) {
        return better(find(figure, "worker"), find(figure, "worker_polled"));
    }
    return figure->subject == best_limit ? limits_best(figure->figure, figure->size)
                                         : find(figure, figure->subject);
}

static double value_of(const struct figure *figure, const struct figure *by)
{
    const struct series *series = find_best(figure);
    return by->figure == NULL ? samples_median(series) : samples_ratio(series, find_best(by));
}

/* What the machine allows, and what else tells how to read the goals, in their units. */
static const struct {
    const char *name;
    struct figure figure, by;
} bounds[] = {
    {"copies past the cache by one thread / memcpy, 16 MiB",
     {"limit_1", best_limit, 16 * MIB, 1},
     {"cold", "memcpy", 16 * MIB, 8}},
    {"copies past the cache by two threads / memcpy, 16 MiB",
     {"limit_2", best_limit, 16 * MIB, 2},
     {"cold", "memcpy", 16 * MIB, 8}},
    {"64 KiB, depth 8, hot / memcpy on the worker's CPU",
     {"hot", "ours", 64 * KIB, 8},
     {"hot", "memcpy_there", 64 * KIB, 8}},
    {"1 MiB cold, one worker / memcpy on its CPU",
     {"cold", "ours", 1 * MIB, 8},
     {"cold", "memcpy_there", 1 * MIB, 8}},
    {"16 MiB cold, one worker / memcpy on its CPU",
     {"cold", "ours", 16 * MIB, 8},
     {"cold", "memcpy_there", 16 * MIB, 8}},
    {"submit, 4 KiB, depth 64 / skeleton, eager",
     {"submit", "ours", 4 * KIB, 64},
     {"submit", "eager", 4 * KIB, 64}},
    {"64 B, depth 512, completed rate / skeleton, eager",
     {"hot", "ours", 64, 512},
     {"hot", "eager", 64, 512}},
    {"1 KiB, depth 64, hot / skeleton, eager", {"hot", "ours", 1 * KIB, 64}, {"hot", "eager", 1 * KIB, 64}},
    {"in batches of 32: 64 B, depth 512 / B", {"hot", "batch", 64, 512}, {"hot", best_device, 64, 512}},
    {"a bare ring: submit, 4 KiB, depth 64 / skeleton batched",
     {"submit", "bare", 4 * KIB, 64},
     {"submit", "batched", 4 * KIB, 64}},
    {"a bare ring: 64 B, depth 512 / B", {"hot", "bare", 64, 512}, {"hot", best_device, 64, 512}},
    {"a bare ring: 1 KiB, depth 64 / B", {"hot", "bare", 1 * KIB, 64}, {"hot", best_device, 1 * KIB, 64}},
    {"latency 64 B / one-way ping-pong over two lines",
     {"awake", "ours", 64, 1},
     {"pingpong", "two_lines", 64, 1}},
    {"a bare ring: latency 64 B / skeleton", {"awake", "bare", 64, 1}, {"awake", "flagged", 64, 1}},
    {"a bare ring: latency 64 B / one-way ping-pong", {"awake", "bare", 64, 1}, {"pingpong", "limit", 64, 1}},
    {"a bare ring: caller's work kept, 4 KiB, depth 32", {"kept", "bare", 4 * KIB, 32}, {NULL, NULL, 0, 0}},
    {"a bare ring: caller's work kept, 64 KiB, depth 32", {"kept", "bare", 64 * KIB, 32}, {NULL, NULL, 0, 0}},
    {"one-way ping-pong / latency of the skeleton, 64 B",
     {"pingpong", "limit", 64, 1},
     {"awake", "flagged", 64, 1}},
    {"one-way ping-pong, ns", {"pingpong", "limit", 64, 1}, {NULL, NULL, 0, 0}},
    {"one-way ping-pong over two lines, ns", {"pingpong", "two_lines", 64, 1}, {NULL, NULL, 0, 0}},
};

static void print_bounds(FILE *out)
{
    for (size_t i = 0; i < sizeof bounds / sizeof bounds[0]; i++) {
        double value = value_of(&bounds[i].figure, &bounds[i].by);
        if (!isnan(value)) {
            fprintf(out, "%-54s %9.4g  limit\n", bounds[i].name, value);
        }
    }
}

void goals_print(FILE *out, bool measured)
{
    fprintf(out, "%-54s %9s  %s\n", "goal", "value", "wanted");
    for (size_t i = 0; i < sizeof goals / sizeof goals[0]; i++) {
        const struct goal *goal = &goals[i];
        double value = value_of(&goal->figure, &goal->by);
        if (measured && isnan(value)) {
            continue;
        }
        bool met = goal->at_most ? value <= goal->value : value >= goal->value;
        char shown[32] = "-";
        if (!isnan(value)) {
            snprintf(shown, sizeof shown, "%.4g", value);
        }
        fprintf(out, "%-54s %9s  %s %-6g %s\n", goal->name, shown, goal->at_most ? "<=" : ">=", goal->value,
                met            ? "met"
                : isnan(value) ? "short: not there yet"
                               : "short");
    }
    print_bounds(out);
}
