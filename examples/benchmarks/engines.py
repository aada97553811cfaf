"""The engines that are compared, each on one thread: this package's, ONNX Runtime, PyTorch."""

import json
import pathlib
import subprocess
import sys
import time

import numpy as np
import onnx
import onnxruntime as ort
import torch
from onnxruntime.transformers.optimizer import optimize_model
from safetensors import safe_open
from transformers import BertModel, Dinov2Model

TAP = "/backbone/layernorm/Add_1_output_0"
torch.set_num_threads(1)


class Ours:
    """The process `encoder-bench`; see its source for the commands."""

    def __init__(self, binary, text, picture, inputs):
        self.process = subprocess.Popen(
            [binary, text, picture, inputs], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.kernels = self.process.stdout.readline().strip()

    def ask(self, *command):
        """Milliseconds that a command took: wall, cpu, products."""
        self.process.stdin.write(" ".join(map(str, command)) + "\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline()
        if not answer:
            sys.exit(f"encoder-bench stopped at: {' '.join(map(str, command))}")
        return json.loads(answer)


def timed(work):
    """The same measure for work in this process."""
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    return {"wall": 1e3 * (time.perf_counter() - wall), "cpu": 1e3 * (time.process_time() - cpu)}


def session(path):
    options = ort.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.graph_optimization_level = ort.GraphOptimizationLevel.ORT_ENABLE_ALL
    return ort.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


class OrtPictures:
    """The backbone of the wheel's graph, cut off where its tokens come out."""

    def __init__(self, source, work):
        path = pathlib.Path(work) / "backbone.onnx"
        onnx.utils.extract_model(str(source), str(path), ["input_image"], [TAP])
        self.session = session(path)

    def __call__(self, pixels):
        return self.session.run([TAP], {"input_image": pixels})[0]


class TorchPictures:
    """The same weights in the reference implementation of the architecture, eager."""

    def __init__(self, directory, work):
        directory, copy = pathlib.Path(directory).resolve(), pathlib.Path(work) / "torch"
        config = json.loads((directory / "config.json").read_text())
        # The table of positions has the size that the model was trained at; the model resamples it.
        with safe_open(directory / "model.safetensors", "pt") as tensors:
            cells = tensors.get_slice("embeddings.position_embeddings").get_shape()[1] - 1
        config["image_size"] = round(cells**0.5) * config["patch_size"]
        copy.mkdir()
        (copy / "config.json").write_text(json.dumps(config))
        (copy / "model.safetensors").symlink_to(directory / "model.safetensors")
        self.model = Dinov2Model.from_pretrained(copy).eval()

    @torch.inference_mode()
    def __call__(self, pixels):
        return self.model(torch.from_numpy(pixels)).last_hidden_state.numpy()


class OrtTexts:
    """BERT exported from PyTorch, then fused for BERT by ONNX Runtime's own optimiser."""

    def __init__(self, directory, work):
        directory, work = pathlib.Path(directory), pathlib.Path(work)
        plain, fused = work / "text.onnx", work / "text-fused.onnx"
        model = BertModel.from_pretrained(directory, add_pooling_layer=False, attn_implementation="eager").eval()
        config = model.config

        class Plain(torch.nn.Module):
            def __init__(self):
                super().__init__()
                self.model = model

            def forward(self, input_ids, attention_mask):
                return self.model(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state

        example = (torch.ones(2, 8, dtype=torch.long), torch.ones(2, 8, dtype=torch.long))
        axes = {0: "batch", 1: "length"}
        torch.onnx.export(
            Plain().eval(), example, str(plain), input_names=["input_ids", "attention_mask"],
            output_names=["rows"], opset_version=17, dynamo=False,
            dynamic_axes={"input_ids": axes, "attention_mask": axes, "rows": axes})
        optimize_model(
            str(plain), "bert", num_heads=config.num_attention_heads, hidden_size=config.hidden_size
        ).save_model_to_file(str(fused))
        # Whichever of the two is faster here stands for ONNX Runtime.
        ids = np.ones((1, 24), dtype=np.int64)
        best = None
        for path in (plain, fused):
            candidate = session(path)
            feeds = {"input_ids": ids, "attention_mask": ids}
            took = min(timed(lambda: candidate.run(None, feeds))["cpu"] for _ in range(20))
            if best is None or took < best:
                best, self.session, self.choice = took, candidate, path.name

    def __call__(self, texts):
        """Rows of a padded batch."""
        longest = max(map(len, texts))
        ids = np.zeros((len(texts), longest), dtype=np.int64)
        mask = np.zeros_like(ids)
        for row, text in enumerate(texts):
            ids[row, : len(text)] = text
            mask[row, : len(text)] = 1
        return self.session.run(None, {"input_ids": ids, "attention_mask": mask})[0]

    def in_batches(self, texts, size):
        """Encodes texts in padded batches, texts of like length together."""
        texts = sorted(texts, key=len)
        for start in range(0, len(texts), size):
            self(texts[start : start + size])
