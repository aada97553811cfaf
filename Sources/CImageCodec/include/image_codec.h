/*
 * An island of C around libjpeg, libpng and libwebp.
 *
 * Two of them report an error by longjmp, which must not cross a Swift frame. So every function here returns a
 * status, puts one line of reason into the caller's message buffer, and hands pixels out row by row. Nothing is printed,
 * nothing exits, and nothing stays allocated after a return.
 */
#ifndef IMAGE_CODEC_H
#define IMAGE_CODEC_H

#include <stddef.h>
#include <stdint.h>

typedef enum {
    IMAGE_CODEC_OK = 0,
    /* The bytes end before the picture does, and at least half of it is there: all rows were handed out. */
    IMAGE_CODEC_PARTIAL,
    /* The bytes end before half of the picture. */
    IMAGE_CODEC_TRUNCATED,
    /* The bytes are there, and wrong. */
    IMAGE_CODEC_CORRUPT,
    /* A valid picture of a kind that the library was not built for. */
    IMAGE_CODEC_UNSUPPORTED,
    /* More memory than there is, or an output that is too small. */
    IMAGE_CODEC_MEMORY,
    /* More work or memory than its header announced. */
    IMAGE_CODEC_COSTLY,
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
    /* Whether to give up; asked between rows, between parts of scans, and every few kilobytes of the file. */
    int (*gives_up)(void *context);
    /* Takes the next row of RGB pixels, from the top; each has `count` bytes. Neither may leave by longjmp. */
    void (*takes_row)(void *context, const uint8_t *rgb, size_t count);
    void *context;
} image_codec_input;

/* What a header announces, and what follows from it before a pixel is decoded. */
typedef struct {
    uint32_t width;
    uint32_t height;
    /*
     * What decoding costs at the most beyond reading the file's bytes once: about nanoseconds of one core. A few bytes
     * can stand for any number of blocks, so the size of a file says nothing of that.
     */
    uint64_t work;
    /* Bytes that decoding takes at the most, besides the rows that it hands out. */
    uint64_t memory;
    /* Bytes that it takes besides if the file was made for that: some hundred times what files of its size take. */
    uint64_t memory_perhaps;
    /* Blocks of 8x8 samples that a JPEG has, and scans over them; work includes the scans, not what comes after. */
    uint64_t blocks;
    uint64_t scans;
    /* Where a JPEG's bytes end: in front of a segment that is not whole, if there is one behind a scan. */
    size_t end;
    /*
     * The picture's EXIF, from its TIFF header on: where it begins in the file, and how many bytes it has; 0 where there
     * is none in front of the pixels.
     */
    size_t exif_start;
    size_t exif_size;
} image_codec_info;

/* Reads a JPEG's header, up to its first scan, and counts its scans. */
image_codec_status image_codec_jpeg_info(const image_codec_input *input, image_codec_info *info);

/*
 * Decodes a JPEG, of which `info` was read, at scale eighths/8 (1...8). Each side becomes ceil(side * eighths / 8).
 */
image_codec_status image_codec_jpeg_decode(const image_codec_input *input, const image_codec_info *info,
                                           uint32_t eighths);

/* Reads a PNG's header, up to its first pixel data. */
image_codec_status image_codec_png_info(const image_codec_input *input, image_codec_info *info);

/* Decodes a PNG to 8 bits a channel, transparent pixels laid over white. What follows its last row is not read. */
image_codec_status image_codec_png_decode(const image_codec_input *input, const image_codec_info *info);

/* Reads a WebP's header. */
image_codec_status image_codec_webp_info(const image_codec_input *input, image_codec_info *info);

/*
 * Decodes a still WebP at scale eighths/8 (1...8), transparent pixels laid over white. Each side becomes
 * ceil(side * eighths / 8), and is covered as a whole.
 */
image_codec_status image_codec_webp_decode(const image_codec_input *input, const image_codec_info *info,
                                           uint32_t eighths);

/*
 * Writes an RGB picture as PNG into `out`, which holds `out_size` bytes, and its length into `*written`.
 * IMAGE_CODEC_MEMORY when it does not fit.
 */
image_codec_status image_codec_png_encode(const uint8_t *pixels, uint32_t width, uint32_t height, uint8_t *out,
                                          size_t out_size, size_t *written, char *message, size_t message_size);

/* A picture in memory: rows of RGB pixels. */
typedef struct {
    const uint8_t *rgb;
    uint32_t width;
    uint32_t height;
} image_codec_pixels;

/* The same as JPEG, at a quality of 1...100. */
image_codec_status image_codec_jpeg_encode(const image_codec_pixels *picture, uint32_t quality, uint8_t *out,
                                           size_t out_size, size_t *written, char *message, size_t message_size);

#endif
