#!/usr/bin/env python3
"""Puts together the posts with pictures that gate and box head learn from.

    pictured.py TWEETS ANSWERS LOGOS DETECTOR OUTPUT

TWEETS holds train.ndjson, dev.ndjson and images/, and unlabelled.ndjson with unlabelled/; ANSWERS are what a tagger says
of the unlabelled posts (`gmner-stream`); LOGOS holds photographs.ndjson and photographs/, boxes of brands; DETECTOR holds an SSD-MobileNetV2 of COCO's classes (frozen_inference_graph.pb and
its .pbtxt), which OpenCV runs.

OUTPUT gets train.ndjson, dev.ndjson, images/ and objects.ndjson. Unlabelled posts are among the training posts with the
entities that the tagger found, but for those that say what a development post says: some do. They are unsure: nobody looked whether the picture shows them. Of a post with one person,
in a picture with one person, it is taken for granted that the two are the same, if they are anything. Photographs of
brands get a few words around the brand's name; they teach where its mark is, and not whether, as nobody wrote them.
"""
import json
import pathlib
import re
import shutil
import sys

import cv2

PERSON = 1
PHRASES = [
    "{}", "Loving my new {} !", "RT @user: {} just announced something big", "Great day at the {} event #fun",
    "#{} for the win", "Who else is a fan of {} ?", "{} is hiring - apply now", "New from {} today",
    "My {} came today , so happy", "What do you think of {} ?",
]


def lines(path):
    return [json.loads(line) for line in path.read_text().splitlines() if line.strip()]


def wording(post):
    """What a post says, without links, marks and case, and without the end, which a retweet loses."""
    return re.sub(r"[^a-z0-9]", "", re.sub(r"http\S+", "", post["text"].lower()))[:60]


def detect(net, path):
    picture = cv2.imread(str(path))
    if picture is None:
        return None
    net.setInput(cv2.dnn.blobFromImage(picture, size=(300, 300), swapRB=True))
    found = []
    for _, kind, score, *box in net.forward()[0, 0].tolist():
        box = [round(min(1.0, max(0.0, edge)), 4) for edge in box]
        if score > 0.3 and box[0] < box[2] and box[1] < box[3]:
            found.append({"coco": int(kind), "score": round(score, 3), "box": box})
    return found


def unsure(post, answer, objects):
    """The tagger's entities, none of them looked for."""
    triples = [{key: triple[key] for key in ("entity", "type", "start", "end")} for triple in answer.get("triples", [])]
    people = [triple for triple in triples if triple["type"] == "PER"]
    persons = [thing["box"] for thing in objects if thing["coco"] == PERSON and thing["score"] > 0.5]
    for triple in triples:
        triple.update(boxes=[], unsure=True)
    if len(people) == 1 and len(persons) == 1:
        (x1, y1, x2, y2), width, height = persons[0], post["width"], post["height"]
        people[0]["boxes"] = [[x1 * width, y1 * height, x2 * width, y2 * height]]
    return triples


def brands(logos):
    """A post about each photograph, and its file."""
    for number, photograph in enumerate(lines(logos / "photographs.ndjson")):
        things = photograph["objects"]
        name = things[0]["name"]
        before, after = PHRASES[number % len(PHRASES)].split("{}")
        triple = {
            "entity": name, "type": things[0]["type"], "start": len(before), "end": len(before) + len(name),
            "boxes": [thing["box"] for thing in things if thing["name"] == name], "unsure": True,
        }
        image = f"brand-{photograph['image']}"
        yield {
            "id": image, "text": before + name + after, "image": image, "width": photograph["width"],
            "height": photograph["height"], "triples": [triple],
        }, logos / "photographs" / photograph["image"]


def main(tweets, answers, logos, detector, output):
    tweets, output, detector = pathlib.Path(tweets), pathlib.Path(output), pathlib.Path(detector)
    (output / "images").mkdir(parents=True, exist_ok=True)
    cv2.setNumThreads(2)
    net = cv2.dnn.readNetFromTensorflow(
        str(detector / "frozen_inference_graph.pb"), str(next(detector.glob("ssd_mobilenet_v2*.pbtxt"))))
    posts = {"train": lines(tweets / "train.ndjson"), "dev": lines(tweets / "dev.ndjson")}
    judged = {wording(post) for post in posts["dev"]}
    more = [post for post in lines(tweets / "unlabelled.ndjson") if wording(post) not in judged]
    objects = {}
    for folder, group in (("images", posts["train"] + posts["dev"]), ("unlabelled", more)):
        for post in group:
            shutil.copyfile(tweets / folder / post["image"], output / "images" / post["image"])
            objects[post["image"]] = detect(net, tweets / folder / post["image"])
    said = {answer["id"]: answer for answer in lines(pathlib.Path(answers))}
    for post in more:
        post["triples"] = unsure(post, said.get(post["id"], {}), objects[post["image"]] or [])
    posts["train"] += [post for post in more if objects[post["image"]] is not None and post["triples"]]
    for post, file in brands(pathlib.Path(logos)):
        shutil.copyfile(file, output / "images" / post["image"])
        posts["train"].append(post)
    for name, part in posts.items():
        (output / f"{name}.ndjson").write_text("".join(json.dumps(post) + "\n" for post in part))
    with open(output / "objects.ndjson", "w") as file:
        for image, found in objects.items():
            if found is not None:
                file.write(json.dumps({"image": image, "objects": found}) + "\n")


if __name__ == "__main__":
    if len(sys.argv) != 6:
        sys.exit(__doc__)
    main(*sys.argv[1:])
