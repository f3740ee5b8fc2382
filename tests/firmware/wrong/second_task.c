/* SPDX-License-Identifier: Apache-2.0 */
/* Asks for a second task, which there cannot be without a kernel, and ends when told so. */
#include <stdio.h>
#include "freertos/FreeRTOS.h"
#include "freertos/task.h"

void app_main(void);

static void work(void *arg)
{
    (void)arg;
    printf("that cannot be\n");
}

void app_main(void)
{
    BaseType_t made = xTaskCreate(work, "worker", 4096, NULL, 1, NULL);
    printf("xTaskCreate() gave %d\n", made);
}
