# SPDX-License-Identifier: Apache-2.0
# what: the node closed last is not kept but used again (R1)
# file: engine
# run: --scene short-long --knob restart_acts=at_end
s/^    if (segment == engine->kept) {/    if (engine->kept != engine->tail \&\& segment == after(engine, engine->kept)) {/
s/^    return after(engine, engine->tail) != engine->kept;/    return engine->kept == engine->tail || after(engine, engine->tail) != after(engine, engine->kept);/
s/^        struct gdma_segment \*const kept = engine->kept;/        struct gdma_segment *const kept =\n            engine->kept == engine->tail ? engine->kept : after(engine, engine->kept);/
