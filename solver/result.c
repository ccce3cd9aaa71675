/* result.c - see result.h. Pure; the order is that of the problem, which is by id. */
#include "solver/result.h"

#include "models/alloc.h"
#include "models/digest.h"
#include "models/slices.h"
#include "models/write_json.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

/* Fewer people are not worth a thread. */
enum { LOOK_AHEAD = 12, SLICE_PEOPLE = 4000 };
enum { SHORT_ID = 8 }; /* with its NUL; no id has less room */

/* Why the pools ran out, for people with no eligible pool. */
static const char *const ran_out[REASON_COUNT] = {
    [REASON_KIND] = "No home has places of the kind that was asked for.",
    [REASON_LEVEL] = "No place of the kind asked for takes the assessed level.",
    [REASON_SEX] =
        "The places that take the level are for the other sex, or the sex is not stated.",
    [REASON_NEEDS] = "No place that fits otherwise offers all that the person needs.",
    [REASON_SERVES] = "The places that fit otherwise are for residents of other villages.",
    [REASON_DISTANCE] = "The places that fit otherwise are farther away than the limit allows.",
    [REASON_FEE] = "The places that fit otherwise cost more than the person's limit.",
    [REASON_STAR] = "The places that fit otherwise have fewer stars than the person asks for.",
    [REASON_SUSPENDED] = "The homes that fit otherwise are suspended.",
    [REASON_ASSESSMENT] = "The assessment is no longer valid; a new one is needed first.",
    [REASON_RESERVED] = "Only beds kept for other priority classes are left.",
    [REASON_DECLINED] = "The places that are left were turned down before.",
    [REASON_NO_BED] = "No bed is free in the places that fit.",
    [REASON_NOT_ASKED] = "The person has a place and did not ask for any of the others.",
};

/* The present place of a resident is of a kind and for a level, too. */
static const char *const ran_out_of_others[REASON_COUNT] = {
    [REASON_KIND] = "No other place is of the kind that was asked for.",
    [REASON_LEVEL] = "No other place of the kind asked for takes the assessed level.",
};

static void copy_id(char to[ID_MAX + 1], const char *id)
{
    size_t len = strnlen(id, ID_MAX);
    memcpy(to, id, len);
    to[len] = '\0';
}

/* A person's id from the list of them, which is read in order. */
static void copy_person_id(char *to, const struct problem *problem, size_t person)
{
    uint32_t at = problem->id_at[person];
    memcpy(to, problem->ids + at, problem->id_at[person + 1] - at);
}

/* The pairs lie anywhere in memory: asked for some people ahead. */
static void look_ahead(const struct result *result, size_t person)
{
    const struct problem *problem = result->problem;
    person += LOOK_AHEAD;
    if (person < problem->n_people && result->chosen[person] != PROBLEM_NONE)
        __builtin_prefetch(&problem->pairs[result->chosen[person]]);
}

static const struct pool *pool_of(const struct problem *problem, uint32_t pair)
{
    return problem->parts[problem->pairs[pair].part].pool;
}

static void fill_placement(const struct result *result, uint32_t person,
                           struct placement *placement)
{
    const struct problem *problem = result->problem;
    const struct problem_pair *pair = &problem->pairs[result->chosen[person]];
    *placement = (struct placement){
        .metres = pair->metres, .rank = pair->rank, .points = problem->people[person].points};
    copy_person_id(placement->applicant_id, problem, person);
    const struct pool *pool = pool_of(problem, result->chosen[person]);
    memcpy(placement->pool_id, pool->record.id, sizeof placement->pool_id);
}

/* Pools that would take this person, the present one not counted: parts of one pool lie side by
 * side. */
static uint32_t eligible_pools(const struct problem *problem, const struct problem_person *person)
{
    uint32_t n = 0, last = PROBLEM_NONE;
    if (problem->n_parts == problem->n_pools) /* none has two */
        return person->n_pairs - (person->stay_pair != PROBLEM_NONE);
    for (uint32_t pair = person->first_pair; pair < person->first_pair + person->n_pairs; pair++) {
        uint32_t pool = problem->parts[problem->pairs[pair].part].pool_index;
        if (pair == person->stay_pair || pool == last)
            continue;
        last = pool;
        n++;
    }
    return n;
}

/* Written for most people of a round: no printf. */
static void add_count(struct buffer *text, const char *before, uint32_t n, const char *noun)
{
    buffer_text(text, before);
    write_json_int(text, n);
    buffer_text(text, noun);
    buffer_text(text, n == 1 ? "" : "s");
}

/* Why somebody has no place. */
struct cause {
    enum reason reason;
    int is_resident;
    uint32_t n_pools;
};

static void write_sentence(const struct cause *cause, struct buffer *text)
{
    text->len = 0;
    if (cause->is_resident && ran_out_of_others[cause->reason]) {
        buffer_text(text, ran_out_of_others[cause->reason]);
    } else if (cause->reason != REASON_OUTRANKED) {
        buffer_text(text, ran_out[cause->reason]);
    } else if (cause->is_resident) {
        add_count(text, "The person stays: ", cause->n_pools, " other pool");
        buffer_text(text, " could take them, but a move would not make the plan better by the "
                          "objectives.");
    } else {
        add_count(text, "", cause->n_pools, " pool");
        buffer_text(text, " could take the person, but no bed there falls to them: the "
                          "objectives decide, then the order of ties.");
    }
}

/* The sentences that a stretch has written: one per reason (of newcomers, then of residents), and
 * where others came first one per number of pools. */
struct said {
    struct buffer text;
    struct list sentences;
    char *reasons[2][REASON_COUNT];
    char **outranked; /* newcomers by number of pools, then residents */
};

static char *say(const struct problem *problem, const struct problem_person *person,
                 struct said *said)
{
    struct cause cause = {person->reason, person->stay_pair != PROBLEM_NONE, 0};
    char **known = &said->reasons[cause.is_resident][cause.reason];
    if (cause.reason == REASON_OUTRANKED) {
        cause.n_pools = eligible_pools(problem, person);
        known = &said->outranked[cause.n_pools];
        if (cause.is_resident)
            known += problem->n_pools + 1;
    }
    if (!*known) {
        write_sentence(&cause, &said->text);
        list_add(&said->sentences, said->text.bytes, said->text.len);
        *known = said->sentences.items[said->sentences.n - 1];
    }
    return *known;
}

static void fill_unplaced(const struct result *result, uint32_t person, struct said *said,
                          struct unplaced *unplaced)
{
    const struct problem_person *at = &result->problem->people[person];
    *unplaced = (struct unplaced){.reason = at->reason};
    copy_person_id(unplaced->applicant_id, result->problem, person);
    unplaced->detail = say(result->problem, at, said);
}

static int is_unplaced(const struct result *result, uint32_t person)
{
    uint32_t pair = result->chosen[person];
    return pair == PROBLEM_NONE || pair == result->problem->people[person].stay_pair;
}

struct people { /* of a result, written down stretch by stretch */
    const struct result *result;
    struct plan *plan;
    struct certificate *certificate;
    struct certificate_people layout;
    struct list sentences[SLICES_MAX];
};

/* How many of those before the `end`-th have no place. */
static size_t count_unplaced(const struct result *result, size_t end)
{
    size_t n = 0;
    for (size_t i = 0; i < end; i++)
        n += (size_t)is_unplaced(result, (uint32_t)i);
    return n;
}

static void fill_people(void *context, size_t slice, size_t first, size_t end)
{
    struct people *people = context;
    size_t n_pools = people->result->problem->n_pools;
    size_t n_before = count_unplaced(people->result, first);
    struct unplaced *unplaced = people->plan->unplaced + n_before;
    struct placement *placement = people->plan->placements + (first - n_before);
    struct said said = {.outranked = alloc_zero(2 * (n_pools + 1), sizeof *said.outranked)};
    for (size_t i = first; i < end; i++) {
        look_ahead(people->result, i);
        if (is_unplaced(people->result, (uint32_t)i))
            fill_unplaced(people->result, (uint32_t)i, &said, unplaced++);
        else
            fill_placement(people->result, (uint32_t)i, placement++);
    }
    people->sentences[slice] = said.sentences;
    buffer_clear(&said.text);
    free(said.outranked);
}

/* The plan owns what the stretches have written. */
static void take_sentences(const struct list *lists, size_t n, struct list *all)
{
    size_t n_all = 0;
    for (size_t s = 0; s < n; s++)
        n_all += lists[s].n;
    all->items = alloc_zero(n_all, sizeof *all->items);
    for (size_t s = 0; s < n; s++) {
        for (size_t k = 0; k < lists[s].n; k++)
            all->items[all->n++] = lists[s].items[k];
        free(lists[s].items);
    }
}

static void add_people(const struct result *result, struct plan *plan)
{
    struct people people = {.result = result, .plan = plan};
    size_t n = result->problem->n_people, n_slices = slices_count(n, SLICE_PEOPLE);
    plan->n_unplaced = count_unplaced(result, n);
    plan->n_placements = n - plan->n_unplaced;
    plan->placements = alloc_resize(NULL, plan->n_placements + 1, sizeof *plan->placements);
    plan->unplaced = alloc_resize(NULL, plan->n_unplaced + 1, sizeof *plan->unplaced);
    slices_run(n, n_slices, fill_people, &people);
    take_sentences(people.sentences, n_slices, &plan->sentences);
}

static void copy_person(char to[ID_MAX + 1], const struct problem *problem, uint32_t person)
{
    if (person != PROBLEM_NONE)
        copy_person_id(to, problem, person);
}

/* A closed pool gives no bed, so it has none to lose. */
static enum shadow_loss loss_of(const struct result *result, uint32_t part)
{
    const struct problem_part *at = &result->problem->parts[part];
    if (at->capacity == 0 || at->institution->suspended || pool_slack(at->pool) < 0)
        return SHADOW_LOSS_NO_BED;
    return result->greatest->is_known[part] ? SHADOW_LOSS_STATED : SHADOW_LOSS_UNKNOWN;
}

static void fill_price(const struct result *result, uint32_t part, struct shadow_price *price)
{
    const struct problem *problem = result->problem;
    size_t n = problem->n_objectives;
    copy_id(price->pool_id, problem->parts[part].pool->record.id);
    copy_id(price->reserve, problem->parts[part].reserve);
    memcpy(price->price, &result->bed_price[part * n], n * sizeof(int64_t));
    copy_person(price->next, problem, result->greatest->next[part]);
    price->loss_is = loss_of(result, part);
    if (price->loss_is != SHADOW_LOSS_STATED)
        return;
    memcpy(price->loss, &result->greatest->loss[part * n], n * sizeof(int64_t));
    copy_person(price->last, problem, result->greatest->last[part]);
}

/* One more bed in a pool is one more in its open part, which is the last. */
static void add_prices(const struct result *result, struct plan *plan)
{
    const struct problem *problem = result->problem;
    if (!result->bed_price)
        return;
    plan->prices_are_bounds = result->is_priced != NULL;
    plan->prices = alloc_zero((size_t)problem->n_pools + 1, sizeof *plan->prices);
    plan->reserve_prices = alloc_zero((size_t)problem->n_parts + 1, sizeof *plan->reserve_prices);
    for (uint32_t pool = 0; pool < problem->n_pools; pool++) {
        uint32_t open = problem->pool_first_part[pool + 1] - 1;
        if (result->is_priced && !result->is_priced[pool])
            continue;
        for (uint32_t part = problem->pool_first_part[pool]; part < open; part++)
            fill_price(result, part, &plan->reserve_prices[plan->n_reserve_prices++]);
        fill_price(result, open, &plan->prices[plan->n_prices++]);
    }
}

static size_t copy_objectives(const struct result *result, struct objective_value *objectives)
{
    for (size_t k = 0; k < result->problem->n_objectives; k++)
        objectives[k] = (struct objective_value){result->problem->objectives[k], result->values[k],
                                                 result->bounds[k]};
    return result->problem->n_objectives;
}

void result_plan(const struct result *result, struct plan *plan)
{
    plan->world = alloc_string(result->world);
    plan->policy = policy_label(result->problem->policy);
    plan->now = result->problem->now;
    plan->status = result->status;
    plan->engine = alloc_string(result->engine);
    plan->n_objectives = copy_objectives(result, plan->objectives);
    add_people(result, plan);
    add_prices(result, plan);
    plan->stats.applicants = result->problem->n_people;
    plan->stats.pools = result->problem->n_pools;
    plan->stats.pairs = result->problem->n_pairs;
}

/* `price`: n_objectives of the certificate per part; NULL = all 0. */
static void certify_pools(const struct result *result, const int64_t *price,
                          struct certificate *certificate)
{
    const struct problem *problem = result->problem;
    size_t n = certificate->n_objectives;
    certificate->pools = alloc_zero((size_t)problem->n_parts + 1, sizeof *certificate->pools);
    for (uint32_t part = 0; part < problem->n_parts; part++) {
        struct certificate_pool *pool = &certificate->pools[certificate->n_pools++];
        copy_id(pool->pool_id, problem->parts[part].pool->record.id);
        copy_id(pool->reserve, problem->parts[part].reserve);
        if (price)
            memcpy(pool->price, &price[part * problem->n_objectives], n * sizeof(int64_t));
    }
}

/* Whole prices over 2^s; one that has no room counts as 0, which is a price as well. */
static void widen_prices(struct certificate *certificate)
{
    int64_t one = (int64_t)1 << BOUND_SHIFT, most = (CERTIFICATE_PRICE_MOST - 1) / one;
    for (size_t p = 0; p < certificate->n_pools; p++)
        for (size_t k = 0; k < certificate->n_objectives; k++) {
            int64_t *price = &certificate->pools[p].price[k];
            *price = *price > most || *price < -most ? 0 : *price * one;
        }
}

static struct certificate_people people_of(const struct problem *problem, size_t n_objectives)
{
    struct certificate_people people = {problem->n_people, n_objectives, SHORT_ID};
    for (uint32_t i = 0; i < problem->n_people; i++) {
        size_t room = problem->id_at[i + 1] - problem->id_at[i];
        people.id_room = room > people.id_room ? room : people.id_room;
    }
    return people;
}

static void fill_certificate(void *context, size_t slice, size_t first, size_t end)
{
    const struct people *people = context;
    const struct problem *problem = people->result->problem;
    const int64_t *price = people->result->person_price;
    struct certificate_person *list = people->certificate->people;
    size_t n = problem->n_objectives;
    (void)slice;
    for (size_t i = first; i < end; i++) {
        certificate_people_place(list, &people->layout, i);
        copy_person_id(list[i].applicant_id, problem, i);
        memcpy(list[i].price, &price[i * n], n * sizeof(int64_t));
    }
}

static void certify_people(const struct result *result, struct certificate *certificate)
{
    size_t n = result->problem->n_people;
    struct people people = {.result = result,
                            .certificate = certificate,
                            .layout = people_of(result->problem, certificate->n_objectives)};
    certificate->people = certificate_people_block(&people.layout);
    certificate->n_people = n;
    slices_run(n, slices_count(n, SLICE_PEOPLE), fill_certificate, &people);
}

static int is_zero(const int64_t *price, size_t n)
{
    size_t k = 0;
    while (k < n && price[k] == 0)
        k++;
    return k == n;
}

/* A copy of a list without the entries that cost nothing. */
static void *copy_priced(const void *list, size_t *n, size_t size, size_t price_offset,
                         size_t n_objectives)
{
    char *copy = alloc_zero(*n, size);
    size_t kept = 0;
    for (size_t i = 0; i < *n; i++) {
        const char *entry = (const char *)list + i * size;
        if (!is_zero((const int64_t *)(const void *)(entry + price_offset), n_objectives))
            memcpy(copy + kept++ * size, entry, size);
    }
    *n = kept;
    return copy;
}

#define COPY_PRICED(proof, list, n)                                                                \
    copy_priced((proof)->list, &(n), sizeof *(proof)->list,                                        \
                offsetof(__typeof__(*(proof)->list), price), (proof)->n_objectives)

static void certify_rows(const struct coupled_proof *proof, struct certificate *certificate)
{
    certificate->n_staff = proof->n_staff;
    certificate->n_rooms = proof->n_rooms;
    certificate->n_kept = proof->n_kept;
    certificate->staff = COPY_PRICED(proof, staff, certificate->n_staff);
    certificate->rooms = COPY_PRICED(proof, rooms, certificate->n_rooms);
    certificate->kept = COPY_PRICED(proof, kept, certificate->n_kept);
}

/* They are the same in all objectives that have offers. */
static int is_whole(const struct coupled_proof *proof, size_t staff)
{
    int is_one = 0;
    for (size_t k = 0; k < proof->n_offered; k++)
        is_one |= proof->offers[k].is_whole && proof->offers[k].is_whole[staff];
    return is_one;
}

static void offer_homes(const struct result *result, struct certificate *offers)
{
    const struct problem *problem = result->problem;
    offers->homes = alloc_zero(problem->n_staff + 1, sizeof *offers->homes);
    for (size_t s = 0; s < problem->n_staff; s++)
        if (is_whole(result->proof, s))
            copy_id(offers->homes[offers->n_homes++].institution_id,
                    problem->staff[s].institution->record.id);
}

static void offer_people(const struct result *result, struct certificate *offers)
{
    const struct problem *problem = result->problem;
    const struct certificate_people layout = people_of(problem, offers->n_objectives);
    offers->people = certificate_people_new(&layout);
    for (uint32_t i = 0; i < problem->n_people; i++) {
        struct certificate_person *person = &offers->people[offers->n_people];
        for (size_t k = 0; k < offers->n_objectives; k++)
            if (result->proof->offers[k].person)
                person->price[k] = result->proof->offers[k].person[i];
        if (is_zero(person->price, offers->n_objectives))
            continue;
        copy_person_id(person->applicant_id, problem, i);
        offers->n_people++;
    }
}

/* Of each objective they lie in the same order: by household, its homes, its members. */
static void offer_members(const struct result *result, struct certificate *offers)
{
    const struct problem *problem = result->problem;
    const struct descent_offers *of = result->proof->offers;
    size_t at[OBJECTIVE_COUNT] = {0}, n = 0;
    for (size_t k = 0; k < offers->n_objectives; k++)
        n += of[k].n_members;
    offers->members = alloc_zero(n + 1, sizeof *offers->members);
    for (;;) {
        const struct descent_offer *first = NULL;
        for (size_t k = 0; k < offers->n_objectives; k++)
            if (at[k] < of[k].n_members && (!first || of[k].members[at[k]].place < first->place))
                first = &of[k].members[at[k]];
        if (!first)
            return;
        struct certificate_member *member = &offers->members[offers->n_members++];
        copy_id(member->applicant_id, problem->people[first->person].applicant->record.id);
        copy_id(member->institution_id, first->home->record.id);
        for (size_t k = 0; k < offers->n_objectives; k++)
            if (at[k] < of[k].n_members && of[k].members[at[k]].place == first->place)
                member->price[k] = of[k].members[at[k]++].price;
    }
}

static void certify_offers(const struct result *result, struct certificate *certificate)
{
    const struct coupled_proof *offered = result->proof->offered;
    struct certificate *offers = certificate->offers = alloc_zero(1, sizeof *offers);
    offers->n_objectives = result->proof->n_offered;
    certify_pools(result, offered->part_price, offers);
    struct certificate_pool *pools = offers->pools;
    offers->pools = copy_priced(pools, &offers->n_pools, sizeof *pools,
                                offsetof(struct certificate_pool, price), offers->n_objectives);
    free(pools);
    certify_rows(offered, offers);
    offer_homes(result, offers);
    offer_people(result, offers);
    offer_members(result, offers);
}

void result_seal(const struct plan *plan, struct certificate *certificate)
{
    char hash[72] = "sha256:";
    char *bytes = plan_to_json(plan, 0);
    digest_hex(bytes, strlen(bytes), hash + strlen(hash));
    free(bytes);
    free(certificate->plan);
    certificate->plan = alloc_string(hash);
}

void result_take_bounds(struct plan *plan, struct certificate *certificate)
{
    int is_nearer = 0;
    for (size_t k = 0; certificate->shift && k < plan->n_objectives; k++) {
        struct objective_value *stated = &plan->objectives[k];
        int64_t proved = certificate->bounds[k];
        if (words_objective_is_max(stated->objective) ? proved >= stated->bound
                                                      : proved <= stated->bound)
            continue;
        stated->bound = certificate->objectives[k].bound = proved;
        is_nearer = 1;
    }
    if (is_nearer)
        result_seal(plan, certificate);
}

void result_certificate(const struct result *result, const struct plan *plan,
                        struct certificate *certificate)
{
    certificate->world = alloc_string(plan->world);
    certificate->policy = alloc_string(plan->policy);
    certificate->n_objectives = copy_objectives(result, certificate->objectives);
    if (result->part_price) {
        certify_pools(result, result->part_price, certificate);
        certify_people(result, certificate);
        return;
    }
    certificate->shift = BOUND_SHIFT;
    certify_pools(result, result->proof ? result->proof->part_price : result->bound_price,
                  certificate);
    if (!result->proof)
        widen_prices(certificate);
    if (result->proof)
        certify_rows(result->proof, certificate);
    if (result->proof && result->proof->offered)
        certify_offers(result, certificate);
}
