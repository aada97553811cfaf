#!/usr/bin/env python3
"""Adds to posts the words that Tesseract reads in their pictures, and lines of several words.

    read.py [--image-root DIR] < POSTS
"""

import csv
import io
import os
import shutil
import subprocess
import sys

import posts
from pictures import cv2, decoded

# Tesseract wants letters of some twenty pixels: small pictures are made larger, and large ones need not take their time.
SIDES = (1344, 4032)
LEAST = 0.3
SECONDS = 60


def word(row, scale):
    """What a row of Tesseract's table says, in pixels of the picture before it was scaled."""
    left, top, width, height = (float(row[key]) for key in ("left", "top", "width", "height"))
    box = [left / scale, top / scale, (left + width) / scale, (top + height) / scale]
    return {"box": [round(edge, 1) for edge in box], "score": round(float(row["conf"]) / 100, 3), "text": row["text"].strip()}


def is_text(word):
    """Whether a word is likely to be one, and not the pattern of a wall."""
    return word["score"] >= LEAST and len(word["text"]) >= 2 and any(sign.isalnum() for sign in word["text"])


def joined(words):
    """The line of `words`."""
    left, top, right, bottom = zip(*(each["box"] for each in words))
    return {
        "box": [min(left), min(top), max(right), max(bottom)],
        "score": round(sum(each["score"] for each in words) / len(words), 3),
        "text": " ".join(each["text"] for each in words),
    }


def regions(table, scale):
    """The words of Tesseract's table, after those of each line the line."""
    lines = {}
    for row in csv.DictReader(io.StringIO(table), delimiter="\t", quoting=csv.QUOTE_NONE):
        if row["level"] == "5" and is_text(found := word(row, scale)):
            lines.setdefault((row["block_num"], row["par_num"], row["line_num"]), []).append(found)
    return [each for words in lines.values() for each in (words + [joined(words)] if len(words) > 1 else words)]


def look(data):
    """Words and lines in the bytes of a picture."""
    picture = decoded(data)
    side = max(picture.shape[:2])
    scale = min(max(1, SIDES[0] / side), SIDES[1] / side)
    try:
        scaled = cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_CUBIC)
        written = cv2.imencode(".png", scaled)[1].tobytes()
        done = subprocess.run(
            ["tesseract", "-", "-", "--psm", "11", "-l", "eng", "tsv"], input=written, capture_output=True,
            env=dict(os.environ, OMP_THREAD_LIMIT="1"), timeout=SECONDS, check=True)
    except cv2.error:
        raise posts.Note("cannot be scaled") from None
    except subprocess.TimeoutExpired:
        raise posts.Note(f"takes more than {SECONDS} seconds to read") from None
    except (OSError, subprocess.CalledProcessError) as error:
        raise posts.Note(f"cannot be read: {error}") from None
    return regions(done.stdout.decode(errors="replace"), scale)


def main():
    arguments = posts.options("Adds to posts the words that Tesseract reads in their pictures.").parse_args()
    if not shutil.which("tesseract"):
        sys.exit("read.py: tesseract is not in the path")
    posts.run(arguments.image_root, look)


if __name__ == "__main__":
    main()
