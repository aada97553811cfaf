#include "vector_math.h"

#include <string.h>

typedef float lanes __attribute__((ext_vector_type(16), aligned(4)));
typedef int integers __attribute__((ext_vector_type(16), aligned(4)));

typedef float eight __attribute__((ext_vector_type(8)));
typedef float four __attribute__((ext_vector_type(4)));

// One copy of a function for each of these processors; the loader takes the best one that the machine can run. The
// width is said apart, as compilers halve registers of 512 bits by default.
// Not under the thread sanitizer, which has not begun yet when the loader chooses.
#if defined(__x86_64__) && !__has_feature(thread_sanitizer)
#define WIDE __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default"), min_vector_width(512)))
#else
#define WIDE
#endif

// By halves: a chain of sixteen additions would take longer than a short row. Macros, as a vector this wide cannot be
// handed to a function that is compiled for narrower registers.
#define REDUCE(vector, combine, result)                                                                              \
    do {                                                                                                             \
        eight e = combine((vector).lo, (vector).hi);                                                                 \
        four f = combine(e.lo, e.hi);                                                                                \
        __typeof__(f.lo) t = combine(f.lo, f.hi);                                                                    \
        (result) = combine(t.x, t.y);                                                                                \
    } while (0)
#define SUM(a, b) ((a) + (b))
#define LARGER(a, b) ((a) > (b) ? (a) : (b))

// x · Φ(x) = max(x, 0) − |x| · Φ(−|x|).
#define GELU(x, result)                                                                                              \
    do {                                                                                                             \
        lanes a = (lanes)((integers)(x) & 0x7fffffff);                                                               \
        lanes p = a * VECTOR_MATH_TAIL_6 + VECTOR_MATH_TAIL_5;                                                       \
        p = p * a + VECTOR_MATH_TAIL_4;                                                                              \
        p = p * a + VECTOR_MATH_TAIL_3;                                                                              \
        p = p * a + VECTOR_MATH_TAIL_2;                                                                              \
        p = p * a + VECTOR_MATH_TAIL_1;                                                                              \
        p = p * a + 1;                                                                                               \
        p *= p;                                                                                                      \
        p *= p;                                                                                                      \
        p *= p;                                                                                                      \
        p *= p;                                                                                                      \
        (result) = 0.5f * ((x) + a) - a * (0.5f / p);                                                                \
    } while (0)

// 2ˣ for x ≤ 0. Adding and taking away 1.5 · 2²³ rounds to a whole number, whose bits are then the exponent's. The power
// of the whole part is multiplied, and the bound written so, that NaN comes through: as an addition of bits, what a NaN
// carries would end among them.
#define POWER(x, result)                                                                                             \
    do {                                                                                                             \
        const float rounder = 12582912;                                                                              \
        lanes bounded = (x) < -116 ? (lanes){0} - 116 : (x);                                                         \
        lanes shifted = bounded + rounder;                                                                           \
        lanes f = bounded - (shifted - rounder);                                                                     \
        lanes p = f * 1.3276472e-3f + 9.6755415e-3f;                                                                 \
        p = p * f + 5.5507133e-2f;                                                                                   \
        p = p * f + 0.240221197f;                                                                                    \
        p = p * f + 0.693146967f;                                                                                    \
        p = p * f + 1.00000007f;                                                                                     \
        (result) = p * (lanes)(((integers)shifted << 23) + 0x3f800000);                                              \
    } while (0)

WIDE void vector_math_gelu(float *x, size_t rows, size_t columns, size_t stride, const float *bias) {
    size_t whole = columns / vector_math_lanes * vector_math_lanes;
    size_t rest = (columns - whole) * sizeof(float);
    for (size_t row = 0; row < rows; row++, x += stride) {
        for (size_t i = 0; i < whole; i += vector_math_lanes) {
            lanes value = *(const lanes *)(x + i), result;
            if (bias) value += *(const lanes *)(bias + i);
            GELU(value, result);
            *(lanes *)(x + i) = result;
        }
        if (rest == 0) continue;
        lanes value = {0}, shift = {0}, result;
        memcpy(&value, x + whole, rest);
        if (bias) memcpy(&shift, bias + whole, rest);
        value += shift;
        GELU(value, result);
        memcpy(x + whole, &result, rest);
    }
}

WIDE void vector_math_add_bias(float *x, size_t rows, size_t columns, size_t stride, const float *bias) {
    for (size_t row = 0; row < rows; row++, x += stride) {
        size_t i = 0;
        for (; i + vector_math_lanes <= columns; i += vector_math_lanes)
            *(lanes *)(x + i) += *(const lanes *)(bias + i);
        for (; i < columns; i++) x[i] += bias[i];
    }
}

WIDE void vector_math_add(
    float *out, const float *x, const float *y, const float *scale, size_t rows, size_t columns) {
    for (size_t row = 0; row < rows; row++, out += columns, x += columns, y += columns) {
        size_t i = 0;
        for (; i + vector_math_lanes <= columns; i += vector_math_lanes) {
            lanes value = *(const lanes *)(y + i);
            if (scale) value *= *(const lanes *)(scale + i);
            *(lanes *)(out + i) = *(const lanes *)(x + i) + value;
        }
        for (; i < columns; i++) out[i] = x[i] + (scale ? y[i] * scale[i] : y[i]);
    }
}

WIDE void vector_math_layer_norm(
    float *out, const float *x, const float *scale, const float *shift, size_t rows, size_t columns, float epsilon) {
    for (size_t row = 0; row < rows; row++, out += columns, x += columns) {
        lanes sums = {0}, squares = {0};
        float sum = 0, square = 0;
        size_t i = 0;
        for (; i + vector_math_lanes <= columns; i += vector_math_lanes) sums += *(const lanes *)(x + i);
        for (; i < columns; i++) sum += x[i];
        float total;
        REDUCE(sums, SUM, total);
        float mean = (total + sum) / (float)columns;
        for (i = 0; i + vector_math_lanes <= columns; i += vector_math_lanes) {
            lanes centred = *(const lanes *)(x + i) - mean;
            squares += centred * centred;
        }
        for (; i < columns; i++) square += (x[i] - mean) * (x[i] - mean);
        REDUCE(squares, SUM, total);
        float inverse = 1 / __builtin_sqrtf((total + square) / (float)columns + epsilon);
        for (i = 0; i + vector_math_lanes <= columns; i += vector_math_lanes)
            *(lanes *)(out + i) =
                (*(const lanes *)(x + i) - mean) * inverse * *(const lanes *)(scale + i) + *(const lanes *)(shift + i);
        for (; i < columns; i++) out[i] = (x[i] - mean) * inverse * scale[i] + shift[i];
    }
}

WIDE float vector_math_powers(float *x, size_t count, const float *bias) {
    lanes top = (lanes){0} - __builtin_inff();
    for (size_t i = 0; i < count; i += vector_math_lanes) {
        lanes value = *(const lanes *)(x + i);
        if (bias) {
            value += *(const lanes *)(bias + i);
            *(lanes *)(x + i) = value;
        }
        top = value > top ? value : top;
    }
    float largest;
    REDUCE(top, LARGER, largest);
    lanes sum = {0};
    for (size_t i = 0; i < count; i += vector_math_lanes) {
        lanes value = *(const lanes *)(x + i) - largest, power;
        POWER(value, power);
        sum += power;
        *(lanes *)(x + i) = power;
    }
    float total;
    REDUCE(sum, SUM, total);
    return total;
}

enum { together = 4, most_keys = vector_math_attended_keys, most_columns = vector_math_attended_columns };

// Turns the scores of one query into shares of its keys, up to a factor, which comes back.
static inline __attribute__((always_inline)) float share(
    lanes *scores, float *shares, float scale, const lanes *beyond, const int key_blocks) {
    lanes top = scores[key_blocks - 1] = scores[key_blocks - 1] * scale + *beyond;
    for (int b = 0; b < key_blocks - 1; b++) {
        scores[b] *= scale;
        top = scores[b] > top ? scores[b] : top;
    }
    float largest, total;
    REDUCE(top, LARGER, largest);
    lanes sum = {0};
    for (int b = 0; b < key_blocks; b++) {
        lanes value = scores[b] - largest, power;
        POWER(value, power);
        sum += power;
        *(lanes *)(shares + b * vector_math_lanes) = power;
    }
    REDUCE(sum, SUM, total);
    return 1 / total;
}

// One head, with as many blocks of lanes of keys and of columns; both are constants where this is called, so that all sums
// stay in registers. Queries are worked on `together`, as the sums of one alone would wait for each other.
static inline __attribute__((always_inline)) void attend(
    float *out, size_t out_stride, const float *queries, size_t query_stride, const float *turned,
    const float *values, size_t value_stride, size_t query_count, size_t key_count, float scale, const int key_blocks,
    const int column_blocks) {
    const int columns = column_blocks * vector_math_lanes;
    lanes beyond = {0};
    for (int lane = 0; lane < vector_math_lanes; lane++)
        if ((size_t)((key_blocks - 1) * vector_math_lanes + lane) >= key_count) beyond[lane] = -__builtin_inff();
    for (size_t first = 0; first < query_count; first += together) {
        size_t row[together];
        for (int i = 0; i < together; i++) row[i] = first + i < query_count ? first + i : query_count - 1;
        lanes scores[together][most_keys / vector_math_lanes];
        for (int i = 0; i < together; i++)
            for (int b = 0; b < key_blocks; b++) scores[i][b] = (lanes){0};
        for (int d = 0; d < columns; d++)
            for (int b = 0; b < key_blocks; b++) {
                lanes key = *(const lanes *)(turned + d * most_keys + b * vector_math_lanes);
                for (int i = 0; i < together; i++) scores[i][b] += key * queries[row[i] * query_stride + d];
            }
        float shares[together][most_keys];
        float factors[together];
        for (int i = 0; i < together; i++) factors[i] = share(scores[i], shares[i], scale, &beyond, key_blocks);
        lanes mixed[together][most_columns / vector_math_lanes];
        for (int i = 0; i < together; i++)
            for (int c = 0; c < column_blocks; c++) mixed[i][c] = (lanes){0};
        for (size_t j = 0; j < key_count; j++)
            for (int c = 0; c < column_blocks; c++) {
                lanes value = *(const lanes *)(values + j * value_stride + c * vector_math_lanes);
                for (int i = 0; i < together; i++) mixed[i][c] += value * shares[i][j];
            }
        for (int i = 0; i < together && first + i < query_count; i++)
            for (int c = 0; c < column_blocks; c++)
                *(lanes *)(out + row[i] * out_stride + c * vector_math_lanes) = mixed[i][c] * factors[i];
    }
}

WIDE void vector_math_attend(
    float *out, size_t out_stride, const float *queries, size_t query_stride, const float *keys, size_t key_stride,
    const float *values, size_t value_stride, size_t query_count, size_t key_count, size_t columns, float scale) {
    float turned[most_columns * most_keys];
    int key_blocks = (int)((key_count + vector_math_lanes - 1) / vector_math_lanes);
    for (size_t d = 0; d < columns; d++) {
        for (size_t j = 0; j < key_count; j++) turned[d * most_keys + j] = keys[j * key_stride + d];
        for (size_t j = key_count; j < (size_t)key_blocks * vector_math_lanes; j++) turned[d * most_keys + j] = 0;
    }
#define ATTEND(k, c)                                                                                                 \
    attend(out, out_stride, queries, query_stride, turned, values, value_stride, query_count, key_count, scale, k, c)
#define ATTEND_KEYS(c)                                                                                               \
    switch (key_blocks) {                                                                                            \
    case 1: ATTEND(1, c); break;                                                                                     \
    case 2: ATTEND(2, c); break;                                                                                     \
    case 3: ATTEND(3, c); break;                                                                                     \
    case 4: ATTEND(4, c); break;                                                                                     \
    }
    switch (columns / vector_math_lanes) {
    case 1: ATTEND_KEYS(1); break;
    case 2: ATTEND_KEYS(2); break;
    case 4: ATTEND_KEYS(4); break;
    }
}

typedef uint32_t words __attribute__((ext_vector_type(16)));
typedef uint16_t halves __attribute__((ext_vector_type(32)));

// A block at a time, and only in one that has a find is it looked for.
#define FIRST_WITH_BITS(name, number, vector)                                                                        \
    WIDE size_t name(const void *numbers, size_t count, number exponent) {                                           \
        enum { lanes_of = sizeof(vector) / sizeof(number), block = 16 * lanes_of };                                  \
        const unsigned char *bytes = numbers;                                                                        \
        for (size_t start = 0; start < count; start += block) {                                                      \
            size_t length = count - start < block ? count - start : block, i = 0;                                    \
            vector found = {0};                                                                                      \
            for (; i + lanes_of <= length; i += lanes_of) {                                                          \
                vector values;                                                                                       \
                memcpy(&values, bytes + (start + i) * sizeof(number), sizeof values);                                \
                found |= (vector)((values & exponent) == exponent);                                                  \
            }                                                                                                        \
            number any = 0;                                                                                          \
            for (int lane = 0; lane < lanes_of; lane++) any |= found[lane];                                          \
            for (i = any ? 0 : i; i < length; i++) {                                                                 \
                number value;                                                                                        \
                memcpy(&value, bytes + (start + i) * sizeof(number), sizeof value);                                  \
                if ((value & exponent) == exponent) return start + i;                                                \
            }                                                                                                        \
        }                                                                                                            \
        return count;                                                                                                \
    }

FIRST_WITH_BITS(vector_math_first_with_bits_32, uint32_t, words)
FIRST_WITH_BITS(vector_math_first_with_bits_16, uint16_t, halves)

WIDE void vector_math_widen_pixels(float *out, const uint8_t *bytes, size_t count) {
    typedef uint8_t row __attribute__((ext_vector_type(16), aligned(1)));
    size_t i = 0;
    // A load takes the bytes of four pixels and four more.
    for (; 3 * i + 16 <= 3 * count; i += vector_math_pixels) {
        row loaded = *(const row *)(bytes + 3 * i), none = {0};
        row spread = __builtin_shufflevector(loaded, none, 0, 1, 2, 16, 3, 4, 5, 16, 6, 7, 8, 16, 9, 10, 11, 16);
        *(lanes *)(out + vector_math_pixel * i) = __builtin_convertvector(spread, lanes);
    }
    for (; i < count; i++) {
        for (size_t k = 0; k < 3; k++) out[vector_math_pixel * i + k] = bytes[3 * i + k];
        out[vector_math_pixel * i + 3] = 0;
    }
}

// Each of four weights for all numbers of its pixel.
#define WEIGHTS(w) __builtin_shufflevector(w, w, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3)

WIDE void vector_math_resize_pixels(
    float *out, const float *source, const int32_t *first, const float *weights, size_t taps, size_t count) {
    typedef float quad __attribute__((ext_vector_type(4), aligned(4)));
    for (size_t i = 0; i < count; i++, weights += taps, out += vector_math_pixel) {
        const float *pixels = source + vector_math_pixel * (size_t)first[i];
        // Two sums, as each addition waits for the one before.
        lanes sums = {0}, others = {0};
        size_t k = 0;
        for (; k + 2 * vector_math_pixels <= taps; k += 2 * vector_math_pixels) {
            four one = *(const quad *)(weights + k), next = *(const quad *)(weights + k + vector_math_pixels);
            sums += *(const lanes *)(pixels + vector_math_pixel * k) * WEIGHTS(one);
            others += *(const lanes *)(pixels + vector_math_pixel * k + vector_math_lanes) * WEIGHTS(next);
        }
        if (k < taps) {
            four one = *(const quad *)(weights + k);
            sums += *(const lanes *)(pixels + vector_math_pixel * k) * WEIGHTS(one);
        }
        sums += others;
        eight halves = sums.lo + sums.hi;
        four pixel = halves.lo + halves.hi;
        pixel = pixel < 0 ? (four){0} : pixel;
        *(quad *)out = pixel > 255 ? (four){0} + 255 : pixel;
    }
}
