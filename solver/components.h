/* components.h - which parts of a face can exchange people at all: the strongly connected
 * components of its exchange graph. */
#ifndef ALMONER_COMPONENTS_H
#define ALMONER_COMPONENTS_H

#include "solver/face.h"

/* Nodes are the parts and one more, n_parts, for everything outside: the unplaced people and the
 * beds that may be left free. There is an arc a -> b when somebody in a may have b, or a spare bed
 * may change its side. `parts`: by person, of an assignment on the face (face_parts). `component`
 * (n_parts + 1) receives numbers from 0; returns how many there are. Every assignment on the face
 * gives the same components, and differs from this one by people who go round within their
 * component. */
uint32_t components_find(const struct face *face, const uint32_t *parts, uint32_t *component);

#endif
