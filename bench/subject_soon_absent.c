/* SPDX-License-Identifier: Apache-2.0 */
/* For a library without the hint that a destination is read soon. */
#include "subject.h"

const struct subject *const subject_soon = NULL;
