#!/usr/bin/env python3
"""Tests the converters on samples that are made up."""

import bz2
import gzip
import io
import json
import pathlib
import subprocess
import sys
import unittest

import entries
import geonames
import wikidata

HERE = pathlib.Path(__file__).parent
WIKIDATA = HERE.joinpath("samples", "wikidata.json").read_bytes()
GEONAMES = HERE.joinpath("samples", "geonames.txt").read_bytes()


def run(program, data, *options):
    return subprocess.run([sys.executable, HERE / program, *options], input=data, capture_output=True, check=False)


class Wikidata(unittest.TestCase):
    def convert(self, **options):
        return {entry["id"]: entry for entry in wikidata.convert(io.BytesIO(WIKIDATA), **options)}

    def test_items_become_entries(self):
        found = self.convert()
        self.assertEqual(
            found["Q901"],
            {
                "name": "Ada Example", "aliases": ["A. Example", "Countess Ada"], "id": "Q901", "type": "PER",
                "description": "inventor", "weight": 12,
            },
        )
        self.assertEqual(list(found), ["Q901", "Q902", "Q903", "Q905"])

    def test_types_come_from_classes_and_from_properties(self):
        self.assertEqual([entry["type"] for entry in self.convert().values()], ["PER", "LOC", "ORG", "OTHER"])

    def test_another_language_and_more_pages(self):
        self.assertEqual(list(self.convert(language="de")), ["Q906"])
        self.assertEqual(list(self.convert(sitelinks=5)), ["Q901", "Q905"])
        self.assertIn("Q907", self.convert(sitelinks=0))

    def test_what_is_compressed_is_unpacked(self):
        plain = run("wikidata.py", WIKIDATA)
        self.assertEqual(plain.returncode, 0)
        self.assertEqual(len(plain.stdout.splitlines()), 4)
        for pack in (gzip.compress, bz2.compress):
            self.assertEqual(run("wikidata.py", pack(WIKIDATA)).stdout, plain.stdout)

    def test_a_dump_that_is_cut_off_is_an_error(self):
        for data in (WIKIDATA[:500], gzip.compress(WIKIDATA)[:-20], bz2.compress(WIKIDATA)[:-20]):
            cut = run("wikidata.py", data)
            self.assertEqual(cut.returncode, 1)
            self.assertIn(b"line ", cut.stderr)
            self.assertNotIn(b"Traceback", cut.stderr)


class GeoNames(unittest.TestCase):
    def convert(self, **options):
        return list(geonames.convert(io.BytesIO(GEONAMES), **options))

    def test_rows_become_entries(self):
        self.assertEqual(
            self.convert()[0],
            {
                "name": "Zürich-Example", "aliases": ["Zurich-Example", "ZRE", "Zuerich", "Цюрих"],
                "id": "geonames:1", "type": "LOC", "description": "capital of a region in XX, 400000 inhabitants",
                "weight": 112,
            },
        )

    def test_small_places_and_sites_are_left_out(self):
        names = [entry["name"] for entry in self.convert(population=100)]
        self.assertEqual(names, ["Zürich-Example", "Nowhereland", "Example Peak"])
        self.assertEqual([entry["name"] for entry in self.convert(classes="S")], ["Example Stadium"])

    def test_a_row_of_another_table_is_an_error(self):
        answer = run("geonames.py", GEONAMES + b"6\tb\n")
        self.assertEqual(answer.returncode, 1)
        self.assertIn(b"line 6: 2 columns, not 19", answer.stderr)


class Lines(unittest.TestCase):
    def test_what_is_empty_is_left_out(self):
        sink = io.BytesIO()
        self.assertEqual(entries.write([{"name": "É", "aliases": [], "type": None, "weight": 0}], sink), 1)
        self.assertEqual(json.loads(sink.getvalue()), {"name": "É", "weight": 0})
        self.assertIn("É".encode(), sink.getvalue())


if __name__ == "__main__":
    unittest.main()
