"""Reads gold posts, for oracle.py: Twitter-GMNER's CoNLL with its boxes, or posts with triples, a JSON object a line."""

import os
import xml.etree.ElementTree
from typing import NamedTuple

from delegate import given, number


class Entity(NamedTuple):
    """An entity: its place in Unicode scalars, its types from coarse to fine, its boxes (None: nobody looked)."""

    start: int
    end: int
    types: tuple
    boxes: list | None
    unsure: bool = False


class Post(NamedTuple):
    """A post; `size` is that of the picture in which its boxes count, or None."""

    name: str | None
    text: str
    entities: list
    size: tuple | None


def overlap(one, other):
    """How many scalars two ranges share; below 0 where they do not even touch."""
    return min(one[1], other[1]) - max(one[0], other[0])


class Gold:
    """Posts by text, and by id."""

    def __init__(self):
        self.by_text = {}
        self.by_name = {}

    def add(self, post):
        self.by_text.setdefault(post.text, []).append(post)
        if post.name is not None:
            self.by_name.setdefault(post.name, post)

    def post(self, request):
        """The post that a request is about: with its text, and of several such with its id; or else with its id."""
        name, text = request.get("post"), request.get("text")
        name = str(name) if type(name) in (str, int) else None
        same = self.by_text.get(text, []) if isinstance(text, str) else []
        return next((post for post in same if post.name == name), same[0] if same else self.by_name.get(name))


def entity_at(post, text, entity):
    """The entity of `post` that one of a request overlaps best; where the texts differ, that of the same words."""
    if text is None or text == post.text:
        place = (entity["start"], entity["end"])
        best = max(post.entities, key=lambda each: overlap(each[:2], place), default=None)
        return best if best and overlap(best[:2], place) > 0 else None
    words = str(entity.get("text", "")).casefold()
    return next((each for each in post.entities if post.text[each.start:each.end].casefold() == words), None)


def spans(tags):
    """The ranges of words that BIO tags mark. An I- that goes on with nothing begins an entity."""
    found, start = [], None
    for at, tag in enumerate(tags + ["O"]):
        goes_on = start is not None and tag[:2] == "I-" and tag[2:] == tags[start][2:]
        if start is not None and not goes_on:
            found.append((start, at))
            start = None
        if tag != "O" and not goes_on:
            start = at
    return found


def drawn(folder, name):
    """The boxes in a post's VOC file by what is drawn, and the picture's size. No file: nothing can be seen."""
    try:
        root = xml.etree.ElementTree.parse(os.path.join(folder, f"{name}.xml")).getroot()
    except FileNotFoundError:
        return {}, None
    except (OSError, xml.etree.ElementTree.ParseError) as error:
        raise ValueError(f"{name}.xml: {error}") from None
    try:
        boxes = {}
        for item in root.iter("object"):
            edges = [float(item.find("bndbox").findtext(edge)) for edge in ("xmin", "ymin", "xmax", "ymax")]
            boxes.setdefault(item.findtext("name"), []).append(edges)
        return boxes, tuple(int(root.findtext(f"size/{side}")) for side in ("width", "height"))
    except (AttributeError, TypeError, ValueError):
        raise ValueError(f"{name}.xml: no VOC file") from None


def tagged(name, rows, folder):
    """A post of CoNLL: its text is its words with one space between, as the filter gets it from `gmner`."""
    words = [row[0] for row in rows]
    starts = [0]
    for word in words:
        starts.append(starts[-1] + len(word) + 1)
    boxes, size = drawn(folder, name) if folder else (None, None)
    entities = []
    for first, end in spans([row[1] for row in rows]):
        seen = None if boxes is None else boxes.get(" ".join(words[first:end]), [])
        types = tuple(tag[2:] for tag in rows[first][1:])
        entities.append(Entity(starts[first], starts[end] - 1, types, seen))
    return Post(name, " ".join(words), entities, size)


def read_tagged(lines, folder):
    """The posts of a CoNLL file: `IMGID:` and an id, then a word, a tab and its tag a line."""
    name, rows = None, []
    for count, line in enumerate(lines + [""], 1):
        row = line.rstrip("\r").split("\t")
        if not line.strip() or line.startswith("IMGID:") and len(row) == 1:
            if rows:
                yield tagged(name, rows, folder)
            name, rows = line[6:].strip() or None, []
        elif len(row) < 2 or not row[0] or any(tag != "O" and tag[:2] not in ("B-", "I-") for tag in row[1:]):
            raise ValueError(f"line {count}: no word with a tab and a BIO tag")
        else:
            rows.append(row)


def triple(value, text):
    """The entity of a triple."""
    start, end = value.get("start"), value.get("end")
    if type(start) is not int or type(end) is not int or not 0 <= start < end <= len(text):
        raise ValueError("a triple that is not in its text")
    if not isinstance(value.get("type"), str):
        raise ValueError("a triple without a type")
    types = tuple(value[key] for key in ("type", "fine_type") if isinstance(value.get(key), str))
    boxes = value.get("boxes")
    if boxes is None and "box" in value:
        boxes = [value["box"]] if value["box"] is not None else []
    for box in boxes or []:
        if not isinstance(box, list) or len(box) != 4 or any(number(edge) is None for edge in box):
            raise ValueError("a box that is not four numbers")
    return Entity(start, end, types, boxes, value.get("unsure") is True)


def read_objects(lines):
    """The posts of an NDJSON file with `text` and `triples`."""
    for count, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            value = given(line)
            name, text = value.get("id"), value["text"]
            if not isinstance(text, str):
                raise ValueError("a text that is none")
            entities = [triple(each, text) for each in value.get("triples") or []]
        except ValueError as error:
            raise ValueError(f"line {count}: {error}") from None
        except (AttributeError, KeyError, TypeError):
            raise ValueError(f"line {count}: no post with a text and triples") from None
        size = tuple(value.get(side) for side in ("width", "height"))
        known = all(type(side) is int and side > 0 for side in size)
        yield Post(str(name) if type(name) in (str, int) else None, text, entities, size if known else None)


def read(path, folder):
    """The posts of a file; ValueError, with the place, where it is none. `folder` has the boxes of CoNLL, or is None."""
    try:
        with open(path, "rb") as file:
            lines = file.read().decode("utf-8-sig").split("\n")
    except OSError as error:
        raise ValueError(error.strerror) from None
    objects = next((line for line in lines if line.strip()), "").lstrip().startswith("{")
    return list(read_objects(lines) if objects else read_tagged(lines, folder))
