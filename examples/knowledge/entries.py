"""What both converters have in common: reading what is compressed or not, and writing entries of a knowledge base."""

import bz2
import gzip
import io
import json
import sys


def opened(stream):
    """The bytes of a binary stream, unpacked where they are gzip or bzip2."""
    stream = stream if hasattr(stream, "peek") else io.BufferedReader(stream)
    start = stream.peek(4)
    if start.startswith(b"\x1f\x8b"):
        return gzip.open(stream)
    if start.startswith(b"BZh"):
        return bz2.open(stream)
    return stream


def different(name, aliases, most=40, longest=100):
    """Aliases, each once and none the name; short ones with a letter."""
    found = {name: None}
    for alias in aliases:
        alias = " ".join(alias.split())
        if alias and len(alias) <= longest and any(map(str.isalpha, alias)):
            found.setdefault(alias)
    return list(found)[1 : most + 1]


def write(entries, sink):
    """Writes entries, one a line; returns how many."""
    count = 0
    for entry in entries:
        entry = {key: value for key, value in entry.items() if value not in (None, "", [])}
        sink.write(json.dumps(entry, ensure_ascii=False, separators=(",", ":")).encode() + b"\n")
        count += 1
    return count


def run(convert):
    """The program around a converter: standard input to standard output; a line that is broken ends it."""
    lines = [0]

    def counted(stream):
        for line in stream:
            lines[0] += 1
            yield line

    try:
        count = write(convert(counted(opened(sys.stdin.buffer))), sys.stdout.buffer)
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        sys.exit(141)
    except (ValueError, EOFError, OSError) as error:
        sys.exit(f"{sys.argv[0]}: line {lines[0]}: {error}")
    print(f"{count} entries of {lines[0]} lines", file=sys.stderr)
