/* SPDX-License-Identifier: Apache-2.0 */
#include "plan.h"

#include <string.h>

#include "limits.h"
#include "measure.h"
#include "sizes.h"

#define KIB ((size_t)1024)
#define MIB (1024 * KIB)

#define HOT(size, depth)  ((struct point){size, depth, false})
#define COLD(size, depth) ((struct point){size, depth, true})

enum { SUBMITTERS = MEASURE_MAX_THREADS };

/* Interleaved: each point is measured of all subjects before the next point. */
static void stream_each(const struct subject *const *subjects, struct point point)
{
    for (; *subjects != NULL; subjects++) {
        measure_stream(*subjects, point);
    }
}

/* What may be missing is left out. */
static void submit_also(const struct subject *subject, struct point point)
{
    if (subject != NULL) {
        measure_submit(subject, point);
    }
}

static void stream_also(const struct subject *subject, struct point point)
{
    if (subject != NULL) {
        measure_stream(subject, point);
    }
}

static void keep_also(const struct subject *subject, struct point point)
{
    if (subject != NULL) {
        measure_kept(subject, point);
    }
}

/* ---- What the goals need ---- */

static const struct subject *const device[] = {&subject_ours, &subject_flagged, &subject_batched, NULL};
static const struct subject *const both_cpus[] = {&subject_ours,   &subject_flagged,      &subject_batched,
                                                  &subject_memcpy, &subject_memcpy_there, NULL};
static const struct subject *const eager_too[] = {&subject_ours, &subject_flagged, &subject_batched,
                                                  &subject_eager, NULL};
static const struct subject *const callback_too[] = {&subject_ours, &subject_callback, &subject_flagged,
                                                     &subject_batched, NULL};
static const struct subject *const workers_too[] = {&subject_ours,
                                                    &subject_flagged,
                                                    &subject_batched,
                                                    &subject_eager,
                                                    &subject_worker,
                                                    &subject_worker_polled,
                                                    NULL};

static void submit_goals(void)
{
    for (size_t i = 0; eager_too[i] != NULL; i++) {
        measure_submit(eager_too[i], HOT(4 * KIB, 64));
    }
    submit_also(subject_batch, HOT(4 * KIB, 64));
    submit_also(&subject_bare, HOT(4 * KIB, 64));
}

static void hot_goals(void)
{
    stream_each(eager_too, HOT(64, 512));
    stream_also(subject_batch, HOT(64, 512));
    stream_also(&subject_bare, HOT(64, 512));
    stream_each(workers_too, HOT(1 * KIB, 64));
    stream_also(subject_batch, HOT(1 * KIB, 64));
    stream_also(&subject_bare, HOT(1 * KIB, 64));
    stream_each(callback_too, HOT(4 * KIB, 64));
    stream_each(both_cpus, HOT(64 * KIB, 8));
    stream_each(device, HOT(1 * MIB, 8));
    stream_also(subject_soon, HOT(1 * MIB, 8));
}

static void cold_goals(void)
{
    stream_each(both_cpus, COLD(1 * MIB, 8));
    stream_each(both_cpus, COLD(16 * MIB, 8));
    measure_stream(&subject_blocking, COLD(16 * MIB, 1));
    limits_copy(16 * MIB);
}

static void latency_goals(void)
{
    measure_latency(&subject_ours, 64);
    measure_latency(&subject_flagged, 64);
    measure_latency(&subject_bare, 64);
    measure_latency(&subject_waiting, 64);
    measure_latency(&subject_callback, 64);
    measure_idle_latency(&subject_ours, 4 * KIB);
    measure_idle_latency(&subject_flagged, 4 * KIB);
}

static void kept_goals(void)
{
    static const struct point points[] = {{4 * KIB, 32, true}, {64 * KIB, 32, true}, {1 * MIB, 4, true}};
    for (size_t i = 0; i < sizeof points / sizeof points[0]; i++) {
        measure_kept(&subject_ours, points[i]);
        measure_kept(&subject_batched, points[i]);
        measure_kept(&subject_bare, points[i]);
    }
}

static void rest_goals(void)
{
    measure_rest(&subject_ours);
}

static void threads_goals(void)
{
    measure_threads(&subject_ours, HOT(4 * KIB, 64), 1);
    measure_threads(&subject_ours, HOT(4 * KIB, 64), SUBMITTERS);
}

/* ---- What the tables need beyond ---- */

static const struct subject *const everyone[] = {&subject_memcpy,  &subject_ours,          &subject_callback,
                                                 &subject_flagged, &subject_batched,       &subject_eager,
                                                 &subject_worker,  &subject_worker_polled, NULL};

static void submit_tables(void)
{
    static const size_t some[] = {64, 1 * KIB, 4 * KIB, 64 * KIB};
    for (size_t i = 0; i < sizeof some / sizeof some[0]; i++) {
        for (size_t j = 1; everyone[j] != NULL; j++) {
            measure_submit(everyone[j], HOT(some[i], 64));
        }
        submit_also(subject_batch, HOT(some[i], 64));
        submit_also(subject_device, HOT(some[i], 64));
        submit_also(&subject_bare, HOT(some[i], 64));
    }
}

static void stream_tables(bool cold)
{
    for (const size_t *size = sizes; *size != 0; size++) {
        struct point point = {*size, sizes_depth(*size), cold};
        stream_each(everyone, point);
        stream_also(subject_device, point);
        if (*size < 64 * KIB) {
            stream_also(subject_batch, point);
            stream_also(cold ? NULL : &subject_bare, point);
        } else {
            stream_also(subject_soon, point);
            measure_stream(&subject_memcpy_there, point);
            measure_stream(&subject_blocking, (struct point){*size, 1, cold});
        }
    }
}

static void hot_tables(void)
{
    stream_tables(false);
    static const size_t small[] = {64, 256, 1 * KIB};
    for (size_t i = 0; i < sizeof small / sizeof small[0]; i++) {
        stream_each(everyone, HOT(small[i], 512));
        stream_also(subject_batch, HOT(small[i], 512));
        stream_also(&subject_bare, HOT(small[i], 512));
    }
}

static void cold_tables(void)
{
    stream_tables(true);
    for (const size_t *size = sizes; *size != 0; size++) {
        if (*size >= 16 * KIB) {
            limits_copy(*size);
        }
    }
}

static void latency_tables(void)
{
    static const struct subject *const subjects[] = {
        &subject_memcpy,  &subject_ours,   &subject_waiting,       &subject_callback, &subject_blocking,
        &subject_flagged, &subject_worker, &subject_worker_polled, &subject_bare};
    limits_pingpong();
    for (const size_t *size = sizes; *size <= 1 * MIB; size++) {
        for (size_t i = 0; i < sizeof subjects / sizeof subjects[0]; i++) {
            measure_latency(subjects[i], *size);
            measure_idle_latency(subjects[i], *size);
        }
    }
}

static void kept_tables(void)
{
    static const struct subject *const subjects[] = {&subject_ours, &subject_flagged, &subject_batched,
                                                     &subject_worker_polled, &subject_bare};
    for (const size_t *size = sizes; *size != 0; size++) {
        struct point point = {*size, sizes_keep_depth(*size), true};
        for (size_t i = 0; i < sizeof subjects / sizeof subjects[0]; i++) {
            measure_kept(subjects[i], point);
        }
        keep_also(subject_device, point);
        if (point.depth >= 32) {
            keep_also(subject_batch, point);
        }
    }
}

static void rest_tables(void)
{
    measure_rest(&subject_ours);
    measure_rest(&subject_flagged);
    measure_rest(&subject_worker);
}

static void threads_tables(void)
{
    static const unsigned counts[] = {1, 2, 4, SUBMITTERS};
    for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++) {
        measure_threads(&subject_ours, HOT(4 * KIB, 64), counts[i]);
        measure_threads(&subject_timed, HOT(4 * KIB, 64), counts[i]);
        measure_threads(&subject_worker, HOT(4 * KIB, 64), counts[i]);
    }
}

static const struct group {
    const char *name;
    void (*goals)(void);
    void (*tables)(void);
} groups[] = {
    {"submit", submit_goals, submit_tables},    {"hot", hot_goals, hot_tables},
    {"cold", cold_goals, cold_tables},          {"latency", latency_goals, latency_tables},
    {"kept", kept_goals, kept_tables},          {"rest", rest_goals, rest_tables},
    {"threads", threads_goals, threads_tables},
};

enum { GROUPS = sizeof groups / sizeof groups[0] };

const char *plan_group(size_t index)
{
    return index < GROUPS ? groups[index].name : NULL;
}

bool plan_has(const char *group)
{
    for (size_t i = 0; i < GROUPS; i++) {
        if (strcmp(groups[i].name, group) == 0) {
            return true;
        }
    }
    return false;
}

void plan_round(bool all, const char *only)
{
    limits_pingpong(); /* whatever else is measured: it tells whether two runs can be compared */
    for (size_t i = 0; i < GROUPS; i++) {
        if (only == NULL || strcmp(groups[i].name, only) == 0) {
            (all ? groups[i].tables : groups[i].goals)();
        }
    }
}
