#include "image_codec.h"
#include "over_white.h"

#include <png.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

/*
 * What costs how many nanoseconds, measured on pictures that were made to be slow: a byte of a decompressed row; a pixel
 * that does not lie there as red, green and blue, one of 16 bits a channel, one of an interlaced picture; a row.
 */
enum { RAW_BYTE = 3, CONVERTED_PIXEL = 5, DEEP_PIXEL = 3, SCATTERED_PIXEL = 6, ROW = 200 };

/* Pixel data is handed to libpng in parts of so many bytes, which can become a thousand times as many. */
#define INPUT_PART ((size_t)1 << 12)

/* More than a palette has, or its transparency. */
#define SMALL_CHUNK ((size_t)1 << 10)

/* More than cameras write; longer metadata counts as none. */
#define EXIF_CHUNK ((size_t)1 << 20)

#define PASSES 7

/*
 * Everything one read needs; libpng hands it back as its error and progress pointer. It belongs to a frame outside the
 * one that calls setjmp, since locals of that one are indeterminate after a longjmp.
 */
typedef struct {
    png_structp png;
    png_infop info;
    jmp_buf escape;
    image_codec_status status;
    const image_codec_input *input;
    size_t at;          /* in the input: what was looked at */
    uint64_t rows_left; /* of all passes */
    int alpha;          /* whether libpng's rows have it */
    uint32_t width;
    uint32_t height;
    uint8_t *row;    /* one of RGB */
    uint8_t *pixels; /* all of an interlaced picture, RGB */
} decoder;

/* A chunk, of which the file may end before the end. */
typedef struct {
    char type[5];
    size_t start; /* of the whole chunk */
    size_t size;  /* of its content */
    size_t whole; /* with length, type and checksum, as far as it is there */
    int complete;
} chunk;

static void refuse(decoder *d, image_codec_status status, const char *reason) {
    snprintf(d->input->message, d->input->message_size, "%s", reason);
    d->status = status;
    longjmp(d->escape, 1);
}

static void on_error(png_structp png, png_const_charp text) {
    refuse((decoder *)png_get_error_ptr(png), strstr(text, "emory") != NULL ? IMAGE_CODEC_MEMORY : IMAGE_CODEC_CORRUPT,
           text);
}

static void on_warning(png_structp png, png_const_charp text) {
    (void)png;
    (void)text;
}

static void check_deadline(decoder *d) {
    if (d->input->gives_up(d->input->context)) refuse(d, IMAGE_CODEC_STOPPED, "stopped before the picture was decoded");
}

static void truncated(decoder *d) { refuse(d, IMAGE_CODEC_TRUNCATED, "the file ends before the picture does"); }

/* The next chunk. Chunks that nobody needs are not read, whatever they hold. */
static chunk next_chunk(decoder *d) {
    const uint8_t *bytes = d->input->bytes + d->at;
    size_t left = d->input->count - d->at;
    if (left < 8) truncated(d);
    chunk c = {.start = d->at, .size = png_get_uint_32(bytes)};
    memcpy(c.type, bytes + 4, 4);
    if (c.size > PNG_UINT_31_MAX) refuse(d, IMAGE_CODEC_CORRUPT, "a chunk has no valid length");
    c.complete = c.size + 12 <= left;
    c.whole = c.complete ? c.size + 12 : left;
    d->at += c.whole;
    return c;
}

static int is(const chunk *c, const char *type) { return memcmp(c->type, type, 4) == 0; }

/* Hands a part of the file to libpng. */
static void feed(decoder *d, size_t start, size_t size) {
    check_deadline(d);
    /* libpng takes what it does not change as if it did. */
    png_process_data(d->png, d->info, (png_bytep)(uintptr_t)(d->input->bytes + start), size);
}

static void feed_small(decoder *d, const chunk *c) {
    if (!c->complete) truncated(d);
    if (c->size > SMALL_CHUNK) refuse(d, IMAGE_CODEC_CORRUPT, "a chunk is longer than it may be");
    feed(d, c->start, c->whole);
}

/* Says where the metadata is, if its checksum is right. */
static void find_exif(const decoder *d, const chunk *c, image_codec_info *found) {
    const uint8_t *type = d->input->bytes + c->start + 4;
    if (!c->complete || c->size > EXIF_CHUNK) return;
    if (crc32(0, type, (uInt)c->size + 4) != png_get_uint_32(type + 4 + c->size)) return;
    found->exif_start = c->start + 8;
    found->exif_size = c->size;
}

/* Reads up to the first pixel data, and returns its chunk. */
static chunk read_header(decoder *d, image_codec_info *found) {
    if (d->input->count < 8) truncated(d);
    feed(d, 0, 8);
    d->at = 8;
    for (;;) {
        check_deadline(d);
        chunk c = next_chunk(d);
        if (is(&c, "IDAT")) return c;
        if (is(&c, "IHDR") || is(&c, "PLTE") || is(&c, "tRNS")) {
            feed_small(d, &c);
        } else if (is(&c, "IEND")) {
            refuse(d, IMAGE_CODEC_CORRUPT, "the picture has no pixels");
        } else if (is(&c, "eXIf") && found != NULL && found->exif_size == 0) {
            find_exif(d, &c, found);
        } else if ((c.type[0] & 0x20) == 0) {
            refuse(d, IMAGE_CODEC_UNSUPPORTED, "a kind of PNG with chunks of its own");
        }
    }
}

static void create(decoder *d, png_progressive_info_ptr on_info, png_progressive_row_ptr on_row) {
    d->png = png_create_read_struct(PNG_LIBPNG_VER_STRING, d, on_error, on_warning);
    if (d->png == NULL) refuse(d, IMAGE_CODEC_MEMORY, "out of memory");
    d->info = png_create_info_struct(d->png);
    if (d->info == NULL) refuse(d, IMAGE_CODEC_MEMORY, "out of memory");
    png_set_progressive_read_fn(d->png, d, on_info, on_row, NULL);
    /* The caller has limits of its own, and words for them. */
    png_set_user_limits(d->png, PNG_UINT_31_MAX, PNG_UINT_31_MAX);
}

/* Rows that hold something: of all passes, where there are several. */
static uint64_t rows_in(uint32_t width, uint32_t height, int interlaced) {
    if (!interlaced) return height;
    uint64_t rows = 0;
    for (int pass = 0; pass < PASSES; pass++) {
        if (PNG_PASS_COLS(width, pass) > 0) rows += PNG_PASS_ROWS(height, pass);
    }
    return rows;
}

static void try_info(decoder *d, image_codec_info *info) {
    if (setjmp(d->escape) != 0) return;
    create(d, NULL, NULL);
    read_header(d, info);
    info->width = png_get_image_width(d->png, d->info);
    info->height = png_get_image_height(d->png, d->info);
    int interlaced = png_get_interlace_type(d->png, d->info) != PNG_INTERLACE_NONE;
    uint64_t depth = png_get_bit_depth(d->png, d->info);
    uint64_t pixels = (uint64_t)info->width * info->height;
    int plain = depth == 8 && png_get_color_type(d->png, d->info) == PNG_COLOR_TYPE_RGB &&
                png_get_valid(d->png, d->info, PNG_INFO_tRNS) == 0;
    info->work = rows_in(info->width, info->height, interlaced) * ROW +
                 pixels * depth * png_get_channels(d->png, d->info) * RAW_BYTE / 8 +
                 pixels * ((plain ? 0 : CONVERTED_PIXEL) + (depth == 16 ? DEEP_PIXEL : 0) +
                           (interlaced ? SCATTERED_PIXEL : 0));
    info->memory = (uint64_t)info->width * 40 + (1 << 17) + (interlaced ? pixels * 3 : 0);
}

static void destroy(decoder *d) {
    png_destroy_read_struct(&d->png, &d->info, NULL);
    free(d->row);
    free(d->pixels);
}

image_codec_status image_codec_png_info(const image_codec_input *input, image_codec_info *info) {
    decoder d = {.input = input};
    *info = (image_codec_info){0};
    try_info(&d, info);
    destroy(&d);
    return d.status;
}

/* Called in front of the pixels. */
static void start_rows(png_structp png, png_infop info) {
    decoder *d = (decoder *)png_get_progressive_ptr(png);
    if (png_get_image_width(png, info) != d->width || png_get_image_height(png, info) != d->height) {
        refuse(d, IMAGE_CODEC_CORRUPT, "the picture is not what its header promised");
    }
    png_set_expand(png);
    png_set_scale_16(png);
    png_set_gray_to_rgb(png);
    png_read_update_info(png, info);
    d->alpha = png_get_channels(png, info) == 4;
    int interlaced = png_get_interlace_type(png, info) != PNG_INTERLACE_NONE;
    d->rows_left = rows_in(d->width, d->height, interlaced);
    size_t row_size = (size_t)d->width * 3;
    if (interlaced) d->pixels = malloc(row_size * d->height);
    d->row = malloc(row_size);
    if (d->row == NULL || (interlaced && d->pixels == NULL)) refuse(d, IMAGE_CODEC_MEMORY, "out of memory");
}

static void on_row(png_structp png, png_bytep bytes, png_uint_32 row, int pass) {
    decoder *d = (decoder *)png_get_progressive_ptr(png);
    check_deadline(d);
    if (d->rows_left == 0) return;
    d->rows_left--;
    const uint8_t *rgb = bytes;
    if (d->alpha) {
        over_white(bytes, d->row, d->pixels == NULL ? d->width : PNG_PASS_COLS(d->width, pass));
        rgb = d->row;
    }
    if (d->pixels == NULL) {
        d->input->takes_row(d->input->context, rgb, (size_t)d->width * 3);
        return;
    }
    uint8_t *target = d->pixels + (size_t)d->width * 3 * PNG_ROW_FROM_PASS_ROW(row, pass);
    for (uint32_t x = PNG_PASS_START_COL(pass); x < d->width; x += 1u << PNG_PASS_COL_SHIFT(pass), rgb += 3) {
        memcpy(target + (size_t)x * 3, rgb, 3);
    }
}

/* The chunk's checksum comes after the last row; the decompressor is not asked for anything behind that. */
static void feed_pixels(decoder *d, const chunk *c) {
    for (size_t done = 0; done < c->whole;) {
        size_t part = c->whole - done < INPUT_PART ? c->whole - done : INPUT_PART;
        feed(d, c->start + done, part);
        done += part;
    }
    if (!c->complete) truncated(d);
}

static void try_decode(decoder *d) {
    if (setjmp(d->escape) != 0) return;
    create(d, start_rows, on_row);
    chunk c = read_header(d, NULL);
    d->rows_left = 1;
    while (d->rows_left > 0) {
        if (is(&c, "IDAT")) feed_pixels(d, &c);
        if (is(&c, "IEND")) refuse(d, IMAGE_CODEC_CORRUPT, "the pixels are damaged, or too few");
        if (d->rows_left > 0) c = next_chunk(d);
    }
    for (uint32_t y = 0; d->pixels != NULL && y < d->height; y++) {
        check_deadline(d);
        d->input->takes_row(d->input->context, d->pixels + (size_t)d->width * 3 * y, (size_t)d->width * 3);
    }
}

image_codec_status image_codec_png_decode(const image_codec_input *input, const image_codec_info *info) {
    decoder d = {.input = input, .width = info->width, .height = info->height};
    try_decode(&d);
    destroy(&d);
    return d.status;
}
