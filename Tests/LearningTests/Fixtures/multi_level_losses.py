"""Losses of multi-level pre-training by PyTorch, in double precision, with gradients: multi_level_losses.json."""

import json
import pathlib

import torch
from torch.nn import functional

torch.manual_seed(11)
TEXT, PICTURE, WIDTH, MATCHING, HEADS, HIDDEN, NOUNS, TOKENS = 6, 5, 4, 4, 2, 7, 3, 3
LENGTHS, COUNTS, SHIFT = [2, 4, 3], [2, 0, 3], 2
TEMPERATURE, THRESHOLD = 0.5, 0.5


def random(*shape):
    return 0.7 * torch.randn(*shape, dtype=torch.double)


parameters = {}
for name, (outputs, inputs) in {
    "pretraining.sentence": (WIDTH, TEXT),
    "pretraining.picture": (WIDTH, PICTURE),
    "pretraining.matching.query": (MATCHING, TEXT),
    "pretraining.matching.key": (MATCHING, PICTURE),
    "pretraining.matching.value": (MATCHING, PICTURE),
    "pretraining.matching.hidden": (MATCHING, TEXT + MATCHING),
    "pretraining.matching.decision": (2, MATCHING),
    "pretraining.object.widen": (HIDDEN, PICTURE),
    "pretraining.object.narrow": (NOUNS, HIDDEN),
    "teacher.picture": (WIDTH, PICTURE),
}.items():
    parameters[f"{name}.weight"] = random(outputs, inputs)
    parameters[f"{name}.bias"] = random(outputs)
parameters["pretraining.scale"] = torch.tensor([3.0], dtype=torch.double)
parameters["teacher.nouns"] = functional.normalize(random(NOUNS, WIDTH), dim=-1)
states, pictures = random(sum(LENGTHS), TEXT), random(len(LENGTHS), PICTURE)
tokens, objects = random(len(LENGTHS), TOKENS, PICTURE), 2 * random(sum(COUNTS), PICTURE)
for tensor in [states, *(value for name, value in parameters.items() if not name.startswith("teacher."))]:
    tensor.requires_grad_()


def linear(x, name):
    return x @ parameters[f"{name}.weight"].T + parameters[f"{name}.bias"]


sentences = torch.split(states, LENGTHS)

# Contrast: InfoNCE both ways, summed over pairs.
text = functional.normalize(linear(torch.stack([s.mean(0) for s in sentences]), "pretraining.sentence"), dim=-1)
seen = functional.normalize(linear(pictures, "pretraining.picture"), dim=-1)
scores = parameters["pretraining.scale"] * text @ seen.T
diagonal = torch.arange(len(LENGTHS))
contrast = (
    functional.cross_entropy(scores, diagonal, reduction="sum")
    + functional.cross_entropy(scores.T, diagonal, reduction="sum")
) / 2


# Matching: pieces attend to patches; the mean of both is told apart in two ways.
def match(sentence, patches):
    query, key, value = (
        linear(x, f"pretraining.matching.{name}").view(len(x), HEADS, -1).transpose(0, 1)
        for x, name in [(sentence, "query"), (patches, "key"), (patches, "value")]
    )
    found = functional.scaled_dot_product_attention(query, key, value).transpose(0, 1).reshape(len(sentence), -1)
    fused = torch.cat([sentence, found], -1).mean(0)
    return linear(functional.gelu(linear(fused, "pretraining.matching.hidden")), "pretraining.matching.decision")


logits = [match(sentences[i], tokens[i]) for i in range(len(LENGTHS))]
logits += [match(sentences[(i + SHIFT) % len(LENGTHS)], tokens[i]) for i in range(len(LENGTHS))]
truth = torch.tensor([1] * len(LENGTHS) + [0] * len(LENGTHS))
matching = functional.cross_entropy(torch.stack(logits), truth, reduction="sum") / 2

# Objects: soft labels of the teacher where it is sure; a mean over a picture's objects.
known = functional.normalize(linear(objects, "teacher.picture"), dim=-1)
labels = (known @ parameters["teacher.nouns"].T / TEMPERATURE).softmax(-1)
sure = labels.max(-1).values >= THRESHOLD
assert 0 < sure.sum() < len(sure)
said = linear(functional.gelu(linear(objects, "pretraining.object.widen")), "pretraining.object.narrow")
entropies = -(labels * said.log_softmax(-1)).sum(-1)
of_objects = sum(
    entropies[part][sure[part]].mean()
    for part in torch.split(torch.arange(sum(COUNTS)), COUNTS)
    if sure[part].any()
)

(contrast + matching + of_objects).backward()
flat = {name: value.flatten().tolist() for name, value in parameters.items()}
gradients = {name: value.grad.flatten().tolist() for name, value in parameters.items() if value.grad is not None}
pathlib.Path(__file__).with_suffix(".json").write_text(
    json.dumps(
        {
            "lengths": LENGTHS,
            "counts": COUNTS,
            "shift": SHIFT,
            "temperature": TEMPERATURE,
            "threshold": THRESHOLD,
            "states": states.flatten().tolist(),
            "pictures": pictures.flatten().tolist(),
            "tokens": tokens.flatten().tolist(),
            "objects": objects.flatten().tolist(),
            "labels": labels.flatten().tolist(),
            "losses": [contrast.item(), matching.item(), of_objects.item()],
            "parameters": flat,
            "gradients": gradients,
            "stateGradients": states.grad.flatten().tolist(),
        }
    )
    + "\n"
)
