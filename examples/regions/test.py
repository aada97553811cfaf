#!/usr/bin/env python3
"""Tests the adapters without a detector, and without Tesseract. What needs OpenCV is left out where that is missing."""

import contextlib
import importlib.util
import io
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

import posts

HAS_OPENCV = importlib.util.find_spec("cv2") is not None
PHOTOGRAPHS = pathlib.Path(__file__).parent.parent / "posts"
FOUND = [{"box": [1.0, 2.5, 3.0, 4.0], "label": "cup", "score": 0.5}]
TEXT = json.dumps(FOUND, separators=(",", ":"))


class Lines(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.root = pathlib.Path(self.folder.name, "pictures")
        self.root.mkdir()
        self.root.joinpath("a b.jpg").write_bytes(b"pixels")
        self.looked = []

    def look(self, data):
        self.looked.append(data)
        return FOUND

    def answers(self, lines, look=None, root=""):
        sink, notes = io.BytesIO(), io.StringIO()
        with contextlib.redirect_stderr(notes):
            posts.answer_lines(io.BytesIO(lines), sink, str(self.root) if root == "" else root, look or self.look)
        return sink.getvalue(), notes.getvalue().splitlines()

    def test_the_rest_of_a_line_stays_as_it_is(self):
        digits = "9" * 5000
        before = f' {{ "id":{digits}, "x":1.10e2,"image":"a b.jpg" , "é":"\\u00e9\\/"'
        self.assertEqual(
            self.answers(f"{before} }} \r\n".encode()), (f'{before},"regions":{TEXT} }} \r\n'.encode(), []))
        self.assertEqual(self.answers(f"\ufeff{before}}}".encode())[0], f'\ufeff{before},"regions":{TEXT}}}'.encode())

    def test_regions_are_added_to_those_that_are_there(self):
        for there, then in (
            ('[{"box":[0,0,1,1.50]} ]', '[{"box":[0,0,1,1.50]},' + TEXT[1:]), ("[ ]", TEXT), ("null", TEXT),
        ):
            line = '{"regions":%s,"image":"a b.jpg"}\n'
            self.assertEqual(self.answers((line % there).encode()), ((line % then).encode(), []))

    def test_the_last_of_several_members_counts(self):
        line = '{"image":"none.jpg","regions":7,"regions":[1],"image":"a b.jpg"}\n'
        self.assertEqual(self.answers(line.encode()), (line.replace("[1]", "[1," + TEXT[1:]).encode(), []))

    def test_the_first_picture_with_a_path_is_looked_at(self):
        for image in (
            ["a b.jpg", "none.jpg"], {"path": "a b.jpg", "alt": "a"}, [{"path": "a b.jpg"}, "none.jpg"],
            [None, 5, {"alt": "none"}, {"path": "a b.jpg"}],
            f"file://{self.root}/a%20b.jpg",
        ):
            sink, notes = self.answers(json.dumps({"image": image}).encode() + b"\n")
            self.assertEqual((json.loads(sink).get("regions"), notes), (FOUND, []), image)

    def test_what_has_no_picture_passes_through_in_silence(self):
        lines = b'{"text":"a"}\n{}\n \n\n{"image":null}\n{"image":[]}\n{ } '
        self.assertEqual(self.answers(lines), (lines, []))

    def test_what_cannot_have_regions_passes_through_with_a_note(self):
        self.root.joinpath("folder").mkdir()
        os.mkfifo(self.root / "pipe")
        self.root.parent.joinpath("secret").write_bytes(b"pixels")
        self.root.joinpath("link").symlink_to("../secret")
        self.root.joinpath("broken").symlink_to("nowhere")
        images = [
            "none.jpg", "", "folder", "pipe", "../secret", "link", "broken", "/etc/passwd", "a\0b", "x" * 5000,
            "https://example.org/a.jpg", "data:,a", 5, {"path": 5}, ["data:,a", "a b.jpg"],
        ]
        lines = [json.dumps({"image": image}).encode() for image in images] + [
            b"{", b"[]", b"5", b"nonsense", b'{"image":"a b.jpg"} {}', b'{"image":"a b.jpg",}', b'{"image" "a b.jpg"}',
            b'{image:"a b.jpg"}', b'{"image":"a b.jpg","x":"\xff"}', b'{"x":' + b"[" * 100_000,
            b'{"image":"a b.jpg","regions":{}}', b'{"image":"a b.jpg","regions":"x"}',
        ]
        for line in lines:
            sink, notes = self.answers(b'{"image":"a b.jpg"}\n' + line + b"\n{}\n")
            self.assertEqual(sink.split(b"\n", 1)[1], line + b"\n{}\n")
            self.assertEqual([note.split(": ")[1] for note in notes], ["line 2"], line[:80])
            self.assertEqual(line.rstrip(b'}').endswith(b': 5'), "with a path" in notes[0])
        self.assertEqual(len(self.looked), len(lines))

    def test_no_picture_is_told_with_its_name(self):
        def refuse(_):
            raise posts.Note("is no picture")

        line = b'{"image":"a b.jpg"}\n'
        sink, notes = self.answers(line, refuse)
        self.assertEqual((sink, notes[0].split(": ", 1)[1]), (line, "line 1: 'a b.jpg' is no picture"))

    def test_nothing_found_leaves_the_line(self):
        line = b'{"image":"a b.jpg"}\n'
        self.assertEqual(self.answers(line, lambda _: []), (line, []))

    def test_a_line_that_is_too_long_passes_through(self):
        long = b'{"image":"a b.jpg","x":"' + b"x" * posts.MOST_LINE * 2 + b'"}\n'
        sink, notes = self.answers(long + b'{"image":"a b.jpg"}')
        self.assertEqual(sink, long + b'{"image":"a b.jpg","regions":' + TEXT.encode() + b"}")
        self.assertEqual(len(notes), 1)

    def test_without_a_root_paths_lead_anywhere(self):
        line = json.dumps({"image": str(self.root / "a b.jpg")}).encode()
        self.assertIn(b"regions", self.answers(line, root=None)[0])


class Streams(unittest.TestCase):
    def filter(self):
        here = pathlib.Path(__file__).parent
        return subprocess.Popen(
            [sys.executable, "-c", "import posts; posts.run(None, lambda data: [{'box': [0, 0, len(data), 1]}])"],
            cwd=here, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)

    def test_a_line_is_answered_before_the_next_one_comes(self):
        with self.filter() as process:
            for number in range(3):
                line = b'{"id":%d,"image":"test.py"}\n' % number
                process.stdin.write(line)
                process.stdin.flush()
                self.assertTrue(process.stdout.readline().startswith(line[:-2] + b',"regions":['))
            self.assertEqual(process.communicate(), (b"", b""))
        self.assertEqual(process.returncode, 0)

    def test_when_nobody_reads_on_it_ends_in_silence(self):
        with self.filter() as process:
            process.stdout.close()
            process.stdin.write(b"{}\n")
            process.stdin.close()
            self.assertEqual(process.stderr.read(), b"")
        self.assertEqual(process.returncode, 141)


@unittest.skipUnless(HAS_OPENCV, "OpenCV is not installed")
class Found(unittest.TestCase):
    def test_what_the_detector_says_has_names_and_lies_in_the_picture(self):
        import detect

        self.assertEqual([detect.NAMES[number] for number in (1, 17, 37, 44, 90)],
                         ["person", "cat", "sports ball", "bottle", "toothbrush"])
        self.assertEqual((len(detect.NAMES), sum(name != "-" for name in detect.NAMES.values())), (90, 80))
        rows = [
            [0, 1, 0.98765, -0.1, 0.25, 0.5, 1.2], [0, 17, 0.1999, 0, 0, 1, 1], [0, 3, 0.5, 0.7, 0, 0.7, 1],
            [0, 12, 0.9, 0, 0, 1, 1], [0, 99, 0.9, 0, 0, 1, 1], [0, 37, 0.1, 0, 0, 1, 1],
        ]
        self.assertEqual(detect.regions(rows, (200, 100), 0.2), [
            {"box": [0.0, 25.0, 100.0, 100.0], "label": "person", "score": 0.988},
            {"box": [0.0, 0.0, 200.0, 100.0], "label": "cat", "score": 0.2},
        ])

    def test_words_and_lines_are_told_in_pixels_of_the_picture(self):
        import read

        head = "level page_num block_num par_num line_num word_num left top width height conf text"
        rows = [
            "4 1 1 1 1 0 30 30 300 60 -1 ", "5 1 1 1 1 1 30 30 90 60 91.5 GRAND", "5 1 1 1 1 2 150 33 180 54 90.5 HOTEL",
            "5 1 1 1 1 3 400 33 180 54 95 A", "5 1 1 1 1 4 400 33 180 54 95 --", "5 1 1 1 1 5 400 33 180 54 29.9 noise",
            '5 1 1 1 2 1 0 300 10 20 80 "42', "5 1 2 1 1 1 0 600 10 20 80 Bar",
        ]
        table = "\n".join("\t".join(row.split(" ", 11)) for row in [head] + rows) + "\n"
        self.assertEqual(read.regions(table, 3), [
            {"box": [10.0, 10.0, 40.0, 30.0], "score": 0.915, "text": "GRAND"},
            {"box": [50.0, 11.0, 110.0, 29.0], "score": 0.905, "text": "HOTEL"},
            {"box": [10.0, 10.0, 110.0, 30.0], "score": 0.91, "text": "GRAND HOTEL"},
            {"box": [0.0, 100.0, 3.3, 106.7], "score": 0.8, "text": '"42'},
            {"box": [0.0, 200.0, 3.3, 206.7], "score": 0.8, "text": "Bar"},
        ])
        self.assertEqual(read.regions("", 1), [])

    def test_pictures_are_turned_as_they_say_and_others_are_noted(self):
        import struct

        import pictures

        _, plain = pictures.cv2.imencode(".jpg", pictures.numpy.zeros((20, 40, 3), pictures.numpy.uint8))
        orientation = struct.pack("<2sHIHHHIHHI", b"II", 42, 8, 1, 0x112, 3, 1, 6, 0, 0)
        marker = b"\xff\xe1" + struct.pack(">H", 8 + len(orientation)) + b"Exif\0\0" + orientation
        data = plain.tobytes()
        self.assertEqual(pictures.decoded(data).shape, (20, 40, 3))
        self.assertEqual(pictures.decoded(data[:2] + marker + data[2:]).shape, (40, 20, 3))
        bomb = b"\x89PNG\r\n\x1a\n" + struct.pack(">I4sIIBBBBB", 13, b"IHDR", 30000, 30000, 8, 2, 0, 0, 0)
        for data in (b"", b"pixels", data[:20], bomb):
            with self.assertRaises(posts.Note):
                pictures.decoded(data)

    def test_a_photograph_of_the_examples_is_a_picture(self):
        import pictures

        self.assertEqual(pictures.decoded((PHOTOGRAPHS / "chelsea.png").read_bytes()).shape[2], 3)


if __name__ == "__main__":
    os.chdir(pathlib.Path(__file__).parent)
    unittest.main()
