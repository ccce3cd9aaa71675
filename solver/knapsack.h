/* knapsack.h - the most that people can be worth whom a home with a staff row takes: so many beds
 * in each part, so many minutes in all.
 *
 * People into one part who need the same minutes are a class, of which those worth most come first.
 * Whole numbers, by a table over beds and minutes. Owns only its tables. */
#ifndef ALMONER_KNAPSACK_H
#define ALMONER_KNAPSACK_H

#include <stddef.h>
#include <stdint.h>

/* More than anybody is worth. */
#define KNAPSACK_WORTH_MOST (INT64_C(1) << 48)

struct knapsack_class {
    int64_t size; /* minutes, in units */
    size_t most;  /* people, no more than beds of the part */
    int64_t *sum; /* [most + 1]: what the first k are worth; from 0, never convex */
};

struct knapsack_part {
    size_t beds;
    struct knapsack_class *classes;
    size_t n_classes;
};

struct knapsack {
    size_t limit; /* of minutes, in units */
    struct knapsack_part *parts;
    size_t n_parts;
};

struct knapsack_table {
    int64_t *value;
    size_t room;
};

/* Would its table be so large that it had better be left alone? */
int knapsack_is_large(const struct knapsack *knapsack);
/* Not of a large one. Waiting is always possible, so never below 0. */
int64_t knapsack_most(const struct knapsack *knapsack, struct knapsack_table *table);

#endif
