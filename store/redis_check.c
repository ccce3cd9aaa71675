/* redis_check.c - see redis_check.h. */
#include "store/redis_check.h"

#include "models/alloc.h"

#include <hiredis/hiredis.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { VERSION_NEEDED = 7 };

struct check {
    struct redis_link *link;
    enum redis_durability wanted;
    redis_check_fn on_done;
    void *arg;
    struct redis_facts facts;
};

/* The value of one line "name:value" of INFO; "" when it is not there. */
static void fact(const struct redis_facts *facts, const char *name, char *value, size_t room)
{
    size_t len = strlen(name);
    *value = '\0';
    for (const char *line = facts->info; line; line = strchr(line, '\n')) {
        line += *line == '\n';
        if (strncmp(line, name, len) != 0 || line[len] != ':')
            continue;
        snprintf(value, room, "%.*s", (int)strcspn(line + len + 1, "\r\n"), line + len + 1);
        return;
    }
}

static int is_fact(const struct redis_facts *facts, const char *name, const char *wanted)
{
    char value[64];
    fact(facts, name, value, sizeof value);
    return strcmp(value, wanted) == 0;
}

static int refuse(char why[REDIS_CHECK_TEXT], const char *sentence)
{
    snprintf(why, REDIS_CHECK_TEXT, "%s", sentence);
    return -1;
}

static int check_durability(const struct redis_facts *facts, enum redis_durability wanted,
                            char why[REDIS_CHECK_TEXT])
{
    if (wanted == REDIS_ANY)
        return 0;
    if (!is_fact(facts, "aof_enabled", "1"))
        return refuse(why, "appendonly is off, so a crash would lose answers that were given: "
                           "set appendonly yes");
    if (!facts->appendfsync[0] && wanted == REDIS_AOF_ALWAYS)
        return refuse(why, "appendfsync cannot be seen because CONFIG GET is refused: allow it, "
                           "or ask for a weaker durability");
    if (strcmp(facts->appendfsync, "no") == 0)
        return refuse(why, "appendfsync is no: set it to always");
    if (wanted == REDIS_AOF_ALWAYS && strcmp(facts->appendfsync, "always") != 0)
        return refuse(why, "appendfsync is everysec, so a power cut would lose the last second: "
                           "set it to always, or ask for everysec");
    if (facts->is_off_on_rewrite)
        return refuse(why, "no-appendfsync-on-rewrite is yes, so nothing would be durable during "
                           "a rewrite: set it to no");
    return 0;
}

int redis_check_facts(const struct redis_facts *facts, enum redis_durability wanted,
                      char why[REDIS_CHECK_TEXT])
{
    char version[32];
    fact(facts, "redis_version", version, sizeof version);
    if (atoi(version) < VERSION_NEEDED) {
        snprintf(why, REDIS_CHECK_TEXT, "version %s is too old: %d or later is needed",
                 *version ? version : "unknown", VERSION_NEEDED);
        return -1;
    }
    if (is_fact(facts, "loading", "1"))
        return refuse(why, "it is still loading its data");
    if (is_fact(facts, "role", "slave"))
        return refuse(why, "it is a replica: connect to the primary");
    if (!is_fact(facts, "maxmemory_policy", "noeviction"))
        return refuse(why, "maxmemory-policy would throw records away: set it to noeviction");
    return check_durability(facts, wanted, why);
}

/* CONFIG GET answers name, value, name, value. */
static void take_config(struct redis_facts *facts, const redisReply *reply)
{
    for (size_t i = 0; i + 1 < reply->elements; i += 2) {
        const char *name = reply->element[i]->str, *value = reply->element[i + 1]->str;
        if (name && value && strcmp(name, "appendfsync") == 0)
            snprintf(facts->appendfsync, sizeof facts->appendfsync, "%s", value);
        if (name && value && strcmp(name, "no-appendfsync-on-rewrite") == 0)
            facts->is_off_on_rewrite = strcmp(value, "yes") == 0;
    }
}

static void on_config(void *arg, enum redis_outcome outcome, const redisReply *reply)
{
    struct check *check = arg;
    char why[REDIS_CHECK_TEXT];
    if (outcome == REDIS_ANSWERED) {
        if (reply->type == REDIS_REPLY_ARRAY)
            take_config(&check->facts, reply);
        int is_ok = redis_check_facts(&check->facts, check->wanted, why) == 0;
        check->on_done(check->arg, is_ok ? NULL : why);
    }
    free(check);
}

static void ask(struct check *check, const char *const *words, size_t n, redis_reply_fn on_reply)
{
    struct redis_args args = {0};
    for (size_t i = 0; i < n; i++)
        redis_args_text(&args, words[i]);
    int sent = redis_link_send(check->link, &args, 0, on_reply, check);
    redis_args_clear(&args);
    if (sent != 0) /* the link is being lost: it will be checked again */
        free(check);
}

static void on_info(void *arg, enum redis_outcome outcome, const redisReply *reply)
{
    static const char *const config[] = {"CONFIG", "GET", "appendfsync",
                                         "no-appendfsync-on-rewrite"};
    struct check *check = arg;
    if (outcome != REDIS_ANSWERED) {
        free(check);
        return;
    }
    if (reply->type == REDIS_REPLY_STRING)
        snprintf(check->facts.info, sizeof check->facts.info, "%s", reply->str);
    ask(check, config, sizeof config / sizeof *config, on_config);
}

void redis_check_start(struct redis_link *link, enum redis_durability wanted,
                       redis_check_fn on_done, void *arg)
{
    static const char *const info[] = {"INFO"};
    struct check *check = alloc_zero(1, sizeof *check);
    check->link = link;
    check->wanted = wanted;
    check->on_done = on_done;
    check->arg = arg;
    ask(check, info, 1, on_info);
}
