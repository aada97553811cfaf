"""Gives posts regions of their pictures: what detect.py and read.py have in common.

A line goes out as it came in, but for the member `regions` at its end, or what is added to the one that is there: numbers
keep their digits and members their order. A line that cannot have regions passes through with a note on standard error.
"""

import argparse
import json
import os
import re
import stat
import sys
import urllib.parse

MOST_LINE = 16 << 20
MOST_FILE = 64 << 20
SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:")
SPACE = re.compile(r"[ \t\r\n]*")
# Numbers are only passed over: Python refuses those of many digits.
DECODER = json.JSONDecoder(parse_int=len, parse_float=len)


class Note(Exception):
    """Why a post gets no regions."""


def options(description):
    """The options that both programs have."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--image-root", metavar="DIR", help="where paths of pictures begin, and which none may leave")
    return parser


def members(line):
    """Where the members of the object in `line` are: (value, start, end) of each by its name, and the closing brace."""
    def skip(at):
        return SPACE.match(line, at).end()

    def expect(sign, at):
        at = skip(at)
        if line[at:at + 1] != sign:
            raise Note("no JSON object")
        return at + 1

    found, at = {}, expect("{", 1 if line.startswith("\ufeff") else 0)
    try:
        more = line[skip(at):skip(at) + 1] != "}"
        while more:
            name, at = DECODER.raw_decode(line, expect('"', at) - 1)
            start = skip(expect(":", at))
            value, at = DECODER.raw_decode(line, start)
            found[name] = (value, start, at)
            more = line[skip(at):skip(at) + 1] != "}"
            if more:
                at = expect(",", at)
    except (ValueError, RecursionError):
        raise Note("no JSON object") from None
    if skip(skip(at) + 1) != len(line):
        raise Note("no JSON object")
    return found, skip(at)


def with_regions(line, found, brace, regions):
    """`line` with `regions` behind those that it has."""
    text = json.dumps(regions, ensure_ascii=False, separators=(",", ":"))
    if "regions" not in found:
        end = len(line[:brace].rstrip())
        return f'{line[:end]}{"," if found else ""}"regions":{text}{line[end:]}'
    there, start, end = found["regions"]
    if there:
        text = f"{line[start:end - 1].rstrip()},{text[1:]}"
    return line[:start] + text + line[end:]


def path_of(image):
    """The path of a post's first picture, which regions of a post belong to, or None where there is no picture."""
    pictures = image if isinstance(image, list) else [image]
    pictures = [each.get("path") if isinstance(each, dict) else each for each in pictures]
    path = next((each for each in pictures if isinstance(each, str)), None)
    if path is None:
        if any(each is not None for each in pictures):
            raise Note("no picture with a path")
        return None
    if path.lower().startswith("file:"):
        return urllib.parse.unquote(urllib.parse.urlsplit(path).path)
    if scheme := SCHEME.match(path):
        raise Note(f"its picture is a {scheme[0]} URL, not a file")
    return path


def contents(path, root):
    """The bytes of a picture's file."""
    place = os.path.join(root or "", path)
    try:
        if root is not None:
            real = os.path.realpath(root)
            if os.path.commonpath([real, os.path.realpath(place)]) != real:
                raise Note(f"{path!r} leads out of {root!r}")
        # Does not wait for the other end of a pipe.
        with open(place, "rb", opener=lambda name, flags: os.open(name, flags | os.O_NONBLOCK)) as file:
            status = os.stat(file.fileno())
            if not stat.S_ISREG(status.st_mode):
                raise Note(f"{path!r} is no file")
            if status.st_size > MOST_FILE:
                raise Note(f"{path!r} has {status.st_size} bytes")
            return file.read(MOST_FILE)
    except OSError as error:
        raise Note(f"{path!r}: {error.strerror}") from None
    except ValueError:
        raise Note(f"{path!r} is no path") from None


def answer(line, root, look):
    """A line of the input with what `look` finds in the bytes of its picture."""
    try:
        text = line.decode()
    except UnicodeDecodeError:
        raise Note("not UTF-8") from None
    found, brace = members(text)
    path = path_of(found["image"][0]) if "image" in found else None
    if path is None:
        return line
    if "regions" in found and not isinstance(found["regions"][0], list | None):
        raise Note("its regions are no list")
    data = contents(path, root)
    try:
        regions = look(data)
    except Note as note:
        raise Note(f"{path!r} {note}") from None
    return with_regions(text, found, brace, regions).encode() if regions else line


def answer_lines(source, sink, root, look):
    """Answers each line of `source` as soon as it is there."""
    number = 0
    while line := source.readline(MOST_LINE):
        number += 1
        whole = len(line) < MOST_LINE or line.endswith(b"\n")
        try:
            if not whole:
                raise Note(f"more than {MOST_LINE} bytes")
            if line.strip():
                line = answer(line, root, look)
        except Note as note:
            print(f"{os.path.basename(sys.argv[0])}: line {number}: {note}", file=sys.stderr)
        sink.write(line)
        while not whole:
            line = source.readline(MOST_LINE)
            sink.write(line)
            whole = not line or line.endswith(b"\n")
        sink.flush()


def run(root, look):
    """Answers standard input on standard output. Ends silently when nobody reads on."""
    # Libraries of pictures tell faults of files without saying of which: our notes are all that is told.
    sys.stderr = os.fdopen(os.dup(2), "w", buffering=1)
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
    try:
        answer_lines(sys.stdin.buffer, sys.stdout.buffer, root, look)
    except BrokenPipeError:
        # Python would complain of what it cannot flush.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(141)
    except KeyboardInterrupt:
        os._exit(130)
