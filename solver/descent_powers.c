/* descent_powers.c - see descent_powers.h. */
#include "solver/descent_powers.h"

void descent_powers(float *values, uint32_t n)
{
    for (uint32_t at = 0; at < n; at += DESCENT_LANES) {
        descent_lanes x, two;
        memcpy(&x, values + at, sizeof x);
        descent_whole_lanes twos =
            __builtin_convertvector(x * 1.44269504F - 0.5F, descent_whole_lanes);
        descent_lanes r = x - __builtin_convertvector(twos, descent_lanes) * 0.693147181F;
        descent_whole_lanes bits = (twos + 127) << 23;
        memcpy(&two, &bits, sizeof two);
        x = two * (1 + r * (1 + r * (1.F / 2 + r * (1.F / 6 + r * (1.F / 24 + r * (1.F / 120))))));
        memcpy(values + at, &x, sizeof x);
    }
}
