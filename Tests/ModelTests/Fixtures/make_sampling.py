"""Makes Sampling/passes.safetensors: what some passes over one text say of spans, by PyTorch, from all legal sequences of tags.

    python3 make_sampling.py
"""

import itertools
import math
import os

import torch
from safetensors.torch import save_file

torch.manual_seed(5)
torch.set_default_dtype(torch.float64)
PASSES, WORDS, TYPES = 4, 5, 3
TAGS = 1 + 2 * TYPES  # O, then B- and I- of each type
SPANS = [(0, 1), (1, 3), (2, 5), (4, 5), (0, 5)]

emissions = 1.5 * torch.randn(PASSES, WORDS, TAGS)
transitions, start, end = torch.randn(TAGS, TAGS), torch.randn(TAGS), torch.randn(TAGS)


def may_follow(before, tag):
    return tag % 2 == 1 or tag == 0 or (before != 0 and (before - 1) // 2 == (tag - 1) // 2)


def is_legal(path):
    first = path[0] == 0 or path[0] % 2 == 1
    return first and all(may_follow(a, b) for a, b in zip(path, path[1:]))


def says(path, span, kind):
    first, last = span
    begins = path[first] == 2 * kind + 1 and all(path[i] == 2 * kind + 2 for i in range(first + 1, last))
    return begins and (last == len(path) or path[last] != 2 * kind + 2)


paths = [path for path in itertools.product(range(TAGS), repeat=WORDS) if is_legal(path)]
shares = torch.zeros(PASSES, len(SPANS), TYPES)
for number in range(PASSES):
    scores = torch.stack([
        start[path[0]] + end[path[-1]] + sum(emissions[number, i, tag] for i, tag in enumerate(path))
        + sum(transitions[a, b] for a, b in zip(path, path[1:])) for path in paths])
    probabilities = torch.softmax(scores, 0)
    for place, span in enumerate(SPANS):
        for kind in range(TYPES):
            mask = torch.tensor([says(path, span, kind) for path in paths])
            shares[number, place, kind] = probabilities[mask].sum()

mean = shares.mean(0)
posterior = mean / mean.sum(1, keepdim=True)
span = 1 - mean.sum(1)
kinds = torch.distributions.Categorical(probs=posterior).entropy() / math.log(TYPES)
folder = os.path.join(os.path.dirname(os.path.abspath(__file__)), "Sampling")
os.makedirs(folder, exist_ok=True)
save_file({
    "emissions": emissions.reshape(PASSES, -1).float(), "transitions": transitions.float(),
    "start": start.reshape(1, -1).float(), "end": end.reshape(1, -1).float(),
    "spans": torch.tensor(SPANS).float(), "span": span.reshape(1, -1).float(), "type": kinds.reshape(1, -1).float(),
}, os.path.join(folder, "passes.safetensors"))
