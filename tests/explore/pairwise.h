/* SPDX-License-Identifier: Apache-2.0 */
/* Settings of the knobs in which every pair of values of two knobs occurs at least once. */
#ifndef PAIRWISE_H
#define PAIRWISE_H

#include <stdbool.h>

#include "../../model/knobs.h"

/* The n-th such setting, the same each time; false: there are no more. */
bool pairwise_row(unsigned n, struct model_knobs *knobs);

#endif
