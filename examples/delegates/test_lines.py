"""Tests what holds for all delegates, whatever they answer with."""

import json
import pathlib
import tempfile
import time
import unittest

from testing import ENTITY, TEXT, Endpoint, answers, request, start

HOSTILE = [
    b"nonsense", b"{", b"[]", b"5", b"null", b"\xff\xfe", b"\0" * 50, b'{"id":1,"kind":"x\0"}', b"{}", b'{"kind":"caption"}',
    b'{"id":null,"kind":"caption"}', b'{"id":true}', b'{"id":[1]}', b'{"id":1e999}', b'{"id":' + b"9" * 5000 + b"}",
    b'{"id":1,"x":' + b"[" * 100_000, b"x" * (1 << 20), b'{"id":1,"x":"' + b"x" * (1 << 20),
]


class Lines(unittest.TestCase):
    """What holds for all of them."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        file = pathlib.Path(folder.name, "recorded")
        file.write_text('{"id":"7","knowledge":"known"}\n')
        gold = pathlib.Path(folder.name, "gold")
        gold.write_text(json.dumps({"id": "7", "text": TEXT, "triples": [{**ENTITY, "type": "ORG"}]}) + "\n")
        endpoint = Endpoint()
        self.addCleanup(endpoint.server_close)
        self.addCleanup(endpoint.shutdown)
        self.programs = [("chat.py", "--url", endpoint.url, "--model", "m", "--retries", "0"), ("recorded.py", file),
                         ("oracle.py", "--gold", gold)]

    def test_a_bad_line_costs_a_note_and_every_request_has_one_reply(self):
        odd = [
            {"id": "no kind"}, {"id": "a kind", "kind": 5}, {"id": "version", "v": 2, "kind": "expand"},
            request("long", "correct-type", text="say|" + "x" * (1 << 20)), request("\ud800\0\u00e9", "correct-type", text="\ud800"),
            request(-5, "correct-type", entity=5, types=5, images=5, uncertainty="x", threshold=[], temperature={}),
            request("lists", "correct-region", entity=[], images=[[]], text=[], post={}), {"id": "bare", "kind": "correct-span"},
            request("no time", "correct-span", deadline_ms=-1), request("when", "verify", deadline_ms="x"),
            request("deep", "synth", entities=5, count="x"),
            request("infinite", "correct-type", deadline_ms=float("inf"), entity={**ENTITY, "start": float("nan")}),
        ]
        for program in self.programs:
            replies, notes = answers(HOSTILE + odd + [b"", b" \r"] + HOSTILE, *program)
            self.assertEqual(set(replies), {each["id"] for each in odd})
            for name in ("no kind", "a kind", "version", -5, "lists", "bare"):
                self.assertEqual((replies[name]["ok"], type(replies[name]["error"])), (False, str), program[0])
            self.assertEqual(len(notes), 2 * len(HOSTILE), program[0])
            self.assertTrue(all(note.startswith(f"{program[0]}: line ") and len(note) < 100 for note in notes))

    def test_slow_answers_are_such_that_keep_and_none_waits_for_another(self):
        start_time = time.monotonic()
        replies, notes = answers([request(number, "correct-type") for number in range(40)], "slow.py", "--seconds", "0.5")
        self.assertTrue(all(reply["keep"] for reply in replies.values()))
        self.assertEqual((len(replies), notes), (40, []))
        self.assertGreaterEqual(time.monotonic() - start_time, 0.5)

    def test_a_line_that_is_too_long_is_passed_over(self):
        long = b'{"id":1,"x":"' + b"x" * (33 << 20) + b'"}'
        replies, notes = answers([long, request(2, "expand")], *self.programs[1])
        self.assertEqual((list(replies), len(notes)), ([2], 1))

    def test_a_reply_comes_before_the_next_request(self):
        for program in self.programs:
            with start(*program) as process:
                for name in range(2):
                    process.stdin.write(json.dumps(request(name, "no such")).encode() + b"\n")
                    process.stdin.flush()
                    self.assertEqual(json.loads(process.stdout.readline())["id"], name)
                self.assertEqual(process.communicate(timeout=20), (b"", b""))
            self.assertEqual(process.returncode, 0)

    def test_when_nobody_reads_on_it_ends_in_silence(self):
        for program in self.programs:
            with start(*program) as process:
                process.stdout.close()
                process.stdin.write(json.dumps(request(1, "no such")).encode() + b"\n")
                process.stdin.flush()
                self.assertEqual(process.stderr.read(), b"", program[0])
                self.assertEqual(process.wait(20), 141)
                process.stdin.close()
