"""Makes values of replies of what a chat model writes."""

import json
import re

from delegate import KEEP, Failure, given, number
from prompts import box_of, quoted

MOST_TEXT = 256 << 10
# The most characters of a text, by the kind of request.
LONGEST = {"expand": 200, "caption": 1000, "knowledge": 4000}
MOST_FINDS, LONGEST_FIND = 3, 500
# Of the braces at which an object could begin.
MOST_TRIES = 500
DECODER = json.JSONDecoder()
NOTHING = {"", "null", "none"}
# How far, as a share of the picture, a box may reach beyond its edge: models round.
BEYOND = 0.02


def text_of(body):
    """What the model wrote, of an endpoint's answer."""
    try:
        answer = given(body.decode())
    except ValueError:
        raise Failure("the endpoint's answer is not JSON") from None
    try:
        choice = answer["choices"][0]
        message = choice["message"]
        content = message.get("content")
    except (AttributeError, IndexError, KeyError, TypeError):
        raise Failure("the endpoint's answer has no choices with a message") from None
    if isinstance(content, list):
        content = "".join(
            part["text"] for part in content if isinstance(part, dict) and isinstance(part.get("text"), str))
    if not isinstance(content, str) or not content.strip():
        refusal = message.get("refusal")
        raise Failure(f"the model refused: {refusal}" if isinstance(refusal, str) else "the model wrote nothing")
    if len(content) > MOST_TEXT:
        raise Failure(f"the model wrote more than {MOST_TEXT} characters")
    return content, choice.get("finish_reason") == "length"


def object_in(text, was_cut=False):
    """The last JSON object with a `value` in a text, be it fenced or not."""
    # Before that, some models think aloud.
    text = text.rpartition("</think>")[2]
    found, at = None, text.find("{")
    for _ in range(MOST_TRIES):
        if at < 0:
            break
        try:
            value, end = DECODER.raw_decode(text, at)
        except (ValueError, RecursionError):
            end = at + 1
        else:
            found = value if isinstance(value, dict) and "value" in value else found
        at = text.find("{", end)
    if found is None:
        raise Failure("the model was cut off before its answer" if was_cut else "the model wrote no JSON object with a value")
    return found


def wording(value, most):
    """A text that is not empty, on one line."""
    if not isinstance(value, str) or not value.strip():
        raise Failure("the model's value is no text")
    return " ".join(value.split())[:most]


def finds(value):
    """Texts, the first few; a list of none says that nothing is known."""
    if not isinstance(value, list) or any(not isinstance(each, str) for each in value):
        raise Failure("the model's value is no list of texts")
    return [wording(each, LONGEST_FIND) for each in value if each.strip()][:MOST_FINDS]


def probability(value):
    """A number from 0 to 1."""
    if number(value) is None or not 0 <= value <= 1:
        raise Failure("the model's value is no probability")
    return value


def one_of(value, types):
    """A type as the request has it."""
    named = value.strip() if isinstance(value, str) else None
    for each in types:
        if isinstance(each, str) and named is not None and each.casefold() == named.casefold():
            return each
    raise Failure(f"{quoted(value)[:60]} is none of the types")


def words(value, text):
    """Words as they stand in the text, or an empty text."""
    if value is None:
        return ""
    if not isinstance(value, str) or not isinstance(text, str):
        raise Failure("the model's value is no text")
    if value in text and value.strip():
        return value.strip()
    pattern = r"\s+".join(re.escape(word) for word in value.split())
    if pattern and (match := re.search(pattern, text, re.IGNORECASE)):
        return match[0]
    if value.strip().casefold() in NOTHING:
        return ""
    raise Failure(f"{quoted(value)[:60]} does not stand in the text")


def box(value, size, boxes):
    """A box in pixels of the picture, or None."""
    if value is None or isinstance(value, str) and value.strip().casefold() in NOTHING:
        return None
    edges = box_of(value)
    if edges is None:
        raise Failure("the model's value is no box")
    if size is None:
        raise Failure("the picture has no size")
    if boxes == "thousandths":
        edges = [edge * size[side % 2] / 1000 for side, edge in enumerate(edges)]
    for side, edge in enumerate(edges):
        length = size[side % 2]
        if not -BEYOND * length <= edge <= (1 + BEYOND) * length:
            raise Failure("the model's box reaches out of the picture")
        edges[side] = round(min(max(edge, 0), length), 2)
    if edges[0] >= edges[2] or edges[1] >= edges[3]:
        raise Failure("the model's box is empty")
    return edges


def sample(value, types):
    """A post with entities that stand in it, or None."""
    if not isinstance(value, dict) or not isinstance(value.get("text"), str) or not value["text"].strip():
        return None
    found = []
    for entity in value.get("entities") or []:
        name = entity.get("text") if isinstance(entity, dict) else None
        if not isinstance(name, str) or not name.strip() or name not in value["text"]:
            return None
        found.append({"text": name, "type": one_of(entity.get("type"), types)})
    return {"text": value["text"], "entities": found}


def samples(value, types, count):
    """The posts that are as they should be, at most `count`."""
    found = []
    for each in value if isinstance(value, list) else []:
        try:
            found.append(sample(each, types))
        except (Failure, TypeError):
            continue
    found = [each for each in found if each]
    if not found:
        raise Failure("the model wrote no post with its entities")
    return found[:count] if type(count) is int and count > 0 else found


def reply(request, found, size, boxes):
    """The reply that the object which the model wrote comes to."""
    kind, value = request["kind"], found["value"]
    entity = request.get("entity") if isinstance(request.get("entity"), dict) else {}
    present = {"correct-span": "text", "correct-type": "type", "correct-region": "box"}.get(kind)
    if kind == "correct-span":
        value = words(value, request.get("text"))
    elif kind in ("correct-type", "rerank"):
        value = one_of(value, request.get("types") or [])
    elif kind in ("correct-region", "ground"):
        value = box(value, size, boxes)
    elif kind == "verify":
        value = probability(value)
    elif kind == "search":
        value = finds(value)
    elif kind == "synth":
        value = samples(value, request.get("types") or [], request.get("count"))
    else:
        value = wording(value, LONGEST[kind])
    keeps = present is not None and present in entity and entity[present] == value
    answer = dict(KEEP) if keeps else {"ok": True, "value": value}
    confidence = number(found.get("confidence"))
    if confidence is not None and 0 <= confidence <= 1:
        answer["confidence"] = confidence
    return answer
