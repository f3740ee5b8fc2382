/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Several copies accepted as one: their tickets are claimed in one step, so that they all fit or none does
 * and nobody's copy comes in between; then each slot is written as a single copy's is. On a port where a
 * submitter may not wait for one that was preempted, whoever comes behind a batch that is half written
 * finishes it.
 */
#include "driver.h"

struct batch {
    struct port_batch tickets; /* first, so that who knows these finds the copies */
    const async_memcpy_copy_t *copies;
};

/* ---- Checks ---- */

#define NAME_SIZE sizeof "copies[16777215]"

/* "copies[INDEX]", in the last bytes of name. */
static const char *name_copy(char name[NAME_SIZE], size_t index)
{
    static const char before[] = "copies[";
    char *at = &name[NAME_SIZE - 1];
    *at = '\0';
    *--at = ']';
    do {
        *--at = (char)('0' + index % 10);
        index /= 10;
    } while (index != 0);
    for (size_t left = sizeof before - 1; left != 0; left--) {
        *--at = before[left - 1];
    }
    return at;
}

static struct request request_of(const async_memcpy_copy_t *copy)
{
    return (struct request){copy->dst, copy->src, copy->n};
}

/* A copy that is not plain: it may be sound all the same. */
static __attribute__((cold, noinline)) esp_err_t check_odd_copy(async_memcpy_t driver,
                                                                const async_memcpy_copy_t *copy, size_t index)
{
    struct request request = request_of(copy);
    enum copy_fault fault = driver_find_fault(driver, &request);
    char name[NAME_SIZE];
    return fault == COPY_SOUND ? ESP_OK : driver_refuse_copy(driver, &request, fault, name_copy(name, index));
}

static esp_err_t check_batch(async_memcpy_t driver, const async_memcpy_copy_t *copies, size_t count)
{
    if (driver == NULL || copies == NULL || count == 0) {
        port_log('E', "batch: handle %p, copies %p, count %zu; none of them may be 0", (void *)driver,
                 (const void *)copies, count);
        return ESP_ERR_INVALID_ARG;
    }
    if (count > driver->backlog) {
        port_log('E', "batch: count %zu is more than the backlog, %u; hand over fewer, or install with more",
                 count, (unsigned)driver->backlog);
        return ESP_ERR_INVALID_ARG;
    }
    for (size_t index = 0; index < count; index++) {
        const async_memcpy_copy_t *copy = &copies[index];
        if (!driver_is_plain(driver, copy->dst, copy->src, copy->n)) {
            esp_err_t status = check_odd_copy(driver, copy, index);
            if (status != ESP_OK) {
                return status;
            }
        }
    }
    return ESP_OK;
}

/* ---- Submit ---- */

/* Write what is left of the batch that has these tickets: nothing is, from now on. */
static inline __attribute__((always_inline)) bool write_rest(async_memcpy_t driver,
                                                             struct port_batch *tickets)
{
    const struct batch *batch = (const struct batch *)tickets;
    struct port_claim claim;
    while (port_ring_next(&driver->ring, tickets, &claim)) {
        const async_memcpy_copy_t *copy = &batch->copies[claim.ticket - tickets->first];
        struct request request = request_of(copy);
        driver_fill_slot(driver, slot_of(driver, claim.ticket), &claim, &request, copy->cb_isr,
                         driver_argument(copy->cb_isr, copy->cb_args));
        port_ring_step(&driver->ring, &claim);
    }
    return true;
}

static bool write_slots(void *owner, struct port_batch *tickets)
{
    return write_rest(owner, tickets);
}

esp_err_t esp_async_memcpy_batch(async_memcpy_t asmcp, const async_memcpy_copy_t *copies, size_t count)
{
    esp_err_t status = check_batch(asmcp, copies, count);
    if (status != ESP_OK) {
        return status;
    }
    struct batch batch = {.copies = copies};
    while (
        !port_ring_claim_batch(&asmcp->ring, asmcp->backlog, (uint32_t)count, &batch.tickets, write_slots)) {
        if (!driver_finish_batch(asmcp)) {
            return driver_turn_away(asmcp, "batch");
        }
    }
    if (PORT_RING_HAS_QUICK_WAY) {
        write_rest(asmcp, &batch.tickets); /* here, where the tickets are in registers */
    } else {
        write_slots(asmcp, &batch.tickets);
    }
    asmcp->engine->ops->kick(asmcp->engine);
    port_ring_end_batch(&asmcp->ring, &batch.tickets);
    return ESP_OK;
}
