"""What the tests of the delegates have in common: programs that run, and a chat model that does as it is told."""

import collections
import http.server
import json
import os
import pathlib
import socket
import subprocess
import sys
import threading
import time

HERE = pathlib.Path(__file__).resolve().parent
TEXT = "Sunset over Garfield Park tonight"
ENTITY = {"text": "Garfield Park", "start": 12, "end": 25, "type": "LOC", "score": 0.91, "box": [10, 20, 300, 200]}
TYPES = ["PER", "LOC", "ORG", "OTHER"]
KEY = "sk-secret-of-the-test"


def request(name, kind, **more):
    """A request as the filter makes it."""
    return {"v": 1, "id": name, "kind": kind, "deadline_ms": 10000, "temperature": 0.1, "text": TEXT, "entity": ENTITY,
            "types": TYPES, "uncertainty": 0.62, "threshold": 0.5, "post": "7", **more}


def start(program, *arguments, **more):
    """A delegate that runs."""
    environment = {name: value for name, value in os.environ.items() if name != "OPENAI_API_KEY"}
    return subprocess.Popen(
        [sys.executable, HERE / program, *map(str, arguments)], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, env={**environment, **more})


def answers(requests, program, *arguments, **more):
    """The replies by id, and the notes, to requests that are objects or lines."""
    lines = [each if isinstance(each, bytes) else json.dumps(each).encode() for each in requests]
    with start(program, *arguments, **more) as process:
        out, notes = process.communicate(b"\n".join(lines) + b"\n", timeout=60)
    replies = [json.loads(line) for line in out.splitlines()]
    named = {reply["id"]: reply for reply in replies}
    assert len(named) == len(replies), "two replies to one request"
    assert process.returncode == 0, notes
    return named, notes.decode().splitlines()


def saying(value, **more):
    """What a model writes."""
    return "Well.\n```json\n" + json.dumps({"reasoning": "{so}", "value": value, **more}) + "\n```"


class Endpoint(http.server.ThreadingHTTPServer):
    """A chat model that does what the text that it is asked about says."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.asked = collections.defaultdict(list)
        self.times = collections.defaultdict(list)
        self.keys = []
        self.lock = threading.Lock()
        self.sixty = threading.Barrier(60)
        self.away = None
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_port}/v1/chat/completions"

    def handle_error(self, *_):
        pass


class Handler(http.server.BaseHTTPRequestHandler):
    def log_message(self, *_):
        pass

    def send(self, status, body, kind="application/json", length=None, **headers):
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(length or len(body)))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def say(self, content, **more):
        choice = {"message": {"role": "assistant", "content": content}, **more}
        self.send(200, json.dumps({"choices": [choice]}).encode())

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        content = body["messages"][1]["content"]
        told = content if isinstance(content, str) else content[0]["text"]
        first = json.loads(told.split("\n")[0].partition(": ")[2]) if told.startswith("Text: ") else told
        way, _, rest = first.partition("|")
        with self.server.lock:
            self.server.asked[way].append(body)
            self.server.times[way].append(time.monotonic())
            self.server.keys.append(self.headers["Authorization"])
            turn = len(self.server.asked[way])
        getattr(self, f"do_{way}", self.do_say)(rest, turn)

    def do_say(self, rest, _):
        self.say(rest)

    def do_together(self, rest, _):
        self.server.sixty.wait(30)
        self.say(rest)

    def do_busy(self, rest, turn):
        self.say(rest) if turn > 1 else self.send(429, b'{"error":{"message":"slowly"}}', Retry_After="1")

    def do_later(self, *_):
        self.send(429, b'{"error":{"message":"slowly"}}', Retry_After="3600")

    def do_broken(self, rest, turn):
        self.say(rest) if turn > 1 else self.send(500, b"<html>", "text/html")

    def do_down(self, *_):
        self.send(503, b'{"error":"down"}')

    def do_refused(self, *_):
        self.send(401, json.dumps({"error": {"message": f"wrong key {KEY}"}}).encode())

    def do_html(self, *_):
        self.send(200, b"<html>hello</html>", "text/html")

    def do_half(self, *_):
        self.send(200, b'{"choices":[{"message":{"content":"')

    def do_short(self, *_):
        self.send(200, b'{"choices":', length=500)
        self.close_connection = True

    def do_close(self, *_):
        self.connection.shutdown(socket.SHUT_RDWR)

    def do_hang(self, *_):
        time.sleep(60)

    def do_drip(self, *_):
        self.send(200, b"", length=1000)
        for _ in range(600):
            self.wfile.write(b" ")
            time.sleep(0.1)

    def do_huge(self, *_):
        self.send(200, b'"' + b"x" * (9 << 20) + b'"')

    def do_away(self, *_):
        self.send(307, b"", Location=f"http://127.0.0.2:{self.server.away}/v1/chat/completions")

    def do_cut(self, *_):
        self.say('```json\n{"reasoning": "it is a', finish_reason="length")

    def do_silent(self, *_):
        self.send(200, json.dumps({"choices": [{"message": {"content": None, "refusal": "I will not"}}]}).encode())

    def do_shapeless(self, *_):
        self.send(200, b'{"choices":{"a":[]}}')

    def do_parts(self, rest, _):
        self.say([{"type": "text", "text": rest}])
