#ifndef OVER_WHITE_H
#define OVER_WHITE_H

#include <stdint.h>

/* Lays `count` pixels with alpha over white. */
static inline void over_white(const uint8_t *rgba, uint8_t *rgb, uint32_t count) {
    for (uint32_t i = 0; i < count; i++, rgba += 4, rgb += 3) {
        unsigned alpha = rgba[3];
        for (int c = 0; c < 3; c++) rgb[c] = (uint8_t)((rgba[c] * alpha + 255 * (255 - alpha) + 127) / 255);
    }
}

#endif
