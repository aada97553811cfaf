#include "exif_copy.h"

#include <png.h>
#include <setjmp.h>
#include <stdio.h>

/*
 * Everything one read or write needs; libpng hands it back as its error and I/O pointer. It belongs to a frame outside
 * the one that calls setjmp, since locals of that one are indeterminate after a longjmp.
 */
typedef struct {
    png_structp png;
    png_infop info;
    jmp_buf escape;
    image_codec_status status;
    const image_codec_input *input;
    size_t taken; /* bytes of the input that were read */
    uint8_t *output;
    size_t capacity;
    size_t written;
} codec;

static void say(codec *c, image_codec_status status, const char *reason) {
    snprintf(c->input->message, c->input->message_size, "%s", reason);
    c->status = status;
}

static void on_error(png_structp png, png_const_charp text) {
    codec *c = (codec *)png_get_error_ptr(png);
    if (c->status == IMAGE_CODEC_OK) {
        say(c, strstr(text, "emory") != NULL ? IMAGE_CODEC_MEMORY : IMAGE_CODEC_CORRUPT, text);
    }
    longjmp(c->escape, 1);
}

static void check_deadline(codec *c) {
    if (!c->input->gives_up(c->input->context)) return;
    say(c, IMAGE_CODEC_STOPPED, "stopped before the picture was decoded");
    png_error(c->png, "stopped");
}

static void on_warning(png_structp png, png_const_charp text) {
    (void)png;
    (void)text;
}

/* Called for some kilobytes at a time. */
static void read_bytes(png_structp png, png_bytep bytes, size_t count) {
    codec *c = (codec *)png_get_io_ptr(png);
    check_deadline(c);
    if (count > c->input->count - c->taken) {
        say(c, IMAGE_CODEC_TRUNCATED, "the file ends before the picture does");
        png_error(png, "truncated");
    }
    memcpy(bytes, c->input->bytes + c->taken, count);
    c->taken += count;
}

static void write_bytes(png_structp png, png_bytep bytes, size_t count) {
    codec *c = (codec *)png_get_io_ptr(png);
    if (count > c->capacity - c->written) {
        say(c, IMAGE_CODEC_MEMORY, "the output buffer is too small");
        png_error(png, "full");
    }
    memcpy(c->output + c->written, bytes, count);
    c->written += count;
}

static void flush_bytes(png_structp png) { (void)png; }

static void codec_prepare(codec *c, const image_codec_input *input) {
    *c = (codec){0};
    c->input = input;
}

static void out_of_memory(codec *c) {
    say(c, IMAGE_CODEC_MEMORY, "out of memory");
    longjmp(c->escape, 1);
}

/*
 * Reads up to the first pixel data. Text, profiles and other extras are stepped over without being unpacked; EXIF is
 * kept, of up to the 8 MB that libpng allows a chunk.
 */
static void read_header(codec *c) {
    c->png = png_create_read_struct(PNG_LIBPNG_VER_STRING, c, on_error, on_warning);
    if (c->png == NULL) out_of_memory(c);
    c->info = png_create_info_struct(c->png);
    if (c->info == NULL) out_of_memory(c);
    png_set_read_fn(c->png, c, read_bytes);
    /* The caller has limits of its own, and words for them. */
    png_set_user_limits(c->png, PNG_UINT_31_MAX, PNG_UINT_31_MAX);
    png_set_keep_unknown_chunks(c->png, PNG_HANDLE_CHUNK_NEVER, NULL, -1);
    png_set_keep_unknown_chunks(c->png, PNG_HANDLE_CHUNK_AS_DEFAULT, (png_const_bytep) "eXIf", 1);
    png_read_info(c->png, c->info);
}

/* Whether any pixel may be transparent: an alpha channel, or a tRNS chunk for a palette or one colour. */
static int has_alpha(codec *c) {
    return (png_get_color_type(c->png, c->info) & PNG_COLOR_MASK_ALPHA) != 0 ||
           png_get_valid(c->png, c->info, PNG_INFO_tRNS) != 0;
}

static void try_info(codec *c, image_codec_info *info) {
    size_t room = info->exif_size;
    info->exif_size = 0;
    if (setjmp(c->escape) != 0) return;
    read_header(c);
    info->width = png_get_image_width(c->png, c->info);
    info->height = png_get_image_height(c->png, c->info);
    info->channels = has_alpha(c) ? 4 : 3;
    png_bytep exif = NULL;
    png_uint_32 count = 0;
    if (png_get_eXIf_1(c->png, c->info, &count, &exif) != 0) exif_copy(info, room, exif, count);
}

image_codec_status image_codec_png_info(const image_codec_input *input, image_codec_info *info) {
    codec c;
    codec_prepare(&c, input);
    try_info(&c, info);
    png_destroy_read_struct(&c.png, &c.info, NULL);
    return c.status;
}

static void try_decode(codec *c, uint8_t *pixels, size_t pixels_size) {
    if (setjmp(c->escape) != 0) return;
    read_header(c);
    png_set_expand(c->png);
    png_set_scale_16(c->png);
    png_set_gray_to_rgb(c->png);
    int passes = png_set_interlace_handling(c->png);
    png_read_update_info(c->png, c->info);
    size_t stride = png_get_rowbytes(c->png, c->info);
    png_uint_32 height = png_get_image_height(c->png, c->info);
    if (stride * height != pixels_size) png_error(c->png, "decoded size is not what the header promised");
    for (int pass = 0; pass < passes; pass++) {
        for (png_uint_32 y = 0; y < height; y++) {
            check_deadline(c);
            png_read_row(c->png, pixels + stride * y, NULL);
        }
    }
}

image_codec_status image_codec_png_decode(const image_codec_input *input, uint8_t *pixels, size_t pixels_size) {
    codec c;
    codec_prepare(&c, input);
    try_decode(&c, pixels, pixels_size);
    png_destroy_read_struct(&c.png, &c.info, NULL);
    return c.status;
}

static void try_encode(codec *c, const uint8_t *pixels, uint32_t width, uint32_t height) {
    if (setjmp(c->escape) != 0) return;
    c->png = png_create_write_struct(PNG_LIBPNG_VER_STRING, c, on_error, on_warning);
    if (c->png == NULL) out_of_memory(c);
    c->info = png_create_info_struct(c->png);
    if (c->info == NULL) out_of_memory(c);
    png_set_write_fn(c->png, c, write_bytes, flush_bytes);
    png_set_IHDR(c->png, c->info, width, height, 8, PNG_COLOR_TYPE_RGB, PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_BASE,
                 PNG_FILTER_TYPE_BASE);
    png_write_info(c->png, c->info);
    for (uint32_t y = 0; y < height; y++) png_write_row(c->png, pixels + (size_t)width * 3 * y);
    png_write_end(c->png, c->info);
}

image_codec_status image_codec_png_encode(const uint8_t *pixels, uint32_t width, uint32_t height, uint8_t *out,
                                          size_t out_size, size_t *written, char *message, size_t message_size) {
    image_codec_input nothing = {.message = message, .message_size = message_size};
    codec c;
    codec_prepare(&c, &nothing);
    c.output = out;
    c.capacity = out_size;
    try_encode(&c, pixels, width, height);
    png_destroy_write_struct(&c.png, &c.info);
    *written = c.written;
    return c.status;
}
