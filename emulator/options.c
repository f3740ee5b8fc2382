/* SPDX-License-Identifier: Apache-2.0 */
#include <argp.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "options.h"

#define RATIO_DEFAULT            3u /* CPU 96 MHz, bus 32 MHz */
#define RATIO_MAX                100u
#define MAX_CYCLES_DEFAULT       20000000000ull
#define MAX_INSTRUCTIONS_DEFAULT 500000000ull

enum {
    OPTION_COUNT = 256,
    OPTION_COUNT_IN,
    OPTION_FAULT,
    OPTION_GPIO,
    OPTION_KNOB,
    OPTION_LIST_KNOBS,
    OPTION_MAX_CYCLES,
    OPTION_MAX_INSTRUCTIONS,
    OPTION_RATIO,
    OPTION_TIMELINE,
    OPTION_TRACE
};

static const struct argp_option argp_options[] = {
    {"count", OPTION_COUNT, "FILE", OPTION_ARG_OPTIONAL,
     "print how many instructions ran: in all, in interrupts, per function, longest stretch with interrupts "
     "off",
     0},
    {"count-in", OPTION_COUNT_IN, "FUNCTION", 0, "count only while FUNCTION runs, with all it calls", 0},
    {"fault", OPTION_FAULT, "KIND:CHANNEL@CYCLE", 0,
     "make the DMA fail once from this cycle of the CPU on; CHANNEL: in0 to in2, out0 to out2; KIND: "
     "bad_descriptor, blocked_access, lost_restart, spurious_interrupt, late_interrupt, channel_stops",
     0},
    {"gpio", OPTION_GPIO, NULL, 0, "print each change of an output pin to standard error", 0},
    {"knob", OPTION_KNOB, "NAME=VALUE", 0, "answer an open question of the hardware differently", 0},
    {"list-knobs", OPTION_LIST_KNOBS, NULL, 0, "list the questions and their answers, and exit", 0},
    {"max-cycles", OPTION_MAX_CYCLES, "N", 0,
     "end the run after N cycles of the CPU, asleep or not (20000000000, more than three minutes)", 0},
    {"max-instructions", OPTION_MAX_INSTRUCTIONS, "N", 0, "end the run after N instructions (500000000)", 0},
    {"ratio", OPTION_RATIO, "N", 0, "cycles of the CPU to one of the bus (3: 96 MHz to 32 MHz)", 0},
    {"timeline", OPTION_TIMELINE, "FILE", 0, "draw what happened when, as SVG", 0},
    {"trace", OPTION_TRACE, "FILE", 0, "write what happened when, as JSON for Perfetto", 0},
    {0},
};

static const char *const fault_names[FAULT_COUNT] = {
    [FAULT_BAD_DESCRIPTOR] = "bad_descriptor", [FAULT_BLOCKED_ACCESS] = "blocked_access",
    [FAULT_LOST_RESTART] = "lost_restart",     [FAULT_SPURIOUS_INTERRUPT] = "spurious_interrupt",
    [FAULT_LATE_INTERRUPT] = "late_interrupt", [FAULT_CHANNEL_STOPS] = "channel_stops",
};

static bool read_number(const char *text, uint64_t *number)
{
    char *end;

    errno = 0;
    *number = strtoull(text, &end, 10);
    return text[0] >= '0' && text[0] <= '9' && *end == '\0' && errno == 0;
}

static uint64_t number_option(struct argp_state *state, const char *name, const char *text, uint64_t max)
{
    uint64_t number;

    if (!read_number(text, &number) || number == 0 || number > max) {
        argp_error(state, "--%s takes a number from 1 to %llu, not '%s'", name, (unsigned long long)max,
                   text);
    }
    return number;
}

/* ---- Knobs ---- */

static void list_knobs(void)
{
    for (unsigned k = 0; k < KNOB_COUNT; k++) {
        const struct knob_info *info = &knob_table[k];

        printf("%s: %s (hardware facts, %s)\n", info->name, info->text, info->section);
        for (unsigned v = 0; v < info->count; v++) {
            printf("    %-12s %s%s\n", info->values[v].name, info->values[v].text, v == 0 ? " *" : "");
        }
    }
    puts("* unless told otherwise");
}

static void set_knob(struct argp_state *state, struct options *options, char *text)
{
    char *equals = strchr(text, '=');

    if (equals == NULL) {
        argp_error(state, "--knob takes NAME=VALUE, not '%s'", text);
        return;
    }
    *equals = '\0';
    if (!model_knobs_set(&options->knobs, text, equals + 1)) {
        argp_error(state, "there is no knob '%s' with a value '%s'; --list-knobs tells what there is", text,
                   equals + 1);
    }
}

/* ---- Faults ---- */

static bool read_kind(const char *name, enum model_fault *kind)
{
    for (unsigned k = 0; k < FAULT_COUNT; k++) {
        if (strcmp(fault_names[k], name) == 0) {
            *kind = (enum model_fault)k;
            return true;
        }
    }
    return false;
}

static bool read_channel(const char *name, unsigned *channel)
{
    bool out = strncmp(name, "out", 3) == 0;
    const char *digit = name + (out ? 3 : 2);

    if ((!out && strncmp(name, "in", 2) != 0) || digit[0] < '0' || digit[0] >= '0' + (int)CHIP_GDMA_PAIRS ||
        digit[1] != '\0') {
        return false;
    }
    *channel = out ? MODEL_OUT(digit[0] - '0') : MODEL_IN(digit[0] - '0');
    return true;
}

static bool read_fault(char *text, struct fault *fault)
{
    char *colon = strchr(text, ':');
    char *at = strchr(text, '@');

    if (colon == NULL || at == NULL || at < colon) {
        return false;
    }
    *colon = *at = '\0';
    return read_kind(text, &fault->kind) && read_channel(colon + 1, &fault->channel) &&
           read_number(at + 1, &fault->cycle);
}

static void add_fault(struct argp_state *state, struct options *options, const char *text)
{
    char *copy = strdup(text);
    struct fault fault = {0};
    unsigned place = options->fault_count;

    if (copy == NULL || !read_fault(copy, &fault)) {
        argp_error(state, "--fault takes KIND:CHANNEL@CYCLE, not '%s'", text);
    }
    free(copy);
    if (place == FAULTS_MAX) {
        argp_error(state, "there are more than %d faults", FAULTS_MAX);
        return;
    }
    for (; place > 0 && options->faults[place - 1].cycle > fault.cycle; place--) {
        options->faults[place] = options->faults[place - 1];
    }
    options->faults[place] = fault;
    options->fault_count++;
}

/* ---- All ---- */

static error_t parse(int key, char *arg, struct argp_state *state)
{
    struct options *options = state->input;

    switch (key) {
    case OPTION_COUNT:
        options->count = true;
        options->count_file = arg;
        break;
    case OPTION_COUNT_IN:
        options->count = true;
        options->count_in = arg;
        break;
    case OPTION_FAULT:
        add_fault(state, options, arg);
        break;
    case OPTION_GPIO:
        options->pins = true;
        break;
    case OPTION_KNOB:
        set_knob(state, options, arg);
        break;
    case OPTION_LIST_KNOBS:
        list_knobs();
        exit(fflush(stdout) == 0 ? EXIT_SUCCESS : EXIT_FAILURE);
    case OPTION_MAX_CYCLES:
        options->max_cycles = number_option(state, "max-cycles", arg, UINT64_MAX / 4);
        break;
    case OPTION_MAX_INSTRUCTIONS:
        options->max_instructions = number_option(state, "max-instructions", arg, UINT64_MAX / 4);
        break;
    case OPTION_RATIO:
        options->ratio = (uint32_t)number_option(state, "ratio", arg, RATIO_MAX);
        break;
    case OPTION_TIMELINE:
        options->timeline = arg;
        break;
    case OPTION_TRACE:
        options->trace = arg;
        break;
    case ARGP_KEY_ARG:
        if (options->firmware != NULL) {
            argp_error(state, "what is '%s'?", arg);
        }
        options->firmware = arg;
        break;
    case ARGP_KEY_END:
        if (options->firmware == NULL) {
            argp_error(state, "FIRMWARE.elf is needed");
        }
        break;
    default:
        return ARGP_ERR_UNKNOWN;
    }
    return 0;
}

static const struct argp argp = {
    .options = argp_options,
    .parser = parse,
    .args_doc = "FIRMWARE.elf",
    .doc =
        "Runs a firmware image of the ESP32-H2: a RISC-V core whose bus is the model of the chip's DMA, "
        "interrupts and timer. UART0 is standard output.\v"
        "Time is a model: one CPU cycle per instruction, one bus cycle for every --ratio of them; the same "
        "image with the same options is the same run, to the instruction. Exit status: the firmware's own; "
        "125 if the emulator ended the run (an exception, an access to nothing, everything asleep for "
        "good, a loop that never ends, --max-cycles, --max-instructions); 1 if the image cannot be loaded or "
        "a report not be written; 2 for wrong usage.",
};

void options_parse(struct options *options, int argc, char **argv)
{
    *options = (struct options){.ratio = RATIO_DEFAULT,
                                .max_cycles = MAX_CYCLES_DEFAULT,
                                .max_instructions = MAX_INSTRUCTIONS_DEFAULT};
    argp_parse(&argp, argc, argv, 0, NULL, options);
}
