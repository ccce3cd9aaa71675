/* explain.c - see explain.h: the text form. Facts are in explain_facts.c, words in explain_words.c,
 * JSON in explain_json.c. */
#include "solver/explain.h"

#include "models/alloc.h"
#include "solver/explain_facts.h"

char *explain_text(const struct region *region, const struct policy *policy,
                   const struct plan *plan, const char *applicant_id, double again_s,
                   struct alm_error *err)
{
    struct explain_facts *facts =
        explain_again_new(region, policy, plan, applicant_id, again_s, err);
    struct list sentences = {0};
    struct buffer out = {0};
    if (!facts)
        return NULL;
    explain_words_all(facts, &sentences);
    for (size_t i = 0; i < sentences.n; i++)
        buffer_format(&out, "%s\n", sentences.items[i]);
    list_clear(&sentences);
    explain_facts_free(facts);
    return buffer_take(&out, NULL);
}
