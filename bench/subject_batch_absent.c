/* SPDX-License-Identifier: Apache-2.0 */
/* For a library without esp_async_memcpy_batch(). */
#include "subject.h"

const struct subject *const subject_batch = NULL;
