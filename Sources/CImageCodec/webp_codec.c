#include "image_codec.h"
#include "over_white.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <webp/decode.h>

/*
 * What costs how many nanoseconds, measured at the worst: a pixel of a lossy picture, one of a lossless one, one of alpha;
 * a set of codes. A lossless picture may have a set for each 4x4 pixels, up to 65536, and tell one in 36 bits.
 */
enum { LOSSY_PIXEL = 6, LOSSLESS_PIXEL = 10, ALPHA_PIXEL = 8, CODES = 8000 };

/* Bytes that a set of codes takes. */
#define CODES_SIZE 5800

/* Pixel data is handed to libwebp in parts of so many bytes. */
#define INPUT_PART ((size_t)1 << 14)

/* Where a chunk's content is, as far as it is there; size 0 for one that is not. */
typedef struct {
    size_t start;
    size_t size;
} chunk;

typedef struct {
    chunk pixels;
    int lossless; /* whether they are VP8L, not VP8 */
    chunk alpha;
    chunk exif;
} chunks;

static image_codec_status refuse(const image_codec_input *input, image_codec_status status, const char *reason) {
    snprintf(input->message, input->message_size, "%s", reason);
    return status;
}

static image_codec_status failed(const image_codec_input *input, VP8StatusCode status) {
    switch (status) {
    case VP8_STATUS_OK: return IMAGE_CODEC_OK;
    case VP8_STATUS_OUT_OF_MEMORY: return refuse(input, IMAGE_CODEC_MEMORY, "out of memory");
    case VP8_STATUS_UNSUPPORTED_FEATURE: return refuse(input, IMAGE_CODEC_UNSUPPORTED, "an unknown kind of WebP");
    case VP8_STATUS_SUSPENDED:
    case VP8_STATUS_NOT_ENOUGH_DATA:
        return refuse(input, IMAGE_CODEC_TRUNCATED, "the file ends before the picture does");
    default: return refuse(input, IMAGE_CODEC_CORRUPT, "the pixels are damaged");
    }
}

static image_codec_status check_deadline(const image_codec_input *input) {
    if (!input->gives_up(input->context)) return IMAGE_CODEC_OK;
    return refuse(input, IMAGE_CODEC_STOPPED, "stopped before the picture was decoded");
}

static size_t number(const uint8_t *bytes) {
    return (size_t)bytes[0] | (size_t)bytes[1] << 8 | (size_t)bytes[2] << 16 | (size_t)bytes[3] << 24;
}

static chunks find_chunks(const image_codec_input *input) {
    chunks found = {{0, 0}, 0, {0, 0}, {0, 0}};
    for (size_t at = 12; at < input->count && input->count - at >= 8;) {
        const uint8_t *head = input->bytes + at;
        size_t size = number(head + 4);
        size_t left = input->count - at - 8;
        chunk c = {at + 8, size < left ? size : left};
        if (found.pixels.size == 0 && memcmp(head, "VP8", 3) == 0 && head[3] != 'X') {
            found.pixels = c;
            found.lossless = head[3] == 'L';
        }
        if (found.alpha.size == 0 && memcmp(head, "ALPH", 4) == 0) found.alpha = c;
        if (found.exif.size == 0 && memcmp(head, "EXIF", 4) == 0) found.exif = c;
        if (size + (size & 1) >= left) break;
        at += 8 + size + (size & 1);
    }
    return found;
}

/* Whether the file ends in front of the metadata that its first chunk announces: the picture might have to be turned. */
static int lacks_exif(const image_codec_input *input, const chunks *found) {
    const uint8_t *bytes = input->bytes;
    int announced = input->count > 20 && memcmp(bytes + 12, "VP8X", 4) == 0 && (bytes[20] & 8) != 0;
    if (!announced || input->count - 8 >= number(bytes + 4)) return 0;
    return found->exif.start == 0 || found->exif.size < number(bytes + found->exif.start - 4);
}

/* The most sets of codes that so many bytes can tell of a picture. */
static uint64_t most_codes(uint64_t pixels, uint64_t bytes) {
    uint64_t most = 65536;
    if (pixels / 16 + 1 < most) most = pixels / 16 + 1;
    if (bytes * 8 / 36 + 1 < most) most = bytes * 8 / 36 + 1;
    return most;
}

static void count_cost(const chunks *found, image_codec_info *info) {
    uint64_t pixels = (uint64_t)info->width * info->height;
    uint64_t codes = 0;
    info->memory = (uint64_t)info->width * 128 + (1 << 20);
    if (found->lossless) {
        codes = most_codes(pixels, found->pixels.size);
        info->work = pixels * LOSSLESS_PIXEL;
        info->memory += pixels * 4;
    } else {
        info->work = pixels * LOSSY_PIXEL;
    }
    if (found->alpha.size > 0) {
        codes += most_codes(pixels, found->alpha.size);
        info->work += pixels * ALPHA_PIXEL;
        info->memory += pixels * 5;
    }
    info->work += codes * CODES;
    info->memory_perhaps = codes * CODES_SIZE;
}

image_codec_status image_codec_webp_info(const image_codec_input *input, image_codec_info *info) {
    static const uint8_t name[6] = {'E', 'x', 'i', 'f', 0, 0};
    *info = (image_codec_info){0};
    WebPBitstreamFeatures features;
    VP8StatusCode status = WebPGetFeatures(input->bytes, input->count, &features);
    if (status != VP8_STATUS_OK) return failed(input, status);
    if (features.has_animation) return refuse(input, IMAGE_CODEC_UNSUPPORTED, "an animated WebP, not a still picture");
    info->width = (uint32_t)features.width;
    info->height = (uint32_t)features.height;
    chunks found = find_chunks(input);
    if (found.pixels.size == 0 || lacks_exif(input, &found)) return failed(input, VP8_STATUS_NOT_ENOUGH_DATA);
    count_cost(&found, info);
    /* Some programs write the marker of JPEG in front. */
    size_t prefix = 0;
    const uint8_t *exif = input->bytes + found.exif.start;
    if (found.exif.size >= sizeof name && memcmp(exif, name, sizeof name) == 0) prefix = sizeof name;
    info->exif_start = found.exif.start + prefix;
    info->exif_size = found.exif.size - prefix;
    return IMAGE_CODEC_OK;
}

/*
 * Feeds libwebp. It begins anew with the codes of a lossless picture each time that it has not all of them, so it gets an
 * eighth of the file, then all of it, until there are rows; from there on it goes on where it stopped.
 */
static image_codec_status feed(const image_codec_input *input, WebPIDecoder *decoder, const chunks *found) {
    size_t end = found->pixels.start + found->pixels.size;
    size_t size = found->pixels.start + found->pixels.size / 8;
    for (;;) {
        image_codec_status stopped = check_deadline(input);
        if (stopped != IMAGE_CODEC_OK) return stopped;
        VP8StatusCode status = WebPIUpdate(decoder, input->bytes, size);
        if (status != VP8_STATUS_SUSPENDED || size == end) return failed(input, status);
        int rows = 0;
        WebPIDecGetRGB(decoder, &rows, NULL, NULL, NULL);
        size = (rows > 0 || !found->lossless) && end - size > INPUT_PART ? size + INPUT_PART : end;
    }
}

static image_codec_status hand_out(const image_codec_input *input, const WebPDecBuffer *output) {
    const WebPRGBABuffer *pixels = &output->u.RGBA;
    size_t row_size = (size_t)output->width * 3;
    uint8_t *row = malloc(row_size);
    if (row == NULL) return refuse(input, IMAGE_CODEC_MEMORY, "out of memory");
    image_codec_status status = IMAGE_CODEC_OK;
    for (int y = 0; y < output->height && (status = check_deadline(input)) == IMAGE_CODEC_OK; y++) {
        const uint8_t *source = pixels->rgba + (size_t)pixels->stride * y;
        if (output->colorspace == MODE_RGBA) over_white(source, row, (uint32_t)output->width);
        input->takes_row(input->context, output->colorspace == MODE_RGBA ? row : source, row_size);
    }
    free(row);
    return status;
}

image_codec_status image_codec_webp_decode(const image_codec_input *input, const image_codec_info *info,
                                           uint32_t eighths) {
    WebPDecoderConfig config;
    if (!WebPInitDecoderConfig(&config)) return refuse(input, IMAGE_CODEC_UNSUPPORTED, "another version of libwebp");
    VP8StatusCode status = WebPGetFeatures(input->bytes, input->count, &config.input);
    if (status != VP8_STATUS_OK) return failed(input, status);
    config.output.colorspace = config.input.has_alpha ? MODE_RGBA : MODE_RGB;
    config.options.use_scaling = eighths < 8;
    config.options.scaled_width = (int)(((uint64_t)info->width * eighths + 7) / 8);
    config.options.scaled_height = (int)(((uint64_t)info->height * eighths + 7) / 8);
    chunks found = find_chunks(input);
    if (found.pixels.size == 0) return failed(input, VP8_STATUS_NOT_ENOUGH_DATA);
    WebPIDecoder *decoder = WebPIDecode(NULL, 0, &config);
    if (decoder == NULL) return refuse(input, IMAGE_CODEC_MEMORY, "out of memory");
    image_codec_status result = feed(input, decoder, &found);
    if (result == IMAGE_CODEC_OK) result = hand_out(input, &config.output);
    WebPIDelete(decoder);
    WebPFreeDecBuffer(&config.output);
    return result;
}
