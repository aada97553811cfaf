#!/usr/bin/env python3
"""Answers requests from gold data, and wrongly as often as told: what an outside model of that accuracy would be worth.

    oracle.py --gold FILE... [--xml DIR] [--accuracy A] [--seed S] [--only uncertain:LEAST|random:SHARE] [--count FILE]

The same request gets the same answer every time. What is right with some accuracy is right with every higher one.
"""

import argparse
import collections
import hashlib
import json
import signal
import sys

from delegate import KEEP, Failure, note, number, run
from gold import Gold, entity_at, overlap, read

# Where something is, if nothing is known: the shares of the picture that a box covers most often.
USUAL = (0.1, 0.11, 0.73, 1.0)


def iou(one, other):
    """How much two boxes are the same, from 0 to 1."""
    width, height = (overlap((one[side], one[side + 2]), (other[side], other[side + 2])) for side in (0, 1))
    shared = max(0, width) * max(0, height)
    both = sum((box[2] - box[0]) * (box[3] - box[1]) for box in (one, other)) - shared
    return shared / both if both > 0 else 0


def beside(box, size):
    """`box` moved by 0.7 of its width, to where more room is, and cut at the picture's edge."""
    left, top, right, bottom = box
    step = (right - left) * (0.7 if size[0] - right >= left else -0.7)
    return [max(0, left + step), top, min(size[0], right + step), bottom]


class Unknown(Exception):
    """Why gold has no answer."""


class Oracle:
    """Answers with the gold, wrongly with probability 1 - accuracy."""

    def __init__(self, gold, accuracy, seed, only):
        self.gold = gold
        self.accuracy = accuracy
        self.seed = seed
        self.only = only
        self.counts = collections.defaultdict(collections.Counter)
        self.rights = {
            "correct-span": self.span, "correct-type": self.type, "rerank": self.type, "correct-region": self.region,
            "ground": self.region, "verify": self.visible,
        }

    def answer(self, request, _deadline):
        """The reply to a request."""
        kind = request["kind"]
        if kind in ("expand", "caption", "search", "segment"):
            # Gold has neither words nor pixels. No failure: a kind that fails time and again is tried each time.
            self.counts[kind].update(asked=1, kept=1)
            return KEEP
        if kind not in self.rights:
            raise Failure(f"gold has no answer to {kind}")
        entity = request.get("entity")
        place = [entity.get(end) if isinstance(entity, dict) else None for end in ("start", "end")]
        if any(type(end) is not int for end in place) or not 0 <= place[0] < place[1]:
            raise Failure("a request without an entity")
        count = self.counts[kind]
        count["asked"] += 1
        dice = (request.get("post"), request.get("text"), place, kind)
        if not self.is_chosen(request, dice):
            count["kept"] += 1
            return KEEP
        try:
            reply, wrong = self.consult(request, dice)
        except Unknown as why:
            # No failure: a program that fails time and again is not asked any more, and neither about what gold has.
            if not sum(each["unknown"] for each in self.counts.values()):
                note(f"request {request['id']!r}: {why}; it keeps what it is asked about, and so do others like it")
            count["unknown"] += 1
            return KEEP
        count["kept" if reply is KEEP else "answered"] += 1
        count["wrong"] += wrong
        return reply

    def consult(self, request, dice):
        """The reply from the gold, and whether it is a wrong one."""
        post = self.gold.post(request)
        if post is None:
            raise Unknown("gold has no such post")
        match = entity_at(post, request.get("text"), request["entity"])
        # What is not in the gold has neither type nor place; what its labellers could not tell is not ours to tell.
        if (match is None and request["kind"] != "correct-span") or (match and match.unsure):
            return KEEP, False
        answers = self.rights[request["kind"]](request, post, match, dice)
        if answers is None:
            return KEEP, False
        right, wrong = answers
        is_wrong = self.chance("accuracy", dice) >= self.accuracy and wrong != right
        return {"ok": True, "value": wrong if is_wrong else right}, is_wrong

    # Chance

    def chance(self, what, dice):
        """A number from 0 to below 1 that depends on the seed and the request alone."""
        digest = hashlib.sha256(json.dumps([self.seed, what, dice]).encode()).digest()
        return int.from_bytes(digest[:6], "big") / (1 << 48)

    def pick(self, what, dice, choices):
        """One of `choices`."""
        return choices[int(self.chance(what, dice) * len(choices))]

    def is_chosen(self, request, dice):
        """Whether a request is among those that are answered."""
        way, bound = self.only
        if way == "uncertain":
            uncertainty = number(request.get("uncertainty"))
            return uncertainty is not None and uncertainty > bound
        return self.chance("only", dice) < bound

    # What is right, and what could be taken for it

    def span(self, request, post, match, dice):
        """The words of an entity; a word less or more. Where there is none: nothing; the words as they are."""
        if match is None:
            return "", str(request["entity"].get("text", ""))
        right = post.text[match.start:match.end]
        words, before, after = right.split(), post.text[:match.start].split(), post.text[match.end:].split()
        choices = [right[len(words[0]):].lstrip(), right[:-len(words[-1])].rstrip()] if len(words) > 1 else []
        if before:
            choices.append(post.text[post.text.rindex(before[-1], 0, match.start):match.end])
        if after:
            choices.append(post.text[match.start:post.text.index(after[0], match.end) + len(after[0])])
        return right, self.pick("span", dice, choices) if choices else ""

    def type(self, request, _post, match, dice):
        """The type of an entity; another one of the request's. None where its type is not among them."""
        types = [each for each in request.get("types") or [] if isinstance(each, str)]
        # Two data sets have two names for the rest.
        names = match.types + tuple({"OTHER": "MISC", "MISC": "OTHER"}.get(each, each) for each in match.types)
        right = next((each for each in names if each in types), None)
        if right is None:
            return None
        others = [each for each in types if each != right]
        return right, self.pick("type", dice, others) if others else right

    def region(self, request, post, match, dice):
        """The first box of an entity, or null; one beside it or null, or where nothing is, a box."""
        if match.boxes is None:
            raise Unknown("gold has no boxes: --xml names the folder that has them")
        images = request.get("images")
        image = images[0] if isinstance(images, list) and images and isinstance(images[0], dict) else {}
        size = tuple(image.get(side) for side in ("w", "h"))
        if any(type(side) is not int or side <= 0 for side in size):
            size = post.size
        if not match.boxes:
            return None, [round(size[side % 2] * share) for side, share in enumerate(USUAL)] if size else None
        scale = [new / old for new, old in zip(size, post.size)] if size and post.size else (1, 1)
        boxes = [[round(edge * scale[side % 2], 2) for side, edge in enumerate(box)] for box in match.boxes]
        wrong = beside(boxes[0], size) if size else None
        if wrong and (any(iou(wrong, box) > 0.5 for box in boxes) or self.chance("null", dice) < 0.5):
            wrong = None
        return boxes[0], wrong

    def visible(self, _request, _post, match, _dice):
        """The probability that an entity can be seen: 1 or 0; the other."""
        if match.boxes is None:
            raise Unknown("gold has no boxes: --xml names the folder that has them")
        return float(bool(match.boxes)), float(not match.boxes)

    def tally(self):
        """What was asked and answered, in all and by kind."""
        names = ("asked", "answered", "wrong", "kept", "unknown")
        kinds = {kind: {name: count[name] for name in names} for kind, count in sorted(self.counts.items())}
        return {**{name: sum(count[name] for count in kinds.values()) for name in names}, "kinds": kinds}


def share(text):
    """A share from 0 to 1, for options."""
    value = float(text)
    if not 0 <= value <= 1:
        raise ValueError
    return value


def selection(text):
    """The option --only."""
    way, _, bound = text.partition(":")
    if way not in ("uncertain", "random"):
        raise argparse.ArgumentTypeError(f"{text!r} is neither uncertain:LEAST nor random:SHARE")
    try:
        return way, share(bound)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{bound!r} is no number from 0 to 1") from None


def load(paths, folder):
    """The gold in files; ends the program where one cannot be read."""
    gold = Gold()
    for path in paths:
        try:
            for post in read(path, folder):
                gold.add(post)
        except ValueError as error:
            sys.exit(f"oracle.py: {path}: {error}")
    return gold


def main():
    parser = argparse.ArgumentParser(description="Answers requests from gold data, wrongly as often as told.")
    parser.add_argument("--gold", metavar="FILE", nargs="+", required=True, help="CoNLL with IMGID:, or NDJSON with triples")
    parser.add_argument("--xml", metavar="DIR", help="VOC files, the boxes of CoNLL")
    parser.add_argument("--accuracy", type=share, default=1.0, metavar="A", help="the share of right answers (1)")
    parser.add_argument("--seed", type=int, default=0, metavar="S", help="which answers are wrong (0)")
    parser.add_argument(
        "--only", type=selection, default=("random", 1.0), metavar="uncertain:LEAST|random:SHARE",
        help="answers keep to all others")
    parser.add_argument("--count", metavar="FILE", help="how many were asked and answered, as JSON, in the end")
    options = parser.parse_args()
    oracle = Oracle(load(options.gold, options.xml), options.accuracy, options.seed, options.only)
    try:
        count = open(options.count, "w", encoding="utf-8") if options.count else None
    except OSError as error:
        sys.exit(f"oracle.py: {options.count}: {error.strerror}")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        run(oracle.answer)
    finally:
        if count:
            json.dump(oracle.tally(), count)
            count.write("\n")
            count.close()


if __name__ == "__main__":
    main()
