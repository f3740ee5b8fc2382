/* SPDX-License-Identifier: Apache-2.0 */
/* The chip this is built for: -DCHIP_HEADER="\"esp32c6.h\"" chooses another than the ESP32-H2. */
#ifndef CHIP_H
#define CHIP_H

#ifndef CHIP_HEADER
#define CHIP_HEADER "esp32h2.h"
#endif

#include CHIP_HEADER

#endif
