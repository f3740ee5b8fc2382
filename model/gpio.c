/* SPDX-License-Identifier: Apache-2.0 */
/*
 * GPIO outputs, levels and changes counted, and the ETM tasks that act on them. IO_MUX and the choice of
 * output signal take writes, read 0 and do nothing: a pin follows OUT when it is enabled.
 */
#include <string.h>
#include "../src/chip/gpio_v1.h"
#include "parts.h"

#define ALL_PINS ((uint32_t)((1ull << CHIP_GPIO_PINS) - 1u))

void model_gpio_reset(struct model *model)
{
    model->gpio_out = 0;
    model->gpio_enable = 0;
    memset(model->gpio_task, 0, sizeof(model->gpio_task));
}

static void drive(struct model *model, uint32_t out, uint32_t enable)
{
    uint32_t changed = (model->gpio_out & model->gpio_enable) ^ (out & enable & ALL_PINS);

    model->gpio_out = out & ALL_PINS;
    model->gpio_enable = enable & ALL_PINS;
    for (; changed != 0; changed &= changed - 1) {
        model->counters.pin_changes[__builtin_ctz(changed)]++;
    }
}

unsigned model_pin_level(const struct model *model, unsigned pin)
{
    return (model->gpio_out & model->gpio_enable) >> pin & 1u;
}

static bool takes_anything(uint32_t address)
{
    return address >= GPIO_FUNC_OUT_SEL(0) && address < GPIO_FUNC_OUT_SEL(CHIP_GPIO_PINS);
}

uint32_t model_gpio_read(struct model *model, uint32_t offset)
{
    uint32_t address = CHIP_GPIO_BASE + offset;

    switch (address) {
    case GPIO_OUT:
        return model->gpio_out;
    case GPIO_ENABLE:
        return model->gpio_enable;
    case GPIO_IN:
        return model->gpio_out & model->gpio_enable;
    case GPIO_OUT_W1TS:
    case GPIO_OUT_W1TC:
    case GPIO_ENABLE_W1TS:
    case GPIO_ENABLE_W1TC:
        return 0;
    default:
        if (!takes_anything(address)) {
            model_misuse(model, MISUSE_NOTHING, address);
        }
        return 0;
    }
}

void model_gpio_write(struct model *model, uint32_t offset, uint32_t value)
{
    uint32_t address = CHIP_GPIO_BASE + offset;
    uint32_t out = model->gpio_out;
    uint32_t enable = model->gpio_enable;

    switch (address) {
    case GPIO_OUT:
        drive(model, value, enable);
        break;
    case GPIO_OUT_W1TS:
        drive(model, out | value, enable);
        break;
    case GPIO_OUT_W1TC:
        drive(model, out & ~value, enable);
        break;
    case GPIO_ENABLE:
        drive(model, out, value);
        break;
    case GPIO_ENABLE_W1TS:
        drive(model, out, enable | value);
        break;
    case GPIO_ENABLE_W1TC:
        drive(model, out, enable & ~value);
        break;
    default:
        if (address != GPIO_IN && !takes_anything(address)) {
            model_misuse(model, MISUSE_NOTHING, address);
        }
        break;
    }
}

static bool find_task_word(uint32_t offset, unsigned *word)
{
    *word = (offset - GPIO_ETM_TASK_CFG) / 4u;
    return offset >= GPIO_ETM_TASK_CFG && *word < (CHIP_GPIO_PINS + 3u) / 4u;
}

uint32_t model_gpio_ext_read(struct model *model, uint32_t offset)
{
    unsigned word;

    if (find_task_word(offset, &word)) {
        return model->gpio_task[word];
    }
    model_misuse(model, MISUSE_NOTHING, CHIP_GPIO_EXT_BASE + offset);
    return 0;
}

void model_gpio_ext_write(struct model *model, uint32_t offset, uint32_t value)
{
    unsigned word;

    if (find_task_word(offset, &word)) {
        model->gpio_task[word] = value & 0x0F0F0F0Fu;
    } else {
        model_misuse(model, MISUSE_NOTHING, CHIP_GPIO_EXT_BASE + offset);
    }
}

uint32_t model_io_mux_read(struct model *model, uint32_t offset)
{
    (void)model;
    (void)offset;
    return 0;
}

void model_io_mux_write(struct model *model, uint32_t offset, uint32_t value)
{
    (void)model;
    (void)offset;
    (void)value;
}

/* Pins that listen to a channel. */
static uint32_t listeners(const struct model *model, unsigned channel)
{
    uint32_t pins = 0;

    for (unsigned pin = 0; pin < CHIP_GPIO_PINS; pin++) {
        uint32_t field = model->gpio_task[pin / 4u] >> (8u * (pin % 4u)) & 0xFFu;

        pins |= (uint32_t)(field == ((channel << 1) | GPIO_ETM_TASK_EN)) << pin;
    }
    return pins;
}

void model_gpio_task(struct model *model, uint32_t task)
{
    uint32_t pins;

    if (task < ETM_TASK_GPIO_SET || task >= ETM_TASK_GPIO_TOGGLE + ETM_GPIO_CHANNELS) {
        return;
    }
    pins = listeners(model, (task - ETM_TASK_GPIO_SET) % ETM_GPIO_CHANNELS);
    if (task < ETM_TASK_GPIO_CLEAR) {
        drive(model, model->gpio_out | pins, model->gpio_enable);
    } else if (task < ETM_TASK_GPIO_TOGGLE) {
        drive(model, model->gpio_out & ~pins, model->gpio_enable);
    } else {
        drive(model, model->gpio_out ^ pins, model->gpio_enable);
    }
}
