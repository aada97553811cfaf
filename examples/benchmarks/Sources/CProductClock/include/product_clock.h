#ifndef PRODUCT_CLOCK_H
#define PRODUCT_CLOCK_H

/// Seconds of this process' time that were spent inside the matrix products of the BLAS library.
double product_clock_seconds(void);

#endif
