/* SPDX-License-Identifier: Apache-2.0 */
/* Where and when figures were made. */
#ifndef MACHINE_H
#define MACHINE_H

#include <stdio.h>

/* Before the first measurement: the load of then. */
void machine_note_load(void);

/* Date, machine, kernel, compiler, libraries, load before and now. */
void machine_print(FILE *out);

#endif
