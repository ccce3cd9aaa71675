/* policy_parts_json.h - the two big members of a policy: `points` and `examples`. For
 * policy_json.c. */
#ifndef ALMONER_POLICY_PARTS_JSON_H
#define ALMONER_POLICY_PARTS_JSON_H

#include "models/policy.h"
#include "models/read_json.h"

/* Nobody waits for a century: no number of days is more, and a per_day rule without a cap counts so
 * many at most. */
enum { POLICY_DAYS_MAX = 36525 };

/* The rules (policy_rules_json.c); place is a struct policy. Refuses rules that could give one
 * person more than POLICY_POINTS_MAX. */
void policy_rules_read(struct read_json *at, const json_t *value,
                       const struct read_json_member *member, void *place);
/* {"name","type",...}, as it is read. A new reference. */
json_t *policy_rule_json(const struct policy_rule *rule);

/* Reads each example and, when it is well-formed, holds it against the rules of `policy`
 * (policy_examples_json.c). Issues say which example, what it expects and what came. */
void policy_examples_check(struct read_json *at, const json_t *value, const struct policy *policy);

#endif
