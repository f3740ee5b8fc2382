/* SPDX-License-Identifier: Apache-2.0 */
/* Never ends and never sleeps. */
void app_main(void);

void app_main(void)
{
    for (volatile int turn = 0;; turn++) {
    }
}
