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
#include "source.h"
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

/* Bytes per nanosecond are gigabytes per second. */
static void print_rate(const char *what, off_t size, uint64_t ns, const char *how)
{
    if (ns == 0) {
        printf("%-16s -\n", what);
    } else {
        printf("%-16s %.2f GB/s, %s\n", what, (double)size / (double)ns, how);
    }
}

/* A call that began in the copy phase may end after it. */
static double free_percent(const struct transfer_report *report)
{
    double busy = report->copy_ns == 0 ? 0 : (double)report->call_ns / (double)report->copy_ns;
    return busy > 1 ? 0 : 100 * (1 - busy);
}

static void print_report(const struct options *options, off_t size, const struct transfer_report *report)
{
    printf("%-16s %jd, in %" PRIu64 " requests\n", "bytes", (intmax_t)size, report->requests);
    printf("%-16s %s, backlog %" PRIu32 "\n", "engine", options->engine->name, options->backlog);
    print_rate("through the API", size, report->copy_ns, "the main thread hashing beside it");
    print_rate("plain memcpy", size, report->memcpy_ns, "the same requests, nothing beside it");
    if (report->copy_ns != 0) {
        printf("%-16s %.1f %% free while the copies ran\n", "main thread", free_percent(report));
    }
    printf("%-16s %s\n", "SHA-256", report->target_hash);
    printf("%-16s source and destination agree\n", "verified");
}

static bool transfer(const struct options *options, const struct source *source, const struct target *target,
                     struct transfer_report *report)
{
    async_memcpy_config_t config = ASYNC_MEMCPY_DEFAULT_CONFIG();
    config.backlog = options->backlog;
    async_memcpy_t driver = NULL;
    esp_err_t status = options->engine->install(&config, &driver);
    if (status != ESP_OK) {
        warnx("cannot install a driver on engine %s with backlog %" PRIu32 ": %s", options->engine->name,
              options->backlog, esp_err_to_name(status));
        return false;
    }
    bool done = transfer_run(driver, source->fd, target->fd, source->stat.st_size, report);
    status = esp_async_memcpy_uninstall(driver);
    if (status != ESP_OK) {
        warnx("cannot uninstall the driver: %s", esp_err_to_name(status));
    }
    return done && status == ESP_OK;
}

static bool same_hash(const struct transfer_report *report)
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
    struct transfer_report report;
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
        print_report(options, source.stat.st_size, &report);
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
