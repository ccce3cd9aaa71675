/* cuts_basis.c - see cuts_basis.h. */
#include "solver/cuts_basis.h"

#include "models/alloc.h"
#include "solver/cuts_combine.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ROUGH: a divisor that is as good as any where the least one is greater than DIVISOR_MOST. EFFORT:
 * so many times as many numbers as its rows have are looked at. KEPT: so many multipliers at most
 * are kept until they are looked at, where more are found again. */
enum {
    DIVISOR_MOST = 10000,
    ROUGH = 1 << 14,
    TIMES_MOST = 6,
    PRIME_MOST = 7,
    TRIES = 2,
    DENSE = 8000,
    WIDE = 32,
    EFFORT = 12,
    KEPT = 256
};

static const double FRACTION = 1e-4, NOTHING = 1e-9, WHOLE = 1e-6, LEAST = 1e-4;
static const double PARALLEL = 0.95, PART_OF_BEST = 0.05;

struct fraction { /* a column, or from n_columns on a row, that is not a whole number */
    uint32_t which;
    size_t n;     /* of its multipliers, without those that are whole */
    size_t first; /* in search.kept, where n is at most KEPT */
};

struct kept {
    uint32_t row;
    double real;
};

struct attempt {
    int64_t divisor, times;
    double distance;
};

struct candidate {
    struct model_cut cut;
    double distance, length;
    size_t number;
};

struct search {
    const struct cuts_basis *basis;
    struct cuts_combine *combine;
    struct fraction *fractions;
    size_t n_fractions, fractions_room;
    struct kept *kept;
    size_t n_kept, kept_room;
    double *inverse; /* per row */
    struct cuts_multiplier *multipliers;
    double *real; /* the multipliers before they were whole */
    size_t n;
    size_t effort, effort_most;
    struct attempt best[TRIES];
    struct candidate *candidates;
    size_t n_candidates, candidates_room;
    double *dense; /* per column: of the cut at hand */
};

/* -- multipliers -- */

/* Whole ones change nothing. */
static void read_multipliers(struct search *search, const double *from)
{
    search->n = 0;
    for (uint32_t i = 0; i < search->basis->model->n_rows; i++) {
        if (fabs(from[i] - rint(from[i])) < NOTHING)
            continue;
        search->multipliers[search->n].row = i;
        search->real[search->n++] = from[i];
    }
}

/* The least number that makes a value whole (by its continued fraction); 0 = none that is small. */
static int64_t denominator(double value)
{
    int64_t before = 0, now = 1;
    double rest = fabs(value), whole = floor(rest);
    while (fabs(value * (double)now - rint(value * (double)now)) > WHOLE) {
        rest = 1 / (rest - whole);
        whole = floor(rest);
        if (!(whole <= DIVISOR_MOST))
            return 0;
        int64_t next = (int64_t)whole * now + before;
        before = now;
        now = next;
        if (now > DIVISOR_MOST)
            return 0;
    }
    return now;
}

/* The least number that makes all of them whole; 0 when none that is small does. */
static int64_t find_divisor(const struct search *search)
{
    int64_t divisor = 1;
    for (size_t k = 0; k < search->n; k++) {
        int64_t part = denominator(search->real[k] * (double)divisor);
        if (part == 0 || divisor * part > DIVISOR_MOST)
            return 0;
        divisor *= part;
    }
    return divisor;
}

static void set_times(struct search *search, int64_t divisor, int64_t times)
{
    for (size_t k = 0; k < search->n; k++) {
        double fraction = search->real[k] - floor(search->real[k]);
        search->multipliers[k].times = (int64_t)rint(fraction * (double)divisor) * times;
    }
}

/* -- fractions -- */

static void see_value(struct search *search, uint32_t which, double value)
{
    const struct cuts_basis *basis = search->basis;
    if (fabs(value - rint(value)) < FRACTION ||
        basis->inverse(basis->context, which, search->inverse) < 0)
        return;
    read_multipliers(search, search->inverse);
    ALLOC_GROW(search->fractions, search->n_fractions, search->fractions_room);
    search->fractions[search->n_fractions++] = (struct fraction){which, search->n, search->n_kept};
    for (size_t k = 0; k < search->n && search->n <= KEPT; k++) {
        ALLOC_GROW(search->kept, search->n_kept, search->kept_room);
        search->kept[search->n_kept++] = (struct kept){search->multipliers[k].row, search->real[k]};
    }
}

static void recall(struct search *search, const struct fraction *fraction)
{
    if (fraction->n > KEPT) {
        search->basis->inverse(search->basis->context, fraction->which, search->inverse);
        read_multipliers(search, search->inverse);
        return;
    }
    search->n = fraction->n;
    for (size_t k = 0; k < search->n; k++) {
        search->multipliers[k].row = search->kept[fraction->first + k].row;
        search->real[k] = search->kept[fraction->first + k].real;
    }
}

static int by_size(const void *a, const void *b)
{
    const struct fraction *one = a, *two = b;
    if (one->n != two->n)
        return one->n < two->n ? -1 : 1;
    return one->which < two->which ? -1 : one->which > two->which;
}

/* Those that follow from few rows come first. */
static void list_fractions(struct search *search)
{
    const struct model *model = search->basis->model;
    for (uint32_t j = 0; j < model->n_columns; j++)
        see_value(search, j, search->basis->x[j]);
    for (uint32_t i = 0; i < model->n_rows; i++)
        see_value(search, model->n_columns + i, cuts_combine_activity(search->combine, i));
    if (search->n_fractions)
        qsort(search->fractions, search->n_fractions, sizeof *search->fractions, by_size);
}

/* -- rounding -- */

static void look(struct search *search, int64_t divisor, int64_t times)
{
    set_times(search, divisor, times);
    struct attempt now = {.divisor = divisor, .times = times};
    now.distance = cuts_combine_look(search->combine, search->multipliers, search->n, divisor,
                                     &search->effort);
    for (size_t k = 0; k < TRIES; k++)
        if (now.distance > search->best[k].distance) {
            struct attempt other = search->best[k];
            search->best[k] = now;
            now = other;
        }
}

/* Small multiples, and those that make of most multipliers whole ones. */
static void look_around(struct search *search)
{
    int64_t exact = find_divisor(search), divisor = exact ? exact : ROUGH;
    for (size_t k = 0; k < TRIES; k++)
        search->best[k] = (struct attempt){.distance = LEAST};
    for (int64_t times = 1; times <= TIMES_MOST && times <= divisor / 2; times++)
        look(search, divisor, times);
    for (int64_t prime = 2; prime <= PRIME_MOST && exact; prime++)
        for (int64_t t = 1; t <= prime / 2 && divisor % prime == 0; t++)
            if (divisor / prime * t > TIMES_MOST)
                look(search, divisor, divisor / prime * t);
}

static void round_best(struct search *search, double bonus)
{
    look_around(search);
    for (size_t k = 0; k < TRIES && search->best[k].divisor; k++) {
        struct candidate candidate = {.number = search->n_candidates};
        int64_t divisor = search->best[k].divisor;
        set_times(search, divisor, search->best[k].times);
        if (bonus < 1 && !cuts_combine_is_narrow(search->combine, search->multipliers, search->n,
                                                 divisor, &search->effort))
            continue;
        if (!cuts_combine_round(search->combine, search->multipliers, search->n, divisor,
                                &candidate.cut, &candidate.distance, &search->effort))
            continue;
        candidate.distance += bonus;
        ALLOC_GROW(search->candidates, search->n_candidates, search->candidates_room);
        search->candidates[search->n_candidates++] = candidate;
    }
}

/* Where the relaxation has many optima a row that leaves one of them out only leads to the next.
 * What the duals sum up to leaves out all, when it is no whole number: it goes first. */
static void round_all(struct search *search)
{
    const struct cuts_basis *basis = search->basis;
    if (basis->duals) {
        read_multipliers(search, basis->duals);
        round_best(search, 1);
    }
    for (size_t f = 0; f < search->n_fractions && search->effort < search->effort_most; f++) {
        recall(search, &search->fractions[f]);
        round_best(search, 0);
    }
}

/* -- choice -- */

static int by_distance(const void *a, const void *b)
{
    const struct candidate *one = a, *two = b;
    if (one->distance != two->distance)
        return one->distance > two->distance ? -1 : 1;
    if (one->cut.n != two->cut.n)
        return one->cut.n < two->cut.n ? -1 : 1;
    return one->number < two->number ? -1 : one->number > two->number;
}

static int by_column(const void *a, const void *b)
{
    const struct model_entry *one = a, *two = b;
    return one->row < two->row ? -1 : one->row > two->row;
}

static int64_t measure(struct candidate *candidate)
{
    double square = 0;
    int64_t widest = 0;
    for (size_t e = 0; e < candidate->cut.n; e++) {
        int64_t value = candidate->cut.entries[e].value;
        square += (double)value * (double)value;
        widest = llabs(value) > widest ? llabs(value) : widest;
    }
    candidate->length = sqrt(square);
    return widest;
}

static void spread(struct search *search, const struct model_cut *cut, double times)
{
    for (size_t e = 0; e < cut->n; e++)
        search->dense[cut->entries[e].row] = times * (double)cut->entries[e].value;
}

static int is_like(const struct search *search, double length, const struct model_cut *cut)
{
    double product = 0, square = 0;
    for (size_t e = 0; e < cut->n; e++) {
        double value = (double)cut->entries[e].value;
        product += value * search->dense[cut->entries[e].row];
        square += value * value;
    }
    return product > PARALLEL * length * sqrt(square);
}

static int is_new(struct search *search, const struct candidate *candidate, const struct cuts *cuts)
{
    int is_known = 0;
    spread(search, &candidate->cut, 1);
    for (size_t c = 0; c < cuts->n && !is_known; c++)
        is_known = is_like(search, candidate->length, &cuts->items[c]);
    spread(search, &candidate->cut, 0);
    return !is_known;
}

static int is_wanted(struct search *search, struct candidate *candidate, double least,
                     const struct cuts *cuts)
{
    int64_t widest = measure(candidate);
    if (candidate->distance < 1 &&
        (candidate->distance < least || candidate->cut.n > DENSE || widest > WIDE))
        return 0;
    return is_new(search, candidate, cuts);
}

static void choose(struct search *search, size_t most, struct cuts *cuts)
{
    double least = 0;
    if (search->n_candidates)
        qsort(search->candidates, search->n_candidates, sizeof *search->candidates, by_distance);
    for (size_t c = 0; c < search->n_candidates; c++) {
        struct candidate *candidate = &search->candidates[c];
        if (least == 0 && candidate->distance < 1)
            least = candidate->distance * PART_OF_BEST;
        if (most == 0 || !is_wanted(search, candidate, least, cuts)) {
            free(candidate->cut.entries);
            continue;
        }
        qsort(candidate->cut.entries, candidate->cut.n, sizeof *candidate->cut.entries, by_column);
        ALLOC_GROW(cuts->items, cuts->n, cuts->room);
        cuts->items[cuts->n++] = candidate->cut;
        most--;
    }
}

static void find(const struct cuts_basis *basis, size_t effort, size_t most, struct cuts *cuts)
{
    struct search search = {.basis = basis};
    size_t n_rows = (size_t)basis->model->n_rows + 1;
    search.combine = cuts_combine_new(basis->model, basis->alive, basis->x);
    search.inverse = alloc_zero(n_rows, sizeof *search.inverse);
    search.multipliers = alloc_zero(n_rows, sizeof *search.multipliers);
    search.real = alloc_zero(n_rows, sizeof *search.real);
    search.dense = alloc_zero((size_t)basis->model->n_columns + 1, sizeof *search.dense);
    search.effort_most = effort * cuts_combine_size(search.combine);
    list_fractions(&search);
    round_all(&search);
    choose(&search, most, cuts);
    cuts_combine_free(search.combine);
    free(search.fractions);
    free(search.kept);
    free(search.inverse);
    free(search.multipliers);
    free(search.real);
    free(search.candidates);
    free(search.dense);
}

void cuts_basis_find(const struct cuts_basis *basis, size_t most, struct cuts *cuts)
{
    find(basis, EFFORT, most, cuts);
}

void cuts_basis_find_soon(const struct cuts_basis *basis, size_t most, struct cuts *cuts)
{
    find(basis, EFFORT / 2, most, cuts);
}
