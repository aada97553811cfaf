"""What fusions are made of by PyTorch, in double precision, with every gradient: fusion_operations.json.

    pip install torch && python fusion_operations.py

Groups of rows are loops here, one group after the other; the loss is a sum of all results with fixed weights.
"""

import json
import math
import pathlib

import torch
from torch.nn import functional

torch.manual_seed(12)
QUERIES, KEYS = [2, 1, 0, 3], [3, 0, 2, 18]  # one group without keys, one without queries
fixture = {}


def normal(*shape):
    return torch.randn(*shape, dtype=torch.double)


def groups():
    query, key = 0, 0
    for queries, keys in zip(QUERIES, KEYS):
        yield slice(query, query + queries), slice(key, key + keys)
        query, key = query + queries, key + keys


def case(name, function, **inputs):
    leaves = {key: value.requires_grad_() for key, value in inputs.items()}
    result = function(**leaves)
    weights = normal(*result.shape)
    (result * weights).sum().backward()
    fixture[name] = {
        "inputs": {key: value.detach().flatten().tolist() for key, value in leaves.items()},
        "weights": weights.flatten().tolist(),
        "result": result.detach().flatten().tolist(),
        "gradients": {key: value.grad.flatten().tolist() for key, value in leaves.items()},
    }


def filtered(queries, keys, values, threshold):
    """Attention to regions that are similar enough (DSE-HOF): cosines, a soft threshold, shares below 1."""
    temperature, epsilon = 0.2, 0.1
    theta = threshold.sigmoid() / 2
    found = []
    for asking, offered in groups():
        cosines = functional.normalize(queries[asking], dim=1) @ functional.normalize(keys[offered], dim=1).T
        parts = functional.relu(cosines - theta) * (cosines / temperature).exp()
        shares = parts / (parts.sum(1, keepdim=True) + epsilon)
        found.append(shares @ values[offered])
    return torch.cat(found)


def guided(queries, keys, values, importance, sharpness):
    """Attention that the text guides (MINIGE): a softmax over the words, levelled by importance, then one over tokens."""
    found = []
    for asking, offered in groups():
        q, k, v, g = queries[asking], keys[offered], values[offered], importance[offered].T
        if len(q) == 0 or len(k) == 0:
            found.append(q)
            continue
        shares = (q @ k.T / math.sqrt(len(q))).softmax(0)
        logits = (shares * (1 - g) + shares.mean(0, keepdim=True) * g) * sharpness
        found.append(logits.softmax(1) @ v + q)
    return torch.cat(found)


def bounded(x, y, limit):
    """`x + α y` with `α = min(limit |x| / |y|, 1)`, group by group."""
    sums = []
    for rows, _ in groups():
        alpha = torch.clamp(limit * x[rows].norm() / y[rows].norm(), max=1) if len(x[rows]) else 1
        sums.append(x[rows] + alpha * y[rows])
    return torch.cat(sums)


def parts(x, y):
    """What of `y` is parallel to `x` and what is orthogonal, side by side."""
    parallel = (y * x).sum(1, keepdim=True) / (x * x).sum(1, keepdim=True) * x
    return torch.cat([parallel, y - parallel], 1)


def divergence(mean, spread):
    held = spread.clamp(-8, 8)
    return (-(1 + held - mean**2 - held.exp()) / 2).mean().view(1, 1)


def between(mean, spread, otherMean, otherSpread):
    one, other = (torch.distributions.Normal(m, (s.clamp(-8, 8) / 2).exp())
                  for m, s in [(mean, spread), (otherMean, otherSpread)])
    return torch.distributions.kl_divergence(one, other).mean().view(1, 1)


def sample(mean, spread, noise):
    return mean + noise * (spread.clamp(-8, 8) / 2).exp()


rows, keys = sum(QUERIES), sum(KEYS)
case("filtered", filtered, queries=normal(rows, 4), keys=normal(keys, 4), values=normal(keys, 3), threshold=normal(1, 1))
case(
    "guided", guided, queries=normal(rows, 4), keys=normal(keys, 4), values=normal(keys, 4),
    importance=normal(keys, 1), sharpness=normal(1, 1) + 4)
case("bounded", lambda x, y: bounded(x, y, 0.5), x=normal(rows, 4), y=normal(rows, 4))
case("loose", lambda x, y: bounded(x, y, 30), x=normal(rows, 4), y=normal(rows, 4))
case("parts", parts, x=normal(rows, 4), y=normal(rows, 4))
case("leaky", lambda x: functional.leaky_relu(x), x=normal(rows, 4))
spread = normal(rows, 4)
spread[0] = torch.tensor([-9.0, 9.0, -7.9, 4.0])  # two are held
case("divergence", divergence, mean=normal(rows, 4), spread=spread.clone())
case("sample", sample, mean=normal(rows, 4), spread=spread.clone(), noise=normal(rows, 4))
case(
    "between", between, mean=normal(rows, 4), spread=normal(rows, 4), otherMean=normal(rows, 4),
    otherSpread=normal(rows, 4))
pathlib.Path(__file__).with_suffix(".json").write_text(json.dumps(fixture) + "\n")
