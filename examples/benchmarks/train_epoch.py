#!/usr/bin/env python3
"""Time of a training epoch of the tagger: `gmner train` and PyTorch eager, in turns.

    examples/benchmarks/train.sh [--data DIR] [--threads 2] [--batches 100] [--rounds 3]

Both train the same model in the same way: the BERT encoder in float32, word-shape table, mean of each word's pieces,
linear-chain CRF, dropout 0.1, AdamW with two rates and a linear schedule, gradients of norm 1 at most, batches of posts
of like length. PyTorch pads its batches and has the CRF vectorised over the sequences of a batch.

What is compared is the time of `--batches` batches after the first ten. Of `gmner train`, a run over ten batches is
taken off one over all of them, so that starting, evaluating and writing the model count on neither side.
"""

import argparse
import os
import pathlib
import random
import statistics
import subprocess
import sys
import tempfile
import time

import torch
from tokenizers import BertWordPieceTokenizer
from torch import nn
from transformers import BertModel
from transformers.utils import logging

WARM_UP = 10
TYPES = ("PER", "LOC", "ORG", "OTHER")
NAMES = ["O"] + [f"{p}-{t}" for t in TYPES for p in "BI"]


def read(folder):
    """Posts of a data set: words and tags."""
    folder = pathlib.Path(folder)
    path = next(p for p in (folder / "txt/train.txt", folder / "train.txt") if p.exists())
    posts, words, tags = [], [], []
    for line in open(path, encoding="utf-8"):
        line = line.rstrip("\n")
        if line.startswith("IMGID:") or not line:
            if words:
                posts.append((words, tags))
            words, tags = [], []
        else:
            word, tag = line.split("\t")[:2]
            words.append(word)
            tags.append(NAMES.index(tag))
    return posts + ([(words, tags)] if words else [])


def made_up(encoder, count):
    """Posts of words that mean nothing, about as long as tweets: time does not ask for meaning."""
    vocabulary = [w for w in (encoder / "vocab.txt").read_text(encoding="utf-8").split() if w.isalpha()]
    posts = []
    for _ in range(count):
        words = random.choices(vocabulary, k=min(max(round(random.gauss(18, 7)), 3), 45))
        posts.append((words, random.choices([0, 1, 3], (8, 1, 1), k=len(words))))
    return posts


def write(posts, folder):
    """A data set's folder; one post decides which weights are kept."""
    folder.mkdir()
    for name, part in (("train", posts), ("valid", [(["Oslo"], [3])])):
        with open(folder / f"{name}.txt", "w", encoding="utf-8") as file:
            for index, (words, tags) in enumerate(part):
                lines = "".join(f"{word}\t{NAMES[tag]}\n" for word, tag in zip(words, tags))
                file.write(f"IMGID:{name}{index}\n{lines}\n")
    return folder


class CRF(nn.Module):
    def __init__(self, tags):
        super().__init__()
        self.transitions = nn.Parameter(torch.zeros(tags, tags))
        self.start = nn.Parameter(torch.zeros(tags))
        self.end = nn.Parameter(torch.zeros(tags))

    def forward(self, emissions, gold, mask):
        rows = torch.arange(len(gold))
        alpha = self.start + emissions[:, 0]
        score = self.start[gold[:, 0]] + emissions[rows, 0, gold[:, 0]]
        for i in range(1, emissions.shape[1]):
            here = mask[:, i]
            step = torch.logsumexp(alpha[:, :, None] + self.transitions, 1) + emissions[:, i]
            alpha = torch.where(here[:, None], step, alpha)
            gain = self.transitions[gold[:, i - 1], gold[:, i]] + emissions[rows, i, gold[:, i]]
            score = score + gain * here
        last = mask.sum(1) - 1
        score = score + self.end[gold[rows, last]]
        return (torch.logsumexp(alpha + self.end, 1) - score).mean()


class Tagger(nn.Module):
    def __init__(self, directory):
        super().__init__()
        self.bert = BertModel.from_pretrained(directory, add_pooling_layer=False)
        width = self.bert.config.hidden_size
        self.shapes = nn.Embedding(15, width)
        self.emissions = nn.Linear(width, len(NAMES))
        self.dropout = nn.Dropout(0.1)
        self.crf = CRF(len(NAMES))

    def forward(self, ids, attention, shapes, words, gold, mask):
        x = self.bert.embeddings.word_embeddings(ids) + self.shapes(shapes)
        states = self.bert(inputs_embeds=x, attention_mask=attention).last_hidden_state
        # words: batch × words × pieces, each row the shares of a word's pieces.
        return self.crf(self.emissions(self.dropout(words @ states)), gold, mask)


def collate(items):
    longest = max(len(ids) for ids, *_ in items)
    most = max(len(tags) for *_, tags in items)
    ids = torch.zeros(len(items), longest, dtype=torch.long)
    attention, shapes = torch.zeros_like(ids), torch.zeros_like(ids)
    words = torch.zeros(len(items), most, longest)
    gold = torch.zeros(len(items), most, dtype=torch.long)
    mask = torch.zeros(len(items), most, dtype=torch.bool)
    for row, (pieces, ranges, tags) in enumerate(items):
        ids[row, : len(pieces)] = torch.tensor(pieces)
        attention[row, : len(pieces)] = 1
        for word, (start, end) in enumerate(ranges):
            words[row, word, start:end] = 1 / (end - start)
            shapes[row, start:end] = 1
        gold[row, : len(tags)] = torch.tensor(tags)
        mask[row, : len(tags)] = True
    return ids, attention, shapes, words, gold, mask


def cut(posts, directory):
    """Posts as PyTorch reads them: pieces, each word's share of them, tags."""
    tokenizer = BertWordPieceTokenizer(f"{directory}/vocab.txt", lowercase=True)
    items = []
    for words, tags in posts:
        pieces, ranges = [tokenizer.token_to_id("[CLS]")], []
        for word in words:
            own = tokenizer.encode(word, add_special_tokens=False).ids or [tokenizer.token_to_id("[UNK]")]
            ranges.append((len(pieces), len(pieces) + len(own)))
            pieces += own
        items.append((pieces + [tokenizer.token_to_id("[SEP]")], ranges, tags))
    return items


def batched(items, size):
    """Batches of like length, as `gmner train` makes them."""
    items, batches = random.sample(items, len(items)), []
    for start in range(0, len(items), size * 64):
        pool = sorted(items[start : start + size * 64], key=lambda item: len(item[0]))
        batches += [pool[i : i + size] for i in range(0, len(pool), size)]
    return random.sample(batches, len(batches))


def groups(model):
    """Two rates; matrices decay, vectors do not."""
    encoder = {id(p) for p in model.bert.parameters()}
    parts = {}
    for parameter in model.parameters():
        key = (2e-4 if id(parameter) in encoder else 2e-3, 0.01 if parameter.dim() > 1 else 0.0)
        parts.setdefault(key, []).append(parameter)
    return [{"params": p, "lr": rate, "weight_decay": decay} for (rate, decay), p in parts.items()]


def time_torch(items, options):
    """Wall and processor seconds of PyTorch."""
    torch.manual_seed(1)
    model = Tagger(options.encoder)
    model.train()
    optimizer = torch.optim.AdamW(groups(model))
    batches = batched(items, options.batch)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: 1 - step / len(batches))
    for index, batch in enumerate(batches):
        if index == WARM_UP:
            start, worked = time.perf_counter(), time.process_time()
        optimizer.zero_grad()
        model(*collate(batch)).backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        schedule.step()
    return time.perf_counter() - start, time.process_time() - worked


def time_gmner(folder, options):
    """Wall and processor seconds of a whole run of `gmner train`."""
    with tempfile.TemporaryDirectory(dir=options.work) as out:
        command = [
            options.gmner, "train", "crf-none", "--data", folder, "--encoder", options.encoder, "--out", out,
            "--epochs", 1, "--set", f"loop.batch={options.batch}", "--set", f"loop.shards={options.threads}",
            "--jobs", options.threads, "--checkpoint-every", 1_000_000]
        start = time.perf_counter()
        process = subprocess.Popen([str(part) for part in command], stdout=subprocess.DEVNULL)
        _, status, usage = os.wait4(process.pid, 0)
        if status:
            sys.exit(f"{' '.join(map(str, command))} failed")
        return time.perf_counter() - start, usage.ru_utime + usage.ru_stime


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--gmner", required=True, help="the program")
    arguments.add_argument("--encoder", required=True, type=pathlib.Path, help="BERT encoder, in Hugging Face's layout")
    arguments.add_argument("--data", help="data set in CoNLL: its folder; made-up posts by default")
    arguments.add_argument("--threads", type=int, default=2)
    arguments.add_argument("--batch", type=int, default=16, help="posts a batch")
    arguments.add_argument("--batches", type=int, default=100, help="batches whose time is taken")
    arguments.add_argument("--rounds", type=int, default=3)
    options = arguments.parse_args()
    torch.set_num_threads(options.threads)
    logging.set_verbosity_error()
    logging.disable_progress_bar()
    random.seed(1)
    count = options.batch * (WARM_UP + options.batches)
    posts = read(options.data) if options.data else made_up(options.encoder, count)
    if len(posts) < count:
        sys.exit(f"{options.data} has {len(posts)} posts, {count} are needed: fewer --batches")
    posts = random.sample(posts, count)
    items = cut(posts, options.encoder)
    posts = [post for post, item in zip(posts, items) if len(item[0]) <= 256]
    items = [item for item in items if len(item[0]) <= 256]
    print(f"{len(posts)} posts of {statistics.mean(len(item[0]) for item in items):.1f} pieces, {options.batch} a batch,"
          f" {options.threads} threads, PyTorch {torch.__version__},"
          f" OpenBLAS kernels: {os.environ.get('OPENBLAS_CORETYPE', 'its own choice')}")
    ratios = []
    with tempfile.TemporaryDirectory() as work:
        options.work = work
        part = write(posts[: options.batch * WARM_UP], pathlib.Path(work) / "part")
        whole = write(posts, pathlib.Path(work) / "whole")
        for number in range(options.rounds):
            # The other engine goes first in every other round.
            turns = [lambda: time_torch(items, options), lambda: tuple(
                a - b for a, b in zip(time_gmner(whole, options), time_gmner(part, options)))]
            order = (0, 1) if number % 2 == 0 else (1, 0)
            taken = {turn: turns[turn]() for turn in order}
            ratios.append([ours / theirs for ours, theirs in zip(taken[1], taken[0])])
            for name, (wall, cpu) in (("PyTorch", taken[0]), ("gmner", taken[1])):
                print(f"round {number + 1}  {name:8}{wall:8.2f} s wall {cpu:8.2f} s processor", flush=True)
    wall, cpu = (statistics.median(column) for column in zip(*ratios))
    print(f"gmner / PyTorch: {wall:.2f} wall, {cpu:.2f} processor (medians of {options.rounds})")


if __name__ == "__main__":
    main()
