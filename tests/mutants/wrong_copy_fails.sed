# SPDX-License-Identifier: Apache-2.0
# what: after an error the copy is tried again and the next one fails
# file: engine
# run: --scene two --fault bad-descriptor:in
/^static void recover(/,/^}/ s/driver_rewind(engine->base.driver, fail);/driver_rewind(engine->base.driver, false);/
