/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The event task matrix: channels, events, tasks, and running a function when its event comes. A channel
 * whose two sides are hardware's is programmed into the chip's matrix (etm_chip.h) instead, while it is
 * enabled.
 *
 *   source ◀── event ◀── channel ──▶ task
 *
 * The arrows are pointers; one lock guards them all. etm_run() lets go of it while a task's function runs, so
 * a function may make, connect, enable, delete: every esp_etm_* function works there, with two differences.
 * Nothing is logged, and esp_etm_del_task() does not wait for runs in progress (its own might be one): the
 * last of them frees the task. A change takes effect at once: a channel that a function disables, or a task
 * that it deletes, does not run in what is left of the same pulse; a channel that begins to listen waits for
 * the next one.
 *
 * What is running is known from a list of records, each on the stack of its etm_run(). A child of fork() has
 * none of the threads they belong to and forgets them all; nothing there waits for a run that never ends.
 */
#include <assert.h>
#include "esp_async_memcpy_ext.h"
#include "etm_chip.h"
#include "etm_objects.h"
#include "port.h"

struct esp_etm_channel_t {
    bool used;
    bool enabled;
    esp_etm_event_handle_t event; /* NULL: that side is open */
    esp_etm_task_handle_t task;
    uint32_t carried_event; /* by the chip's matrix at the moment; 0: nothing */
    uint32_t carried_task;
};

/* One etm_run() in progress. */
struct run {
    struct run *next;
    struct etm_source *source;
    uint64_t left;              /* channels that listened when the pulse came and have not had their turn */
    esp_etm_task_handle_t task; /* running now, or NULL */
};

static_assert(ETM_CHANNELS <= 64, "run.left has a bit per channel");

static struct {
    struct port_lock lock;       /* guards what follows, and the fields of events and tasks */
    struct port_event run_ended; /* a task's function has returned, or an etm_run() is over */
    struct esp_etm_channel_t channels[ETM_CHANNELS];
    esp_etm_event_handle_t events; /* all events of sources, inert ones included */
    struct run *runs;
    struct port_fork fork;
    _Atomic uint32_t watches_forks; /* a word: some CPUs exchange nothing smaller */
} etm = {.lock = PORT_LOCK_INIT};

/* ---- What the table says, under the lock ---- */

static struct etm_source *source_of(esp_etm_event_handle_t event)
{
    return event == NULL ? NULL : event->source;
}

static bool listens(const struct esp_etm_channel_t *channel, const struct etm_source *source)
{
    return channel->enabled && channel->task != NULL && channel->task->function != NULL &&
           source_of(channel->event) == source;
}

/* A bit for each channel that this source feeds. */
static uint64_t listeners(const struct etm_source *source)
{
    uint64_t found = 0;
    for (unsigned number = 0; number < ETM_CHANNELS; number++) {
        if (listens(&etm.channels[number], source)) {
            found |= UINT64_C(1) << number;
        }
    }
    return found;
}

/*
 * One store of the final count: etm_raise(), which reads it without the lock, never sees 0 while one listener
 * takes another's place.
 */
static void count_listeners(struct etm_source *source)
{
    if (source != NULL) {
        uint32_t count = (uint32_t)__builtin_popcountll(listeners(source));
        atomic_store_explicit(&source->channels, count, memory_order_release);
    }
}

static uint32_t event_number(esp_etm_event_handle_t event)
{
    const struct etm_source *source = source_of(event);
    return source == NULL ? 0 : source->hardware;
}

static uint32_t task_number(esp_etm_task_handle_t task)
{
    return task == NULL ? 0 : task->hardware;
}

/* Have the chip's matrix carry what this channel is to carry now. */
static void program(struct esp_etm_channel_t *channel)
{
    uint32_t event = channel->enabled ? event_number(channel->event) : 0;
    uint32_t task = channel->enabled ? task_number(channel->task) : 0;
    if (event == 0 || task == 0) {
        event = task = 0;
    }
    if (channel->carried_event != event || channel->carried_task != task) {
        channel->carried_event = event;
        channel->carried_task = task;
        etm_chip_carry((unsigned)(channel - etm.channels), event, task);
    }
}

/* After each change to a channel or one of its sides. */
static void changed(struct esp_etm_channel_t *channel)
{
    program(channel);
    count_listeners(source_of(channel->event));
}

/* Does an etm_run() of this source, or a run of this task, go on? */
static bool is_running(const void *source_or_task)
{
    const struct run *run = etm.runs;
    while (run != NULL && run->source != source_or_task && run->task != source_or_task) {
        run = run->next;
    }
    return run != NULL;
}

/* ---- The lock ---- */

static void forget_parent(struct port_fork *fork)
{
    (void)fork;
    port_lock_init(&etm.lock);
    etm.runs = NULL;
    for (unsigned number = 0; number < ETM_CHANNELS; number++) { /* a child has no chip, or a fresh one */
        etm.channels[number].carried_event = 0;
        etm.channels[number].carried_task = 0;
    }
    for (esp_etm_event_handle_t event = etm.events; event != NULL; event = event->next) {
        if (event_number(event) != 0) {
            event->source = NULL;
        }
        count_listeners(event->source); /* fork may have come between a change and its count */
    }
}

static unsigned lock_etm(void)
{
    if (!atomic_load_explicit(&etm.watches_forks, memory_order_relaxed) &&
        !atomic_exchange_explicit(&etm.watches_forks, true, memory_order_relaxed)) {
        port_fork_watch(&etm.fork, forget_parent);
    }
    return port_lock(&etm.lock);
}

static void unlock_etm(unsigned state)
{
    port_unlock(&etm.lock, state);
}

static void wait_for_end(const void *source_or_task)
{
    for (;;) {
        uint32_t key = port_event_key(&etm.run_ended);
        unsigned state = lock_etm();
        bool running = is_running(source_or_task);
        unlock_etm(state);
        if (!running) {
            port_event_cancel(&etm.run_ended);
            return;
        }
        port_event_wait(&etm.run_ended, key, PORT_FOREVER);
    }
}

static esp_err_t refuse(esp_err_t code, const char *call, const char *why)
{
    if (!port_in_isr()) {
        port_log('E', "%s: %s", call, why);
    }
    return code;
}

/* ---- Running ---- */

static struct run **find_run(const struct run *run)
{
    struct run **link = &etm.runs;
    while (*link != NULL && *link != run) {
        link = &(*link)->next;
    }
    return link;
}

/* The task of the next channel that listened to the pulse and still does. */
static esp_etm_task_handle_t pick_task(struct run *run)
{
    while (run->left != 0) {
        const struct esp_etm_channel_t *channel = &etm.channels[__builtin_ctzll(run->left)];
        run->left &= run->left - 1;
        if (listens(channel, run->source)) {
            return channel->task;
        }
    }
    return NULL;
}

static void begin_run(struct run *run)
{
    unsigned state = lock_etm();
    run->left = listeners(run->source);
    run->next = etm.runs;
    etm.runs = run;
    unlock_etm(state);
}

/* End the task that ran, and go on to the next; false: the run is over, and its source may be gone. */
static bool next_task(struct run *run)
{
    unsigned state = lock_etm();
    struct run **link = find_run(run);
    if (*link == NULL) { /* the task forked, and this is the child: the event was the parent's */
        unlock_etm(state);
        return false;
    }
    esp_etm_task_handle_t ended = run->task;
    run->task = pick_task(run);
    bool more = run->task != NULL;
    bool last = ended != NULL && ended->deleted && !is_running(ended);
    if (!more) {
        *link = run->next;
    }
    unlock_etm(state);
    port_event_signal(&etm.run_ended); /* to wait_for_end() */
    if (last) {
        port_free(ended);
    }
    return more;
}

void etm_run(struct etm_source *source)
{
    struct run run = {.source = source};
    begin_run(&run);
    while (next_task(&run)) {
        port_isr_callback((port_function)run.task->function);
        run.task->function(run.task->arg);
        port_isr_callback(NULL);
    }
}

/* ---- Events ---- */

void etm_disconnect_event(esp_etm_event_handle_t event)
{
    unsigned state = lock_etm();
    for (unsigned number = 0; number < ETM_CHANNELS; number++) {
        if (etm.channels[number].event == event) {
            etm.channels[number].event = NULL;
            program(&etm.channels[number]);
        }
    }
    count_listeners(event->source);
    unlock_etm(state);
}

static esp_err_t del_source_event(esp_etm_event_handle_t event)
{
    etm_disconnect_event(event);
    unsigned state = lock_etm();
    esp_etm_event_handle_t *link = &etm.events;
    while (*link != event) {
        link = &(*link)->next;
    }
    *link = event->next;
    unlock_etm(state);
    port_free(event);
    return ESP_OK;
}

esp_err_t etm_new_event(struct etm_source *source, esp_etm_event_handle_t *out_event)
{
    esp_etm_event_handle_t event = port_alloc(sizeof *event, _Alignof(struct esp_etm_event_t), false);
    if (event == NULL) {
        return refuse(ESP_ERR_NO_MEM, __func__, "no memory for an event; free some first");
    }
    event->del = del_source_event;
    event->source = source;
    unsigned state = lock_etm();
    event->next = etm.events;
    etm.events = event;
    unlock_etm(state);
    *out_event = event;
    return ESP_OK;
}

void etm_retire(struct etm_source *source)
{
    unsigned state = lock_etm();
    for (esp_etm_event_handle_t event = etm.events; event != NULL; event = event->next) {
        if (event->source == source) {
            event->source = NULL;
        }
    }
    for (unsigned number = 0; number < ETM_CHANNELS; number++) {
        program(&etm.channels[number]);
    }
    atomic_store_explicit(&source->channels, 0, memory_order_release);
    unlock_etm(state);
    wait_for_end(source);
}

esp_err_t esp_etm_del_event(esp_etm_event_handle_t event)
{
    if (event == NULL) {
        return refuse(ESP_ERR_INVALID_ARG, __func__, "event is NULL; give the event that its driver made");
    }
    return event->del(event);
}

/* ---- Tasks ---- */

void etm_disconnect_task(esp_etm_task_handle_t task)
{
    unsigned state = lock_etm();
    for (unsigned number = 0; number < ETM_CHANNELS; number++) {
        struct esp_etm_channel_t *channel = &etm.channels[number];
        if (channel->task == task) {
            channel->task = NULL;
            changed(channel);
        }
    }
    unlock_etm(state);
}

void etm_retire_task(esp_etm_task_handle_t task)
{
    unsigned state = lock_etm();
    task->hardware = 0;
    for (unsigned number = 0; number < ETM_CHANNELS; number++) {
        program(&etm.channels[number]);
    }
    unlock_etm(state);
}

static esp_err_t del_function_task(esp_etm_task_handle_t task)
{
    etm_disconnect_task(task); /* from here on no run of it begins */
    if (!port_in_isr()) {
        wait_for_end(task);
    }
    unsigned state = lock_etm();
    bool running = is_running(task);
    task->deleted = running;
    unlock_etm(state);
    if (!running) {
        port_free(task);
    }
    return ESP_OK;
}

esp_err_t esp_etm_new_function_task(void (*function)(void *), void *arg, esp_etm_task_handle_t *out_task)
{
    if (function == NULL || out_task == NULL) {
        return refuse(ESP_ERR_INVALID_ARG, __func__, "function or out_task is NULL; give both");
    }
    if (port_for_chip()) {
        return refuse(ESP_ERR_NOT_SUPPORTED, __func__,
                      "the chip's ETM runs no functions; use a task of its peripherals, such as a pin's");
    }
    esp_etm_task_handle_t task = port_alloc(sizeof *task, _Alignof(struct esp_etm_task_t), false);
    if (task == NULL) {
        return refuse(ESP_ERR_NO_MEM, __func__, "no memory for a task; free some first");
    }
    task->del = del_function_task;
    task->function = function;
    task->arg = arg;
    *out_task = task;
    return ESP_OK;
}

esp_err_t esp_etm_del_task(esp_etm_task_handle_t task)
{
    if (task == NULL) {
        return refuse(ESP_ERR_INVALID_ARG, __func__, "task is NULL; give the task that its driver made");
    }
    return task->del(task);
}

/* ---- Channels ---- */

/* The first channel that nobody uses, now in use; NULL: there is none. */
static esp_etm_channel_handle_t take_channel(void)
{
    esp_etm_channel_handle_t taken = NULL;
    unsigned state = lock_etm();
    for (unsigned number = 0; number < ETM_CHANNELS && taken == NULL; number++) {
        if (!etm.channels[number].used) {
            taken = &etm.channels[number];
            taken->used = true;
        }
    }
    unlock_etm(state);
    return taken;
}

/* Take the lock for a channel in use; false: it is none, the lock is not taken, and the caller is told. */
static bool lock_channel(esp_etm_channel_handle_t chan, const char *call, unsigned *state)
{
    if (chan != NULL) {
        *state = lock_etm();
        if (chan->used) {
            return true;
        }
        unlock_etm(*state);
    }
    refuse(ESP_ERR_INVALID_ARG, call,
           "chan is NULL or was deleted; give one that esp_etm_new_channel() made");
    return false;
}

esp_err_t esp_etm_new_channel(const esp_etm_channel_config_t *config, esp_etm_channel_handle_t *ret_chan)
{
    if (config == NULL || ret_chan == NULL) {
        return refuse(ESP_ERR_INVALID_ARG, __func__, "config or ret_chan is NULL; give both");
    }
    if (config->flags.allow_pd) {
        return refuse(ESP_ERR_NOT_SUPPORTED, __func__,
                      "flags.allow_pd is 1; ETM keeps its power here: make it 0");
    }
    esp_etm_channel_handle_t taken = take_channel();
    if (taken == NULL) {
        return refuse(ESP_ERR_NOT_FOUND, __func__, "all 50 channels are in use; delete one first");
    }
    *ret_chan = taken;
    return ESP_OK;
}

esp_err_t esp_etm_del_channel(esp_etm_channel_handle_t chan)
{
    unsigned state;
    if (!lock_channel(chan, __func__, &state)) {
        return ESP_ERR_INVALID_ARG;
    }
    bool enabled = chan->enabled;
    if (!enabled) {
        *chan = (struct esp_etm_channel_t){.used = false};
    }
    unlock_etm(state);
    return enabled ? refuse(ESP_ERR_INVALID_STATE, __func__, "the channel is enabled; disable it first")
                   : ESP_OK;
}

/* Under the lock. Returns what it was before. */
static bool set_enabled(esp_etm_channel_handle_t chan, bool enabled)
{
    bool before = chan->enabled;
    chan->enabled = enabled;
    changed(chan);
    return before;
}

esp_err_t esp_etm_channel_enable(esp_etm_channel_handle_t chan)
{
    unsigned state;
    if (!lock_channel(chan, __func__, &state)) {
        return ESP_ERR_INVALID_ARG;
    }
    bool before = set_enabled(chan, true);
    unlock_etm(state);
    return before ? refuse(ESP_ERR_INVALID_STATE, __func__, "the channel is enabled; enable it once")
                  : ESP_OK;
}

esp_err_t esp_etm_channel_disable(esp_etm_channel_handle_t chan)
{
    unsigned state;
    if (!lock_channel(chan, __func__, &state)) {
        return ESP_ERR_INVALID_ARG;
    }
    bool before = set_enabled(chan, false);
    unlock_etm(state);
    return before ? ESP_OK
                  : refuse(ESP_ERR_INVALID_STATE, __func__, "the channel is not enabled; enable it first");
}

/* Is one side the chip's and the other one software's? Under the lock. */
static bool is_mixed(esp_etm_event_handle_t event, esp_etm_task_handle_t task)
{
    if (source_of(event) == NULL || task == NULL) {
        return false; /* open or inert: it fits to anything */
    }
    return event_number(event) != 0 ? task->function != NULL : task->hardware != 0;
}

static void connect(esp_etm_channel_handle_t chan, esp_etm_event_handle_t event, esp_etm_task_handle_t task)
{
    struct etm_source *before = source_of(chan->event);
    chan->event = event;
    chan->task = task;
    changed(chan);
    count_listeners(before);
}

esp_err_t esp_etm_channel_connect(esp_etm_channel_handle_t chan, esp_etm_event_handle_t event,
                                  esp_etm_task_handle_t task)
{
    unsigned state;
    if (!lock_channel(chan, __func__, &state)) {
        return ESP_ERR_INVALID_ARG;
    }
    bool mixed = is_mixed(event, task);
    if (!mixed) {
        connect(chan, event, task);
    }
    unlock_etm(state);
    return !mixed
               ? ESP_OK
               : refuse(
                     ESP_ERR_NOT_SUPPORTED, __func__,
                     "one side is the chip's, the other one software's; take both from drivers on the chip "
                     "(esp_async_memcpy_install_gdma_ahb), or both from Linux engines");
}

/* ---- For esp_etm_dump() ---- */

bool etm_read_channel(unsigned number, struct etm_channel_view *view)
{
    if (number >= ETM_CHANNELS) {
        return false;
    }
    unsigned state = lock_etm();
    const struct esp_etm_channel_t *channel = &etm.channels[number];
    *view = (struct etm_channel_view){
        .used = channel->used,
        .enabled = channel->enabled,
        .connected = channel->event != NULL,
        .event_hardware = event_number(channel->event),
        .source = (uintptr_t)source_of(channel->event),
        .task = channel->task != NULL,
        .task_hardware = task_number(channel->task),
        .function = channel->task == NULL ? 0 : (uintptr_t)channel->task->function,
    };
    unlock_etm(state);
    return true;
}
