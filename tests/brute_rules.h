/* brute_rules.h - what the text of the contract says of one person and one pool of a drawn world:
 * the first half of brute_force.h, under the same vow. */
#ifndef ALMONER_BRUTE_RULES_H
#define ALMONER_BRUTE_RULES_H

#include "tests/random_world.h"

enum { BRUTE_DAY = 86400 };

int brute_rules_least(int a, int b);

int brute_rules_slack(const struct random_pool *pool);
/* Beds of a pool under each label before the round; label 0 = open. */
void brute_rules_label_beds(const struct random_pool *pool, int beds[RANDOM_CLASSES]);
/* A leaver's bed keeps its label where the pool has that reserve. */
int brute_rules_label(const struct random_world *world, const struct random_person *person);

int64_t brute_rules_metres(const struct random_world *world, const struct random_person *person,
                           int home);
int64_t brute_rules_rank(const struct random_world *world, const struct random_person *person,
                         int home);
int64_t brute_rules_days(const struct random_world *world, const struct random_person *person);
int64_t brute_rules_points(const struct random_world *world, const struct random_person *person);
int64_t brute_rules_minutes(const struct random_world *world, const struct random_person *person);

/* The first rule that the pair breaks; REASON_ELIGIBLE = none. */
int brute_rules_first_broken(const struct random_world *world, const struct random_person *person,
                             int pool);

#endif
