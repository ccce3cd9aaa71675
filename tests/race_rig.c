/* race_rig.c - see race_rig.h. The daemons are started here and asked in race_ask.c; what they hold
 * is read in race_view.c. */
#include "tests/race_rig.h"

#include "models/alloc.h"
#include "store/token.h"
#include "store/world_files.h"
#include "tests/check.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* No answer is late, and whoever turned a bed down may get it again. */
static const char policy_text[] =
    "{\"name\":\"races\",\"version\":1,\"objectives\":[\"need\",\"placements\",\"transfers\"],"
    "\"points\":[{\"name\":\"level\",\"type\":\"table\",\"field\":\"level\",\"points\":{\"3\":40}}]"
    ","
    "\"offer\":{\"answer_seconds\":864000,\"admit_seconds\":864000,\"max_chain\":3,"
    "\"declined_days\":0}}";

static char *token_new(const char *tokens, enum role role, const char *scope)
{
    char text[TOKEN_TEXT];
    CU_ASSERT_EQUAL_FATAL(token_create(tokens, role, scope, text, NULL), 0);
    return alloc_string(text);
}

int race_rig_start(struct race_rig *rig, int daemon)
{
    char address[300];
    snprintf(address, sizeof address, "unix:%s", rig->socket[daemon]);
    const char *const options[] = {"--redis",  address,     "--seal-key",      rig->key,
                                   "--tokens", rig->tokens, "--policy",        rig->policy,
                                   "--region", RACE_REGION, "--round-seconds", "0",
                                   NULL};
    return served_start(rig->daemon[daemon], options);
}

struct race_rig *race_rig_new(void)
{
    struct redis_server *redis = redis_server_start(NULL);
    if (!redis) {
        check_skip("redis-server does not start here");
        return NULL;
    }
    struct race_rig *rig = alloc_zero(1, sizeof *rig);
    rig->redis = redis;
    for (int d = 0; d < RACE_DAEMONS; d++) {
        rig->daemon[d] = served_new();
        rig->socket[d] = redis_server_socket(redis);
    }
    rig->tokens = served_path(rig->daemon[0], "tokens.json");
    rig->policy = served_path(rig->daemon[0], "policy.json");
    rig->key = served_path(rig->daemon[0], "seal.key");
    rig->admin = rig->daemon[0]->token[ROLE_ADMIN];
    rig->planner = rig->daemon[0]->token[ROLE_PLANNER];
    rig->district = token_new(rig->tokens, ROLE_DISTRICT, RACE_DISTRICT);
    for (int h = 0; h < RACE_HOMES; h++)
        rig->home[h] = token_new(rig->tokens, ROLE_INSTITUTION, h ? "H1" : "H0");
    CU_ASSERT_EQUAL_FATAL(world_files_spit(rig->policy, policy_text, strlen(policy_text), NULL), 0);
    for (int d = 0; d < RACE_DAEMONS; d++)
        CU_ASSERT_EQUAL_FATAL(race_rig_start(rig, d), 0);
    return rig;
}

void race_rig_free(struct race_rig *rig)
{
    if (!rig)
        return;
    for (int d = 0; d < RACE_DAEMONS; d++) {
        if (rig->daemon[d]->pid)
            CU_ASSERT_EQUAL(served_end(rig->daemon[d], SIGTERM), 0);
        served_free(rig->daemon[d]);
    }
    for (int h = 0; h < RACE_HOMES; h++)
        free(rig->home[h]);
    free(rig->district);
    free(rig->key);
    free(rig->policy);
    free(rig->tokens);
    redis_server_free(rig->redis);
    free(rig);
}
