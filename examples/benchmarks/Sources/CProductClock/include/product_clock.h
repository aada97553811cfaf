#ifndef PRODUCT_CLOCK_H
#define PRODUCT_CLOCK_H

/// Seconds of this process' time that were spent inside the matrix products of the BLAS library.
double product_clock_seconds(void);

/// Name of the kind of core whose kernels the BLAS library uses.
const char *product_kernels(void);

#endif
