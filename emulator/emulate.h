/* SPDX-License-Identifier: Apache-2.0 */
/* The command `emulate` of the program async-memcpy. */
#ifndef EMULATE_H
#define EMULATE_H

/* Runs a firmware image; returns its exit status, or EMULATE_ENDED. Wrong usage ends the program. */
int emulate_command(int argc, char **argv);

/* Status of a run that the emulator ended: exception, hang, --max-cycles, --max-instructions. */
#define EMULATE_ENDED 125

#endif
