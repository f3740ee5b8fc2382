/* SPDX-License-Identifier: Apache-2.0 */
/* The command `emulate`: from the command line to a machine, and from its end to the exit status. */
#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "emulate.h"
#include "events.h"
#include "machine.h"
#include "options.h"

/* Memory holds something at power-on, but nothing to rely on. */
#define POWER_ON_BYTE 0xA5

static bool switch_on(struct machine *machine, const struct options *options)
{
    machine->ratio = options->ratio;
    machine->limit = options->max_cycles;
    machine->max_instructions = options->max_instructions;
    machine->show_pins = options->pins;
    machine->fault_count = options->fault_count;
    memcpy(machine->faults, options->faults, sizeof(machine->faults));
    model_init(&machine->model, &options->knobs);
    if (!cpu_open(machine)) {
        return false;
    }
    if (!bus_open(machine)) {
        warnx("Unicorn takes no memory");
        return false;
    }
    return true;
}

static int close_output(const char *path, FILE *out)
{
    bool failed = ferror(out) != 0;

    if (fclose(out) != 0 || failed) {
        warn("cannot write %s", path);
        return EXIT_FAILURE;
    }
    return EXIT_SUCCESS;
}

/* path: NULL for standard output. */
static int write_report(const struct machine *machine, const char *path,
                        void (*print)(const struct machine *machine, FILE *out))
{
    FILE *out = path != NULL ? fopen(path, "w") : stdout;

    if (out == NULL) {
        warn("cannot write %s", path);
        return EXIT_FAILURE;
    }
    print(machine, out);
    return path != NULL ? close_output(path, out) : EXIT_SUCCESS;
}

/* What was asked for beside the run itself. */
static int report(const struct machine *machine, const struct options *options)
{
    int status = EXIT_SUCCESS;

    if (options->count) {
        status |= write_report(machine, options->count_file, count_print);
    }
    if (options->trace != NULL) {
        status |= write_report(machine, options->trace, trace_print);
    }
    if (options->timeline != NULL) {
        status |= write_report(machine, options->timeline, timeline_print);
    }
    return status;
}

static int run(struct machine *machine, const struct options *options)
{
    int reported;

    if (!switch_on(machine, options)) {
        return EXIT_FAILURE;
    }
    if (!count_open(machine, options->count, options->count_in)) {
        warnx("%s has no function %s", options->firmware, options->count_in);
        return EXIT_FAILURE;
    }
    if (options->trace != NULL || options->timeline != NULL || options->pins) {
        events_open(machine);
    }
    machine_run(machine);
    reported = report(machine, options);
    count_close(machine);
    events_close(machine);
    uc_close(machine->uc);
    if (machine->stop == STOP_FAILED) {
        return EMULATE_ENDED;
    }
    return machine->status != 0 ? machine->status : reported;
}

static int load_and_run(struct machine *machine, const struct options *options)
{
    static struct image image;
    int status;

    memset((void *)(uintptr_t)CHIP_SRAM_FIRST, POWER_ON_BYTE, CHIP_SRAM_LAST - CHIP_SRAM_FIRST + 1u);
    if (!image_load(&image, options->firmware)) {
        return EXIT_FAILURE;
    }
    machine->image = &image;
    status = run(machine, options);
    image_free(&image);
    return status;
}

int emulate_command(int argc, char **argv)
{
    static struct machine machine;
    struct options options;
    const char *reason;
    int status;

    options_parse(&options, argc, argv);
    if (!model_map_sram(&reason)) {
        warnx("%s", reason);
        return EXIT_FAILURE;
    }
    status = load_and_run(&machine, &options);
    model_unmap_sram();
    return status;
}
