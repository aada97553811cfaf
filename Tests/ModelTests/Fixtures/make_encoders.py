#!/usr/bin/env python3
"""Tiny encoders of random weights, and what PyTorch makes of them layer by layer.

    pip install torch transformers safetensors
    make_encoders.py [OUTPUT_DIRECTORY]

For each family a directory in Hugging Face's layout (config.json, model.safetensors) and `states.safetensors` with the
inputs and, for each number of layers k, `hidden.k`: the rows after k layers. Vision encoders normalise their last rows,
so theirs are normalised at every k, as if the encoder had only k layers.
"""

import json
import pathlib
import sys

import torch
from safetensors.torch import save_file
from transformers import (
    BertConfig, BertModel, Dinov2Config, Dinov2Model, Dinov2WithRegistersConfig, Dinov2WithRegistersModel,
    MPNetConfig, MPNetModel, ViTConfig, ViTModel,
)

TEXT = dict(
    vocab_size=40, hidden_size=24, num_hidden_layers=3, num_attention_heads=4, intermediate_size=40,
    max_position_embeddings=80, hidden_dropout_prob=0, attention_probs_dropout_prob=0,
)
PICTURE = dict(
    hidden_size=24, num_hidden_layers=3, num_attention_heads=4, image_size=42, patch_size=14,
    hidden_dropout_prob=0, attention_probs_dropout_prob=0,
)


def randomise(model: torch.nn.Module) -> None:
    """Every parameter away from its special start (zeros, ones), so that each of them shows in the result."""
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.add_(torch.randn_like(parameter) * 0.2)


def write(directory: pathlib.Path, model, states: dict[str, torch.Tensor]) -> None:
    directory.mkdir(parents=True, exist_ok=True)
    model.save_pretrained(directory, safe_serialization=True)
    config = json.loads((directory / "config.json").read_text())
    (directory / "config.json").write_text(json.dumps(config, indent=1, sort_keys=True) + "\n")
    save_file({k: v.contiguous().float() for k, v in states.items()}, directory / "states.safetensors")


def text(directory: pathlib.Path, model) -> None:
    directory.mkdir(parents=True, exist_ok=True)
    randomise(model)
    model.eval()
    lengths = [1, 7, 70, 18]  # 70: distances beyond the exact buckets of MPNet
    ids = [torch.randint(5, 40, (1, n)) for n in lengths]
    with torch.no_grad():
        outputs = [model(i, output_hidden_states=True).hidden_states for i in ids]
    states = {f"hidden.{k}": torch.cat([o[k][0] for o in outputs]) for k in range(len(outputs[0]))}
    pieces = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"] + [chr(ord("a") + i) for i in range(26)]
    (directory / "vocab.txt").write_text("\n".join(pieces + [f"##{i}" for i in range(9)]) + "\n")
    write(directory, model, states | {"ids": torch.cat([i[0] for i in ids]), "lengths": torch.tensor(lengths)})


def picture(directory: pathlib.Path, model, size: int = 42) -> None:
    randomise(model)
    model.eval()
    pixels = torch.randn(2, 3, size, size)
    extra = {"interpolate_pos_encoding": True} if isinstance(model, ViTModel) else {}
    with torch.no_grad():
        hidden = model(pixels, output_hidden_states=True, **extra).hidden_states
        hidden = [model.layernorm(h) for h in hidden]
    patches = torch.nn.functional.unfold(pixels, 14, stride=14).transpose(1, 2)
    states = {f"hidden.{k}": h.flatten(0, 1) for k, h in enumerate(hidden)}
    write(directory, model, states | {"patches": patches.flatten(0, 1)})


def main(root: pathlib.Path) -> None:
    torch.manual_seed(7)
    text(root / "bert", BertModel(BertConfig(**TEXT, type_vocab_size=2), add_pooling_layer=True))
    text(root / "mpnet", MPNetModel(MPNetConfig(**TEXT), add_pooling_layer=False))
    picture(root / "vit", ViTModel(ViTConfig(**PICTURE, intermediate_size=40), add_pooling_layer=False))
    picture(root / "dinov2", Dinov2Model(Dinov2Config(**PICTURE, mlp_ratio=2)))
    # The same kind of checkpoint with pictures of another size than its table of positions was made for.
    picture(root / "dinov2-larger", Dinov2Model(Dinov2Config(**PICTURE, mlp_ratio=2)), size=70)
    picture(root / "dinov2-smaller", Dinov2Model(Dinov2Config(**PICTURE, mlp_ratio=2)), size=28)
    registers = Dinov2WithRegistersConfig(**PICTURE, mlp_ratio=2, num_register_tokens=3)
    picture(root / "registers", Dinov2WithRegistersModel(registers))


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).parent / "Encoders"))
