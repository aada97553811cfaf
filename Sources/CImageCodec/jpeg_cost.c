#include "jpeg_cost.h"

#include <string.h>

/*
 * What a block costs in a scan at the worst, in nanoseconds, however few bytes it takes: measured on pictures that were
 * made to be slow. Arithmetic coding can spend no bytes at all on every coefficient.
 */
enum {
    SEQUENTIAL = 20,
    FIRST_DC = 35,
    REFINED_DC = 15,
    FIRST_AC = 12,
    REFINED_AC = 50,
    ARITHMETIC_COEFFICIENT = 20,
    ARITHMETIC_DC = 150,
    /* Touching it once in memory. */
    STORED = 30,
    /* Tables made for a scan. */
    SCAN = 3000
};

/* A marker and what belongs to it. */
typedef struct {
    int marker;
    size_t start; /* of its content, behind the two bytes of length */
    size_t size;
} segment;

enum { M_RST0 = 0xD0, M_EOI = 0xD9, M_SOI = 0xD8, M_SOS = 0xDA, M_APP1 = 0xE1, M_TEM = 0x01 };

/*
 * Finds the next segment from `*at` on, over whatever lies in between, as libjpeg does. Returns 0 at the end of the
 * picture, or where nothing whole follows: `*end` is where that begins.
 */
static int next_segment(const image_codec_input *input, size_t *at, segment *found, size_t *end) {
    *end = input->count;
    while (*at < input->count) {
        const uint8_t *mark = memchr(input->bytes + *at, 0xFF, input->count - *at);
        if (mark == NULL) return 0;
        size_t start = (size_t)(mark - input->bytes);
        *at = start + 1;
        while (*at < input->count && input->bytes[*at] == 0xFF) (*at)++;
        if (*at == input->count) return 0;
        int marker = input->bytes[(*at)++];
        if (marker == 0 || marker == M_TEM || (marker >= M_RST0 && marker <= M_SOI)) continue;
        if (marker == M_EOI) return 0;
        size_t left = input->count - *at;
        size_t length = left < 2 ? 2 : (size_t)input->bytes[*at] << 8 | input->bytes[*at + 1];
        if (length > left) *end = start;
        if (length < 2 || length > left) return 0;
        *found = (segment){marker, *at + 2, length - 2};
        *at += length;
        return 1;
    }
    return 0;
}

static uint64_t rounded_up(uint64_t value, uint64_t unit) { return (value + unit - 1) / unit * unit; }

static uint64_t blocks_of(const jpeg_component_info *component) {
    return rounded_up(component->width_in_blocks, (uint64_t)component->h_samp_factor) *
           rounded_up(component->height_in_blocks, (uint64_t)component->v_samp_factor);
}

/* Blocks of the component with this id; of the largest, where a damaged header has several. */
static uint64_t blocks_with_id(j_decompress_ptr cinfo, int id) {
    uint64_t most = 0;
    for (int i = 0; i < cinfo->num_components; i++) {
        uint64_t blocks = blocks_of(&cinfo->comp_info[i]);
        if (cinfo->comp_info[i].component_id == id && blocks > most) most = blocks;
    }
    return most;
}

/* Work on a block in a scan from coefficient `first` to `last`; `refined`: that tells further bits of them. */
static uint64_t block_work(j_decompress_ptr cinfo, unsigned first, unsigned last, int refined) {
    if (!cinfo->progressive_mode) {
        return cinfo->arith_code ? ARITHMETIC_DC + 63 * ARITHMETIC_COEFFICIENT : SEQUENTIAL;
    }
    if (last > 63) last = 63;
    unsigned coefficients = last < first ? 0 : last - first + 1;
    if (cinfo->arith_code) return first == 0 ? ARITHMETIC_DC : coefficients * ARITHMETIC_COEFFICIENT;
    if (first == 0) return refined ? REFINED_DC : FIRST_DC;
    return refined ? REFINED_AC : FIRST_AC;
}

/* Work of a scan, by its header: count, (id, tables)…, first, last, bits. */
static uint64_t scan_work(j_decompress_ptr cinfo, const uint8_t *header, size_t size) {
    size_t count = size > 0 ? header[0] : 0;
    /* What is wrong with it libjpeg will say. */
    if (size < 2 * count + 4) return SCAN;
    const uint8_t *band = header + 1 + 2 * count;
    uint64_t blocks = 0;
    for (size_t i = 0; i < count; i++) blocks += blocks_with_id(cinfo, header[1 + 2 * i]);
    return SCAN + blocks * block_work(cinfo, band[0], band[1], band[2] >> 4 != 0);
}

/* Room for rows of all components while they are made pixels, and for tables. */
static uint64_t row_memory(j_decompress_ptr cinfo) { return (uint64_t)cinfo->image_width * 256 + (1 << 20); }

void jpeg_cost(j_decompress_ptr cinfo, const image_codec_input *input, image_codec_info *info) {
    static const uint8_t name[6] = {'E', 'x', 'i', 'f', 0, 0};
    int several = jpeg_has_multiple_scans(cinfo);
    for (int i = 0; i < cinfo->num_components; i++) info->blocks += blocks_of(&cinfo->comp_info[i]);
    info->memory = row_memory(cinfo) + (several ? info->blocks * sizeof(JBLOCK) : 0);
    info->work = several ? info->blocks * STORED : 0;
    segment next;
    size_t end = input->count;
    /* A picture of one scan is read no further than that. */
    for (size_t at = 2; (several || info->scans == 0) && next_segment(input, &at, &next, &end);) {
        const uint8_t *content = input->bytes + next.start;
        if (next.marker == M_SOS) {
            info->scans++;
            info->work += scan_work(cinfo, content, next.size);
        } else if (next.marker == M_APP1 && info->scans == 0 && info->exif_size == 0 && next.size >= sizeof name &&
                   memcmp(content, name, sizeof name) == 0) {
            /* The first that begins as EXIF does: others hold XMP. */
            info->exif_start = next.start + sizeof name;
            info->exif_size = next.size - sizeof name;
        }
    }
    info->end = info->scans > 0 ? end : input->count;
}
