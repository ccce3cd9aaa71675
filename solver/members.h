/* members.h - who is in which part. */
#ifndef ALMONER_MEMBERS_H
#define ALMONER_MEMBERS_H

#include "solver/face.h"

/* People by part in the order of their numbers: people[first[part]] .. people[first[part + 1] - 1];
 * the unplaced under n_parts. */
struct members {
    uint32_t *first, *people;
};

void members_init(struct members *members, const struct problem *problem);
void members_clear(struct members *members);
void members_list(struct members *members, const struct problem *problem, const uint32_t *chosen);
/* The same where the part of each person is at hand; PROBLEM_NONE, or n_parts, = nowhere. */
void members_list_parts(struct members *members, const struct problem *problem,
                        const uint32_t *parts);
/* Those alone who are somewhere and could be elsewhere: on the face, or, NULL, in the round. */
void members_list_movers(struct members *members, const struct problem *problem,
                         const struct face *face, const uint32_t *chosen);

#endif
