# SPDX-License-Identifier: Apache-2.0
# what: the node closed last is not kept but used again (R1)
# file: engine
# run: --scene short-long --knob restart_acts=at_end
s/engine->linked - engine->closed == engine->count - 1u/engine->linked - engine->closed == engine->count/
