"""Answers requests, one JSON object a line on standard input, by replies on standard output: what the programs here share.

Every request that has an id gets one reply. A line that is none costs a note on standard error, and nothing else.
"""

import json
import math
import os
import queue
import sys
import threading
import time

MOST_LINE = 32 << 20
MOST_WHY = 300
MOST_WAITING = 256
# How long a request may take that does not say so, and at most, in seconds.
USUAL_TIME, MOST_TIME = 60, 600
KEEP = {"ok": True, "keep": True}


class Failure(Exception):
    """Why a request has no answer."""


def note(text):
    """Tells something on standard error, in one line."""
    try:
        sys.stderr.write(f"{os.path.basename(sys.argv[0])}: {' '.join(text.split())}\n")
        sys.stderr.flush()
    except (OSError, ValueError):
        pass


def number(value):
    """`value` where it is a finite number, otherwise None."""
    try:
        return value if type(value) in (int, float) and math.isfinite(value) else None
    except OverflowError:
        return None


def given(value):
    """Reads what a request or reply, or an answer of a model, says in JSON; ValueError where it is none."""
    try:
        return json.loads(value)
    except RecursionError:
        raise ValueError("too deep") from None


def request_of(line):
    """The request in a line; Failure where there is none that could be replied to."""
    try:
        request = given(line.decode())
    except UnicodeDecodeError:
        raise Failure("not UTF-8") from None
    except ValueError:
        raise Failure("not JSON") from None
    if not isinstance(request, dict):
        raise Failure("no JSON object")
    name = request.get("id")
    if not (isinstance(name, str) or (type(name) is int and abs(name) < 1 << 64)):
        raise Failure("a request without an id")
    return request


def requests(source):
    """The requests in the lines of `source`."""
    count = 0
    while line := source.readline(MOST_LINE):
        count += 1
        whole = len(line) < MOST_LINE or line.endswith(b"\n")
        try:
            if not whole:
                raise Failure(f"more than {MOST_LINE} bytes")
            if line.strip():
                yield request_of(line)
        except Failure as why:
            note(f"line {count}: {why}")
        while not whole:
            line = source.readline(MOST_LINE)
            whole = not line or line.endswith(b"\n")


def deadline_of(request):
    """When a request that came now has to be answered, on the monotonic clock."""
    seconds = number(request.get("deadline_ms"))
    seconds = USUAL_TIME if seconds is None else seconds / 1000
    return time.monotonic() + min(max(seconds, 0), MOST_TIME)


def reply_to(request, deadline, answer):
    """What `answer` says of a request, as an object with `ok`."""
    try:
        if request.get("v", 1) != 1:
            raise Failure("only version 1 of the protocol is known")
        if not isinstance(request.get("kind"), str):
            raise Failure("a request without a kind")
        return answer(request, deadline)
    except Failure as why:
        return {"ok": False, "error": str(why)[:MOST_WHY]}
    except Exception as error:  # Whatever is wrong with one request must not cost the others.
        return {"ok": False, "error": f"{type(error).__name__}: {error}"[:MOST_WHY]}


class Replies:
    """Writes replies, each whole and at once. Ends the program silently when nobody reads on."""

    def __init__(self, sink):
        self.sink = sink
        self.lock = threading.Lock()

    def write(self, name, reply):
        try:
            # ASCII, as half a surrogate pair has no UTF-8.
            line = json.dumps({"id": name, **reply}, allow_nan=False)
        except (ValueError, RecursionError):
            line = json.dumps({"id": name, "ok": False, "error": "the answer cannot be written as JSON"})
        with self.lock:
            try:
                self.sink.write(line.encode() + b"\n")
                self.sink.flush()
            except BrokenPipeError:
                os._exit(141)


def serve(source, replies, answer, parallel):
    """Answers the requests of `source`, `parallel` of them at once, until it ends and all are answered."""
    # Read early, so that the time which a request waits counts. The rest waits in the pipe.
    waiting = queue.Queue(MOST_WAITING)

    def work():
        while True:
            request, deadline = waiting.get()
            replies.write(request["id"], reply_to(request, deadline, answer))
            waiting.task_done()

    for _ in range(parallel):
        threading.Thread(target=work, daemon=True).start()
    for request in requests(source):
        waiting.put((request, deadline_of(request)))
    waiting.join()


def run(answer, parallel=1):
    """Answers standard input on standard output."""
    try:
        serve(sys.stdin.buffer, Replies(sys.stdout.buffer), answer, parallel)
    except KeyboardInterrupt:
        os._exit(130)
