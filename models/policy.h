/* policy.h - a rule profile: objectives in order, points rules, eligibility, offers, examples.
 *
 * Read from JSON with a closed schema (policy_json.c); a profile whose examples fail is refused. */
#ifndef ALMONER_POLICY_H
#define ALMONER_POLICY_H

#include "models/err.h"
#include "models/record.h"

enum { POLICY_OBJECTIVES_MAX = OBJECTIVE_COUNT };

/* The most points that one person can have, over all rules: sums over a million people stay far
 * within 64 bits (and within the 53 bits that a double carries exactly). */
#define POLICY_POINTS_MAX INT64_C(1000000000)

struct policy_points { /* points of one value of a field */
    char *value;
    int64_t points;
};

struct policy_row { /* matrix: one row per value of the first field */
    char *value;
    struct policy_points *cells;
    size_t n;
};

/* One rule. Fields used per type: TABLE field+table; FLAG field+points; COUNT flags+by_count;
 * MATRIX field+field2+rows; PER_DAY points per whole day since applied_at beyond the first
 * after_days, at most cap points. */
struct policy_rule {
    char *name;
    enum rule_type type;
    char *field, *field2;
    struct list flags;
    int64_t points, cap, after_days;
    int64_t *by_count;
    size_t n_by_count;
    struct policy_points *table;
    size_t n_table;
    struct policy_row *rows;
    size_t n_rows;
};

struct policy {
    char *name;
    char *description; /* free text: where the rules come from; "" */
    int64_t version;
    enum objective
        objectives[POLICY_OBJECTIVES_MAX]; /* with the inserted `placements`, if it had to be */
    size_t n_objectives;
    struct list guarantee_classes;
    int64_t unlisted_rank;
    char *lottery_seed;
    enum reserve_mode reserve;
    int64_t max_distance_m; /* RECORD_NO_LIMIT = none */
    int require_valid_assessment;
    int64_t care_minutes_by_level[RECORD_LEVELS];
    struct policy_rule *rules;
    size_t n_rules;
    int64_t answer_seconds, admit_seconds, max_chain;
    int64_t declined_days; /* < 0 = for good */
    int64_t posting_days;  /* counts that nobody has confirmed for so long; 0 = they do not age */
};

/* A policy with everything that may be left out at its default (formats.md; what the contract gives
 * no figure for is as in its example), no name, no objectives, no rules. */
struct policy *policy_new(void);
/* Puts `placements` before the first minimising objective when that comes before it or when there
 * is none: a minimum first would place nobody. One that stood further back goes away. */
void policy_insert_placements(struct policy *policy);

/* NULL with every violation (JSON pointer) in err, or every failed example. */
struct policy *policy_from_json(const char *bytes, size_t len, struct alm_error *err);
void policy_free(struct policy *policy);
char *policy_to_json(const struct policy *policy); /* canonical; caller frees */
char *policy_label(const struct policy *policy);   /* "name@version"; caller frees */

/* Points of a person at `now`: the sum over the rules, >= 0 (points.c). */
int64_t policy_points(const struct policy *policy, const struct applicant *applicant, int64_t now);
/* Points of one rule: for explanations. */
int64_t policy_rule_points(const struct policy_rule *rule, const struct applicant *applicant,
                           int64_t now);
/* May rules look at this field ("level", "class", "sex", "district", "village", "x_...")? */
int policy_field_is_known(const char *field);
/* Nursing minutes a day that this person needs: their own figure, else by level. */
int64_t policy_care_minutes(const struct policy *policy, const struct applicant *applicant);

#endif
