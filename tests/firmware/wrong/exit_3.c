/* SPDX-License-Identifier: Apache-2.0 */
/* Ends with a status of its own. */
#include <stdlib.h>

void app_main(void);

void app_main(void)
{
    exit(3);
}
