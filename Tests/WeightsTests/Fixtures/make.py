"""Writes the files of this folder with the reference implementation of the format.

    pip install numpy safetensors ml_dtypes && python make.py
"""

import ml_dtypes
import numpy as np
from safetensors.numpy import save_file


def ramp(*shape, dtype=np.float32, step=0.125, start=-3):
    """start, start + step, ...: numbers that every type here holds exactly."""
    count = int(np.prod(shape))
    return (start + step * np.arange(count)).reshape(shape).astype(dtype)


save_file(
    {
        "matrix": ramp(3, 5),
        "layer.0.weight": ramp(4, 2, 3),
        "layer.0.bias": ramp(4),
        "half": ramp(2, 7, dtype=np.float16),
        "brain": ramp(2, 7, dtype=ml_dtypes.bfloat16),
        "rows": ramp(2, 3, dtype=np.int8, step=20, start=-50),
        "rows.row_scale": np.array([0.5, 2], dtype=np.float32),
        "position_ids": np.arange(6, dtype=np.int64).reshape(1, 6),
        "scalar": np.array(7.5, dtype=np.float32),
        "nothing": np.zeros((0, 4), dtype=np.float32),
    },
    "types.safetensors",
    metadata={"format": "pt", "note": 'quoted "é" \\ and\ttab'},
)

# What the writer of this package must reproduce byte for byte.
save_file(
    {
        "b.weight": ramp(3, 4),
        "a.weight": ramp(2, 2),
        "half": (ramp(5, step=1 / 3)).astype(np.float16),
    },
    "written.safetensors",
    metadata={"format": "pt"},
)
