# SPDX-License-Identifier: Apache-2.0
# what: RX is not told of the new node
# file: engine
# run: --scene late
/^static void link_nodes/,/^}/ s/gdma_write_in_link(engine, GDMA_IN_LINK_RESTART);//
