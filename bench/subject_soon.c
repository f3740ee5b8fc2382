/* SPDX-License-Identifier: Apache-2.0 */
/* The library with the hint that destinations are read soon. HINT_SOON is the flag's name. */
#include "ours.h"

static void *soon_open(unsigned depth)
{
    return ours_wrap(ours_install(depth, HINT_SOON));
}

static const struct drive soon_drive = {ours_submit, ours_nothing, ours_nothing, ours_idle};

DRIVE(soon, soon_drive)

static const struct subject subject = {.name = "soon",
                                       .label = "this library, destinations read soon",
                                       .open = soon_open,
                                       .close = ours_close,
                                       DRIVEN(soon)};

const struct subject *const subject_soon = &subject;
