/* coupled_cuts.c - see coupled_cuts.h. */
#include "solver/coupled_cuts.h"

#include "models/alloc.h"
#include "solver/coupled_ahead.h"
#include "solver/coupled_relax.h"
#include "solver/cuts_basis.h"
#include "solver/cuts_odd.h"

#include <limits.h>
#include <stdlib.h>

/* WORTH: a round of cuts is idle that gives no more than this part of what all gave. Beds that
 * households want may be found wanting in one home after the other, and the bound moves after the
 * last: so many rounds more. */
enum {
    AT_ONCE = 60,
    ODD_MOST = 8,
    WHOLE = 1000,
    WORTH = 50,
    IDLE_MOST = 2,
    IDLE_BEDS = 8,
    LONG = 300,
    CITY = 6000 /* people: in larger rounds rows of a whole city cost more than they tell */
};

static int inverse(void *context, uint32_t which, double *multipliers)
{
    return glpk_mip_inverse(context, which, multipliers);
}

/* Are there cuts from beds that households want? */
static int want_beds(const struct model *model, const struct cuts *cuts)
{
    size_t c = 0;
    while (c < cuts->n && model->rows[cuts->items[c].base].kind != MODEL_ROW_PART)
        c++;
    return c < cuts->n;
}

/* Of the whole city's beds those that couples leave over, where no minutes decide who comes. */
static void find_odd(struct coupled_run *run, const double *x, size_t room, struct cuts *cuts)
{
    struct cuts_odd odd = {run->model, run->reached, x, &run->bound};
    if (coupled_run_has_network(run) && run->problem->n_households &&
        run->problem->n_people <= CITY)
        cuts_odd_find(&odd, room < ODD_MOST ? room : ODD_MOST, cuts);
}

static void find_cuts(struct coupled_run *run, struct cuts *cuts, int *has_beds)
{
    const struct model *model = run->model;
    size_t room = model_cuts_room(model);
    double *x = alloc_zero(model->n_columns, sizeof *x);
    struct cuts_basis basis = {model, run->reached, x, run->duals, inverse, run->mip};
    for (uint32_t j = 0; j < model->n_columns; j++)
        x[j] = glpk_mip_value(run->mip, j);
    cuts_find(model, x, room, cuts);
    *has_beds |= want_beds(model, cuts);
    find_odd(run, x, room - cuts->n, cuts);
    room -= cuts->n;
    room = room < AT_ONCE ? room : AT_ONCE;
    if (run->problem->n_objectives == 1) /* to no stage after it they are of use */
        cuts_basis_find_soon(&basis, room, cuts);
    else
        cuts_basis_find(&basis, room, cuts);
    free(x);
}

static size_t add_cuts(struct coupled_run *run, int *has_beds)
{
    struct cuts cuts;
    find_cuts(run, &cuts, has_beds);
    size_t n = cuts.n;
    if (n) {
        model_cuts_add(run->model, cuts.items, n);
        coupled_ahead_cut(run);
        glpk_mip_use_cuts(run->mip, 1);
    }
    cuts_clear(&cuts);
    return n;
}

size_t coupled_cuts_add(struct coupled_run *run)
{
    int has_beds = 0;
    return add_cuts(run, &has_beds);
}

void coupled_cuts_rest(struct coupled_run *run, int all)
{
    for (uint32_t i = 0; i < run->model->n_rows; i++)
        if (run->model->rows[i].kind == MODEL_ROW_CUT &&
            (all || glpk_mip_is_basic_row(run->mip, i)))
            model_cuts_rest(run->model, i);
    glpk_mip_sync_rows(run->mip);
}

/* A bound just on a whole number is not moved by what leaves one of its optima out: a plan of that
 * value is to be looked for, and other cuts on the way. */
static int is_whole(bound_wide total)
{
    bound_wide one = (bound_wide)1 << BOUND_SHIFT, rest = total & (one - 1);
    return rest * WHOLE < one;
}

void coupled_cuts_tighten(struct coupled_run *run, struct coupled_stage *stage,
                          coupled_cuts_look *look)
{
    bound_wide gained = 0;
    int n_idle = 0, has_beds = 0;
    run->uses_cuts = 1;
    while (n_idle < (has_beds ? IDLE_BEDS : IDLE_MOST) && add_cuts(run, &has_beds)) {
        bound_wide before = run->bound.total;
        int64_t most = bound_value(&run->bound);
        coupled_ahead_relax(run, LONG + (int)run->model->n_rows / 2);
        int is_relaxed = coupled_relax_again(run, stage, INT_MAX) == GLPK_DONE;
        bound_wide now = before - run->bound.total;
        int is_over = !is_relaxed || stage->is_proved;
        if (!is_over || run->problem->n_people <= CITY)
            gained += now; /* cuts that proved the stage hold in the next one */
        if (is_over)
            break;
        int is_idle = now * WORTH <= gained || bound_value(&run->bound) == most;
        n_idle = is_idle ? n_idle + 1 : 0;
        coupled_cuts_rest(run, 0);
        if (is_whole(run->bound.total) && look && !is_idle)
            look(run, stage);
        if (stage->is_proved || (is_idle && is_whole(run->bound.total) && run->ahead && !has_beds))
            break;
    }
    coupled_cuts_rest(run, gained <= 0);
}
