/* words.c - the words of words.h. */
#include "models/words.h"

#include "models/alloc.h"

#include <string.h>

#define WORDS_TEXT(name, word) word,
#define WORDS_TEXT3(name, word, max) word,
#define WORDS_MAX(name, word, max) max,

#define WORDS_DEFINE(variable, LIST, TEXT)                                                         \
    static const char *const variable##_list[] = {LIST(TEXT)};                                     \
    const struct words variable = {variable##_list, sizeof variable##_list / sizeof(char *)};

WORDS_DEFINE(words_kind, KINDS, WORDS_TEXT)
WORDS_DEFINE(words_sex, SEXES, WORDS_TEXT)
WORDS_DEFINE(words_sex_rule, SEX_RULES, WORDS_TEXT)
WORDS_DEFINE(words_together, TOGETHERS, WORDS_TEXT)
WORDS_DEFINE(words_applicant_state, APPLICANT_STATES, WORDS_TEXT)
WORDS_DEFINE(words_closed_reason, CLOSED_REASONS, WORDS_TEXT)
WORDS_DEFINE(words_offer_state, OFFER_STATES, WORDS_TEXT)
WORDS_DEFINE(words_side, SIDES, WORDS_TEXT)
WORDS_DEFINE(words_reason, REASONS, WORDS_TEXT)
WORDS_DEFINE(words_objective, OBJECTIVES, WORDS_TEXT3)
WORDS_DEFINE(words_rule_type, RULE_TYPES, WORDS_TEXT)
WORDS_DEFINE(words_reserve_mode, RESERVE_MODES, WORDS_TEXT)
WORDS_DEFINE(words_plan_status, PLAN_STATUSES, WORDS_TEXT)
WORDS_DEFINE(words_round_state, ROUND_STATES, WORDS_TEXT)
WORDS_DEFINE(words_record_type, RECORD_TYPES, WORDS_TEXT)
WORDS_DEFINE(words_role, ROLES, WORDS_TEXT)

const char *words_name(const struct words *words, int value)
{
    return value >= 0 && value < words->count ? words->list[value] : "?";
}

int words_find(const struct words *words, const char *word, size_t len)
{
    for (int i = 0; i < words->count; i++)
        if (strlen(words->list[i]) == len && memcmp(words->list[i], word, len) == 0)
            return i;
    return -1;
}

char *words_all(const struct words *words)
{
    struct buffer all;
    buffer_init(&all);
    for (int i = 0; i < words->count; i++)
        buffer_format(&all, "%s%s", all.len ? " " : "", words->list[i]);
    return buffer_take(&all, NULL);
}

int words_objective_is_max(enum objective objective)
{
    static const int is_max[] = {OBJECTIVES(WORDS_MAX)};
    return is_max[objective];
}
