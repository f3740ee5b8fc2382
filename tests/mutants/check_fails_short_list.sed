# SPDX-License-Identifier: Apache-2.0
# what: a check that meets a short list fails the copy that a second try would do
# file: engine
# run: --scene append --knob restart_busy=lost --early-checks 1
/^static bool gdma_check/,/^}/ s/^    gdma_interrupt(engine);/    if (gdma_trouble(engine) != ESP_OK) {\n        recover(engine, gdma_trouble(engine));\n    }\n&/
