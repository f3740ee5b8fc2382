/* SPDX-License-Identifier: Apache-2.0 */
/* All that was measured: per figure, subject, size and depth one value per round. */
#ifndef SAMPLES_H
#define SAMPLES_H

#include <stdbool.h>
#include <stddef.h>

enum { SAMPLES_ROUNDS = 64 };

struct series {
    const char *figure; /* "rate_hot", … */
    const char *subject;
    size_t size;
    unsigned depth;
    unsigned count;
    double values[SAMPLES_ROUNDS];
};

void samples_add(const char *figure, const char *subject, size_t size, unsigned depth, double value);

/* NULL: nothing of the kind was measured. */
const struct series *samples_find(const char *figure, const char *subject, size_t size, unsigned depth);

/* All, in the order in which they came up; NULL after the last. */
const struct series *samples_at(size_t index);

/* NAN: nothing was measured. */
double samples_median(const struct series *series);

/* The median of one by another, round by round; NAN: either is missing. */
double samples_ratio(const struct series *value, const struct series *by);

#endif
