#include "jpeg_cost.h"
#include "jpeg_extent.h"

#include <jerror.h>
#include <setjmp.h>

/* The file is handed to libjpeg in parts of so many bytes, so that a deadline is seen in between. */
#define INPUT_PART ((size_t)1 << 16)

/*
 * Everything one decode needs; libjpeg hands it back as its client data. It belongs to a frame outside the one that
 * calls setjmp, since locals of that one are indeterminate after a longjmp.
 */
typedef struct {
    struct jpeg_decompress_struct cinfo;
    struct jpeg_error_mgr errors;
    struct jpeg_source_mgr source;
    struct jpeg_progress_mgr progress;
    jmp_buf escape;
    image_codec_status status;
    int ran_out; /* the source had no more bytes and made up an end-of-image marker */
    const image_codec_input *input;
    size_t end;     /* of the input that libjpeg is to see */
    size_t taken;   /* bytes of it that libjpeg was given */
    uint64_t scans; /* that were counted ahead */
    jpeg_extent extent;
} decoder;

static decoder *decoder_of(j_common_ptr cinfo) { return (decoder *)cinfo->client_data; }

static void refuse(decoder *d, image_codec_status status, const char *reason) {
    snprintf(d->input->message, d->input->message_size, "%s", reason);
    d->status = status;
    longjmp(d->escape, 1);
}

/* Refuses for the reason that libjpeg is reporting. */
static void fail(decoder *d, image_codec_status status) {
    char text[JMSG_LENGTH_MAX];
    d->errors.format_message((j_common_ptr)&d->cinfo, text);
    refuse(d, status, text);
}

static void on_error(j_common_ptr cinfo) {
    decoder *d = decoder_of(cinfo);
    switch (cinfo->err->msg_code) {
    case JERR_OUT_OF_MEMORY:
        fail(d, IMAGE_CODEC_MEMORY);
        break;
    case JERR_NO_BACKING_STORE:
        fail(d, IMAGE_CODEC_COSTLY);
        break;
    case JERR_BAD_PRECISION:
    case JERR_SOF_UNSUPPORTED:
    case JERR_CONVERSION_NOTIMPL:
    case JERR_CCIR601_NOTIMPL:
    case JERR_FRACT_SAMPLE_NOTIMPL:
        fail(d, IMAGE_CODEC_UNSUPPORTED);
        break;
    default:
        fail(d, d->ran_out ? IMAGE_CODEC_TRUNCATED : IMAGE_CODEC_CORRUPT);
    }
}

/* Says how much of the picture is there, and refuses it if that is less than half. */
static void check_extent(decoder *d) {
    JDIMENSION rows = jpeg_extent_rows(&d->cinfo, &d->extent);
    JDIMENSION height = d->cinfo.image_height;
    const char *what = rows < height ? "the file ends before the picture does: %u of %u rows are there"
                                     : "the file ends before its last scan: the picture is coarse";
    snprintf(d->input->message, d->input->message_size, what, rows, height);
    d->status = IMAGE_CODEC_PARTIAL;
    if (rows >= height - rows && !d->cinfo.arith_code) return;
    d->status = IMAGE_CODEC_TRUNCATED;
    longjmp(d->escape, 1);
}

/* The bytes ended within a scan. libjpeg goes on in grey, or in what it has of earlier scans. */
static void cut(decoder *d) {
    if (d->extent.cut) return;
    jpeg_extent_note(&d->cinfo, &d->extent);
    d->extent.cut = 1;
    check_extent(d);
}

/*
 * libjpeg paints over damage in grey and only warns. A picture that is partly made up must not be taken for evidence,
 * so the warnings that mean lost pixels are errors here, unless the file just ends; the rest (stray bytes between markers,
 * an unknown colour transform code, unusual scan scripts) leave the pixels whole.
 */
static void on_message(j_common_ptr cinfo, int level) {
    decoder *d = decoder_of(cinfo);
    if (level >= 0) return;
    switch (cinfo->err->msg_code) {
    case JWRN_HIT_MARKER:
    case JWRN_HUFF_BAD_CODE:
    case JWRN_ARITH_BAD_CODE:
    case JWRN_MUST_RESYNC:
    case JWRN_JPEG_EOF:
        if (d->ran_out) {
            cut(d);
        } else {
            fail(d, IMAGE_CODEC_CORRUPT);
        }
        break;
    default:
        cinfo->err->num_warnings++;
    }
}

static void on_output(j_common_ptr cinfo) { (void)cinfo; }

static void check_deadline(decoder *d) {
    if (d->input->gives_up(d->input->context)) refuse(d, IMAGE_CODEC_STOPPED, "stopped before the picture was decoded");
}

/* Called for each row of pixels, and for each row of blocks of each scan. */
static void on_progress(j_common_ptr cinfo) {
    decoder *d = decoder_of(cinfo);
    check_deadline(d);
    jpeg_extent_note(&d->cinfo, &d->extent);
    /* Before it does work that was not counted. */
    if ((uint64_t)d->cinfo.input_scan_number <= d->scans) return;
    if (d->ran_out) refuse(d, IMAGE_CODEC_TRUNCATED, "the file ends before the picture does");
    refuse(d, IMAGE_CODEC_COSTLY, "more scans than were counted");
}

static void source_start(j_decompress_ptr cinfo) { (void)cinfo; }

/*
 * The bytes part by part. At their end: an end-of-image marker, so that a picture that lacks nothing else is still
 * whole.
 */
static boolean source_fill(j_decompress_ptr cinfo) {
    static const JOCTET end_of_image[2] = {0xFF, JPEG_EOI};
    decoder *d = decoder_of((j_common_ptr)cinfo);
    size_t left = d->end - d->taken;
    if (left == 0) {
        d->ran_out = 1;
        cinfo->src->next_input_byte = end_of_image;
        cinfo->src->bytes_in_buffer = 2;
        return TRUE;
    }
    check_deadline(d);
    cinfo->src->next_input_byte = d->input->bytes + d->taken;
    cinfo->src->bytes_in_buffer = left < INPUT_PART ? left : INPUT_PART;
    d->taken += cinfo->src->bytes_in_buffer;
    return TRUE;
}

static void source_skip(j_decompress_ptr cinfo, long count) {
    for (size_t left = count > 0 ? (size_t)count : 0; left > 0;) {
        if (cinfo->src->bytes_in_buffer == 0) source_fill(cinfo);
        size_t part = left < cinfo->src->bytes_in_buffer ? left : cinfo->src->bytes_in_buffer;
        /* What was made up at the end is not skipped. */
        if (decoder_of((j_common_ptr)cinfo)->ran_out) return;
        cinfo->src->next_input_byte += part;
        cinfo->src->bytes_in_buffer -= part;
        left -= part;
    }
}

static void source_end(j_decompress_ptr cinfo) { (void)cinfo; }

/* Sets up everything that cannot fail; jpeg_create_decompress can, and is called under setjmp. */
static void decoder_prepare(decoder *d, const image_codec_input *input, size_t end) {
    *d = (decoder){0};
    d->end = end;
    d->input = input;
    d->cinfo.err = jpeg_std_error(&d->errors);
    d->errors.error_exit = on_error;
    d->errors.emit_message = on_message;
    d->errors.output_message = on_output;
    d->cinfo.client_data = d;
    d->source.init_source = source_start;
    d->source.fill_input_buffer = source_fill;
    d->source.skip_input_data = source_skip;
    d->source.resync_to_restart = jpeg_resync_to_restart;
    d->source.term_source = source_end;
    d->progress.progress_monitor = on_progress;
}

static void read_header(decoder *d) {
    jpeg_create_decompress(&d->cinfo);
    d->cinfo.src = &d->source;
    d->cinfo.progress = &d->progress;
    jpeg_read_header(&d->cinfo, TRUE);
}

static void try_info(decoder *d, image_codec_info *info) {
    if (setjmp(d->escape) != 0) return;
    read_header(d);
    info->width = d->cinfo.image_width;
    info->height = d->cinfo.image_height;
    jpeg_cost(&d->cinfo, d->input, info);
}

image_codec_status image_codec_jpeg_info(const image_codec_input *input, image_codec_info *info) {
    decoder d;
    decoder_prepare(&d, input, input->count);
    *info = (image_codec_info){0};
    try_info(&d, info);
    jpeg_destroy_decompress(&d.cinfo);
    return d.status;
}

/*
 * One row of CMYK to RGB, in place. Values are taken as inverted (255 is no ink) whether or not an Adobe marker says so, which
 * is what every program that writes such files does.
 */
static void cmyk_to_rgb(JSAMPLE *row, JDIMENSION width) {
    const JSAMPLE *cmyk = row;
    for (JDIMENSION x = 0; x < width; x++, cmyk += 4, row += 3) {
        unsigned black = cmyk[3];
        for (int c = 0; c < 3; c++) row[c] = (uint8_t)((cmyk[c] * black + 127) / 255);
    }
}

static int is_cmyk(j_decompress_ptr cinfo) {
    return cinfo->jpeg_color_space == JCS_CMYK || cinfo->jpeg_color_space == JCS_YCCK;
}

static void start(decoder *d, const image_codec_info *info, uint32_t eighths) {
    j_decompress_ptr cinfo = &d->cinfo;
    read_header(d);
    if (cinfo->image_width != info->width || cinfo->image_height != info->height) {
        refuse(d, IMAGE_CODEC_CORRUPT, "the picture is not what its header promised");
    }
    cinfo->mem->max_memory_to_use = (long)info->memory;
    cinfo->out_color_space = is_cmyk(cinfo) ? JCS_CMYK : JCS_RGB;
    cinfo->scale_num = eighths;
    cinfo->scale_denom = 8;
    /* It would guess at what scans that are missing hold, and no scan is. */
    cinfo->do_block_smoothing = FALSE;
    jpeg_start_decompress(cinfo);
    /* Where there are several scans, all were read by now. */
    if (d->ran_out && jpeg_has_multiple_scans(cinfo) && !jpeg_extent_is_whole(cinfo, &d->extent)) check_extent(d);
}

static void try_decode(decoder *d, const image_codec_info *info, uint32_t eighths) {
    if (setjmp(d->escape) != 0) return;
    j_decompress_ptr cinfo = &d->cinfo;
    start(d, info, eighths);
    size_t row_size = (size_t)cinfo->output_width * 3;
    JSAMPARRAY rows = cinfo->mem->alloc_sarray((j_common_ptr)cinfo, JPOOL_IMAGE, cinfo->output_width * 4, 1);
    while (cinfo->output_scanline < cinfo->output_height) {
        jpeg_read_scanlines(cinfo, rows, 1);
        if (cinfo->out_color_space == JCS_CMYK) cmyk_to_rgb(rows[0], cinfo->output_width);
        d->input->takes_row(d->input->context, rows[0], row_size);
    }
    /* Arithmetic decoding goes on with zeros at the end of its bytes and does not warn. */
    if (d->ran_out && cinfo->arith_code) refuse(d, IMAGE_CODEC_TRUNCATED, "the file ends before the picture does");
}

image_codec_status image_codec_jpeg_decode(const image_codec_input *input, const image_codec_info *info,
                                           uint32_t eighths) {
    decoder d;
    decoder_prepare(&d, input, info->end);
    d.scans = info->scans;
    try_decode(&d, info, eighths);
    jpeg_destroy_decompress(&d.cinfo);
    return d.status;
}
