/* SPDX-License-Identifier: Apache-2.0 */
#include "samples.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_SERIES = 1024 };

static struct series all[MAX_SERIES];
static size_t series_count;

static struct series *find(const char *figure, const char *subject, size_t size, unsigned depth)
{
    for (size_t i = 0; i < series_count; i++) {
        struct series *series = &all[i];
        if (series->size == size && series->depth == depth && strcmp(series->figure, figure) == 0 &&
            strcmp(series->subject, subject) == 0) {
            return series;
        }
    }
    return NULL;
}

const struct series *samples_find(const char *figure, const char *subject, size_t size, unsigned depth)
{
    return find(figure, subject, size, depth);
}

const struct series *samples_at(size_t index)
{
    return index < series_count ? &all[index] : NULL;
}

void samples_add(const char *figure, const char *subject, size_t size, unsigned depth, double value)
{
    struct series *series = find(figure, subject, size, depth);
    if (series == NULL) {
        if (series_count == MAX_SERIES) {
            fprintf(stderr, "bench: more than %d series\n", MAX_SERIES);
            exit(EXIT_FAILURE);
        }
        series = &all[series_count++];
        *series = (struct series){.figure = figure, .subject = subject, .size = size, .depth = depth};
    }
    if (series->count < SAMPLES_ROUNDS) {
        series->values[series->count++] = value;
    }
}

static int by_value(const void *a, const void *b)
{
    const double *x = a, *y = b;
    return *x < *y ? -1 : *x > *y;
}

static double median(double *values, unsigned count)
{
    if (count == 0) {
        return NAN;
    }
    qsort(values, count, sizeof values[0], by_value);
    return (values[(count - 1) / 2] + values[count / 2]) / 2;
}

double samples_median(const struct series *series)
{
    double values[SAMPLES_ROUNDS];
    if (series == NULL) {
        return NAN;
    }
    memcpy(values, series->values, series->count * sizeof values[0]);
    return median(values, series->count);
}

double samples_ratio(const struct series *value, const struct series *by)
{
    double ratios[SAMPLES_ROUNDS];
    if (value == NULL || by == NULL) {
        return NAN;
    }
    unsigned count = value->count < by->count ? value->count : by->count;
    for (unsigned i = 0; i < count; i++) {
        ratios[i] = value->values[i] / by->values[i];
    }
    return median(ratios, count);
}
