# SPDX-License-Identifier: Apache-2.0
# what: the write-back behind the end of a frame is not waited for (R8)
# file: engine
# run: --scene one --knob writeback=after
/await_end(struct/,/^}/ s/^    gdma_await_writeback(engine);//
