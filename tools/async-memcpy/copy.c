/* SPDX-License-Identifier: Apache-2.0 */
/* The command `copy`: its options, what is done in which order, and the report. */
#include <argp.h>
#include <err.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "command.h"
#include "engines.h"
#include "report.h"
#include "source.h"
#include "staged.h"
#include "stop.h"
#include "target.h"
#include "transfer.h"

#define DEFAULT_BACKLOG 64
#define MAX_BACKLOG     1000000

struct options {
    const char *source;
    const char *target;
    const struct engine_row *engine;
    uint32_t backlog;
};

static const struct argp_option options_help[] = {
    {"engine", 'e', "NAME", 0, "Copy with this engine (see 'async-memcpy info'); default: the first listed",
     0},
    {"backlog", 'b', "N", 0, "Keep up to N requests in flight, 1 or more; default: 64", 0},
    {0},
};

/* The lines below \v are broken by hand: argp does not indent. */
static const char documentation[] =
    "Copies the file SRC to the file DST through the Async memcpy API: both are mapped into memory and "
    "copied in "
    "many requests of mixed sizes, with the backlog kept full. Meanwhile the main thread computes the "
    "SHA-256 of "
    "SRC and of DST as far as it is complete. DST is replaced only when the copy is complete and both agree."
    "\v"
    "What is printed (GB: 1,000,000,000 bytes):\n"
    "  through the API   bytes by the wall time from the first submit to the last\n"
    "                    completion, the main thread hashing beside it\n"
    "  plain memcpy      the same requests through memcpy() on the main thread,\n"
    "                    afterwards and with nothing beside it, from the same\n"
    "                    source into scratch memory\n"
    "  main thread       the share of the API's wall time that the main thread\n"
    "                    spent outside calls of the API, free for other work;\n"
    "                    waiting in such a call is not free\n"
    "All pages are in memory before anything is timed, so neither the disk nor page\n"
    "faults count. Files much smaller than 100 MB give accidental figures.\n\n"
    "With --engine gdma the copies are made by the DMA of a software ESP32-H2. It\n"
    "reaches 320 KiB of memory only: the main thread loads each piece of the file\n"
    "into a buffer there, and stores it from another one. Printed instead are:\n"
    "  pieces            the size of these buffers, and of a full request: the\n"
    "                    smaller the backlog, the larger\n"
    "  bus cycles        cycles of the chip's bus, as the model counts them, and\n"
    "                    the share spent on accesses that moved data; the others\n"
    "                    went to descriptors and registers; loading and storing\n"
    "                    take none\n"
    "  interrupts        how often the driver's handler ran; once may do for\n"
    "                    several requests\n"
    "  model             bytes by the time that these cycles last at 32 MHz, the\n"
    "                    chip's nominal bus clock (MB: 1,000,000 bytes)\n"
    "  simulation        wall time for all this on the machine at hand, the\n"
    "                    hashing beside it included\n"
    "All but the last are a model's figures, which nobody has compared with a chip;\n"
    "the last says nothing about one.\n\n"
    "Exit status: 0 copied and verified; 1 failed, DST is as it was (unless only this\n"
    "report could not be written); 2 wrong usage.";

static uint32_t parse_backlog(const char *text, const struct argp_state *state)
{
    char *end;
    errno = 0;
    unsigned long long backlog = strtoull(text, &end, 10);
    bool number = text[0] >= '0' && text[0] <= '9' && *end == '\0' && errno == 0;
    if (!number || backlog < 1 || backlog > MAX_BACKLOG) {
        argp_error(state, "--backlog takes a number from 1 to %d, not '%s'", MAX_BACKLOG, text);
    }
    return (uint32_t)backlog;
}

static error_t parse_file(const char *path, struct argp_state *state, struct options *options)
{
    if (state->arg_num == 0) {
        options->source = path;
    } else if (state->arg_num == 1) {
        options->target = path;
    } else {
        argp_error(state, "SRC and DST are enough; what is '%s'?", path);
    }
    return 0;
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
    struct options *options = state->input;
    switch (key) {
    case 'e':
        options->engine = engine_named(arg);
        if (options->engine == NULL) {
            argp_error(state, "there is no engine '%s'; known: %s", arg, engine_names());
        }
        return 0;
    case 'b':
        options->backlog = parse_backlog(arg, state);
        return 0;
    case ARGP_KEY_ARG:
        return parse_file(arg, state, options);
    case ARGP_KEY_END:
        if (state->arg_num < 2) {
            argp_error(state, "SRC and DST are needed");
        }
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static const struct argp argp = {
    .options = options_help,
    .parser = parse,
    .args_doc = "SRC DST",
    .doc = documentation,
};

static bool transfer(const struct options *options, const struct source *source, const struct target *target,
                     struct report *report)
{
    async_memcpy_config_t config = ASYNC_MEMCPY_DEFAULT_CONFIG();
    config.backlog = options->backlog;
    config.sram_trans_align = options->engine->chip ? STAGED_ALIGN : 0;
    async_memcpy_t driver = NULL;
    esp_err_t status = options->engine->install(&config, &driver);
    if (status != ESP_OK) {
        warnx("cannot install a driver on engine %s with backlog %" PRIu32 ": %s", options->engine->name,
              options->backlog, esp_err_to_name(status));
        return false;
    }
    off_t size = source->stat.st_size;
    bool done = options->engine->chip
                    ? staged_run(driver, options->backlog, source->fd, target->fd, size, report)
                    : transfer_run(driver, source->fd, target->fd, size, report);
    status = esp_async_memcpy_uninstall(driver);
    if (status != ESP_OK) {
        warnx("cannot uninstall the driver: %s", esp_err_to_name(status));
    }
    return done && status == ESP_OK;
}

static bool same_hash(const struct report *report)
{
    bool same = strcmp(report->source_hash, report->target_hash) == 0;
    if (!same) {
        warnx("the copy is wrong: SHA-256 of the source is %s, of the copy %s", report->source_hash,
              report->target_hash);
    }
    return same;
}

static bool copy_file(const struct options *options)
{
    struct source source;
    struct target target;
    struct report report;
    if (!source_open(&source, options->source)) {
        return false;
    }
    bool copied = false;
    if (target_create(&target, options->target, &source.stat)) {
        copied = transfer(options, &source, &target, &report) && source_unchanged(&source) &&
                 same_hash(&report) && target_keep(&target);
        target_close(&target);
    }
    if (copied) {
        report_print(&report, source.stat.st_size, options->engine->name, options->backlog);
    }
    source_close(&source);
    return copied;
}

int copy_command(int argc, char **argv)
{
    struct options options = {.engine = engine_rows, .backlog = DEFAULT_BACKLOG};
    argp_parse(&argp, argc, argv, 0, NULL, &options);
    stop_watch();
    return copy_file(&options) ? EXIT_SUCCESS : EXIT_FAILURE;
}
