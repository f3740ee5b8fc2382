/* SPDX-License-Identifier: Apache-2.0 */
/* ETM tasks on pins. A GPIO task channel has pins, and a task per action that was asked for. */
#include <stdarg.h>
#include "chip/etm_v1.h"
#include "chip/mmio.h"
#include "driver/gpio_etm.h"
#include "etm_objects.h"
#include "port.h"

struct gpio_task {
    struct esp_etm_task_t base;
    unsigned channel;
};

/* Under port_irq_mask(). */
static struct {
    uint32_t pins;
    unsigned tasks; /* live ones: the last of them cannot go while there are pins */
    unsigned users; /* these, and those on their way out; 0: the channel is free */
} channels[ETM_GPIO_CHANNELS];

static esp_err_t refuse(esp_err_t code, const char *call, const char *why)
{
    port_log('E', "%s: %s", call, why);
    return code;
}

/* ---- Channels ---- */

/* For this many tasks; ETM_GPIO_CHANNELS: none is free. */
static unsigned take_channel(unsigned tasks)
{
    unsigned channel = 0;
    unsigned state = port_irq_mask();
    while (channel < ETM_GPIO_CHANNELS && channels[channel].users != 0) {
        channel++;
    }
    if (channel < ETM_GPIO_CHANNELS) {
        channels[channel].tasks = tasks;
        channels[channel].users = tasks;
    }
    port_irq_unmask(state);
    return channel;
}

/* One task fewer; false: it is the last, and there are pins. */
static bool begin_to_leave(unsigned channel)
{
    unsigned state = port_irq_mask();
    bool may = channels[channel].tasks > 1 || channels[channel].pins == 0;
    channels[channel].tasks -= may;
    port_irq_unmask(state);
    return may;
}

static void leave_channel(unsigned channel)
{
    unsigned state = port_irq_mask();
    channels[channel].users--;
    port_irq_unmask(state);
}

/* ---- Tasks ---- */

static esp_err_t del_task(esp_etm_task_handle_t task)
{
    struct gpio_task *mine = (struct gpio_task *)task;
    if (!begin_to_leave(mine->channel)) {
        return refuse(ESP_ERR_INVALID_STATE, "esp_etm_del_task",
                      "the task has pins; take them off first (gpio_etm_task_rm_gpio)");
    }
    etm_disconnect_task(task); /* before the next user of the channel comes */
    leave_channel(mine->channel);
    port_free(mine);
    return ESP_OK;
}

static unsigned task_id(gpio_etm_task_action_t action, unsigned channel)
{
    static const uint8_t first[] = {[GPIO_ETM_TASK_ACTION_SET] = ETM_TASK_GPIO_SET,
                                    [GPIO_ETM_TASK_ACTION_CLR] = ETM_TASK_GPIO_CLEAR,
                                    [GPIO_ETM_TASK_ACTION_TOG] = ETM_TASK_GPIO_TOGGLE};
    return first[action] + channel;
}

/* How many actions these are; 0: they are not right. */
static unsigned count_actions(const gpio_etm_task_config_t *config)
{
    unsigned seen = 0;
    unsigned count = 0;
    while (count < GPIO_ETM_TASK_ACTIONS && config->actions[count] != 0) {
        unsigned action = config->actions[count++];
        if (action > GPIO_ETM_TASK_ACTION_TOG || (seen >> action & 1) != 0) {
            return 0;
        }
        seen |= 1u << action;
    }
    return count;
}

static bool allocate(struct gpio_task *tasks[], unsigned count)
{
    for (unsigned i = 0; i < count; i++) {
        tasks[i] = port_alloc(sizeof *tasks[i], _Alignof(struct gpio_task), false);
        if (tasks[i] == NULL) {
            while (i > 0) {
                port_free(tasks[--i]);
            }
            return false;
        }
    }
    return true;
}

static esp_err_t new_tasks(const gpio_etm_task_config_t *config, unsigned count,
                           esp_etm_task_handle_t *outs[])
{
    static const char call[] = "gpio_new_etm_task";
    struct gpio_task *tasks[GPIO_ETM_TASK_ACTIONS];
    if (!allocate(tasks, count)) {
        return refuse(ESP_ERR_NO_MEM, call, "no memory for a task; free some first");
    }
    unsigned channel = take_channel(count);
    for (unsigned i = 0; i < count; i++) {
        if (channel == ETM_GPIO_CHANNELS) {
            port_free(tasks[i]);
            continue;
        }
        tasks[i]->base.del = del_task;
        tasks[i]->base.hardware = task_id(config->actions[i], channel);
        tasks[i]->channel = channel;
        *outs[i] = &tasks[i]->base;
    }
    return channel < ETM_GPIO_CHANNELS
               ? ESP_OK
               : refuse(ESP_ERR_NOT_FOUND, call, "all GPIO task channels are in use; delete a task first");
}

esp_err_t gpio_new_etm_task(const gpio_etm_task_config_t *config, esp_etm_task_handle_t *ret_task, ...)
{
    unsigned count = config != NULL ? count_actions(config) : 0;
    esp_etm_task_handle_t *outs[GPIO_ETM_TASK_ACTIONS] = {ret_task};
    bool complete = count != 0 && ret_task != NULL;
    va_list more;
    va_start(more, ret_task);
    for (unsigned i = 1; complete && i < count; i++) {
        outs[i] = va_arg(more, esp_etm_task_handle_t *);
        complete = outs[i] != NULL;
    }
    va_end(more);
    if (!complete) {
        return refuse(
            ESP_ERR_INVALID_ARG, __func__,
            "config or ret_task is NULL, or the actions are not right; give each of SET, CLR and TOG "
            "once at the most, and a ret_task each");
    }
    if (!CHIP_HAS_ETM) {
        return refuse(ESP_ERR_NOT_SUPPORTED, __func__, "the " CHIP_NAME " has no ETM");
    }
    return port_chip_start() ? new_tasks(config, count, outs) : ESP_FAIL;
}

/* ---- Pins ---- */

static esp_err_t check_pin(const char *call, esp_etm_task_handle_t task, int pin)
{
    if (task == NULL || task->del != del_task || pin < 0 || (unsigned)pin >= CHIP_GPIO_PINS) {
        port_log('E', "%s: task %p, pin %d; a task of gpio_new_etm_task() and a pin from 0 to %u are wanted",
                 call, (void *)task, pin, CHIP_GPIO_PINS - 1);
        return ESP_ERR_INVALID_ARG;
    }
    return ESP_OK;
}

static uint32_t pins_in_use(void)
{
    uint32_t pins = 0;
    for (unsigned channel = 0; channel < ETM_GPIO_CHANNELS; channel++) {
        pins |= channels[channel].pins;
    }
    return pins;
}

/* Write a pin's field of the register that it shares with three others. */
static void write_field(unsigned pin, uint32_t field)
{
    uint32_t others = mmio_read(gpio_etm_task_cfg(pin)) & ~gpio_etm_task_field(pin, ETM_GPIO_CHANNELS - 1);
    mmio_write(gpio_etm_task_cfg(pin), others | field);
}

esp_err_t gpio_etm_task_add_gpio(esp_etm_task_handle_t task, int gpio_num)
{
    esp_err_t status = check_pin(__func__, task, gpio_num);
    if (status != ESP_OK) {
        return status;
    }
    unsigned channel = ((struct gpio_task *)task)->channel;
    unsigned pin = (unsigned)gpio_num;
    unsigned state = port_irq_mask();
    bool taken = (pins_in_use() >> pin & 1) != 0;
    if (!taken) {
        channels[channel].pins |= UINT32_C(1) << pin;
        write_field(pin, gpio_etm_task_field(pin, channel));
    }
    port_irq_unmask(state);
    return taken ? refuse(ESP_ERR_INVALID_STATE, __func__,
                          "the pin is on a task already; take it off there first")
                 : ESP_OK;
}

esp_err_t gpio_etm_task_rm_gpio(esp_etm_task_handle_t task, int gpio_num)
{
    esp_err_t status = check_pin(__func__, task, gpio_num);
    if (status != ESP_OK) {
        return status;
    }
    unsigned channel = ((struct gpio_task *)task)->channel;
    unsigned pin = (unsigned)gpio_num;
    unsigned state = port_irq_mask();
    bool mine = (channels[channel].pins >> pin & 1) != 0;
    if (mine) {
        channels[channel].pins &= ~(UINT32_C(1) << pin);
        write_field(pin, 0);
    }
    port_irq_unmask(state);
    return mine ? ESP_OK
                : refuse(ESP_ERR_INVALID_STATE, __func__, "the pin is not on this task; add it first");
}
