/* config.c - see config.h. */
#include "scheduler/config.h"

#include "models/alloc.h"
#include "models/record.h"
#include "store/world_files.h"

#include <errno.h>
#include <inttypes.h>
#include <jansson.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

/* Takes one value as text; -1 with an issue at `pointer`. */
struct setting;
typedef int (*setting_fn)(const struct setting *setting, struct config *config, const char *text,
                          const char *pointer, struct alm_error *err);

static int set_text(const struct setting *setting, struct config *config, const char *text,
                    const char *pointer, struct alm_error *err);
static int set_number(const struct setting *setting, struct config *config, const char *text,
                      const char *pointer, struct alm_error *err);
static int set_listen(const struct setting *setting, struct config *config, const char *text,
                      const char *pointer, struct alm_error *err);
static int set_redis(const struct setting *setting, struct config *config, const char *text,
                     const char *pointer, struct alm_error *err);
static int set_region(const struct setting *setting, struct config *config, const char *text,
                      const char *pointer, struct alm_error *err);

struct setting {
    const char *name; /* in the file; the option is --name with - for _ */
    const char *form; /* of the value, for --help; NULL = a switch */
    setting_fn set;
    size_t offset;
    int64_t max;
    const char *meaning;
};

#define AT(field) offsetof(struct config, field)
static const struct setting settings[] = {
    {"listen", "HOST:PORT", set_listen, 0, 0, "where to serve HTTP; port 0 = any [127.0.0.1:8080]"},
    {"redis", "unix:PATH|HOST:PORT", set_redis, 0, 0,
     "use this Redis; without it a private redis-server is started below --data"},
    {"region", "NAME", set_region, AT(region), 0, "name of the city in Redis [city]"},
    {"policy", "FILE", set_text, AT(policy), 0, "rule profile, read at the start and on SIGHUP"},
    {"tokens", "FILE", set_text, AT(tokens), 0, "bearer tokens [DATA/tokens.json]"},
    {"data", "DIR", set_text, AT(data), 0, "folder of the daemon's own files [almoner-data]"},
    {"seal_key", "FILE", set_text, AT(seal_key), 0,
     "key of the personal data; daemons on one Redis share it [DATA/seal.key]"},
    {"round_seconds", "N", set_number, AT(round_seconds), 366 * 86400,
     "a round every N seconds; 0 = on demand only [0]"},
    {"time_limit_seconds", "N", set_number, AT(time_limit_seconds), 86400,
     "end a solve after N seconds with the best plan found; 0 = no limit [900]"},
    {"memory_megabytes", "N", set_number, AT(memory_megabytes), 1 << 24,
     "memory of the process that solves; 0 = no limit [0]"},
    {"archive_days", "N", set_number, AT(archive_days), 36500,
     "remove the archive of a round N days after it ended, the newest excepted; 0 = keep all [0]"},
    {"person_days", "N", set_number, AT(person_days), 36500,
     "erase the personal data of an application N days after it was closed; 0 = never [0]"},
    {"connections_max", "N", set_number, AT(connections_max), 1 << 20,
     "most HTTP connections at a time [4096]"},
    {"demo", NULL, set_number, AT(is_demo), 1,
     "load the shipped city, serve on loopback only, print links and tokens"},
};
enum { SETTINGS = sizeof settings / sizeof *settings };

void config_init(struct config *config)
{
    *config = (struct config){
        .listen_host = alloc_string("127.0.0.1"),
        .listen_port = 8080,
        .region = alloc_string("city"),
        .data = alloc_string("almoner-data"),
        .connections_max = 4096,
        .time_limit_seconds = 900,
    };
}

void config_clear(struct config *config)
{
    char *texts[] = {config->listen_host, config->redis_unix, config->redis_host, config->region,
                     config->policy,      config->tokens,     config->data,       config->seal_key};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        free(texts[i]);
    *config = (struct config){0};
}

/* ---- values ---- */

static void replace(char **slot, const char *text, size_t len)
{
    free(*slot);
    *slot = alloc_string_n(text, len);
}

static int set_text(const struct setting *setting, struct config *config, const char *text,
                    const char *pointer, struct alm_error *err)
{
    if (!*text)
        return err_issue(err, pointer, "required", "may not be empty");
    replace((char **)(void *)((char *)config + setting->offset), text, strlen(text));
    return 0;
}

static int to_number(const char *text, int64_t max, int64_t *number)
{
    char *end;
    errno = 0;
    long long value = strtoll(text, &end, 10);
    if (text[0] < '0' || text[0] > '9' || *end || errno || value > max)
        return -1;
    *number = value;
    return 0;
}

static int set_number(const struct setting *setting, struct config *config, const char *text,
                      const char *pointer, struct alm_error *err)
{
    int64_t *slot = (int64_t *)(void *)((char *)config + setting->offset);
    if (to_number(text, setting->max, slot) < 0)
        return err_issue(err, pointer, "range", "\"%s\" is not a whole number from 0 to %" PRId64,
                         text, setting->max);
    return 0;
}

/* "host:port" or "[v6]:port". */
static int set_host_port(const char *text, char **host, int64_t *port, const char *pointer,
                         struct alm_error *err)
{
    const char *colon = strrchr(text, ':');
    int64_t number = 0;
    size_t len = colon ? (size_t)(colon - text) : 0;
    if (len == 0 || to_number(colon + 1, 65535, &number) < 0)
        return err_issue(err, pointer, "format", "\"%s\" is not HOST:PORT", text);
    if (text[0] == '[' && text[len - 1] == ']' && len > 2)
        replace(host, text + 1, len - 2);
    else
        replace(host, text, len);
    *port = number;
    return 0;
}

static int set_listen(const struct setting *setting, struct config *config, const char *text,
                      const char *pointer, struct alm_error *err)
{
    (void)setting;
    return set_host_port(text, &config->listen_host, &config->listen_port, pointer, err);
}

static int set_redis(const struct setting *setting, struct config *config, const char *text,
                     const char *pointer, struct alm_error *err)
{
    static const char prefix[] = "unix:";
    (void)setting;
    free(config->redis_unix);
    free(config->redis_host);
    config->redis_unix = config->redis_host = NULL;
    if (strncmp(text, prefix, sizeof prefix - 1) != 0)
        return set_host_port(text, &config->redis_host, &config->redis_port, pointer, err);
    if (!text[sizeof prefix - 1])
        return err_issue(err, pointer, "format", "\"%s\" names no socket", text);
    replace(&config->redis_unix, text + sizeof prefix - 1, strlen(text) - sizeof prefix + 1);
    return 0;
}

static int set_region(const struct setting *setting, struct config *config, const char *text,
                      const char *pointer, struct alm_error *err)
{
    if (strlen(text) > 32 || !record_id_ok(text, strlen(text)) || strchr(text, ':'))
        return err_issue(err, pointer, "format",
                         "\"%s\" is not a name of 1 to 32 letters, digits, "
                         ". _ -",
                         text);
    return set_text(setting, config, text, pointer, err);
}

/* ---- the file ---- */

static const struct setting *find_by_name(const char *name)
{
    for (size_t i = 0; i < SETTINGS; i++) {
        if (strcmp(settings[i].name, name) == 0)
            return &settings[i];
    }
    return NULL;
}

static void set_from_json(struct config *config, const char *name, const json_t *value,
                          struct alm_error *err)
{
    char pointer[80], number[32];
    const struct setting *setting = find_by_name(name);
    snprintf(pointer, sizeof pointer, "/%.70s", name);
    int is_number = setting && setting->set == set_number;
    if (!setting) {
        err_issue(err, pointer, "unknown", "there is no such setting");
    } else if (is_number && setting->form && json_is_integer(value)) {
        snprintf(number, sizeof number, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
        setting->set(setting, config, number, pointer, err);
    } else if (is_number && !setting->form && json_is_boolean(value)) {
        setting->set(setting, config, json_is_true(value) ? "1" : "0", pointer, err);
    } else if (!is_number && json_is_string(value)) {
        setting->set(setting, config, json_string_value(value), pointer, err);
    } else {
        err_issue(err, pointer, "type", "has to be %s",
                  !is_number      ? "a text"
                  : setting->form ? "a whole number"
                                  : "true or false");
    }
}

static void read_file(struct config *config, const char *path, struct alm_error *err)
{
    size_t len = 0;
    json_error_t where;
    const char *name;
    json_t *value;
    char *bytes = world_files_slurp(path, &len, err);
    if (!bytes)
        return;
    json_t *root = json_loadb(bytes, len, JSON_REJECT_DUPLICATES, &where);
    free(bytes);
    if (!root)
        err_set(err, ERR_BAD_INPUT, "%s:%d: %s", path, where.line, where.text);
    else if (!json_is_object(root))
        err_set(err, ERR_BAD_INPUT, "%s: a JSON object is expected", path);
    else
        json_object_foreach(root, name, value) set_from_json(config, name, value, err);
    if (json_is_object(root) && err->n_issues)
        err_in_file(err, path);
    json_decref(root);
}

/* ---- the command line ---- */

static const struct setting *find_by_option(const char *option)
{
    char name[64];
    if (strncmp(option, "--", 2) != 0 || strchr(option, '_') || strlen(option) - 2 >= sizeof name)
        return NULL;
    memcpy(name, option + 2, strlen(option) - 1);
    for (char *at = name; (at = strchr(at, '-'));)
        *at = '_';
    return find_by_name(name);
}

/* One pass: with `config` NULL it only looks for --config (its value into *file), --help and
 * --version. */
static int read_options(int argc, char **argv, struct config *config, const char **file,
                        struct alm_error *err)
{
    int ask = CONFIG_RUN;
    for (int i = 1; i < argc; i++) {
        const struct setting *setting = find_by_option(argv[i]);
        int is_file = strcmp(argv[i], "--config") == 0;
        if (strcmp(argv[i], "--help") == 0)
            ask = CONFIG_HELP;
        else if (strcmp(argv[i], "--version") == 0)
            ask = ask == CONFIG_HELP ? ask : CONFIG_VERSION;
        else if (!setting && !is_file)
            err_issue(err, argv[i], "unknown", "there is no such option (see --help)");
        else if ((is_file || setting->form) && i + 1 == argc)
            err_issue(err, argv[i], "required", "needs a value");
        else if (is_file)
            *file = argv[++i];
        else if (!config)
            i += setting->form != NULL;
        else if (setting->form)
            setting->set(setting, config, argv[i + 1], argv[i], err), i++;
        else
            setting->set(setting, config, "1", argv[i], err);
    }
    return ask;
}

static int is_loopback(const char *host)
{
    return strncmp(host, "127.", 4) == 0 || strcmp(host, "::1") == 0 ||
           strcmp(host, "localhost") == 0;
}

int config_read(int argc, char **argv, struct config *config, struct alm_error *err)
{
    const char *file = NULL;
    struct alm_error ignored;
    err_init(&ignored);
    int ask = read_options(argc, argv, NULL, &file, &ignored);
    err_clear(&ignored);
    if (ask != CONFIG_RUN)
        return ask;
    if (file)
        read_file(config, file, err);
    read_options(argc, argv, config, &file, err);
    if (config->is_demo && !is_loopback(config->listen_host))
        err_issue(err, "--demo", "conflict", "serves on loopback only, not on %s",
                  config->listen_host);
    return err->code == ERR_NONE ? CONFIG_RUN : -1;
}

char *config_help(void)
{
    struct buffer text;
    buffer_init(&text);
    buffer_text(&text, "usage: almonerd [options]\n\n  --config FILE\n      JSON with the settings "
                       "below (words with _), overridden by the command line\n");
    for (size_t i = 0; i < SETTINGS; i++) {
        char option[64];
        snprintf(option, sizeof option, "--%s", settings[i].name);
        for (char *at = option; (at = strchr(at, '_'));)
            *at = '-';
        buffer_format(&text, "  %s%s%s\n      %s\n", option, settings[i].form ? " " : "",
                      settings[i].form ? settings[i].form : "", settings[i].meaning);
    }
    buffer_text(&text, "  --version\n  --help\n\nexit codes: 0 ended in order, 1 failed, 2 bad "
                       "usage or settings, 4 a service is unavailable\n");
    return buffer_take(&text, NULL);
}
