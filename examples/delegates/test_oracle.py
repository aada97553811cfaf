"""Tests oracle.py."""

import json
import pathlib
import tempfile
import unittest

from testing import TYPES, answers, request, start

CONLL = """IMGID:O_1
RT\tO
Ada\tB-PER
Byron\tI-PER
in\tO
Lowick\tB-LOC
Kettle\tI-ORG
FC\tI-ORG
!\tO

IMGID:2
nothing\tO
here\tO
"""
VOC = """<annotation><size><width>200</width><height>100</height></size>{}</annotation>"""
DRAWN = """<object><name>{}</name><bndbox><xmin>{}</xmin><ymin>{}</ymin><xmax>{}</xmax><ymax>{}</ymax></bndbox></object>"""
WORDS = "RT Ada Byron in Lowick Kettle FC !"


class Oracle(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.gold = self.folder / "dev.txt"
        self.gold.write_text(CONLL)
        drawn = [("Ada Byron", 10, 20, 60, 90), ("x", 0, 0, 9, 9), ("Ada Byron", 100, 20, 150, 90)]
        (self.folder / "O_1.xml").write_text(VOC.format("".join(DRAWN.format(*each) for each in drawn)))

    def request(self, name, kind, start, end, text=WORDS, **more):
        entity = {"text": text[start:end], "start": start, "end": end, "type": "PER"}
        images = [{"path": "a", "w": 400, "h": 200}]
        return request(name, kind, **{"text": text, "entity": entity, "post": "O_1", "images": images, **more})

    def values(self, requests, *arguments, gold=None):
        replies, notes = answers(requests, "oracle.py", "--gold", gold or self.gold, *arguments)
        self.assertEqual([note for note in notes if "no such post" not in note], [])
        return [replies[each["id"]].get("value", "keep" if replies[each["id"]].get("keep") else None) for each in requests]

    def test_what_is_right(self):
        asked = [
            self.request(1, "correct-span", 3, 6), self.request(2, "correct-span", 0, 8), self.request(3, "correct-span", 0, 2),
            self.request(4, "correct-type", 16, 22), self.request(5, "correct-type", 23, 30, types=["LOC", "ORG"]),
            {**self.request(6, "rerank", 3, 12), "text": None}, self.request(7, "correct-type", 0, 2),
            self.request(8, "correct-region", 3, 12), self.request(9, "ground", 3, 12), self.request(10, "verify", 3, 12),
            self.request(11, "correct-region", 16, 22), self.request(12, "verify", 16, 22),
            self.request(13, "correct-span", 0, 7, text="nothing here", post="2"),
            self.request(14, "correct-span", 0, 5, "unknown", post="none"),
            self.request(15, "rerank", 16, 22, types=["PER"]), self.request(16, "synth", 0, 2),
            self.request(17, "correct-type", 0, 6, text="LOWICK is", entity={"text": "LOWICK", "start": 0, "end": 6}),
        ]
        self.assertEqual(self.values(asked, "--xml", self.folder), [
            "Ada Byron", "Ada Byron", "", "LOC", "ORG", "PER", "keep", [20, 40, 120, 180], [20, 40, 120, 180], 1.0, None, 0.0, "",
            "keep", "keep", None, "LOC"])

    def test_what_gold_has_neither_words_nor_pixels_for_is_kept(self):
        for kind in ("expand", "caption", "search", "segment"):
            file = self.folder / "count"
            asked = [self.request(at, kind, 3, 12, post=f"none {at}") for at in range(3)]
            self.assertEqual(self.values(asked, "--accuracy", "0", "--count", file), ["keep"] * 3)
            count = {"asked": 3, "answered": 0, "wrong": 0, "kept": 3, "unknown": 0}
            self.assertEqual(json.loads(file.read_text()), {**count, "kinds": {kind: count}})

    def test_what_gold_does_not_know_is_kept_and_told_once(self):
        asked = [self.request(1, "correct-region", 3, 12), self.request(2, "verify", 3, 12),
                 self.request(3, "correct-span", 0, 5, "strange", post="none")]
        file = self.folder / "count"
        replies, notes = answers(asked, "oracle.py", "--gold", self.gold, "--count", file)
        self.assertTrue(all(reply == {"id": name, "ok": True, "keep": True} for name, reply in replies.items()))
        self.assertEqual((len(notes), "--xml" in notes[0]), (1, True))
        self.assertEqual(json.loads(file.read_text())["unknown"], 3)

    def test_posts_with_triples(self):
        gold = self.folder / "dev.ndjson"
        triples = [{"type": "MISC", "start": 0, "end": 4, "boxes": [[0, 0, 10.5, 20]]},
                   {"type": "LOC", "start": 8, "end": 9, "unsure": True, "boxes": []}]
        lines = [{"id": 1, "text": "\U0001f600\u00e9 a in b", "width": 100, "height": 50, "triples": triples},
                 {"id": 2, "text": "\U0001f600\u00e9 a in b", "triples": []}]
        gold.write_text("\n".join(map(json.dumps, lines)))
        asked = [self.request(1, "correct-span", 0, 2, lines[0]["text"], post=1),
                 self.request(2, "correct-span", 0, 2, lines[0]["text"], post="2"),
                 self.request(3, "correct-type", 0, 4, lines[0]["text"], post=None),
                 self.request(4, "correct-type", 8, 9, lines[0]["text"], post=1),
                 self.request(5, "correct-region", 0, 4, lines[0]["text"], post=1)]
        self.assertEqual(self.values(asked, gold=gold), ["\U0001f600\u00e9 a", "", "OTHER", "keep", [0, 0, 42, 80]])

    def test_what_is_wrong_is_another_answer_that_could_be(self):
        asked = []
        for kind in ("correct-span", "correct-type", "correct-region", "verify"):
            for start, end in ((3, 12), (16, 22), (23, 32)):
                asked += [self.request(f"{kind} {start} {post}", kind, start, end, post=str(post)) for post in range(20)]
        right = self.values(asked, "--xml", self.folder)
        wrong = self.values(asked, "--xml", self.folder, "--accuracy", "0")
        for each, good, bad in zip(asked, right, wrong):
            self.assertNotEqual(good, bad)
            if each["kind"] == "correct-span":
                self.assertIn(bad, WORDS)
                self.assertEqual(abs(len(bad.split()) - len(good.split())), 1)
            elif each["kind"] == "correct-type":
                self.assertIn(bad, TYPES)
            elif each["kind"] == "correct-region" and bad is not None:
                self.assertTrue(0 <= bad[0] < bad[2] <= 400 and 0 <= bad[1] < bad[3] <= 200)
        boxes = [bad for each, bad in zip(asked, wrong) if each["id"].startswith("correct-region 3 ")]
        self.assertEqual((None in boxes, [90, 40, 190, 180] in boxes), (True, True))

    def test_errors_are_as_many_as_told_and_the_same_every_time(self):
        asked = [self.request(at, "correct-type", 3, 12, post=f"p{at}") for at in range(400)]
        few = self.values(asked, "--accuracy", "0.8", "--seed", "3")
        more = self.values(asked, "--accuracy", "0.6", "--seed", "3")
        self.assertEqual(few, self.values(asked, "--accuracy", "0.8", "--seed", "3"))
        self.assertNotEqual(few, self.values(asked, "--accuracy", "0.8", "--seed", "4"))
        self.assertTrue(50 < sum(value != "PER" for value in few) < 110)
        self.assertTrue(all(other == "PER" for other, value in zip(few, more) if value == "PER"))

    def test_only_some_are_answered(self):
        asked = [self.request(at, "correct-type", 3, 12, post=f"p{at}", uncertainty=at / 400) for at in range(400)]
        del asked[399]["uncertainty"]
        file = self.folder / "count"
        values = self.values(asked, "--only", "uncertain:0.5", "--count", file)
        self.assertEqual([value == "keep" for value in values], [at <= 200 or at == 399 for at in range(400)])
        count = {"asked": 400, "answered": 198, "wrong": 0, "kept": 202, "unknown": 0}
        self.assertEqual(json.loads(file.read_text()), {**count, "kinds": {"correct-type": count}})
        values = self.values(asked, "--only", "random:0.25", "--accuracy", "0.5", "--count", file)
        count = json.loads(file.read_text())
        self.assertEqual((count["kept"], count["answered"]), (values.count("keep"), 400 - values.count("keep")))
        self.assertTrue(60 < count["answered"] < 140 and 0.3 < count["wrong"] / count["answered"] < 0.7)

    def test_gold_that_is_none_is_told(self):
        for text, place in (("IMGID:1\nword\n", "line 2"), ("IMGID:1\nword\tX\n", "line 2"), ('{"id":1}', "line 1"),
                            ('{"text":"a","triples":[{"start":0,"end":5,"type":"X"}]}', "line 1"), ('{"text":5}', "line 1"),
                            ('{"text":"a","triples":[5]}', "line 1")):
            self.gold.write_text(text)
            with start("oracle.py", "--gold", self.gold) as process:
                _, notes = process.communicate(timeout=20)
            self.assertEqual((process.returncode, notes.decode().split(": ")[:3]), (1, ["oracle.py", str(self.gold), place]), text)
        self.gold.write_text(CONLL)
        (self.folder / "O_1.xml").write_text("<annotation>")
        for arguments in (["--xml", self.folder], ["--only", "some:1"], ["--only", "random:2"], ["--accuracy", "nan"],
                          ["--count", "/none/such"]):
            with start("oracle.py", "--gold", self.gold, *arguments) as process:
                _, notes = process.communicate(timeout=20)
            self.assertNotEqual(process.returncode, 0, arguments)
            self.assertNotIn(b"Traceback", notes)
