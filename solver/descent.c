/* descent.c - see descent.h. */
#include "solver/descent.h"

#include "models/alloc.h"
#include "solver/descent_inside.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* HEAT_PART: the first level is as smooth as this part of a common gain; each is COOLER times as
 * smooth as the one before. DOWN_PERCENT: of a limit, before offers are polished. */
enum { HEAT_PART = 16, DOWN_PERCENT = 98 };
struct levels {
    int first, end, looks;
};
/* Without and with wholes; of the first objective and of later ones; of one known already. */
static const struct levels levels[2][2] = {{{0, 10, 200}, {0, 10, 100}},
                                           {{6, 13, 240}, {6, 13, 120}}},
                           again_levels[2] = {{1, 10, 60}, {12, 16, 60}};
static const double cooler = 0.5;
/* Prices of kept objectives move by so much of themselves at once, and begin at one of so many
 * common gains of the one for one of theirs. */
static const double pace = 0.1, first_times = 4;
/* What a row is thought to bend at least. Whom a home takes hangs together, so offers bend more
 * than one person after the other says: with steps twice as long they never settle. */
static const double least_steep = 1, offer_steeper = 2;
/* A level ends when a step can gain no more than this part of a common gain. */
static const double little = 1e-6;
/* Polishing goes on while it gains more than this part of a common gain. */
static const double slight = 1e-3;
static const float dead = -1e30F;

static struct descent *load(const struct choices *choices, int is_whole)
{
    struct descent *descent = alloc_zero(1, sizeof *descent);
    descent->choices = choices;
    descent->model = choices->model;
    descent->is_whole = is_whole;
    descent_load(descent);
    descent->gain = alloc_zero((size_t)descent->n_items + 1, sizeof *descent->gain);
    descent->option_gain = alloc_zero((size_t)descent->n_options + 1, sizeof(double));
    descent->best = alloc_zero((size_t)descent->n_rows + OBJECTIVE_COUNT, sizeof *descent->best);
    return descent;
}

struct descent *descent_new(const struct choices *choices)
{
    return load(choices, 0);
}

struct descent *descent_new_whole(const struct choices *choices)
{
    return load(choices, 1);
}

/* What a pair is worth beyond the prices of its run, less what it loses for kept objectives. */
static void weigh_pairs(const struct descent *descent, double *worth)
{
    for (uint32_t j = 0; j < descent->model->n_pair_columns; j++)
        worth[j] = -INFINITY;
    for (uint32_t o = 0; o < descent->n_options; o++) {
        uint32_t first = descent->first_member[o], end = descent->first_member[o + 1];
        for (uint32_t k = descent->first_item[first]; k < descent->first_item[end]; k++) {
            uint32_t slot = descent->slot[k];
            double at = (double)descent->gain[k];
            for (uint32_t e = descent->first_entry[slot]; e < descent->first_entry[slot + 1]; e++)
                at -= descent->best[descent->entries[e].row] * descent->entries[e].times;
            for (size_t n = 0; n < descent->n_kept; n++)
                at -= descent->best[descent->n_rows + n] *
                      ((double)descent->kept[n].item_loss[k] +
                       (double)descent->kept[n].option_loss[o] / (double)(end - first));
            worth[descent->column[k]] = at;
        }
    }
}

/* What the last run paid for a kept objective. */
static double times_of(const struct descent *descent, const struct descent_kept *kept)
{
    for (size_t k = 0; k < descent->n_kept; k++)
        if (descent->kept[k].objective == kept->objective)
            return descent->best[descent->n_rows + k];
    return first_times * descent->unit / kept->unit;
}

/* What a home with a staff row would offer at the prices is what a person has to be offered. */
void descent_start(struct descent *whole, const struct descent *from)
{
    const struct model *model = whole->model;
    double *worth = alloc_zero((size_t)model->n_pair_columns + 1, sizeof *worth);
    double *price = alloc_zero((size_t)model->n_rows + 1, sizeof *price);
    free(whole->start);
    whole->start = alloc_zero((size_t)whole->n_rows + whole->n_kept + 1, sizeof *whole->start);
    for (uint32_t i = 0; i < from->n_rows; i++)
        price[from->row[i]] = from->best[i];
    for (uint32_t i = 0; i < whole->n_rows; i++)
        whole->start[i] = whole->row[i] != MODEL_NONE ? price[whole->row[i]]
                          : whole->is_free[i]         ? -INFINITY
                                                      : 0;
    for (size_t k = 0; k < whole->n_kept; k++)
        whole->start[whole->n_rows + k] = times_of(from, &whole->kept[k]);
    weigh_pairs(from, worth);
    for (uint32_t g = 0; g < whole->n_guests; g++) {
        double *start = &whole->start[whole->guests[g].row];
        *start = fmax(*start, worth[whole->guests[g].column]);
    }
    for (uint32_t i = 0; i < whole->n_rows; i++)
        if (whole->start[i] < -0x1p60)
            whole->start[i] = 0;
    free(worth);
    free(price);
}

static void clear_kept(struct descent_kept *kept)
{
    free(kept->own);
    free(kept->price);
    descent_losses_clear(kept);
}

void descent_free(struct descent *descent)
{
    if (!descent)
        return;
    descent_rewind(descent);
    descent_forget(descent);
    free(descent->row);
    free(descent->limit);
    free(descent->is_free);
    free(descent->guests);
    free(descent->guest_gain);
    free(descent->classes);
    free(descent->homes);
    free(descent->beds);
    free(descent->start);
    free(descent->first_entry);
    free(descent->entries);
    free(descent->size);
    free(descent->first_option);
    free(descent->first_member);
    free(descent->first_item);
    free(descent->column_of_option);
    free(descent->owner_of_option);
    free(descent->slot);
    free(descent->column);
    free(descent->rooms);
    free(descent->gain);
    free(descent->option_gain);
    free(descent->best);
    free(descent);
}

/* -- one objective -- */

struct walk {
    struct descent *descent;
    struct descent_look look;
    struct budget *budget;
    size_t n;                             /* prices: rows, then kept objectives */
    double *here, *ahead, *next, *before; /* `before`: where the last level ended */
    double heat, unit, enough;
    double momentum;
};

/* What column of the model an option stands for can be gone, or waiting be out of the question. */
static int is_open(const struct descent *descent, uint32_t option, const unsigned char *alive)
{
    uint32_t column = descent->column_of_option[option];
    if (column == DESCENT_IDLE)
        return !choices_must_go(descent->choices, descent->owner_of_option[option]);
    return column == MODEL_NONE || alive[column];
}

struct common { /* of the gains that are not 0 */
    double sum, n;
};

static double gain_of(uint32_t column, const int64_t *gain, const unsigned char *alive,
                      struct common *common)
{
    if (!alive[column])
        return (double)dead;
    common->sum += fabs((double)gain[column]);
    common->n += gain[column] != 0;
    return (double)gain[column];
}

/* Returns what a common gain is. What somebody is offered is no gain. */
static double set_gains(struct descent *descent, const int64_t *gain, const unsigned char *alive)
{
    struct common common = {0, 0};
    for (uint32_t k = 0; k < descent->n_items; k++)
        if (descent->column[k] != MODEL_NONE)
            descent->gain[k] = (float)gain_of(descent->column[k], gain, alive, &common);
    for (uint32_t g = 0; g < descent->n_guests; g++)
        descent->guest_gain[g] = gain_of(descent->guests[g].column, gain, alive, &common);
    for (uint32_t o = 0; o < descent->n_options; o++)
        descent->option_gain[o] = is_open(descent, o, alive) ? 0 : (double)dead;
    return common.n > 0 ? common.sum / common.n : 1;
}

/* The least that a price may be: with what the kept objectives pay it is 0, unless the row has to
 * be full. */
static double lowest(const struct walk *walk, size_t i, const double *price)
{
    const struct descent *descent = walk->descent;
    double low = 0;
    if (i >= descent->n_rows)
        return 0;
    if (descent_is_tight(descent, (uint32_t)i))
        return -INFINITY;
    for (size_t k = 0; k < descent->n_kept; k++)
        low -= price[descent->n_rows + k] * descent->kept[k].price[i];
    return low;
}

static void keep_inside(const struct walk *walk, double *price)
{
    for (size_t i = walk->n; i-- > 0;) {
        double low = lowest(walk, i, price);
        price[i] = price[i] > low ? price[i] : low;
    }
}

static void look(struct walk *walk, const double *price)
{
    struct descent *descent = walk->descent;
    descent_look_at(&walk->look, price, walk->heat);
    walk->budget->work++;
    if (!(walk->look.value < descent->best_value))
        return;
    descent->best_value = walk->look.value;
    memcpy(descent->best, price, walk->n * sizeof *price);
}

static int is_done(const struct walk *walk)
{
    return walk->descent->best_value < walk->enough || budget_is_spent(walk->budget);
}

static int is_level_done(const struct walk *walk, struct budget *share)
{
    share->work = walk->budget->work;
    return is_done(walk) || budget_is_spent(share);
}

/* Everybody pays for a bed what they gain at most there: all that beds can hold, where little work
 * finds nothing better. */
static void look_at_dear_beds(struct walk *walk)
{
    const struct descent *descent = walk->descent;
    for (uint32_t k = 0; k < descent->n_items; k++) {
        uint32_t slot = descent->slot[k];
        for (uint32_t e = descent->first_entry[slot]; e < descent->first_entry[slot + 1]; e++) {
            uint32_t i = descent->entries[e].row;
            if (descent->model->rows[descent->row[i]].kind == MODEL_ROW_PART)
                walk->next[i] = fmax(walk->next[i], (double)descent->gain[k]);
        }
    }
    look(walk, walk->next);
}

static double steepness(const struct walk *walk, size_t i)
{
    const struct descent *descent = walk->descent;
    double steep = walk->look.steep[i];
    if (i < descent->n_rows && descent->row[i] == MODEL_NONE)
        steep *= offer_steeper;
    steep = fmax(steep, least_steep);
    if (i < descent->n_rows)
        return steep;
    double most = pace * walk->ahead[i] + 1e-3 * walk->unit; /* a step is at most that */
    double least = walk->heat * fabs(walk->look.slope[i]) / most;
    return steep > least ? steep : least;
}

/* One step of an accelerated gradient method; where it goes uphill its momentum is lost. Returns
 * what such a step can gain, about. */
static double step(struct walk *walk)
{
    double uphill = 0, gains = 0,
           momentum = (1 + sqrt(1 + 4 * walk->momentum * walk->momentum)) / 2;
    look(walk, walk->ahead);
    for (size_t i = 0; i < walk->n; i++)
        walk->next[i] = walk->ahead[i] - walk->heat * walk->look.slope[i] / steepness(walk, i);
    keep_inside(walk, walk->next);
    for (size_t i = 0; i < walk->n; i++) {
        double back = (walk->ahead[i] - walk->next[i]) * steepness(walk, i);
        uphill += back * (walk->next[i] - walk->here[i]);
        gains += back * (walk->ahead[i] - walk->next[i]);
    }
    double on = uphill > 0 ? 0 : (walk->momentum - 1) / momentum;
    walk->momentum = uphill > 0 ? 1 : momentum;
    for (size_t i = 0; i < walk->n; i++)
        walk->ahead[i] = walk->next[i] + on * (walk->next[i] - walk->here[i]);
    memcpy(walk->here, walk->next, walk->n * sizeof *walk->here);
    keep_inside(walk, walk->ahead);
    return gains / walk->heat;
}

/* Prices move on about as far as they have moved, times `times`. */
static void foresee(struct walk *walk, double times)
{
    for (size_t i = 0; i < walk->n; i++)
        walk->ahead[i] = walk->here[i] + times * (walk->here[i] - walk->before[i]);
    keep_inside(walk, walk->ahead);
}

/* What a common gain is, with what homes that are wholes are paid for those kept. */
static double warmth_of(const struct walk *walk)
{
    const struct descent *descent = walk->descent;
    double warmth = walk->unit;
    for (size_t k = 0; k < descent->n_kept && descent->is_whole; k++)
        warmth += walk->here[descent->n_rows + k] * descent->kept[k].unit;
    return warmth;
}

/* The prices of a level differ from the last ones in proportion to its heat: so the next one begins
 * where that leads to, and what it leads to without heat may be the best of all. A limit that is
 * too near for all looks leaves each level its part: where it has not become cold there is hardly a
 * bound. */
static void go_down(struct walk *walk, const struct levels *by)
{
    int first = by->first;
    double warmth = warmth_of(walk);
    for (int level = first; level < by->end && !is_done(walk); level++) {
        foresee(walk, level >= first + 2 ? cooler : 0);
        memcpy(walk->before, walk->here, walk->n * sizeof *walk->before);
        memcpy(walk->here, walk->ahead, walk->n * sizeof *walk->here);
        walk->momentum = 1;
        walk->heat = warmth / HEAT_PART * pow(cooler, level);
        struct budget share = budget_share(walk->budget, 100 / (by->end - level));
        for (int n = 0; n < by->looks && !is_level_done(walk, &share); n++)
            if (step(walk) < little * walk->unit)
                break;
        foresee(walk, level >= first + 1 ? cooler / (1 - cooler) : 0);
        look(walk, walk->ahead);
    }
}

/* The best prices, made better row by row while that is worth a look. They get edges by that: good
 * for a bound, but no place from which to go on. */
static void polish(struct walk *walk)
{
    static const enum model_row_kind kinds[] = {MODEL_ROW_PART, MODEL_ROW_WOMEN, MODEL_ROW_MEN};
    struct descent *descent = walk->descent;
    size_t n_kinds = descent->n_rooms ? 3 : 1;
    double before = INFINITY;
    while (before - descent->best_value > slight * walk->unit) {
        before = descent->best_value;
        for (size_t k = 0; k < n_kinds && !is_done(walk); k++) {
            memcpy(walk->next, descent->best, walk->n * sizeof *walk->next);
            descent_polish(&walk->look, kinds[k], walk->next);
            keep_inside(walk, walk->next);
            look(walk, walk->next);
        }
    }
}

/* From the prices of before, or from none but what kept objectives may pay. */
static void begin(struct walk *walk)
{
    struct descent *descent = walk->descent;
    walk->heat = walk->unit / HEAT_PART;
    const double *from =
        descent->n_known > descent->n_kept ? descent->kept[descent->n_kept].own : descent->start;
    if (from) {
        memcpy(walk->here, from, walk->n * sizeof *walk->here);
        keep_inside(walk, walk->here);
    } else
        for (size_t k = 0; k < descent->n_kept; k++)
            walk->here[descent->n_rows + k] = first_times * walk->unit / descent->kept[k].unit;
    look(walk, walk->here);
    memcpy(walk->ahead, walk->here, walk->n * sizeof *walk->here);
    memcpy(walk->before, walk->here, walk->n * sizeof *walk->here);
    if (!is_done(walk) && !descent->is_whole)
        look_at_dear_beds(walk);
}

/* What is paid for one of a kept objective becomes a multiple of 1/2^20, as it will be in a proof;
 * the prices that go with it follow, so hardly anything is lost. */
static void pay_whole(struct descent *descent)
{
    for (size_t k = descent->n_kept; k-- > 0;) {
        double stage[OBJECTIVE_COUNT], *times = &descent->best[descent->n_rows + k];
        descent_sum_up(descent, NULL, stage);
        double paid = -stage[descent->kept[k].objective], one = (double)(1 << BOUND_SHIFT);
        *times = fmax(*times + rint(paid * one) / one - paid, 0);
    }
}

void descent_run(struct descent *descent, const int64_t *gain, const unsigned char *alive,
                 double enough, struct budget *budget)
{
    struct walk walk = {.descent = descent, .enough = enough, .budget = budget};
    walk.n = descent->n_rows + descent->n_kept;
    walk.here = alloc_zero(walk.n + 1, sizeof(double));
    walk.ahead = alloc_zero(walk.n + 1, sizeof(double));
    walk.next = alloc_zero(walk.n + 1, sizeof(double));
    walk.before = alloc_zero(walk.n + 1, sizeof(double));
    walk.unit = descent->unit = set_gains(descent, gain, alive);
    descent->best_value = INFINITY;
    descent_look_init(&walk.look, descent);
    struct budget all = descent->is_whole ? budget_narrow(budget, DOWN_PERCENT) : *budget;
    begin(&walk);
    if (descent->n_known > descent->n_kept && descent->n_kept) /* they may lose another sum now */
        go_down(&walk, &again_levels[descent->is_whole]);
    else if (descent->n_known <= descent->n_kept)
        go_down(&walk, &levels[descent->is_whole][descent->n_kept > 0]);
    budget_widen(budget, &all);
    if (descent->is_whole)
        polish(&walk);
    pay_whole(descent);
    descent_look_clear(&walk.look);
    free(walk.here);
    free(walk.ahead);
    free(walk.next);
    free(walk.before);
}

/* -- what is found -- */

/* The best prices in all: what is paid through kept objectives is part of them. */
void descent_sum_up(const struct descent *descent, double *row, double stage[OBJECTIVE_COUNT])
{
    if (row)
        memcpy(row, descent->best, descent->n_rows * sizeof *row);
    for (size_t k = 0; k < OBJECTIVE_COUNT; k++)
        stage[k] = 0;
    for (size_t k = 0; k < descent->n_kept; k++) {
        const struct descent_kept *kept = &descent->kept[k];
        double times = descent->best[descent->n_rows + k];
        for (uint32_t i = 0; row && i < descent->n_rows; i++)
            row[i] += times * kept->price[i];
        for (size_t j = 0; j < OBJECTIVE_COUNT; j++)
            stage[j] += times * kept->stage[j];
        stage[kept->objective] -= times;
    }
}

void descent_prices(const struct descent *descent, double *price)
{
    const struct model *model = descent->model;
    double stage[OBJECTIVE_COUNT], *row = alloc_zero((size_t)descent->n_rows + 1, sizeof *row);
    descent_sum_up(descent, row, stage);
    memset(price, 0, model->n_rows * sizeof *price);
    for (uint32_t i = 0; i < descent->n_rows; i++)
        price[descent->row[i]] = row[i] > 0 || descent_is_tight(descent, i) ? row[i] : 0;
    for (uint32_t k = 0; k < model->n_stages; k++)
        price[model->stage_row[k]] = stage[model->rows[model->stage_row[k]].a];
    for (size_t r = 0; r < descent->n_rooms; r++) {
        const struct descent_rooms *rooms = &descent->rooms[r];
        double women = row[rooms->row[0]], men = row[rooms->row[1]];
        price[rooms->group] = rooms->beds * fmax(fmax(women, men), 0);
    }
    free(row);
}

double descent_value(const struct descent *descent)
{
    return descent->best_value;
}

size_t descent_known(const struct descent *descent)
{
    return descent->n_known;
}

/* What alternatives lose against the prices of the last run. */
static void know(struct descent *descent, size_t k)
{
    struct descent_look look;
    size_t n = (size_t)descent->n_rows + descent->n_kept;
    struct descent_kept *kept = &descent->kept[descent->n_known++];
    *kept =
        (struct descent_kept){.objective = k, .unit = descent->unit, .plain = descent->best_value};
    kept->own = alloc_zero(n + 1, sizeof *kept->own);
    kept->price = alloc_zero((size_t)descent->n_rows + 1, sizeof *kept->price);
    descent_losses_init(kept, descent);
    memcpy(kept->own, descent->best, n * sizeof *kept->own);
    for (size_t j = 0; j < descent->n_kept; j++)
        kept->plain -= kept->own[descent->n_rows + j] * descent->kept[j].gap;
    descent_look_init(&look, descent);
    descent_look_losses(&look, descent->best, kept);
    descent_look_clear(&look);
    descent_sum_up(descent, kept->price, kept->stage);
}

void descent_keep(struct descent *descent, size_t k, int64_t value)
{
    if (descent->n_known == descent->n_kept)
        know(descent, k);
    struct descent_kept *kept = &descent->kept[descent->n_kept];
    kept->gap = kept->plain - (double)value;
    kept->value = value;
    for (size_t j = 0; j < descent->n_kept; j++)
        kept->gap += kept->own[descent->n_rows + j] * descent->kept[j].gap;
    descent->n_kept++;
}

void descent_rewind(struct descent *descent)
{
    descent->n_kept = 0;
}

void descent_forget(struct descent *descent)
{
    while (descent->n_known > descent->n_kept)
        clear_kept(&descent->kept[--descent->n_known]);
}
