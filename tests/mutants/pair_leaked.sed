# SPDX-License-Identifier: Apache-2.0
# what: a failed install keeps its pair (B6)
# file: engine
# run: --scene installs
/if (!port_irq_attach/,/return ESP_FAIL/ s/pair_users\[engine->pair\] = NULL;//
