#!/usr/bin/env python3
"""Entries of a knowledge base from a table of GeoNames (allCountries.txt; as it is, gzip or bzip2) on standard input.

    unzip -p allCountries.zip | geonames.py --population 1000 | gmner knowledge build - --to places.kb
"""

import argparse
import math

import entries

COLUMNS = 19
KINDS = {
    "A": "region", "H": "water", "L": "area", "P": "place", "R": "road", "S": "site", "T": "mountain or island",
    "U": "sea floor", "V": "forest",
}
CODES = {
    "PCLI": "country", "PCLD": "dependent territory", "ADM1": "first-order region", "ADM2": "second-order region",
    "PPLC": "capital", "PPLA": "capital of a region", "PPL": "town", "CONT": "continent", "ISL": "island",
    "MT": "mountain", "STM": "river", "LK": "lake", "AIRP": "airport", "STDM": "stadium", "UNIV": "university",
}


def convert(lines, population=0, classes="APTHL"):
    for line in lines:
        row = line.decode("utf-8").rstrip("\r\n").split("\t")
        if row == [""]:
            continue
        if len(row) != COLUMNS:
            raise ValueError(f"{len(row)} columns, not {COLUMNS}")
        people = int(row[14] or 0)
        # Seas, mountains and countries have nobody, or are known for something else.
        if not row[6] or row[6] not in classes or (row[6] in "AP" and people < population and row[7] != "PCLI"):
            continue
        where = CODES.get(row[7]) or KINDS.get(row[6], "place")
        if row[8] and row[7] != "PCLI":
            where += f" in {row[8]}"
        yield {
            "name": row[1],
            "aliases": entries.different(row[1], [row[2]] + [name for name in row[3].split(",") if "/" not in name]),
            "id": f"geonames:{row[0]}",
            "type": "LOC",
            "description": where + (f", {people} inhabitants" if people else ""),
            # Twenty for each power of ten: next to the number of Wikipedias that write of a place of that size.
            "weight": round(20 * math.log10(1 + people)),
        }


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--population", type=int, default=0, help="the fewest inhabitants of towns and regions")
    options.add_argument("--classes", default="APTHL", help="feature classes to take; default: APTHL")
    options = options.parse_args()
    entries.run(lambda lines: convert(lines, options.population, options.classes))


if __name__ == "__main__":
    main()
