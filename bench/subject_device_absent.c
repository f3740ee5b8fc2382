/* SPDX-License-Identifier: Apache-2.0 */
/* For a library without an engine for DPDK's devices. */
#include "subject.h"

const struct subject *const subject_device = NULL;
