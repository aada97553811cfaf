"""A tiny tagger in PyTorch: loss, every gradient, and ten steps of AdamW.

    pip install torch && python tagger_parity.py > tagger_parity.json

Encoder layers are torch.nn.TransformerEncoderLayer (post-norm); the CRF is written out below.
"""
import json
import torch
from torch import nn

WIDTH, HEADS, INNER, LAYERS, VOCABULARY, POSITIONS, SHAPES, TAGS = 8, 2, 16, 2, 12, 8, 4, 3
torch.manual_seed(7)

sequences = [[2, 5, 6, 7, 3], [2, 8, 3], [2, 9, 10, 5, 11, 4, 3]]
shapes = [[0, 1, 1, 2, 0], [0, 3, 0], [0, 1, 2, 2, 2, 1, 0]]
words = [[(1, 3), (3, 4)], [(1, 2)], [(1, 2), (2, 5), (5, 6)]]  # piece ranges within each sequence
matches = [[(0, 0), (1, 3)], [(0, 0)], [(5, 6), (0, 0), (1, 2)]]  # the same; none where the range is empty
tags = [[1, 2], [0], [0, 1, 2]]


class Tagger(nn.Module):
    def __init__(self):
        super().__init__()
        self.pieces = nn.Embedding(VOCABULARY, WIDTH)
        self.positions = nn.Embedding(POSITIONS, WIDTH)
        self.segments = nn.Embedding(2, WIDTH)
        self.shapes = nn.Embedding(SHAPES, WIDTH)
        self.norm = nn.LayerNorm(WIDTH, eps=1e-6)
        self.layers = nn.ModuleList(
            nn.TransformerEncoderLayer(WIDTH, HEADS, INNER, dropout=0.0, activation="gelu", layer_norm_eps=1e-6,
                                       batch_first=True)
            for _ in range(LAYERS))
        self.matches = nn.Linear(WIDTH, WIDTH, bias=False)
        self.emissions = nn.Linear(WIDTH, TAGS)
        self.transitions = nn.Parameter(torch.randn(TAGS, TAGS) * 0.3)
        self.start = nn.Parameter(torch.randn(TAGS) * 0.3)
        self.end = nn.Parameter(torch.randn(TAGS) * 0.3)

    def loss(self):
        total = 0
        for pieces, kinds, ranges, others, gold in zip(sequences, shapes, words, matches, tags):
            x = (self.pieces(torch.tensor(pieces)) + self.positions(torch.arange(len(pieces)))
                 + self.segments(torch.zeros(len(pieces), dtype=torch.long)) + self.shapes(torch.tensor(kinds)))
            x = self.norm(x)[None]
            for layer in self.layers:
                x = layer(x)
            rows = torch.stack([x[0, a:b].mean(0) for a, b in ranges])
            none = torch.zeros(WIDTH)
            rows = rows + self.matches(torch.stack([x[0, a:b].mean(0) if a < b else none for a, b in others]))
            total = total + self.crf(self.emissions(rows), gold)
        return total

    def crf(self, emissions, gold):
        score = self.start[gold[0]] + self.end[gold[-1]]
        alpha = self.start + emissions[0]
        for i, tag in enumerate(gold):
            score = score + emissions[i, tag]
            if i > 0:
                score = score + self.transitions[gold[i - 1], tag]
                alpha = torch.logsumexp(alpha[:, None] + self.transitions, 0) + emissions[i]
        return torch.logsumexp(alpha + self.end, 0) - score


model = Tagger()
with torch.no_grad():
    for parameter in model.parameters():
        parameter.add_(torch.randn_like(parameter) * 0.1)


def named():
    """Parameters in Hugging Face's names, as the package's layout has them."""
    text, head = "text.", "tagger."
    yield text + "embeddings.word_embeddings.weight", model.pieces.weight
    yield text + "embeddings.position_embeddings.weight", model.positions.weight
    yield text + "embeddings.token_type_embeddings.weight", model.segments.weight
    yield text + "embeddings.LayerNorm.weight", model.norm.weight
    yield text + "embeddings.LayerNorm.bias", model.norm.bias
    for index, layer in enumerate(model.layers):
        at = f"{text}encoder.layer.{index}."
        yield at + "attention.self.query.weight", layer.self_attn.in_proj_weight  # query, key, value stacked
        yield at + "attention.self.query.bias", layer.self_attn.in_proj_bias
        yield at + "attention.output.dense.weight", layer.self_attn.out_proj.weight
        yield at + "attention.output.dense.bias", layer.self_attn.out_proj.bias
        yield at + "attention.output.LayerNorm.weight", layer.norm1.weight
        yield at + "attention.output.LayerNorm.bias", layer.norm1.bias
        yield at + "intermediate.dense.weight", layer.linear1.weight
        yield at + "intermediate.dense.bias", layer.linear1.bias
        yield at + "output.dense.weight", layer.linear2.weight
        yield at + "output.dense.bias", layer.linear2.bias
        yield at + "output.LayerNorm.weight", layer.norm2.weight
        yield at + "output.LayerNorm.bias", layer.norm2.bias
    yield head + "shapes.weight", model.shapes.weight
    yield head + "matches.weight", model.matches.weight
    yield head + "emissions.weight", model.emissions.weight
    yield head + "emissions.bias", model.emissions.bias
    yield head + "transitions", model.transitions
    yield head + "start", model.start
    yield head + "end", model.end


def numbers(tensor):
    return [float(f"{value:.9g}") for value in tensor.detach().flatten().tolist()]


def report():
    values = {name: numbers(parameter) for name, parameter in named()}
    loss = model.loss()
    loss.backward()
    gradients = {name: numbers(parameter.grad) for name, parameter in named()}
    decaying = [parameter for parameter in model.parameters() if parameter.dim() == 2 and parameter.shape != (3, 3)]
    others = [parameter for parameter in model.parameters() if not any(parameter is one for one in decaying)]
    optimizer = torch.optim.AdamW([{"params": decaying, "weight_decay": 0.1}, {"params": others, "weight_decay": 0}],
                                  lr=0.02)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: (step + 1) / 3 if step < 3 else 1 - (step - 3) / 7)
    losses, norms = [], []
    for _ in range(10):
        optimizer.zero_grad()
        step_loss = model.loss()
        step_loss.backward()
        norms.append(float(torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)))
        optimizer.step()
        schedule.step()
        losses.append(step_loss.item())
    return {
        "width": WIDTH, "heads": HEADS, "inner": INNER, "layers": LAYERS, "vocabulary": VOCABULARY,
        "positions": POSITIONS, "shape_rows": SHAPES, "tag_count": TAGS, "sequences": sequences, "shapes": shapes,
        "words": words, "matches": matches, "tags": tags, "values": values, "loss": loss.item(), "gradients": gradients,
        "losses": losses, "norms": norms,
    }


print(json.dumps(report(), separators=(",", ":")))
