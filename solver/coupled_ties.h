/* coupled_ties.h - the tie rule in a round with coupled rows: person after person, the best they
 * can have among the plans that are left. */
#ifndef ALMONER_COUPLED_TIES_H
#define ALMONER_COUPLED_TIES_H

#include "solver/coupled_run.h"

/* After the last stage. Small rounds: everybody in the order of ties, each by a question of their
 * own (coupled_serial.h). Larger ones: people whom no coupled row touches, among themselves (as in
 * a network round); the others keep what they have. Values stay as they are. */
void coupled_ties_settle(struct coupled_run *run);

#endif
