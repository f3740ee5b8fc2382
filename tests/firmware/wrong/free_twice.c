/* SPDX-License-Identifier: Apache-2.0 */
/* Gives memory back twice. */
#include "esp_heap_caps.h"

void app_main(void);

void app_main(void)
{
    void *memory = heap_caps_malloc(100, MALLOC_CAP_DMA);
    heap_caps_free(memory);
    heap_caps_free(memory);
}
