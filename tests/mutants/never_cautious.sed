# SPDX-License-Identifier: Apache-2.0
# what: after a lost RESTART, RESTARTs are relied on as before
# file: engine
# run: --scene long --knob restart_busy=lost
s/engine->cautious = true;//
