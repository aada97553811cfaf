"""Tests chat.py against an endpoint on this machine."""

import json
import os
import pathlib
import socket
import tempfile
import time
import unittest

from testing import KEY, Endpoint, answers, request, saying, start

PIXELS = b"\x89PNG\r\n\x1a\n" + b"pixels"


class Chat(unittest.TestCase):
    def setUp(self):
        self.endpoint = Endpoint()
        self.addCleanup(self.endpoint.server_close)
        self.addCleanup(self.endpoint.shutdown)
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.picture = self.folder / "a b.png"
        self.picture.write_bytes(PIXELS)
        self.images = [{"path": str(self.picture), "w": 600, "h": 450}]

    def answers(self, requests, *arguments, **more):
        return answers(requests, "chat.py", "--url", self.endpoint.url, "--model", "tiny", *arguments, **more)

    def values(self, kind, says, *arguments, **more):
        """The replies to requests of a kind, of which the model says each of `says`."""
        asked = [request(at, kind, **{**more, "text": f"say|{each}"}) for at, each in enumerate(says)]
        replies, notes = self.answers(asked, "--retries", "0", *arguments)
        self.assertEqual(notes, [])
        return [replies[at] for at in range(len(asked))]

    def test_a_type_is_one_of_the_list_fenced_or_not(self):
        says = [
            saying("ORG", confidence=0.75), '{"value": "org"}', 'no: {"value": 5} but {"value":"PER"}, so {it} is',
            "<think>{\"value\": \"PER\"}</think>" + saying("OTHER", confidence=7), saying("LOC"),
            saying("Person"), saying(None), "ORG", '{"value": "ORG"', "{" * 100_000, '{"a":' * 40_000,
        ]
        replies = self.values("correct-type", says)
        self.assertEqual(replies[:5], [
            {"id": 0, "ok": True, "value": "ORG", "confidence": 0.75}, {"id": 1, "ok": True, "value": "ORG"},
            {"id": 2, "ok": True, "value": "PER"}, {"id": 3, "ok": True, "value": "OTHER"},
            {"id": 4, "ok": True, "keep": True},
        ])
        for reply in replies[5:]:
            self.assertEqual((reply["ok"], type(reply["error"])), (False, str))

    def test_words_are_as_they_stand_in_the_text(self):
        # The text that the model is asked about has what it says, so that a word stands in it unless it is escaped.
        other = saying("garfield  PARK").replace("g", "\\u0067") + "Garfield\u00a0Park"
        says = [saying("Park"), other, saying(""), saying(None), saying("a\u00e9\U0001f600")]
        replies = self.values("correct-span", says)
        self.assertEqual([reply.get("value") for reply in replies[:4]], ["Park", "Garfield\u00a0Park", "", ""])
        self.assertFalse(replies[4]["ok"])

    def test_a_box_lies_in_the_picture_in_its_pixels(self):
        says = [saying(box) for box in (
            [1, 2.5, 300, 400], None, "null", [10, 20, 300, 200], [-1, 0, 605, 450], [0, 0, 900, 10], [300, 2, 1, 400], [1, 2, 3],
            ["a", 1, 2, 3], {"x1": 1}, [0, 0, float("inf"), 1], [0, 0, float("nan"), 1], [10 ** 400, 0, 1, 1],
        )]
        replies = self.values("correct-region", says, images=self.images)
        self.assertEqual([reply.get("value", reply.get("keep")) for reply in replies[:5]],
                         [[1, 2.5, 300, 400], None, None, True, [0, 0, 600, 450]])
        self.assertEqual([reply["ok"] for reply in replies], [True] * 5 + [False] * 8)
        says = [saying([100, 200, 500, 1000])]
        self.assertEqual(self.values("ground", says, "--boxes", "thousandths", images=self.images)[0]["value"],
                         [60, 90, 300, 450])
        self.assertIn("[17, 44, 500, 444]", json.dumps(self.asked_of(request(
            1, "correct-region", text="say|x", images=self.images), "--boxes", "thousandths")))

    def asked_of(self, asked, *arguments):
        """What the endpoint was sent for a request."""
        self.endpoint.asked.clear()
        self.answers([asked], "--retries", "0", *arguments)
        return next(iter(self.endpoint.asked.values()))[0]

    def test_other_kinds(self):
        for kind, says, values in (
            ("caption", [saying(" A park\n at dusk "), saying(""), saying(5)], ["A park at dusk", None, None]),
            ("knowledge", [saying("Garfield Park is in Chicago.")], ["Garfield Park is in Chicago."]),
            ("expand", [saying("a park")], ["a park"]),
            ("verify", [saying(0.25), saying(1), saying(1.5), saying(True), saying("1")], [0.25, 1, None, None, None]),
            ("rerank", [saying("loc"), saying("X")], ["LOC", None]),
            ("search", [saying([" a park\nin Chicago ", "", "b", "c", "d"]), saying([]), saying("x"), saying([5])],
             [["a park in Chicago", "b", "c"], [], None, None]),
            ("no such", [saying("x")], [None]),
        ):
            replies = self.values(kind, says, images=self.images)
            self.assertEqual([reply.get("value") for reply in replies], values, kind)
            self.assertEqual([reply["ok"] for reply in replies], [value is not None for value in values], kind)

    def test_masks_are_kept_without_asking(self):
        replies, _ = self.answers([request(1, "segment", text="say|x", box=[0, 0, 1, 1], images=self.images)])
        self.assertEqual((replies[1], dict(self.endpoint.asked)), ({"id": 1, "ok": True, "keep": True}, {}))

    def test_the_model_is_told_what_was_found(self):
        found = ["a park", 5, "a \"city\""]
        asked = self.asked_of(request(1, "correct-type", text="say|x", evidence=found))
        told = asked["messages"][1]["content"]
        self.assertEqual(told.count("Found elsewhere: "), 2)
        self.assertIn(r'Found elsewhere: "a \"city\""', told)
        asked = self.asked_of(request(1, "search", text="say|x", query='"Garfield Park" sunset'))
        self.assertIn(r'Query: "\"Garfield Park\" sunset"', asked["messages"][1]["content"])
        self.assertNotIn("Present type", asked["messages"][1]["content"])

    def test_labelled_posts_go_with_their_pictures(self):
        other = self.folder / "other.png"
        other.write_bytes(PIXELS + b"other")
        entities = [{"text": "Lowick", "type": "LOC", "boxes": [[60, 45, 120, 90], [0, 0, 1, 1]]}, {"text": "Ada", "type": "PER", "boxes": []},
                    {"text": "Rovers", "type": "ORG"}, 5, {"text": 5}]
        examples = [{"text": "Ada in Lowick", "entities": entities, "image": {"path": str(other), "w": 600, "h": 450}}, 5,
                    {"text": "no picture", "entities": 5, "image": {"path": str(self.folder / "none"), "w": 1, "h": 1}}, {"text": "rain"}, {}]
        asked = self.asked_of(request(1, "ground", text="say|x", images=self.images, examples=examples), "--boxes", "thousandths")
        parts = asked["messages"][1]["content"]
        self.assertEqual([part["type"] for part in parts], ["text", "image_url", "text", "image_url", "text", "text"])
        self.assertIn('Text: "Ada in Lowick". Entities: "Lowick" ("LOC"), at [100, 100, 200, 200]; "Ada" ("PER"), not in the picture; '
                      '"Rovers" ("ORG"). Its picture:', parts[2]["text"])
        self.assertNotEqual(parts[1]["image_url"], parts[3]["image_url"])
        self.assertTrue(parts[4]["text"].endswith('Text: "no picture". Entities: none'))
        # Without pictures, all is one text.
        asked = self.asked_of(request(1, "knowledge", text="say|x", examples=examples), "--text-only")
        self.assertIn('"Lowick" ("LOC"), at [60, 45, 120, 90]; ', asked["messages"][1]["content"])
        for examples in (5, None, {}, []):
            asked = self.asked_of(request(1, "knowledge", text="say|x", examples=examples))
            self.assertNotIn("Example", asked["messages"][1]["content"])

    def test_posts_that_a_model_makes_have_their_entities(self):
        good = {"text": "Rain in Lowick", "entities": [{"text": "Lowick", "type": "loc"}]}
        bad = [{"text": "Rain", "entities": [{"text": "Lowick", "type": "LOC"}]}, 5, {"text": ""}, {"text": "a", "entities": [5]},
               {"text": "Lowick", "entities": [{"text": "Lowick", "type": "X"}]}, {"text": "a", "entities": 5}]
        replies = self.values("synth", [saying(bad + [good, good]), saying(bad), saying("x")], entities=[], count=1)
        self.assertEqual(replies[0]["value"], [{"text": "Rain in Lowick", "entities": [{"text": "Lowick", "type": "LOC"}]}])
        self.assertEqual([reply["ok"] for reply in replies], [True, False, False])

    def test_the_model_is_told_what_the_request_has(self):
        asked = self.asked_of(request(1, "correct-region", text="say|Ignore \"this\"\nand", images=self.images, temperature=0.3))
        self.assertEqual((asked["model"], asked["temperature"]), ("tiny", 0.3))
        told, picture = asked["messages"][1]["content"]
        for part in (r'Text: "say|Ignore \"this\"\nand"', '"Garfield Park"', "600 x 450", "[10, 20, 300, 200]", "0.62", "0.5"):
            self.assertIn(part, told["text"])
        self.assertTrue(picture["image_url"]["url"].startswith("data:image/png;base64,iVBORw0K"))
        asked = self.asked_of(request(1, "correct-type", text="say|x", types=["PER", "newspaper"]), "--body",
                              '{"temperature":null,"max_tokens":9}')
        self.assertEqual((asked.get("temperature"), asked["max_tokens"]), (None, 9))
        self.assertIsInstance(asked["messages"][1]["content"], str)
        self.assertIn('"newspaper"', asked["messages"][0]["content"])

    def test_what_is_no_picture_is_not_sent(self):
        url = "data:image/png;base64,iVBORw0KGgo="
        os.mkfifo(self.folder / "pipe")
        (self.folder / "secret").write_bytes(b"password")
        bad = [{"path": str(self.folder / name), "w": 1, "h": 1} for name in ("secret", "pipe", "none.png", "", "a\0b")]
        bad += [5, {}, {"path": 5}, {"data": "https://example.org/a.png"}, {"data": "data:text/html;base64,AAAA"}]
        bad.append({"data": url + "A" * (12 << 20)})
        asked = [request(f"{kind} {at}", kind, text="say|" + saying("LOC"), images=[image])
                 for kind in ("correct-type", "ground") for at, image in enumerate(bad)]
        replies, notes = self.answers(asked)
        self.assertEqual([replies[each["id"]]["ok"] for each in asked], [True] * len(bad) + [False] * len(bad))
        self.assertEqual(len(notes), len(bad))
        self.assertNotIn("image_url", json.dumps(self.endpoint.asked))
        sent = self.asked_of(request(1, "correct-type", text="say|x", images=[{"data": url, "w": 1, "h": 1}]))
        self.assertEqual(sent["messages"][1]["content"][1]["image_url"]["url"], url)
        self.assertNotIn("image_url", json.dumps(self.asked_of(
            request(1, "correct-type", text="say|x", images=self.images), "--text-only")))

    def test_faults_of_the_endpoint_cost_their_request_alone(self):
        elsewhere = Endpoint()
        self.addCleanup(elsewhere.server_close)
        self.addCleanup(elsewhere.shutdown)
        self.endpoint.away = elsewhere.server_port
        good = saying("ORG")
        ways = ["busy", "broken", "parts", "later", "down", "refused", "html", "half", "short", "close", "hang", "drip", "huge",
                "away", "cut", "silent", "shapeless"]
        asked = [request(way, "correct-type", text=f"{way}|{good}", deadline_ms=1500 if way in ("hang", "drip") else 30000)
                 for way in ways]
        began = time.monotonic()
        replies, notes = self.answers(asked, "--parallel", "20", "--retries", "1", OPENAI_API_KEY=f" {KEY}\n")
        self.assertLess(time.monotonic() - began, 30)
        self.assertEqual(notes, [])
        for way in ways[:3]:
            self.assertEqual(replies[way], {"id": way, "ok": True, "value": "ORG"})
        for way, why in (
            ("later", "3600"), ("down", "503: down, 2 times"), ("refused", "401: wrong key (key)"), ("html", "not JSON"),
            ("half", "not JSON"), ("short", "2 times"), ("close", "2 times"), ("hang", "no answer within"),
            ("drip", "no answer within"),
            ("huge", "bytes"), ("away", f"127.0.0.2:{elsewhere.server_port}"), ("cut", "cut off"), ("silent", "I will not"),
            ("shapeless", "choices"),
        ):
            self.assertFalse(replies[way]["ok"])
            self.assertIn(why, replies[way]["error"])
        first, second = self.endpoint.times["busy"]
        self.assertGreaterEqual(second - first, 1)
        self.assertEqual(set(self.endpoint.keys), {f"Bearer {KEY}"})
        self.assertEqual((elsewhere.keys, KEY in json.dumps(replies)), ([], False))

    def test_nobody_listens(self):
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            url = f"http://127.0.0.1:{taken.getsockname()[1]}/"
            replies, _ = answers([request(1, "expand")], "chat.py", "--url", url, "--model", "m", "--retries", "0")
        self.assertIn("refused", replies[1]["error"])

    def test_sixty_at_once(self):
        # Each is answered when all have come.
        asked = [request(at, "correct-type", text="together|" + saying("ORG"), deadline_ms=30000) for at in range(60)]
        replies, _ = self.answers(asked, "--parallel", "60")
        self.assertEqual([replies[at].get("value") for at in range(60)], ["ORG"] * 60)

    def test_what_was_recorded_answers_the_same(self):
        file = self.folder / "recorded"
        asked = [request(1, "expand", text="say|" + saying("a park")), request(2, "correct-type", text="say|" + saying("ORG")),
                 request(3, "rerank", text="say|nothing")]
        replies, _ = self.answers(asked, "--record", str(file))
        again, _ = answers([{**each, "deadline_ms": 1, "post": 9} for each in asked], "recorded.py", file)
        self.assertEqual([again[name] for name in (1, 2)], [replies[name] for name in (1, 2)])
        self.assertFalse(again[3]["ok"])

    def test_options_that_cannot_be(self):
        for arguments, environment in (
            (["--url", "http://example.org/v1"], {}), (["--url", "ftp://example.org"], {}), (["--url", "example.org"], {}),
            (["--url", "https://me:word@example.org/"], {}), (["--url", "https://example.org:x/"], {}),
            (["--url", "https://example.org/\u00e9"], {}), (["--url", self.endpoint.url, "--key-env", "NONE_SUCH"], {}),
            (["--url", self.endpoint.url], {"OPENAI_API_KEY": "a\nb-secret"}),
            (["--url", self.endpoint.url, "--body", "[]"], {}), (["--url", self.endpoint.url, "--parallel", "0"], {}),
            (["--url", self.endpoint.url, "--record", "/none/such"], {}), ([], {}),
        ):
            with start("chat.py", "--model", "m", *arguments, **environment) as process:
                out, notes = process.communicate(b"", timeout=20)
            self.assertNotEqual(process.returncode, 0, arguments)
            self.assertEqual((out, b"Traceback" in notes, b"secret" in notes, b":word" in notes), (b"", False, False, False))
