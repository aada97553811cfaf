"""Group-relative policy optimisation over none and boxes with Gaussian offsets by PyTorch, in double precision: offset_policy.json.

    pip install torch && python offset_policy.py
"""

import json
import pathlib

import torch
from torch.distributions import Bernoulli, Independent, Normal, kl_divergence

torch.manual_seed(8)
torch.set_default_dtype(torch.double)
ENTITIES, GROUP = 3, 6
BELOW, ABOVE, DUAL, WEIGHT = 0.2, 0.3, 3.0, 0.05
GATE, TRUST = (0.7, 0.3), (1.4, -0.2)  # scale and shift of the lines that make probabilities of logits

visible = torch.randn(ENTITIES, 1, requires_grad=True)
trust = torch.randn(ENTITIES, 1, requires_grad=True)
boxes = torch.randn(ENTITIES, 4, requires_grad=True)
deviations = torch.tensor([[0.05, 0.07, 0.2, 0.1]]).log().requires_grad_()


def policies(visible, trust, boxes, deviations):
    """A box is answered where visible · right beats not visible; its numbers are centre and logarithms of sides."""
    decision = GATE[0] * visible + GATE[1] + torch.nn.functional.logsigmoid(TRUST[0] * trust + TRUST[1])
    mean = torch.cat([torch.sigmoid(boxes[:, :2]), torch.nn.functional.logsigmoid(boxes[:, 2:])], 1)
    return Bernoulli(logits=decision[:, 0]), Independent(Normal(mean, deviations.exp().expand_as(mean)), 1)


answer, box = policies(visible, trust, boxes, deviations)
with torch.no_grad():
    isBox = torch.tensor([[1., 0, 1, 1, 0, 1], [0, 0, 1, 0, 1, 1], [1, 1, 1, 1, 1, 0]]).T
    numbers = box.mean + 0.8 * deviations.exp() * torch.randn(GROUP, ENTITIES, 4)
    rewards = torch.tensor([[1., 0, 0, 1, 0, 0], [1, 1, 0, 1, 0, 1], [1, 1, 1, 1, 1, 1]]).T
now = answer.log_prob(isBox) + isBox * box.log_prob(numbers)
advantages = (rewards - rewards.mean(0)) / (rewards.std(0) + 1e-6)
# From far below to far above: every branch is taken.
apart = torch.tensor([[-1.5, 1.5, 0.05, -0.4, 0.4, 0.], [-0.1, -2.0, 0.5, -1.3, -0.15, 0.1], [0, 0, 0, 0, 0, 0]]).T
sampled = (now + apart).detach()
start = [(x + 0.3 * torch.randn_like(x)).detach() for x in (visible, trust, boxes, deviations)]
answer0, box0 = policies(*start)

ratio = torch.exp(now - sampled)
gain = torch.minimum(ratio * advantages, ratio.clamp(1 - BELOW, 1 + ABOVE) * advantages)
gain = torch.where(advantages < 0, torch.maximum(gain, DUAL * advantages), gain)
divergence = kl_divergence(answer, answer0) + answer.probs * kl_divergence(box, box0)
loss = (-gain + WEIGHT * divergence).mean()
loss.backward()

leaves = {"visible": visible, "trust": trust, "boxes": boxes, "deviations": deviations}
rows = {
    **{name: x.flatten().tolist() for name, x in leaves.items()},
    "start": {name: x.flatten().tolist() for name, x in zip(leaves, start)},
    "isBox": isBox.T.tolist(), "numbers": numbers.transpose(0, 1).tolist(), "advantages": advantages.T.tolist(),
    "probabilities": now.T.tolist(), "sampled": sampled.T.tolist(), "divergence": divergence.tolist(),
    "loss": loss.item(), "gradients": {name: x.grad.flatten().tolist() for name, x in leaves.items()},
}
path = pathlib.Path(__file__).with_suffix(".json")
path.write_text(json.dumps(rows, separators=(",", ":")) + "\n")
