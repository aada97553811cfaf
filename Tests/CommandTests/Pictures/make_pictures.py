#!/usr/bin/env python3
"""Writes the pictures of the process tests beside this script. Needs Pillow.

scene.jpg     120x80, a gradient with two rectangles
scene.png     the same
scene.webp    the same, to be turned by a quarter
dot.png       1x1
ribbon.png    60000x1
huge.png      a header that announces 60000x60000, and nothing to match
"""
import pathlib
import struct
import zlib

from PIL import Image, ImageDraw

HERE = pathlib.Path(__file__).parent


def chunk(kind, data):
    return struct.pack('>I', len(data)) + kind + data + struct.pack('>I', zlib.crc32(kind + data))


def header(width, height):
    return b'\x89PNG\r\n\x1a\n' + chunk(b'IHDR', struct.pack('>IIBBBBB', width, height, 8, 2, 0, 0, 0))


def png(width, height, rows):
    return header(width, height) + chunk(b'IDAT', zlib.compress(rows, 9)) + chunk(b'IEND', b'')


scene = Image.new('RGB', (120, 80))
for x in range(120):
    for y in range(80):
        scene.putpixel((x, y), (2 * x, 3 * y, 128))
draw = ImageDraw.Draw(scene)
draw.rectangle((20, 10, 60, 70), fill=(220, 40, 40))
draw.rectangle((75, 30, 110, 60), fill=(250, 250, 250))
scene.save(HERE / 'scene.jpg', quality=80)
scene.save(HERE / 'scene.png', optimize=True)
turn = Image.Exif()
turn[0x0112] = 6
scene.save(HERE / 'scene.webp', quality=80, exif=turn.tobytes())

(HERE / 'dot.png').write_bytes(png(1, 1, b'\0\xff\0\0'))
(HERE / 'ribbon.png').write_bytes(png(60000, 1, b'\0' + b'\x20\x60\xa0' * 60000))
(HERE / 'huge.png').write_bytes(header(60000, 60000) + chunk(b'IDAT', zlib.compress(b'\0' * 1000)))
