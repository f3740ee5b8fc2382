/* SPDX-License-Identifier: Apache-2.0 */
/* What was measured, for people and for programs. */
#ifndef REPORT_H
#define REPORT_H

#include <stdio.h>

/* A table per figure: a row per size and depth, a column per subject; medians. */
void report_tables(FILE *out);

/* A line per series: figure, subject, size, depth, median, then a value per round. */
void report_csv(FILE *out);

/* In words: from which size on the library pays, and below which it does not. */
void report_words(FILE *out);

#endif
