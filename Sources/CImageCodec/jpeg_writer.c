#include "image_codec.h"

#include <stdio.h>

#include <jpeglib.h>
#include <setjmp.h>

/* Everything one write needs. It belongs to a frame outside the one that calls setjmp. */
typedef struct {
    struct jpeg_compress_struct cinfo;
    struct jpeg_error_mgr errors;
    struct jpeg_destination_mgr destination;
    jmp_buf escape;
    image_codec_status status;
    char *message;
    size_t message_size;
} encoder;

static encoder *encoder_of(j_common_ptr cinfo) { return (encoder *)cinfo->client_data; }

static void on_error(j_common_ptr cinfo) {
    encoder *e = encoder_of(cinfo);
    char text[JMSG_LENGTH_MAX];
    e->errors.format_message(cinfo, text);
    snprintf(e->message, e->message_size, "%s", text);
    e->status = IMAGE_CODEC_CORRUPT;
    longjmp(e->escape, 1);
}

static void on_message(j_common_ptr cinfo) { (void)cinfo; }

static void begin(j_compress_ptr cinfo) { (void)cinfo; }

/* There is one buffer, which was meant to be large enough. */
static boolean grow(j_compress_ptr cinfo) {
    encoder *e = encoder_of((j_common_ptr)cinfo);
    snprintf(e->message, e->message_size, "the output buffer is too small");
    e->status = IMAGE_CODEC_MEMORY;
    longjmp(e->escape, 1);
}

static void end(j_compress_ptr cinfo) { (void)cinfo; }

static void try_encode(encoder *e, const uint8_t *pixels, uint32_t width, uint32_t height, int quality) {
    if (setjmp(e->escape) != 0) return;
    jpeg_create_compress(&e->cinfo);
    e->cinfo.dest = &e->destination;
    e->cinfo.image_width = width;
    e->cinfo.image_height = height;
    e->cinfo.input_components = 3;
    e->cinfo.in_color_space = JCS_RGB;
    jpeg_set_defaults(&e->cinfo);
    jpeg_set_quality(&e->cinfo, quality, TRUE);
    e->cinfo.optimize_coding = TRUE;
    jpeg_start_compress(&e->cinfo, TRUE);
    for (uint32_t y = 0; y < height; y++) {
        JSAMPROW row = (JSAMPROW)(uintptr_t)(pixels + (size_t)width * 3 * y);
        jpeg_write_scanlines(&e->cinfo, &row, 1);
    }
    jpeg_finish_compress(&e->cinfo);
}

image_codec_status image_codec_jpeg_encode(const image_codec_pixels *picture, uint32_t quality, uint8_t *out,
                                           size_t out_size, size_t *written, char *message, size_t message_size) {
    encoder e = {.message = message, .message_size = message_size};
    e.cinfo.err = jpeg_std_error(&e.errors);
    e.cinfo.client_data = &e;
    e.errors.error_exit = on_error;
    e.errors.output_message = on_message;
    e.destination.next_output_byte = out;
    e.destination.free_in_buffer = out_size;
    e.destination.init_destination = begin;
    e.destination.empty_output_buffer = grow;
    e.destination.term_destination = end;
    try_encode(&e, picture->rgb, picture->width, picture->height, (int)quality);
    jpeg_destroy_compress(&e.cinfo);
    *written = out_size - e.destination.free_in_buffer;
    return e.status;
}
