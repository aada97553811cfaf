#ifndef IMAGE_CODEC_H
#define IMAGE_CODEC_H
#endif
