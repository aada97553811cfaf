#!/usr/bin/env python3
"""Measures the encoders against ONNX Runtime and PyTorch and prints a table of ratios.

`run.sh` prepares everything and calls this. All engines use one thread and the same weights and inputs, and take turns:
each ratio is the median over rounds in which one engine ran right after the other.
"""

import argparse
import itertools
import json
import os
import pathlib
import platform
import statistics
import subprocess
import sys
import tempfile
import time

import numpy as np
from PIL import Image
from tokenizers import Tokenizer

import engines

MEAN, DEVIATION = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)


def pixels(path):
    """A picture as `[1, 3, 224, 224]`, normalised."""
    with Image.open(path) as picture:
        array = np.asarray(picture.convert("RGB").resize((224, 224), Image.BICUBIC), dtype=np.float32) / 255
    array = (array - np.float32(MEAN)) / np.float32(DEVIATION)
    return np.ascontiguousarray(array.transpose(2, 0, 1)[None])


def patches(array):
    """The same as one row a patch, each ordered channel, y, x."""
    rows = array[0].reshape(3, 16, 14, 16, 14).transpose(1, 3, 0, 2, 4)
    return np.ascontiguousarray(rows.reshape(256, 588))


def texts(paths, limit):
    """Posts of CoNLL files (`token<TAB>tag`, posts behind `IMGID:` lines), of NDJSON files, or of files with a post a
    line; over and over if they are fewer than `limit`."""
    posts, words = [], []

    def text(line):
        """The text of a line of JSON, or the line itself."""
        post = json.loads(line) if line.startswith("{") else {"text": line}
        return post["text"] if "text" in post else " ".join(post["tokens"])

    for path in paths:
        lines = pathlib.Path(path).read_text("utf-8").splitlines()
        if not any(line.startswith("IMGID:") for line in lines):
            posts += [text(line) for line in lines if line.strip()]
            continue
        for line in lines + [""]:
            if "\t" in line:
                words.append(line.split("\t")[0])
            elif words:
                posts.append(" ".join(words))
                words = []
    if not posts:
        sys.exit(f"no posts in {', '.join(map(str, paths))}")
    return list(itertools.islice(itertools.cycle(posts), limit))


def alternate(rounds, clock, *works):
    """Median ratio of the first work's time to each other's, and the median times."""
    times = [[work()[clock] for work in works] for _ in range(rounds)]
    return (
        [statistics.median(row[0] / row[other] for row in times) for other in range(1, len(works))],
        [statistics.median(column) for column in zip(*times)],
    )


class Table:
    def __init__(self):
        print("| what | ours | theirs | ratio | bar | goal | |\n|---|---|---|---|---|---|---|")

    def row(self, what, ours, theirs, ratio, bar, goal, more=False):
        verdict = "goal" if (ratio >= goal if more else ratio <= goal) else (
            "bar" if (ratio >= bar if more else ratio <= bar) else "missed")
        sign = "≥" if more else "≤"
        print(f"| {what} | {ours} | {theirs} | {ratio:.3f} | {sign} {bar} | {sign} {goal} | {verdict} |", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bench", required=True, help="the executable encoder-bench")
    parser.add_argument("--binaries", required=True, help="directory of gmner and gmner-stream")
    parser.add_argument("--text", required=True, help="MiniLM checkpoint")
    parser.add_argument("--picture", required=True, help="ViT-S/14 checkpoint")
    parser.add_argument("--onnx", required=True, help="the graph that the ViT comes from")
    parser.add_argument("--pictures", required=True, nargs="+", help="four picture files or more")
    parser.add_argument("--texts", nargs="+", default=[pathlib.Path(__file__).parent.parent / "posts/posts.ndjson"], help="posts: CoNLL, NDJSON, or one a line")
    parser.add_argument("--model", help="a model directory for the rows about the filter")
    parser.add_argument("--rounds", type=int, default=21)
    parser.add_argument("--limit", type=int, default=1500, help="how many texts")
    parser.add_argument("--clock", choices=["wall", "cpu"], default="wall", help="cpu on a machine that is not idle")
    options = parser.parse_args()
    clock, rounds = options.clock, options.rounds

    # The graphs that are made here are large: they go with the process.
    directory = tempfile.TemporaryDirectory(prefix="encoder-bench-")
    work = directory.name
    arrays = [pixels(path) for path in options.pictures]
    tokenizer = Tokenizer.from_file(str(pathlib.Path(options.text) / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.enable_truncation(512)
    ids = [encoding.ids for encoding in tokenizer.encode_batch(texts(options.texts, options.limit))]
    np.concatenate([patches(array) for array in arrays]).astype("<f4").tofile(f"{work}/patches.f32")
    pathlib.Path(work, "texts.ids").write_text("".join(" ".join(map(str, text)) + "\n" for text in ids))

    ours = engines.Ours(options.bench, options.text, options.picture, work)
    ort_pictures = engines.OrtPictures(options.onnx, work)
    torch_pictures = engines.TorchPictures(options.picture, work)
    ort_texts = engines.OrtTexts(options.text, work)
    print(f"{cpu_name()}, {os.cpu_count()} CPUs, {clock} time; OpenBLAS with kernels for {ours.kernels}, ONNX Runtime {engines.ort.__version__} "
          f"({ort_texts.choice}), PyTorch {engines.torch.__version__}; {len(ids)} texts of "
          f"{statistics.mean(map(len, ids)):.1f} pieces\n", flush=True)
    parity(ours, ort_pictures, torch_pictures, ort_texts, arrays, ids, work)
    table = Table()

    one, four = arrays[0], np.concatenate(arrays[:4])
    for warm_up in range(3):
        ours.ask("pictures", 0, 1), ort_pictures(one), torch_pictures(one)
    ratios, times = alternate(
        rounds, clock, lambda: ours.ask("pictures", 0, 1), lambda: engines.timed(lambda: ort_pictures(one)),
        lambda: engines.timed(lambda: torch_pictures(one)))
    table.row("ViT-S/14 at 224, one picture, ONNX Runtime", ms(times[0]), ms(times[1]), ratios[0], 0.90, 0.80)
    single, ort_single = times[0], times[1]
    row_torch = (times, ratios)
    ratios, times = alternate(
        rounds, clock, lambda: ours.ask("pictures", 0, 4), lambda: engines.timed(lambda: ort_pictures(four)),
        lambda: engines.timed(lambda: [ort_pictures(one) for _ in range(4)]))
    table.row("the same, four together, ONNX Runtime's better of four together and four times one",
              ms(times[0] / 4), ms(min(times[1:]) / 4), max(ratios), 0.88, 0.78)
    table.row("the same, one picture, PyTorch eager", ms(row_torch[0][0]), ms(row_torch[0][2]), row_torch[1][1], 0.85, 0.70)
    counted = [ours.ask("count-products", 0, 1) for _ in range(rounds)]
    products = [measured["products"] / measured["cpu"] for measured in counted]
    table.row("the same, share of time in sgemm", ms(single), "", statistics.median(products), 0.85, 0.93, more=True)

    size = max(1, len(ids) // rounds)
    chunks = [(start, min(size, len(ids) - start)) for start in range(0, len(ids), size)][: max(rounds, 1)]
    ours.ask("texts", 0, len(ids), 1)
    takes = []
    for start, count in chunks:
        part = ids[start : start + count]
        takes.append((
            ours.ask("texts", start, count, 1)[clock],
            engines.timed(lambda: [ort_texts([text]) for text in part])[clock]))
    table.row("MiniLM, texts one at a time, ONNX Runtime one at a time", *per_text(takes, chunks), 1.00, 0.75)

    group = min(32, len(ids))
    best = min((8, 16, 32, 64), key=lambda n: engines.timed(lambda: ort_texts.in_batches(ids[: 4 * group], n))[clock])
    takes = []
    for start in range(0, len(ids) - group + 1, group):
        part = ids[start : start + group]
        takes.append((
            ours.ask("texts", start, group, group)[clock],
            engines.timed(lambda: ort_texts.in_batches(part, best))[clock]))
    table.row(f"the same, {group} waiting texts, ONNX Runtime in padded batches of {best}",
              *per_text(takes, [(0, group)] * len(takes)), 0.85, 0.65)

    count = min(len(ids), 200)
    ratios, times = alternate(
        max(5, rounds // 3), "wall", lambda: ours.ask("workers", 1, 0, count),
        lambda: ours.ask("workers", 2, 0, count))
    table.row("MiniLM, throughput of 2 workers against 1", ms(times[1] / count), ms(times[0] / count),
              ratios[0], 1.85, 1.95, more=True)
    files(options, ours, work, rounds)


def files(options, ours, work, rounds):
    """Loading, start and memory: seconds and MiB, not ratios."""
    print("\n| what | measured | bar | goal |\n|---|---|---|---|")
    binaries = pathlib.Path(options.binaries)
    stored = []
    for name in ("text", "picture"):
        target = f"{work}/{name}-int8"
        subprocess.run([binaries / "gmner", "import", "--from", getattr(options, name), "--to", target,
                        "--store", "int8"], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        stored.append(target)
    size = sum(os.path.getsize(f"{target}/model.safetensors") for target in stored) / 2**20
    ours.ask("load", *stored)
    took = statistics.median(ours.ask("load", *stored)[options.clock] for _ in range(rounds)) / 1e3
    print(f"| load of {size:.0f} MiB of int8 rows, both encoders | {took:.3f} s | ≤ 0.15 s | ≤ 0.05 s |", flush=True)
    if not options.model:
        return
    stream = [str(binaries / "gmner-stream"), "--model", options.model]
    starts = []
    for _ in range(rounds):
        began = time.perf_counter()
        with subprocess.Popen(stream, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
            process.stdin.write(b'{"text":"Eileen Collins flew for NASA in Houston"}\n')
            process.stdin.flush()
            answer = process.stdout.readline()
            starts.append(time.perf_counter() - began)
            process.stdin.close()
        if process.returncode or b'"triples"' not in answer:
            sys.exit(f"{' '.join(stream)}: exit status {process.returncode}, answer {answer!r}")
    print(f"| start to the first answer, text only | {statistics.median(starts):.3f} s | ≤ 0.30 s | ≤ 0.10 s |")
    posts = "".join(
        '{"text":"Eileen Collins flew for NASA in Houston","image":"%s"}\n' % os.path.abspath(picture)
        for picture in options.pictures) * 8
    process = subprocess.Popen(
        stream + ["--jobs", "2"], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True)
    try:
        process.stdin.write(posts)
        process.stdin.close()
    except BrokenPipeError:
        pass  # The exit status says why.
    # What wait4 tells of a child includes the memory of this process, which it was forked from.
    peak = 0
    while process.poll() is None:
        with open(f"/proc/{process.pid}/status") as status:
            peak = max([peak] + [int(line.split()[1]) for line in status if line.startswith("VmHWM")])
        time.sleep(0.005)
    if process.returncode:
        sys.exit(f"{' '.join(stream)} --jobs 2: exit status {process.returncode}")
    print(f"| peak resident memory, both encoders, 2 jobs | {peak / 1024:.0f} MiB | ≤ 450 MiB | ≤ 300 MiB |")


def parity(ours, ort_pictures, torch_pictures, ort_texts, arrays, ids, work):
    """Says how far the rows of all engines are apart, before anything is timed."""
    path = f"{work}/rows.f32"
    worst = {"ONNX Runtime, pictures": 0.0, "PyTorch, pictures": 0.0, "ONNX Runtime, texts": 0.0}
    for index, array in enumerate(arrays):
        ours.ask("save-picture", index, path)
        rows = np.fromfile(path, "<f4").reshape(1, 257, -1)
        worst["ONNX Runtime, pictures"] = max(worst["ONNX Runtime, pictures"], np.abs(rows - ort_pictures(array)).max())
        worst["PyTorch, pictures"] = max(worst["PyTorch, pictures"], np.abs(rows - torch_pictures(array)).max())
    for index in range(0, len(ids), max(1, len(ids) // 40)):
        ours.ask("save-text", index, path)
        rows = np.fromfile(path, "<f4").reshape(1, len(ids[index]), -1)
        worst["ONNX Runtime, texts"] = max(worst["ONNX Runtime, texts"], np.abs(rows - ort_texts([ids[index]])).max())
    for name, difference in worst.items():
        print(f"largest difference from {name}: {difference:.1e}")
    print(flush=True)
    if max(worst.values()) > 1e-3:
        sys.exit("the engines do not compute the same thing")


def per_text(takes, chunks):
    """Median times a text, and the median ratio."""
    ours = statistics.median(take[0] / count for take, (_, count) in zip(takes, chunks))
    theirs = statistics.median(take[1] / count for take, (_, count) in zip(takes, chunks))
    return ms(ours), ms(theirs), statistics.median(take[0] / take[1] for take in takes)


def ms(value):
    return f"{value:.2f} ms"


def cpu_name():
    for line in pathlib.Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.split(":", 1)[1].strip()
    return platform.machine()


if __name__ == "__main__":
    main()
