"""Losses of box head and gate by PyTorch, in double precision, with gradients: evidence_losses.json."""

import json
import pathlib

import torch
from torch.nn import functional

torch.manual_seed(4)
logits = torch.randn(6, 4, dtype=torch.double)
logits[4] = torch.tensor([-4.0, -4.0, -3.0, -3.0])  # far from its target
logits[5] = torch.tensor([0.1, -0.2, 5.0, 5.0])  # around its target
targets = torch.tensor(
    [
        [0.1, 0.2, 0.6, 0.7],
        [0.0, 0.0, 1.0, 1.0],
        [0.4, 0.1, 0.45, 0.9],
        [0.3, 0.3, 0.8, 0.5],
        [0.7, 0.7, 0.95, 0.9],
        [0.4, 0.35, 0.6, 0.6],
    ],
    dtype=torch.double,
)


def corners(centre):
    x, y, w, h = centre.unbind(-1)
    return torch.stack([x - w / 2, y - h / 2, x + w / 2, y + h / 2], -1)


def giou(a, b):
    inner = (torch.minimum(a[:, 2:], b[:, 2:]) - torch.maximum(a[:, :2], b[:, :2])).clamp(min=0).prod(-1)
    area = (a[:, 2:] - a[:, :2]).prod(-1) + (b[:, 2:] - b[:, :2]).prod(-1)
    union = area - inner
    hull = (torch.maximum(a[:, 2:], b[:, 2:]) - torch.minimum(a[:, :2], b[:, :2])).prod(-1)
    return inner / union - (hull - union) / hull


logits.requires_grad_()
centre = logits.sigmoid()
wanted = torch.cat([(targets[:, :2] + targets[:, 2:]) / 2, targets[:, 2:] - targets[:, :2]], -1)
weights = torch.tensor([1.0, 0.5, 2.0, 1.0, 1.0, 0.25], dtype=torch.double)
loss = (weights * (5 * (centre - wanted).abs().sum(-1) + 2 * (1 - giou(corners(centre), targets)))).sum()
loss.backward()

gate = torch.tensor([-30.0, -2.0, -0.1, 0.0, 0.7, 25.0], dtype=torch.double, requires_grad=True)
labels = torch.tensor([0.0, 1.0, 0.0, 1.0, 0.3, 0.0], dtype=torch.double)
entropy = functional.binary_cross_entropy_with_logits(gate, labels, weight=weights, reduction="sum")
entropy.backward()

pathlib.Path(__file__).with_suffix(".json").write_text(
    json.dumps(
        {
            "logits": logits.flatten().tolist(),
            "targets": targets.flatten().tolist(),
            "weights": weights.tolist(),
            "boxLoss": loss.item(),
            "boxGradient": logits.grad.flatten().tolist(),
            "gate": gate.tolist(),
            "labels": labels.tolist(),
            "gateLoss": entropy.item(),
            "gateGradient": gate.grad.tolist(),
        }
    )
    + "\n"
)
