/* SPDX-License-Identifier: Apache-2.0 */
/* Who may reach what: access permission filters and security modes. Hardware facts, section 1.7. */
#ifndef APM_V1_H
#define APM_V1_H

#include <stdint.h>
#include "chip.h"

#define HP_APM_REGION_FILTER_EN (CHIP_HP_APM_BASE + 0x00u)
#define HP_APM_FUNC_CTRL        (CHIP_HP_APM_BASE + 0xC4u)
/* The facts give no offset for these two: four regions of 12 bytes after REGION_FILTER_EN, where HP_APM
 * has 16. */
#define LP_APM_FUNC_CTRL  (CHIP_LP_APM_BASE + 0x34u)
#define LP_APM0_FUNC_CTRL (CHIP_LP_APM0_BASE + 0x34u)

#define APM_FUNC_CTRL_RESET 0xFu /* a filter per path, all on */

#define TEE_MODE_TEE  0u
#define TEE_MODE_REE2 3u
#define TEE_MASTERS   32u

static inline uint32_t tee_mode(unsigned master)
{
    return CHIP_TEE_BASE + 4u * master;
}

/* The bus master that a GDMA channel is, by its PERI_SEL. */
static inline unsigned tee_gdma_master(uint32_t peri_sel)
{
    return 16u + peri_sel;
}

#endif
