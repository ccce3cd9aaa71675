/* placement.c - a checked plan becomes offers: who belongs together, which bed is free and which
 * one a mover still holds, and whether all of it is still true when the offers are made. See
 * usecases.h. */
#include "scheduler/usecases/usecases.h"

#include "models/alloc.h"
#include "models/household.h"
#include "scheduler/usecases/usecase.h"
#include "solver/eligibility.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NO_MEMBER = -1 };

/* The plan at work: one entry per placement, all indices into it. */
struct cast {
    const struct region *region;
    const struct policy *policy;
    const struct plan *plan;
    struct cast_entry {
        const struct applicant *applicant;
        const struct pool *pool;
        int after;   /* entry of the mover whose bed this is; NO_MEMBER = a free bed */
        int is_heir; /* as a mover: somebody was given this one's old bed */
        int group;   /* union-find parent */
        int is_cut;
        char reserve[ID_MAX + 1];
    } * entries;
    int n;
    int *by_pool; /* entries ordered by pool, then falling points, then id */
    int *movers;  /* entries of residents */
    int n_movers;
};

static int group_of(struct cast *cast, int i)
{
    while (cast->entries[i].group != i) {
        cast->entries[i].group = cast->entries[cast->entries[i].group].group;
        i = cast->entries[i].group;
    }
    return i;
}

static void join(struct cast *cast, int a, int b)
{
    a = group_of(cast, a);
    b = group_of(cast, b);
    if (a != b)
        cast->entries[a > b ? a : b].group = a > b ? b : a;
}

static int compare_seat(const void *left, const void *right, void *arg)
{
    const struct cast *cast = arg;
    int i = *(const int *)left, j = *(const int *)right;
    const struct placement *a = &cast->plan->placements[i], *b = &cast->plan->placements[j];
    int by_pool = strcmp(a->pool_id, b->pool_id);
    if (by_pool)
        return by_pool;
    if (a->points != b->points)
        return a->points > b->points ? -1 : 1;
    return strcmp(a->applicant_id, b->applicant_id);
}

/* Free beds of one pool by label, as the plan was made: what each class keeps, and the open rest.
 */
struct seats {
    const struct pool *pool;
    int64_t kept[64];
    size_t n_kept;
    int64_t open;
};

static void seats_init(struct seats *seats, const struct pool *pool)
{
    int64_t left = pool_offerable(pool);
    *seats = (struct seats){.pool = pool};
    for (size_t i = 0; i < pool->n_reserved && i < 64; i++) {
        int64_t kept = pool->reserved[i].beds < left ? pool->reserved[i].beds : left;
        seats->kept[seats->n_kept++] = kept;
        left -= kept;
    }
    seats->open = left;
}

/* The number of the class among the pool's reserves; n_kept when it has none. */
static size_t seats_class(const struct seats *seats, const char *class_code)
{
    for (size_t i = 0; *class_code && i < seats->n_kept; i++)
        if (strcmp(seats->pool->reserved[i].class_code, class_code) == 0)
            return i;
    return seats->n_kept;
}

static int take_kept(struct seats *seats, struct cast_entry *entry, size_t k)
{
    if (k == seats->n_kept || seats->kept[k] == 0)
        return 0;
    seats->kept[k]--;
    snprintf(entry->reserve, sizeof entry->reserve, "%s", seats->pool->reserved[k].class_code);
    return 1;
}

static int take_open(struct seats *seats, struct cast_entry *entry)
{
    if (seats->open == 0)
        return 0;
    seats->open--;
    entry->reserve[0] = '\0';
    return 1;
}

/* The bed of a mover who leaves `pool`, labelled `label` (NULL = any label), not yet given to
 * anybody. */
static int take_mover(struct cast *cast, struct cast_entry *entry, const char *label)
{
    for (int m = 0; m < cast->n_movers; m++) {
        int i = cast->movers[m];
        struct cast_entry *mover = &cast->entries[i];
        if (mover->is_heir || mover == entry ||
            strcmp(mover->applicant->current_pool, entry->pool->record.id) != 0 ||
            (label && strcmp(mover->applicant->current_reserve, label) != 0))
            continue;
        mover->is_heir = 1;
        entry->after = i;
        snprintf(entry->reserve, sizeof entry->reserve, "%s", mover->applicant->current_reserve);
        return 1;
    }
    return 0;
}

/* A bed for one entry: own reserve before open, free before a mover's; with soft reserves any bed
 * in the end. The plan is feasible, so one is found; if not, the entry is cut. */
static void take_seat(struct cast *cast, struct seats *seats, struct cast_entry *entry)
{
    const char *class_code = entry->applicant->class_code;
    size_t own = seats_class(seats, class_code);
    if (take_kept(seats, entry, own) ||
        (own < seats->n_kept && take_mover(cast, entry, class_code)) || take_open(seats, entry) ||
        take_mover(cast, entry, ""))
        return;
    if (cast->policy->reserve == RESERVE_SOFT) {
        for (size_t k = 0; k < seats->n_kept; k++)
            if (take_kept(seats, entry, k))
                return;
        if (take_mover(cast, entry, NULL))
            return;
    }
    entry->is_cut = 1;
}

static void seat_everybody(struct cast *cast)
{
    struct seats seats = {0};
    for (int i = 0; i < cast->n; i++) {
        struct cast_entry *entry = &cast->entries[cast->by_pool[i]];
        if (seats.pool != entry->pool)
            seats_init(&seats, entry->pool);
        take_seat(cast, &seats, entry);
    }
}

/* How many people move one after the other until this one can: itself included. In a cycle, its
 * length. */
static int chain_length(const struct cast *cast, int first)
{
    int length = 0;
    for (int i = first; i != NO_MEMBER && length <= cast->n; i = cast->entries[i].after) {
        length++;
        if (cast->entries[i].after == first)
            break;
    }
    return length;
}

static int is_in_cycle(const struct cast *cast, int first)
{
    int i = cast->entries[first].after;
    for (int n = 0; i != NO_MEMBER && i != first && n <= cast->n; n++)
        i = cast->entries[i].after;
    return i == first;
}

/* Joins whoever waits for whose bed (households are joined already). What was cut joins nothing. */
static void group_everybody(struct cast *cast)
{
    for (int i = 0; i < cast->n; i++) {
        struct cast_entry *entry = &cast->entries[i];
        if (entry->after != NO_MEMBER && !entry->is_cut)
            join(cast, i, entry->after);
    }
}

static int entry_of(const struct cast *cast, const char *applicant_id)
{
    int low = 0, high = cast->n;
    while (low < high) {
        int middle = low + (high - low) / 2;
        if (strcmp(cast->plan->placements[middle].applicant_id, applicant_id) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    int found =
        low < cast->n && strcmp(cast->plan->placements[low].applicant_id, applicant_id) == 0;
    return found ? low : NO_MEMBER;
}

/* The first placed member of each household stands for all: `head[i]` per entry (itself when
 * alone). */
static int *household_heads(const struct cast *cast)
{
    struct households households;
    int *head = alloc_zero((size_t)cast->n, sizeof *head);
    for (int i = 0; i < cast->n; i++)
        head[i] = i;
    households_init(&households, cast->region);
    for (size_t h = 0; h < households.n; h++) {
        const struct household *household = &households.list[h];
        int first = NO_MEMBER;
        for (size_t m = 0; household->is_together && m < household->n; m++) {
            int i = entry_of(cast, household->members[m]->record.id);
            if (i == NO_MEMBER)
                continue;
            if (first == NO_MEMBER)
                first = i;
            head[i] = first;
        }
    }
    households_clear(&households);
    return head;
}

/* Cuts chains that are too long, then all of a household of which one is cut, and whoever waits for
 * a bed that is now not left - until nothing more falls. */
static void cut_chains(struct cast *cast, const int *head)
{
    for (int i = 0; i < cast->n; i++)
        if (chain_length(cast, i) > cast->policy->max_chain)
            cast->entries[i].is_cut = 1;
    for (int more = 1; more;) {
        more = 0;
        for (int i = 0; i < cast->n; i++) {
            struct cast_entry *entry = &cast->entries[i];
            int after_cut = entry->after != NO_MEMBER && cast->entries[entry->after].is_cut;
            if (!entry->is_cut && (after_cut || cast->entries[head[i]].is_cut)) {
                entry->is_cut = 1;
                more = 1;
            }
            if (entry->is_cut && !cast->entries[head[i]].is_cut) {
                cast->entries[head[i]].is_cut = 1;
                more = 1;
            }
        }
    }
}

static void cast_init(struct cast *cast, const struct region *region, const struct plan *plan)
{
    *cast = (struct cast){.region = region,
                          .policy = region_policy(region),
                          .plan = plan,
                          .n = (int)plan->n_placements};
    cast->entries = alloc_zero(plan->n_placements, sizeof *cast->entries);
    cast->by_pool = alloc_zero(plan->n_placements, sizeof *cast->by_pool);
    cast->movers = alloc_zero(plan->n_placements, sizeof *cast->movers);
    for (int i = 0; i < cast->n; i++) {
        const struct placement *placement = &plan->placements[i];
        cast->entries[i] =
            (struct cast_entry){.applicant = region_applicant(region, placement->applicant_id),
                                .pool = region_pool(region, placement->pool_id),
                                .after = NO_MEMBER,
                                .group = i};
        cast->by_pool[i] = i;
        if (*cast->entries[i].applicant->current_pool)
            cast->movers[cast->n_movers++] = i;
    }
    qsort_r(cast->by_pool, plan->n_placements, sizeof *cast->by_pool, compare_seat, cast);
}

static void cast_clear(struct cast *cast)
{
    free(cast->entries);
    free(cast->by_pool);
    free(cast->movers);
}

static void offer_id(char *id, int64_t round, int entry)
{
    snprintf(id, ID_MAX + 1, "R%" PRId64 "-%04d", round, entry + 1);
}

static void member_init(struct placement_member *member, struct cast *cast, int i,
                        const int *bundle, int64_t round)
{
    const struct cast_entry *entry = &cast->entries[i];
    *member = (struct placement_member){.placement = cast->plan->placements[i]};
    memcpy(member->reserve, entry->reserve, sizeof member->reserve);
    offer_id(member->offer_id, round, i);
    if (entry->after != NO_MEMBER)
        offer_id(member->after, round, entry->after);
    if (bundle[i] != NO_MEMBER)
        offer_id(member->bundle, round, bundle[i]);
}

/* The smallest entry of those that answer as one: a household, a cycle, or both; NO_MEMBER = alone.
 */
static int *bundles(struct cast *cast, const int *head)
{
    int *bundle = alloc_zero((size_t)cast->n, sizeof *bundle);
    int *size = alloc_zero((size_t)cast->n, sizeof *size);
    for (int i = 0; i < cast->n; i++)
        cast->entries[i].group = i;
    for (int i = 0; i < cast->n; i++) {
        join(cast, i, head[i]);
        if (!cast->entries[i].is_cut && is_in_cycle(cast, i))
            join(cast, i, cast->entries[i].after);
    }
    for (int i = 0; i < cast->n; i++)
        size[group_of(cast, i)]++;
    for (int i = 0; i < cast->n; i++)
        bundle[i] = size[group_of(cast, i)] > 1 ? group_of(cast, i) : NO_MEMBER;
    free(size);
    return bundle;
}

static void collect(struct cast *cast, const int *bundle, int64_t round,
                    struct placement_groups *groups)
{
    int *number = alloc_zero((size_t)cast->n, sizeof *number);
    size_t room = 0;
    for (int i = 0; i < cast->n; i++) {
        if (cast->entries[i].is_cut) {
            groups->n_cut++;
            continue;
        }
        int root = group_of(cast, i);
        if (root == i) {
            ALLOC_GROW(groups->list, groups->n, room);
            number[i] = (int)groups->n;
            groups->list[groups->n++] = (struct placement_group){0};
        }
        struct placement_group *group = &groups->list[number[root]];
        group->members = alloc_resize(group->members, group->n + 1, sizeof *group->members);
        member_init(&group->members[group->n++], cast, i, bundle, round);
    }
    free(number);
}

void placement_groups_init(const struct region *frozen, const struct plan *plan, int64_t round,
                           struct placement_groups *groups)
{
    struct cast cast;
    *groups = (struct placement_groups){0};
    cast_init(&cast, frozen, plan);
    seat_everybody(&cast);
    int *head = household_heads(&cast);
    cut_chains(&cast, head);
    int *bundle = bundles(&cast, head);
    group_everybody(&cast);
    collect(&cast, bundle, round, groups);
    free(bundle);
    free(head);
    cast_clear(&cast);
}

void placement_groups_clear(struct placement_groups *groups)
{
    for (size_t i = 0; i < groups->n; i++)
        free(groups->list[i].members);
    free(groups->list);
    *groups = (struct placement_groups){0};
}

static const struct placement_member *member_by_offer(const struct placement_group *group,
                                                      const char *id)
{
    for (size_t i = 0; i < group->n; i++)
        if (strcmp(group->members[i].offer_id, id) == 0)
            return &group->members[i];
    return NULL;
}

/* The counts of now: a free bed with the right label, or a mover who still lives there. */
static int check_bed(const struct usecase *uc, const struct placement_group *group,
                     const struct placement_member *member, const struct pool *pool)
{
    const char *pool_id = pool->record.id;
    if (*member->after) {
        const struct placement_member *mover = member_by_offer(group, member->after);
        const struct applicant *applicant = usecase_applicant(uc, mover->placement.applicant_id);
        if (!applicant || strcmp(applicant->current_pool, pool_id) != 0)
            return err_set(uc->err, ERR_REFUSED, "nobody moves out of pool %s any more", pool_id);
        return 0;
    }
    if (pool_slack(pool) <= 0)
        return err_set(uc->err, ERR_REFUSED, "pool %s has no bed left to offer", pool_id);
    struct seats seats;
    seats_init(&seats, pool);
    size_t k = seats_class(&seats, member->reserve);
    if (*member->reserve ? k == seats.n_kept || seats.kept[k] == 0 : seats.open == 0)
        return err_set(uc->err, ERR_REFUSED, "pool %s has no bed of that kind (%s) left", pool_id,
                       *member->reserve ? member->reserve : "open to all");
    return 0;
}

static int check_person(const struct usecase *uc, const struct placement_member *member,
                        const struct applicant *applicant, const struct pool *pool)
{
    const struct eligibility eligibility = {uc->region, region_policy(uc->region), uc->now};
    char sentence[256];
    if (applicant->state != APPLICANT_WAITING)
        return err_set(uc->err, ERR_REFUSED, "applicant %s is %s", applicant->record.id,
                       words_name(&words_applicant_state, (int)applicant->state));
    enum reason reason =
        eligibility_pair(&eligibility, applicant, pool, *member->after != '\0', NULL);
    /* the counts are looked at by check_bed, with what this group has already taken */
    if (reason == REASON_ELIGIBLE || reason == REASON_RESERVED || reason == REASON_NO_BED)
        return 0;
    eligibility_sentence(&eligibility, reason, applicant, pool, sentence, sizeof sentence);
    return err_set(uc->err, ERR_REFUSED, "%s", sentence);
}

static void make_offer(const struct usecase *uc, const struct placement_member *member,
                       int64_t round)
{
    const struct placement *placement = &member->placement;
    const struct policy *policy = region_policy(uc->region);
    struct applicant *applicant = usecase_edit_applicant(uc, placement->applicant_id);
    struct pool *pool = usecase_edit_pool(uc, placement->pool_id);
    struct offer *offer = (struct offer *)change_create(uc->change, RECORD_OFFER, member->offer_id);
    memcpy(offer->applicant_id, placement->applicant_id, sizeof offer->applicant_id);
    memcpy(offer->pool_id, placement->pool_id, sizeof offer->pool_id);
    memcpy(offer->institution_id, pool->institution_id, sizeof offer->institution_id);
    memcpy(offer->from_pool, applicant->current_pool, sizeof offer->from_pool);
    memcpy(offer->reserve, member->reserve, sizeof offer->reserve);
    memcpy(offer->bundle, member->bundle, sizeof offer->bundle);
    memcpy(offer->after, member->after, sizeof offer->after);
    memcpy(applicant->offer_id, member->offer_id, sizeof applicant->offer_id);
    offer->round = round;
    offer->metres = placement->metres;
    offer->points = placement->points;
    offer->rank = placement->rank;
    offer->sent_at = uc->now;
    offer->answer_due = uc->now + policy->answer_seconds;
    pool->beds_committed++;
    if (!*member->after)
        usecase_keep_for_class(pool, member->reserve, -1);
}

static int place_member(const struct usecase *uc, const struct placement_group *group,
                        const struct placement_member *member, int64_t round)
{
    const struct pool *pool = usecase_pool(uc, member->placement.pool_id);
    const struct applicant *applicant = usecase_applicant(uc, member->placement.applicant_id);
    if (!pool || !applicant || check_person(uc, member, applicant, pool) < 0 ||
        check_bed(uc, group, member, pool) < 0)
        return -1;
    make_offer(uc, member, round);
    struct offer *offer = usecase_edit_offer(uc, member->offer_id);
    struct applicant *placed = usecase_edit_applicant(uc, member->placement.applicant_id);
    if (usecase_step_offer(uc, offer, OFFER_EVENT_SEND) < 0 ||
        usecase_step_applicant(uc, placed, APPLICANT_EVENT_OFFER) < 0)
        return -1;
    return 0;
}

int placement_decide(const struct region *region, const struct placement_group *group,
                     int64_t round, int64_t now, struct change *change, struct alm_error *err)
{
    const struct usecase uc = {region, change, now, err};
    if (!region_policy(region))
        return err_set(err, ERR_REFUSED, "the region has no policy");
    for (size_t i = 0; i < group->n; i++)
        if (place_member(&uc, group, &group->members[i], round) < 0)
            return -1;
    usecase_event(&uc, EVENT_OFFER_SENT, group->members[0].offer_id);
    return 0;
}
