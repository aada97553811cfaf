"""Group-relative policy optimisation by PyTorch, in double precision, with gradients: policy_optimisation.json."""

import json
import pathlib

import torch

torch.manual_seed(6)
RUNS = [(0, 4), (4, 5), (5, 11)]
ACTIONS = 5
BELOW, ABOVE, DUAL, WEIGHT = 0.2, 0.3, 3.0, 0.01

logits = torch.randn(11, dtype=torch.double, requires_grad=True)
rewards = torch.tensor([[1.0, 0, 0, 1, 0], [1, 1, 1, 1, 1], [0, 0.5, 1, 0, 0]], dtype=torch.double)
choices = torch.tensor([[0, 3, 1, 2, 3], [0, 0, 0, 0, 0], [5, 4, 1, 0, 2]])
advantages = (rewards - rewards.mean(1, keepdim=True)) / (rewards.std(1, keepdim=True) + 1e-6)

policies = [torch.log_softmax(logits[first:last], 0) for first, last in RUNS]
now = torch.stack([policies[group][choices[group]] for group in range(len(RUNS))])
# From far below to far above: every branch is taken.
sampled = (now + torch.tensor([[-1.5, 1.5, 0.05, -0.4, 0.4], [0, 0, 0, 0, 0], [-0.1, -2.0, 0.5, -1.3, -0.15]])).detach()
reference = (now + 0.5 * torch.randn_like(now)).detach()

ratio = torch.exp(now - sampled)
gain = torch.minimum(ratio * advantages, ratio.clamp(1 - BELOW, 1 + ABOVE) * advantages)
gain = torch.where(advantages < 0, torch.maximum(gain, DUAL * advantages), gain)
difference = reference - now
loss = (-gain + WEIGHT * (difference.exp() - difference - 1)).mean()
loss.backward()

rows = {
    "logits": logits.detach().tolist(), "runs": RUNS, "rewards": rewards.tolist(), "choices": choices.tolist(),
    "advantages": advantages.tolist(), "sampled": sampled.tolist(), "reference": reference.tolist(),
    "loss": loss.item(), "gradient": logits.grad.tolist(),
}
path = pathlib.Path(__file__).with_suffix(".json")
path.write_text(json.dumps(rows, indent=1) + "\n")
