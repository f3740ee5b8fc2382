# SPDX-License-Identifier: Apache-2.0
# what: RX bursts without declared alignment
# file: engine
# run: --scene one
s/engine->bursts = config->sram_align >= sizeof(uint32_t);/engine->bursts = true;/
