# SPDX-License-Identifier: Apache-2.0
# what: nothing looks whether the hardware stands still (R5)
# file: engine
# run: --scene one --fault channel-stops:out
s/^        port_check_arm(&engine->check);//
