/* applicants.h - what other handlers share with those of applicants: reading one from a client, and
 * the one way in which personal data leaves. */
#ifndef ALMONER_APPLICANTS_H
#define ALMONER_APPLICANTS_H

#include "api/call.h"

/* A ticket nobody can guess from another. */
void applicants_random_id(char id[ID_MAX + 1]);
/* One applicant from JSON: a random id when none is sent (*has_id 0, when it is not NULL), the
 * token's district when none is sent. NULL with issues, or FORBIDDEN. *person_json (caller frees)
 * is NULL when no personal data was sent. */
struct applicant *applicants_read(const struct token *who, const char *bytes, size_t len,
                                  int *has_id, char **person_json, struct alm_error *err);
/* The same rules for a record that was read otherwise (CSV): the record, or NULL and it is freed.
 */
struct record *applicants_scoped(const struct token *who, struct record *record, char **person_json,
                                 struct alm_error *err);

/* A store_person_fn whose arg is a call: answers with what {id} names plus `person`. */
void applicants_send_with_person(void *arg, const char *json, const struct alm_error *err);

#endif
