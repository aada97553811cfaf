#!/usr/bin/env python3
"""A linear-chain CRF over hand-written features, as a rival that knows no pre-trained weights.

    feature_crf.py TRAIN DEV OUT

TRAIN and DEV are CoNLL files of a data set; OUT gets DEV's words with the predicted tags, which
`gmner eval --gold DEV --pred OUT` scores. Needs python-crfsuite. Nothing is tuned on DEV.
"""

import sys

import pycrfsuite


def posts(path):
    """Words and tags of each post, with the line of its id."""
    head, words, tags = None, [], []
    for line in open(path, encoding="utf-8"):
        line = line.rstrip("\r\n")
        if line.startswith("IMGID:") or not line.strip():
            if words:
                yield head, words, tags
                words, tags = [], []
            if line.startswith("IMGID:"):
                head = line
            continue
        columns = line.split("\t")
        words.append(columns[0])
        tags.append(columns[-1].strip())
    if words:
        yield head, words, tags


def shape(word):
    """Letters by case, digits and others, runs drawn together: "iPhone7" is "aAa0"."""
    classes = ["A" if c.isupper() else "a" if c.islower() else "0" if c.isdigit() else "-" for c in word]
    return "".join(c for i, c in enumerate(classes) if i == 0 or classes[i - 1] != c)


def of_word(word):
    """What is told of one word, by name."""
    lower = word.lower()
    features = {"low": lower, "word": word, "shape": shape(word)}
    for length in range(1, 5):
        features[f"pre{length}"] = lower[:length]
        features[f"suf{length}"] = lower[-length:]
    return features


def of_post(words):
    """Features of each word: its own, those of two words to either side, pairs of neighbours, and how much of the post
    is capitalised."""
    own = [of_word(word) for word in words]
    capitals = sum(word[:1].isupper() for word in words) * 4 // max(len(words), 1)
    rows = []
    for place in range(len(words)):
        row = ["bias", f"capitals={capitals}"]
        row += [f"{name}={value}" for name, value in own[place].items()]
        for step in (-2, -1, 1, 2):
            if 0 <= place + step < len(words):
                near = own[place + step]
                row += [f"{step}:{name}={near[name]}" for name in ("low", "word", "shape", "suf3")]
            else:
                row.append(f"{step}:none")
        for first, second in ((place - 1, place), (place, place + 1)):
            if first >= 0 and second < len(words):
                row.append(f"{first - place}pair={own[first]['low']}|{own[second]['low']}")
                row.append(f"{first - place}shapes={own[first]['shape']}|{own[second]['shape']}")
        rows.append(row)
    return rows


def main(train, dev, out):
    trainer = pycrfsuite.Trainer(verbose=False)
    for _, words, tags in posts(train):
        trainer.append(of_post(words), tags)
    trainer.set_params({"c1": 0.1, "c2": 0.05, "max_iterations": 120, "feature.possible_transitions": True})
    trainer.train(out + ".model")
    tagger = pycrfsuite.Tagger()
    tagger.open(out + ".model")
    with open(out, "w", encoding="utf-8") as file:
        for head, words, _ in posts(dev):
            lines = [head] if head else []
            lines += [f"{word}\t{tag}" for word, tag in zip(words, tagger.tag(of_post(words)))]
            file.write("\n".join(lines) + "\n\n")


if __name__ == "__main__":
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    main(*sys.argv[1:])
