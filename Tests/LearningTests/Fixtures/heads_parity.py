"""Evidence reader, visibility gate, its prior, box head and second stage in PyTorch: results, loss, every gradient, and ten steps of AdamW.

    pip install torch && python heads_parity.py > heads_parity.json

Modules are named as the package's layout has them, so that parameters are told by their names; matrices that the layout
stacks are one here, under the name of the first.
"""
import json
import torch
import torch.nn.functional as F
from torch import nn

WIDTH, HEADS, LAYERS, GRID = 8, 2, 2, 2
TEXT, PICTURE, PLACES, TYPES = 3, 5, 5, 3
EPSILON = 1e-6
torch.manual_seed(11)


def attend(queries, keys, values):
    """Multi-head attention of a few rows to a few others."""
    def split(x):
        return x.view(len(x), HEADS, -1).transpose(0, 1)
    mixed = F.scaled_dot_product_attention(split(queries), split(keys), split(values))
    return mixed.transpose(0, 1).reshape(len(queries), -1)


class Block(nn.Module):
    """What layers of both kinds share: `x + narrow(gelu(widen(norm(x))))`."""

    def __init__(self, inner):
        super().__init__()
        self.attended = nn.Linear(WIDTH, WIDTH)
        self.output_norm = nn.LayerNorm(WIDTH, eps=EPSILON)
        self.widen = nn.Linear(WIDTH, inner)
        self.narrow = nn.Linear(inner, WIDTH)

    def finish(self, x, mixed):
        x = x + self.attended(mixed)
        return x + self.narrow(F.gelu(self.widen(self.output_norm(x))))


class PictureLayer(Block):
    def __init__(self):
        super().__init__(2 * WIDTH)
        self.attention_norm = nn.LayerNorm(WIDTH, eps=EPSILON)
        self.query = nn.Linear(WIDTH, 3 * WIDTH)  # query, key, value stacked

    def forward(self, x):
        return self.finish(x, attend(*self.query(self.attention_norm(x)).chunk(3, dim=1)))


class Layer(Block):
    def __init__(self):
        super().__init__(4 * WIDTH)
        self.query_norm = nn.LayerNorm(WIDTH, eps=EPSILON)
        self.query = nn.Linear(WIDTH, WIDTH)
        self.key = nn.Linear(WIDTH, 2 * WIDTH)  # key, value stacked

    def forward(self, x, posts):
        asked = self.query(self.query_norm(x))
        mixed = [attend(asked[rows], *self.key(evidence).chunk(2, dim=1)) for rows, evidence in posts]
        return self.finish(x, torch.cat(mixed))


class Reader(nn.Module):
    """Four posts: with a picture, with words, with both, with neither."""

    entities, pictured, words = [1, 2, 2, 1], [True, False, True, False], [0, 2, 1, 0]
    kinds = [0, 2, 1, 1, 0, 2]

    def __init__(self):
        super().__init__()
        self.query = nn.Linear(2 * TEXT, WIDTH)
        self.types = nn.Embedding(TYPES, WIDTH)
        self.picture = nn.Linear(PICTURE, WIDTH)
        self.position = nn.Embedding(PLACES, WIDTH)
        self.words_ = nn.Linear(TEXT, WIDTH)
        self.nothing = nn.Embedding(1, WIDTH)
        self.picture_layer = nn.ModuleList([PictureLayer()])
        self.evidence_norm = nn.LayerNorm(WIDTH, eps=EPSILON)
        self.layer = nn.ModuleList(Layer() for _ in range(LAYERS))
        self.norm = nn.LayerNorm(WIDTH, eps=EPSILON)
        self.queries = torch.randn(6, 2 * TEXT)
        self.tokens = torch.randn(2 * PLACES, PICTURE)
        self.alt = torch.randn(3, TEXT)
        self.targets = torch.softmax(torch.randn(6, WIDTH), 1)

    def see(self, tokens):
        x = self.picture(tokens) + self.position.weight
        for layer in self.picture_layer:
            x = layer(x)
        return self.evidence_norm(x)

    def forward(self):
        pictures = iter([self.see(self.tokens[:PLACES]), self.see(self.tokens[PLACES:])])
        words = self.evidence_norm(self.words_(self.alt))
        posts, entity, word = [], 0, 0
        for entities, is_pictured, count in zip(self.entities, self.pictured, self.words):
            evidence = [self.nothing.weight] + ([next(pictures)] if is_pictured else []) + [words[word:word + count]]
            posts.append((slice(entity, entity + entities), torch.cat(evidence)))
            entity, word = entity + entities, word + count
        x = self.query(self.queries) + self.types(torch.tensor(self.kinds))
        for layer in self.layer:
            x = layer(x, posts)
        return {"states": self.norm(x)}

    def loss(self, results):
        return -(self.targets * torch.log_softmax(results["states"], 1)).sum()

    def inputs(self):
        return {"queries": self.queries, "tokens": self.tokens, "alt": self.alt, "targets": self.targets}


class Gate(nn.Module):
    def __init__(self):
        super().__init__()
        self.hidden = nn.Linear(3 * WIDTH + GRID * GRID, WIDTH)
        self.logit = nn.Linear(WIDTH, 1)
        self.states, self.picture, self.alt = (torch.randn(5, WIDTH) for _ in range(3))
        self.masks = torch.rand(5, GRID * GRID)
        self.targets = torch.tensor([[0.], [1.], [1.], [0.], [0.5]])
        self.weights = torch.tensor([[1.], [1.], [0.5], [2.], [1.]])

    def forward(self):
        known = torch.cat([self.states, self.picture, self.alt, self.masks], 1)
        return {"visible": self.logit(F.gelu(self.hidden(known)))}

    def loss(self, results):
        return F.binary_cross_entropy_with_logits(results["visible"], self.targets, self.weights, reduction="sum")

    def inputs(self):
        return {"states": self.states, "picture": self.picture, "alt": self.alt, "masks": self.masks,
                "targets": self.targets, "weights": self.weights}


class Prior(nn.Module):
    kinds = [0, 2, 1, 1, 0]

    def __init__(self):
        super().__init__()
        self.hidden = nn.Linear(2 * TEXT, WIDTH)
        self.types = nn.Embedding(TYPES, WIDTH)
        self.logit = nn.Linear(WIDTH, 1)
        self.queries = torch.randn(5, 2 * TEXT)
        self.targets = torch.tensor([[0.], [1.], [1.], [0.], [0.5]])

    def forward(self):
        inner = F.gelu(self.hidden(self.queries) + self.types(torch.tensor(self.kinds)))
        return {"visible": self.logit(inner)}

    def loss(self, results):
        return F.binary_cross_entropy_with_logits(results["visible"], self.targets, reduction="sum")

    def inputs(self):
        return {"queries": self.queries, "targets": self.targets}


class Box(nn.Module):
    """Regression, for entities of two pictures."""

    entities = [2, 1]

    def __init__(self):
        super().__init__()
        patches = GRID * GRID
        self.asked = nn.Linear(WIDTH, WIDTH)
        self.key = nn.Linear(WIDTH, WIDTH)
        self.extent = nn.Linear(WIDTH, WIDTH)
        self.proposal = nn.Linear(WIDTH, 4)
        self.hidden = nn.Linear(2 * WIDTH + patches, WIDTH)
        self.correction = nn.Linear(WIDTH, 4)
        self.trust = nn.Linear(WIDTH, 1)
        self.states = torch.randn(3, WIDTH)
        self.patches = torch.randn(2 * patches, WIDTH)
        self.boxes = torch.tensor([[0.1, 0.2, 0.6, 0.7], [0., 0., 1., 1.], [0.4, 0.1, 0.45, 0.9]])
        self.coverage = torch.rand(3, patches)
        self.targets = torch.tensor([[1.], [0.], [0.5]])

    def forward(self):
        patches = GRID * GRID
        steps = (torch.arange(GRID) + 0.5) / GRID
        centres = torch.zeros(patches, WIDTH)
        centres[:, 0] = torch.logit(steps).repeat(GRID)
        centres[:, 1] = torch.logit(steps).repeat_interleave(GRID)
        extents = F.relu(self.extent(self.patches)) + centres.repeat(2, 1)
        asked, keys = self.asked(self.states), self.key(self.patches)
        masks, marked, entity = [], [], 0
        for picture, count in enumerate(self.entities):
            rows = slice(picture * patches, (picture + 1) * patches)
            scores = asked[entity:entity + count] @ keys[rows].T / WIDTH ** 0.5
            masks.append(scores)
            marked.append(torch.softmax(scores, 1) @ extents[rows])
            entity += count
        masks, marked = torch.cat(masks), torch.cat(marked)
        inner = F.gelu(self.hidden(torch.cat([self.states, marked, torch.sigmoid(masks)], 1)))
        return {"masks": masks, "boxes": self.proposal(marked) + self.correction(inner), "trust": self.trust(inner)}

    def loss(self, results):
        centre = torch.sigmoid(results["boxes"])
        low, high = centre[:, :2] - centre[:, 2:] / 2, centre[:, :2] + centre[:, 2:] / 2
        wanted_low, wanted_high = self.boxes[:, :2], self.boxes[:, 2:]
        wanted = torch.cat([(wanted_low + wanted_high) / 2, wanted_high - wanted_low], 1)
        common = (torch.minimum(high, wanted_high) - torch.maximum(low, wanted_low)).clamp(min=0).prod(1)
        union = (high - low).prod(1) + (wanted_high - wanted_low).prod(1) - common + 1e-7
        hull = (torch.maximum(high, wanted_high) - torch.minimum(low, wanted_low)).prod(1) + 1e-7
        overlap = common / union - (hull - union) / hull
        far = (centre - wanted).abs().sum(1)
        masks = F.binary_cross_entropy_with_logits(results["masks"], self.coverage, reduction="sum")
        trust = F.binary_cross_entropy_with_logits(results["trust"], self.targets, reduction="sum")
        return (5 * far + 2 * (1 - overlap)).sum() + masks + trust

    def inputs(self):
        return {"states": self.states, "patches": self.patches, "boxes": self.boxes, "coverage": self.coverage,
                "targets": self.targets}


class Choice(nn.Module):
    """The second stage: what was drawn, one fixed box, and two regions of the first of two pictures."""

    pictures, patches, units = [0, 0, 1], GRID * GRID, 3
    anchor = [0.2, 0.3, 1., 0.9]
    # Box, place among the labels, sureness, text, and how far each of the first two entities has its name there.
    regions = [([0.1, 0., 0.4, 1.], 0, 0.5, False, [0.5, 0.]), ([0.1, 0.2, 0.3, 0.3], 1, 0., True, [0., 1.])]

    def __init__(self, presence):
        super().__init__()
        self.presenceBy = presence
        self.entity = nn.Linear(WIDTH, self.units)
        self.appearance = nn.Linear(WIDTH, self.units)
        self.label = nn.Linear(TEXT, self.units)
        self.hidden = nn.Linear(5 * self.units + 18, self.units)
        self.score = nn.Linear(self.units, 1)
        if presence == "seen":
            self.gaze = nn.Linear(self.units, 1)
            self.presence = nn.Linear(self.units, 1)
        else:
            self.nowhere = nn.Linear(self.units, 1)
        self.states = torch.randn(3, WIDTH)
        self.extents = torch.randn(2 * self.patches, WIDTH)
        self.labels = torch.randn(2, TEXT)
        self.masks = torch.randn(3, self.patches)
        self.boxes = torch.randn(3, 4)
        self.trust = torch.tensor([[0.5], [-7.], [2.]])
        self.presenceTargets = torch.tensor([[1.], [0.], [1.]])
        self.scoreTargets = torch.tensor([0., 0.7, 0., 0.3, 0., 0., 0., 0.6, 0., 0.9])

    @staticmethod
    def overlap(a, b):
        width = min(a[2], b[2]) - max(a[0], b[0])
        height = min(a[3], b[3]) - max(a[1], b[1])
        if width <= 0 or height <= 0:
            return 0., 0.
        area = [(x[2] - x[0]) * (x[3] - x[1]) for x in (a, b)]
        common = width * height
        return common / (area[0] + area[1] - common), common / area[1]

    def coverage(self, box):
        sides = [[max(0., min(high * GRID, k + 1) - max(low * GRID, k)) for k in range(GRID)]
                 for low, high in ((box[0], box[2]), (box[1], box[3]))]
        return torch.tensor([x * y for y in sides[1] for x in sides[0]])

    def candidates(self):
        centre = torch.sigmoid(self.boxes)
        corners = torch.cat([centre[:, :2] - centre[:, 2:] / 2, centre[:, :2] + centre[:, 2:] / 2], 1).clamp(0, 1)
        for entity, picture in enumerate(self.pictures):
            # Box, source among anchor, peak, drawn, region; label, sureness, text, match.
            yield [(corners[entity].tolist(), 2, None, 0., False, 0.), (self.anchor, 0, None, 0., False, 0.)] + [
                (box, 3, label, score, text, match[entity]) for box, label, score, text, match in self.regions
                if picture == 0]

    def measures(self, entity, candidates):
        mask = torch.sigmoid(self.masks[entity])
        for box, source, _, score, text, match in candidates:
            width, height = box[2] - box[0], box[3] - box[1]
            inside = max([other[5] for other in candidates if self.overlap(box, other[0])[1] > 0.8], default=0.)
            cover = self.coverage(box)
            yield torch.tensor(
                [(box[0] + box[2]) / 2, (box[1] + box[3]) / 2, width, height, (width * height) ** 0.5]
                + [float(source == kind) for kind in range(4)]
                + [score, self.overlap(box, candidates[0][0])[0],
                   self.trust[entity].clamp(-5, 5).item() if source == 2 else 0.,
                   match, inside, float(text)]
                + [((cover * mask).sum() / cover.sum()).item(), ((cover * mask).sum() / mask.sum()).item(),
                   mask.mean().item()])

    def forward(self):
        asked, labels = self.entity(self.states), self.label(torch.cat([torch.zeros(1, TEXT), self.labels]))
        scores, presence = [], []
        for entity, candidates in enumerate(self.candidates()):
            centres = [int((box[1] + box[3]) / 2 * GRID) * GRID + int((box[0] + box[2]) / 2 * GRID)
                       + self.pictures[entity] * self.patches for box, *_ in candidates]
            looks = self.appearance(self.extents[centres])
            names = asked[entity].expand(len(candidates), -1)
            called = labels[[0 if label is None else label + 1 for _, _, label, *_ in candidates]]
            counted = torch.stack(list(self.measures(entity, candidates)))
            inner = F.gelu(self.hidden(torch.cat([names, looks, names * looks, called, names * called, counted], 1)))
            scores.append(self.score(inner))
            if self.presenceBy == "seen":
                presence.append(self.presence(torch.softmax(self.gaze(inner), 0).T @ inner))
        if self.presenceBy == "seen":
            return {"scores": torch.cat(scores), "presence": torch.cat(presence)}
        return {"scores": torch.cat(scores), "nowhere": self.nowhere(asked)}

    def loss(self, results):
        if self.presenceBy == "seen":
            wanted = (self.scoreTargets > 0).float()[:, None]
            return (F.binary_cross_entropy_with_logits(results["presence"], self.presenceTargets, reduction="sum")
                    + F.binary_cross_entropy_with_logits(results["scores"], wanted, reduction="sum"))
        start, chosen = 0, 0
        for entity, candidates in enumerate(self.candidates()):
            rows = slice(start, start + len(candidates))
            logits = torch.cat([results["scores"][rows, 0], results["nowhere"][entity]])
            wanted = torch.cat([self.scoreTargets[rows], torch.tensor([0.25])])
            chosen = chosen - (wanted * torch.log_softmax(logits, 0)).sum()
            start += len(candidates)
        return chosen

    def inputs(self):
        return {"states": self.states, "extents": self.extents, "labels": self.labels, "masks": self.masks,
                "boxes": self.boxes, "trust": self.trust, "presenceTargets": self.presenceTargets,
                "scoreTargets": self.scoreTargets}


def numbers(tensor):
    return [float(f"{value:.9g}") for value in tensor.detach().flatten().tolist()]


def report(model):
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.add_(torch.randn_like(parameter) * 0.1)
    parameters = {name.replace("words_", "words"): parameter for name, parameter in model.named_parameters()}
    values = {name: numbers(parameter) for name, parameter in parameters.items()}
    results = model()
    loss = model.loss(results)
    loss.backward()
    gradients = {name: numbers(parameter.grad) for name, parameter in parameters.items()}
    decaying = [parameter for parameter in model.parameters() if parameter.dim() == 2]
    others = [parameter for parameter in model.parameters() if parameter.dim() == 1]
    optimizer = torch.optim.AdamW([{"params": decaying, "weight_decay": 0.1}, {"params": others, "weight_decay": 0}],
                                  lr=0.02)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: (step + 1) / 3 if step < 3 else 1 - (step - 3) / 7)
    losses, norms = [], []
    for _ in range(10):
        optimizer.zero_grad()
        step_loss = model.loss(model())
        step_loss.backward()
        norms.append(float(torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)))
        optimizer.step()
        schedule.step()
        losses.append(step_loss.item())
    return {
        "inputs": {name: numbers(tensor) for name, tensor in model.inputs().items()}, "values": values,
        "results": {name: numbers(tensor) for name, tensor in results.items()}, "loss": loss.item(),
        "gradients": gradients, "losses": losses, "norms": norms,
    }


print(json.dumps({"reader": report(Reader()), "gate": report(Gate()), "box": report(Box()),
                  "prior": report(Prior()), "seen": report(Choice("seen")),
                  "nowhere": report(Choice("nowhere"))}, separators=(",", ":")))
