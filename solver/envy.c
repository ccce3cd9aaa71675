/* envy.c - see envy.h: two newcomers, and the count over a whole round. */
#include "solver/envy.h"

#include "models/alloc.h"
#include "models/stamp.h"
#include "solver/verify_look.h"
#include "solver/verify_rules.h"

#include <stdlib.h>
#include <string.h>

#define ENVY_WORD(name, word) [ENVY_##name] = word,
const char *const envy_words[ENVY_KINDS] = {ENVIES(ENVY_WORD)};

/* -- two newcomers -- */

struct envy_person envy_person(const struct eligibility *rules, const struct applicant *applicant,
                               int64_t points, int is_together)
{
    const struct policy *policy = rules->policy;
    return (struct envy_person){
        .applicant = applicant,
        .points = points,
        .days = stamp_days(applicant->applied_at, rules->now),
        .minutes = policy_care_minutes(policy, applicant),
        .is_guaranteed =
            applicant->class_code[0] && list_has(&policy->guarantee_classes, applicant->class_code),
        .is_together = is_together,
    };
}

static int is_reserved_class(const struct pool *pool, const char *class_code)
{
    int found = 0;
    for (size_t k = 0; k < pool->n_reserved; k++)
        found |= strcmp(pool->reserved[k].class_code, class_code) == 0;
    return found;
}

int envy_is_for_both(const struct applicant *person, const struct applicant *other,
                     const struct pool *pool)
{
    return strcmp(other->class_code, person->class_code) == 0 ||
           (!is_reserved_class(pool, other->class_code) &&
            !is_reserved_class(pool, person->class_code));
}

int envy_breaks_row(const struct envy_person *person, const struct envy_person *other,
                    const struct envy_place *place)
{
    if (person->is_together || other->is_together ||
        (place->pool->n_rooms && other->applicant->sex != person->applicant->sex))
        return 1;
    return place->minutes_left != INT64_MAX &&
           person->minutes > other->minutes + place->minutes_left;
}

/* What a newcomer counts in an objective that asks only who is placed; 0 and *is_last in others. */
static int64_t count_of(const struct envy_person *person, enum objective objective, int *is_last)
{
    switch (objective) {
    case OBJECTIVE_GUARANTEE:
        return person->is_guaranteed;
    case OBJECTIVE_NEED:
        return person->points;
    case OBJECTIVE_PLACEMENTS:
        return 1;
    case OBJECTIVE_SENIORITY:
        return person->days;
    default:
        *is_last = 1;
        return 0;
    }
}

int envy_counts_more(const struct policy *policy, const struct envy_person *person,
                     const struct envy_person *other)
{
    int is_last = 0;
    for (size_t k = 0; k < policy->n_objectives && person->points > other->points; k++) {
        int64_t mine = count_of(person, policy->objectives[k], &is_last);
        int64_t theirs = count_of(other, policy->objectives[k], &is_last);
        if (is_last)
            return 0;
        if (mine != theirs)
            return mine > theirs;
    }
    return 0;
}

/* -- a whole round -- */

struct count {
    const struct verify_round *round;
    struct envy_person *people; /* as in the round; residents are left at 0 */
    size_t *first, *newcomers;  /* by pool: who the plan brings there */
    int64_t *minutes_left;      /* by home */
    int is_coupled;
};

static int is_newcomer(const struct verify_person *person)
{
    return person->own == VERIFY_NOWHERE;
}

static void fill_people(struct count *count)
{
    const struct verify_round *round = count->round;
    count->people = alloc_zero(round->n_people + 1, sizeof *count->people);
    for (size_t i = 0; i < round->n_people; i++) {
        const struct applicant *applicant = round->people[i].applicant;
        int is_together = count->is_coupled && applicant->household_id[0] &&
                          applicant->together == TOGETHER_INSTITUTION;
        if (is_newcomer(&round->people[i]))
            count->people[i] =
                envy_person(&round->rules, applicant, round->people[i].points, is_together);
    }
}

static void fill_newcomers(struct count *count)
{
    const struct verify_round *round = count->round;
    count->first = alloc_zero(round->n_pools + 2, sizeof *count->first);
    count->newcomers = alloc_zero(round->n_people + 1, sizeof *count->newcomers);
    for (size_t i = 0; i < round->n_people; i++)
        if (is_newcomer(&round->people[i]) && round->people[i].to != VERIFY_NOWHERE)
            count->first[round->people[i].to + 2]++;
    for (size_t p = 0; p < round->n_pools; p++)
        count->first[p + 2] += count->first[p + 1];
    for (size_t i = 0; i < round->n_people; i++)
        if (is_newcomer(&round->people[i]) && round->people[i].to != VERIFY_NOWHERE)
            count->newcomers[count->first[round->people[i].to + 1]++] = i;
}

static void fill_minutes(struct count *count)
{
    const struct verify_round *round = count->round;
    count->minutes_left = alloc_zero(round->n_homes + 1, sizeof *count->minutes_left);
    for (size_t p = 0; p < round->n_pools; p++)
        count->minutes_left[round->pools[p].home_index] = round->pools[p].home->care_minutes;
    for (size_t i = 0; i < round->n_people; i++) {
        const struct verify_person *person = &round->people[i];
        if (person->to == VERIFY_NOWHERE)
            continue;
        if (round->pools[person->to].home->care_minutes != RECORD_NO_LIMIT)
            count->minutes_left[round->pools[person->to].home_index] -= person->minutes;
        if (!is_newcomer(person) && round->pools[person->own].home->care_minutes != RECORD_NO_LIMIT)
            count->minutes_left[round->pools[person->own].home_index] += person->minutes;
    }
}

static int is_better(const struct verify_round *round, const struct verify_person *person,
                     size_t pool, int64_t metres)
{
    if (!person->placement)
        return 1;
    int64_t rank = applicant_rank(person->applicant, round->pools[pool].home->record.id,
                                  round->rules.policy->unlisted_rank);
    return rank < person->placement->rank ||
           (rank == person->placement->rank && metres < person->placement->metres);
}

/* Whom person i envies in a pool that the rules would have let them into. */
static enum envy envy_in(const struct count *count, size_t i, size_t pool)
{
    const struct verify_round *round = count->round;
    const struct verify_pool *at = &round->pools[pool];
    size_t to = round->people[i].to;
    int is_inside = to != VERIFY_NOWHERE && round->pools[to].home == at->home;
    struct envy_place place = {at->pool,
                               is_inside ? INT64_MAX : count->minutes_left[at->home_index]};
    enum envy worst = ENVY_NONE;
    for (size_t n = count->first[pool]; n < count->first[pool + 1]; n++) {
        const struct envy_person *other = &count->people[count->newcomers[n]];
        if (!envy_counts_more(round->rules.policy, &count->people[i], other) ||
            !envy_is_for_both(count->people[i].applicant, other->applicant, at->pool))
            continue;
        if (!envy_breaks_row(&count->people[i], other, &place))
            return to == VERIFY_NOWHERE ? ENVY_UNPLACED : ENVY_PLACED;
        worst = ENVY_ROW;
    }
    return worst;
}

static enum envy envy_of(const struct count *count, size_t i, struct verify_look *look)
{
    const struct verify_person *person = &count->round->people[i];
    enum envy worst = ENVY_NONE;
    verify_look_at(look, person);
    for (size_t c = 0; c < look->n_choices; c++) {
        const struct verify_choice *choice = &look->choices[c];
        if (choice->pool == person->to ||
            !is_better(count->round, person, choice->pool, choice->metres))
            continue;
        enum envy here = envy_in(count, i, choice->pool);
        worst = here > worst ? here : worst;
    }
    return worst;
}

int envy_count(const struct region *region, const struct policy *policy, const struct plan *plan,
               size_t counts[ENVY_KINDS], struct alm_error *err)
{
    struct count count = {.round = NULL};
    struct verify_round *round = verify_round_new(region, policy, plan, err);
    memset(counts, 0, ENVY_KINDS * sizeof *counts);
    if (!round)
        return -1;
    count.round = round;
    count.is_coupled = verify_rules_are_coupled(round);
    fill_people(&count);
    fill_newcomers(&count);
    fill_minutes(&count);
    struct verify_look look;
    verify_look_init(&look, round);
    for (size_t i = 0; i < round->n_people; i++)
        if (is_newcomer(&round->people[i]))
            counts[envy_of(&count, i, &look)]++;
    verify_look_clear(&look);
    free(count.people);
    free(count.first);
    free(count.newcomers);
    free(count.minutes_left);
    verify_round_free(round);
    return 0;
}
