# SPDX-License-Identifier: Apache-2.0
# what: the copies of a batch are accepted one by one
# file: batch
# run: --scene batch
/^    struct batch batch = /i\
    for (size_t index = 0; index < count; index++) {\
        const async_memcpy_copy_t *copy = \&copies[index];\
        status = esp_async_memcpy(asmcp, copy->dst, copy->src, copy->n, copy->cb_isr, copy->cb_args);\
        if (status != ESP_OK) {\
            return status;\
        }\
    }\
    return ESP_OK;
