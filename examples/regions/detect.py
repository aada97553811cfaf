#!/usr/bin/env python3
"""Adds to posts the things that a detector of COCO's classes finds in their pictures.

    detect.py DETECTOR [--image-root DIR] [--least SCORE] < POSTS

DETECTOR is a folder with SSD-MobileNetV2: frozen_inference_graph.pb and its .pbtxt.
"""

import pathlib
import sys

import posts
from pictures import cv2, decoded

# COCO's classes by their numbers, from 1; a dash stands for one that was never used.
NAMES = """
person, bicycle, car, motorcycle, airplane, bus, train, truck, boat, traffic light, fire hydrant, -, stop sign,
parking meter, bench, bird, cat, dog, horse, sheep, cow, elephant, bear, zebra, giraffe, -, backpack, umbrella, -, -,
handbag, tie, suitcase, frisbee, skis, snowboard, sports ball, kite, baseball bat, baseball glove, skateboard, surfboard,
tennis racket, bottle, -, wine glass, cup, fork, knife, spoon, bowl, banana, apple, sandwich, orange, broccoli, carrot,
hot dog, pizza, donut, cake, chair, couch, potted plant, bed, -, dining table, -, -, toilet, -, tv, laptop, mouse, remote,
keyboard, cell phone, microwave, oven, toaster, sink, refrigerator, -, book, clock, vase, scissors, teddy bear, hair drier,
toothbrush
""".replace("\n", " ").split(",")
NAMES = dict(enumerate((name.strip() for name in NAMES), 1))


def region(kind, score, box, size):
    """A thing of class number `kind`, its box given as shares of the picture's width and height."""
    edges = [round(min(1.0, max(0.0, edge)) * side, 1) for edge, side in zip(box, size * 2)]
    return {"box": edges, "label": NAMES.get(kind, "-"), "score": round(score, 3)}


def regions(found, size, least):
    """What the detector's rows (picture, class, score, four edges) say, in a picture of `size` (width, height)."""
    things = [region(int(kind), score, box, size) for _, kind, score, *box in found]
    return [
        thing for thing in things
        if thing["score"] >= least and thing["label"] != "-"
        and thing["box"][0] < thing["box"][2] and thing["box"][1] < thing["box"][3]
    ]


def load(folder):
    """The detector in `folder`."""
    weights, graphs = folder / "frozen_inference_graph.pb", sorted(folder.glob("ssd_mobilenet_v2*.pbtxt"))
    if not weights.is_file() or not graphs:
        sys.exit(f"detect.py: {folder} has no frozen_inference_graph.pb with its ssd_mobilenet_v2*.pbtxt")
    try:
        return cv2.dnn.readNetFromTensorflow(str(weights), str(graphs[0]))
    except cv2.error as error:
        sys.exit(f"detect.py: {folder}: {error.err}")


def main():
    parser = posts.options("Adds to posts the things that a detector finds in their pictures.")
    parser.add_argument("detector", metavar="DETECTOR", type=pathlib.Path, help="the detector's folder")
    parser.add_argument("--least", type=float, default=0.2, metavar="SCORE", help="the lowest score (0.2)")
    arguments = parser.parse_args()
    net = load(arguments.detector)

    def look(data):
        picture = decoded(data)
        height, width = picture.shape[:2]
        net.setInput(cv2.dnn.blobFromImage(picture, size=(300, 300), swapRB=True))
        return regions(net.forward()[0, 0].tolist(), (width, height), arguments.least)

    posts.run(arguments.image_root, look)


if __name__ == "__main__":
    main()
