"""Makes Patches/graph.safetensors: which patches are of the object in a box, by PyTorch's eigenvectors in double precision.

    python3 make_patch_graph.py
"""

import math
import os

import torch
from safetensors.torch import save_file

torch.manual_seed(3)
torch.set_default_dtype(torch.float64)
SIDE, WIDTH = 8, 12

# Three kinds of patches with some noise: what is behind, a disc, and a bar beside it; one row before them for the picture.
y, x = torch.meshgrid(torch.arange(SIDE) + 0.5, torch.arange(SIDE) + 0.5, indexing="ij")
kind = torch.zeros(SIDE, SIDE, dtype=torch.long)
kind[(x - 3.5) ** 2 + (y - 4) ** 2 < 5] = 1
kind[:, 7] = 2
kinds = torch.randn(3, WIDTH)
tokens = torch.cat([torch.randn(1, WIDTH), (kinds[kind] + 0.35 * torch.randn(SIDE, SIDE, WIDTH)).reshape(-1, WIDTH)])
tokens = tokens.float().double()
boxes = torch.tensor([[0.0, 0, 1, 1], [0.13, 0.2, 0.77, 0.8], [0.5, 0.0, 1, 1]])


def logistic(value):
    return 1 / (1 + torch.exp(-value))


units = tokens[1:] / tokens[1:].norm(dim=1, keepdim=True)
affinities = logistic(20 * (units @ units.T - 0.7))
shares = torch.zeros(len(boxes), SIDE * SIDE)
for number, (x1, y1, x2, y2) in enumerate(boxes.tolist()):
    def touched(low, high):
        more = 0.2 * (high - low)
        return range(max(0, math.floor((low - more) * SIDE)), min(SIDE, math.ceil((high + more) * SIDE)))

    near = torch.tensor([row * SIDE + column for row in touched(y1, y2) for column in touched(x1, x2)])

    def covered(places, low, high):
        return (torch.clamp(places + 0.5, max=high * SIDE) - torch.clamp(places - 0.5, min=low * SIDE)).clamp(min=0)

    across = (x / SIDE - (x1 + x2) / 2) / (0.55 * (x2 - x1))
    down = (y / SIDE - (y1 + y2) / 2) / (0.55 * (y2 - y1))
    known = (covered(x, x1, x2) * covered(y, y1, y2) / (1 + across**2 + down**2)).reshape(-1)[near]
    W = affinities[near][:, near]
    D = torch.diag(W.sum(1))
    half = torch.diag(W.sum(1) ** -0.5)
    _, vectors = torch.linalg.eigh(half @ W @ half)
    best = half @ vectors[:, -3:]
    projected = best @ (best.T @ (D @ known))
    # Otsu's threshold by trying each.
    def between(threshold):
        low, high = projected[projected <= threshold], projected[projected > threshold]
        return len(low) * len(high) * (high.mean() - low.mean()) ** 2
    threshold = max(projected.sort().values[:-1], key=between)
    low, high = projected[projected <= threshold].mean(), projected[projected > threshold].mean()
    shares[number, near] = ((projected - low) / (high - low)).clamp(0, 1)

here = os.path.dirname(os.path.abspath(__file__))
os.makedirs(os.path.join(here, "Patches"), exist_ok=True)
save_file(
    {"tokens": tokens.float(), "boxes": boxes.float(), "shares": shares.float()},
    os.path.join(here, "Patches", "graph.safetensors"))
