#ifndef JPEG_COST_H
#define JPEG_COST_H

#include "image_codec.h"

#include <stdio.h>

#include <jpeglib.h>

/*
 * Fills in what a JPEG costs and where its EXIF is: `cinfo` has read the header, and the rest of the file is looked
 * through for scans, without decoding one.
 */
void jpeg_cost(j_decompress_ptr cinfo, const image_codec_input *input, image_codec_info *info);

#endif
