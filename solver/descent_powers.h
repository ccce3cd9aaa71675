/* descent_powers.h - powers of e, the same on every machine. Inside descent*.c only. */
#ifndef ALMONER_DESCENT_POWERS_H
#define ALMONER_DESCENT_POWERS_H

#include <math.h>
#include <stdint.h>
#include <string.h>

/* Numbers that are reckoned with at once. */
typedef float descent_lanes __attribute__((vector_size(16)));
typedef int32_t descent_whole_lanes __attribute__((vector_size(16)));
enum { DESCENT_LANES = 4 };

/* e^x for x <= 0, to 1e-7, the same on every machine. */
static inline double descent_power(double x)
{
    if (x < -700)
        return 0;
    double twos = rint(x * 1.4426950408889634), r = x - twos * 0.6931471805599453;
    uint64_t bits = (uint64_t)(1023 + (int64_t)twos) << 52;
    double two;
    memcpy(&two, &bits, sizeof two);
    return two * (1 + r * (1 + r * (1.0 / 2 + r * (1.0 / 6 + r * (1.0 / 24 + r * (1.0 / 120))))));
}

/* e^x of several x that are not far below -20; reads and writes up to the next multiple of
 * DESCENT_LANES. */
void descent_powers(float *values, uint32_t n);

#endif
