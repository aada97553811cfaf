#!/usr/bin/env python3
"""Answers requests with what was answered before.

    recorded.py [--keep] FILE...

A line of a FILE is {"id": a post's id, "knowledge": text}, {"image": a picture's path, "caption": text}, or
{"request": {...}, "reply": {...}} as chat.py --record and the filter's --delegate-cache write it.
"""

import argparse
import json
import sys

from delegate import KEEP, Failure, given, run

# What may be another in a request for the same.
PASSING = {"v", "id", "post", "deadline_ms", "temperature"}


def key(request):
    """What a request asks: its kind and what it carries."""
    asked = {name: value for name, value in request.items() if name not in PASSING}
    return json.dumps(asked, sort_keys=True)


def post_of(value):
    """A post's id, the same whether it is written as a number or as a string; None where it is none."""
    return str(value) if type(value) in (str, int) else None


def path_of(request):
    """The path of a request's picture; None where it has none, or several."""
    images = request.get("images")
    image = images[0] if isinstance(images, list) and len(images) == 1 else None
    path = image.get("path") if isinstance(image, dict) else None
    return path if isinstance(path, str) else None


class Recorded:
    """Answers by what they were for."""

    def __init__(self, keeps=False):
        self.keeps = keeps
        self.knowledge = {}
        self.captions = {}
        self.replies = {}

    def take(self, record):
        """Remembers what a record says, the last one of several; ValueError where it says nothing."""
        if not isinstance(record, dict):
            raise ValueError("no JSON object")
        if isinstance(record.get("knowledge"), str) and post_of(record.get("id")) is not None:
            self.knowledge[post_of(record["id"])] = record["knowledge"]
            return
        if isinstance(record.get("caption"), str) and isinstance(record.get("image"), str):
            self.captions[record["image"]] = record["caption"]
            return
        request, reply = record.get("request"), record.get("reply")
        if not isinstance(request, dict) or not isinstance(reply, dict):
            raise ValueError("neither “id” and “knowledge” nor “image” and “caption” nor “request” and “reply”")
        if type(reply.get("ok")) is not bool:
            if "value" not in reply and reply.get("keep") is not True:
                raise ValueError("a reply without “ok”, “value” or “keep”")
            # As the filter's own record has it.
            reply = {"ok": True, **reply}
        self.replies[key(request)] = {name: value for name, value in reply.items() if name != "id"}

    def answer(self, request, _deadline):
        """The reply that was recorded."""
        reply = self.replies.get(key(request))
        if reply is not None:
            return reply
        post = post_of(request.get("post"))
        if request["kind"] == "knowledge" and post in self.knowledge:
            return {"ok": True, "value": self.knowledge[post]}
        if request["kind"] == "caption" and (path := path_of(request)) in self.captions:
            return {"ok": True, "value": self.captions[path]}
        if self.keeps:
            return KEEP
        raise Failure("nothing is recorded for this request")


def load(paths, keeps):
    """What the files have; ends the program where one cannot be read."""
    recorded = Recorded(keeps)
    for path in paths:
        count = 0
        try:
            with open(path, "rb") as file:
                for count, line in enumerate(file, 1):
                    if line.strip():
                        recorded.take(given(line.decode("utf-8-sig")))
        except OSError as error:
            sys.exit(f"recorded.py: {path}: {error.strerror}")
        except ValueError as error:
            sys.exit(f"recorded.py: {path}: line {count}: {error}")
    return recorded


def main():
    parser = argparse.ArgumentParser(description="Answers requests with what was answered before.")
    parser.add_argument("files", metavar="FILE", nargs="+", help="recorded answers, a JSON object a line")
    parser.add_argument("--keep", action="store_true", help="keeps what nothing is recorded for, rather than to fail")
    options = parser.parse_args()
    run(load(options.files, options.keep).answer)


if __name__ == "__main__":
    main()
