# SPDX-License-Identifier: Apache-2.0
# what: RX bursts without declared alignment
# file: engine
# run: --scene one
s/bool bursts = config->sram_align >= sizeof(uint32_t);/bool bursts = true;/
