"""Heat maps of attention in PyTorch (Grad-CAM), and boxes of heat maps by OpenCV.

    pip install torch opencv-python-headless && python heat_maps.py > heat_maps.json

Evidence reader and gate in double precision, named as the package's layout has them; the attention of each layer is kept as
it is made, and autograd says how the gate's logits change with it.
"""
import json

import cv2
import numpy
import torch
import torch.nn.functional as F
from torch import nn

WIDTH, HEADS, LAYERS, GRID = 8, 2, 2, 4
TEXT, PICTURE, PLACES, TYPES = 3, 5, 1 + GRID * GRID, 3
EPSILON = 1e-6
torch.manual_seed(23)
torch.set_default_dtype(torch.double)


class Layer(nn.Module):
    def __init__(self):
        super().__init__()
        self.query_norm = nn.LayerNorm(WIDTH, eps=EPSILON)
        self.query = nn.Linear(WIDTH, WIDTH)
        self.key = nn.Linear(WIDTH, 2 * WIDTH)  # key, value stacked
        self.attended = nn.Linear(WIDTH, WIDTH)
        self.output_norm = nn.LayerNorm(WIDTH, eps=EPSILON)
        self.widen = nn.Linear(WIDTH, 4 * WIDTH)
        self.narrow = nn.Linear(4 * WIDTH, WIDTH)

    def forward(self, x, posts):
        asked, mixed, kept = self.query(self.query_norm(x)), [], []
        for rows, evidence in posts:
            keys, values = self.key(evidence).chunk(2, dim=1)
            q, k, v = (t.view(len(t), HEADS, -1).transpose(0, 1) for t in (asked[rows], keys, values))
            shares = torch.softmax(q @ k.transpose(1, 2) / (WIDTH // HEADS) ** 0.5, -1)
            shares.retain_grad()
            kept.append(shares)
            mixed.append((shares @ v).transpose(0, 1).reshape(-1, WIDTH))
        x = x + self.attended(torch.cat(mixed))
        return x + self.narrow(F.gelu(self.widen(self.output_norm(x)))), kept


class Evidence(nn.Module):
    def __init__(self):
        super().__init__()
        self.query = nn.Linear(2 * TEXT, WIDTH)
        self.types = nn.Embedding(TYPES, WIDTH)
        self.picture = nn.Linear(PICTURE, WIDTH)
        self.position = nn.Embedding(PLACES, WIDTH)
        self.words_ = nn.Linear(TEXT, WIDTH)
        self.nothing = nn.Embedding(1, WIDTH)
        self.evidence_norm = nn.LayerNorm(WIDTH, eps=EPSILON)
        self.layer = nn.ModuleList(Layer() for _ in range(LAYERS))
        self.norm = nn.LayerNorm(WIDTH, eps=EPSILON)
        self.summary_norm = nn.LayerNorm(WIDTH, eps=EPSILON)


class Gate(nn.Module):
    def __init__(self):
        super().__init__()
        self.hidden = nn.Linear(2 * WIDTH, WIDTH)
        self.logit = nn.Linear(WIDTH, 1)


class Heads(nn.Module):
    """Three posts: with a picture and words, with words, with a picture."""

    entities, pictured, words, kinds = [2, 1, 1], [True, False, True], [1, 2, 0], [0, 2, 1, 1]

    def __init__(self):
        super().__init__()
        self.evidence = Evidence()
        self.gate = Gate()
        self.queries = torch.randn(4, 2 * TEXT)
        self.texts = torch.randn(3, TEXT)
        self.tokens = torch.randn(2 * PLACES, PICTURE)
        self.alt = torch.randn(3, TEXT)

    def forward(self):
        part = self.evidence
        pictures = [part.evidence_norm(part.picture(tokens) + part.position.weight)
                    for tokens in self.tokens.split(PLACES)]
        words = part.evidence_norm(part.words_(self.alt))
        texts = part.evidence_norm(part.words_(self.texts))
        posts, matches, entity, word, left = [], [], 0, 0, iter(pictures)
        for post, (count, is_pictured, length) in enumerate(zip(self.entities, self.pictured, self.words)):
            shown = next(left) if is_pictured else torch.zeros(0, WIDTH)
            said = words[word:word + length]
            posts.append((slice(entity, entity + count), torch.cat([part.nothing.weight, shown, said])))
            mean = part.summary_norm(said.mean(0) if len(said) else torch.zeros(WIDTH))
            matches += [texts[post] * mean] * count
            entity, word = entity + count, word + length
        x = part.query(self.queries) + part.types(torch.tensor(self.kinds))
        attention = []
        for layer in part.layer:
            x, kept = layer(x, posts)
            attention.append(kept)
        states = part.norm(x)
        logits = self.gate.logit(F.gelu(self.gate.hidden(torch.cat([states, torch.stack(matches)], 1))))
        return logits, attention


def numbers(tensor):
    return [float(f"{value:.9g}") for value in tensor.detach().flatten().tolist()]


def box(heat, threshold, merging):
    """The box around the peak's component and others of enough mass, and how much of the heat it holds."""
    heat = numpy.asarray(heat, dtype=numpy.float64)
    count, labels = cv2.connectedComponents((heat >= threshold * heat.max()).astype(numpy.uint8), connectivity=4)
    masses = [heat[labels == label].sum() for label in range(count)]
    peak = labels[numpy.unravel_index(heat.argmax(), heat.shape)]
    kept = numpy.zeros_like(labels, dtype=numpy.uint8)
    for label in range(1, count):
        if label == peak or masses[label] > merging * masses[peak]:
            kept[labels == label] = 1
    x, y, width, height = cv2.boundingRect(kept)
    side = len(heat)
    return {"map": numbers(torch.tensor(heat)), "threshold": threshold, "merging": merging,
            "box": [x / side, y / side, (x + width) / side, (y + height) / side],
            "share": heat[y:y + height, x:x + width].sum() / heat.sum(), "components": count - 1}


heads = Heads()
with torch.no_grad():
    for parameter in heads.parameters():
        parameter.add_(torch.randn_like(parameter) * 0.3)
logits, attention = heads()
logits.sum().backward()
maps = []
for kept in attention:
    rows = []
    for shares, is_pictured in zip(kept, heads.pictured):
        if is_pictured:
            heat = (torch.relu(shares.grad) * shares).mean(0)
            rows += heat[:, 1 + PLACES - GRID * GRID:1 + PLACES].tolist()
    maps.append(rows)

located = []
for side in (4, 7):
    for threshold, merging in ((0.5, 0.25), (0.3, 0.25), (0.5, 0.9), (0.8, 0)):
        for _ in range(3):
            noise = torch.rand(side, side) ** 3
            located.append(box(noise, threshold, merging))

print(json.dumps({
    "queries": numbers(heads.queries), "texts": numbers(heads.texts), "tokens": numbers(heads.tokens),
    "alt": numbers(heads.alt), "kinds": heads.kinds, "entities": heads.entities, "pictured": heads.pictured,
    "words": heads.words,
    "values": {name.replace("words_", "words"): numbers(parameter) for name, parameter in heads.named_parameters()},
    "logits": numbers(logits), "maps": maps, "located": located}, separators=(",", ":")))
