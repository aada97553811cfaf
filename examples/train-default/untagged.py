#!/usr/bin/env python3
"""Puts together the posts that a tagger learns from a larger one alone.

    untagged.py TWEETS TRAIN VARIATIONS COUNT > OUTPUT

Tweets of TWEETS (train.ndjson and unlabelled.ndjson) that say nothing that one of dev.ndjson says; then COUNT of VARIATIONS,
drawn by lot: `gmner augment` of TRAIN, posts of `gmner convert --to posts`, as far as they are no longer what TRAIN says.
"""
import json
import pathlib
import random
import sys

from pictured import lines, wording


def main():
    if len(sys.argv) != 5:
        sys.exit(__doc__.strip())
    tweets, train, variations = map(pathlib.Path, sys.argv[1:4])
    held_back = {wording(post) for post in lines(tweets / "dev.ndjson")}
    texts = {}
    for name in ("train.ndjson", "unlabelled.ndjson"):
        for post in lines(tweets / name):
            if wording(post) not in held_back:
                texts.setdefault(post["text"])
    for text in texts:
        print(json.dumps({"text": text}, ensure_ascii=False))
    known = {post["text"] for post in lines(train)}
    new = {post["text"]: post["tokens"] for post in lines(variations) if post["text"] not in known}
    chosen = random.Random(1).sample(sorted(new), min(int(sys.argv[4]), len(new)))
    for text in chosen:
        print(json.dumps({"text": text, "tokens": new[text]}, ensure_ascii=False))


if __name__ == "__main__":
    main()
