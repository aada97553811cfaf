#!/usr/bin/env python3
"""Answers requests by a chat model behind an OpenAI-compatible endpoint.

    chat.py --url URL --model NAME [--key-env NAME] [--parallel N] [--text-only] [--boxes pixels|thousandths]

The key is taken from the environment (OPENAI_API_KEY); without one, requests go without.
"""

import argparse
import base64
import json
import os
import re
import stat
import sys
import threading

import answers
import prompts
from delegate import KEEP, Failure, given, note, number, run
from endpoint import Endpoint

MOST_PICTURES = 4
URL = re.compile(r"data:image/(?:jpeg|png|webp|gif);base64,[A-Za-z0-9+/]+={0,2}")


def media_type(data):
    """What kind of picture a file is; Failure where it is none: a path that leads elsewhere must not be sent."""
    for start, name in ((b"\xff\xd8\xff", "jpeg"), (b"\x89PNG\r\n\x1a\n", "png"), (b"GIF8", "gif")):
        if data.startswith(start):
            return name
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "webp"
    raise Failure("a picture that is neither JPEG, PNG, WebP nor GIF")


def contents(path, most):
    """The bytes of a picture's file."""
    try:
        # Does not wait for the other end of a pipe.
        with open(path, "rb", opener=lambda name, flags: os.open(name, flags | os.O_NONBLOCK)) as file:
            status = os.stat(file.fileno())
            if not stat.S_ISREG(status.st_mode):
                raise Failure("a picture that is no file")
            if status.st_size > most:
                raise Failure(f"a picture of {status.st_size} bytes, more than {most}")
            return file.read(most)
    except OSError as error:
        raise Failure(f"a picture that cannot be read: {error.strerror}") from None
    except ValueError:
        raise Failure("a picture without a path") from None


def data_url(image, most):
    """A picture of a request as a data URL."""
    image = image if isinstance(image, dict) else {}
    if isinstance(image.get("path"), str):
        data = contents(image["path"], most)
        return f"data:image/{media_type(data)};base64,{base64.b64encode(data).decode()}"
    url = image.get("data")
    if not isinstance(url, str) or len(url) > most * 4 // 3 + 64 or not URL.fullmatch(url):
        raise Failure("a picture that is no data URL of JPEG, PNG, WebP or GIF, or too large")
    return url


class Chat:
    """Answers by a chat model."""

    def __init__(self, endpoint, options):
        self.endpoint = endpoint
        self.options = options
        self.record = open(options.record, "a", encoding="utf-8") if options.record else None
        self.lock = threading.Lock()

    def answer(self, request, deadline):
        """The reply to a request."""
        if request["kind"] == "segment":
            # A chat model draws no masks. No failure: what fails time and again is tried each time.
            return KEEP
        pictures, size = self.pictures(request)
        told = prompts.messages(request, pictures, size, self.options.boxes, self.shown(request))
        body = {"model": self.options.model, "messages": told, "temperature": 0.1}
        temperature = number(request.get("temperature"))
        if temperature is not None:
            body["temperature"] = min(max(temperature, 0), 2)
        body = {name: value for name, value in {**body, **self.options.body}.items() if value is not None}
        text, was_cut = answers.text_of(self.endpoint.ask(json.dumps(body).encode(), deadline))
        reply = answers.reply(request, answers.object_in(text, was_cut), size, self.options.boxes)
        self.remember(request, reply)
        return reply

    def pictures(self, request):
        """The pictures of a request as data URLs, and the size of the first, in which boxes count, where it is known."""
        images = request.get("images")
        if self.options.text_only or not isinstance(images, list) or not images:
            return [], None
        try:
            urls = [data_url(image, self.options.max_picture) for image in images[:MOST_PICTURES]]
        except Failure as why:
            if request["kind"] in prompts.NEED_PICTURE:
                raise
            note(f"request {request['id']!r} goes without {why}")
            return [], None
        return urls, prompts.size_of(images[0])

    def shown(self, request):
        """The pictures of a request's examples as data URLs; None for each that has none, or none that can be sent."""
        if self.options.text_only:
            return []
        urls = []
        for each in prompts.examples_of(request):
            try:
                urls.append(data_url(each["image"], self.options.max_picture) if "image" in each else None)
            except Failure:
                urls.append(None)
        return urls

    def remember(self, request, reply):
        """Writes what recorded.py can answer with."""
        if not self.record:
            return
        line = json.dumps({"request": request, "reply": reply})
        with self.lock:
            try:
                self.record.write(line + "\n")
                self.record.flush()
            except OSError as error:
                note(f"{self.options.record}: {error.strerror}")


def key_from(name, is_asked):
    """The key in the environment; ends the program where there is none that was asked for, or that can be none."""
    key = os.environ.get(name, "").strip()
    if not key:
        if is_asked:
            sys.exit(f"chat.py: {name} is not set")
        return None
    if any(not "!" <= sign <= "~" for sign in key):
        sys.exit(f"chat.py: {name} holds no key: a key has printable ASCII only")
    return key


def members(text):
    """A JSON object, for options."""
    value = given(text)
    if not isinstance(value, dict):
        raise ValueError
    return value


def count(text):
    """A whole number from 0, for options."""
    if not 0 <= (value := int(text)) <= 1 << 30:
        raise ValueError
    return value


def parallel(text):
    """How many requests at once, for options."""
    if not 1 <= (value := int(text)) <= 256:
        raise ValueError
    return value


def parsed():
    """The options."""
    parser = argparse.ArgumentParser(description="Answers requests by a chat model behind an OpenAI-compatible endpoint.")
    parser.add_argument("--url", required=True, help="the address of chat completions, https://HOST/v1/chat/completions")
    parser.add_argument("--model", required=True, metavar="NAME", help="the model's name there")
    parser.add_argument("--key-env", metavar="NAME", help="the environment variable that has the key (OPENAI_API_KEY)")
    parser.add_argument("--parallel", type=parallel, default=8, metavar="N", help="requests at once, 1 to 256 (8)")
    parser.add_argument("--retries", type=count, default=3, metavar="N", help="further attempts where one fails (3)")
    parser.add_argument("--boxes", choices=sorted(prompts.BOXES), default="pixels", help="how the model counts (pixels)")
    parser.add_argument("--text-only", action="store_true", help="sends no pictures")
    parser.add_argument(
        "--max-picture", type=count, default=8 << 20, metavar="BYTES", help="the largest file to send (8388608)")
    parser.add_argument(
        "--body", type=members, default={}, metavar="JSON", help="more members of what is sent; null leaves one out")
    parser.add_argument("--record", metavar="FILE", help="adds requests with their replies to FILE, for recorded.py")
    parser.add_argument("--insecure", action="store_true", help="allows http:// to other machines")
    return parser.parse_args()


def main():
    options = parsed()
    key = key_from(options.key_env or "OPENAI_API_KEY", options.key_env is not None)
    try:
        endpoint = Endpoint(options.url, key, options.insecure, options.retries)
    except ValueError as error:
        sys.exit(f"chat.py: --url: {error}")
    try:
        chat = Chat(endpoint, options)
    except OSError as error:
        sys.exit(f"chat.py: {options.record}: {error.strerror}")
    run(chat.answer, options.parallel)


if __name__ == "__main__":
    main()
