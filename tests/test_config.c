/* Tests of scheduler/config.c: every setting both ways, every bad field named. */
#include "tests/check.h"

#include "models/alloc.h"
#include "scheduler/config.h"
#include "store/world_files.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Reads options (NULL-terminated) and leaves the issues in err. */
static int read_args(struct config *config, struct alm_error *err, const char *const *args)
{
    char *argv[20] = {NULL};
    int argc = 1;
    for (; args[argc - 1]; argc++)
        argv[argc] = alloc_string(args[argc - 1]);
    config_init(config);
    err_init(err);
    int rc = config_read(argc, argv, config, err);
    for (int i = 0; i < argc; i++)
        free(argv[i]);
    return rc;
}

#define READ(...) read_args(&config, &err, (const char *const[]){__VA_ARGS__, NULL})

static int has_issue(const struct alm_error *err, const char *pointer)
{
    for (size_t i = 0; i < err->n_issues; i++) {
        if (strcmp(err->issues[i].pointer, pointer) == 0)
            return 1;
    }
    return 0;
}

static void done(struct config *config, struct alm_error *err)
{
    config_clear(config);
    err_clear(err);
}

/* Writes a settings file; the path is good until the next call. */
static char *settings_file(const char *text)
{
    static char path[4096];
    char *dir = check_tmpdir();
    snprintf(path, sizeof path, "%s/settings.json", dir);
    CU_ASSERT_EQUAL(world_files_spit(path, text, strlen(text), NULL), 0);
    free(dir);
    return path;
}

static void test_defaults(void)
{
    struct config config;
    struct alm_error err;
    CU_ASSERT_EQUAL(READ(NULL), CONFIG_RUN);
    CU_ASSERT_STRING_EQUAL(config.listen_host, "127.0.0.1");
    CU_ASSERT_EQUAL(config.listen_port, 8080);
    CU_ASSERT(!config.redis_unix && !config.redis_host && !config.policy && !config.tokens);
    CU_ASSERT_STRING_EQUAL(config.region, "city");
    CU_ASSERT_EQUAL(config.round_seconds, 0);
    CU_ASSERT_EQUAL(config.time_limit_seconds, 900);
    /* nothing is thrown away unless somebody says so */
    CU_ASSERT(config.archive_days == 0 && config.person_days == 0);
    done(&config, &err);
}

static void test_command_line(void)
{
    struct config config;
    struct alm_error err;
    CU_ASSERT_EQUAL(READ("--listen", "[::1]:0", "--redis", "unix:/tmp/r.sock", "--region", "a-b.c",
                         "--policy", "p.json", "--tokens", "t.json", "--data", "d",
                         "--round-seconds", "60", "--archive-days", "365", "--person-days", "90",
                         "--demo"),
                    CONFIG_RUN);
    CU_ASSERT_STRING_EQUAL(config.listen_host, "::1");
    CU_ASSERT_EQUAL(config.listen_port, 0);
    CU_ASSERT_STRING_EQUAL(config.redis_unix, "/tmp/r.sock");
    CU_ASSERT_STRING_EQUAL(config.region, "a-b.c");
    CU_ASSERT_STRING_EQUAL(config.policy, "p.json");
    CU_ASSERT_STRING_EQUAL(config.tokens, "t.json");
    CU_ASSERT_STRING_EQUAL(config.data, "d");
    CU_ASSERT_EQUAL(config.round_seconds, 60);
    CU_ASSERT(config.archive_days == 365 && config.person_days == 90);
    CU_ASSERT_EQUAL(config.is_demo, 1);
    done(&config, &err);
    CU_ASSERT_EQUAL(READ("--version"), CONFIG_VERSION);
    done(&config, &err);
    CU_ASSERT_EQUAL(READ("--version", "--help", "--nonsense"), CONFIG_HELP);
    done(&config, &err);
}

static void test_the_command_line_overrides_the_file(void)
{
    struct config config;
    struct alm_error err;
    char *path = settings_file("{\"listen\": \"127.0.0.1:1\", \"redis\": \"localhost:6379\","
                               "\"round_seconds\": 5, \"demo\": true, \"memory_megabytes\": 512}");
    CU_ASSERT_EQUAL(READ("--listen", "127.0.0.2:9", "--config", path), CONFIG_RUN);
    CU_ASSERT_STRING_EQUAL(config.listen_host, "127.0.0.2");
    CU_ASSERT_EQUAL(config.listen_port, 9);
    CU_ASSERT_STRING_EQUAL(config.redis_host, "localhost");
    CU_ASSERT_EQUAL(config.redis_port, 6379);
    CU_ASSERT_EQUAL(config.round_seconds, 5);
    CU_ASSERT_EQUAL(config.memory_megabytes, 512);
    CU_ASSERT_EQUAL(config.is_demo, 1);
    done(&config, &err);
    CU_ASSERT_EQUAL(READ("--config", path, "--redis", "unix:/r"), CONFIG_RUN);
    CU_ASSERT(!config.redis_host);
    done(&config, &err);
}

static void test_every_bad_option_is_named(void)
{
    static const char *const bad[][2] = {
        {"--listen", "8080"},
        {"--listen", "host:70000"},
        {"--listen", ":80"},
        {"--redis", "unix:"},
        {"--redis", "nowhere"},
        {"--region", "a b"},
        {"--region", "a:b"},
        {"--region", ""},
        {"--region", "abcdefghijklmnopqrstuvwxyz0123456789"},
        {"--policy", ""},
        {"--tokens", ""},
        {"--data", ""},
        {"--round-seconds", "-1"},
        {"--round-seconds", "1.5"},
        {"--round-seconds", ""},
        {"--round-seconds", "1x"},
        {"--archive-days", "36501"},
        {"--round-seconds", "99999999999999999999"},
        {"--time-limit-seconds", "x"},
        {"--memory-megabytes", "x"},
        {"--connections-max", "x"},
        {"--round_seconds", "1"},
        {"--nonsense", "x"},
        {"stray", "x"},
    };
    struct config config;
    struct alm_error err;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        CU_ASSERT_EQUAL(READ(bad[i][0], bad[i][1]), -1);
        CU_ASSERT_EQUAL(err.code, ERR_BAD_INPUT);
        CU_ASSERT_EQUAL(err_exit_code(err.code), 2);
        CU_ASSERT(has_issue(&err, bad[i][0]));
        done(&config, &err);
    }
    CU_ASSERT_EQUAL(READ("--listen"), -1);
    CU_ASSERT(has_issue(&err, "--listen"));
    done(&config, &err);
    CU_ASSERT_EQUAL(READ("--demo", "--listen", "0.0.0.0:80"), -1);
    CU_ASSERT(has_issue(&err, "--demo"));
    done(&config, &err);
}

static void test_every_bad_field_of_the_file_is_named(void)
{
    struct config config;
    struct alm_error err;
    char *path =
        settings_file("{\"listen\": 8080, \"redis\": true, \"region\": null, \"policy\": 1,"
                      "\"tokens\": [], \"data\": {}, \"round_seconds\": \"60\","
                      "\"time_limit_seconds\": 1.0, \"demo\": 1, \"nonsense\": 1}");
    static const char *const names[] = {
        "/listen", "/redis",   "/region",        "/policy",
        "/tokens", "/data",    "/round_seconds", "/time_limit_seconds",
        "/demo",   "/nonsense"};
    CU_ASSERT_EQUAL(READ("--config", path), -1);
    CU_ASSERT_EQUAL(err.n_issues, sizeof names / sizeof *names);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        char pointer[4096 + 64];
        snprintf(pointer, sizeof pointer, "%s: %s", path, names[i]);
        CU_ASSERT(has_issue(&err, pointer));
    }
    done(&config, &err);
    static const char *const broken[] = {"", "[]", "{", "{\"demo\":true,\"demo\":true}", "{}x"};
    for (size_t i = 0; i < sizeof broken / sizeof *broken; i++) {
        CU_ASSERT_EQUAL(READ("--config", settings_file(broken[i])), -1);
        CU_ASSERT_EQUAL(err_exit_code(err.code), 2);
        CU_ASSERT_PTR_NOT_NULL(strstr(err.message, "settings.json"));
        done(&config, &err);
    }
    CU_ASSERT_EQUAL(READ("--config", "/nowhere/settings.json"), -1);
    CU_ASSERT_PTR_NOT_NULL(strstr(err.message, "/nowhere/settings.json"));
    done(&config, &err);
}

static void test_help_names_every_option(void)
{
    char *text = config_help();
    static const char *const names[] = {"--config", "--listen",  "--redis", "--region",
                                        "--policy", "--tokens",  "--data",  "--round-seconds",
                                        "--demo",   "--version", "--help"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        CU_ASSERT_PTR_NOT_NULL(strstr(text, names[i]));
    free(text);
}

static const struct check_test tests[] = {
    {"defaults", test_defaults},
    {"command_line", test_command_line},
    {"file", test_the_command_line_overrides_the_file},
    {"bad_options", test_every_bad_option_is_named},
    {"bad_file", test_every_bad_field_of_the_file_is_named},
    {"help", test_help_names_every_option},
};
CHECK_SUITE(suite_config, tests);
