#!/usr/bin/env python3
"""Makes `pictures/`, and `manifest.json` and `expected.bin`, which say what each decodes to.

Needs Python 3 with Pillow and numpy, and `cjpeg` of libjpeg-turbo-progs for the JPEG kinds that Pillow does not write.
Expected pixels of JPEGs are Pillow's decode. PNGs are written here sample by sample, so that every colour type and
depth is there; their expected pixels follow from the samples, and Pillow's decode is checked against them where it
keeps 8 bits. Those of WebPs are Pillow's again. The pictures are drawn by this script and free of rights.
"""
import io
import json
import pathlib
import shutil
import struct
import subprocess
import zlib

import numpy as np
from PIL import Image, ImageOps

HERE = pathlib.Path(__file__).parent
PICTURES = HERE / "pictures"
manifest = {"decode": [], "resize": []}
expected = bytearray()


def keep(array):
    """Appends an array to `expected.bin`; where it went, as the manifest says it."""
    data = np.ascontiguousarray(array).tobytes()
    expected.extend(data)
    return {"offset": len(expected) - len(data), "bytes": len(data)}


def drawing(width, height):
    """An asymmetric picture: slopes of colour, a dark bar at the left, a red corner, a blue disc."""
    y, x = np.mgrid[0:height, 0:width].astype(float)
    rgb = np.stack([255 * x / max(1, width - 1), 255 * y / max(1, height - 1), 127 + 120 * np.sin(x / 5 + y / 7)], -1)
    rgb[:, : max(1, width // 8)] = (20, 30, 25)
    rgb[: max(1, height // 4), : max(1, width // 3)] = (230, 20, 30)
    disc = (x - width * 0.7) ** 2 + (y - height * 0.6) ** 2 < (min(width, height) / 5) ** 2
    rgb[disc] = (10, 40, 240)
    return rgb.round().astype(np.uint8)


def expect(name, data, rgb, tolerance, side=None, original=None):
    """Writes a picture and its expected RGB pixels."""
    (PICTURES / name).write_bytes(data)
    height, width, _ = rgb.shape
    check_with_pillow(name, data, rgb)
    manifest["decode"].append({
        "file": name, "expected": keep(rgb.astype(np.uint8)), "width": width, "height": height, "tolerance": tolerance,
        "side": side if side is not None else 100_000,
        "originalWidth": (original or (width, height))[0], "originalHeight": (original or (width, height))[1]})


# JPEG

def pillow(data):
    return np.asarray(ImageOps.exif_transpose(Image.open(io.BytesIO(data))).convert("RGB"))


def encode(image, **options):
    out = io.BytesIO()
    image.save(out, "JPEG", quality=88, **options)
    return out.getvalue()


def cjpeg(image, *options):
    out = io.BytesIO()
    image.save(out, "PPM")
    return subprocess.run(["cjpeg", "-quality", "88", *options], input=out.getvalue(), capture_output=True,
                          check=True).stdout


def jpegs():
    image = Image.fromarray(drawing(46, 35))
    cmyk = encode(image.convert("CMYK"))
    kinds = {
        "baseline-444": encode(image, subsampling="4:4:4"),
        "baseline-422": encode(image, subsampling="4:2:2"),
        "baseline-420": encode(image, subsampling="4:2:0"),
        "baseline-411": cjpeg(image, "-sample", "4x1"),
        "baseline-440": cjpeg(image, "-sample", "1x2"),
        "progressive": encode(image, progressive=True),
        "gray": encode(image.convert("L")),
        "gray-progressive": encode(image.convert("L"), progressive=True),
        "rgb": encode(image, keep_rgb=True),
        "restart": encode(image, restart_marker_blocks=2),
        "arithmetic": cjpeg(image, "-arithmetic"),
        "cmyk": cmyk,
        "cmyk-progressive": encode(image.convert("CMYK"), progressive=True),
        # The same samples, said to be YCCK by the transform byte that ends the Adobe segment.
        "ycck": patched(cmyk, after=b"Adobe", at=11, value=2),
        "cmyk-no-adobe": without_adobe(cmyk),
        "stray-bytes": stray(encode(image)),
        "one-pixel": encode(Image.fromarray(drawing(1, 1))),
    }
    scans = HERE / "scans.tmp"
    scans.write_text("0;\n1;\n2;\n")
    kinds["separate-scans"] = cjpeg(image, "-scans", str(scans))
    scans.unlink()
    for kind, data in kinds.items():
        expect(f"{kind}.jpg", data, pillow(data), tolerance=2)
    for orientation in range(1, 9):
        for order in "<>":
            exif = Image.Exif()
            exif.endian = order
            exif[0x010F] = "maker"
            exif[0x0112] = orientation
            data = encode(Image.fromarray(drawing(24, 16)), exif=exif.tobytes())
            name = f"orientation-{orientation}{'' if order == '<' else '-big-endian'}.jpg"
            expect(name, data, pillow(data), tolerance=2)
    scaled("scaled.jpg", encode(Image.fromarray(drawing(131, 90))))


def scaled(name, data):
    """Pillow's draft mode knows 4/8, 2/8 and 1/8."""
    for eighths in (4, 2, 1):
        image = Image.open(io.BytesIO(data))
        image.draft("RGB", (image.width * eighths // 8, image.height * eighths // 8))
        rgb = np.asarray(image.convert("RGB"))
        expect(name, data, rgb, tolerance=2, side=rgb.shape[0], original=(131, 90))


def patched(data, after, at, value):
    start = data.index(after) + at
    return data[:start] + bytes([value]) + data[start + 1:]


def without_adobe(data):
    start = data.index(b"\xff\xee")
    return data[:start] + data[start + 2 + struct.unpack(">H", data[start + 2:start + 4])[0]:]


def stray(data):
    """Bytes between two segments, as some cameras leave them."""
    start = data.index(b"\xff\xdb")
    return data[:start] + b"\x00\x12\x34" + data[start:]


# PNG

ADAM7 = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]


def chunk(kind, body):
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def scanlines(samples, depth):
    """Rows with filter byte 0; `samples` is height × width × channels."""
    lines = b""
    for row in samples:
        flat = row.reshape(-1)
        if depth == 16:
            body = flat.astype(">u2").tobytes()
        else:
            bits = "".join(format(int(v), f"0{depth}b") for v in flat)
            bits += "0" * (-len(bits) % 8)
            body = bytes(int(bits[i:i + 8], 2) for i in range(0, len(bits), 8))
        lines += b"\0" + body
    return lines


def png(samples, colour, depth, interlaced=False, extra=()):
    height, width, _ = samples.shape
    header = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, int(interlaced))
    if interlaced:
        passes = [samples[y0::dy, x0::dx] for x0, y0, dx, dy in ADAM7]
        body = b"".join(scanlines(p, depth) for p in passes if p.size)
    else:
        body = scanlines(samples, depth)
    parts = [chunk(b"IHDR", header), *(chunk(k, b) for k, b in extra), chunk(b"IDAT", zlib.compress(body, 9)),
             chunk(b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def eight(samples, depth):
    return np.round(samples.astype(float) * 255 / (2 ** depth - 1))


def over_white(rgb, alpha):
    """`alpha` 0…255, one value a pixel."""
    a = alpha.astype(float)[..., None] / 255
    return np.round(rgb * a + 255 * (1 - a))


def pngs():
    rgb = drawing(23, 17)
    y, x = np.mgrid[0:17, 0:23]
    alpha = ((x * 13 + y * 7) % 256).astype(np.uint8)
    gray = rgb.astype(int).sum(-1) // 3
    repeat = lambda g: np.repeat(g[..., None], 3, -1)
    add = lambda name, data, want: expect(f"{name}.png", data, want, tolerance=0)
    for interlaced in (False, True):
        tail = "-interlaced" if interlaced else ""
        for depth in (1, 2, 4, 8, 16):
            samples = (gray * 257 if depth == 16 else gray >> (8 - depth))
            want = repeat(eight(samples, depth))
            add(f"gray-{depth}{tail}", png(samples[..., None], 0, depth, interlaced), want)
            key = int(samples[8, 11])
            want = over_white(want, np.where(samples == key, 0, 255))
            data = png(samples[..., None], 0, depth, interlaced, [(b"tRNS", struct.pack(">H", key))])
            add(f"gray-{depth}-key{tail}", data, want)
        for depth in (8, 16):
            # The low byte differs from the high one, so that rounding shows.
            up = (lambda v: v.astype(int) * 257 ^ 0x5B) if depth == 16 else (lambda v: v)
            samples, opacity = up(rgb), up(alpha)
            add(f"rgb-{depth}{tail}", png(samples, 2, depth, interlaced), eight(samples, depth))
            key = samples[2, 2]
            want = over_white(eight(samples, depth), np.where((samples == key).all(-1), 0, 255))
            data = png(samples, 2, depth, interlaced, [(b"tRNS", struct.pack(">HHH", *(int(v) for v in key)))])
            add(f"rgb-{depth}-key{tail}", data, want)
            want = over_white(eight(samples, depth), eight(opacity, depth))
            add(f"rgba-{depth}{tail}", png(np.dstack([samples, opacity]), 6, depth, interlaced), want)
            level = up(gray)
            want = over_white(repeat(eight(level, depth)), eight(opacity, depth))
            add(f"gray-alpha-{depth}{tail}", png(np.dstack([level, opacity]), 4, depth, interlaced), want)
        for depth in (1, 2, 4, 8):
            count = 2 ** depth
            palette = np.stack([np.arange(count) * 251 % 256, np.arange(count) * 83 % 256,
                                255 - np.arange(count) * 37 % 256], -1).astype(np.uint8)
            index = gray >> (8 - depth)
            plte = (b"PLTE", palette.tobytes())
            add(f"palette-{depth}{tail}", png(index[..., None], 3, depth, interlaced, [plte]), palette[index])
            opacity = np.full(count, 255, np.uint8)
            opacity[: count // 2 + 1] = np.linspace(0, 200, count // 2 + 1)
            trns = (b"tRNS", opacity[: count // 2 + 1].tobytes())
            add(f"palette-{depth}-alpha{tail}", png(index[..., None], 3, depth, interlaced, [plte, trns]),
                over_white(palette[index].astype(float), opacity[index]))
    add("one-pixel", png(rgb[:1, :1], 2, 8), rgb[:1, :1])
    add("extras", png(rgb, 2, 8, extra=[(b"gAMA", struct.pack(">I", 45455)), (b"tEXt", b"Comment\0text"),
                                        (b"teSt", b"a private chunk")]), rgb)
    exif = b"II*\0\x08\0\0\0" + struct.pack("<HHHIHHI", 1, 0x0112, 3, 1, 6, 0, 0)
    add("orientation-6", png(rgb, 2, 8, extra=[(b"eXIf", exif)]), np.rot90(rgb, 3))


def check_with_pillow(name, data, rgb):
    if not name.endswith(".png") or "16" in name or "key" in name:
        return
    image = Image.open(io.BytesIO(data))
    image.load()
    image = ImageOps.exif_transpose(image).convert("RGBA")
    white = Image.new("RGBA", image.size, "white")
    pillows = np.asarray(Image.alpha_composite(white, image))[..., :3].astype(int)
    assert np.abs(rgb.astype(int) - pillows).max() <= 1, name


# WebP

def webp(image, **options):
    out = io.BytesIO()
    image.save(out, "WEBP", **options)
    return out.getvalue()


def averaged(array, count, axis=0):
    """As many values along an axis, each the mean of what falls into it."""
    sums = np.insert(np.cumsum(array.astype(float), axis), 0, 0, axis)
    edges = np.linspace(0, array.shape[axis], count + 1)
    whole = np.floor(edges).astype(int)
    part = (edges - whole).reshape([-1 if a == axis else 1 for a in range(array.ndim)])
    following = np.minimum(whole + 1, array.shape[axis])
    at = np.take(sums, whole, axis) * (1 - part) + np.take(sums, following, axis) * part
    return np.diff(at, axis=axis) * count / array.shape[axis]


def webps():
    opaque = Image.fromarray(drawing(46, 35))
    clear = opaque.copy()
    clear.putalpha(Image.linear_gradient("L").resize(opaque.size))
    for kind, image, options in (
            ("lossy", opaque, {"quality": 85}), ("lossy-alpha", clear, {"quality": 85}),
            ("lossless", opaque, {"lossless": True}),
            ("lossless-alpha", clear, {"lossless": True, "exact": True})):
        data = webp(image, **options)
        shown = Image.open(io.BytesIO(data)).convert("RGBA")
        rgb = np.asarray(Image.alpha_composite(Image.new("RGBA", shown.size, "white"), shown))[..., :3]
        expect(f"{kind}.webp", data, rgb, tolerance=2)
    for orientation in range(1, 9):
        exif = Image.Exif()
        exif[0x0112] = orientation
        data = webp(Image.fromarray(drawing(24, 16)), lossless=True, exif=exif.tobytes())
        expect(f"orientation-{orientation}.webp", data, pillow(data), tolerance=0)
    large = drawing(131, 90)
    data = webp(Image.fromarray(large), lossless=True)
    # 90 rows become 45, at least twice 22; libwebp averages what falls into a pixel.
    small = averaged(averaged(large, 45), 66, axis=1)
    expect("scaled.webp", data, small.round(), tolerance=1, side=22, original=(131, 90))
    data = webp(opaque, save_all=True, append_images=[opaque.rotate(90)], duration=100)
    (PICTURES / "animated.webp").write_bytes(data)


# Resize

def without_rounding(plane, size, kernel):
    """What Pillow does to bytes, across and then down, on floats: those it neither rounds nor clips by itself."""
    across = Image.fromarray(plane.astype(np.float32)).resize((size, plane.shape[0]), kernel)
    clipped = Image.fromarray(np.clip(np.asarray(across), 0, 255))
    return np.clip(np.asarray(clipped.resize((size, size), kernel)), 0, 255)


def resizes():
    mean, deviation = np.array([0.485, 0.456, 0.406]), np.array([0.229, 0.224, 0.225])
    for width, height in ((131, 90), (20, 31), (28, 28), (300, 3), (1, 1)):
        name = f"resize-{width}x{height}.png"
        rgb = drawing(width, height)
        Image.fromarray(rgb).save(PICTURES / name, optimize=True)
        for filter_name, kernel in (("bicubic", Image.BICUBIC), ("bilinear", Image.BILINEAR)):
            size, patch = 28, 7
            exact = np.stack([without_rounding(rgb[..., c], size, kernel) for c in range(3)], -1)
            # In two steps, since which pass comes first depends on Pillow's version.
            eight_bit = Image.fromarray(rgb).resize((size, height), kernel).resize((size, size), kernel)
            normal = (exact / 255 - mean) / deviation
            grid = size // patch
            rows = normal.reshape(grid, patch, grid, patch, 3).transpose(0, 2, 4, 1, 3)
            manifest["resize"].append({"file": name, "filter": filter_name, "size": size, "patch": patch,
                                       "patches": keep(rows.astype("<f4")), "pixels": keep(np.asarray(eight_bit))})


shutil.rmtree(PICTURES, ignore_errors=True)
PICTURES.mkdir()
jpegs()
pngs()
resizes()
webps()
(HERE / "expected.bin").write_bytes(expected)
(HERE / "manifest.json").write_text(json.dumps(manifest, indent=1) + "\n")
