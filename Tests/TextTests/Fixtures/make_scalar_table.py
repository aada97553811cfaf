#!/usr/bin/env python3
"""Writes Sources/Text/ScalarTableData.swift: what BERT's basic tokeniser does with each Unicode scalar.

The behaviour is read off the reference implementation (`pip install tokenizers==0.23.3`) scalar by scalar, because
its Unicode tables are older than the ones Swift's standard library has: a model saw the reference's pieces.

    python3 Tests/TextTests/Fixtures/make_scalar_table.py > Sources/Text/ScalarTableData.swift
"""

from tokenizers.normalizers import BertNormalizer
from tokenizers.pre_tokenizers import BertPreTokenizer

UNCASED = BertNormalizer(clean_text=True, handle_chinese_chars=True, strip_accents=None, lowercase=True)
CASED = BertNormalizer(clean_text=True, handle_chinese_chars=True, strip_accents=None, lowercase=False)
SPLIT = BertPreTokenizer()
SCALARS = [c for c in range(0x110000) if not 0xD800 <= c < 0xE000]
HANGUL = range(0xAC00, 0xD7A4)  # decomposed by arithmetic, not by table


def kind(scalar):
    """What happens to a scalar before any mapping."""
    text = chr(scalar)
    cased = CASED.normalize_str(text)
    if cased == "":
        return "drop"
    if cased == " ":
        return "space"
    if cased == f" {text} ":
        return "ideograph"
    assert cased == text, hex(scalar)
    parts = [part for part, _ in SPLIT.pre_tokenize_str(f"a{text}a")]
    if len(parts) == 3:
        return "punctuation"
    if len(parts) == 2:
        return "space"
    return "mark" if UNCASED.normalize_str(text) == "" else "keep"


def ranges(scalars):
    """Scalars as `gap length` pairs: how far behind the end of the range before, and how many."""
    result, end = [], 0
    for scalar in scalars:
        if result and scalar == end:
            result[-1][1] += 1
        else:
            result.append([scalar - end, 1])
        end = scalar + 1
    return " ".join(f"{gap:x} {length:x}" for gap, length in result)


def runs(mapping):
    """One-scalar mappings as `gap count stride shift`: a run of scalars, `stride` apart, moved by the same shift."""
    result, items, index, end = [], sorted(mapping.items()), 0, 0
    while index < len(items):
        first, target = items[index]
        best = (1, 1)
        for stride in (1, 2):
            count = 1
            while mapping.get(first + count * stride) == target + count * stride:
                count += 1
            best = max(best, (count, -stride), key=lambda pair: pair[0]) if count > best[0] else best
        count, stride = best[0], abs(best[1])
        # A run with gaps may only skip scalars that have no mapping of their own.
        if stride == 2 and any(first + 2 * k + 1 in mapping for k in range(count - 1)):
            count, stride = 1, 1
        shift = target - first
        sign = "-" if shift < 0 else ""
        result.append(f"{first - end:x} {count:x} {stride} {sign}{abs(shift):x}")
        end = first + (count - 1) * stride + 1
        index += count
    return " ".join(result)


def literal(name, doc, text):
    lines, line = [], ""
    for word in text.split():
        if len(line) + len(word) + 1 > 108:
            lines.append(line)
            line = ""
        line += word + " "
    lines.append(line.rstrip())
    body = "\n".join(f"        {each}\\" if each is not lines[-1] else f"        {each}" for each in lines)
    return f'    /// {doc}\n    static let {name} = """\n{body}\n        """\n'


def main():
    kinds = {}
    for scalar in SCALARS:
        kinds.setdefault(kind(scalar), []).append(scalar)
    single, several = {}, []
    for scalar in SCALARS:
        if scalar in HANGUL:
            continue
        result = UNCASED.normalize_str(chr(scalar)).strip()
        if result in ("", chr(scalar)):
            continue
        if len(result) == 1:
            single[scalar] = ord(result)
        else:
            several.append(" ".join([f"{scalar:x}", f"{len(result)}"] + [f"{ord(each):x}" for each in result]))
    print("// Made by Tests/TextTests/Fixtures/make_scalar_table.py; numbers are hexadecimal.\n")
    print("/// What BERT's basic tokeniser does with each Unicode scalar, packed; ``ScalarTable`` unpacks it.")
    print("enum ScalarTableData {")
    pairs = "`gap length` pairs, a gap from the end of the last range."
    print("\n".join([
        literal("dropped", f"Removed: control, format and private-use scalars. {pairs}", ranges(kinds["drop"])),
        literal("spaces", f"White space. {pairs}", ranges(kinds["space"])),
        literal("ideographs", f"Han ideographs, a word each. {pairs}", ranges(kinds["ideograph"])),
        literal("punctuation", f"Punctuation, a word each. {pairs}", ranges(kinds["punctuation"])),
        literal("marks", f"Removed where accents are stripped. {pairs}", ranges(kinds["mark"])),
        literal("mapped", "Lower-cased, accents stripped, to one scalar: `gap count stride shift` a run.", runs(single)),
        literal("expanded", "The same, to several scalars: `scalar count results…`.", " ".join(several)).rstrip("\n"),
    ]))
    print("}")


main()
