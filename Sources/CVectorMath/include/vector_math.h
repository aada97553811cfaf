/// What passes over rows element by element, and attention in short sequences, compiled for several processors at once:
/// Swift code is compiled for the oldest x86-64, and cannot ask at run time for the wide registers of the one that it runs
/// on. C can.
#ifndef VECTOR_MATH_H
#define VECTOR_MATH_H

#include <stddef.h>
#include <stdint.h>

/// Lanes that a row is worked on at once.
enum { vector_math_lanes = 16 };

/// Φ(−|x|), the normal distribution's tail, is ½ · p(|x|)⁻¹⁶ with p(a) = 1 + Σ TAIL_n · aⁿ: the form of Abramowitz &
/// Stegun 7.1.28, with coefficients fitted so that the largest error of |x| · Φ(−|x|) is smallest, 2.5 · 10⁻⁷; with
/// rounding it stays below 6 · 10⁻⁷. Far out the power overflows, and the tail is 0. Forward reads them here, backward in
/// Swift.
#define VECTOR_MATH_TAIL_1 4.9864138e-2f
#define VECTOR_MATH_TAIL_2 2.1157297e-2f
#define VECTOR_MATH_TAIL_3 3.2493157e-3f
#define VECTOR_MATH_TAIL_4 5.9718163e-5f
#define VECTOR_MATH_TAIL_5 4.1383703e-5f
#define VECTOR_MATH_TAIL_6 6.3330061e-6f

/// x := g(x + bias) for each of `rows` rows of `columns` elements, `stride` apart, with g(x) = x · Φ(x), the exact GELU
/// (Hendrycks & Gimpel 2016). `bias` has `columns` elements, or is NULL for zeros. Largest error 6 · 10⁻⁷.
void vector_math_gelu(float *x, size_t rows, size_t columns, size_t stride, const float *bias);

/// x := x + bias for each of `rows` rows of `columns` elements, `stride` apart.
void vector_math_add_bias(float *x, size_t rows, size_t columns, size_t stride, const float *bias);

/// out := x + y ⊙ scale, row by row; `scale` has `columns` elements, or is NULL for ones. `out` may be `x` or `y`.
void vector_math_add(float *out, const float *x, const float *y, const float *scale, size_t rows, size_t columns);

/// out := (x − mean) / √(variance + epsilon) ⊙ scale + shift for each of `rows` rows (Ba et al. 2016), the variance from
/// the centred values, so that it does not cancel.
void vector_math_layer_norm(
    float *out, const float *x, const float *scale, const float *shift, size_t rows, size_t columns, float epsilon);

/// x := 2^(x + bias − max) for a row of whole lanes; returns the sum. `bias` has as many elements, or is NULL for zeros.
/// Relative error below 3 · 10⁻⁷; no power below 2⁻¹¹⁶, so that no product with it is denormal. NaN in the row is NaN in
/// the sum.
float vector_math_powers(float *x, size_t count, const float *bias);

/// Most keys that `vector_math_attend` takes, and most columns, which are a multiple of the lanes.
enum { vector_math_attended_keys = 64, vector_math_attended_columns = 64 };

/// out := softmax₂(queries · keysᵀ · scale) · values for one head of a short sequence, where a product of matrices costs
/// more in calls than in work. Rows are `…_stride` apart; softmax₂ is the softmax with powers of two, and NaN among the
/// scores of a query is a row of NaN.
void vector_math_attend(
    float *out, size_t out_stride, const float *queries, size_t query_stride, const float *keys, size_t key_stride,
    const float *values, size_t value_stride, size_t query_count, size_t key_count, size_t columns, float scale);

/// Numbers of a pixel where pixels are resized: red, green, blue, and 0, so that four pixels fill the lanes.
enum { vector_math_pixel = 4, vector_math_pixels = vector_math_lanes / vector_math_pixel };

/// `count` pixels of `out` from as many of three bytes each.
void vector_math_widen_pixels(float *out, const uint8_t *bytes, size_t count);

/// A row of `count` pixels, each the sum of `taps` pixels of `source` from `first` on by its row of `weights`, cut off at 0
/// and 255: `taps` is a multiple of `vector_math_pixels`, and `source` has so many pixels from each `first` on.
void vector_math_resize_pixels(
    float *out, const float *source, const int32_t *first, const float *weights, size_t taps, size_t count);

/// Index of the first of `count` numbers of 32 bits that has all bits of `exponent`, as infinity and NaN have those of
/// 0x7f800000; `count` where there is none. Numbers need not be aligned.
size_t vector_math_first_with_bits_32(const void *numbers, size_t count, uint32_t exponent);

/// The same for numbers of 16 bits: 0x7c00 for half precision, 0x7f80 for bfloat16.
size_t vector_math_first_with_bits_16(const void *numbers, size_t count, uint16_t exponent);

#endif
