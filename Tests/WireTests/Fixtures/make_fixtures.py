#!/usr/bin/env python3
"""Writes json.tsv and offsets.tsv beside this script, from Python's own json module and codecs.

json.tsv     accept|refuse, the document in hexadecimal; for an accepted string document also its characters
             (UTF-8 in hexadecimal, lone surrogates replaced by U+FFFD).
offsets.tsv  a text (UTF-8 in hexadecimal), and for each of its scalar borders the UTF-16 and the UTF-8 offset.

Run with any Python 3; the output does not depend on its version.
"""
import json
import pathlib
import random

HERE = pathlib.Path(__file__).parent

TRICKY = [
    b'', b' ', b'{}', b'[]', b'""', b'0', b'-0', b'-', b'+1', b'01', b'-01', b'1.', b'.5', b'1.5', b'1e5', b'1E+5',
    b'1e-5', b'1e', b'1e+', b'1.e5', b'0e0', b'00', b'0x10', b'1_000', b'12345678901234567890123', b'1 2', b'--1',
    b'true', b'false', b'null', b'True', b'nul', b'nullx', b'truefalse', b'NaN', b'Infinity', b'-Infinity', b'nan',
    b'[1,]', b'[,1]', b'[1 2]', b'[1,,2]', b'[', b']', b'[1', b'[1,', b'{', b'}', b'{"a"}', b'{"a":}', b'{"a":1,}',
    b'{,"a":1}', b'{"a" 1}', b'{"a":1 "b":2}', b'{a:1}', b"{'a':1}", b'{"a":1}}', b'{"a":1}]', b'[}', b'{]', b'[1}',
    b'{"a":[}', b'{"a":1,"a":2}', b'{"":0}', b'{1:2}', b'{null:1}', b'{"a":1', b'{"a":', b'{"a', b'{"a":1,',
    b'"', b'"a', b'"\\', b'"\\"', b'"\\u', b'"\\u12', b'"\\u12"', b'"\\u12g4"', b'"\\u0041"', b'"\\U0041"', b'"\\x41"',
    b'"\\a"', b'"\\b\\f\\n\\r\\t\\/\\\\\\""', b'"\t"', b'"\n"', b'"\x00"', b'"\x1f"', b'"\x7f"', b'"\\u0000"',
    b'"\\ud83d\\ude00"', b'"\\ud83d"', b'"\\ude00"', b'"\\ude00\\ud83d"', b'"\\ud83d\\ud83d\\ude00"', b'"\\ud83dx"',
    b'"\\ud83d\\n"', b'"\\ud83d\\u0041"', b'"\\uD83D\\uDE00"', b'"\\uffff"', b'"\\ufeff"', b'\xef\xbb\xbf{}',
    b'"\xf0\x9f\x98\x80"', b'"\xc3\xa9"', b'"\xe2\x80\xa8"', b'"\xff"', b'"\xc0\x80"', b'"\xed\xa0\x80"',
    b'"\xf4\x90\x80\x80"', b'"\xc3"', b'"\xe2\x80"', b'\xc2\xa0{}', b'{}\xc2\xa0', b'{}\x00', b'\x00', b'{}\x0c',
    b'{}\x0b', b' \t\r\n{} \t\r\n', b'{"a"\t:\r1}', b'[[[[[[]]]]]]', b'[[[[[]]]]]]', b'{"a":{"b":{"c":[1,{"d":null}]}}}',
    b'// c\n{}', b'{}/**/', b'#', b'{"a":1;"b":2}', b'[1;2]', b'["a","b"', b'"a" "b"', b'{"\\u0061":1}', b'"\\u00e9"',
    b'undefined', b'{"a":undefined}', b'[1e400]', b'[-1e-400]', b'1.0.0', b'1e5.5', b'1-1', b'[-]', b'[- 1]', b'[1.]',
    b'"' + b'x' * 300 + b'"', b'[' * 200 + b']' * 200, b'[' * 200 + b']' * 199,
]

SEEDS = [
    b'{"id":"71044","text":"caf\\u00e9 \\ud83d\\ude00 na\xc3\xafve","image":"a/b.jpg","n":[1,-2.5e3,true,null,{"k":[]}]}',
    b'[{"a":[1,2,[3,{"b":"c"}]]},"\\n\\t\\"",-0.0,1E9,false]',
    b'"\\ud83d\\ude00 \xf0\x9f\x87\xa9\xf0\x9f\x87\xaa e\xcc\x81"',
]
ALPHABET = [bytes([b]) for b in b'{}[]:,"\\/bfnrtue019-+.eE \t\x00\x1f\x80\xc3\xa9\xf0'] + [b'\\u', b'\\ud83d', b'null', b'""']


def mutations(rng, count):
    for _ in range(count):
        document = bytearray(rng.choice(SEEDS))
        for _ in range(rng.choice([0, 1, 1, 1, 2, 3])):
            at = rng.randrange(len(document))
            kind = rng.randrange(4)
            if kind == 0:
                del document[at]
            elif kind == 1:
                document[at:at] = rng.choice(ALPHABET)
            elif kind == 2:
                document[at:at + 1] = rng.choice(ALPHABET)
            else:
                document = document[:at]
                if not document:
                    document = bytearray(b'0')
        yield bytes(document)


def refuse_constant(name):
    raise ValueError(name)


def judge(document):
    try:
        value = json.loads(document.decode('utf-8'), parse_constant=refuse_constant)
    except ValueError:
        return 'refuse', None
    return 'accept', value


def scalars(text):
    """The text with lone surrogates replaced."""
    return ''.join('\ufffd' if 0xD800 <= ord(c) <= 0xDFFF else c for c in text)


def write_json():
    documents = dict.fromkeys(TRICKY + list(mutations(random.Random(7), 700)))
    with open(HERE / 'json.tsv', 'w') as out:
        for document in documents:
            verdict, value = judge(document)
            row = [verdict, document.hex()]
            if isinstance(value, str):
                row.append(scalars(value).encode().hex())
            out.write('\t'.join(row) + '\n')


TEXTS = [
    '', 'plain words', 'café', 'cafe\u0301 combining', '👍🏽 skin tone', '👨‍👩‍👧‍👦 family', '🇩🇪🇫🇷 flags', '#️⃣ keycap',
    'שלום עולם', 'مرحبا بالعالم', 'नमस्ते दुनिया', '日本語のツイート', '𝕸𝖆𝖙𝖍', 'z\u0335\u0321\u0353a\u0347lgo',
    '\u200f\u202eRTL marks\u202c', 'a\u00a0b\u2028c', '\ufffd\uffff', '😀' * 40, 'x' * 30 + '😀é' + 'y' * 30,
]


def write_offsets():
    with open(HERE / 'offsets.tsv', 'w') as out:
        for text in TEXTS:
            prefixes = [text[:i] for i in range(len(text) + 1)]
            utf16 = [len(p.encode('utf-16-le')) // 2 for p in prefixes]
            utf8 = [len(p.encode()) for p in prefixes]
            out.write('\t'.join([text.encode().hex(), ' '.join(map(str, utf16)), ' '.join(map(str, utf8))]) + '\n')


write_json()
write_offsets()
