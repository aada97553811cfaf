"""Speaks to a command as the `subprocess` processor of Redpanda Connect does: connect.py CONFIG POSTS ANSWERS

Line by line: a message goes out with a line feed, and nothing else is sent until a line has come back. A line on standard
output takes the message's place; one on standard error fails it. A command that ends is started again.
"""

import os
import queue
import signal
import subprocess
import sys
import threading

import yaml


class Processor:
    def __init__(self, config):
        known = {"name", "args", "max_buffer", "codec_send", "codec_recv"}
        assert set(config) <= known, f"fields that the processor does not have: {set(config) - known}"
        assert config.get("codec_send", "lines") == config.get("codec_recv", "lines") == "lines"
        self.command = [config["name"], *config.get("args", [])]
        self.limit = config.get("max_buffer", 65536)
        self.starts = 0
        self.start()

    def start(self):
        self.starts += 1
        self.process = subprocess.Popen(
            self.command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.lines = queue.Queue()
        for name in ("stdout", "stderr"):
            threading.Thread(target=self.read, args=(name, getattr(self.process, name), self.lines), daemon=True).start()

    @staticmethod
    def read(name, stream, lines):
        for line in stream:
            lines.put((name, line))
        lines.put((name, None))

    def exchange(self, message):
        try:
            self.process.stdin.write(message + b"\n")
            self.process.stdin.flush()
        except BrokenPipeError:
            return None
        name, line = self.lines.get(timeout=30)
        if line is None:
            return None
        assert name == "stdout", f"a message failed: {line!r}"
        assert line.endswith(b"\n") and len(line) <= self.limit
        return line

    def __call__(self, message):
        answer = self.exchange(message)
        if answer is None:
            self.process.kill()
            self.process.wait()
            self.start()
            answer = self.exchange(message)
        return answer

    def close(self):
        assert self.lines.empty(), "more lines came back than were sent"
        self.process.stdin.close()
        return self.process.wait(timeout=30)


def main(config, posts, answers):
    with open(config, encoding="utf-8") as file:
        steps = yaml.safe_load(file)["pipeline"]["processors"]
    processor = Processor(next(step["subprocess"] for step in steps if "subprocess" in step))
    count = 0
    with open(posts, "rb") as source, open(answers, "wb") as target:
        for count, line in enumerate(source, 1):
            if count == 500:
                os.kill(processor.process.pid, signal.SIGKILL)
            target.write(processor(line.rstrip(b"\n")))
    assert processor.starts == 2 and processor.close() == 0
    print(f"{count} messages in lockstep, the command killed and started again once")


main(*sys.argv[1:])
