/* verify_offers.c - see verify_offers.h. */
#include "solver/verify_offers.h"

#include "models/alloc.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static int refuse_twice(const char *what, const char *id, struct alm_error *err)
{
    return err_set(err, ERR_REFUSED, "certificate: offers: %s %s stands there twice", what, id);
}

static int find_home(const struct verify_prices *prices, const char *id, size_t *home,
                     struct alm_error *err)
{
    *home = verify_prices_home(prices, id);
    return *home != VERIFY_NOWHERE
               ? 0
               : err_set(err, ERR_REFUSED,
                         "certificate: offers: institution %s is not in the world", id);
}

static int find_person(const struct verify_prices *prices, const char *id, int64_t price,
                       size_t *person, struct alm_error *err)
{
    *person = verify_round_person(prices->round, id);
    if (*person == VERIFY_NOWHERE)
        return err_set(err, ERR_REFUSED, "certificate: offers: applicant %s is not in the round",
                       id);
    if (price < CERTIFICATE_PRICE_MOST && price > -CERTIFICATE_PRICE_MOST)
        return 0;
    return err_set(err, ERR_REFUSED, "certificate: offers: applicant %s: %" PRId64 " is no offer",
                   id, price);
}

static int read_homes(struct verify_offers *offers, const struct verify_prices *prices,
                      const struct certificate *stated, struct alm_error *err)
{
    for (size_t h = 0; h < stated->n_homes; h++) {
        size_t home;
        if (find_home(prices, stated->homes[h].institution_id, &home, err) != 0)
            return -1;
        if (offers->is_home[home])
            return refuse_twice("institution", stated->homes[h].institution_id, err);
        offers->is_home[home] = 1;
    }
    return 0;
}

static int read_people(struct verify_offers *offers, const struct verify_prices *prices,
                       const struct certificate *stated, size_t objective, struct alm_error *err)
{
    unsigned char *is_read = alloc_zero(prices->round->n_people + 1, 1);
    int result = 0;
    for (size_t i = 0; i < stated->n_people && result == 0; i++) {
        const struct certificate_person *entry = &stated->people[i];
        size_t person;
        result = find_person(prices, entry->applicant_id, entry->price[objective], &person, err);
        if (result == 0 && is_read[person])
            result = refuse_twice("applicant", entry->applicant_id, err);
        if (result != 0)
            continue;
        is_read[person] = 1;
        offers->person[person] = entry->price[objective];
    }
    free(is_read);
    return result;
}

static int by_person_and_home(const void *a, const void *b)
{
    const struct verify_offer *one = a, *two = b;
    if (one->person != two->person)
        return one->person < two->person ? -1 : 1;
    return one->home < two->home ? -1 : one->home > two->home;
}

/* Those of one institution mostly lie side by side, as those of one person do. */
static int read_members(struct verify_offers *offers, const struct verify_prices *prices,
                        const struct certificate *stated, size_t objective, struct alm_error *err)
{
    for (size_t m = 0; m < stated->n_members; m++) {
        const struct certificate_member *entry = &stated->members[m];
        struct verify_offer *offer = &offers->members[offers->n_members++];
        if (find_person(prices, entry->applicant_id, entry->price[objective], &offer->person,
                        err) != 0 ||
            find_home(prices, entry->institution_id, &offer->home, err) != 0)
            return -1;
        offer->price = entry->price[objective];
    }
    if (offers->n_members)
        qsort(offers->members, offers->n_members, sizeof *offers->members, by_person_and_home);
    for (size_t m = 1; m < offers->n_members; m++)
        if (by_person_and_home(&offers->members[m - 1], &offers->members[m]) == 0) {
            size_t person = offers->members[m].person;
            return refuse_twice("one institution of member",
                                prices->round->people[person].applicant->record.id, err);
        }
    return 0;
}

int verify_offers_read(struct verify_offers *offers, const struct verify_prices *prices,
                       const struct certificate *stated, size_t objective, struct alm_error *err)
{
    offers->is_home = alloc_zero(prices->round->n_homes + 1, 1);
    offers->person = alloc_zero(prices->round->n_people + 1, sizeof *offers->person);
    offers->members = alloc_zero(stated->n_members + 1, sizeof *offers->members);
    return read_homes(offers, prices, stated, err) != 0 ||
                   read_people(offers, prices, stated, objective, err) != 0 ||
                   read_members(offers, prices, stated, objective, err) != 0
               ? -1
               : 0;
}

void verify_offers_clear(struct verify_offers *offers)
{
    free(offers->is_home);
    free(offers->person);
    free(offers->members);
    *offers = (struct verify_offers){0};
}

int64_t verify_offers_member(const struct verify_offers *offers, size_t person, size_t home)
{
    const struct verify_offer wanted = {person, home, 0};
    if (!offers->n_members)
        return 0;
    const struct verify_offer *offer =
        bsearch(&wanted, offers->members, offers->n_members, sizeof wanted, by_person_and_home);
    return offer ? offer->price : 0;
}
