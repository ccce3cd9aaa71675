/* main.c - almonerd: the daemon, as a list of named steps, a loop, and the way out.
 *
 * Owns everything that lives as long as the process. Starting: each step makes one thing, and the
 * first that fails ends the program with its exit code. Ending (SIGTERM, SIGINT): no new
 * connections, requests in hand are answered, a running round is ended, changes under way are
 * waited for, Redis goes last. */
#include <config.h> /* not our neighbour of that name */

#include "api/api.h"
#include "models/alloc.h"
#include "models/policy.h"
#include "models/read_json.h"
#include "scheduler/clock.h"
#include "scheduler/config.h"
#include "scheduler/data_dir.h"
#include "scheduler/demo.h"
#include "scheduler/log.h"
#include "scheduler/redis_child.h"
#include "scheduler/retention.h"
#include "scheduler/rounds.h"
#include "scheduler/timer.h"
#include "scheduler/usecases/usecases.h"
#include "scheduler/writer.h"
#include "store/redis_store.h"
#include "store/seal.h"
#include "store/token.h"
#include "store/world_files.h"

#include <event2/event.h>
#include <stdint.h>
#include <signal.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    START_S = 30, /* so long the store may take to come up */
    DRAIN_S = 60, /* then the daemon ends without waiting any longer */
    DRAIN_LOOK_MS = 20
};

struct daemon {
    struct config config;
    struct alm_error err; /* why it ends; NONE = in order */
    char *data, *tokens, *archive;
    int lock_fd;
    struct event_base *base;
    struct redis_child *redis;
    struct seal *seal;
    struct store *store;
    struct writer *writer;
    struct rounds *rounds;
    struct retention *retention;
    struct api *api;
    char *policy_json; /* of --policy, canonical; NULL = none */
    struct event *on_term, *on_int, *on_hup, *start_limit, *drain_look, *drain_limit;
    int is_ready, is_store_up, is_draining, is_drained;
};

static void daemon_begin(struct daemon *daemon);

static void say_error(const struct alm_error *err)
{
    if (err->n_issues == 0)
        log_format("almonerd: %s", err->message);
    for (size_t i = 0; i < err->n_issues; i++)
        log_format("almonerd: %s: %s", err->issues[i].pointer, err->issues[i].detail);
}

/* Leaves the loop at once, with a reason. */
static void daemon_fail(struct daemon *daemon, const struct alm_error *err)
{
    if (daemon->err.code == ERR_NONE)
        err_set(&daemon->err, err->code, "%s", err->message);
    event_base_loopbreak(daemon->base);
}

/* ---- the way out ---- */

static void on_redis_ended(void *arg)
{
    struct daemon *daemon = arg;
    event_base_loopbreak(daemon->base);
}

static void daemon_close(struct daemon *daemon)
{
    api_free(daemon->api);
    rounds_free(daemon->rounds);
    store_free(daemon->store);
    writer_free(daemon->writer);
    retention_free(daemon->retention);
    daemon->api = NULL;
    daemon->rounds = NULL;
    daemon->retention = NULL;
    daemon->store = NULL;
    daemon->writer = NULL;
    if (daemon->redis)
        redis_child_end(daemon->redis, on_redis_ended, daemon);
    else
        event_base_loopbreak(daemon->base);
}

static void on_drain_look(evutil_socket_t fd, short what, void *arg)
{
    (void)fd, (void)what;
    struct daemon *daemon = arg;
    int is_idle = writer_pending(daemon->writer) == 0 && rounds_running(daemon->rounds) == 0 &&
                  api_pending(daemon->api) == 0;
    if (daemon->is_drained && is_idle)
        daemon_close(daemon);
    else
        timer_after_ms(daemon->drain_look, DRAIN_LOOK_MS);
}

static void on_drained(void *arg)
{
    struct daemon *daemon = arg;
    daemon->is_drained = 1;
}

static void on_drain_limit(evutil_socket_t fd, short what, void *arg)
{
    (void)fd, (void)what;
    struct alm_error err;
    err_init(&err);
    err_set(&err, ERR_UNAVAILABLE, "not everything could be finished in %d seconds", DRAIN_S);
    daemon_fail(arg, &err);
}

static void on_end(evutil_socket_t signal, short what, void *arg)
{
    (void)what;
    struct daemon *daemon = arg;
    if (daemon->is_draining)
        return;
    log_format("signal %d: finishing what is in hand", (int)signal);
    daemon->is_draining = 1;
    event_del(daemon->start_limit);
    rounds_stop(daemon->rounds);
    retention_stop(daemon->retention);
    api_drain(daemon->api, on_drained, daemon);
    timer_after_ms(daemon->drain_look, DRAIN_LOOK_MS);
    timer_after_ms(daemon->drain_limit, DRAIN_S * 1000);
}

/* ---- the policy file ---- */

/* Canonical text of the policy in --policy; NULL with every violation. */
static char *policy_read(const char *path, struct alm_error *err)
{
    size_t len = 0;
    char *bytes = world_files_slurp(path, &len, err);
    struct policy *policy = bytes ? policy_from_json(bytes, len, err) : NULL;
    char *json = policy ? policy_to_json(policy) : NULL;
    if (bytes && !policy)
        err_in_file(err, path);
    policy_free(policy);
    free(bytes);
    return json;
}

/* Nothing to do when the region has this very policy. */
static int decide_policy(const struct region *region, void *arg, int64_t now, struct change *change,
                         struct alm_error *err)
{
    const struct daemon *daemon = arg;
    const struct record *held = region_find(region, RECORD_POLICY, "current");
    if (held &&
        strcmp(((const struct policy_record *)(const void *)held)->json, daemon->policy_json) == 0)
        return 0;
    return vacancy_put_policy(region, daemon->policy_json, strlen(daemon->policy_json), now, change,
                              err);
}

static void on_policy(void *arg, const struct writer_result *result)
{
    struct daemon *daemon = arg;
    if (result->err)
        log_format("the policy is not set: %s", result->err->message);
    else if (result->change->n)
        log_format("a new policy is set");
    if (!daemon->is_ready)
        daemon_begin(daemon);
}

static void policy_submit(struct daemon *daemon)
{
    writer_submit(daemon->writer, decide_policy, daemon, NULL, on_policy, daemon);
}

static void on_hup(evutil_socket_t signal, short what, void *arg)
{
    (void)signal, (void)what;
    struct daemon *daemon = arg;
    struct alm_error err;
    err_init(&err);
    if (daemon->is_draining)
        return;
    if (api_reload_tokens(daemon->api, &err) < 0)
        say_error(&err);
    else
        log_format("tokens are read again");
    err_clear(&err);
    char *json = daemon->config.policy ? policy_read(daemon->config.policy, &err) : NULL;
    if (json) {
        free(daemon->policy_json);
        daemon->policy_json = json;
        if (daemon->is_ready)
            policy_submit(daemon);
    } else if (daemon->config.policy) {
        say_error(&err);
    }
    err_clear(&err);
}

/* ---- ready ---- */

static void daemon_ready(struct daemon *daemon)
{
    const struct region *region = writer_region(daemon->writer);
    daemon->is_ready = 1;
    event_del(daemon->start_limit);
    api_ready(daemon->api, daemon->is_store_up);
    log_format("ready: %zu institutions, %zu pools, %zu applicants, %zu offers",
               region_count(region, RECORD_INSTITUTION), region_count(region, RECORD_POOL),
               region_count(region, RECORD_APPLICANT), region_count(region, RECORD_OFFER));
}

static void address_of(const struct daemon *daemon, char address[300])
{
    const char *host = daemon->config.listen_host;
    snprintf(address, 300, strchr(host, ':') ? "[%s]:%d" : "%s:%d", host, api_port(daemon->api));
}

static void on_demo_loaded(void *arg, const struct alm_error *failure)
{
    struct daemon *daemon = arg;
    struct alm_error err;
    char address[300];
    err_init(&err);
    address_of(daemon, address);
    if (failure)
        daemon_fail(daemon, failure);
    else if (demo_tokens(writer_region(daemon->writer), daemon->tokens, address, &err) < 0 ||
             api_reload_tokens(daemon->api, &err) < 0)
        daemon_fail(daemon, &err);
    else
        daemon_ready(daemon);
    err_clear(&err);
}

/* The region and the policy are there. */
static void daemon_begin(struct daemon *daemon)
{
    if (daemon->config.is_demo)
        demo_load(daemon->writer, clock_real(), on_demo_loaded, daemon);
    else
        daemon_ready(daemon);
}

static void on_loaded(void *arg, const struct alm_error *err)
{
    struct daemon *daemon = arg;
    if (err) {
        daemon_fail(daemon, err);
        return;
    }
    rounds_resume(daemon->rounds);
    if (daemon->policy_json)
        policy_submit(daemon);
    else
        daemon_begin(daemon);
}

static void on_store_state(void *arg, int up)
{
    struct daemon *daemon = arg;
    daemon->is_store_up = up;
    log_format("the store is %s", up ? "up" : "down");
    if (daemon->writer)
        writer_store_state(daemon->writer, up);
    if (daemon->api && daemon->is_ready)
        api_ready(daemon->api, up);
}

static void on_start_limit(evutil_socket_t fd, short what, void *arg)
{
    (void)fd, (void)what;
    struct daemon *daemon = arg;
    struct alm_error err;
    err_init(&err);
    err_set(&err, ERR_UNAVAILABLE, "Redis cannot be used after %d seconds", START_S);
    daemon_fail(daemon, &err);
    err_clear(&err);
}

/* ---- the steps ---- */

static int step_policy(struct daemon *daemon, struct alm_error *err)
{
    if (!daemon->config.policy)
        return 0;
    daemon->policy_json = policy_read(daemon->config.policy, err);
    return daemon->policy_json ? 0 : -1;
}

static int step_data(struct daemon *daemon, struct alm_error *err)
{
    daemon->lock_fd = data_dir_lock(daemon->config.data, &daemon->data, err);
    if (daemon->lock_fd < 0)
        return -1;
    daemon->archive = data_dir_below(daemon->data, "rounds");
    if (daemon->config.tokens)
        daemon->tokens = alloc_string(daemon->config.tokens);
    else
        daemon->tokens =
            data_dir_below(daemon->data, daemon->config.is_demo ? "demo.json" : "tokens.json");
    return 0;
}

/* The daemon's own token file begins empty; one that was named has to be there. */
static int step_tokens(struct daemon *daemon, struct alm_error *err)
{
    if (daemon->config.tokens)
        return 0;
    if (daemon->config.is_demo)
        unlink(daemon->tokens); /* the tokens of an earlier demo were shown on a screen */
    if (access(daemon->tokens, F_OK) == 0)
        return 0;
    char *json = tokens_to_json(&(struct tokens){0});
    int rc = world_files_spit(daemon->tokens, json, strlen(json), err);
    free(json);
    if (rc == 0 && !daemon->config.is_demo)
        log_format("no tokens yet: almoner token --role admin --tokens %s, then SIGHUP",
                   daemon->tokens);
    return rc;
}

static void on_redis_up(void *arg, const struct alm_error *err)
{
    struct daemon *daemon = arg;
    if (err)
        err_set(&daemon->err, err->code, "%s", err->message);
    event_base_loopbreak(daemon->base);
}

/* Waits for PONG: the store is not even tried before. */
static int step_redis(struct daemon *daemon, struct alm_error *err)
{
    const struct config *config = &daemon->config;
    if (config->redis_unix || config->redis_host)
        return 0;
    struct redis_child_options options = {
        .data_dir = daemon->data,
        .lock_fd = daemon->lock_fd,
        .log = log_line,
        .on_up = on_redis_up,
        .up_arg = daemon,
    };
    daemon->redis = redis_child_new(daemon->base, &options, err);
    if (!daemon->redis)
        return -1;
    event_base_dispatch(daemon->base);
    return daemon->err.code == ERR_NONE ? 0 : -1;
}

static int step_store(struct daemon *daemon, struct alm_error *err)
{
    const struct config *config = &daemon->config;
    char *key = config->seal_key ? alloc_string(config->seal_key)
                                 : data_dir_below(daemon->data, "seal.key");
    daemon->seal = seal_open(key, err);
    free(key);
    if (!daemon->seal)
        return -1;
    struct redis_store_options options = {
        .unix_path = daemon->redis ? redis_child_socket(daemon->redis) : config->redis_unix,
        .host = config->redis_host,
        .port = (int)config->redis_port,
        .region = config->region,
        .durability = REDIS_AOF_ALWAYS,
        .log = log_line,
        .on_state = on_store_state,
        .state_arg = daemon,
    };
    daemon->store = redis_store_new(daemon->base, &options, daemon->seal, err);
    return daemon->store ? 0 : -1;
}

static int step_writer(struct daemon *daemon, struct alm_error *err)
{
    (void)err;
    daemon->writer = writer_new(daemon->base, daemon->store, clock_real, on_loaded, daemon);
    timer_after_ms(daemon->start_limit, START_S * 1000);
    return 0;
}

static int step_rounds(struct daemon *daemon, struct alm_error *err)
{
    (void)err;
    struct rounds_options options = {
        .round_seconds = (int)daemon->config.round_seconds,
        .archive_dir = daemon->archive,
        .time_limit_s = (double)daemon->config.time_limit_seconds,
        .memory_bytes = daemon->config.memory_megabytes << 20,
    };
    daemon->rounds = rounds_new(daemon->base, daemon->writer, clock_real, &options, log_line, NULL);
    return 0;
}

static int step_retention(struct daemon *daemon, struct alm_error *err)
{
    (void)err;
    struct retention_options options = {
        .archive_dir = daemon->archive,
        .archive_days = daemon->config.archive_days,
        .person_days = daemon->config.person_days,
        .store = daemon->store,
    };
    daemon->retention =
        retention_new(daemon->base, daemon->writer, clock_real, &options, log_line, NULL);
    return 0;
}

static int step_api(struct daemon *daemon, struct alm_error *err)
{
    struct api_options options = {
        .host = daemon->config.listen_host,
        .port = (int)daemon->config.listen_port,
        .tokens_path = daemon->tokens,
        .connections_max = (int)daemon->config.connections_max,
        .log = log_line,
    };
    char address[300];
    daemon->api = api_new(daemon->base, &options, daemon->writer, daemon->rounds, daemon->store,
                          clock_real, err);
    if (!daemon->api)
        return -1;
    address_of(daemon, address);
    printf("almonerd listens on http://%s\n", address);
    fflush(stdout);
    return 0;
}

static int step_signals(struct daemon *daemon, struct alm_error *err)
{
    (void)err;
    event_add(daemon->on_term, NULL);
    event_add(daemon->on_int, NULL);
    event_add(daemon->on_hup, NULL);
    return 0;
}

static int step_loop(struct daemon *daemon, struct alm_error *err)
{
    (void)err;
    event_base_dispatch(daemon->base);
    return daemon->err.code == ERR_NONE ? 0 : -1;
}

static int daemon_run(struct daemon *daemon)
{
    static int (*const steps[])(struct daemon * daemon, struct alm_error * err) = {
        step_policy, step_data,      step_tokens, step_redis,   step_store, step_writer,
        step_rounds, step_retention, step_api,    step_signals, step_loop,
    };
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        if (steps[i](daemon, &daemon->err) < 0) {
            say_error(&daemon->err);
            return err_exit_code(daemon->err.code);
        }
    }
    log_format("ended in order");
    return 0;
}

static void daemon_init(struct daemon *daemon)
{
    *daemon = (struct daemon){.lock_fd = -1, .base = event_base_new()};
    config_init(&daemon->config);
    err_init(&daemon->err);
    daemon->on_term = evsignal_new(daemon->base, SIGTERM, on_end, daemon);
    daemon->on_int = evsignal_new(daemon->base, SIGINT, on_end, daemon);
    daemon->on_hup = evsignal_new(daemon->base, SIGHUP, on_hup, daemon);
    daemon->start_limit = event_new(daemon->base, -1, 0, on_start_limit, daemon);
    daemon->drain_look = event_new(daemon->base, -1, 0, on_drain_look, daemon);
    daemon->drain_limit = event_new(daemon->base, -1, 0, on_drain_limit, daemon);
}

/* After a failed start some of it is there, after a drain only the rest. */
static void daemon_clear(struct daemon *daemon)
{
    store_free(daemon->store);
    writer_free(daemon->writer);
    api_free(daemon->api);
    rounds_free(daemon->rounds);
    retention_free(daemon->retention);
    seal_free(daemon->seal);
    redis_child_free(daemon->redis);
    struct event *const events[] = {daemon->on_term,     daemon->on_int,     daemon->on_hup,
                                    daemon->start_limit, daemon->drain_look, daemon->drain_limit};
    for (size_t i = 0; i < sizeof events / sizeof *events; i++)
        event_free(events[i]);
    event_base_free(daemon->base);
    if (daemon->lock_fd >= 0)
        close(daemon->lock_fd);
    free(daemon->policy_json);
    free(daemon->archive);
    free(daemon->tokens);
    free(daemon->data);
    err_clear(&daemon->err);
    config_clear(&daemon->config);
}

static void *take(size_t size)
{
    return alloc_zero(size, 1);
}

static void *take_again(void *old, size_t size)
{
    return alloc_resize(old, size, 1);
}

/* Neither JSON nor the loop carries on with half of what it wanted. */
static void begin_memory(void)
{
    read_json_begin();
    event_set_mem_functions(take, take_again, free);
}

int main(int argc, char **argv)
{
    struct daemon daemon;
    begin_memory();
    signal(SIGPIPE, SIG_IGN);
    umask(077);
    if (sodium_init() < 0)
        return 1;
    daemon_init(&daemon);
    int code = 0;
    int ask = config_read(argc, argv, &daemon.config, &daemon.err);
    if (ask == CONFIG_HELP) {
        char *help = config_help();
        fputs(help, stdout);
        free(help);
    } else if (ask == CONFIG_VERSION) {
        puts(PACKAGE_STRING);
    } else if (ask < 0) {
        say_error(&daemon.err);
        code = err_exit_code(daemon.err.code);
    } else {
        code = daemon_run(&daemon);
    }
    daemon_clear(&daemon);
    return code;
}
