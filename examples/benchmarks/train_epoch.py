#!/usr/bin/env python3
"""Training speed of the tagger in PyTorch eager, to set beside `gmner train`'s examples_per_second.

    pip install torch transformers tokenizers
    train_epoch.py ENCODER_DIRECTORY TRAIN.TXT [--threads 2] [--batches 100]

The same model and recipe: BERT encoder, word-shape table, mean of each word's pieces, linear-chain CRF over a padded
batch (vectorised over sequences), dropout 0.1, AdamW, gradient clipping; batches of like length, 16 posts each.
"""

import argparse
import random
import time

import torch
from tokenizers import BertWordPieceTokenizer
from torch import nn
from transformers import BertModel


def read(path):
    posts, words, tags = [], [], []
    names = ["O"] + [f"{p}-{t}" for t in ("PER", "LOC", "ORG", "OTHER") for p in "BI"]
    for line in open(path, encoding="utf-8"):
        line = line.rstrip("\n")
        if line.startswith("IMGID:") or not line:
            if words:
                posts.append((words, tags))
            words, tags = [], []
        else:
            word, tag = line.split("\t")[:2]
            words.append(word)
            tags.append(names.index(tag))
    return posts + ([(words, tags)] if words else [])


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
        self.emissions = nn.Linear(width, 9)
        self.dropout = nn.Dropout(0.1)
        self.crf = CRF(9)

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


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("encoder")
    arguments.add_argument("train")
    arguments.add_argument("--threads", type=int, default=2)
    arguments.add_argument("--batches", type=int, default=100)
    options = arguments.parse_args()
    torch.set_num_threads(options.threads)
    torch.manual_seed(1)
    random.seed(1)
    tokenizer = BertWordPieceTokenizer(f"{options.encoder}/vocab.txt", lowercase=True)
    items = []
    for words, tags in read(options.train):
        pieces, ranges = [tokenizer.token_to_id("[CLS]")], []
        for word in words:
            own = tokenizer.encode(word, add_special_tokens=False).ids or [tokenizer.token_to_id("[UNK]")]
            ranges.append((len(pieces), len(pieces) + len(own)))
            pieces += own
        items.append((pieces + [tokenizer.token_to_id("[SEP]")], ranges, tags))
    random.shuffle(items)
    batches = []
    for start in range(0, len(items), 16 * 64):
        pool = sorted(items[start : start + 16 * 64], key=lambda item: len(item[0]))
        batches += [pool[i : i + 16] for i in range(0, len(pool), 16)]
    random.shuffle(batches)
    model = Tagger(options.encoder)
    model.train()
    optimizer = torch.optim.AdamW(model.parameters(), lr=2e-4)
    done, start, worked = 0, None, None
    for index, batch in enumerate(batches[: options.batches + 5]):
        if index == 5:  # after a warm-up
            done, start, worked = 0, time.perf_counter(), time.process_time()
        optimizer.zero_grad()
        loss = model(*collate(batch))
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        done += len(batch)
    rate, thrift = done / (time.perf_counter() - start), done / (time.process_time() - worked)
    print(f"{rate:.1f} examples/s, {len(items) / rate:.0f} s an epoch, {options.threads} threads; "
          f"{thrift:.1f} examples a CPU second; loss {loss.item():.3f}")


if __name__ == "__main__":
    main()
