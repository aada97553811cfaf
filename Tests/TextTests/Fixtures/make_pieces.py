#!/usr/bin/env python3
"""Writes vocab.txt and pieces.json: texts and the pieces that the reference tokeniser makes of them.

    pip install tokenizers==0.23.3
    python3 Tests/TextTests/Fixtures/make_pieces.py

The vocabulary is made here: special pieces, letters, and the frequent pairs and words of the sentences below, so that
words of one piece, of several and of none all occur. Sentences are our own; the rest is random Unicode, seeded.
"""

import json
import pathlib
import random

from tokenizers import Tokenizer
from tokenizers.models import WordPiece
from tokenizers.normalizers import BertNormalizer
from tokenizers.pre_tokenizers import BertPreTokenizer

HERE = pathlib.Path(__file__).parent
SENTENCES = """
The mayor of Zürich opened Café Möbius on Sunday, didn't she?
RT @harbour_news: ferry from Oban to Craignure is late AGAIN!!! http://example.org/a_(b)?c=d#e
We're at Lake-Side Park; it's £12.50 (children: free) & dogs are welcome :-)
U.S. and U.K. teams meet at 7:30 p.m. in St. Gallen, says coach O'Neill.
naïve façade coöperate Ångström İstanbul STRASSE Straße ΣΊΣΥΦΟΣ ﬁne ǅungla
東京タワー visits 北京 and 서울특별시, then Москва: Привет, мир!
مرحبا بالعالم שלום עולם สวัสดีชาวโลก नमस्ते दुनिया
emoji 👨‍👩‍👧‍👦 🇺🇸 👍🏽 1️⃣ ❤️ and a \u200b zero-width \ufeff mark, a tab\tand\u00a0no-break
a\u0301 e\u0323\u0302 \u1e69 \u0344 \u037e \u1fef \u2260 \u226e \ufa1f \U0002f800 \U0001d15e \ufffd \x00 \x07
[CLS] is text here, and so are [MASK] and </s>; ##ing and # # too
""".strip().split("\n")
BLOCKS = [(0x20, 0x7F), (0x80, 0x250), (0x250, 0x590), (0x590, 0x900), (0x900, 0x1100), (0x1100, 0x1200),
          (0x1E00, 0x2000), (0x2000, 0x2C00), (0x3000, 0x3100), (0x4E00, 0xA000), (0xAC00, 0xD7A4),
          (0xF900, 0xFB00), (0xFB00, 0x10000), (0x1D000, 0x1D800), (0x1F000, 0x1FB00), (0x20000, 0x2FFFF)]


def random_texts():
    draw = random.Random(20)
    for _ in range(600):
        text = ""
        for _ in range(draw.randint(1, 16)):
            low, high = draw.choice(BLOCKS) if draw.random() < 0.5 else (0x61, 0x7B)
            text += chr(draw.randrange(low, high))
        yield text
    for length in (99, 100, 101, 200):
        yield "a" * length
        yield "é" * length
        yield "ab " + "漢" * length


def vocabulary():
    normal = BertNormalizer(clean_text=True, handle_chinese_chars=True, strip_accents=None, lowercase=True)
    words = []
    for sentence in SENTENCES:
        for text in (sentence, normal.normalize_str(sentence)):
            words += [word for word, _ in BertPreTokenizer().pre_tokenize_str(text)]
    pieces = dict.fromkeys(["[PAD]", "[unused0]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"])
    for word in words[::3]:
        pieces[word] = None
    for first in "abcdefghijklmnopqrstuvwxyz0123456789":
        pieces[first] = None
        pieces["##" + first] = None
    for word in words:
        pieces[word[:1]] = None
        for start in range(1, len(word), 2):
            pieces["##" + word[start:start + 2]] = None
    for part in (0x1112, 0x1161, 0x11AB, 0x301, 0x4E00, 0x6771, 0x3042, 0x1D158, 0x1D165):
        pieces[chr(part)] = None
        pieces["##" + chr(part)] = None
    return [piece for piece in pieces if piece]


def main():
    pieces = vocabulary()
    (HERE / "vocab.txt").write_text("".join(piece + "\n" for piece in pieces), encoding="utf-8", newline="\n")
    texts = SENTENCES + list(random_texts())
    result = {"texts": texts}
    for name, lowercase in (("uncased", True), ("cased", False)):
        model = WordPiece({piece: index for index, piece in enumerate(pieces)}, unk_token="[UNK]",
                          max_input_chars_per_word=100)
        tokenizer = Tokenizer(model)
        tokenizer.normalizer = BertNormalizer(clean_text=True, handle_chinese_chars=True, strip_accents=None,
                                              lowercase=lowercase)
        tokenizer.pre_tokenizer = BertPreTokenizer()
        result[name] = [each.ids for each in tokenizer.encode_batch(texts, add_special_tokens=False)]
    (HERE / "pieces.json").write_text(json.dumps(result, separators=(",", ":")).replace("],[", "],\n["))


main()
