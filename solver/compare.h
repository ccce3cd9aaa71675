/* compare.h - two plans side by side: who has a place in one and not in the other, who has another
 * one, and what that adds up to by home, by people and by days waited. Read from the plans and
 * their worlds; nothing is solved, and no policy is needed. */
#ifndef ALMONER_COMPARE_H
#define ALMONER_COMPARE_H

#include "models/plan.h"
#include "models/region.h"

/* The plan, and the other one. */
enum { COMPARE_SIDES = 2 };

/* Figures of one side: in words for people, and the name for programs. */
#define COMPARE_FIGURES(X)                                                                         \
    X(PLACED, "placed", "newcomers with a place")                                                  \
    X(UNPLACED, "unplaced", "newcomers left waiting")                                              \
    X(MOVED, "moved", "residents moved as they asked")                                             \
    X(STAYED, "stayed", "residents who asked and stay")                                            \
    X(FIRST_HOME, "first_home", "placed in the first home on their list")                          \
    X(METRES_MEDIAN, "metres_median", "metres to the new place: half at most")                     \
    X(METRES_P90, "metres_p90", "metres to the new place: nine in ten at most")                    \
    X(PLACED_MEDIAN, "placed_days_median", "days waited by those placed: half at most")            \
    X(PLACED_P90, "placed_days_p90", "days waited by those placed: nine in ten at most")           \
    X(LEFT_MEDIAN, "unplaced_days_median", "days waited by those left: half at most")              \
    X(LEFT_P90, "unplaced_days_p90", "days waited by those left: nine in ten at most")             \
    X(LEFT_MOST, "unplaced_days_most", "days waited by those left: the longest")

#define COMPARE_FIGURE(name, word, words) COMPARE_##name,
enum compare_figure { COMPARE_FIGURES(COMPARE_FIGURE) COMPARE_FIGURE_COUNT };
extern const char *const compare_names[COMPARE_FIGURE_COUNT];
extern const char *const compare_words[COMPARE_FIGURE_COUNT];
/* Where there is nobody to take a figure of. */
#define COMPARE_NOBODY INT64_MIN

/* What people are counted by. */
#define COMPARE_BYS(X)                                                                             \
    X(LEVEL, "level")                                                                              \
    X(CLASS, "class")                                                                              \
    X(DISTRICT, "district")

#define COMPARE_BY(name, word) COMPARE_##name,
enum compare_by { COMPARE_BYS(COMPARE_BY) COMPARE_BY_COUNT };
extern const char *const compare_bys[COMPARE_BY_COUNT];

/* Somebody whom the plans treat differently: a place of one side only, or two different ones. */
struct compare_person {
    const struct applicant *applicant; /* as the first side that places them knows them */
    const struct placement *place[COMPARE_SIDES];
    const struct unplaced *left[COMPARE_SIDES]; /* both NULL: that plan does not have the person */
    int64_t waited_days;                        /* on the day of that side */
};

/* People who come to a bed of that kind, in the homes of that district. */
struct compare_place {
    const char *district;
    enum kind kind;
    size_t n[COMPARE_SIDES];
};

/* Newcomers with that level, class or district: how many there are, how many have a place. */
struct compare_group {
    enum compare_by by;
    const char *value;
    size_t of[COMPARE_SIDES], placed[COMPARE_SIDES];
};

struct compare_side {
    const struct region *region; /* the world of the plan */
    const struct plan *plan;
};

struct compare {
    int64_t figures[COMPARE_SIDES][COMPARE_FIGURE_COUNT];
    struct compare_person *people; /* by id */
    size_t n_people;
    size_t same;                  /* people with the same place in both */
    struct compare_place *places; /* by district, then kind */
    size_t n_places;
    struct compare_group *groups; /* by what, then value */
    size_t n_groups;
};

/* -1 with an error when a plan names somebody, or a bed, that its world does not have. `compare`
 * points into both sides. */
int compare_plans(const struct compare_side sides[COMPARE_SIDES], struct compare *compare,
                  struct alm_error *err);
void compare_clear(struct compare *compare);

#endif
