# SPDX-License-Identifier: Apache-2.0
# what: uninstall does not wait for the copies in flight (B4)
# file: install
# run: --scene one
s/^        drain(asmcp);//
