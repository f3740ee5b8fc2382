/* SPDX-License-Identifier: Apache-2.0 */
/* The command `info`. */
#include <argp.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include "command.h"
#include "cpu.h"
#include "engines.h"

static const struct argp argp = {
    .doc =
        "Lists the engines built in, whether each can be used here (by installing it once), and what the CPU "
        "offers for copying.",
};

/* Whether an engine works here is best known by using it. */
static esp_err_t try_out(const struct engine_row *engine)
{
    async_memcpy_config_t config = ASYNC_MEMCPY_DEFAULT_CONFIG();
    async_memcpy_t driver = NULL;
    esp_err_t status = engine->install(&config, &driver);
    return status == ESP_OK ? esp_async_memcpy_uninstall(driver) : status;
}

static void print_engines(void)
{
    for (const struct engine_row *row = engine_rows; row->name != NULL; row++) {
        if (!engine_is_there(row)) {
            continue;
        }
        esp_err_t status = try_out(row);
        printf("engine     %-10s %s", row->name, row->purpose);
        if (status == ESP_OK) {
            printf(": usable%s\n", row == engine_rows ? ", the default" : "");
        } else {
            printf(": not usable here (%s)\n", esp_err_to_name(status));
        }
    }
}

static void print_cpu(void)
{
    printf("CPU        %s:", cpu_family);
    for (const struct cpu_feature *feature = cpu_features(); feature->name != NULL; feature++) {
        printf(" %s %s;", feature->name, feature->found ? "yes" : "no");
    }
    printf(" plain C yes\n");
    printf("CPUs       %ld online\n", sysconf(_SC_NPROCESSORS_ONLN));
    printf("page       %ld bytes\n", sysconf(_SC_PAGESIZE));
}

int info_command(int argc, char **argv)
{
    argp_parse(&argp, argc, argv, 0, NULL, NULL);
    printf("version    %s\n", ASYNC_MEMCPY_VERSION);
    print_engines();
    print_cpu();
    return EXIT_SUCCESS;
}
