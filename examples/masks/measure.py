#!/usr/bin/env python3
"""How far masks are the outlines that somebody drew: measure.py GOLD ANSWERS

GOLD are posts with `masks`, COCO's polygons; ANSWERS what `gmner-stream --masks rle` (or polygon) says of them. Entities meet
by start and end. Beside the mask's intersection over union are those of the box that was answered, and of the mask with what of
the outlines lies in that box: a mask is cut out of its box, and cannot be better than it.
"""

import json
import math
import sys


def filled(polygons, width, height):
    """The pixels whose centre lies in a polygon, as numbers row by row."""
    pixels = set()
    for edges in polygons:
        corners = list(zip(edges[0::2], edges[1::2]))
        for row in range(height):
            y = row + 0.5
            crossings = sorted(
                x1 + (y - y1) * (x2 - x1) / (y2 - y1)
                for (x1, y1), (x2, y2) in zip(corners, corners[1:] + corners[:1]) if (y1 <= y) != (y2 <= y))
            for start, end in zip(crossings[0::2], crossings[1::2]):
                pixels.update(
                    row * width + x for x in range(max(0, math.ceil(start - 0.5)), min(width, math.ceil(end - 0.5))))
    return pixels


def decoded(mask, width, height):
    """The pixels of a mask in either of COCO's forms."""
    if isinstance(mask, list):
        return filled(mask, width, height)
    pixels, place = set(), 0
    for index, count in enumerate(mask["counts"]):
        if index % 2:
            # Run lengths go down the columns.
            pixels.update(at % height * width + at // height for at in range(place, place + count))
        place += count
    return pixels


def overlap(one, other):
    return len(one & other) / len(one | other) if one or other else 0.0


def rectangle(box, width, height):
    x1, y1, x2, y2 = box
    return filled([[x1, y1, x2, y1, x2, y2, x1, y2]], width, height)


def main(gold, answers):
    with open(gold, encoding="utf-8") as file:
        posts = [json.loads(line) for line in file]
    with open(answers, encoding="utf-8") as file:
        said = {answer["id"]: answer.get("triples", []) for answer in map(json.loads, file)}
    rows, missing = [], 0
    print(f"{'post':16}{'entity':22}{'mask':>6}{'box':>6}{'in box':>8}{'whole box':>11}")
    for post in posts:
        width, height = post["width"], post["height"]
        found = {(triple["start"], triple["end"]): triple for triple in said.get(post["id"], [])}
        for triple in post["triples"]:
            if not triple.get("masks"):
                continue
            name = f"{post['id']:16}{triple['entity']:22}"
            answer = found.get((triple["start"], triple["end"]), {})
            if not answer.get("box"):
                missing += 1
                print(f"{name}{'not found' if not answer else 'no box':>13}")
                continue
            right = set().union(*(decoded(mask, width, height) for mask in triple["masks"]))
            mask = decoded(answer["mask"], width, height) if answer.get("mask") else set()
            box = rectangle(answer["box"], width, height)
            x1, y1, x2, y2 = triple["boxes"][0]
            row = (
                overlap(mask, right), overlap(box, rectangle([x1, y1, x2, y2], width, height)),
                overlap(mask, right & box), overlap(box, right))
            rows.append(row)
            print(f"{name}{row[0]:6.2f}{row[1]:6.2f}{row[2]:8.2f}{row[3]:11.2f}")
    means = [sum(column) / max(1, len(rows)) for column in zip(*rows)]
    print(f"{'mean, of ' + str(len(rows)):38}{means[0]:6.3f}{means[1]:6.3f}{means[2]:8.3f}{means[3]:11.3f}" if rows else "none")
    right = [row[0] for row in rows if row[1] > 0.5]
    print(f"mean mask, of the {len(right)} in a right box: {sum(right) / max(1, len(right)):.3f}")
    print(f"mean mask, {missing} without a box as 0: {sum(row[0] for row in rows) / max(1, len(rows) + missing):.3f}")


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(*sys.argv[1:])
