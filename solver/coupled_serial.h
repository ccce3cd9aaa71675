/* coupled_serial.h - one question after the other about the plans that all stages have left: one
 * core, one relaxation and one tree for all of them, while columns leave and people get what they
 * have for good.
 *
 * Owns the core and its limits. Inside coupled_ties.c only. */
#ifndef ALMONER_COUPLED_SERIAL_H
#define ALMONER_COUPLED_SERIAL_H

#include "solver/coupled_run.h"

struct coupled_serial;

/* Over the columns that are alive. NULL when no plan is left. */
struct coupled_serial *coupled_serial_new(struct coupled_run *run);
void coupled_serial_free(struct coupled_serial *serial);

/* Improves run->best in `gain` (per column; other than 0 only for pairs of that person) as far as
 * the budget goes. */
void coupled_serial_ask(struct coupled_serial *serial, uint32_t person, const int64_t *gain);

/* From now on: no plan with this column; only plans in which the person has a bed. What follows
 * from it is drawn by the next question. */
void coupled_serial_drop(struct coupled_serial *serial, uint32_t column);
void coupled_serial_house(struct coupled_serial *serial, uint32_t person);

#endif
