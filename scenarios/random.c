/* random.c - see random.h. */
#include "scenarios/random.h"

#include <math.h>

static uint64_t next(struct random *random)
{
    uint64_t z = random->state += 0x9e3779b97f4a7c15u;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

int64_t random_below(struct random *random, int64_t n)
{
    return (int64_t)(next(random) % (uint64_t)n);
}

int random_chance(struct random *random, int64_t per_mille)
{
    return random_below(random, 1000) < per_mille;
}

static double unit(struct random *random) /* [0, 1) */
{
    return (double)(next(random) >> 11) / 9007199254740992.0;
}

double random_normal(struct random *random)
{
    double sum = -6.0;
    for (int i = 0; i < 12; i++)
        sum += unit(random);
    return sum;
}

double random_exponential(struct random *random, double mean)
{
    return -mean * log(1.0 - unit(random));
}

size_t random_weighted(struct random *random, const int64_t *weight, size_t n)
{
    int64_t sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += weight[i];
    int64_t drawn = random_below(random, sum);
    size_t i = 0;
    while (drawn >= weight[i])
        drawn -= weight[i++];
    return i;
}
