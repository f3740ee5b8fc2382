/* SPDX-License-Identifier: Apache-2.0 */
/* async-memcpy: the program. Finds the command and hands the rest of the line to it. */
#include <argp.h>
#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "../../emulator/emulate.h"
#include "command.h"

struct command {
    const char *name;
    int (*run)(int argc, char **argv);
    const char *arguments;
    const char *purpose;
};

static const struct command commands[] = {
    {"copy", copy_command, "SRC DST", "copy a file through the API and check the copy"},
    {"emulate", emulate_command, "IMAGE", "run a firmware image for the ESP32-H2"},
    {"info", info_command, "", "list the engines built in and what the CPU offers"},
};

#define COMMANDS (sizeof commands / sizeof commands[0])

const char *argp_program_version = "async-memcpy " ASYNC_MEMCPY_VERSION;

/* Where the command's own words begin; argv is cut there. */
struct choice {
    const struct command *command;
    int first;
};

static const struct command *command_named(const char *name)
{
    for (size_t i = 0; i < COMMANDS; i++) {
        if (strcmp(commands[i].name, name) == 0) {
            return &commands[i];
        }
    }
    return NULL;
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
    struct choice *choice = state->input;
    switch (key) {
    case ARGP_KEY_ARG:
        choice->command = command_named(arg);
        if (choice->command == NULL) {
            argp_error(state, "there is no command '%s'", arg);
        }
        choice->first = state->next - 1;
        state->next = state->argc;
        return 0;
    case ARGP_KEY_NO_ARGS:
        argp_error(state, "which command?");
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

/* The list of commands in --help comes from the table. */
static char *describe(int key, const char *text, void *input)
{
    (void)input;
    if (key != ARGP_KEY_HELP_POST_DOC) {
        return (char *)text;
    }
    char *list = NULL;
    size_t size;
    FILE *out = open_memstream(&list, &size);
    if (out == NULL) {
        return NULL;
    }
    fputs("Commands:\n", out);
    for (size_t i = 0; i < COMMANDS; i++) {
        int width = 15 - (int)strlen(commands[i].name);
        fprintf(out, "  %s %-*s %s\n", commands[i].name, width, commands[i].arguments, commands[i].purpose);
    }
    fputs("\n'async-memcpy COMMAND --help' tells more. Exit status: 0 done, 1 failed, 2 wrong usage.", out);
    fclose(out);
    return list;
}

static const struct argp argp = {
    .parser = parse,
    .args_doc = "COMMAND [ARGUMENT...]",
    .doc = "Copies memory asynchronously, through the Async memcpy API.\v ",
    .help_filter = describe,
};

/* The command's messages begin with "async-memcpy COMMAND". */
static int run(const struct command *command, int argc, char **argv)
{
    char *name;
    if (asprintf(&name, "%s %s", program_invocation_short_name, command->name) < 0) {
        err(EXIT_FAILURE, "no memory");
    }
    argv[0] = name;
    int status = command->run(argc, argv);
    free(name);
    return status;
}

int main(int argc, char **argv)
{
    argp_err_exit_status = EXIT_USAGE;
    struct choice choice = {NULL, 0};
    argp_parse(&argp, argc, argv, ARGP_IN_ORDER, NULL, &choice);
    int status = run(choice.command, argc - choice.first, argv + choice.first);
    if (fflush(stdout) != 0) {
        warn("cannot write the results");
        status = EXIT_FAILURE;
    }
    return status;
}
