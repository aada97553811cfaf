#ifndef PRODUCT_CLOCK_H
#define PRODUCT_CLOCK_H

/// Starts (1) or stops (0) the clock of this thread. Asking for the time takes a tenth of a small product's own.
void product_clock_count(int on);

/// Seconds of this thread's time that were spent inside matrix products while the clock was on.
double product_clock_seconds(void);

/// Name of the kind of core whose kernels the BLAS library uses.
const char *product_kernels(void);

#endif
