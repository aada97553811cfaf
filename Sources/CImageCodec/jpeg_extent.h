#ifndef JPEG_EXTENT_H
#define JPEG_EXTENT_H

#include <stdio.h>

#include <jpeglib.h>

/* How much of a picture was there when its file ended. */
typedef struct {
    /* Rows of blocks of each component that at least one scan has told the coarse values of. */
    JDIMENSION rows[MAX_COMPONENTS];
    /* Whether the file ended within a scan: what comes from there on is made up. */
    int cut;
} jpeg_extent;

/* Takes note of how far the current scan has come; called for each row of blocks. */
void jpeg_extent_note(j_decompress_ptr cinfo, jpeg_extent *extent);

/* Rows of pixels that are there, be it coarsely: not made up by libjpeg. */
JDIMENSION jpeg_extent_rows(j_decompress_ptr cinfo, const jpeg_extent *extent);

/* Whether nothing is missing but the end-of-image marker. */
int jpeg_extent_is_whole(j_decompress_ptr cinfo, const jpeg_extent *extent);

#endif
