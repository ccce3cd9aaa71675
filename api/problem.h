/* problem.h - application/problem+json (RFC 9457) from the one error channel. */
#ifndef ALMONER_API_PROBLEM_H
#define ALMONER_API_PROBLEM_H

#include "models/err.h"

#define PROBLEM_TYPE "application/problem+json"

/* {"type","title","status","code","detail","errors":[{"pointer","code","detail"}]}; caller frees.
 */
char *problem_json(const struct alm_error *err);
const char *problem_title(int status); /* the reason phrase of a status */

#endif
