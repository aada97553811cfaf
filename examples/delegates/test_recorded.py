"""Tests recorded.py."""

import json
import pathlib
import tempfile
import unittest

from testing import answers, request, start


class Recorded(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.file = pathlib.Path(folder.name, "recorded")

    def test_knowledge_is_by_post(self):
        self.file.write_text('\ufeff{"id":"7","knowledge":"old"}\n\n{"id":7,"knowledge":"new"}\n{"id":"O_8","knowledge":""}')
        posts = ["7", 7, "O_8", 8, None, [], True]
        replies, _ = answers([request(at, "knowledge", post=post) for at, post in enumerate(posts)], "recorded.py", self.file)
        self.assertEqual([replies[at].get("value") for at in range(7)], ["new", "new", ""] + [None] * 4)
        self.assertFalse(answers([request(1, "caption")], "recorded.py", self.file)[0][1]["ok"])
        self.assertTrue(answers([request(1, "caption")], "recorded.py", "--keep", self.file)[0][1]["keep"])

    def test_captions_are_by_picture(self):
        self.file.write_text('{"image":"a.jpg","caption":"old"}\n{"image":"a.jpg","caption":"a park"}\n')
        images = [[{"path": "a.jpg", "w": 6, "h": 4}], [{"path": "b.jpg"}], [{"path": "a.jpg"}] * 2, [{"data": "data:"}], [5], 5, None]
        replies, _ = answers([request(at, "caption", images=each) for at, each in enumerate(images)], "recorded.py", self.file)
        self.assertEqual([replies[at].get("value") for at in range(7)], ["a park"] + [None] * 6)

    def test_the_record_of_the_filter_answers(self):
        asked = [{**request(at, "correct-type", uncertainty=0.4375), "text": f"text {at}"} for at in range(2)]
        told = [{"value": "ORG", "confidence": 0.9}, {"keep": True}]
        bare = [{name: each[name] for name in ("kind", "text", "entity", "types", "uncertainty", "threshold")} for each in asked]
        self.file.write_text("".join(json.dumps({"request": one, "reply": other}) + "\n" for one, other in zip(bare, told)))
        replies, _ = answers(asked, "recorded.py", self.file)
        self.assertEqual([replies[at] for at in range(2)], [{"id": at, "ok": True, **told[at]} for at in range(2)])

    def test_a_file_that_is_none_is_told_with_its_place(self):
        for text in ("5", "{", '{"id":"7"}', '{"request":{},"reply":5}', '{"request":{},"reply":{}}', "[" * 100_000, "\0"):
            self.file.write_text('{"id":"7","knowledge":"known"}\n' + text + "\n")
            with start("recorded.py", self.file) as process:
                _, notes = process.communicate(timeout=20)
            self.assertEqual((process.returncode, notes.decode().split(": ")[:3]),
                             (1, ["recorded.py", str(self.file), "line 2"]), text[:20])
