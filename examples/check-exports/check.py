#!/usr/bin/env python3
"""Checks exports with pycocotools, seqeval, and by following offsets and boxes back. See run.sh."""

import json
import pathlib
import random
import subprocess
import sys
import xml.etree.ElementTree


def read_gold(folder):
    """Posts by id: words, and entities as (first word, end word, type, boxes), straight from the files."""
    posts = {}
    for block in (folder / "txt/data.txt").read_text(encoding="utf-8").strip().split("\n\n"):
        head, *lines = block.split("\n")
        words = [line.split("\t")[0] for line in lines]
        entities = []
        for index, line in enumerate(lines):
            tag = line.split("\t")[1]
            if tag.startswith("B-"):
                entities.append([index, index + 1, tag[2:], []])
            elif tag.startswith("I-"):
                entities[-1][1] = index + 1
        path = folder / "xml" / (head[6:] + ".xml")
        size = None
        if path.exists():
            root = xml.etree.ElementTree.parse(path).getroot()
            size = [int(root.find("size/" + side).text) for side in ("width", "height")]
            for thing in root.iter("object"):
                box = [int(thing.find("bndbox/" + edge).text) for edge in ("xmin", "ymin", "xmax", "ymax")]
                for entity in entities:
                    if " ".join(words[entity[0]:entity[1]]) == thing.find("name").text:
                        entity[3].append(box)
        posts[head[6:]] = {"words": words, "entities": entities, "size": size}
    return posts


def spans(post):
    """(start, end, type, name) of each entity in the words joined by one space, in code points."""
    for first, end, kind, _ in post["entities"]:
        start = len(" ".join(post["words"][:first])) + (1 if first else 0)
        name = " ".join(post["words"][first:end])
        yield start, start + len(name), kind, name


def boxes(post):
    return sorted((kind, tuple(box)) for _, _, kind, found in post["entities"] for box in found)


def check_coco(posts, work):
    from pycocotools.coco import COCO
    from pycocotools.cocoeval import COCOeval

    coco = COCO(str(work / "coco.out"))
    kinds = {each["id"]: each["name"] for each in coco.loadCats(coco.getCatIds())}
    for image in coco.loadImgs(coco.getImgIds()):
        found = []
        for each in coco.loadAnns(coco.getAnnIds(imgIds=[image["id"]])):
            x, y, width, height = each["bbox"]
            assert each["area"] == width * height == coco.annToMask(each).sum()
            found.append((kinds[each["category_id"]], (x, y, x + width, y + height)))
        assert sorted(found) == boxes(posts[image["post_id"]]), image
    evaluation = COCOeval(coco, coco.loadRes(str(work / "coco-results.out")), "bbox")
    evaluation.evaluate()
    evaluation.accumulate()
    evaluation.summarize()
    assert evaluation.stats[0] == 1.0


def check_masks(work):
    """annToMask gives the pixels of a mask, and of a box without one."""
    from pycocotools.coco import COCO

    coco = COCO(str(work / "masks.coco"))
    masks = [coco.annToMask(each) for each in coco.loadAnns(coco.getAnnIds())]
    assert [mask.tolist() for mask in masks] == [[[0, 1, 0], [0, 1, 1]], [[1, 1, 0], [0, 0, 0]]]


def check_voc(posts, work):
    for name, post in posts.items():
        path = work / "voc" / (name + ".xml")
        assert path.exists() == bool(boxes(post))
        if not path.exists():
            continue
        found = []
        for thing in xml.etree.ElementTree.parse(path).getroot().iter("object"):
            x1, y1, x2, y2 = (int(thing.find("bndbox/" + edge).text) for edge in ("xmin", "ymin", "xmax", "ymax"))
            found.append((thing.find("name").text, (x1 - 1, y1 - 1, x2, y2)))
        assert sorted(found) == boxes(post)


def check_brat(posts, work):
    kinds = (work / "brat/annotation.conf").read_text().split("[relations]")[0].split()[1:]
    for name, post in posts.items():
        text = (work / "brat" / (name + ".txt")).read_text(encoding="utf-8")
        found = []
        for line in (work / "brat" / (name + ".ann")).read_text(encoding="utf-8").splitlines():
            if line.startswith("T"):
                _, place, surface = line.split("\t")
                kind, start, end = place.split(" ")
                assert text[int(start):int(end)] == surface and kind in kinds
                found.append((int(start), int(end), kind, surface))
        assert found == list(spans(post))


def check_displacy(posts, work):
    documents = json.loads((work / "displacy.out").read_text(encoding="utf-8"))
    for document, (name, post) in zip(documents, posts.items(), strict=True):
        assert document["title"] == name and document["text"] == " ".join(post["words"])
        found = [(each["start"], each["end"], each["label"], document["text"][each["start"]:each["end"]])
                 for each in document["ents"]]
        assert found == list(spans(post))


def check_label_studio(posts, work):
    tasks = json.loads((work / "label-studio.out").read_text(encoding="utf-8"))
    for task, post in zip(tasks, posts.values(), strict=True):
        found, seen, ids, relations = [], [], set(), []
        for each in task["predictions"][0]["result"]:
            value = each.get("value")
            if each["type"] == "labels":
                assert each["to_name"] == "text"
                text = task["data"]["text"][value["start"]:value["end"]]
                assert text == value["text"]
                found.append((value["start"], value["end"], value["labels"][0], text))
                ids.add(each["id"])
            elif each["type"] == "rectanglelabels":
                width, height = each["original_width"], each["original_height"]
                assert [width, height] == post["size"]
                x, y = value["x"] / 100 * width, value["y"] / 100 * height
                edges = (x, y, x + value["width"] / 100 * width, y + value["height"] / 100 * height)
                seen.append((value["rectanglelabels"][0], tuple(round(edge) for edge in edges)))
                ids.add(each["id"])
            else:
                relations += [each["from_id"], each["to_id"]]
        assert found == list(spans(post)) and sorted(seen) == boxes(post) and set(relations) <= ids

    from label_studio_sdk.label_interface import LabelInterface

    project = LabelInterface((work / "label-studio.xml").read_text(encoding="utf-8"))
    project.validate()
    for task in tasks:
        assert project.validate_task({"data": task["data"]})
        assert [project.validate_prediction(each, return_errors=True) for each in task["predictions"]] == [[]]


def check_yolo(posts, work):
    import yaml

    kinds = (work / "yolo/classes.txt").read_text().split()
    assert yaml.safe_load((work / "yolo/data.yaml").read_text())["names"] == dict(enumerate(kinds))
    for name, post in posts.items():
        found = []
        for line in (work / "yolo/labels" / (name + ".txt")).read_text().splitlines():
            kind, x, y, width, height = line.split()
            x, y, width, height = (float(each) for each in (x, y, width, height))
            edges = [x - width / 2, y - height / 2, x + width / 2, y + height / 2]
            found.append((kinds[int(kind)], tuple(round(edge * side) for edge, side in zip(edges, post["size"] * 2))))
        assert sorted(found) == boxes(post)


def check_ccks(posts, work):
    pictures = json.loads((work / "ccks.out").read_text(encoding="utf-8"))
    assert list(pictures) == list(posts)
    for entities, post in zip(pictures.values(), posts.values()):
        assert [(each["name"], each["label"]) for each in entities] == [(each[3], each[2]) for each in spans(post)]
        for each, (_, _, _, found) in zip(entities, post["entities"]):
            assert (each["bnd"] is None) == (not found)
            assert not found or [each["bnd"][edge] for edge in ("xmin", "ymin", "xmax", "ymax")] == found[0]


def check_seqeval(gold, gmner, work):
    """Noisy copies of the gold tags, orphan I- among them: seqeval and `gmner eval` give the same numbers."""
    from seqeval.metrics import f1_score, precision_score, recall_score

    def tags(path):
        blocks = path.read_text(encoding="utf-8").strip().split("\n\n")
        return [[line.split("\t")[1] for line in block.split("\n")[1:]] for block in blocks]

    draw = random.Random(1)
    known = sorted({tag for post in tags(gold) for tag in post})
    for _ in range(20):
        noisy = []
        for line in gold.read_text(encoding="utf-8").split("\n"):
            if "\t" in line and draw.random() < 0.2:
                line = line.split("\t")[0] + "\t" + draw.choice(known)
            noisy.append(line)
        path = work / "noisy.txt"
        path.write_text("\n".join(noisy), encoding="utf-8")
        command = [gmner, "eval", "--json", "--bootstrap", "0", "--gold", gold, "--pred", path, "--pred-format", "gmner"]
        output = subprocess.run(command, check=True, capture_output=True).stdout
        mner = json.loads(output)["tasks"]["mner"]
        for name, score in (("precision", precision_score), ("recall", recall_score), ("f1", f1_score)):
            assert abs(mner[name] - score(tags(gold), tags(path))) < 2e-6, (name, mner)


def main():
    what, *rest = sys.argv[1:]
    if what == "perfect":
        scores = json.loads(pathlib.Path(rest[0]).read_text())
        assert all(task["f1"] == 1 for task in scores["tasks"].values()) and "gmner" in scores["tasks"]
    elif what == "seqeval":
        check_seqeval(pathlib.Path(rest[0]), rest[1], pathlib.Path(rest[2]))
    else:
        posts, work = read_gold(pathlib.Path(rest[0])), pathlib.Path(rest[1])
        for check in (check_coco, check_voc, check_brat, check_displacy, check_label_studio, check_yolo, check_ccks):
            check(posts, work)
        check_masks(work)


main()
