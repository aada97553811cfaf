#!/usr/bin/env python3
"""Entries of a knowledge base from a dump of Wikidata (JSON; as it is, gzip or bzip2) on standard input.

    wikidata.py --sitelinks 3 < latest-all.json.bz2 | gmner knowledge build - --to wikidata.kb
"""

import argparse
import json

import entries

# What is no thing of the world, or no name of one: pages about pages, names as such, articles.
LEFT_OUT = set(
    "Q4167410 Q4167836 Q11266439 Q13406463 Q22808320 Q15184295 Q17442446 Q101352 Q202444 Q12308941 Q11879590 Q3409032"
    " Q13442814 Q14204246 Q21286738".split()
)
# Classes that say the type by themselves; most things have others, and are told by their properties.
CLASSES = {
    "PER": "Q5",
    "LOC": "Q515 Q6256 Q3624078 Q532 Q486972 Q3957 Q35657 Q1093829 Q1549591 Q5107 Q23442 Q8502 Q4022 Q7930989",
    "ORG": "Q4830453 Q783794 Q6881511 Q891723 Q43229 Q476028 Q847017 Q12973014 Q215380 Q3918 Q875538 Q7278 Q623109"
    " Q163740 Q327333 Q11032 Q1616075 Q13393265 Q17156793 Q155076",
    "OTHER": "Q11424 Q5398426 Q7366 Q482994 Q7725634 Q571 Q7889 Q1656682 Q2188189 Q431289 Q7397 Q618779",
}
TYPE_OF_CLASS = {name: kind for kind, names in CLASSES.items() for name in names.split()}
# Born; headquarters, legal form, industry, parent, league; coordinates.
PROPERTIES = (("PER", ["P569"]), ("ORG", ["P159", "P1454", "P452", "P749", "P118"]), ("LOC", ["P625"]))


def claims(item):
    # What is empty is a list in dumps, whatever it would be otherwise.
    return item.get("claims") or {}


def classes(item):
    for claim in claims(item).get("P31", ()):
        value = claim.get("mainsnak", {}).get("datavalue", {}).get("value", {})
        if claim.get("rank") != "deprecated" and isinstance(value, dict) and "id" in value:
            yield value["id"]


def type_of(item):
    """PER, LOC, ORG or OTHER; None for what is left out."""
    found = list(classes(item))
    if LEFT_OUT.intersection(found):
        return None
    kinds = [TYPE_OF_CLASS[name] for name in found if name in TYPE_OF_CLASS]
    said = claims(item)
    kinds += [kind for kind, names in PROPERTIES if any(name in said for name in names)]
    return kinds[0] if kinds else "OTHER"


def convert(lines, language="en", sitelinks=1):
    for line in lines:
        line = line.strip().rstrip(b",")
        if line in (b"", b"[", b"]"):
            continue
        item = json.loads(line)
        links = len(item.get("sitelinks") or ())
        labels, texts, others = (item.get(part) or {} for part in ("labels", "descriptions", "aliases"))
        if item.get("type") != "item" or language not in labels or links < sitelinks:
            continue
        kind = type_of(item)
        if kind is None:
            continue
        name = labels[language]["value"]
        yield {
            "name": name,
            "aliases": entries.different(name, (alias["value"] for alias in others.get(language, ()))),
            "id": item["id"],
            "type": kind,
            "description": texts.get(language, {}).get("value"),
            "weight": links,
        }


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--language", default="en", help="of names and descriptions")
    options.add_argument("--sitelinks", type=int, default=1, help="the fewest pages about an item; default: 1")
    options = options.parse_args()
    entries.run(lambda lines: convert(lines, options.language, options.sitelinks))


if __name__ == "__main__":
    main()
