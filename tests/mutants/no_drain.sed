# SPDX-License-Identifier: Apache-2.0
# what: uninstall does not wait for the copies in flight (B4)
# file: driver
# run: --scene one
s/^        drain(asmcp);//
