/* SPDX-License-Identifier: Apache-2.0 */
/* Forgot to say which task. */
#include <stddef.h>
#include "freertos/FreeRTOS.h"
#include "freertos/task.h"

void app_main(void);

void app_main(void)
{
    TaskHandle_t task = NULL;
    vTaskNotifyGiveFromISR(task, NULL);
}
