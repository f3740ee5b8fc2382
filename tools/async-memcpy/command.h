/* SPDX-License-Identifier: Apache-2.0 */
/* The commands of the program: each parses its own arguments (argv[0] names program and command) and returns
   the exit status. Wrong usage ends the program with EXIT_USAGE. */
#ifndef COMMAND_H
#define COMMAND_H

#define EXIT_USAGE 2

int copy_command(int argc, char **argv);
int info_command(int argc, char **argv);

#endif
