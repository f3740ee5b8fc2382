# SPDX-License-Identifier: Apache-2.0
# what: who fed before an interrupt goes on although the interrupt has fed
# file: engine
# run: --scene joins
s/engine->feeder != feeder || //
