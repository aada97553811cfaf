// Stands between the kernels and the BLAS library: functions of the executable come before those of a shared library.

#define _GNU_SOURCE
#include "product_clock.h"
#include <dlfcn.h>
#include <time.h>

typedef void (*gemm_t)(int, int, int, int, int, int, float, const float *, int, const float *, int, float, float *, int);
typedef void (*gemv_t)(int, int, int, int, float, const float *, int, const float *, int, float, float *, int);

static _Thread_local double spent;
static _Thread_local int counting;

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

double product_clock_seconds(void) { return spent; }

void product_clock_count(int on) { counting = on; }

const char *product_kernels(void) {
    const char *(*name)(void) = (const char *(*)(void))dlsym(RTLD_DEFAULT, "openblas_get_corename");
    return name ? name() : "unknown";
}

void cblas_sgemm(int order, int ta, int tb, int m, int n, int k, float alpha, const float *a, int lda, const float *b,
                 int ldb, float beta, float *c, int ldc) {
    static gemm_t real;
    if (!real) real = (gemm_t)dlsym(RTLD_NEXT, "cblas_sgemm");
    double start = counting ? now() : 0;
    real(order, ta, tb, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc);
    if (counting) spent += now() - start;
}

void cblas_sgemv(int order, int ta, int m, int n, float alpha, const float *a, int lda, const float *x, int incx,
                 float beta, float *y, int incy) {
    static gemv_t real;
    if (!real) real = (gemv_t)dlsym(RTLD_NEXT, "cblas_sgemv");
    double start = counting ? now() : 0;
    real(order, ta, m, n, alpha, a, lda, x, incx, beta, y, incy);
    if (counting) spent += now() - start;
}
