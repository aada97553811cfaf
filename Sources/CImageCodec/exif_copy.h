#ifndef EXIF_COPY_H
#define EXIF_COPY_H

#include "image_codec.h"

#include <string.h>

/* Gives the caller as much of a picture's EXIF as there is room for. */
static inline void exif_copy(image_codec_info *info, size_t room, const uint8_t *exif, size_t count) {
    info->exif_size = count < room ? count : room;
    memcpy(info->exif, exif, info->exif_size);
}

#endif
