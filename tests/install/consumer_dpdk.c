/* SPDX-License-Identifier: Apache-2.0 */
/* A copy through DPDK, by a program of somebody else's. Its functions have names that are private ones in the
 * library: each keeps its own. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "esp_async_memcpy_dpdk.h"
#include "esp_async_memcpy_ext.h"

enum { SIZE = 1000001 };

static unsigned strangers;

#define STRANGER(name)                                                                                       \
    void name(void);                                                                                         \
    void name(void)                                                                                          \
    {                                                                                                        \
        strangers++;                                                                                         \
    }

STRANGER(driver_install)
STRANGER(driver_take)
STRANGER(driver_done)
STRANGER(port_log)
STRANGER(port_event_wake)
STRANGER(port_isr_enter)

int main(void)
{
    setenv("ASYNC_MEMCPY_DPDK",
           "--no-huge --no-shconf --no-pci --no-telemetry --log-level=warning --vdev=dma_skeleton0", 0);
    char *from = malloc(SIZE), *to = calloc(1, SIZE);
    async_memcpy_config_t config = ASYNC_MEMCPY_DEFAULT_CONFIG();
    async_memcpy_t driver = NULL;
    if (from == NULL || to == NULL) {
        return 1;
    }
    memset(from, 'x', SIZE);
    ESP_ERROR_CHECK(esp_async_memcpy_install_dpdk(&config, "dma_skeleton0", &driver));
    ESP_ERROR_CHECK(esp_memcpy_blocking(driver, to, from, SIZE, 10000));
    ESP_ERROR_CHECK(esp_async_memcpy_uninstall(driver));
    bool same = memcmp(to, from, SIZE) == 0 && strangers == 0;
    free(to);
    free(from);
    puts(same ? "copied" : "not copied");
    return same ? 0 : 1;
}
