#!/usr/bin/env python3
"""Writes seqeval_scores.json: random tag sequences, orphan I- tags among them, and what seqeval says of them.

    pip install seqeval==1.2.2
    python3 Tests/LearningTests/Fixtures/seqeval_scores.py
"""

import json
import pathlib
import random

from seqeval.metrics import sequence_labeling, v1
from seqeval.scheme import IOB2

TYPES = ["PER", "LOC", "ORG", "OTHER"]


def tags(draw, like=None):
    """A random sequence, or a noisy copy of one, so that some entities agree."""
    if like is not None:
        return [draw.choice(ALL) if draw.random() < 0.15 else tag for tag in like]
    return [draw.choice(ALL) if draw.random() < 0.6 else "O" for _ in range(draw.randint(1, 12))]


ALL = [prefix + kind for prefix in ("B-", "I-") for kind in TYPES] + ["O"]


def main():
    draw = random.Random(4)
    gold = [tags(draw) for _ in range(150)]
    said = [tags(draw, like=sequence) for sequence in gold]
    result = {"gold": gold, "said": said}
    for name in ("lenient", "strict"):
        def score(average):
            if name == "lenient":
                return sequence_labeling.precision_recall_fscore_support(gold, said, average=average, zero_division=0)
            return v1.precision_recall_fscore_support(gold, said, average=average, zero_division=0, scheme=IOB2)

        micro, types = score("micro"), score(None)
        result[name] = {
            "micro": list(micro[:3]),
            "types": {kind: [float(part[index]) for part in types] for index, kind in enumerate(sorted(TYPES))},
        }
    path = pathlib.Path(__file__).with_suffix(".json")
    path.write_text(json.dumps(result, separators=(",", ":")).replace("],[", "],\n[") + "\n")


main()
