#include "image_codec.h"

#include <png.h>
#include <setjmp.h>
#include <stdio.h>
#include <string.h>

/* Everything one write needs. It belongs to a frame outside the one that calls setjmp. */
typedef struct {
    png_structp png;
    png_infop info;
    jmp_buf escape;
    image_codec_status status;
    uint8_t *output;
    size_t capacity;
    size_t written;
    char *message;
    size_t message_size;
} encoder;

static void fail(encoder *e, image_codec_status status, const char *reason) {
    snprintf(e->message, e->message_size, "%s", reason);
    e->status = status;
    longjmp(e->escape, 1);
}

static void on_error(png_structp png, png_const_charp text) {
    fail((encoder *)png_get_error_ptr(png), IMAGE_CODEC_CORRUPT, text);
}

static void on_warning(png_structp png, png_const_charp text) {
    (void)png;
    (void)text;
}

static void write_bytes(png_structp png, png_bytep bytes, size_t count) {
    encoder *e = (encoder *)png_get_io_ptr(png);
    if (count > e->capacity - e->written) fail(e, IMAGE_CODEC_MEMORY, "the output buffer is too small");
    memcpy(e->output + e->written, bytes, count);
    e->written += count;
}

static void flush_bytes(png_structp png) { (void)png; }

static void try_encode(encoder *e, const uint8_t *pixels, uint32_t width, uint32_t height) {
    if (setjmp(e->escape) != 0) return;
    e->png = png_create_write_struct(PNG_LIBPNG_VER_STRING, e, on_error, on_warning);
    if (e->png == NULL) fail(e, IMAGE_CODEC_MEMORY, "out of memory");
    e->info = png_create_info_struct(e->png);
    if (e->info == NULL) fail(e, IMAGE_CODEC_MEMORY, "out of memory");
    png_set_write_fn(e->png, e, write_bytes, flush_bytes);
    png_set_IHDR(e->png, e->info, width, height, 8, PNG_COLOR_TYPE_RGB, PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_BASE,
                 PNG_FILTER_TYPE_BASE);
    png_write_info(e->png, e->info);
    for (uint32_t y = 0; y < height; y++) png_write_row(e->png, pixels + (size_t)width * 3 * y);
    png_write_end(e->png, e->info);
}

image_codec_status image_codec_png_encode(const uint8_t *pixels, uint32_t width, uint32_t height, uint8_t *out,
                                          size_t out_size, size_t *written, char *message, size_t message_size) {
    encoder e = {.output = out, .capacity = out_size, .message = message, .message_size = message_size};
    try_encode(&e, pixels, width, height);
    png_destroy_write_struct(&e.png, &e.info);
    *written = e.written;
    return e.status;
}
