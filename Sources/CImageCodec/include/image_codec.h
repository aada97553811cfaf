/*
 * An island of C around libjpeg and libpng.
 *
 * Both libraries report an error by longjmp, which must not cross a Swift frame. So every function here returns a
 * status, puts one line of reason into the caller's message buffer, and writes pixels only into memory that the
 * caller owns. Nothing is printed, nothing exits, and nothing stays allocated after a return.
 */
#ifndef IMAGE_CODEC_H
#define IMAGE_CODEC_H

#include <stddef.h>
#include <stdint.h>

typedef enum {
    IMAGE_CODEC_OK = 0,
    /* The bytes end before the picture does. */
    IMAGE_CODEC_TRUNCATED,
    /* The bytes are there, and wrong. */
    IMAGE_CODEC_CORRUPT,
    /* A valid picture of a kind that the library was not built for. */
    IMAGE_CODEC_UNSUPPORTED,
    /* More memory than allowed, or than there is. */
    IMAGE_CODEC_MEMORY,
    /* The caller said to give up. */
    IMAGE_CODEC_STOPPED
} image_codec_status;

/* A file, and who is interested in it. */
typedef struct {
    const uint8_t *bytes;
    size_t count;
    /* Where one line of reason goes. */
    char *message;
    size_t message_size;
    /*
     * Whether to give up; asked between rows, between parts of scans, and every 64 KiB of the file. It must return: a
     * longjmp out of it would leave memory behind.
     */
    int (*gives_up)(void *context);
    void *context;
} image_codec_input;

typedef struct {
    uint32_t width;
    uint32_t height;
    /* Bytes a pixel that decoding writes: 3 for RGB, 4 for RGB with alpha. */
    uint32_t channels;
    /*
     * Memory of the caller for the picture's EXIF, from its TIFF header on. Before, exif_size is how many bytes that
     * holds; after, how many were put there: 0 where there is no EXIF in front of the pixels, and no more than it holds.
     */
    uint8_t *exif;
    size_t exif_size;
} image_codec_info;

/* Reads a JPEG's header, up to its first scan. */
image_codec_status image_codec_jpeg_info(const image_codec_input *input, image_codec_info *info);

/*
 * Decodes a JPEG to RGB at scale eighths/8 (1...8). Each side becomes ceil(side * eighths / 8); `pixels_size` must be
 * exactly 3 * width * height of that. libjpeg's own memory stays below `memory_limit` bytes.
 */
image_codec_status image_codec_jpeg_decode(const image_codec_input *input, uint32_t eighths, size_t memory_limit,
                                           uint8_t *pixels, size_t pixels_size);

/* Reads a PNG's header, up to its first pixel data. */
image_codec_status image_codec_png_info(const image_codec_input *input, image_codec_info *info);

/* Decodes a PNG to 8 bits a channel; `pixels_size` must be exactly channels * width * height of the header. */
image_codec_status image_codec_png_decode(const image_codec_input *input, uint8_t *pixels, size_t pixels_size);

/*
 * Writes an RGB picture as PNG into `out`, which holds `out_size` bytes, and its length into `*written`.
 * IMAGE_CODEC_MEMORY when it does not fit.
 */
image_codec_status image_codec_png_encode(const uint8_t *pixels, uint32_t width, uint32_t height, uint8_t *out,
                                          size_t out_size, size_t *written, char *message, size_t message_size);

#endif
